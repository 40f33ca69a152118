import { brand } from "../../shared/brand";
import type { Colleague } from "../../shared/contract";
import { isSupervisor } from "../../shared/desk/roles";
import { TriggerIcon } from "../../shared/desk/TriggerIcon";
import { triggerWord } from "../../shared/desk/words";
import { ClockIcon } from "../../shared/icons";
import { clockTime, elapsed, nearTime } from "../../shared/time";
import { ClosedList, LiveList, OpenList, SearchResults, Skeleton } from "../finding/FoundLists";
import type { Shared } from "../finding/ListedRow";
import { ListTabs } from "../finding/ListTabs";
import { ofConcern } from "../finding/live";
import { RowFacts, RowLanguage, RowName } from "../finding/RowFacts";
import { SearchField } from "../finding/SearchField";
import { type Finding, LISTS } from "../finding/useFinding";
import type { Row, Rows } from "../state/rows";
import { dueLevel, keptFor, mineOf, openOf, queueOf, teamOf, waitLevel } from "../state/rows";
import { RowButton, Tier } from "./RowButton";

type Props = Shared & {
  rows: Rows;
  agents: readonly Colleague[];
  arrivals: readonly string[];
  hasDraft: (conversationId: string) => boolean;
  loading: boolean;
  finding: Finding;
  onTakeOver: (row: Row) => void;
  /** Where the top bar has no room for it. */
  hasSearch: boolean;
  /** Below my chats. */
  children: preact.ComponentChildren;
};

/** The left column: who waits and whom I talk to, or another list, or what was searched for. */
export function Lists(props: Props) {
  const { rows, agents, me, loading, finding, hasSearch } = props;
  const { list, show, isSearching, live } = finding;
  const team = teamOf(rows, agents, me);
  const open = openOf(rows);
  const title = isSearching ? "Search results" : LISTS.find(({ name }) => name === list)?.title;
  const counts = { team: team.length, all: open.length, live: ofConcern(live.chats).length };
  return (
    <nav class="lists" aria-label={title} aria-busy={loading}>
      {hasSearch && <SearchField finding={finding} />}
      <ListTabs me={me} shown={isSearching ? undefined : list} counts={counts} onShow={show} />
      {list === "desk" && !isSearching ? (
        <DeskLists {...props} />
      ) : (
        <section class="list">
          <h2 class="list-title">{title}</h2>
          <OtherList {...props} team={team} open={open} />
        </section>
      )}
    </nav>
  );
}

function OtherList({ finding, team, open, ...rest }: Props & { team: Row[]; open: Row[] }) {
  const { selected, now, me, onOpen } = rest;
  const shared = { selected, now, me, onOpen };
  if (finding.isSearching) return <SearchResults finding={finding} {...shared} />;
  if (finding.list === "closed") return <ClosedList closed={finding.closed} {...shared} />;
  if (finding.list === "live")
    return <LiveList live={finding.live} onTakeOver={rest.onTakeOver} {...shared} />;
  const isTeam = finding.list === "team";
  const nobody =
    isTeam && !isSupervisor(me) && !me.team ? "You are in no team." : "Nobody is at a chat right now.";
  return <OpenList rows={isTeam ? team : open} empty={isTeam ? nobody : "No chat is open."} {...shared} />;
}

function DeskLists({ rows, me, loading, arrivals, hasDraft, selected, now, onOpen, children }: Props) {
  const queue = queueOf(rows);
  const mine = mineOf(rows, me.agent_id);
  const shared = { selected, now, me, onOpen };
  return (
    <>
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
          <MyRow key={row.handoff_id} row={row} draft={hasDraft(row.conversation_id)} {...shared} />
        ))}
      </List>
      {children}
    </>
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

function QueueRow({ row, isNew, selected, now, me, onOpen }: Shared & { row: Row; isNew: boolean }) {
  const { tier } = row.customer;
  const kept = keptFor(row, me, now);
  return (
    <li class="slides-in">
      <RowButton row={row} selected={selected} onOpen={onOpen} urgent={row.priority > 0}>
        <span class="row-icon">
          <TriggerIcon trigger={row.trigger} />
        </span>
        <span class="row-text">
          <span class="row-line">
            <RowName row={row} />
            {tier && <Tier tier={tier} />}
            {isNew && <span class="new">New</span>}
            <Wait since={row.queued_at} now={now} />
          </span>
          <span class="row-line">
            <span class="row-reason">
              {row.requeued && `${row.requeued.agent.name} ${CAME_BACK[row.requeued.reason]}. `}
              {triggerWord(row.trigger, row.labels?.[row.trigger])}
            </span>
            <RowLanguage row={row} />
          </span>
          {kept && (
            <span class="row-line row-kept">
              <span class={kept.isMe ? "for-me" : ""}>{kept.isMe ? "For you" : `For ${kept.name}`}</span>
              <span>
                until <time dateTime={kept.until}>{clockTime(kept.until)}</time>
              </span>
            </span>
          )}
          <RowFacts row={row} me={me} now={now} />
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

function MyRow({ row, draft, selected, now, me, onOpen }: Shared & { row: Row; draft: boolean }) {
  const { last_message: last, unread = 0 } = row;
  return (
    <li>
      <RowButton row={row} selected={selected} onOpen={onOpen}>
        <span class="row-icon">
          <TriggerIcon trigger={row.trigger} />
        </span>
        <span class="row-text">
          <span class="row-line">
            <RowName row={row} class={unread ? "row-unread" : ""} />
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
            <RowLanguage row={row} />
          </span>
          <RowFacts row={row} me={me} now={now} />
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
    <span class="row-line row-last row-due">
      {answer_by && (
        <span class={`wait-${level}`}>
          {level === "red" ? "Overdue since " : "Promised by "}
          <time dateTime={answer_by}>{nearTime(answer_by, now)}</time>
        </span>
      )}
      {contact && <span>{contact.want === "mail" ? "Answer by mail" : "Call back"}</span>}
    </span>
  );
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
