import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { Message } from "../../shared/contract";
import { SentFile, Transcript } from "../../shared/desk/Transcript";
import { ClockIcon, MinimiseIcon, WarningIcon } from "../../shared/icons";
import { RichText } from "../../shared/RichText";
import type { Log } from "../state/log";
import type { Entry } from "../state/outbox";

const NEAR_END_PX = 80;

type Props = {
  log: Log;
  myId: string;
  pending: readonly Entry[];
  customer: string;
  customerTypes: boolean;
  offline: boolean;
  /** What became of a message, on a channel of the customer's own. */
  below: ((event: Message) => ComponentChildren) | undefined;
  onRetryLoad: () => void;
  onAgain: (clientId: string) => void;
  onDiscard: (clientId: string) => void;
};

/** The conversation, kept at its end as long as the reader is there. */
export function ChatLog(props: Props) {
  const { log, myId, pending, customer, customerTypes, offline, below, onRetryLoad, onAgain, onDiscard } =
    props;
  const box = useRef<HTMLElement>(null);
  const atEnd = useRef(true);
  const [missed, setMissed] = useState(false);
  const toEnd = useCallback(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
    atEnd.current = true;
    setMissed(false);
  }, []);
  const length = log.events.length + (customerTypes ? 1 : 0);

  // Runs when something was added.
  useLayoutEffect(() => {
    if (atEnd.current) toEnd();
    else setMissed(true);
  }, [length, toEnd]);
  // What the agent writes is always shown to them.
  useLayoutEffect(() => {
    if (pending.length > 0) toEnd();
  }, [pending.length, toEnd]);
  // Photos arrive late and the composer takes room; the end must stay in view.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watcher = new ResizeObserver(() => atEnd.current && toEnd());
    for (const part of [element, ...element.children]) watcher.observe(part);
    return () => watcher.disconnect();
  }, [toEnd]);

  const watchScroll = () => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = box.current ?? {};
    atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (atEnd.current) setMissed(false);
  };
  return (
    <div class="chat-log-frame">
      <section
        class="chat-log"
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={`Conversation with ${customer}`}
        onScroll={watchScroll}
      >
        <LoadState log={log} onRetry={onRetryLoad} />
        <Transcript events={log.events} myId={myId} customer={customer} below={below}>
          {pending.map((entry) => (
            <Pending key={entry.id} entry={entry} offline={offline} onAgain={onAgain} onDiscard={onDiscard} />
          ))}
          {customerTypes && (
            <li class="typing">
              {customer} is typing
              <span class="typing-dots" aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
            </li>
          )}
        </Transcript>
      </section>
      {missed && (
        <Button size="small" class="to-end" onClick={toEnd}>
          New messages <MinimiseIcon small />
        </Button>
      )}
    </div>
  );
}

function LoadState({ log, onRetry }: { log: Log; onRetry: () => void }) {
  if (log.state === "failed") {
    return (
      <div class="chat-state">
        <p>This conversation could not be loaded.</p>
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      </div>
    );
  }
  if (log.state === "loading" && log.events.length === 0) {
    return (
      <div class="chat-skeleton" aria-busy="true">
        <span class="visually-hidden">Loading the conversation</span>
        <i />
        <i />
        <i />
      </div>
    );
  }
  return null;
}

type PendingProps = {
  entry: Entry;
  offline: boolean;
  onAgain: (clientId: string) => void;
  onDiscard: (clientId: string) => void;
};

function Pending({ entry, offline, onAgain, onDiscard }: PendingProps) {
  const failed = entry.state === "failed";
  return (
    <li class={entry.kind === "note" ? "note pending" : "message message-me pending"}>
      <div class={entry.kind === "note" ? "" : "bubble"}>
        {entry.text && (
          <p class="said" dir="auto">
            <RichText text={entry.text} />
          </p>
        )}
        {entry.attachments?.map((file) => (
          <SentFile key={file.attachment_id} file={file} from="you" />
        ))}
      </div>
      <p class={`pending-state ${failed ? "pending-failed" : ""}`} role={failed ? "alert" : undefined}>
        {failed ? <WarningIcon small /> : <ClockIcon small />}
        <span>{stateWords(entry, offline)}</span>
        {failed && (
          <>
            <Button size="small" onClick={() => onAgain(entry.id)}>
              Send again
            </Button>
            <Button size="small" kind="quiet" onClick={() => onDiscard(entry.id)}>
              Discard
            </Button>
          </>
        )}
      </p>
    </li>
  );
}

function stateWords(entry: Entry, offline: boolean): string {
  if (entry.state === "failed") return `Not sent. ${entry.refused ?? ""}`;
  return offline ? "Waits for the connection" : "Sending…";
}
