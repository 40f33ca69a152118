import type { Socket } from "socket.io-client";
import { hearing } from "../../shared/client/hearing";
import { newId } from "../../shared/client/ids";
import type { Store } from "../../shared/client/store";
import type { InboxCalls, InboxEvents, TemplateChosen } from "../../shared/contract";
import { ApiError, fetchDeliveries, fetchTemplates, fetchWays } from "../../shared/desk/api";
import { customerName } from "../../shared/desk/words";
import { withDeliveries, withDelivery } from "../state/deliveries";
import type * as inbox from "../state/inbox";
import { onReach, withNotice } from "../state/inbox";
import { isMine, ofConversation } from "../state/rows";
import type { Ack, Caller, Change } from "./caller";

/** Customers who write by Telegram and the like: what became of messages there, and what may be sent. */
export class ChannelDesk {
  constructor(
    socket: Socket,
    private readonly store: Store<inbox.Inbox>,
    private readonly spoken: Store<string>,
    private readonly caller: Caller,
    private readonly failed: (error: unknown) => void,
  ) {
    const hear = hearing<InboxEvents>(socket);
    hear("delivery_changed", ({ conversation_id, ...state }) => {
      store.update(withDelivery(conversation_id, state));
      if (state.state === "failed") this.notDelivered(conversation_id);
    });
    hear("reach_changed", ({ conversation_id, reach }) => store.update(onReach(conversation_id, reach)));
  }

  /** What became of everything that went out; pushed changes keep it true. */
  async load(conversationId: string): Promise<void> {
    try {
      this.store.update(withDeliveries(conversationId, await fetchDeliveries(conversationId)));
    } catch (error) {
      this.failed(error);
    }
  }

  /** After a connection was lost: whatever is known may be old. */
  reconnected(): void {
    for (const id of Object.keys(this.store.state.deliveries)) void this.load(id);
  }

  /** The channel's approved texts, or why there are none to choose from. */
  templates(conversationId: string) {
    return this.asked(() => fetchTemplates(conversationId));
  }

  /** How else the customer may be reached. */
  ways(conversationId: string) {
    return this.asked(() => fetchWays(conversationId));
  }

  sendTemplate(conversationId: string, template: TemplateChosen): Promise<Ack<"message_send">> {
    return this.change("message_send", { conversation_id: conversationId, template });
  }

  retry(conversationId: string, seq: number): Promise<Ack<"delivery_retry">> {
    return this.change("delivery_retry", { conversation_id: conversationId, seq });
  }

  mail(conversationId: string, seq: number): Promise<Ack<"delivery_mail">> {
    return this.change("delivery_mail", { conversation_id: conversationId, seq });
  }

  /** The chat itself shows it; whoever looks at another is told here. */
  private notDelivered(conversationId: string): void {
    const { rows, selected, self } = this.store.state;
    const row = ofConversation(rows, conversationId);
    if (!row || !self || !isMine(row, self.agent_id)) return;
    const text = `A message to ${customerName(row.customer.name)} was not delivered.`;
    if (row.handoff_id === selected) this.spoken.update(() => text);
    else this.store.update(withNotice({ tone: "red", text }));
  }

  private async asked<T>(ask: () => Promise<T>): Promise<T | { problem: string }> {
    try {
      return await ask();
    } catch (error) {
      this.failed(error);
      return { problem: error instanceof ApiError ? error.message : "That did not work. Try again." };
    }
  }

  private change<C extends keyof InboxCalls>(event: C, payload: Change<C>): Promise<Ack<C>> {
    return this.caller.call(event, { client_id: newId(), ...payload } as unknown as InboxCalls[C]);
  }
}
