import { newId } from "../../shared/client/ids";
import * as box from "../../shared/client/outbox";
import type { Store } from "../../shared/client/store";
import type { Attachment } from "../../shared/contract";
import type { Inbox } from "../state/inbox";
import { withOutbox } from "../state/inbox";
import type { Keep } from "../state/keep";
import { cursorOf } from "../state/log";
import type { Entry, Kind } from "../state/outbox";
import type { Ack, Caller } from "./caller";

const RETRY_MS = 3000;
const laneOf = (entry: Entry): string => entry.conversation_id;
/** Answers after which sending the same thing again may work. */
const PASSING = ["no_answer", "rate_limited", "internal"];

/**
 * Sends what agents write, oldest first per conversation. An entry is sent again under its own
 * id until the server has answered, so a lost answer never makes a second message.
 */
export class Sender {
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store<Inbox>,
    private readonly caller: Caller,
    private readonly keep: Keep,
    private readonly onHole: (conversationId: string) => void = () => {},
  ) {}

  write(conversationId: string, kind: Kind, text: string, attachments: Attachment[] = []): void {
    const entry: Entry = {
      id: newId(),
      conversation_id: conversationId,
      kind,
      text,
      ...(attachments.length > 0 && { attachments }),
      at: new Date().toISOString(),
      state: "queued",
    };
    this.keep.saveEntry(entry);
    this.store.update(withOutbox((held) => box.add(held, entry)));
    this.flush();
  }

  again(clientId: string): void {
    this.store.update(withOutbox((held) => box.retry(held, clientId)));
    this.flush();
  }

  discard(clientId: string): void {
    this.keep.dropEntry(clientId);
    this.store.update(withOutbox((held) => box.without(held, [clientId])));
  }

  reconnected(): void {
    this.store.update(withOutbox(box.requeue));
    this.flush();
  }

  flush(): void {
    if (!this.caller.connected) return;
    for (const entry of box.nextToSend(this.store.state.outbox, laneOf)) this.send(entry);
  }

  private async send(entry: Entry): Promise<void> {
    this.store.update(withOutbox((held) => box.change(held, entry.id, { state: "sending" })));
    const { id, conversation_id, text } = entry;
    const said = { client_id: id, conversation_id, text };
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

  private settle(entry: Entry, ack: Ack<"message_send" | "note_add">): void {
    if (ack.ok) this.accepted(entry, ack.seq);
    else this.refused(entry, ack.message || "The server refused it.");
  }

  private refused(entry: Entry, refused: string): void {
    this.keep.saveEntry({ ...entry, state: "failed", refused });
    this.store.update(withOutbox((held) => box.refuse(held, entry.id, refused)));
  }

  private accepted(entry: Entry, seq: number): void {
    this.keep.dropEntry(entry.id);
    const log = this.store.state.logs[entry.conversation_id];
    if (!log || seq <= cursorOf(log.events)) {
      this.discard(entry.id);
    } else {
      const change = { state: "accepted" as const, seq };
      this.store.update(withOutbox((held) => box.change(held, entry.id, change)));
      // What we write is told before it is acknowledged: something before it has not come.
      this.onHole(entry.conversation_id);
    }
  }

  private later(entry: Entry): void {
    this.store.update(withOutbox((held) => box.change(held, entry.id, { state: "queued" })));
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.flush(), RETRY_MS);
  }

  stop(): void {
    clearTimeout(this.retry);
  }
}
