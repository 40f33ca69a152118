import type { Refusal } from "./contract";

/** Why a file cannot go: the bridge's reasons and the browser's own. */
export type UploadError = Refusal["error"] | "lost" | "heic" | "too_many_pixels";

/** The sentence says what to do, or that another try may help. */
export class UploadRefused extends Error {
  constructor(
    readonly error: UploadError,
    message: string,
    /** What a sentence of one's own about it may name. */
    readonly about: { size?: string; limit?: string; megapixels?: number | undefined } = {},
    readonly mayPass = false,
  ) {
    super(message);
  }
}
