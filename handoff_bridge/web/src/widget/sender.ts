/** Carries the outbox to the server: one message after the other, kept until it is known to have arrived. */

import type { Refused } from "../shared/client/caller";
import { newId } from "../shared/client/ids";
import * as box from "../shared/client/outbox";
import { linkedSeq } from "./state/messages";
import type { Outgoing } from "./state/outbox";
import type { Ack, Message, Payload } from "./state/protocol";
import { type Shelf, tabId } from "./state/storage";
import type { ChatStore } from "./state/store";

/** An acknowledgement takes a moment; after this the customer is told, and the line is looked at. */
const SLOW_MS = 3_000;

export class Sender {
  private readonly tab = tabId();
  private flushing = false;

  constructor(
    private readonly store: ChatStore,
    private readonly shelf: () => Shelf,
    private readonly utter: (said: Payload<"user_uttered">) => Promise<Ack<"user_uttered">>,
    private readonly arrived: (own: Message) => void,
    private readonly reason: (refused: Refused) => string,
    private readonly unanswered: () => void,
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

  post(entry: Pick<Outgoing, "text" | "payload" | "attachments">): void {
    const waiting = box.requeue(this.outbox);
    const last_seq = linkedSeq(this.store.state.log);
    const made = { id: newId(), at: new Date().toISOString(), last_seq, state: "queued" as const };
    this.set(box.add(waiting, { ...entry, ...made }));
    void this.flush();
  }

  retry(id: string): void {
    this.set(box.retry(this.outbox, id));
    void this.flush();
  }

  discard(id: string): void {
    this.set(box.without(this.outbox, [id]));
    void this.flush();
  }

  /** True if the refused message is one of ours. */
  refuse(id: string | undefined, sentence: string): boolean {
    if (!id || !this.outbox.some((entry) => entry.id === id)) return false;
    this.set(box.refuse(this.outbox, id, sentence));
    return true;
  }

  /** The connection is gone: what was under way will be sent again, under the same id. */
  interrupted(): void {
    this.store.set({ outbox: box.requeue(this.outbox) });
  }

  /** These have arrived, whoever tells. */
  settle(messages: Message[]): void {
    const ids = messages.filter(({ sender }) => sender === "customer").map(({ message_id }) => message_id);
    const left = box.without(this.outbox, ids);
    if (left !== this.outbox) this.set(left);
    this.store.set({ elsewhere: box.without(this.store.state.elsewhere, ids) });
  }

  /** Connected: sends what is left, of tabs that are gone too. One still alive sends under the same ids. */
  takeOver(): void {
    const others = this.shelf().loadOthers(this.tab);
    const arrived = this.store.state.log.messages.map((message) => message.message_id);
    this.set(box.without(box.requeue(box.adopt(this.outbox, others)), arrived));
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

  private get outbox(): readonly Outgoing[] {
    return this.store.state.outbox;
  }

  private set(outbox: readonly Outgoing[]): void {
    this.shelf().saveOutbox(this.tab, outbox);
    this.store.set({ outbox });
  }

  private async flush(): Promise<void> {
    if (this.flushing) return;
    this.flushing = true;
    for (;;) {
      const [entry] = this.store.state.phase === "online" ? box.nextToSend(this.outbox) : [];
      if (!entry) break;
      const { id } = entry;
      this.set(box.change(this.outbox, id, { state: "sending", slow: false }));
      const slow = setTimeout(() => this.slow(id), SLOW_MS);
      const ack = await this.utter(utterance(entry));
      clearTimeout(slow);
      this.answered(entry, ack);
    }
    this.flushing = false;
  }

  private slow(id: string): void {
    this.set(box.change(this.outbox, id, { slow: true }));
    this.unanswered();
  }

  private answered(entry: Outgoing, ack: Ack<"user_uttered">): void {
    const { id } = entry;
    if (ack.ok) {
      this.arrived(ownMessage(entry, ack));
      this.set(box.without(this.outbox, [id]));
    } else if (ack.error !== "no_answer") this.refuse(id, this.reason(ack));
    else if (this.store.state.phase === "online") this.set(box.fail(this.outbox, id));
  }
}

function utterance(entry: Outgoing): Payload<"user_uttered"> {
  const { text, payload, id, last_seq, attachments } = entry;
  const said: Payload<"user_uttered"> = { message: payload ?? text, message_id: id };
  if (last_seq !== undefined) said.last_seq = last_seq;
  if (payload) said.metadata = { title: text };
  if (attachments) said.attachments = attachments.map((photo) => photo.attachment_id);
  return said;
}

function ownMessage(entry: Outgoing, { seq, prev }: { seq: number; prev?: number }): Message {
  return {
    seq,
    ...(prev ? { prev } : {}),
    message_id: entry.id,
    at: entry.at,
    sender: "customer",
    ...(entry.text ? { text: entry.text } : {}),
    ...(entry.attachments ? { attachments: entry.attachments } : {}),
  };
}
