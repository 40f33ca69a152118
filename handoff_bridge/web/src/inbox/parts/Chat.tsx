import type { Ref, RefObject } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import { brand } from "../../shared/brand";
import type { Me, Packet } from "../../shared/contract";
import { useNow } from "../../shared/desk/hooks";
import { isSupervisor } from "../../shared/desk/roles";
import { customerName, dispositionWord, firstName } from "../../shared/desk/words";
import { drawNow } from "../../shared/drawNow";
import { clockTime } from "../../shared/time";
import type { Desk } from "../net/desk";
import { draftOf } from "../state/drafts";
import type { Inbox } from "../state/inbox";
import { EMPTY_LOG } from "../state/log";
import { type Kind, pendingOf } from "../state/outbox";
import type { Row } from "../state/rows";
import { GONE, isMine, isTakeable, isWrappingUp, keptFor } from "../state/rows";
import type { EndKind } from "../useEnding";
import type { PassKind } from "../usePassing";
import { ChatHead } from "./ChatHead";
import { ChatLog } from "./ChatLog";
import { Completions } from "./Completions";
import { Composer } from "./Composer";
import { ChatReminders } from "./Todo";
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
  const whisper = mine ? whisperFor(inbox.logs[id]?.events ?? [], me.agent_id) : undefined;
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
        customerTypes={inbox.typing[id] ?? false}
        offline={offline}
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
      {mine ? (
        <div class="composer-place">
          <Completions
            box={boxRef}
            kind={inbox.kind}
            text={draftOf(inbox.drafts, id, inbox.kind)}
            row={row}
            packet={typeof packet === "object" ? packet : undefined}
            me={me}
            agents={inbox.agents}
            work={desk.work}
          />
          <Composer
            key={id}
            customer={firstName(customerName(customer.name))}
            kind={inbox.kind}
            text={draftOf(inbox.drafts, id, inbox.kind)}
            offline={offline}
            boxRef={boxRef}
            onKind={onKind}
            onText={(kind, text) => drawNow(() => desk.draft(id, kind, text))}
            onSend={(kind) => drawNow(() => desk.sendDraft(id, kind))}
            onTyping={(active) => desk.typing(id, active)}
          />
        </div>
      ) : isWrappingUp(row, me.agent_id) ? (
        <WrapUp key={row.handoff_id} row={row} drafts={inbox.drafts} desk={desk} offline={offline} />
      ) : (
        <NotMine
          row={row}
          me={me}
          offline={offline}
          onClaim={onClaim}
          onTakeOver={onTakeOver}
          onWhisper={(text) => desk.whisper(id, text)}
        />
      )}
    </main>
  );
}

type NotMineProps = {
  row: Row;
  me: Me;
  offline: boolean;
  onClaim: () => Promise<void>;
  onTakeOver: () => Promise<void>;
  onWhisper: (text: string) => Promise<boolean>;
};

function NotMine({ row, me, offline, onClaim, onTakeOver, onWhisper }: NotMineProps) {
  const [busy, setBusy] = useState(false);
  const kept = keptFor(row, me, useNow());
  const isKept = kept !== undefined && !kept.isMe && !isSupervisor(me);
  const act = async (does: () => Promise<void>) => {
    setBusy(true);
    await does();
    setBusy(false);
  };
  if (isTakeable(row, me)) {
    return (
      <footer class="chat-foot">
        <WhisperForm agent={row.agent?.name ?? "the agent"} offline={offline} onWhisper={onWhisper} />
        <p class="soft">{whereNow(row)} The customer is told if you take it over.</p>
        <Button
          kind="primary"
          aria-keyshortcuts="o"
          aria-disabled={busy || offline}
          onClick={() => !offline && act(onTakeOver)}
        >
          {busy ? "Taking over…" : "Take over"} <kbd>o</kbd>
        </Button>
      </footer>
    );
  }
  if (row.state !== "queued" && row.state !== "offered") {
    return (
      <footer class="chat-foot">
        <p class="soft">{whereNow(row)}</p>
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
        onClick={() => !offline && !isKept && act(onClaim)}
      >
        {busy ? "Claiming…" : "Claim"} <kbd>c</kbd>
      </Button>
    </footer>
  );
}

function whereNow(row: Row): string {
  if (row.state === "claimed" || row.state === "wrap_up")
    return `${row.agent?.name ?? "A colleague"} has this chat.`;
  if (row.state === "returned") return `${brand.assistant} has this chat again.`;
  if (row.state === "closed") return "This chat is closed.";
  if (row.state === "abandoned") return "The customer left the line.";
  if (row.state === GONE) return "This chat is no longer in your inbox.";
  return dispositionWord(row.state);
}
