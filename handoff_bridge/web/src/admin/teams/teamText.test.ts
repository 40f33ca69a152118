import { expect, test } from "vitest";
import type { Team } from "../../shared/contract";
import { fieldsOf, NEW_TEAM, withoutTeam, withTeam } from "./teamText";

const TEXT = `# Ours.
teams:
  returns:
    mode: claim # for now
    hours:
      zone: Europe/Berlin
      open:
        monday: [09:00-18:00]
  orders: {}
  nights:
default: {}
`;
const RETURNS: Team = {
  ...NEW_TEAM,
  hours: { zone: "Europe/Berlin", closed: [], open: { monday: ["09:00-18:00"] } },
};

test("nothing changed is nothing written", () => {
  const fields = fieldsOf(RETURNS);
  expect(withTeam(TEXT, "returns", fields, fields)).toBe(TEXT);
});

test("only what was changed is written, and comments stay", () => {
  const before = fieldsOf(RETURNS);
  const open = { ...before.open, monday: "09:00-12:00,13:00-17:00", tuesday: "10:00-12:00" };
  const after = { ...before, mode: "offers" as const, open, holidays: "NO", languages: "de, no" };
  const hours = `      open:
        monday: [09:00-12:00, 13:00-17:00]
        tuesday: [10:00-12:00]
      holidays: NO
    languages: [de, no]
`;
  const expected = TEXT.replace("mode: claim", "mode: offers").replace(/ +open:\n.+\n/, hours);
  expect(withTeam(TEXT, "returns", before, after)).toBe(expected);
});

test("what is emptied is left out", () => {
  const before = fieldsOf({ ...RETURNS, languages: ["de"] });
  const text = TEXT.replace("    hours:", "    languages: [de]\n    hours:");
  expect(withTeam(text, "returns", before, { ...before, languages: "" })).toBe(TEXT);
  const closed = withTeam(TEXT, "returns", before, { ...before, hasHours: false });
  expect(closed).not.toContain("hours");
  expect(closed).toContain("mode: claim # for now\n  orders");
});

test("teams without a line of their own get some", () => {
  const before = fieldsOf(NEW_TEAM);
  const after = { ...before, mode: "offers" as const, accept_secs: "45" };
  for (const [name, empty] of [
    ["orders", "orders: {}"],
    ["nights", "nights:"],
  ] as const) {
    const lines = `${name}:\n    mode: offers\n    accept_secs: 45`;
    expect(withTeam(TEXT, name, before, after)).toBe(TEXT.replace(empty, lines));
  }
});

test("a new team has only what is not the default, in an empty text too", () => {
  const after = { ...fieldsOf(NEW_TEAM), longest_queue: "9", hasHours: true, zone: "UTC" };
  after.open.friday = "09:00-24:00";
  expect(withTeam("", "care", undefined, after)).toBe(`teams:
  care:
    longest_queue: 9
    hours:
      zone: UTC
      open:
        friday: [09:00-24:00]
`);
});

test("a team goes with its lines", () => {
  expect(withoutTeam(TEXT, "orders")).toBe(TEXT.replace("  orders: {}\n", ""));
});

test("a text that is no YAML is nobody's to change", () => {
  const fields = fieldsOf(NEW_TEAM);
  expect(withTeam("teams: [", "care", undefined, fields)).toBeUndefined();
  expect(withoutTeam("teams: [", "care")).toBeUndefined();
});
