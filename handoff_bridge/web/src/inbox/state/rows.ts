import type {
  Colleague,
  FoundConversation,
  HandoffState,
  Me,
  Sender,
  Row as Sent,
  Snapshot,
} from "../../shared/contract";
import { isSupervisor } from "../../shared/desk/roles";
import { customerName, languageWord, plainWords } from "../../shared/desk/words";
import { clockTime } from "../../shared/time";

/** Not a state of the server: a handoff that a snapshot no longer names. */
export const GONE = "gone";
/** Nor this: a chat of the assistant's that was never handed off. */
export const WITH_BOT = "with_bot";
export type Row = Omit<Sent, "state" | "connected"> & {
  state: HandoffState | typeof GONE | typeof WITH_BOT;
  /** Known while there is a handoff. */
  connected?: boolean;
};

/** Queue rows and my chats: one map of handoffs, from which both lists are read. */
export type Rows = Readonly<Record<string, Row>>;

const OPEN: string[] = ["queued", "offered", "claimed", "wrap_up"];

export function withRow(rows: Rows, row: Row): Rows {
  return { ...rows, [row.handoff_id]: row };
}

/**
 * The server's view replaces ours. A handoff that it no longer names is kept, as gone, if it is
 * the one on screen: the page does not pull a chat away from under its reader.
 */
export function fromSnapshot(rows: Rows, snapshot: Snapshot, selected?: string): Rows {
  const kept = Object.values(rows).filter((row) => isColleagues(row, snapshot.agent.agent_id));
  const named = [...kept, ...snapshot.queue, ...snapshot.mine];
  const next: Record<string, Row> = Object.fromEntries(named.map((row) => [row.handoff_id, row]));
  const shown = selected ? rows[selected] : undefined;
  if (shown && !next[shown.handoff_id]) {
    next[shown.handoff_id] = OPEN.includes(shown.state) ? { ...shown, state: GONE } : shown;
  }
  return next;
}

/** What colleagues have, as fetched; what has changed since `before` is news, and stays. */
export function withOpenRows(rows: Rows, fetched: Row[], before: Rows, myId: string): Rows {
  const isNews = (row: Row) => before[row.handoff_id] !== row;
  const stays = (row: Row) => !isColleagues(row, myId) || isNews(row);
  const theirs = fetched.filter((row) => {
    const known = rows[row.handoff_id];
    return isColleagues(row, myId) && !(known && known.last_seq > row.last_seq);
  });
  return Object.fromEntries(
    [...Object.values(rows).filter(stays), ...theirs].map((row) => [row.handoff_id, row]),
  );
}

/** The row of a conversation: of several handoffs the one that is open. */
export function ofConversation(rows: Rows, conversationId: string): Row | undefined {
  const all = Object.values(rows).filter((row) => row.conversation_id === conversationId);
  return all.find((row) => OPEN.includes(row.state)) ?? all[all.length - 1];
}

/** What every list of conversations has of each. */
export type Listed = Omit<FoundConversation, "hit">;

/** A listed conversation as a row: its newest handoff, or itself where it never had one. */
export function rowOf(listed: Listed): Row {
  if (listed.handoff) return listed.handoff;
  const { conversation_id, owner, customer, verified, channel, topic, customer_said } = listed;
  return {
    ...{ handoff_id: conversation_id, conversation_id, customer, verified, channel },
    ...(topic && { topic }),
    ...(customer_said && { customer_said }),
    state: owner === "closed" ? "closed" : WITH_BOT,
    ...{ trigger: "", triggers: [], label: "", reason: "", priority: 0 },
    queued_at: listed.started_at,
    last_seq: listed.last_seq,
  };
}

/** Whether there is a packet to read: it belongs to a handoff. */
export const hasPacket = (row: Row) => row.handoff_id !== row.conversation_id;

/** Who it is: the name, or else what they said or want. */
export type Title = { text: string; isSaid: boolean };

export function titleOf(row: Row): Title {
  const { name, language } = row.customer;
  if (name?.trim()) return { text: customerName(name), isSaid: false };
  if (row.customer_said) return { text: row.customer_said, isSaid: true };
  if (row.topic) return { text: plainWords(row.topic), isSaid: false };
  const tells = language ? languageWord(language) : clockTime(row.queued_at);
  return { text: `${row.reach?.title ?? plainWords(row.channel)} visitor, ${tells}`, isSaid: false };
}

/** Whose turn it is, as the reader sees it, and since when. */
export function turnWords(row: Row, me: Pick<Me, "agent_id">, now: Date): string | undefined {
  if (!row.turn_of) return undefined;
  const whose = row.turn_of === "customer" ? "Customer’s" : agentsTurn(row, me);
  const since = row.turn_since && roughly(row.turn_since, now);
  return [`${whose} turn`, since].filter(Boolean).join(", ");
}

/** Whose turn it is once this was said: an agent's begins with what is not answered yet. */
export function turnAfter(
  { turn_of, turn_since }: Row,
  said: { actor: { type: Sender }; at: string },
): Pick<Row, "turn_of" | "turn_since"> {
  if (said.actor.type === "agent") return { turn_of: "customer", turn_since: said.at };
  if (said.actor.type === "customer" && turn_of === "customer")
    return { turn_of: "agent", turn_since: said.at };
  return { ...(turn_of && { turn_of }), ...(turn_since && { turn_since }) };
}

function agentsTurn(row: Row, me: Pick<Me, "agent_id">): string {
  if (!row.agent) return "Our";
  return row.agent.agent_id === me.agent_id ? "Your" : `${row.agent.name}’s`;
}

/** How long ago, in one unit; nothing in the first minute. */
export function roughly(since: string, now: Date): string {
  const minutes = Math.floor((now.getTime() - new Date(since).getTime()) / 60_000);
  if (minutes < 1) return "";
  if (minutes < 60) return `${minutes} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}

export function withPositions(rows: Rows, positions: Record<string, number> = {}): Rows {
  const changed = Object.entries(positions).filter(([id, place]) => rows[id] && rows[id].position !== place);
  return changed.reduce((next, [id, position]) => withRow(next, { ...(next[id] as Row), position }), rows);
}

/** The queue in the server's order: its own positions first, else priority, then who waits longest. */
export function queueOf(rows: Rows): Row[] {
  return Object.values(rows)
    .filter((row) => row.state === "queued" || row.state === "offered")
    .sort(
      (one, other) =>
        (one.position ?? Infinity) - (other.position ?? Infinity) ||
        other.priority - one.priority ||
        one.queued_at.localeCompare(other.queued_at),
    );
}

/** Whether I have ended it, and have its place taken until what is left is done. */
export const isWrappingUp = (row: Row, agentId: string): boolean =>
  row.wrap_up_until !== undefined && row.agent?.agent_id === agentId;

/** My chats, the newest word first; at last those that I wrap up. */
export function mineOf(rows: Rows, agentId: string): Row[] {
  const all = Object.values(rows);
  return [
    ...byLastWord(all.filter((row) => isMine(row, agentId))),
    ...byLastWord(all.filter((row) => isWrappingUp(row, agentId))),
  ];
}

/** What colleagues of my team have; for supervisors, what anybody has. */
export function teamOf(
  rows: Rows,
  agents: readonly Colleague[],
  me: Pick<Me, "agent_id" | "role" | "team">,
): Row[] {
  const mates = new Set(agents.filter(({ team }) => team && team === me.team).map((one) => one.agent_id));
  const isTheirs = ({ agent }: Row) => isSupervisor(me) || mates.has(agent?.agent_id ?? "");
  return byLastWord(Object.values(rows).filter((row) => isColleagues(row, me.agent_id) && isTheirs(row)));
}

/** Everything that is open: who waits, in order, then who is talked to. */
export function openOf(rows: Rows): Row[] {
  return [...queueOf(rows), ...byLastWord(Object.values(rows).filter(isHad))];
}

const isHad = ({ state }: Row) => state === "claimed" || state === "wrap_up";

/** Whether somebody else has it. */
const isColleagues = (row: Row, myId: string) => isHad(row) && !isMine(row, myId);

function byLastWord(list: Row[]): Row[] {
  const lastWord = (row: Row) => row.last_message?.at ?? row.claimed_at ?? row.queued_at;
  return list.sort((one, other) => lastWord(other).localeCompare(lastWord(one)));
}

export function isMine(row: Row, agentId: string): boolean {
  return isHad(row) && row.agent?.agent_id === agentId;
}

/** Whether it is a colleague's or the assistant's chat that this agent may take from them. */
export function isTakeable(row: Row, me: Pick<Me, "agent_id" | "role">): boolean {
  return isSupervisor(me) && (isColleagues(row, me.agent_id) || isWithBot(row));
}

/** Whether a chat of the assistant's has a handoff by now. */
export const goesOnAs = (shown: Row, next: Row) =>
  isWithBot(shown) && shown.conversation_id === next.conversation_id && OPEN.includes(next.state);

export const isWithBot = ({ state }: Row) => state === "returned" || state === WITH_BOT;

/** Whom a waiting chat is kept for, and until when; nothing once anybody may claim it. */
export type Kept = { name: string; isMe: boolean; until: string };

export function keptFor(row: Row, me: { agent_id: string; team?: string }, now: Date): Kept | undefined {
  if (row.state === "offered" && row.offer) {
    const { agent, expires_at } = row.offer;
    return { name: agent.name, isMe: agent.agent_id === me.agent_id, until: expires_at };
  }
  const { waits_until: until, for_agent: agent, for_team: team } = row;
  if (!until || now >= new Date(until) || !(row.state === "queued" || row.state === "offered")) return;
  const isMe = agent ? agent.agent_id === me.agent_id : team !== undefined && team === me.team;
  return { name: agent?.name ?? `the ${team} team`, isMe, until };
}

/** What I am offered, the first that runs out first. */
export function offersOf(rows: Rows, agentId: string): Row[] {
  return Object.values(rows)
    .filter((row) => row.state === "offered" && row.offer?.agent.agent_id === agentId)
    .sort((one, other) => (one.offer?.expires_at ?? "").localeCompare(other.offer?.expires_at ?? ""));
}

/** The row below or above the shown one, over the queue and then my chats. */
export function neighbour(order: Row[], selected: string | undefined, step: 1 | -1): Row | undefined {
  const at = order.findIndex((row) => row.handoff_id === selected);
  if (at < 0) return step === 1 ? order[0] : order[order.length - 1];
  return order[Math.min(order.length - 1, Math.max(0, at + step))];
}

/** The team's target for a first human answer; past it the waiting time turns amber, then red. */
export const AMBER_AFTER_SECS = 120;
export const RED_AFTER_SECS = 300;

/** A promise is amber in its last hour, and red past it; no longer once an agent has written. */
export const DUE_SOON_SECS = 3600;

export function dueLevel({ answer_by, answered_at }: Row, now: Date): Wait {
  if (!answer_by || answered_at) return "calm";
  const left = (new Date(answer_by).getTime() - now.getTime()) / 1000;
  if (left <= 0) return "red";
  return left <= DUE_SOON_SECS ? "amber" : "calm";
}

export type Wait = "calm" | "amber" | "red";

export function waitLevel(since: string, now: Date): Wait {
  const seconds = (now.getTime() - new Date(since).getTime()) / 1000;
  if (seconds >= RED_AFTER_SECS) return "red";
  return seconds >= AMBER_AFTER_SECS ? "amber" : "calm";
}
