import type { HandoffState, Me, Row as Sent, Snapshot } from "../../shared/contract";
import { isSupervisor } from "../../shared/desk/roles";

/** Not a state of the server: a handoff that a snapshot no longer names. */
export const GONE = "gone";
export type Row = Omit<Sent, "state"> & { state: HandoffState | typeof GONE };

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
  const named = [...snapshot.queue, ...snapshot.mine];
  const next: Record<string, Row> = Object.fromEntries(named.map((row) => [row.handoff_id, row]));
  const shown = selected ? rows[selected] : undefined;
  if (shown && !next[shown.handoff_id]) {
    next[shown.handoff_id] = OPEN.includes(shown.state) ? { ...shown, state: GONE } : shown;
  }
  return next;
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
  const lastWord = (row: Row) => row.last_message?.at ?? row.claimed_at ?? row.queued_at;
  return Object.values(rows)
    .filter((row) => isMine(row, agentId) || isWrappingUp(row, agentId))
    .sort(
      (one, other) =>
        Number(isWrappingUp(one, agentId)) - Number(isWrappingUp(other, agentId)) ||
        lastWord(other).localeCompare(lastWord(one)),
    );
}

export function isMine(row: Row, agentId: string): boolean {
  return (row.state === "claimed" || row.state === "wrap_up") && row.agent?.agent_id === agentId;
}

/** Whether it is a colleague's chat that this agent may take from them. */
export function isTakeable(row: Row, me: Pick<Me, "agent_id" | "role">): boolean {
  const isHad = row.state === "claimed" || row.state === "wrap_up";
  return isSupervisor(me) && isHad && !isMine(row, me.agent_id);
}

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
