import { expect, it } from "vitest";
import type { Colleague } from "../../shared/contract";
import { atBefore, namesFor } from "./names";

const agent = (agent_id: string, name: string): Colleague => ({
  agent_id,
  name,
  status: "available",
  capacity: 5,
  load: 0,
});
const AGENTS = [agent("me", "Sam Ode"), agent("2", "Sam Lee"), agent("3", "Dana")];
const names = (query: string) => namesFor(AGENTS, query, "me").map((one) => one.name);

it("knows an @ that begins a name from one within a word", () => {
  expect(atBefore("@", 1)).toEqual({ start: 0, query: "" });
  expect(atBefore("ask (@Sam L", 11)).toEqual({ start: 5, query: "Sam L" });
  for (const text of ["a@b", "x.@y", "@@", "@Sam\n"]) {
    expect(atBefore(text, text.length)).toBeUndefined();
  }
});

it("offers colleagues by any of their names, never oneself", () => {
  expect(names("")).toEqual(["Sam Lee", "Dana"]);
  expect(names("sam")).toEqual(["Sam Lee"]);
  expect(names("lee")).toEqual(["Sam Lee"]);
  expect(names("Sam Lee ")).toEqual([]);
});
