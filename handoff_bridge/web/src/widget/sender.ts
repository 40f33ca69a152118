/** Carries the outbox to the server: one message after the other, kept until it is known to have arrived. */

import { linkedSeq } from "./state/messages";
import * as box from "./state/outbox";
import type { Ack, Message, Payload, Refused } from "./state/protocol";
import { newId, type Shelf, tabId } from "./state/storage";
import type { Store } from "./state/store";

export class Sender {
  private readonly tab = tabId();
  private flushing = false;

  constructor(
    private readonly store: Store,
    private readonly shelf: () => Shelf,
    private readonly utter: (said: Payload<"user_uttered">) => Promise<Ack<"user_uttered">>,
    private readonly arrived: (own: Message) => void,
    private readonly reason: (refused: Refused) => string,
  ) {}

  /** At page load: what this tab had not sent yet. */
  restore(): void {
    this.store.set({
      outbox: box.requeue(this.shelf().loadOutbox(this.tab)),
      elsewhere: this.shelf().loadOthers(this.tab),
    });
  }

  /** The same person has signed in: what they had not sent before goes out with the rest. */
  bring(from: Shelf): void {
    this.set(box.requeue(box.adopt(this.outbox, from.loadOutbox(this.tab))));
    from.saveOutbox(this.tab, []);
  }

  post(entry: Pick<box.Outgoing, "text" | "payload" | "attachments">): void {
    const waiting = box.requeue(this.outbox);
    const last_seq = linkedSeq(this.store.state.log);
    const made = { message_id: newId(), at: new Date().toISOString(), last_seq };
    this.set(box.enqueue(waiting, { ...entry, ...made }));
    void this.flush();
  }

  retry(id: string): void {
    this.set(box.retry(this.outbox, id));
    void this.flush();
  }

  discard(id: string): void {
    this.set(box.settle(this.outbox, [id]));
    void this.flush();
  }

  /** True if the refused message is one of ours. */
  refuse(id: string | undefined, sentence: string): boolean {
    if (!id || !this.outbox.some((entry) => entry.message_id === id)) return false;
    this.set(box.markRefused(this.outbox, id, sentence));
    return true;
  }

  /** The connection is gone: what was under way will be sent again, under the same id. */
  interrupted(): void {
    this.store.set({ outbox: box.requeue(this.outbox) });
  }

  /** These have arrived, whoever tells. */
  settle(messages: Message[]): void {
    const ids = messages.filter(({ sender }) => sender === "customer").map(({ message_id }) => message_id);
    const left = box.settle(this.outbox, ids);
    if (left !== this.outbox) this.set(left);
    this.store.set({ elsewhere: box.settle(this.store.state.elsewhere, ids) });
  }

  /** Connected: sends what is left, of tabs that are gone too. One still alive sends under the same ids. */
  takeOver(): void {
    const others = this.shelf().loadOthers(this.tab);
    const arrived = this.store.state.log.messages.map((message) => message.message_id);
    this.set(box.settle(box.requeue(box.adopt(this.outbox, others)), arrived));
    this.shelf().dropOthers(this.tab);
    this.store.set({ elsewhere: [] });
    void this.flush();
  }

  otherTabWrote(): void {
    this.store.set({ elsewhere: this.shelf().loadOthers(this.tab) });
  }

  clear(): void {
    this.set([]);
    this.shelf().dropOthers(this.tab);
    this.store.set({ elsewhere: [] });
  }

  private get outbox(): box.Outgoing[] {
    return this.store.state.outbox;
  }

  private set(outbox: box.Outgoing[]): void {
    this.shelf().saveOutbox(this.tab, outbox);
    this.store.set({ outbox });
  }

  private async flush(): Promise<void> {
    if (this.flushing) return;
    this.flushing = true;
    for (;;) {
      const entry = this.store.state.phase === "online" && box.nextToSend(this.outbox);
      if (!entry) break;
      this.set(box.markSending(this.outbox, entry.message_id));
      this.answered(entry, await this.utter(utterance(entry)));
    }
    this.flushing = false;
  }

  private answered(entry: box.Outgoing, ack: Ack<"user_uttered">): void {
    const id = entry.message_id;
    if (ack.ok) {
      this.arrived(ownMessage(entry, ack));
      this.set(box.settle(this.outbox, [id]));
    } else if (ack.error !== "no_answer") this.refuse(id, this.reason(ack));
    else if (this.store.state.phase === "online") this.set(box.markFailed(this.outbox, id));
  }
}

function utterance(entry: box.Outgoing): Payload<"user_uttered"> {
  const { text, payload, message_id, last_seq, attachments } = entry;
  const said: Payload<"user_uttered"> = { message: payload ?? text, message_id };
  if (last_seq !== undefined) said.last_seq = last_seq;
  if (payload) said.metadata = { title: text };
  if (attachments) said.attachments = attachments.map((photo) => photo.attachment_id);
  return said;
}

function ownMessage(entry: box.Outgoing, { seq, prev }: { seq: number; prev?: number }): Message {
  return {
    seq,
    ...(prev ? { prev } : {}),
    message_id: entry.message_id,
    at: entry.at,
    sender: "customer",
    ...(entry.text ? { text: entry.text } : {}),
    ...(entry.attachments ? { attachments: entry.attachments } : {}),
  };
}
