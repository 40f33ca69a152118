import { expect, test } from "vitest";
import type { Colleague } from "../../shared/contract";
import { others, teamsOf } from "./team";

const colleague = (name: string, status: Colleague["status"], team?: string): Colleague => ({
  agent_id: name.toLowerCase(),
  name,
  status,
  capacity: 5,
  load: 0,
  ...(team && { team }),
});

const TEAM = [
  colleague("Ana", "offline", "orders"),
  colleague("Dana", "busy"),
  colleague("Maria", "available", "returns"),
  colleague("Sam", "available", "orders"),
];

test("whoever is there comes first, and oneself not at all", () => {
  expect(others(TEAM, "maria").map(({ name }) => name)).toEqual(["Dana", "Sam", "Ana"]);
});

test("a team of oneself alone is none to pass a chat on to", () => {
  expect(teamsOf(TEAM, "maria")).toEqual([{ name: "orders", there: 1 }]);
  expect(teamsOf(TEAM, "dana")).toEqual([
    { name: "orders", there: 1 },
    { name: "returns", there: 1 },
  ]);
});
