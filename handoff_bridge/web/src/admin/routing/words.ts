import type { Condition, RoutingStep } from "../../shared/contract";
import { languageWord } from "../teams/words";

/** Names as people read them. */
const plain = (name: string) => name.replaceAll("_", " ");

const either = (names: string[]) => {
  const last = names.at(-1) ?? "";
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} or ${last}` : last;
};

/** Of which chats a step is; a line each, all of which have to hold. */
export function whenLines(when: Condition): string[] {
  const lists: [string, string[] | undefined][] = [
    ["topic", when.topic?.map(plain)],
    ["reason", when.trigger?.map(plain)],
    ["language", when.language?.map(languageWord)],
    ["tier", when.tier],
    ["channel", when.channel],
  ];
  const lines = lists.flatMap(([name, found]) => (found ? [`${name} ${either(found)}`] : []));
  if (when.last_agent === true) lines.push("the customer has had an agent before");
  if (when.last_agent === false) lines.push("the customer has had no agent yet");
  return lines.length ? lines : ["every chat"];
}

/** Whom a step wants; a line each, all of which have to be true of an agent. */
export function wantedLines(step: RoutingStep): string[] {
  const skills = Object.entries(step.skills).map(
    ([skill, level]) => `${plain(skill)}, level ${level}${level < 5 ? " or more" : ""}`,
  );
  const lines = [
    ...(step.last_agent ? ["the agent whom the customer had last"] : []),
    ...(step.team ? [`team ${step.team}`] : []),
    ...skills,
    ...(step.speaks_language ? ["speaks the customer’s language"] : []),
  ];
  return lines.length ? lines : ["anyone"];
}

/** "45 s", "1 min 30 s", "10 min". */
export function secsWords(secs: number): string {
  const minutes = Math.floor(secs / 60);
  const left = secs % 60;
  return [minutes && `${minutes} min`, (left || !minutes) && `${left} s`].filter(Boolean).join(" ");
}

/** When each step begins at the latest, in seconds; the last is anyone's. */
export function beginnings(steps: readonly RoutingStep[]): number[] {
  let begins = 0;
  return [
    0,
    ...steps.map((step) => {
      begins += step.expires_secs;
      return begins;
    }),
  ];
}
