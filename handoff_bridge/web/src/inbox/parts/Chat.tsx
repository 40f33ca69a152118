import type { Ref, RefObject } from "preact";
import { useCallback, useMemo, useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { LogEntry, Me, Message, Packet } from "../../shared/contract";
import { useNow } from "../../shared/desk/hooks";
import { isSupervisor } from "../../shared/desk/roles";
import { customerName, firstName } from "../../shared/desk/words";
import { drawNow } from "../../shared/drawNow";
import { clockTime } from "../../shared/time";
import { useTask } from "../../shared/useTask";
import type { Desk } from "../net/desk";
import { draftOf } from "../state/drafts";
import type { Inbox } from "../state/inbox";
import { EMPTY_LOG } from "../state/log";
import { type Kind, pendingOf } from "../state/outbox";
import type { Row } from "../state/rows";
import { isMine, isTakeable, isWithBot, isWrappingUp, keptFor } from "../state/rows";
import { mayType, whereNow, whyEnded } from "../state/standing";
import type { EndKind } from "../useEnding";
import type { PassKind } from "../usePassing";
import { channelTitle, Delivered, useIsOpen, WindowLine } from "./Channel";
import { ChatHead } from "./ChatHead";
import { ChatLog } from "./ChatLog";
import { Completions } from "./Completions";
import { Composer } from "./Composer";
import { useFileDrafts } from "./ComposerFiles";
import { TemplatesDialog } from "./TemplatesDialog";
import { ChatReminders } from "./Todo";
import { Unsent } from "./Unsent";
import { WaysDialog } from "./WaysDialog";
import { Whisper, WhisperForm, whisperFor } from "./Whispers";
import { WrapUp } from "./WrapUp";

type Props = {
  row: Row;
  inbox: Inbox;
  desk: Desk;
  me: Me;
  hasBack: boolean;
  hasPanelButton: boolean;
  headRef: Ref<HTMLHeadingElement>;
  boxRef: RefObject<HTMLTextAreaElement | null>;
  onKind: (kind: Kind) => void;
  onBack: () => void;
  onPanel: () => void;
  onEnd: (kind: EndKind | PassKind | "remind") => void;
  onClaim: () => Promise<void>;
  onTakeOver: () => Promise<void>;
};

/** The middle column: one conversation, and what the agent can do with it now. */
export function Chat(props: Props) {
  const { row, inbox, desk, me, boxRef, onKind, onClaim, onTakeOver } = props;
  const { conversation_id: id, customer } = row;
  const packet = inbox.packets[row.handoff_id];
  const mine = isMine(row, me.agent_id);
  const offline = inbox.link.state !== "online";
  const events = inbox.logs[id]?.events ?? [];
  const whisper = mine ? whisperFor(events, me.agent_id) : undefined;
  const ended = mine ? whyEnded(row, events) : undefined;
  const isOpen = useIsOpen(row);
  // What stops a reply says so above the text box, which is left to notes.
  const kind = ended || !isOpen ? "note" : inbox.kind;
  const [floating, setFloating] = useState<Floating>();
  const below = useDelivered(props, mine, isOpen, setFloating);
  const name = firstName(customerName(customer.name));
  const files = useFileDrafts(desk.files, id);
  const unsent = (kind: Kind, what: string) => (
    <Unsent what={what} text={draftOf(inbox.drafts, id, kind)} onDiscard={() => desk.draft(id, kind, "")} />
  );
  return (
    <main class="chat">
      <ChatHead
        {...props}
        mine={mine}
        packet={typeof packet === "object" ? packet : (undefined as Packet | undefined)}
      />
      <ChatLog
        key={id}
        log={inbox.logs[id] ?? EMPTY_LOG}
        myId={me.agent_id}
        pending={pendingOf(inbox.outbox, id)}
        customer={customerName(customer.name)}
        customerTypes={(inbox.typing[id] ?? false) && mayType(row, events)}
        offline={offline}
        below={below}
        onRetryLoad={() => desk.catchUp(id)}
        onAgain={(clientId) => desk.sender.again(clientId)}
        onDiscard={(clientId) => desk.sender.discard(clientId)}
      />
      {whisper && <Whisper note={whisper} />}
      <ChatReminders
        inbox={inbox}
        work={desk.work}
        conversationId={id}
        onRemind={() => props.onEnd("remind")}
      />
      {(ended || !isOpen || !mine) && unsent("reply", "reply")}
      {!mine && unsent("note", "note")}
      {mine ? (
        <div class="composer-place">
          {row.reach && (
            <WindowLine
              row={row}
              customer={name}
              onTemplates={() => setFloating("templates")}
              onWays={() => setFloating({})}
            />
          )}
          <Completions
            box={boxRef}
            kind={kind}
            text={draftOf(inbox.drafts, id, kind)}
            row={row}
            packet={typeof packet === "object" ? packet : undefined}
            me={me}
            agents={inbox.agents}
            work={desk.work}
          />
          <Composer
            key={id}
            ended={ended}
            notesOnly={!isOpen}
            files={files}
            customer={name}
            kind={kind}
            text={draftOf(inbox.drafts, id, kind)}
            offline={offline}
            boxRef={boxRef}
            onKind={onKind}
            onText={(kind, text) => drawNow(() => desk.draft(id, kind, text))}
            onSend={(kind) => drawNow(() => desk.sendDraft(id, kind))}
            onTyping={(active) => (row.reach?.has_typing ?? true) && desk.typing(id, active)}
          />
        </div>
      ) : isWrappingUp(row, me.agent_id) ? (
        <WrapUp key={row.handoff_id} row={row} drafts={inbox.drafts} desk={desk} offline={offline} />
      ) : (
        <NotMine
          row={row}
          events={events}
          me={me}
          offline={offline}
          whisper={draftOf(inbox.drafts, id, "whisper")}
          complain={(sentence) => desk.complain(sentence)}
          onClaim={onClaim}
          onTakeOver={onTakeOver}
          onDraft={(text) => desk.draft(id, "whisper", text)}
          onWhisper={(text) => desk.whisper(id, text)}
        />
      )}
      {floating === "templates" && (
        <TemplatesDialog
          channel={desk.channel}
          conversationId={id}
          title={channelTitle(row)}
          customer={name}
          onClose={() => setFloating(undefined)}
        />
      )}
      {typeof floating === "object" && (
        <WaysDialog
          channel={desk.channel}
          conversationId={id}
          customer={name}
          seq={floating.seq}
          onRemind={() => {
            setFloating(undefined);
            props.onEnd("remind");
          }}
          onClose={() => setFloating(undefined)}
        />
      )}
    </main>
  );
}

/** The approved texts, or other ways to reach the customer, of a message that did not get there. */
type Floating = "templates" | { seq?: number } | undefined;

/** What stands below our messages where the customer has a channel of their own. */
function useDelivered(
  { row, inbox, desk }: Props,
  mine: boolean,
  isOpen: boolean,
  onFloat: (floating: Floating) => void,
) {
  const { conversation_id: id } = row;
  const deliveries = inbox.deliveries[id];
  const title = channelTitle(row);
  const events = inbox.logs[id]?.events;
  const newest = useMemo(() => events?.findLast(isFromAgent)?.seq, [events]);
  const again = useCallback(
    async (seq: number) => {
      const ack = await desk.channel.retry(id, seq);
      if (!ack.ok) desk.complain(ack.message);
    },
    [desk, id],
  );
  const below = useCallback(
    (event: Message) => {
      const delivery = deliveries?.[event.seq];
      // Of the assistant's messages only what went wrong is of interest.
      if (!delivery || (delivery.state !== "failed" && !isFromAgent(event))) return null;
      const isShut = delivery.reason === "window_closed" && !isOpen;
      return (
        <Delivered
          delivery={delivery}
          title={title}
          isNewest={event.seq === newest}
          onAgain={mine && !isShut ? () => again(event.seq) : undefined}
          onWays={mine ? () => onFloat({ seq: event.seq }) : undefined}
        />
      );
    },
    [deliveries, title, newest, mine, isOpen, again, onFloat],
  );
  return row.reach ? below : undefined;
}

const isFromAgent = ({ type, actor }: LogEntry) => type === "message" && actor.type === "agent";

type NotMineProps = {
  row: Row;
  events: readonly LogEntry[];
  me: Me;
  offline: boolean;
  whisper: string;
  complain: (sentence: string) => void;
  onClaim: () => Promise<void>;
  onTakeOver: () => Promise<void>;
  onDraft: (text: string) => void;
  onWhisper: (text: string) => Promise<boolean>;
};

function NotMine(props: NotMineProps) {
  const { row, events, me, offline, whisper, complain, onClaim, onTakeOver, onDraft, onWhisper } = props;
  const { busy, run } = useTask(complain);
  const kept = keptFor(row, me, useNow());
  const isKept = kept !== undefined && !kept.isMe && !isSupervisor(me);
  if (isTakeable(row, me)) {
    return (
      <footer class="chat-foot">
        {!isWithBot(row) && (
          <WhisperForm
            agent={row.agent?.name ?? "the agent"}
            text={whisper}
            offline={offline}
            complain={complain}
            onText={onDraft}
            onWhisper={onWhisper}
          />
        )}
        <p class="soft">{whereNow(row, events)} The customer is told if you take it over.</p>
        <Button
          kind="primary"
          aria-keyshortcuts="o"
          aria-disabled={busy || offline}
          onClick={() => !offline && run(onTakeOver)}
        >
          {busy ? "Taking over…" : "Take over"} <kbd>o</kbd>
        </Button>
      </footer>
    );
  }
  if (row.state !== "queued" && row.state !== "offered") {
    return (
      <footer class="chat-foot">
        <p class="soft">{whereNow(row, events)}</p>
      </footer>
    );
  }
  return (
    <footer class="chat-foot">
      <p class="soft">
        {offline
          ? "You can claim once you are back online."
          : kept && !kept.isMe
            ? `Kept for ${kept.name} until ${clockTime(kept.until)}.`
            : "A preview. The customer does not see that you read it."}
      </p>
      <Button
        kind="primary"
        aria-keyshortcuts="c"
        aria-disabled={busy || offline || isKept}
        onClick={() => !offline && !isKept && run(onClaim)}
      >
        {busy ? "Claiming…" : "Claim"} <kbd>c</kbd>
      </Button>
    </footer>
  );
}
