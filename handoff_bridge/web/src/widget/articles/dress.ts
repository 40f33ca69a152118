import own from "./articles.css?inline";

let sheet: CSSStyleSheet | undefined;

/** Once in the widget's shadow root: a strict Content-Security-Policy forbids style elements. */
export function dress(host: HTMLElement): void {
  const root = host.getRootNode() as ShadowRoot;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(own);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
