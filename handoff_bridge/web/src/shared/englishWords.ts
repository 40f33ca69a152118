/** For tests: a page's words as the bridge would send them. */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import type { WidgetWord } from "./contract";
import { Words } from "./words";

const texts = parse(readFileSync(resolve(import.meta.dirname, "../../../texts/en.yml"), "utf-8"));

export const englishWords = new Words<WidgetWord>({
  language: "en",
  direction: "ltr",
  words: texts.widget,
  ordinals: Object.values(texts.ordinals),
  ordinal_beyond: texts.ordinal_beyond,
  starters: [],
});
