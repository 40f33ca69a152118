import { expect, test } from "vitest";
import { englishWords } from "../../shared/englishWords";
import { transcript } from "./transcript";

test("the saved chat names who spoke and says who was automated", () => {
  const stay = { kind: "stay", id: "S-1", title: "Room 12", status: "Booked", rows: [] };
  const base = { message_id: "m", at: "2026-05-01T10:00:00Z" };
  const text = transcript(
    [
      { ...base, seq: 1, sender: "bot", text: "Hello" },
      { ...base, seq: 2, sender: "customer", attachments: [{ attachment_id: "p" }] },
      { ...base, seq: 3, sender: "system", text: "Maria has joined." },
      { ...base, seq: 5, sender: "bot", text: "Here it is.", cards: [stay] },
      { ...base, seq: 4, sender: "agent", agent: { name: "Maria" }, text: "Hi" },
    ],
    { company: "Quay & Sons", assistant: "Robin" },
    englishWords,
    new Date("2026-05-01T11:00:00Z"),
  );
  expect(text).toContain("Robin (automated assistant): Hello");
  expect(text).toContain("You: [Photo]");
  expect(text).toContain("-- Maria has joined. --");
  expect(text).toContain("Maria: Hi");
  expect(text).toContain(": Here it is. [Room 12, Booked]");
});
