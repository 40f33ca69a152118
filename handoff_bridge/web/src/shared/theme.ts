import { saveSetting } from "./storage";

/** The reader's choice of light or dark; without one the system decides. `public/assets/theme.js` applies it before the first paint. */
export type Theme = "light" | "dark";

const KEY = "tandem.theme";

export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  saveSetting(KEY, theme);
}
