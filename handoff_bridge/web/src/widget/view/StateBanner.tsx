import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Banner } from "../../shared/Banner";
import { Button, IconButton } from "../../shared/Button";
import { CloseIcon, OfflineIcon, WarningIcon } from "../../shared/icons";
import { useChat, useChatState, useSay } from "./context";

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
  const say = useSay();
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (phase !== "offline") return;
    const timer = setTimeout(() => setLate(true), GRACE_MS);
    return () => clearTimeout(timer);
  }, [phase]);
  if (!late || phase !== "offline") return null;
  const retry = (
    <Button size="small" onClick={() => chat.reconnect()}>
      {say("try_now")}
    </Button>
  );
  return (
    <Banner tone="amber" icon={<OfflineIcon />} actions={retry}>
      {say(wantsPerson ? "no_connection_person" : "no_connection")}
    </Banner>
  );
}

/** Somebody else may sit here by now. */
function Expired() {
  const { phase } = useChatState();
  const say = useSay();
  if (phase !== "expired") return null;
  return (
    <Banner tone="amber" icon={<WarningIcon />}>
      {say("identity_expired")}
    </Banner>
  );
}

function Notice() {
  const chat = useChat();
  const { notice } = useChatState();
  const say = useSay();
  if (!notice) return null;
  const close = (
    <IconButton label={say("dismiss")} size="small" onClick={() => chat.clearNotice()}>
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
  const say = useSay();
  const { late, contact } = status;
  const [form, setForm] = useState<boolean>();
  const [leaving, setLeaving] = useState<boolean>();
  const host = useRef<HTMLDivElement>(null);
  const leave = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (leaving === false) leave.current?.focus();
  }, [leaving]);
  useEffect(() => setForm(late), [late]);
  useEffect(() => {
    // Offered unasked, it must not take the focus from what they write.
    if (form) chat.showContactForm(host.current as HTMLElement, !late, () => setForm(false));
  }, [form]);
  if (leaving) return <Leaving onStay={() => setLeaving(false)} />;
  return (
    <section class="line" aria-label={say("in_line_label")}>
      <p>{say("keep_place")}</p>
      <div class="line-actions">
        {!contact &&
          (form ? (
            <div ref={host} />
          ) : (
            <Button size="small" onClick={() => setForm(true)}>
              {say("leave_address")}
            </Button>
          ))}
        <Button
          size="small"
          kind="quiet"
          buttonRef={leave}
          disabled={phase !== "online"}
          onClick={() => setLeaving(true)}
        >
          {say("leave_line")}
        </Button>
      </div>
    </section>
  );
}

/** In place of the line: what is lost cannot be had back. */
function Leaving({ onStay }: { onStay: () => void }) {
  const chat = useChat();
  const { phase } = useChatState();
  const say = useSay();
  const stay = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => stay.current?.focus(), []);
  return (
    <section class="line" role="alertdialog" aria-labelledby="leave-title" aria-describedby="leave-text">
      <h3 id="leave-title">{say("leave_question")}</h3>
      <p id="leave-text">{say("leave_text")}</p>
      <div class="line-actions">
        <Button size="small" buttonRef={stay} onClick={onStay}>
          {say("keep_my_place")}
        </Button>
        <Button size="small" kind="quiet" disabled={phase !== "online"} onClick={() => chat.leaveLine()}>
          {say("leave_line")}
        </Button>
      </div>
    </section>
  );
}
