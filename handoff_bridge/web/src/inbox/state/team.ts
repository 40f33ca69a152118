import type { Colleague } from "../../shared/contract";

/** A team, and how many of it are at their desk. */
export type Team = { name: string; there: number };

const isThere = ({ status }: Colleague): boolean => status === "available" || status === "busy";

/** Everybody else, whoever is there first. */
export function others(agents: readonly Colleague[], me: string): Colleague[] {
  return agents
    .filter((agent) => agent.agent_id !== me)
    .sort(
      (one, other) => Number(isThere(other)) - Number(isThere(one)) || one.name.localeCompare(other.name),
    );
}

/** The teams that somebody else belongs to, by name. */
export function teamsOf(agents: readonly Colleague[], me: string): Team[] {
  const members = others(agents, me);
  const names = [...new Set(members.flatMap(({ team }) => team ?? []))].sort();
  return names.map((name) => ({
    name,
    there: members.filter((one) => one.team === name && isThere(one)).length,
  }));
}
