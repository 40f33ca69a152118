/** Who is talking now, in words. Pure. */

import type { ConversationStatus, WidgetWord } from "../../shared/contract";
import { fullTime, sentenceCase } from "../../shared/time";
import type { Words } from "../../shared/words";

export interface Who {
  kind: "bot" | "queue" | "agent";
  name: string;
  role: string;
}

export function who(status: ConversationStatus, assistant: string, words: Words<WidgetWord>): Who {
  if (status.owner === "queue") {
    return { kind: "queue", name: words.say("in_line"), role: waiting(status, words) };
  }
  if (status.owner === "agent") {
    const { name = words.say("agent_name"), team } = status.agent ?? {};
    return { kind: "agent", name, role: teamName(team, words) };
  }
  return { kind: "bot", name: assistant, role: words.say("bot_role") };
}

/** "returns" and "returns team" both read "Returns team". */
export function teamName(team: string | undefined, words: Words<WidgetWord>): string {
  const name = (team ?? "").replace(/[_-]+/g, " ").trim();
  if (!name) return words.say("agent_role");
  return sentenceCase(/\bteam$/i.test(name) ? name : words.say("team", { team: name }));
}

/** What is promised takes the place of any estimate: nobody is there to serve the line. */
export function waiting(status: ConversationStatus, words: Words<WidgetWord>): string {
  const { promise, position, eta_range } = status;
  if (promise) return words.say("answer_by", { when: fullTime(promise.answer_by, words.locale) });
  const minutes = eta_range && aboutMinutes(eta_range, words);
  if (!position) return minutes ? sentenceCase(minutes) : words.say("colleague_soon");
  const place = words.ordinal(position);
  return sentenceCase(minutes ? words.say("place_eta", { place, minutes }) : words.say("place", { place }));
}

/** As the line in the chat has it: never less than a minute, rounded away from the middle. */
function aboutMinutes([shortest = 0, longest = 0]: number[], words: Words<WidgetWord>): string {
  const low = Math.max(1, Math.floor(shortest / 60));
  const high = Math.max(1, Math.ceil(longest / 60));
  return low < high ? words.say("about_range", { low, high }) : words.say("about_minutes", { count: high });
}
