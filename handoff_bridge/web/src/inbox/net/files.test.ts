import { beforeEach, expect, test, vi } from "vitest";
import type { Attachment } from "../../shared/contract";
import { type Upload, UploadRefused, type upload } from "../../shared/files";
import { Keep } from "../state/keep";
import { Files, TOO_MANY } from "./files";

const FILE = new File(["x"], "kettle.jpg", { type: "image/jpeg" });
const UP: Attachment = { attachment_id: "a1", content_type: "image/jpeg", size: 1 };

/** Uploads that a test ends as it likes. */
class Uploads {
  readonly going: { resolve: (file: Attachment) => void; reject: (error: Error) => void; address: string }[] =
    [];
  readonly send: typeof upload = (_file, address) => {
    const upload = {} as Upload;
    upload.done = new Promise((resolve, reject) => {
      this.going.push({ resolve, reject, address });
    });
    upload.cancel = () => undefined;
    return upload;
  };
}

const settled = () => new Promise((done) => setTimeout(done));
const keep = () => new Keep(sessionStorage, localStorage, "me");

beforeEach(() => {
  sessionStorage.clear();
  vi.stubGlobal(
    "URL",
    Object.assign(URL, { createObjectURL: () => "blob:1", revokeObjectURL: () => undefined }),
  );
});

test("a file goes up for its chat at once, and belongs to the message once it is up", async () => {
  const uploads = new Uploads();
  const files = new Files(keep(), uploads.send);
  expect(files.add("c 1", [FILE])).toBeUndefined();
  expect(uploads.going[0]?.address).toBe("/api/v1/uploads?conversation_id=c%201");
  expect(files.take("c 1")).toBeUndefined();
  uploads.going[0]?.resolve(UP);
  await settled();
  expect(files.take("c 1")).toEqual([UP]);
  expect(files.of("c 1")).toEqual([]);
});

test("a line that dies costs nothing: the file goes up again once it is back", async () => {
  const uploads = new Uploads();
  const files = new Files(keep(), uploads.send);
  files.add("c1", [FILE]);
  uploads.going[0]?.reject(new UploadRefused("lost", "The file did not get through.", {}, true));
  await settled();
  expect(files.of("c1")[0]?.problem).toBe("The file did not get through.");
  files.reconnected();
  expect(files.of("c1")[0]?.problem).toBeUndefined();
  uploads.going[1]?.resolve(UP);
  await settled();
  expect(files.take("c1")).toEqual([UP]);
});

test("what is refused for good is not tried again, and goes when it is removed", async () => {
  const uploads = new Uploads();
  const files = new Files(keep(), uploads.send);
  files.add("c1", [FILE]);
  uploads.going[0]?.reject(new UploadRefused("not_a_pdf", "That file is not a PDF."));
  await settled();
  files.reconnected();
  expect(uploads.going).toHaveLength(1);
  expect(files.take("c1")).toBeUndefined();
  files.remove("c1", files.of("c1")[0]?.id ?? "");
  expect(files.take("c1")).toEqual([]);
});

test("what is up survives a reload, by the bridge's address", async () => {
  const uploads = new Uploads();
  const files = new Files(keep(), uploads.send);
  files.add("c1", [FILE, FILE]);
  uploads.going[0]?.resolve(UP);
  await settled();
  const [draft, ...others] = new Files(keep(), uploads.send).of("c1");
  expect([draft?.address, draft?.attachment]).toEqual(["/api/v1/uploads/a1", UP]);
  expect(others).toEqual([]);
});

test("a message takes five files, and says so", () => {
  const uploads = new Uploads();
  const files = new Files(keep(), uploads.send);
  expect(files.add("c1", [FILE, FILE, FILE])).toBeUndefined();
  expect(files.add("c1", [FILE, FILE, FILE])).toBe(TOO_MANY);
  expect(files.of("c1")).toHaveLength(5);
  expect(files.of("c2")).toHaveLength(0);
});
