import type { Socket } from "socket.io-client";
import { hearing } from "../../shared/client/hearing";
import { newId } from "../../shared/client/ids";
import type { Store } from "../../shared/client/store";
import type { InboxCalls, InboxEvents, TemplateChosen } from "../../shared/contract";
import { ApiError, fetchDeliveries, fetchTemplates, fetchWays } from "../../shared/desk/api";
import { withDeliveries, withDelivery } from "../state/deliveries";
import type * as inbox from "../state/inbox";
import { onReach } from "../state/inbox";
import type { Ack, Caller, Change } from "./caller";

/** Customers who write by Telegram and the like: what became of messages there, and what may be sent. */
export class ChannelDesk {
  constructor(
    socket: Socket,
    private readonly store: Store<inbox.Inbox>,
    private readonly caller: Caller,
    private readonly failed: (error: unknown) => void,
  ) {
    const hear = hearing<InboxEvents>(socket);
    hear("delivery_changed", ({ conversation_id, ...state }) =>
      store.update(withDelivery(conversation_id, state)),
    );
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
