import type { Me, Person, Role } from "../../shared/contract";
import { PRESENCES } from "../../shared/desk/words";

export const ROLE_WORDS: Record<Role, string> = {
  owner: "Owner",
  supervisor: "Supervisor",
  agent: "Agent",
};

/** The roles that somebody may give. */
export const rolesOf = (me: Pick<Me, "role">): Role[] =>
  me.role === "owner" ? ["agent", "supervisor", "owner"] : ["agent"];

/** How an account stands: whether they can sign in, and else their presence. */
export function standing({ account, status, invited_until: until }: Person): string {
  if (account === "disabled") return "Disabled";
  if (account === "invited") return until ? "Invited" : "Not invited yet";
  return PRESENCES.find((known) => known.value === status)?.word ?? status;
}

/** "returns 3, refunds 5" as levels by skill; undefined where a part is not one. */
export function skillsIn(text: string): Record<string, number> | undefined {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
  const found: Record<string, number> = {};
  for (const part of parts) {
    const [, name, level] = part.match(/^(.+?)(?:\s+([1-5]))?$/) ?? [];
    if (!name || /\s\d+$/.test(name)) return undefined;
    found[name] = Number(level ?? 3);
  }
  return found;
}

export const skillsText = (skills: Record<string, number>) =>
  Object.entries(skills)
    .map(([name, level]) => `${name} ${level}`)
    .join(", ");

export const languagesIn = (text: string) =>
  text
    .split(/[\s,]+/)
    .map((code) => code.trim().toLowerCase())
    .filter(Boolean);
