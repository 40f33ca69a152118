/** Finds addresses in text, so that they can be drawn as links. The text itself always stays text. Pure. */

export interface Piece {
  text: string;
  href?: string;
  /** Where the link leads, if its letters are not plain ones: they may look like others. */
  host?: string;
}

// An address ends where no address goes on: at spaces, quotes, wide punctuation, and at what nobody sees.
const ADDRESS =
  /(?<![a-z\d])(?:https?:\/\/|www\.)[^\s<>"`“-”„«»‘’‹›\u3001-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff3d\uff5b-\uff65\u2026\p{Cc}\p{Cf}]+|(?:\bmailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/giu;
const OPENING: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutPunctuation(match[0]);
    const link = linkOf(address);
    if (!link) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ text: address, ...link });
    end = match.index + address.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

/** A sentence's end or a bracket around the address does not belong to it; one that it opened does. */
function withoutPunctuation(found: string): string {
  let address = found;
  for (;;) {
    const last = address.slice(-1);
    const opening = OPENING[last];
    const count = (sign: string) => address.split(sign).length;
    if (!(opening ? count(last) > count(opening) : /[.,;:!?'*_~]/.test(last))) return address;
    address = address.slice(0, -1);
  }
}

/** Only the web and mail; anything else, javascript: above all, stays text. So does what names a user. */
function linkOf(address: string): Omit<Piece, "text"> | undefined {
  const mail = /^(?:mailto:)?([^\s:/]+@[^\s:/]+)$/i.exec(address);
  if (mail) return { href: `mailto:${mail[1]}` };
  const whole = /^www\./i.test(address) ? `https://${address}` : address;
  if (whole.includes("\\") || !URL.canParse(whole)) return undefined;
  const { href, host, username, password } = new URL(whole);
  if (username || password || !/^https?:/.test(href)) return undefined;
  return host.includes("xn--") ? { href, host } : { href };
}

/** A number such as AB-10428, short enough for one line. */
const NUMBER = /(?<![\p{L}\d-])(?=[\p{L}-]*\d)(?=[\p{L}\d-]{1,24}(?![\p{L}\d-]))[\p{L}\d]+(?:-[\p{L}\d]+)+/gu;

/** Text by parts: every second one is a number, which no line may end in. */
export function partsOf(text: string): string[] {
  return text.split(new RegExp(`(${NUMBER.source})`, "gu"));
}
