/** Files on their way up: held to the bridge's limit before they go, large photos made smaller. */

import type { Attachment, Refusal, Uploaded } from "./contract";
import { PDF, sizeWords } from "./fileWords";

export const ACCEPTED = `image/jpeg,image/png,image/webp,image/gif,${PDF}`;
/** The bridge makes photos no larger than that. */
const LONGEST_SIDE = 2048;
const QUALITY = 0.88;

export interface Upload {
  done: Promise<Attachment>;
  cancel(): void;
}

/** The sentence says what to do, or that another try may help. */
export class UploadRefused extends Error {
  constructor(
    message: string,
    readonly mayPass = false,
  ) {
    super(message);
  }
}

const LOST = "The file did not get through.";
/** A line that has died may not say so. */
const STALL_MS = 30_000;

/** Sends one file to `address`; the headers say from whom it is. */
export function upload(
  file: File,
  address: string,
  headers: Record<string, string>,
  mostBytes: number,
  progress: (share: number) => void,
): Upload {
  const request = new XMLHttpRequest();
  let cancelled = false;
  const send = (ready: File) =>
    new Promise<Attachment>((resolve, reject) => {
      if (cancelled) return;
      let stalled: ReturnType<typeof setTimeout> | undefined;
      const lost = () => {
        clearTimeout(stalled);
        reject(new UploadRefused(LOST, true));
      };
      const wait = () => {
        clearTimeout(stalled);
        stalled = setTimeout(() => {
          lost();
          request.abort();
        }, STALL_MS);
      };
      request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
        wait();
        progress(lengthComputable ? loaded / total : 0);
      };
      request.onload = () => {
        clearTimeout(stalled);
        const answer = readAnswer(request);
        if (answer instanceof UploadRefused) reject(answer);
        else resolve(answer);
      };
      request.onerror = lost;
      request.onabort = () => clearTimeout(stalled);
      request.open("POST", address);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      const form = new FormData();
      form.append("file", ready, ready.name);
      wait();
      request.send(form);
    });
  const cancel = () => {
    cancelled = true;
    request.abort();
  };
  return { done: smaller(file, mostBytes).then(send), cancel };
}

/** A photo that the bridge would make smaller, smaller already. Raises UploadRefused for what stays too large. */
async function smaller(file: File, mostBytes: number): Promise<File> {
  const reduced = /^image\/(jpeg|png|webp)$/.test(file.type) ? await reduce(file) : file;
  if (reduced.size <= mostBytes) return reduced;
  throw new UploadRefused(
    `This file has ${sizeWords(file.size)}; at most ${sizeWords(mostBytes)} go through here.`,
  );
}

async function reduce(file: File): Promise<File> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = LONGEST_SIDE / Math.max(picture.width, picture.height);
    if (share >= 1) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    // What may be clear in places stays of its kind.
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, file.type, QUALITY));
    return blob && blob.size < file.size ? new File([blob], file.name, { type: blob.type }) : file;
  } catch {
    // The bridge says what is wrong with it.
    return file;
  }
}

function readAnswer(request: XMLHttpRequest): Attachment | UploadRefused {
  try {
    const answer = JSON.parse(request.responseText) as Uploaded | Refusal;
    if (!answer.ok) return new UploadRefused(answer.message || LOST, PASSING.includes(request.status));
    const { ok: _, ...attachment } = answer;
    return attachment;
  } catch {
    return new UploadRefused(LOST, true);
  }
}

/** Too slow, too many at once, or our own fault: the same file may go through next time. */
const PASSING = [408, 429, 500, 502, 503, 504];

/** Several files of one drop, paste or choice; at most so many in a message. */
export const MOST_FILES = 5;
