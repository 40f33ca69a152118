/** A page's words in one language, from the bridge's texts. */

import type { PageWords } from "./contract";

export type Values = Record<string, string | number>;

export class Words<Key extends string> {
  private readonly plurals: Intl.PluralRules;
  /** For dates and numbers: the reader's own region where the language is theirs. */
  readonly locale: string;

  constructor(private readonly texts: PageWords) {
    this.locale = navigator.languages?.find((own) => baseOf(own) === texts.language) ?? texts.language;
    this.plurals = new Intl.PluralRules(this.locale);
  }

  get language(): string {
    return this.texts.language;
  }
  get direction(): PageWords["direction"] {
    return this.texts.direction;
  }
  /** First steps in the chat. */
  get starters(): string[] {
    return this.texts.starters;
  }

  /** What is kept of a chat, and where more stands; only where the brand says so. */
  get privacy(): PageWords["privacy"] {
    return this.texts.privacy;
  }

  has(key: string): key is Key {
    return key in this.texts.words;
  }

  /** The sentence of `key` with its `{names}` filled in; of several forms that of `values.count`. */
  say(key: Key, values: Values = {}): string {
    const found = this.texts.words[key] ?? key;
    const text =
      typeof found === "string"
        ? found
        : (found[this.plurals.select(Number(values.count))] ?? found.other ?? key);
    return text.replace(/\{(\w+)\}/g, (braces, name: string) => this.shown(values[name] ?? braces));
  }

  /** A place in line as it stands in a sentence. */
  ordinal(place: number): string {
    const { ordinals, ordinal_beyond } = this.texts;
    return ordinals[place - 1] ?? ordinal_beyond.replace("{place}", this.shown(place));
  }

  private shown(value: string | number): string {
    return typeof value === "number" ? value.toLocaleString(this.locale) : value;
  }
}

export const baseOf = (language: string): string => (language.split("-")[0] ?? "").toLowerCase();

/** Rejects if the bridge cannot be reached. */
export async function fetchWords<Key extends string>(
  server: string,
  language: string,
  page: string,
): Promise<Words<Key>> {
  const base = baseOf(language);
  const asked = /^[a-z]{2,3}$/.test(base) ? base : "en";
  const answer = await fetch(`${server}/api/v1/texts/${asked}/${page}`);
  if (!answer.ok) throw new Error(`texts ${answer.status}`);
  return new Words(await answer.json());
}
