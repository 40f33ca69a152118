/** Lengths as the bridge counts them: by code point, so that an emoji is one on both sides. */

/** Of a message and a note. */
export const MOST_LETTERS = 5_000;
/** Of what came of a chat, and of a survey's comment. */
export const MOST_OF_OUTCOME = 2_000;

export const letters = (text: string): number => [...text].length;
