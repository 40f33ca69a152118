import type { Message, Self, Row as SentRow, Snapshot } from "../../shared/contract";

/** Small pieces that the tests build on. */
export const AT = "2026-05-01T10:00:00Z";

export const customerSays = (seq: number, text = "Hello"): Message => ({
  seq,
  type: "message",
  at: AT,
  actor: { type: "customer", name: "Jo Marsh" },
  message_id: `m${seq}`,
  text,
});

export const row = (id: string, fields: Partial<SentRow> = {}): SentRow => ({
  handoff_id: id,
  conversation_id: `c-${id}`,
  state: "queued",
  trigger: "customer_request",
  triggers: ["customer_request"],
  label: "Asked for a person",
  reason: "Asked for a person.",
  priority: 0,
  customer: { name: "Jo Marsh" },
  verified: false,
  connected: true,
  channel: "web",
  queued_at: AT,
  last_seq: 1,
  ...fields,
});

export const mine = (id: string, fields: Partial<SentRow> = {}): SentRow =>
  row(id, { state: "claimed", agent: { agent_id: "me", name: "Maria Costa" }, ...fields });

export const self: Self = {
  agent_id: "me",
  name: "Maria Costa",
  email: "maria@example.com",
  role: "agent",
  status: "available",
  load: 1,
  capacity: 5,
};

export const snapshot = (fields: Partial<Snapshot> = {}): Snapshot => ({
  agent: self,
  queue: [],
  mine: [],
  agents: [],
  reminders: [],
  mentions: [],
  server_time: AT,
  ...fields,
});
