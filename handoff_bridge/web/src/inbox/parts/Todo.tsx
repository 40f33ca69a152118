import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Button, IconButton } from "../../shared/Button";
import type { NoteMention, Reminder, Row as SentRow } from "../../shared/contract";
import { useNow } from "../../shared/desk/hooks";
import { AlarmIcon, AtIcon } from "../../shared/desk/icons";
import { customerName } from "../../shared/desk/words";
import { CheckIcon } from "../../shared/icons";
import type { Work } from "../net/work";
import type { Inbox } from "../state/inbox";
import { dueOf, remindersIn } from "../state/todo";
import { whenWords } from "../state/when";
import { RemindDialog } from "./RemindDialog";

const MINUTE_MS = 60_000;

type Props = { inbox: Inbox; work: Work; onOpen: (row: SentRow) => void };

/** Reminders whose time has come, and notes that name the agent: until each is seen to. */
export function Alerts({ inbox, work, onOpen }: Props) {
  const [later, setLater] = useState<Reminder>();
  const due = dueOf(inbox.reminders);
  const { mentions, self } = inbox;
  return (
    <>
      {due.length + mentions.length > 0 && (
        <section class="alerts" aria-label="Reminders and mentions">
          {due.map((one) => (
            <Alert key={one.reminder_id} icon={<AlarmIcon small />} row={one.handoff} onOpen={onOpen}>
              <AlertText
                head={`Reminder: ${customerName(one.handoff?.customer.name)}`}
                by={one.agent.agent_id === self?.agent_id ? undefined : `of ${one.agent.name}, who has left`}
                text={one.text}
              />
              <span class="alert-actions">
                <OpenButton row={one.handoff} onOpen={onOpen} />
                <Button size="small" onClick={() => setLater(one)}>
                  Later…
                </Button>
                <Button size="small" onClick={() => work.finish(one)}>
                  Done
                </Button>
              </span>
            </Alert>
          ))}
          {mentions.map((one) => (
            <Alert
              key={`${one.conversation_id} ${one.seq}`}
              icon={<AtIcon small />}
              row={one.handoff}
              onOpen={onOpen}
            >
              <AlertText head={mentionHead(one)} text={one.text} />
              <span class="alert-actions">
                <OpenButton row={one.handoff} onOpen={onOpen} />
                <Button size="small" onClick={() => work.see(one.conversation_id)}>
                  Seen
                </Button>
              </span>
            </Alert>
          ))}
        </section>
      )}
      {later && (
        <RemindDialog
          work={work}
          conversationId={later.conversation_id}
          name={later.handoff?.customer.name}
          reminder={later}
          onClose={() => setLater(undefined)}
        />
      )}
    </>
  );
}

const mentionHead = ({ by, handoff }: NoteMention) =>
  `${by.name} mentioned you: ${customerName(handoff?.customer.name)}`;

type AlertProps = {
  icon: ComponentChildren;
  row: SentRow | undefined;
  onOpen: (row: SentRow) => void;
  children: ComponentChildren;
};

function Alert({ icon, children }: AlertProps) {
  return (
    <div class="alert">
      {icon}
      {children}
    </div>
  );
}

function AlertText({ head, by, text }: { head: string; by?: string | undefined; text: string }) {
  return (
    <p class="alert-text" dir="auto">
      <strong>{head}</strong> {by && <span class="soft">{by}</span>} {text}
    </p>
  );
}

function OpenButton({ row, onOpen }: Pick<AlertProps, "row" | "onOpen">) {
  if (!row) return null;
  return (
    <Button size="small" kind="primary" onClick={() => onOpen(row)}>
      Open
    </Button>
  );
}

/** All reminders that are to come, for the column of lists. */
export function Reminders({ inbox, work, onOpen }: Props) {
  const now = useNow(MINUTE_MS);
  const { reminders } = inbox;
  if (reminders.length === 0) return null;
  return (
    <section class="list reminders">
      <h2 class="list-title">
        Reminders <span class="count">{reminders.length}</span>
      </h2>
      <ul>
        {reminders.map((one) => (
          <li key={one.reminder_id} class="reminder">
            <button
              type="button"
              class="reminder-open"
              disabled={!one.handoff}
              onClick={() => one.handoff && onOpen(one.handoff)}
            >
              <span class={one.is_due ? "wait-amber" : "soft"}>
                {one.is_due ? "Due since " : ""}
                <time dateTime={one.due_at}>{whenWords(one.due_at, now)}</time>
              </span>
              <span class="row-name">{customerName(one.handoff?.customer.name)}</span>
              {one.text && <span class="row-preview">{one.text}</span>}
            </button>
            <Finish reminder={one} work={work} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Finish({ reminder, work }: { reminder: Reminder; work: Work }) {
  const name = customerName(reminder.handoff?.customer.name);
  return (
    <IconButton label={`Done: reminder of ${name}`} size="small" onClick={() => work.finish(reminder)}>
      <CheckIcon small />
    </IconButton>
  );
}

/** What is to come back of the chat on screen; what has come back stands above all. */
export function ChatReminders({ inbox, work, conversationId, onRemind }: ChatProps) {
  const now = useNow(MINUTE_MS);
  return (
    <>
      <Button class="remind-narrow" kind="quiet" size="small" onClick={onRemind}>
        <AlarmIcon small /> Remind me
      </Button>
      {remindersIn(inbox.reminders, conversationId).map((one) => (
        <p key={one.reminder_id} class="chat-reminder">
          <AlarmIcon small />
          <span>
            Reminder <time dateTime={one.due_at}>{whenWords(one.due_at, now)}</time>
            {one.text && `: ${one.text}`}
          </span>
          <Finish reminder={one} work={work} />
        </p>
      ))}
    </>
  );
}

type ChatProps = Omit<Props, "onOpen"> & { conversationId: string; onRemind: () => void };
