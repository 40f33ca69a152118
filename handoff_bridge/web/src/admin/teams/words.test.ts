import { expect, test } from "vitest";
import type { TeamNow } from "../../shared/contract";
import { NEW_TEAM } from "./teamText";
import { modeWords, openWords, skillWords } from "./words";

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const elsewhere = new Date(2026, 10, 28).getTimezoneOffset() === 0 ? "Asia/Tokyo" : "UTC";
const noon = new Date(2026, 10, 28, 12);
const team = (fields: Partial<TeamNow>): TeamNow => ({ open: true, holidays: [], members: [], ...fields });
const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString();

test("a team says whether it is open, and when that changes", () => {
  expect(openWords(team({}), noon)).toBe("Always open");
  expect(openWords(team({ open: false }), noon)).toBe("Closed");
  expect(openWords(team({ changes_at: at(28, 18) }), noon, here)).toMatch(/^Open until .*(18|06):00[^y]*$/);
  const tomorrow = team({ open: false, changes_at: at(29, 9) });
  expect(openWords(tomorrow, noon, here)).toMatch(/^Closed, opens Sunday.* 09:00/);
  expect(openWords(team({ open: false, changes_at: at(58, 9) }), noon, here)).toContain("December");
});

test("where the team's clocks are others, it says whose time it is", () => {
  expect(openWords(team({ changes_at: at(28, 18) }), noon, elsewhere)).toContain("your time");
});

test("a member says what they know and speak", () => {
  const maria = { agent_id: "1", name: "Maria", skills: { complaints: 4, law: 2 }, languages: ["de"] };
  expect(skillWords(maria)).toBe("complaints 4, law 2 · German");
  expect(skillWords({ ...maria, skills: {}, languages: [] })).toBe("");
});

test("a team says how it takes chats", () => {
  expect(modeWords(NEW_TEAM)).toBe("Whoever takes a chat has it");
  expect(modeWords({ ...NEW_TEAM, mode: "offers", order: "least_busy" })).toBe(
    "Offered in turn, fewest chats first; 30 s to accept, 5 s between two",
  );
});
