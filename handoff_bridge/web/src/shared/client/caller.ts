import type { Socket } from "socket.io-client";
import type { Refusal } from "../contract";

/** A refusal is the bridge's own, or that nothing came back. */
export type Refused = Omit<Refusal, "error"> & { error: Refusal["error"] | "no_answer" };

export const NO_ANSWER: Refused = {
  ok: false,
  error: "no_answer",
  message: "The server does not answer right now.",
};

/** Longer than the bridge needs to commit, shorter than anybody's patience. */
const DEADLINE_MS = 10_000;
/** The server's own goodbye is not retried by the client library. */
const AGAIN_MS = 1_000;

/** One question to the bridge, one answer. `Calls` are a namespace's payloads by event, `Acks` their answers. */
export class Caller<Calls, Acks extends Record<keyof Calls, { ok: true }>> {
  constructor(private readonly socket: Socket) {}

  get connected(): boolean {
    return this.socket.connected;
  }

  /** Resolves always: what does not come back in time is `no_answer`. */
  async call<C extends keyof Calls & string>(
    event: C,
    payload: Calls[C],
    deadlineMs = DEADLINE_MS,
  ): Promise<Acks[C] | Refused> {
    if (!this.socket.connected) return NO_ANSWER;
    try {
      return (await this.socket.timeout(deadlineMs).emitWithAck(event, payload)) ?? NO_ANSWER;
    } catch {
      return NO_ANSWER;
    }
  }

  /** Says something that may get lost. */
  tell<C extends keyof Calls & string>(event: C, payload: Calls[C]): void {
    if (this.socket.connected) this.socket.volatile.emit(event as string, payload);
  }
}

/** Tells when the line is there and when it is not, and comes back after the server's own goodbye too. */
export function watchLink(socket: Socket, connected: () => void, lost: () => void): void {
  socket.on("connect", connected);
  socket.on("connect_error", lost);
  socket.on("disconnect", (reason) => {
    lost();
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), AGAIN_MS);
  });
}
