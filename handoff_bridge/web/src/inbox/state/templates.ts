const VARIABLE = /\{\{\s*(\w+)\s*\}\}/g;

/** What of an approved text is to be filled in, in its order. */
export const variablesOf = (body: string): string[] => [
  ...new Set([...body.matchAll(VARIABLE)].map((found) => found[1] ?? "")),
];

export type TemplatePiece = { text: string } | { blank: string };

/** An approved text as far as it is filled in, and its blanks. */
export const templatePieces = (
  body: string,
  values: Readonly<Record<string, string>> = {},
): TemplatePiece[] =>
  body
    .split(VARIABLE)
    .map((part, at) => {
      if (at % 2 === 0) return { text: part };
      return values[part]?.trim() ? { text: values[part].trim() } : { blank: part };
    })
    .filter((piece) => "blank" in piece || piece.text !== "");

/** Those that hold every word of a search, in their names or texts. */
export function templatesFor<T extends { name: string; body: string; language: string }>(
  templates: readonly T[],
  query: string,
): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return templates.filter(({ name, body, language }) => {
    const text = `${name.replace(/[_-]+/g, " ")} ${name} ${body} ${language}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
