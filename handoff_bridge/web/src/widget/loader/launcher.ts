/** The button in the corner. Drawn without Preact, which comes with the chat. */

export interface LauncherWords {
  label: string;
  direction: string;
  /** Of the button, for screen readers. */
  name: string;
  unread: string | Partial<Record<Intl.LDMLPluralRule, string>>;
  failed: string;
}

const BUBBLE = "M4 5.5h16v11H10.5L6 20.5v-4H4z";

export class Launcher {
  readonly button = document.createElement("button");
  private readonly badge = made("span", "launcher-badge");
  private readonly note = made("p", "launcher-note");
  private unread = 0;

  constructor(
    private readonly words: LauncherWords,
    private readonly language: string,
    onPress: () => void,
  ) {
    const { button, badge, note } = this;
    button.type = "button";
    button.className = "launcher";
    button.setAttribute("aria-haspopup", "dialog");
    button.addEventListener("click", onPress);
    const label = made("span", "launcher-label");
    label.textContent = words.label;
    for (const part of [label, badge]) part.setAttribute("aria-hidden", "true");
    note.setAttribute("role", "status");
    button.append(icon(), label, badge);
    this.show(false);
    this.count(0);
  }

  addTo(place: HTMLElement): void {
    place.lang = this.language;
    place.dir = this.words.direction;
    place.append(this.button, this.note);
  }

  show(open: boolean): void {
    this.button.hidden = open;
    this.button.setAttribute("aria-expanded", String(open));
  }

  count(unread: number): void {
    this.unread = unread;
    this.badge.hidden = !unread;
    this.badge.textContent = unread > 9 ? "9+" : String(unread);
    const { name } = this.words;
    this.button.setAttribute("aria-label", unread ? `${name}, ${this.news()}` : name);
  }

  loading(busy: boolean): void {
    if (busy) this.note.textContent = "";
    this.button.setAttribute("aria-busy", String(busy));
  }

  failed(): void {
    this.note.textContent = this.words.failed;
  }

  private news(): string {
    const { unread } = this.words;
    const plural = new Intl.PluralRules(this.language).select(this.unread);
    const text = typeof unread === "string" ? unread : (unread[plural] ?? unread.other ?? "");
    return text.replace("{count}", this.unread.toLocaleString(this.language));
  }
}

function made(tag: string, name: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}

/** Part by part: markup in a string is what Trusted Types forbid. */
function icon(): SVGElement {
  const part = (tag: string, attributes: Record<string, string>): SVGElement => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const drawing = part("svg", { class: "launcher-icon", viewBox: "0 0 24 24", "aria-hidden": "true" });
  drawing.append(part("path", { d: BUBBLE }));
  return drawing;
}
