import { describe, expect, it } from "vitest";
import type { Simulated, SimulatedDay, SimulatedGroup } from "../../shared/contract";
import { rowsOf, staffOf, waitWords } from "./trying";

const group = (more: Partial<SimulatedGroup>): SimulatedGroup => ({
  came: 2,
  served: 2,
  left: 0,
  promised: 0,
  broken: 0,
  waits: [],
  ...more,
});
const day = (secs: number): SimulatedDay => ({
  all: group({ p90_secs: secs }),
  teams: [group({ name: "care", p90_secs: secs })],
  languages: [group({ name: "de", median_secs: secs }), group({})],
  agents: [{ name: "Ana", chats: 2, occupancy: secs / 100, declined: 0, missed: 0 }],
});
const tried: Simulated = { bins: [], now: day(50), proposal: day(20) };

describe("a day that was tried", () => {
  it("compares everybody, and groups where there are several", () => {
    expect(rowsOf(tried).map(({ name }) => name)).toEqual(["Everybody", "German", "No language"]);
    expect(rowsOf(tried)[0]?.p90).toEqual([50, 20]);
  });
  it("has nothing of a group that nobody belongs to any more", () => {
    const gone = { ...tried, proposal: { ...tried.proposal, languages: [] } };
    expect(rowsOf(gone)[1]?.median).toEqual([50, undefined]);
  });
  it("tells how busy agents were", () => {
    expect(staffOf(tried)).toEqual([["Ana", [0.5, 0.2]]]);
  });
  it("writes waits as clocks do", () => {
    expect([0, 64.6, 3600, undefined].map(waitWords)).toEqual(["0:00", "1:05", "60:00", "–"]);
  });
});
