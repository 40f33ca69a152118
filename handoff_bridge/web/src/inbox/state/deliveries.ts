import type { DeliveryState } from "../../shared/contract";

/** What became of messages on the customer's own channel, by their numbers. */
export type Deliveries = Readonly<Record<number, DeliveryState>>;

/** Whatever keeps them, by conversation. */
type Keeps = { readonly deliveries: Readonly<Record<string, Deliveries>> };

export const withDelivery =
  (conversationId: string, state: DeliveryState) =>
  <S extends Keeps>(inbox: S): S => ({
    ...inbox,
    deliveries: {
      ...inbox.deliveries,
      [conversationId]: { ...inbox.deliveries[conversationId], [state.seq]: state },
    },
  });

/** As they were fetched; what was pushed meanwhile is newer, and stays. */
export const withDeliveries =
  (conversationId: string, fetched: readonly DeliveryState[]) =>
  <S extends Keeps>(inbox: S): S => {
    const known = inbox.deliveries[conversationId] ?? {};
    const newest = fetched.map((state): [number, DeliveryState] => {
      const pushed = known[state.seq];
      return [state.seq, pushed && pushed.at > state.at ? pushed : state];
    });
    const all = { ...known, ...Object.fromEntries(newest) };
    return { ...inbox, deliveries: { ...inbox.deliveries, [conversationId]: all } };
  };

export const STATE_WORDS: Record<DeliveryState["state"], string> = {
  pending: "Sending",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  failed: "Not delivered",
};
