/** The element that holds the launcher and the chat: out of reach of the page's styles, and hard to lose. */

export interface Host {
  root: ShadowRoot;
  /** Inside the shadow root: the page's rules for `*` end before it, so our custom properties begin here. */
  top: HTMLElement;
  /** In there, the chat's own. */
  place: HTMLElement;
}

/** Constructed stylesheets: a strict Content-Security-Policy has nothing to forbid. */
export function createHost(theme: string | undefined, ...styles: string[]): Host {
  const element = document.createElement("tandem-chat");
  const root = element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = styles.map((style) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    return sheet;
  });
  const top = document.createElement("div");
  top.className = "tandem";
  if (theme) top.dataset.theme = theme;
  const place = document.createElement("div");
  keepEvents(place);
  top.append(place);
  root.append(top);
  keepInPage(element, root);
  return { root, top, place };
}

/**
 * Beside the body, which single-page shops replace, hide or scale; should the element go all the same, it
 * comes back as it was, and so does the focus that was in it.
 */
function keepInPage(element: HTMLElement, root: ShadowRoot): void {
  let focused: HTMLElement | undefined;
  const note = () => {
    focused = (root.activeElement as HTMLElement | null) ?? undefined;
  };
  root.addEventListener("focusin", note, true);
  // What goes with the page loses the focus first, and is put back before this.
  root.addEventListener("focusout", () => setTimeout(note), true);
  const put = () => {
    const page = document.documentElement;
    if (!page || element.parentNode === page) return;
    const before = focused;
    page.append(element);
    seen.observe(page, { childList: true });
    if (before && (document.activeElement ?? document.body) === document.body) before.focus();
  };
  const seen = new MutationObserver(put);
  seen.observe(document, { childList: true });
  put();
}

/** What is done in the chat is none of the page's business: its shortcuts, drop zones, smooth scrolling. */
const OURS = [
  ...["keydown", "keyup", "keypress", "beforeinput", "input", "compositionstart", "compositionend"],
  ...["paste", "copy", "cut", "dragenter", "dragover", "drop", "wheel", "touchmove", "focusin"],
];

function keepEvents(place: HTMLElement): void {
  const stop = (event: Event) => event.stopPropagation();
  for (const name of OURS) place.addEventListener(name, stop, { passive: true });
}
