import tokens from "../shared/tokens.css?inline";

const sheet = new CSSStyleSheet();
sheet.replaceSync(tokens);
