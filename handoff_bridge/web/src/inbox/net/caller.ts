import type { Socket } from "socket.io-client";
import type { InboxAcks, InboxCalls, Refusal } from "../../shared/contract";

/** A refusal is the bridge's own, or that nothing came back. */
export type Refused = Omit<Refusal, "error"> & { error: Refusal["error"] | "unreachable" };
export type Ack<C extends keyof InboxCalls = keyof InboxCalls> = InboxAcks[C] | Refused;
/** A call that changes something, without the id that makes it safe to repeat. */
export type Change<C extends keyof InboxCalls> = Omit<InboxCalls[C], "client_id">;

const DEADLINE_MS = 10_000;
/** A hand-back waits for the assistant. */
export const HAND_BACK_DEADLINE_MS = 40_000;
/** The bridge waits for the back office's card, then for its answer. */
export const CARD_ACTION_DEADLINE_MS = 15_000;

/** One question to the bridge, one answer. What does not come back counts as `unreachable`. */
export class Caller {
  constructor(private readonly socket: Socket) {}

  get connected(): boolean {
    return this.socket.connected;
  }

  async call<C extends keyof InboxCalls>(
    event: C,
    payload: InboxCalls[C],
    deadlineMs = DEADLINE_MS,
  ): Promise<Ack<C>> {
    if (!this.socket.connected) return unreachable();
    try {
      const ack = await this.socket.timeout(deadlineMs).emitWithAck(event, payload);
      return ack?.ok ? ack : { ok: false, error: ack?.error ?? "internal", message: ack?.message ?? "" };
    } catch {
      return unreachable();
    }
  }

  /** Says something that may get lost. */
  tell<C extends keyof InboxCalls>(event: C, payload: InboxCalls[C]): void {
    if (this.socket.connected) this.socket.volatile.emit(event, payload);
  }
}

function unreachable(): Refused {
  return { ok: false, error: "unreachable", message: "The server does not answer right now." };
}
