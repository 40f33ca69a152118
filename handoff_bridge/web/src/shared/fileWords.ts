import type { Attachment } from "./contract";

/** What a file is, and its size in words. */
export const PDF = "application/pdf";

/** Old messages do not say what a photo is. */
export const isPicture = ({ content_type: type }: Pick<Attachment, "content_type">): boolean => type !== PDF;

export function sizeWords(bytes: number, locale?: string): string {
  if (bytes < 2 ** 20) return `${Math.max(1, Math.round(bytes / 1024))} kB`;
  return `${(bytes / 2 ** 20).toLocaleString(locale, { maximumFractionDigits: 1 })} MB`;
}
