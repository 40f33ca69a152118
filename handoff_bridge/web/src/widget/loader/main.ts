import { brand } from "../../shared/brand";
import { readConfig } from "../config";
import { createApi } from "./api";
import type { LauncherWords } from "./launcher";
import { Loader } from "./loader";

const NO_WORDS: LauncherWords = {
  direction: "ltr",
  label: "Chat",
  name: "Chat",
  unread: "{count}",
  failed: "",
};

function begin(): void {
  const queued = window.TandemChat;
  // A second tag on the page: the chat is there already.
  if (queued && !Array.isArray(queued)) return;
  const config = readConfig();
  const loader = new Loader(config);
  const api = createApi(loader);
  window.TandemChat = api;
  if (queued) api.push(...queued);
  const { launcher: words = {} } = brand as { launcher?: Record<string, LauncherWords> };
  const language = nearest(config.language, Object.keys(words));
  const start = () => loader.start(words[language] ?? NO_WORDS, language);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}

/** Of the languages that the brand speaks; its first one where it speaks none of these. */
function nearest(wanted: string, offered: string[]): string {
  const base = wanted.toLowerCase().split("-")[0] as string;
  return offered.includes(base) ? base : (offered[0] ?? base);
}

begin();
