/** The socket: speaks the protocol's events, knows nothing of the conversation. */

import { io, type Socket } from "socket.io-client";
import { Caller, watchLink } from "../shared/client/caller";
import { hearing } from "../shared/client/hearing";
import type {
  BotTyping,
  CustomerAcks,
  CustomerCalls,
  CustomerEvents,
  History,
  MessageRefused,
  SessionEnded,
} from "../shared/contract";
import type { Ack } from "./state/protocol";

export interface Handlers {
  connected(): void;
  disconnected(): void;
  /** Did not come about. */
  failed(): void;
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
  call<C extends keyof CustomerCalls>(
    event: C,
    payload: CustomerCalls[C],
    withinMs?: number,
  ): Promise<Ack<C>>;
  /** Begins the connection anew, which seems alive and is not. */
  restart(): void;
}

export class Connection implements Client {
  private readonly socket: Socket;
  private readonly caller: Caller<CustomerCalls, CustomerAcks>;

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
    this.caller = new Caller(this.socket);
    watchLink(this.socket, handlers.connected, handlers.disconnected);
    this.socket.on("connect_error", handlers.failed);
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
    this.caller.tell(event, payload);
  }

  restart(): void {
    this.socket.disconnect().connect();
  }

  call<C extends keyof CustomerCalls>(
    event: C,
    payload: CustomerCalls[C],
    withinMs?: number,
  ): Promise<Ack<C>> {
    return this.caller.call(event, payload, withinMs);
  }
}
