import type { Attachment } from "../../shared/contract";
import type { Inbox } from "../state/inbox";
import { withOutbox } from "../state/inbox";
import type { Keep } from "../state/keep";
import { cursorOf } from "../state/log";
import * as outbox from "../state/outbox";
import type { Store } from "../state/store";
import type { Ack, Caller } from "./caller";
import { newId } from "./ids";

const RETRY_MS = 3000;
/** Answers after which sending the same thing again may work. */
const PASSING = ["unreachable", "rate_limited", "internal"];

/**
 * Sends what agents write, oldest first per conversation. An entry is sent again under its own
 * `client_id` until the server has answered, so a lost answer never makes a second message.
 */
export class Sender {
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store<Inbox>,
    private readonly caller: Caller,
    private readonly keep: Keep,
    private readonly onHole: (conversationId: string) => void = () => {},
  ) {}

  write(conversationId: string, kind: outbox.Kind, text: string, attachments: Attachment[] = []): void {
    const entry: outbox.Entry = {
      client_id: newId(),
      conversation_id: conversationId,
      kind,
      text,
      ...(attachments.length > 0 && { attachments }),
      at: new Date().toISOString(),
      state: "waiting",
    };
    this.keep.saveEntry(entry);
    this.store.update(withOutbox((held) => outbox.withEntry(held, entry)));
    this.flush();
  }

  again(clientId: string): void {
    this.store.update(withOutbox((held) => outbox.withState(held, clientId, { state: "waiting" })));
    this.flush();
  }

  discard(clientId: string): void {
    this.keep.dropEntry(clientId);
    this.store.update(withOutbox((held) => outbox.without(held, clientId)));
  }

  reconnected(): void {
    this.store.update(withOutbox(outbox.afterReconnect));
    this.flush();
  }

  flush(): void {
    if (!this.caller.connected) return;
    for (const entry of outbox.nextToSend(this.store.get().outbox)) this.send(entry);
  }

  private async send(entry: outbox.Entry): Promise<void> {
    this.store.update(withOutbox((held) => outbox.withState(held, entry.client_id, { state: "sending" })));
    const { client_id, conversation_id, text } = entry;
    const said = { client_id, conversation_id, text };
    const files = entry.attachments?.map(({ attachment_id }) => attachment_id);
    const { caller } = this;
    const ack = await (entry.kind === "note"
      ? caller.call("note_add", said)
      : caller.call("message_send", { ...said, ...(files && { attachments: files }) }));
    if (!ack.ok && PASSING.includes(ack.error)) {
      this.later(entry);
    } else {
      this.settle(entry, ack);
      this.flush();
    }
  }

  private settle(entry: outbox.Entry, ack: Ack<"message_send" | "note_add">): void {
    if (ack.ok) this.accepted(entry, ack.seq);
    else this.refused(entry, ack.message);
  }

  private refused(entry: outbox.Entry, problem: string): void {
    const change = { state: "failed" as const, problem };
    this.keep.saveEntry({ ...entry, ...change });
    this.store.update(withOutbox((held) => outbox.withState(held, entry.client_id, change)));
  }

  private accepted(entry: outbox.Entry, seq: number): void {
    this.keep.dropEntry(entry.client_id);
    const log = this.store.get().logs[entry.conversation_id];
    if (!log || seq <= cursorOf(log.events)) {
      this.discard(entry.client_id);
    } else {
      const change = { state: "accepted" as const, seq };
      this.store.update(withOutbox((held) => outbox.withState(held, entry.client_id, change)));
      // What we write is told before it is acknowledged: something before it has not come.
      this.onHole(entry.conversation_id);
    }
  }

  private later(entry: outbox.Entry): void {
    this.store.update(withOutbox((held) => outbox.withState(held, entry.client_id, { state: "waiting" })));
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.flush(), RETRY_MS);
  }

  stop(): void {
    clearTimeout(this.retry);
  }
}
