import type { Colleague } from "../../shared/contract";
import type { Token } from "./canned";

/** Colleagues whom a note is about to name. */

export function atBefore(text: string, caret: number): Token | undefined {
  const found = /(?:^|[^\w@.])@([^\n@]{0,40})$/.exec(text.slice(0, caret));
  if (!found) return undefined;
  const query = found[1] ?? "";
  return { start: caret - query.length - 1, query };
}

/** Those one of whose names begins so; nobody names themselves. */
export function namesFor(agents: readonly Colleague[], query: string, myId: string): Colleague[] {
  const wanted = query.toLowerCase();
  const begins = ({ name }: Colleague) => {
    const whole = name.toLowerCase();
    return whole.startsWith(wanted) || whole.split(/\s+/).some((part) => part.startsWith(wanted));
  };
  return agents.filter((agent) => agent.agent_id !== myId && begins(agent));
}
