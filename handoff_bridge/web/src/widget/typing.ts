/** Who is typing: tells the agent that the customer does, and shows the customer who does. */

import type { Sender } from "../shared/contract";
import type { ChatStore } from "./state/store";

/** Said again at most this often, and taken back after as long without a key. */
const REPEAT_MS = 3_000;
/** If "stopped" gets lost, dots must not stay: nobody is typing for this long without a sign. */
const FORGET_MS = 12_000;

export class Typing {
  private saidAt = 0;
  private stopTimer: ReturnType<typeof setTimeout> | undefined;
  private forgetTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: ChatStore,
    private readonly tell: (active: boolean) => void,
  ) {}

  typed(): void {
    if (this.store.state.status.owner !== "agent") return;
    const now = Date.now();
    if (now - this.saidAt >= REPEAT_MS) {
      this.saidAt = now;
      this.tell(true);
    }
    clearTimeout(this.stopTimer);
    this.stopTimer = setTimeout(() => this.stop(), REPEAT_MS);
  }

  sent(): void {
    clearTimeout(this.stopTimer);
    if (this.saidAt) this.stop();
  }

  heard(payload: { sender?: string; active?: boolean; agent?: { name?: string } }): void {
    if (!payload.active) {
      this.over();
      return;
    }
    const sender = payload.sender === "agent" ? "agent" : "bot";
    const name =
      payload.agent?.name ?? (sender === "agent" ? this.store.state.status.agent?.name : undefined);
    this.show(name ? { sender, name } : { sender });
  }

  /** The assistant owes a reply to every message while it has the chat, so it is at it until one comes. */
  awaitReply(): void {
    const { status, log } = this.store.state;
    if (status.owner !== "bot" || log.messages.at(-1)?.sender !== "customer") return;
    this.show({ sender: "bot" });
  }

  /** Whoever has spoken, or took the chat, is not typing any more. */
  over(): void {
    clearTimeout(this.forgetTimer);
    if (this.store.state.typing) this.store.set({ typing: undefined });
  }

  private show(typing: { sender: Sender; name?: string }): void {
    clearTimeout(this.forgetTimer);
    this.store.set({ typing });
    this.forgetTimer = setTimeout(() => this.over(), FORGET_MS);
  }

  private stop(): void {
    this.saidAt = 0;
    this.tell(false);
  }
}
