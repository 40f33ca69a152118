import type { Socket } from "socket.io-client";
import { hearing } from "../../shared/client/hearing";
import { newId } from "../../shared/client/ids";
import { Store } from "../../shared/client/store";
import type { CannedReplies, InboxCalls, InboxEvents, NoteMention, Reminder } from "../../shared/contract";
import { fetchDocument } from "../../shared/desk/api";
import { customerName } from "../../shared/desk/words";
import * as inbox from "../state/inbox";
import type { Row } from "../state/rows";
import { namedUpTo, withMention, withoutMentions, withReminder } from "../state/todo";
import type { Ack, Caller, Change } from "./caller";
import { chime } from "./sound";

const STALE_MS = 60_000;

/** What an agent does beside talking: reminders, mentions, canned replies, and wrapping up. */
export class Work {
  /** Undefined until they are asked for first. */
  readonly canned = new Store<CannedReplies | undefined>(undefined);
  private cannedAt = Number.NEGATIVE_INFINITY;

  constructor(
    socket: Socket,
    private readonly store: Store<inbox.Inbox>,
    private readonly spoken: Store<string>,
    private readonly caller: Caller,
    private readonly notify: (row: Row, title: string, body: string) => void,
  ) {
    const hear = hearing<InboxEvents>(socket);
    hear("reminder_due", ({ reminder }) => this.due(reminder));
    hear("reminder_changed", ({ reminder, is_done }) => store.update(withReminder(reminder, is_done)));
    hear("mention_added", ({ mention }) => this.named(mention));
    hear("mentions_seen", (seen) => store.update(withoutMentions(seen.conversation_id, seen.seq)));
  }

  /** A new one, or another time for `reminder_id`. The caller shows a refusal beside its form. */
  async remind(payload: Change<"reminder_set">): Promise<Ack<"reminder_set">> {
    const ack = await this.change("reminder_set", payload);
    if (ack.ok) this.store.update(withReminder(ack.reminder, false));
    return ack;
  }

  async finish(reminder: Reminder): Promise<void> {
    const ack = await this.change("reminder_done", { reminder_id: reminder.reminder_id });
    if (ack.ok || ack.error === "unknown_reminder") this.store.update(withReminder(reminder, true));
    else this.complain(ack.message);
  }

  /** The agent looks at this conversation. */
  async see(conversationId: string): Promise<void> {
    const seq = namedUpTo(this.store.state, conversationId);
    if (seq === undefined) return;
    const ack = await this.change("mention_seen", { conversation_id: conversationId, seq });
    if (ack.ok) this.store.update(withoutMentions(conversationId, seq));
  }

  async wrapUp(payload: Change<"handoff_wrap_up">): Promise<boolean> {
    const ack = await this.change("handoff_wrap_up", payload);
    if (ack.ok) this.store.update(inbox.onRow(ack.handoff));
    else this.complain(ack.message);
    return ack.ok;
  }

  /** Fetches the canned replies unless they are fresh; what there is stays until others come. */
  async loadCanned(): Promise<void> {
    if (Date.now() - this.cannedAt < STALE_MS) return;
    this.cannedAt = Date.now();
    try {
      const { document } = await fetchDocument("canned-replies");
      if (document) this.canned.update(() => document);
    } catch {
      this.cannedAt = Number.NEGATIVE_INFINITY;
    }
  }

  private due(reminder: Reminder): void {
    this.store.update(withReminder(reminder, false));
    chime();
    const name = customerName(reminder.handoff?.customer.name);
    this.spoken.update(() => `Reminder: ${name}${reminder.text && `, ${reminder.text}`}.`);
    if (reminder.handoff) this.notify(reminder.handoff, `Reminder: ${name}`, reminder.text);
  }

  private named(mention: NoteMention): void {
    this.store.update(withMention(mention));
    chime();
    this.spoken.update(() => `${mention.by.name} mentioned you: ${mention.text}`);
    if (mention.handoff) this.notify(mention.handoff, `${mention.by.name} mentioned you`, mention.text);
  }

  private complain(text: string): void {
    this.store.update(inbox.withNotice({ tone: "red", text: text || "That did not work. Try again." }));
  }

  private change<C extends keyof InboxCalls>(event: C, payload: Change<C>): Promise<Ack<C>> {
    return this.caller.call(event, { client_id: newId(), ...payload } as unknown as InboxCalls[C]);
  }
}
