/** Lengths as the bridge counts them: by code point, so that an emoji is one on both sides. */

/** Of a message and a note. */
export const MOST_LETTERS = 5_000;
/** Of what came of a chat, and of a survey's comment. */
export const MOST_OF_OUTCOME = 2_000;

export const letters = (text: string): number => [...text].length;

/** A text that is too long in parts that are not, cut at a line's end or between words where there are some. */
export function portions(text: string): string[] {
  const parts: string[] = [];
  let rest = [...text];
  while (rest.length > MOST_LETTERS) {
    const half = MOST_LETTERS / 2;
    const cut = [/\n/, /\s/].map((gap) =>
      rest.findLastIndex((letter, at) => at < MOST_LETTERS && gap.test(letter)),
    );
    const end = cut.find((at) => at > half) ?? MOST_LETTERS;
    parts.push(rest.slice(0, end).join("").trim());
    rest = [...rest.slice(end).join("").trim()];
  }
  return [...parts, rest.join("")];
}
