/** Who is talking now, in words. Pure. */

import type { ConversationStatus } from "../../shared/contract";
import { aboutMinutes, fullTime, place } from "../../shared/time";

export interface Who {
  kind: "bot" | "queue" | "agent";
  name: string;
  role: string;
}

export function who(status: ConversationStatus, assistant: string): Who {
  if (status.owner === "queue") return { kind: "queue", name: "In line for a person", role: waiting(status) };
  if (status.owner === "agent") {
    return { kind: "agent", name: status.agent?.name ?? "Our team", role: teamName(status.agent?.team) };
  }
  return { kind: "bot", name: assistant, role: "Automated assistant" };
}

/** "returns" and "returns team" both read "Returns team". */
export function teamName(team: string | undefined): string {
  const words = (team ?? "").replace(/[_-]+/g, " ").trim();
  if (!words) return "Customer care";
  const named = /\bteam$/i.test(words) ? words : `${words} team`;
  return named.charAt(0).toLocaleUpperCase() + named.slice(1);
}

/** What is promised takes the place of any estimate: nobody is there to serve the line. */
export function waiting(status: ConversationStatus): string {
  if (status.promise) return `Answer by ${fullTime(status.promise.answer_by)}`;
  const where = status.position ? place(status.position) : undefined;
  const eta = status.eta_range && aboutMinutes(status.eta_range);
  const sentence = [where && `${where} in line`, eta].filter(Boolean).join(", ");
  return sentence
    ? sentence.charAt(0).toLocaleUpperCase() + sentence.slice(1)
    : "A colleague will be here soon";
}
