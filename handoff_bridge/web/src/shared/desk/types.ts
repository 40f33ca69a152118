/** What the bridge sends its agents: log events, queue rows, the packet, reports. Absent fields are left out by the server. */

export type Role = "agent" | "supervisor";
export type Me = { agent_id: string; name: string; email: string; role: Role; team?: string };

export type Presence = "available" | "busy" | "away" | "offline";
export type AgentLoad = { agent_id: string; status: Presence; load: number; capacity: number };
export type Colleague = AgentLoad & { name: string; team?: string };
export type Self = Me & AgentLoad;

/** A name; which there are is up to the assistant. */
export type Trigger = string;
/** What agents read of a trigger, by language. */
export type Labels = Record<string, string>;
export type TriggerLabels = Record<Trigger, Labels>;

export type Disposition = "resolved" | "follow_up" | "ticket_opened" | "spam";
export type SenderType = "customer" | "bot" | "agent" | "system";
export type Actor = { type: SenderType; id?: string; name?: string };
export type Attachment = { attachment_id: string; content_type?: string; width?: number; height?: number };
export type QuickReply = { title: string; payload?: string };
export type TurnAction = { name: string; arguments?: Record<string, unknown>; result?: string };
export type Turn = { actions?: TurnAction[]; slots_set?: Record<string, unknown> };

/** One entry of a conversation's log. Which optional fields it has follows from `type`. */
export type LogEvent = {
  seq: number;
  type: string;
  at: string;
  actor: Actor;
  message_id?: string;
  text?: string;
  attachments?: Attachment[];
  attachment?: { type?: string; payload?: { src?: string } };
  quick_replies?: QuickReply[];
  redacted?: string[];
  key?: string;
  reason?: string;
  failed_action?: string;
  from?: string;
  to?: string;
  agent?: { id?: string; agent_id?: string; name?: string };
  handoff_id?: string;
  trigger?: Trigger;
  triggers?: Trigger[];
  labels?: TriggerLabels;
  state?: string;
  disposition?: Disposition;
  outcome?: string;
  slots?: Record<string, unknown>;
  score?: number;
  ticket_number?: string;
  comment?: string;
  replies?: { text?: string; image?: string }[];
  turn?: Turn;
};

export type Customer = { name?: string; tier?: string; language?: string };
export type Row = {
  handoff_id: string;
  conversation_id: string;
  state: string;
  trigger: Trigger;
  triggers: Trigger[];
  labels?: TriggerLabels;
  reason: string;
  priority: number;
  team?: string;
  agent?: { agent_id: string; name: string };
  customer: Customer;
  channel: string;
  queued_at: string;
  claimed_at?: string;
  position?: number;
  last_message?: { text: string; sender: SenderType; at: string };
  last_seq: number;
  order_number?: string;
  unread?: number;
};

export type Snapshot = {
  agent: Self;
  queue: Row[];
  mine: Row[];
  agents: Colleague[];
  server_time?: string;
};

export type Order = {
  number: string;
  status: string;
  placed_at?: string;
  shipped_at?: string;
  expected_at?: string;
  delivered_at?: string;
  carrier?: string;
  tracking_url?: string;
  total?: string | number;
  currency?: string;
  items?: { sku?: string; name: string; variant?: string; quantity: number; price?: string | number }[];
  shipping_address?: unknown;
  payment_method?: string;
  cancellable?: boolean;
  returnable_until?: string;
};

export type EarlierHandoff = {
  handoff_id: string;
  trigger: Trigger;
  at: string;
  disposition?: Disposition;
  outcome?: string;
};

export type Packet = {
  handoff_id: string;
  conversation_id: string;
  customer: Customer & {
    id?: string;
    email?: string;
    since?: string;
    channels?: string[];
    earlier_handoffs?: EarlierHandoff[];
    orders?: Order[];
  };
  trigger: Trigger;
  triggers: Trigger[];
  labels?: TriggerLabels;
  reason?: string;
  summary: {
    request?: string;
    tried?: { what: string; outcome?: string; at?: string; seq?: number }[];
    promised?: { text: string; at?: string; seq?: number }[];
    open_question?: string;
    text?: string;
  };
  intents: { name: string; confidence: number; at?: string; seq?: number }[];
  entities: { entity: string; value: unknown; seq?: number }[];
  slots: Record<string, unknown>;
  steps: {
    action: string;
    arguments?: Record<string, unknown>;
    result?: string;
    ok?: boolean;
    at?: string;
    seq?: number;
  }[];
  authentication: { verified: boolean; method?: string; level?: string; at?: string };
  sentiment: { current?: unknown; trend?: "down" | "flat" | "up"; points?: MoodPoint[] };
  attachments: (Attachment & { at?: string; seq?: number })[];
  suggestions?: { articles?: SuggestedArticle[] };
};
export type SuggestedArticle = { article_id: string; title: string; score: number; answer: string };
export type MoodPoint = { score: number; label?: string; at?: string; seq?: number };

export type Figure = {
  key: string;
  title: string;
  definition: string;
  value?: number | null;
  unit: "count" | "seconds" | "percent";
  conversations?: string[];
};
export type Report = {
  date: string;
  generated_at: string;
  figures: Figure[];
  triggers: { trigger: Trigger; count: number; labels?: Labels }[];
  spans: { bot_seconds: number; queue_seconds: number; human_seconds: number };
  hours: { hour: number; handoffs: number; conversations: number }[];
};
