import { useEffect, useRef, useState } from "preact/hooks";
import { Banner } from "../../shared/Banner";
import { Button, IconButton } from "../../shared/Button";
import { CloseIcon, OfflineIcon, WarningIcon } from "../../shared/icons";
import { useChat, useChatState } from "./context";

/** A hiccup of the network shorter than this is nobody's business. */
const GRACE_MS = 1_200;

export function StateBanner() {
  const { status, ended } = useChatState();
  return (
    <div class="banners">
      <Offline />
      <Expired />
      <Notice />
      {status.owner === "queue" && !ended && <Line />}
    </div>
  );
}

function Offline() {
  const chat = useChat();
  const { phase, wantsPerson } = useChatState();
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (phase === "online" || phase === "idle" || phase === "expired") return;
    const timer = setTimeout(() => setLate(true), GRACE_MS);
    return () => clearTimeout(timer);
  }, [phase]);
  if (!late || phase === "connecting" || phase === "expired") return null;
  const retry = (
    <Button size="small" onClick={() => chat.reconnect()}>
      Try now
    </Button>
  );
  return (
    <Banner tone="amber" icon={<OfflineIcon />} actions={retry}>
      {wantsPerson
        ? "No connection. We'll ask for a person the moment it's back."
        : "No connection. What you write is kept and sent when it's back."}
    </Banner>
  );
}

/** Somebody else may sit here by now. */
function Expired() {
  const { phase } = useChatState();
  if (phase !== "expired") return null;
  return (
    <Banner tone="amber" icon={<WarningIcon />}>
      Your sign-in on this page has run out, so the chat is hidden. Sign in or load the page again to go on;
      what you write is kept and sent then.
    </Banner>
  );
}

function Notice() {
  const chat = useChat();
  const { notice } = useChatState();
  if (!notice) return null;
  const close = (
    <IconButton label="Dismiss" size="small" onClick={() => chat.clearNotice()}>
      <CloseIcon small />
    </IconButton>
  );
  return (
    <Banner tone="red" icon={<WarningIcon />} actions={close}>
      {notice}
    </Banner>
  );
}

/** While waiting: nobody has to stay. */
function Line() {
  const chat = useChat();
  const { phase, status } = useChatState();
  const { late, contact } = status;
  const [form, setForm] = useState<boolean>();
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => setForm(late), [late]);
  useEffect(() => {
    // Offered unasked, it must not take the focus from what they write.
    if (form) chat.showContactForm(host.current as HTMLElement, !late, () => setForm(false));
  }, [form]);
  return (
    <section class="line" aria-label="In line">
      <p>You keep your place while you do something else.</p>
      <div class="line-actions">
        {!contact &&
          (form ? (
            <div ref={host} />
          ) : (
            <Button size="small" onClick={() => setForm(true)}>
              Leave your address
            </Button>
          ))}
        <Button size="small" kind="quiet" disabled={phase !== "online"} onClick={() => chat.leaveLine()}>
          Leave the line
        </Button>
      </div>
    </section>
  );
}
