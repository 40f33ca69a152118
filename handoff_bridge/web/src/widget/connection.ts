/** The socket: speaks the protocol's events, knows nothing of the conversation. */

import { io, type Socket } from "socket.io-client";
import type {
  BotTyping,
  CustomerCalls,
  CustomerEvents,
  History,
  MessageRefused,
  SessionEnded,
} from "../shared/contract";
import { hearing } from "../shared/hearing";
import { type Ack, NO_ANSWER } from "./state/protocol";

/** Longer than the bridge needs to commit, shorter than a customer's patience. */
const ACK_TIMEOUT_MS = 10_000;

export interface Handlers {
  connected(): void;
  disconnected(): void;
  confirmed(sessionId: string): void;
  sessionEnded(payload: Partial<SessionEnded>): void;
  history(payload: Partial<History>): void;
  status(payload: unknown): void;
  bot(payload: unknown): void;
  echo(payload: unknown): void;
  typing(payload: Partial<BotTyping>): void;
  refused(payload: Partial<MessageRefused>): void;
}

export interface Client {
  open(): void;
  close(): void;
  tell<C extends keyof CustomerCalls>(event: C, payload: CustomerCalls[C]): void;
  /** Resolves always: with the server's ack, or with `no_answer`. */
  call<C extends keyof CustomerCalls>(event: C, payload: CustomerCalls[C]): Promise<Ack<C>>;
}

export class Connection implements Client {
  private readonly socket: Socket;

  constructor(
    server: string,
    private readonly handlers: Handlers,
  ) {
    this.socket = io(server, {
      autoConnect: false,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
    });
    this.socket.on("connect", handlers.connected);
    this.socket.on("connect_error", handlers.disconnected);
    this.socket.on("disconnect", (reason) => {
      handlers.disconnected();
      // The library does not come back by itself when the server has closed the connection on purpose.
      if (reason === "io server disconnect") setTimeout(() => this.open(), 1_000);
    });
    const hear = hearing<CustomerEvents>(this.socket);
    hear("session_confirm", handlers.confirmed);
    hear("session_ended", handlers.sessionEnded);
    hear("history", handlers.history);
    hear("conversation_status", handlers.status);
    hear("bot_uttered", handlers.bot);
    hear("user_echo", handlers.echo);
    hear("typing", handlers.typing);
    hear("message_refused", handlers.refused);
  }

  open(): void {
    // The browser may have called itself offline without the socket noticing.
    if (this.socket.connected) this.handlers.connected();
    else this.socket.connect();
  }

  close(): void {
    this.socket.disconnect();
  }

  tell<C extends keyof CustomerCalls>(event: C, payload: CustomerCalls[C]): void {
    if (this.socket.connected) this.socket.emit(event, payload);
  }

  call<C extends keyof CustomerCalls>(event: C, payload: CustomerCalls[C]): Promise<Ack<C>> {
    if (!this.socket.connected) return Promise.resolve(NO_ANSWER);
    return new Promise((resolve) => {
      this.socket.timeout(ACK_TIMEOUT_MS).emit(event, payload, (error: Error | null, ack?: Ack<C>) => {
        resolve(error || !ack ? NO_ANSWER : ack);
      });
    });
  }
}
