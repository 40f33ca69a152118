import { render } from "preact";
import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/components.css";
import "./shop.css";
import { Shop } from "./Shop";

const root = document.getElementById("app");
if (root) render(<Shop />, root);
