import type {
  CannedRepliesDocument,
  ChannelTemplates,
  Deliveries,
  DocumentVersions,
  Events,
  FoundConversations,
  Handoffs,
  LiveConversations,
  LogEntry,
  LoggedIn,
  Login,
  Me,
  Mistake,
  Packet,
  Preview,
  PreviewRequest,
  RecoveryCodes,
  Report,
  RoutingDocument,
  SecondFactorBegun,
  SelfService,
  SignInOptions,
  Simulated,
  SimulateRequest,
  TeamsDocument,
  Texts,
  Ways,
} from "../contract";
import { ownZone } from "../time";

/** The bridge's HTTP API for agents. The login is a cookie; every failure becomes one ApiError. */

export class ApiError extends Error {
  /** `unreachable` if no answer came at all, else the server's stable code. */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 0,
    /** Of a document that was refused: what is wrong in it. */
    readonly mistakes: Mistake[] = [],
  ) {
    super(message);
  }
  get isSignedOut(): boolean {
    return this.status === 401;
  }
}

const DEADLINE_MS = 15_000;
// The bridge gives up first.
const SIMULATION_MS = 30_000;

export async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await answer(path, init);
  const body = await response.json().catch(() => undefined);
  if (!response.ok || body?.ok === false) {
    const code = body?.error ?? `http_${response.status}`;
    throw new ApiError(code, body?.message ?? "", response.status, body?.mistakes);
  }
  // Cut off on the way, or not the bridge's: nothing to build a page on.
  if (body === undefined) throw new ApiError("unreachable", "The server does not answer.");
  return body as T;
}

async function answer(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`/api/v1${path}`, { signal: AbortSignal.timeout(DEADLINE_MS), ...init });
  } catch {
    throw new ApiError("unreachable", "The server does not answer.");
  }
}

export const sending = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});
export const post = (body: unknown) => sending("POST", body);

export const fetchMe = () => call<Me>("/auth/me");
export const logIn = (login: Login) => call<LoggedIn>("/auth/login", post(login));
export const logOut = () => call("/auth/logout", post({}));
export const fetchSignInOptions = () => call<SignInOptions>("/auth/options");
export const beginSecondFactor = (code?: string) =>
  call<SecondFactorBegun>("/auth/totp", post(code ? { code } : {}));
export const confirmSecondFactor = async (code: string) =>
  (await call<RecoveryCodes>("/auth/totp/confirm", post({ code }))).recovery_codes;
export const fetchPacket = (handoffId: string) => call<Packet>(`/handoffs/${encodeURIComponent(handoffId)}`);
/** All that are open, or a page of those that are over, the latest first. */
export const fetchHandoffs = async (are: "open" | "ended", limit: number, before?: string) =>
  (
    await call<Handoffs>(
      `/handoffs?${new URLSearchParams({ are, limit: String(limit), ...(before && { before }) })}`,
    )
  ).handoffs;
/** One as a list has it; undefined where there is none of that id. */
export const fetchHandoff = async (handoffId: string) =>
  (await call<Handoffs>(`/handoffs?${new URLSearchParams({ handoff_id: handoffId })}`)).handoffs[0];
/** A page of what a search finds; `before` is where the page before has ended. */
export const searchConversations = (q: string, before?: string) =>
  call<FoundConversations>(`/conversations?${new URLSearchParams({ q, ...(before && { before }) })}`);
export const fetchLive = async () => (await call<LiveConversations>("/conversations/live")).conversations;
export const fetchSelfService = () => call<SelfService>("/reports/self-service");
/** Of today as it is where the reader's clock is, which the page shows. */
export const fetchReport = () => call<Report>(`/reports/today?zone=${encodeURIComponent(ownZone())}`);

export const photoUrl = (attachmentId: string) => `/api/v1/uploads/${encodeURIComponent(attachmentId)}`;

export async function fetchEvents(conversationId: string, after = 0): Promise<LogEntry[]> {
  const path = `/conversations/${encodeURIComponent(conversationId)}/events?after=${after}`;
  return (await call<Events>(path)).events;
}

const ofChat = (conversationId: string, what: string) =>
  `/conversations/${encodeURIComponent(conversationId)}/${what}`;
/** What became of each message on the customer's own channel. */
export const fetchDeliveries = async (conversationId: string) =>
  (await call<Deliveries>(ofChat(conversationId, "deliveries"))).deliveries;
/** The channel's approved texts. */
export const fetchTemplates = async (conversationId: string) =>
  (await call<ChannelTemplates>(ofChat(conversationId, "templates"))).templates;
/** How else the customer of my chat may be reached. */
export const fetchWays = (conversationId: string) => call<Ways>(ofChat(conversationId, "ways"));

/** What the customer would read if their agent ended it so. */
export const fetchPreview = async (handoffId: string, ending: PreviewRequest) =>
  (await call<Preview>(`/handoffs/${encodeURIComponent(handoffId)}/preview`, post(ending))).messages;

/** The bridge's own sentences, for previews of what a customer will read. */
export async function fetchTexts(language: string): Promise<Record<string, string>> {
  return (await call<Texts>(`/texts/${encodeURIComponent(language)}`)).sentences;
}

/** What supervisors edit, by name. */
export type Documents = {
  teams: TeamsDocument;
  routing: RoutingDocument;
  "canned-replies": CannedRepliesDocument;
};

/** The newest version, or another. */
export const fetchDocument = <N extends keyof Documents>(name: N, version?: number) =>
  call<Documents[N]>(`/${name}${version === undefined ? "" : `?version=${version}`}`);
/** Saves the next version after `version`. */
export const saveDocument = <N extends keyof Documents>(name: N, version: number, text: string) =>
  call<Documents[N]>(`/${name}`, sending("PUT", { version, text }));
/** A day as it goes now, and as it would go; nothing is saved. */
export const simulateDay = (request: SimulateRequest) =>
  call<Simulated>("/routing/simulate", { ...post(request), signal: AbortSignal.timeout(SIMULATION_MS) });
/** Newest first; `before` a version for older ones. */
export const fetchVersions = async (name: keyof Documents, before?: number) =>
  (await call<DocumentVersions>(`/${name}/versions${before === undefined ? "" : `?before=${before}`}`))
    .versions;
