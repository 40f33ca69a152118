import { LogoIcon } from "./icons";

type Props = { kind: "bot" | "agent" | "customer"; name?: string; small?: boolean };

/** Bot: a square with the logo. Humans: a circle with initials. So shape, not colour, tells them apart. */
export function Avatar({ kind, name = "", small = false }: Props) {
  return (
    <span class={`avatar avatar-${kind} ${small ? "avatar-small" : ""}`} aria-hidden="true">
      {kind === "bot" ? <LogoIcon small={small} /> : initials(name)}
    </span>
  );
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  const first = (word = "") => word.match(/[\p{L}\p{N}]/u)?.[0].toLocaleUpperCase() ?? "";
  return picked.map(first).join("") || "?";
}
