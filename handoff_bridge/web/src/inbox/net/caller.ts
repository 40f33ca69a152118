import type { Caller as AnyCaller, Refused } from "../../shared/client/caller";
import type { InboxAcks, InboxCalls } from "../../shared/contract";

export type { Refused };
export type Caller = AnyCaller<InboxCalls, InboxAcks>;
export type Ack<C extends keyof InboxCalls = keyof InboxCalls> = InboxAcks[C] | Refused;
/** A call that changes something, without the id that makes it safe to repeat. */
export type Change<C extends keyof InboxCalls> = Omit<InboxCalls[C], "client_id">;

/** A hand-back waits for the assistant. */
export const HAND_BACK_DEADLINE_MS = 40_000;
/** The bridge waits for the back office's card, then for its answer. */
export const CARD_ACTION_DEADLINE_MS = 15_000;
