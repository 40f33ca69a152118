import { afterEach, expect, test, vi } from "vitest";
import { fetchPacket } from "./api";

afterEach(() => vi.unstubAllGlobals());

test("an answer that breaks off half-way is no answer", async () => {
  vi.stubGlobal("fetch", async () => new Response('{"slots": {', { status: 200 }));
  await expect(fetchPacket("h1")).rejects.toMatchObject({ code: "unreachable" });
});
