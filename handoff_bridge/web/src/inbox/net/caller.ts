import type { Socket } from "socket.io-client";

export type Ack = { ok: true; [field: string]: unknown } | { ok: false; error: string; message: string };

const DEADLINE_MS = 10_000;
/** A hand-back waits for the assistant. */
export const HAND_BACK_DEADLINE_MS = 40_000;

/** One question to the bridge, one answer. What does not come back counts as `unreachable`. */
export class Caller {
  constructor(private readonly socket: Socket) {}

  get connected(): boolean {
    return this.socket.connected;
  }

  async call(event: string, payload: object, deadlineMs = DEADLINE_MS): Promise<Ack> {
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

function unreachable(): Ack {
  return { ok: false, error: "unreachable", message: "The server does not answer right now." };
}
