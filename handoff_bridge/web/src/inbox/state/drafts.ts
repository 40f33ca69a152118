import { hasGap } from "./canned";
import type { Kind } from "./outbox";

/** What the agent has typed and not sent: a text for each chat and kind, empty ones left out. */
export type Drafts = Readonly<Record<string, string>>;

export const MOST_LETTERS = 5000;

export const draftKey = (conversationId: string, kind: Kind): string => `${conversationId}.${kind}`;

export const draftOf = (drafts: Drafts, conversationId: string, kind: Kind): string =>
  drafts[draftKey(conversationId, kind)] ?? "";

export function withDraft(drafts: Drafts, conversationId: string, kind: Kind, text: string): Drafts {
  const { [draftKey(conversationId, kind)]: _, ...others } = drafts;
  return text ? { ...others, [draftKey(conversationId, kind)]: text } : others;
}

export const hasDraft = (drafts: Drafts, conversationId: string): boolean =>
  Boolean(draftOf(drafts, conversationId, "reply") || draftOf(drafts, conversationId, "note"));

/** Whether a text may be sent as it is: not with a gap that a canned reply has left. */
export const isSendable = (text: string): boolean =>
  text.trim() !== "" && text.length <= MOST_LETTERS && !hasGap(text);
