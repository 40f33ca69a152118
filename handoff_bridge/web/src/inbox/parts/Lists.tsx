import { brand } from "../../shared/brand";
import type { Me } from "../../shared/contract";
import { TriggerIcon } from "../../shared/desk/TriggerIcon";
import { cardWords, customerName, languageWord, triggerWord } from "../../shared/desk/words";
import { ClockIcon } from "../../shared/icons";
import { clockTime, elapsed, fullTime } from "../../shared/time";
import type { Row } from "../state/rows";
import { dueLevel, keptFor, waitLevel } from "../state/rows";

type Shared = { selected: string | undefined; now: Date; me: Me; onOpen: (row: Row) => void };
type Props = Shared & {
  queue: Row[];
  mine: Row[];
  arrivals: readonly string[];
  unread: Readonly<Record<string, number>>;
  hasDraft: (conversationId: string) => boolean;
  loading: boolean;
  children?: preact.ComponentChildren;
};

/** The left column: who waits, and whom I talk to. */
export function Lists({ queue, mine, loading, arrivals, unread, hasDraft, children, ...shared }: Props) {
  return (
    <nav class="lists" aria-label="Queue and my chats" aria-busy={loading}>
      <List
        title="Queue"
        count={queue.length}
        empty={loading ? "" : `Nobody is waiting. ${brand.assistant} has the rest.`}
      >
        {loading && <Skeleton />}
        {queue.map((row) => (
          <QueueRow key={row.handoff_id} row={row} isNew={arrivals.includes(row.handoff_id)} {...shared} />
        ))}
      </List>
      <List
        title="Mine"
        count={mine.length}
        empty={loading ? "" : "You have no chats. Claim one from the queue."}
      >
        {mine.map((row) => (
          <MyRow
            key={row.handoff_id}
            row={row}
            unread={unread[row.conversation_id] ?? 0}
            draft={hasDraft(row.conversation_id)}
            {...shared}
          />
        ))}
      </List>
      {children}
    </nav>
  );
}

type ListProps = { title: string; count: number; empty: string; children: preact.ComponentChildren };

function List({ title, count, empty, children }: ListProps) {
  return (
    <section class="list">
      <h2 class="list-title">
        {title} <span class="count">{count}</span>
      </h2>
      {count === 0 && empty ? <p class="list-empty">{empty}</p> : <ul>{children}</ul>}
    </section>
  );
}

function Skeleton() {
  return (
    <li class="skeleton" aria-hidden="true">
      <span />
      <span />
    </li>
  );
}

function QueueRow({ row, isNew, selected, now, me, onOpen }: Shared & { row: Row; isNew: boolean }) {
  const { name, tier, language } = row.customer;
  const about = cardWords(row);
  const kept = keptFor(row, me, now);
  return (
    <li class="slides-in">
      <RowButton row={row} selected={selected} onOpen={onOpen} urgent={row.priority > 0}>
        <span class="row-icon">
          <TriggerIcon trigger={row.trigger} />
        </span>
        <span class="row-text">
          <span class="row-line">
            <span class="row-name">{customerName(name)}</span>
            {tier && <Tier tier={tier} />}
            {isNew && <span class="new">New</span>}
            <Wait since={row.queued_at} now={now} />
          </span>
          <span class="row-line">
            <span class="row-reason">
              {row.requeued && `${row.requeued.agent.name} ${CAME_BACK[row.requeued.reason]}. `}
              {triggerWord(row.trigger, row.labels?.[row.trigger])}
            </span>
            {language && <abbr title={languageWord(language)}>{language}</abbr>}
          </span>
          {kept && (
            <span class="row-line row-kept">
              <span class={kept.isMe ? "for-me" : ""}>{kept.isMe ? "For you" : `For ${kept.name}`}</span>
              <span>
                until <time dateTime={kept.until}>{clockTime(kept.until)}</time>
              </span>
            </span>
          )}
          {about && <span class="row-preview">{about}</span>}
          <Due row={row} now={now} />
        </span>
      </RowButton>
    </li>
  );
}

/** Why a chat is in line again. */
const CAME_BACK = {
  agent_gone: "was gone too long",
  agent_disabled: "can’t answer here any more",
  released: "put it back",
  transferred: "passed it on",
};

function MyRow({
  row,
  unread,
  draft,
  selected,
  now,
  onOpen,
}: Shared & { row: Row; unread: number; draft: boolean }) {
  const last = row.last_message;
  return (
    <li>
      <RowButton row={row} selected={selected} onOpen={onOpen}>
        <span class="row-icon">
          <TriggerIcon trigger={row.trigger} />
        </span>
        <span class="row-text">
          <span class="row-line">
            <span class={`row-name ${unread ? "row-unread" : ""}`}>{customerName(row.customer.name)}</span>
            {row.customer.tier && <Tier tier={row.customer.tier} />}
            {unread > 0 && (
              <span class="badge">
                {unread}
                <span class="visually-hidden"> unread</span>
              </span>
            )}
          </span>
          <span class="row-line row-last">
            {row.wrap_up_until && <span class="draft">Wrap-up</span>}
            {draft && <span class="draft">Draft</span>}
            <span class="row-preview">
              {last
                ? `${last.sender === "agent" ? "You: " : ""}${last.text}`
                : triggerWord(row.trigger, row.labels?.[row.trigger])}
            </span>
          </span>
          {!row.answered_at && <Due row={row} now={now} />}
        </span>
      </RowButton>
    </li>
  );
}

/** By when the customer was promised to hear, and how if they did not stay. */
function Due({ row, now }: { row: Row; now: Date }) {
  const { answer_by, contact } = row;
  const level = dueLevel(row, now);
  if (!answer_by && !contact) return null;
  return (
    <span class="row-line row-last">
      {answer_by && (
        <span class={`wait-${level}`}>
          {level === "red" ? "Overdue since " : "Promised by "}
          <time dateTime={answer_by}>{fullTime(answer_by)}</time>
        </span>
      )}
      {contact && <span>{contact.want === "mail" ? "Answer by mail" : "Call back"}</span>}
    </span>
  );
}

type ButtonProps = {
  row: Row;
  selected: string | undefined;
  onOpen: (row: Row) => void;
  urgent?: boolean;
  children: preact.ComponentChildren;
};

function RowButton({ row, selected, onOpen, urgent = false, children }: ButtonProps) {
  return (
    <button
      type="button"
      class={`row ${urgent ? "row-urgent" : ""}`}
      data-handoff={row.handoff_id}
      aria-current={row.handoff_id === selected ? "true" : undefined}
      onClick={() => onOpen(row)}
    >
      {children}
    </button>
  );
}

export function Tier({ tier }: { tier: string }) {
  return <span class={`tier tier-${tier.toLowerCase()}`}>{tier}</span>;
}

/** A running wait. Colour, weight and icon all say when it is too long. */
export function Wait({ since, now }: { since: string; now: Date }) {
  const level = waitLevel(since, now);
  return (
    <span class={`wait wait-${level}`}>
      {level !== "calm" && <ClockIcon small />}
      <span class="visually-hidden">{level === "red" ? "waiting too long: " : "waiting "}</span>
      {elapsed(since, now)}
    </span>
  );
}
