/** Files come down with the session's secret, which an <img> address could not carry, and go up with it. */

import { brand } from "../shared/brand";
import type { Upload } from "../shared/files";

export class Photos {
  private readonly addresses = new Map<string, Promise<string>>();

  constructor(
    private readonly server: string,
    private readonly session: () => string | undefined,
  ) {}

  /** What sends them is a module of its own, which most customers never need. */
  async upload(file: File, progress: (share: number) => void): Promise<Upload> {
    const files = await import("../shared/files");
    const sent = files.upload(
      file,
      `${this.server}/api/v1/uploads`,
      this.secret,
      brand.max_upload_bytes ?? Infinity,
      progress,
    );
    sent.done.then(
      ({ attachment_id: id }) => this.addresses.set(id, Promise.resolve(URL.createObjectURL(file))),
      () => undefined,
    );
    return sent;
  }

  /** An address that an <img> or a download can show, fetched once per file. */
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

  private get secret(): Record<string, string> {
    return { Authorization: `Bearer ${this.session() ?? ""}` };
  }

  private async fetch(id: string): Promise<string> {
    const response = await fetch(`${this.server}/api/v1/uploads/${encodeURIComponent(id)}`, {
      headers: this.secret,
    });
    if (!response.ok) throw new Error(`photo ${response.status}`);
    return URL.createObjectURL(await response.blob());
  }
}
