import { letters, MOST_LETTERS } from "../../shared/letters";
import { hasGap } from "./canned";
import type { Kind } from "./outbox";

/** What the agent has typed and not sent: a text for each chat and kind, empty ones left out. */
export type Drafts = Readonly<Record<string, string>>;

/** What a text is typed for; whispers are sent at once, by supervisors. */
export type DraftKind = Kind | "whisper";

export const draftKey = (conversationId: string, kind: DraftKind): string => `${conversationId}.${kind}`;

export const draftOf = (drafts: Drafts, conversationId: string, kind: DraftKind): string =>
  drafts[draftKey(conversationId, kind)] ?? "";

export function withDraft(drafts: Drafts, conversationId: string, kind: DraftKind, text: string): Drafts {
  const { [draftKey(conversationId, kind)]: _, ...others } = drafts;
  return text ? { ...others, [draftKey(conversationId, kind)]: text } : others;
}

export const hasDraft = (drafts: Drafts, conversationId: string): boolean =>
  Boolean(draftOf(drafts, conversationId, "reply") || draftOf(drafts, conversationId, "note"));

/** Whether the bridge takes the text as it will be sent. */
export const fits = (text: string, most = MOST_LETTERS): boolean => letters(text.trim()) <= most;
/** Whether it may go, with files or without: not with a gap that a canned reply has left. */
export const mayGo = (text: string): boolean => fits(text) && !hasGap(text);
export const isSendable = (text: string): boolean => text.trim() !== "" && mayGo(text);
