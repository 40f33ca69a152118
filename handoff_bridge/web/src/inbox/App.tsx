import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { Banner } from "../shared/Banner";
import { IconButton } from "../shared/Button";
import { Dialog } from "../shared/desk/Dialog";
import { useMedia, useNow } from "../shared/desk/hooks";
import { isShown } from "../shared/desk/transcript";
import type { Me, Row } from "../shared/desk/types";
import { CloseIcon, WarningIcon } from "../shared/icons";
import { setSingleKeys, singleKeysOn, useKeys } from "./keys";
import type { Desk } from "./net/desk";
import { Chat } from "./parts/Chat";
import { EmptyChat } from "./parts/EmptyChat";
import { EndDialog, type EndKind } from "./parts/EndDialog";
import { KeysDialog } from "./parts/KeysDialog";
import { LinkBanner } from "./parts/LinkBanner";
import { Lists } from "./parts/Lists";
import { Packet } from "./parts/Packet";
import { TopBar } from "./parts/TopBar";
import { withNotice } from "./state/inbox";
import { shownSeq } from "./state/log";
import type { Kind } from "./state/outbox";
import { isMine, mineOf, neighbour, queueOf } from "./state/rows";
import { useStore } from "./state/store";
import { useAddress, useAttention } from "./usePage";

type Props = { desk: Desk; me: Me; onLeave: () => void };
type Open = "keys" | "panel" | EndKind | undefined;

/** The whole page: three columns, fewer when there is no room, and what floats above them. */
export function App({ desk, me, onLeave }: Props) {
  const inbox = useStore(desk.store);
  const now = useNow();
  const wide = useMedia("(min-width: 1101px)");
  const single = useMedia("(max-width: 699px)");
  const [open, setOpen] = useState<Open>();
  const [kind, setKind] = useState<Kind>("reply");
  const [singleKeys, setKeys] = useState(singleKeysOn);
  const box = useRef<HTMLTextAreaElement>(null);
  const head = useRef<HTMLHeadingElement>(null);
  useAttention(desk);
  useAddress(desk, inbox);

  const row = inbox.selected ? inbox.rows[inbox.selected] : undefined;
  const mine = Boolean(row && isMine(row, me.agent_id));
  const queue = queueOf(inbox.rows);
  const mineRows = mineOf(inbox.rows, me.agent_id);
  const packet = row && inbox.packets[row.handoff_id];
  const events = (row && inbox.logs[row.conversation_id]?.events) ?? [];
  const loading = inbox.self === undefined;

  const focusOn = useCallback((element: () => HTMLElement | null | undefined) => {
    requestAnimationFrame(() => element()?.focus());
  }, []);
  const openRow = useCallback(
    (next: Row | undefined) => {
      desk.open(next);
      setKind("reply");
      if (single && next) focusOn(() => head.current);
    },
    [desk, single, focusOn],
  );
  const back = () => {
    const id = inbox.selected;
    openRow(undefined);
    focusOn(() => document.querySelector<HTMLElement>(`[data-handoff="${id}"]`));
  };
  const write = (next: Kind) => {
    setKind(next);
    focusOn(() => box.current);
  };
  const claim = async () => {
    if (!row || row.state !== "queued" || inbox.link.state !== "online") return;
    await desk.claim(row.handoff_id);
    focusOn(() => box.current ?? head.current);
  };
  const step = (by: 1 | -1) => {
    const next = neighbour([...queue, ...mineRows], inbox.selected, by);
    openRow(next);
    if (next) focusOn(() => document.querySelector<HTMLElement>(`[data-handoff="${next.handoff_id}"]`));
  };
  const show = (seq: number) => {
    setOpen(undefined);
    requestAnimationFrame(() => showMessage(shownSeq(events, seq, isShown)));
  };
  const panel = (
    <Packet packet={packet} onShow={show} onRetry={() => row && desk.loadPacket(row.handoff_id)} />
  );

  useKeys(
    useMemo(
      () => ({
        j: () => step(1),
        k: () => step(-1),
        c: claim,
        r: mine ? () => write("reply") : undefined,
        n: mine ? () => write("note") : undefined,
        b: mine ? () => setOpen("return") : undefined,
        e: mine ? () => setOpen("close") : undefined,
        p: row && !wide ? () => setOpen("panel") : undefined,
        "?": () => setOpen("keys"),
        Escape: row ? back : undefined,
      }),
      [inbox, row, mine, wide, single],
    ),
    singleKeys,
  );

  return (
    <div class={`inbox ${row ? "inbox-chat" : "inbox-lists"}`}>
      <a class="skip-link" href="#chat" onClick={(event) => skip(event, head.current)}>
        Skip to the conversation
      </a>
      <TopBar
        me={me}
        self={inbox.self}
        onPresence={(status) => desk.setPresence(status)}
        onKeys={() => setOpen("keys")}
        onLeave={onLeave}
      />
      <div class="inbox-banners">
        <LinkBanner link={inbox.link} waiting={inbox.outbox.length} onRetry={() => desk.reconnectNow()} />
        {inbox.notice && (
          <Banner
            tone="red"
            icon={<WarningIcon small />}
            actions={
              <IconButton
                label="Dismiss"
                size="small"
                onClick={() => desk.store.update(withNotice(undefined))}
              >
                <CloseIcon small />
              </IconButton>
            }
          >
            {inbox.notice.text}
          </Banner>
        )}
      </div>
      {!(single && row) && (
        <Lists
          queue={queue}
          mine={mineRows}
          arrivals={inbox.attention.arrivals}
          unread={inbox.attention.unread}
          hasDraft={(id) => desk.keep.hasDraft(id)}
          loading={loading}
          selected={inbox.selected}
          now={now}
          onOpen={openRow}
        />
      )}
      {row ? (
        <Chat
          row={row}
          inbox={inbox}
          desk={desk}
          me={me}
          kind={kind}
          hasBack={single}
          hasPanelButton={!wide}
          headRef={head}
          boxRef={box}
          onKind={write}
          onBack={back}
          onPanel={() => setOpen("panel")}
          onEnd={setOpen}
          onClaim={claim}
        />
      ) : (
        !single && <EmptyChat waiting={queue.length} loading={loading} />
      )}
      {wide && row && (
        <aside class="panel" aria-label="What Pine knows">
          {panel}
        </aside>
      )}
      {!wide && row && open === "panel" && (
        <Dialog title="What Pine knows" kind="drawer" onClose={() => setOpen(undefined)}>
          {panel}
        </Dialog>
      )}
      {open === "keys" && (
        <KeysDialog
          singleKeys={singleKeys}
          onSingleKeys={(on) => {
            setSingleKeys(on);
            setKeys(on);
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
      {row && (open === "return" || open === "close") && (
        <EndDialog
          kind={open}
          row={row}
          me={me}
          packet={typeof packet === "object" ? packet : undefined}
          events={events}
          onEnd={(event, payload) => desk.end(event, payload)}
          onRefresh={() => desk.catchUp(row.conversation_id)}
          onDone={() => {
            setOpen(undefined);
            focusOn(() => head.current);
          }}
          onCancel={() => setOpen(undefined)}
        />
      )}
      <Spoken desk={desk} />
    </div>
  );
}

/** Says new handoffs and messages to screen readers, without pulling focus. */
function Spoken({ desk }: { desk: Desk }) {
  const text = useStore(desk.spoken);
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}

function skip(event: Event, head: HTMLElement | null): void {
  event.preventDefault();
  head?.focus();
}

function showMessage(seq: number | undefined): void {
  const element = seq === undefined ? null : document.getElementById(`event-${seq}`);
  if (!element) return;
  element.scrollIntoView({ block: "center" });
  element.focus({ preventScroll: true });
  element.classList.remove("found");
  // A forced layout, so that the mark starts anew if the same fact is followed twice.
  void element.offsetWidth;
  element.classList.add("found");
}
