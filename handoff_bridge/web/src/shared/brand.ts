import type { Colours, PublicBrand } from "./contract";

export type Brand = Pick<PublicBrand, "company" | "assistant"> & Partial<PublicBrand>;

declare global {
  interface Window {
    /** Set by `/brand.js`, which comes before our pages' scripts and inside `/widget.js`. */
    TandemBrand?: Brand;
  }
}

/** The shop's names, colours and pictures, from the bridge's `brand.yml`. */
export const brand: Brand = window.TandemBrand ?? {
  company: "Example Shop",
  assistant: "Assistant",
};

const TOKENS: Record<keyof Colours["light"], string> = {
  accent: "accent",
  hover: "accent-hover",
  soft: "accent-soft",
  line: "accent-line",
  on_accent: "on-accent",
  focus: "focus",
  bubble: "own",
  on_bubble: "on-own",
};

/** Brings the brand's colours and logo to a page, or to the widget's shadow root. */
export function brandSheet(server = ""): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(brandCss(brand, server));
  return sheet;
}

/** Pictures come from `server`, an origin without a slash at its end. */
export function brandCss({ colours, logo, symbol }: Partial<PublicBrand>, server: string): string {
  const { light, dark } = colours ?? {};
  const tokens = Object.entries(TOKENS).flatMap(([name, token]) => {
    const key = name as keyof Colours["light"];
    return light && dark ? [`--${token}: light-dark(${light[key]}, ${dark[key]});`] : [];
  });
  const picture = `url("${server}${symbol ?? logo}") center / contain no-repeat`;
  const drawn = symbol ? `background: currentColor; mask: ${picture};` : `background: ${picture};`;
  return `:root, .tandem { ${tokens.join(" ")} } .logo { ${drawn} }`;
}
