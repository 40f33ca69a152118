import { expect, test } from "vitest";
import { languagesIn, rolesOf, skillsIn, skillsText } from "./words";

test("skills are levels by name, 3 where none is given", () => {
  expect(skillsIn("returns 5, big refunds,")).toEqual({ returns: 5, "big refunds": 3 });
  expect(skillsIn("")).toEqual({});
  expect(skillsIn("returns 9")).toBeUndefined();
  expect(skillsIn(skillsText({ returns: 5, vip: 1 }))).toEqual({ returns: 5, vip: 1 });
});

test("languages are codes, however they are separated", () => {
  expect(languagesIn("EN, de fr")).toEqual(["en", "de", "fr"]);
});

test("supervisors add agents, owners anybody", () => {
  expect(rolesOf({ role: "supervisor" })).toEqual(["agent"]);
  expect(rolesOf({ role: "owner" })).toContain("owner");
});
