import { beforeEach, expect, test, vi } from "vitest";
import { upload } from "./files";

/** A request that a test answers. */
class FakeRequest {
  static last: FakeRequest;
  upload: { onprogress?: (event: object) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = "";
  headers: Record<string, string> = {};
  address = "";
  sent?: FormData;
  constructor() {
    FakeRequest.last = this;
  }
  open(_method: string, address: string) {
    this.address = address;
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  send(form: FormData) {
    this.sent = form;
  }
  abort() {
    this.onabort?.();
  }
  answer(status: number, body: object | string) {
    this.status = status;
    this.responseText = typeof body === "string" ? body : JSON.stringify(body);
    this.onload?.();
  }
}

const PDF = new File(["%PDF-1.7"], "bill.pdf", { type: "application/pdf" });
const begin = async (file = PDF, most = 1000) => {
  const shares: number[] = [];
  const going = upload(file, "/uploads", { Authorization: "Bearer x" }, most, (share) => shares.push(share));
  going.done.catch(() => undefined);
  await vi.waitFor(() => FakeRequest.last?.sent ?? Promise.reject());
  return { ...going, shares, request: FakeRequest.last };
};

/** A browser that opens nothing. */
class NoImage {
  onerror?: () => void;
  set src(_: string) {
    this.onerror?.();
  }
}

beforeEach(() => {
  vi.useRealTimers();
  vi.stubGlobal("Image", NoImage);
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
  FakeRequest.last = undefined as unknown as FakeRequest;
});

test("a file goes up with its name, tells its progress, and comes back as an attachment", async () => {
  const { done, shares, request } = await begin();
  expect([request.address, request.headers.Authorization]).toEqual(["/uploads", "Bearer x"]);
  expect(request.sent?.get("file")).toMatchObject({ name: "bill.pdf" });
  request.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 4 });
  request.answer(200, { ok: true, attachment_id: "a1", content_type: "application/pdf", size: 8 });
  expect(await done).toEqual({ attachment_id: "a1", content_type: "application/pdf", size: 8 });
  expect(shares).toEqual([0.25]);
});

test("what is too large is told before it goes, with the limit", async () => {
  const file = new File([new Uint8Array(3 * 2 ** 20)], "big.pdf", { type: "application/pdf" });
  const { done } = upload(file, "/uploads", {}, 2 * 2 ** 20, () => undefined);
  await expect(done).rejects.toThrow("This file has 3 MB; at most 2 MB go through here.");
  expect(FakeRequest.last?.sent).toBeUndefined();
});

test("a photo that the browser cannot read goes as it is: the bridge says what is wrong", async () => {
  const file = new File(["no photo"], "a.jpg", { type: "image/jpeg" });
  const { request } = await begin(file);
  expect(request.sent?.get("file")).toMatchObject({ size: file.size });
});

test("a HEIC photo that the browser cannot read is told, whatever its name says", async () => {
  const file = new File(["\0\0\0\x18ftypheic\0\0"], "a.jpg", { type: "image/jpeg" });
  const { done } = upload(file, "/uploads", {}, 1000, () => undefined);
  await expect(done).rejects.toMatchObject({ error: "heic", mayPass: false });
  expect(FakeRequest.last?.sent).toBeUndefined();
});

test.each([
  [
    415,
    { ok: false, error: "not_a_pdf", message: "That file is not a PDF." },
    "That file is not a PDF.",
    false,
  ],
  [413, { ok: false, error: "upload_quota", message: "Full." }, "Full.", false],
  [429, { ok: false, error: "rate_limited", message: "Too many." }, "Too many.", true],
  [408, { ok: false, error: "too_slow", message: "Too slow." }, "Too slow.", true],
  [502, "<html>", "The file did not get through.", true],
])("a refusal with %i is told; trying again helps where it may", async (status, body, message, mayPass) => {
  const { done, request } = await begin();
  request.answer(status, body);
  await expect(done).rejects.toMatchObject({ message, mayPass });
});

test("a line that breaks or goes silent may pass", async () => {
  const broken = await begin();
  broken.request.onerror?.();
  await expect(broken.done).rejects.toMatchObject({ mayPass: true });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  FakeRequest.last = undefined as unknown as FakeRequest;
  const going = upload(PDF, "/uploads", {}, 1000, () => undefined);
  const refused = expect(going.done).rejects.toMatchObject({ mayPass: true });
  await Promise.resolve();
  await vi.advanceTimersByTimeAsync(31_000);
  await refused;
});
