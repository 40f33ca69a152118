/** Files on their way up: held to the bridge's limit before they go, large photos made smaller. */

import type { Attachment, Refusal, Uploaded } from "./contract";
import { PDF, sizeWords } from "./fileWords";
import { smallerPhoto } from "./smallerPhoto";
import { UploadRefused } from "./uploadRefused";

export { UploadRefused };

export const ACCEPTED = `image/jpeg,image/png,image/webp,image/gif,${PDF}`;
export interface Upload {
  done: Promise<Attachment>;
  cancel(): void;
}

const lost = () => new UploadRefused("lost", "The file did not get through.", {}, true);
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
      const fail = () => {
        clearTimeout(stalled);
        reject(lost());
      };
      const wait = () => {
        clearTimeout(stalled);
        stalled = setTimeout(() => {
          fail();
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
      request.onerror = fail;
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
  return { done: fitting(file, mostBytes).then(send), cancel };
}

/** Raises UploadRefused for what stays too large. */
async function fitting(file: File, mostBytes: number): Promise<File> {
  const ready = await smallerPhoto(file);
  if (ready.size <= mostBytes) return ready;
  const [size, limit] = [sizeWords(file.size), sizeWords(mostBytes)];
  const sentence = `This file has ${size}; at most ${limit} go through here.`;
  throw new UploadRefused("upload_too_large", sentence, { size, limit });
}

function readAnswer(request: XMLHttpRequest): Attachment | UploadRefused {
  try {
    const answer = JSON.parse(request.responseText) as Uploaded | Refusal;
    if (!answer.ok)
      return new UploadRefused(answer.error, answer.message, {}, PASSING.includes(request.status));
    const { ok: _, ...attachment } = answer;
    return attachment;
  } catch {
    return lost();
  }
}

/** Too slow, too many at once, or our own fault: the same file may go through next time. */
const PASSING = [408, 429, 500, 502, 503, 504];

/** Several files of one drop, paste or choice; at most so many in a message. */
export const MOST_FILES = 5;
