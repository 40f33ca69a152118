/** Photos go up with progress and come down with the session's secret, which an <img> address could not carry. */

import type { Attachment, Refusal, Uploaded } from "../shared/contract";

export interface Upload {
  done: Promise<Attachment>;
  cancel(): void;
}

export class UploadRefused extends Error {}

export class Photos {
  private readonly addresses = new Map<string, Promise<string>>();

  constructor(
    private readonly server: string,
    private readonly session: () => string | undefined,
  ) {}

  upload(file: File, progress: (share: number) => void): Upload {
    const request = new XMLHttpRequest();
    const done = new Promise<Attachment>((resolve, reject) => {
      request.upload.onprogress = (event) =>
        progress(event.lengthComputable ? event.loaded / event.total : 0);
      request.onload = () => {
        const answer = readAnswer(request);
        if ("attachment_id" in answer) resolve(this.remember(answer, file));
        else reject(new UploadRefused(answer.message));
      };
      request.onerror = () => reject(new UploadRefused("The photo did not get through."));
      request.open("POST", `${this.server}/api/v1/uploads`);
      request.setRequestHeader("Authorization", `Bearer ${this.session() ?? ""}`);
      const form = new FormData();
      form.append("file", file);
      request.send(form);
    });
    return { done, cancel: () => request.abort() };
  }

  /** An address that an <img> can show, fetched once per photo. */
  address(id: string): Promise<string> {
    const known = this.addresses.get(id);
    if (known) return known;
    const fetched = this.fetch(id);
    fetched.catch(() => this.addresses.delete(id));
    this.addresses.set(id, fetched);
    return fetched;
  }

  clear(): void {
    for (const address of this.addresses.values()) address.then(URL.revokeObjectURL, () => undefined);
    this.addresses.clear();
  }

  private remember(attachment: Attachment, file: File): Attachment {
    this.addresses.set(attachment.attachment_id, Promise.resolve(URL.createObjectURL(file)));
    return attachment;
  }

  private async fetch(id: string): Promise<string> {
    const response = await fetch(`${this.server}/api/v1/uploads/${encodeURIComponent(id)}`, {
      headers: { Authorization: `Bearer ${this.session() ?? ""}` },
    });
    if (!response.ok) throw new Error(`photo ${response.status}`);
    return URL.createObjectURL(await response.blob());
  }
}

function readAnswer(request: XMLHttpRequest): Attachment | { message: string } {
  const fallback = { message: "The photo did not get through." };
  try {
    const answer = JSON.parse(request.responseText) as Uploaded | Refusal;
    if (!answer.ok) return { message: answer.message || fallback.message };
    const { attachment_id, content_type, width, height } = answer;
    return { attachment_id, content_type, width, height };
  } catch {
    return fallback;
  }
}
