import type { Simulated, SimulatedGroup } from "../../shared/contract";
import { languageWord } from "../teams/words";

/** Now, and with the text that is tried. */
export type Pair = [number | undefined, number | undefined];
export type Row = { name: string; counts: Pair[]; median: Pair; p90: Pair };

/** Everybody, then each team and language, where there are several. */
export function rowsOf({ now, proposal }: Simulated): Row[] {
  return [
    rowOf("Everybody", now.all, proposal.all),
    ...groupsOf(now.teams, proposal.teams, (name) => (name ? `Team ${name}` : "No team")),
    ...groupsOf(now.languages, proposal.languages, (name) => (name ? languageWord(name) : "No language")),
  ];
}

function groupsOf(
  now: SimulatedGroup[],
  then: SimulatedGroup[],
  word: (name: string | undefined) => string,
): Row[] {
  if (now.length < 2) return [];
  return now.map((one) =>
    rowOf(
      word(one.name),
      one,
      then.find(({ name }) => name === one.name),
    ),
  );
}

function rowOf(name: string, now: SimulatedGroup, then: SimulatedGroup | undefined): Row {
  const pair = (of: (group: SimulatedGroup) => number | undefined): Pair => [of(now), then && of(then)];
  return {
    name,
    counts: [
      pair(({ came }) => came),
      pair(({ left }) => left),
      pair(({ promised }) => promised),
      pair(({ broken }) => broken),
    ],
    median: pair(({ median_secs }) => median_secs),
    p90: pair(({ p90_secs }) => p90_secs),
  };
}

/** Each agent's share of places that were taken. */
export const staffOf = ({ now, proposal }: Simulated): [string, Pair][] =>
  now.agents.map((agent, at) => [agent.name, [agent.occupancy, proposal.agents[at]?.occupancy]]);

/** "1:05"; a dash where nobody waited. */
export function waitWords(secs: number | undefined): string {
  if (secs === undefined) return "–";
  const whole = Math.round(secs);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
