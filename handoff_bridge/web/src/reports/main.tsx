import { render } from "preact";
import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/components.css";

const root = document.getElementById("app");
if (root) render(<main />, root);
