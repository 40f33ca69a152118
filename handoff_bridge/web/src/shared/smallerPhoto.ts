/** Makes photos smaller in the browser before they go up, and of a kind that everybody can open. */

import { UploadRefused } from "./uploadRefused";

/** The bridge makes photos no larger than that. */
const LONGEST_SIDE = 2048;
const QUALITY = 0.88;
/** A browser unpacks four bytes for each; phones have no more to spare. */
const MOST_PIXELS = 120e6;
/** What the bridge reads of any kind; more it refuses. */
const BRIDGE_PIXELS = 16e6;
const READ_BY_THE_BRIDGE = /^image\/(jpeg|png|webp)$/;
/** The brands of ISO files that hold a HEIC or HEIF picture. */
const HEIC = /^ftyp(hei[cxms]|hev[cxms]|mif1|msf1)/;

/** The photo, made smaller where the bridge would do so; other files as they are. Raises UploadRefused. */
export async function smallerPhoto(file: File): Promise<File> {
  const isHeic = await holdsHeic(file);
  if (!isHeic && !READ_BY_THE_BRIDGE.test(file.type)) return file;
  const address = URL.createObjectURL(file);
  try {
    const picture = await opened(address);
    // Safari opens HEIC. Of all else the bridge says what is wrong with it.
    if (!picture) return isHeic ? refuse("heic") : file;
    return await reduced(picture, file, isHeic);
  } finally {
    URL.revokeObjectURL(address);
  }
}

function refuse(error: "heic" | "too_many_pixels", megapixels?: number): never {
  const sentence =
    error === "heic"
      ? "This is a HEIC photo, which this browser cannot turn into a JPEG. Send it as a JPEG, or a screenshot of it."
      : `This photo has ${megapixels} megapixels, more than this browser can make smaller. Send a smaller copy of it.`;
  throw new UploadRefused(error, sentence, { megapixels });
}

/** By what is in it: names and types are often wrong, or missing. */
async function holdsHeic(file: File): Promise<boolean> {
  try {
    return HEIC.test(await file.slice(4, 12).text());
  } catch {
    return false;
  }
}

/** Its size is known by then; nothing of it is unpacked. */
function opened(address: string): Promise<HTMLImageElement | undefined> {
  const picture = new Image();
  return new Promise((resolve) => {
    picture.onload = () => resolve(picture);
    picture.onerror = () => resolve(undefined);
    picture.src = address;
  });
}

async function reduced(picture: HTMLImageElement, file: File, isHeic: boolean): Promise<File> {
  const { naturalWidth: width, naturalHeight: height } = picture;
  const share = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  if (share === 1 && !isHeic) return file;
  try {
    if (width * height > MOST_PIXELS) throw new Error("too large to unpack");
    // What may be clear in places stays of its kind.
    const blob = await encoded(picture, share, isHeic ? "image/jpeg" : file.type);
    if (!isHeic && blob.size >= file.size) return file;
    const name = isHeic ? file.name.replace(/(\.hei[cf])?$/i, ".jpg") : file.name;
    return new File([blob], name, { type: blob.type });
  } catch {
    if (isHeic || width * height > BRIDGE_PIXELS)
      return refuse("too_many_pixels", Math.round((width * height) / 1e6));
    return file;
  }
}

async function encoded(picture: HTMLImageElement, share: number, type: string): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.naturalWidth * share);
  canvas.height = Math.round(picture.naturalHeight * share);
  const small = await createImageBitmap(picture, {
    resizeWidth: canvas.width,
    resizeHeight: canvas.height,
    resizeQuality: "high",
  });
  canvas.getContext("2d")?.drawImage(small, 0, 0);
  small.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, type, QUALITY));
  // Gives back the memory now.
  canvas.width = canvas.height = 0;
  if (!blob) throw new Error("not encoded");
  return blob;
}
