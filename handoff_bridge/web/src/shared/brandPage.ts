import { brandSheet } from "./brand";

document.adoptedStyleSheets.push(brandSheet());
