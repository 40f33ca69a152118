import type { Socket } from "socket.io-client";
import type { Done, Refusal } from "../../shared/contract";

/** A refusal is the bridge's own, or that nothing came back. */
export type Refused = Omit<Refusal, "error"> & { error: Refusal["error"] | "unreachable" };
export type Ack<A extends Done = Done> = A | Refused;

const DEADLINE_MS = 10_000;
/** A hand-back waits for the assistant. */
export const HAND_BACK_DEADLINE_MS = 40_000;

/** One question to the bridge, one answer. What does not come back counts as `unreachable`. */
export class Caller {
  constructor(private readonly socket: Socket) {}

  get connected(): boolean {
    return this.socket.connected;
  }

  async call<A extends Done>(event: string, payload: object, deadlineMs = DEADLINE_MS): Promise<Ack<A>> {
    if (!this.socket.connected) return unreachable();
    try {
      const ack = await this.socket.timeout(deadlineMs).emitWithAck(event, payload);
      return ack?.ok ? ack : { ok: false, error: ack?.error ?? "internal", message: ack?.message ?? "" };
    } catch {
      return unreachable();
    }
  }

  /** Says something that may get lost. */
  tell(event: string, payload: object): void {
    if (this.socket.connected) this.socket.volatile.emit(event, payload);
  }
}

function unreachable(): Refused {
  return { ok: false, error: "unreachable", message: "The server does not answer right now." };
}
