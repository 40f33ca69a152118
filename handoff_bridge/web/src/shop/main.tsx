import { render } from "preact";
import "../shared/brandPage";
import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/components.css";
import "./shop.css";
import { type Brand, brand } from "../shared/brand";
import { Shop } from "./Shop";

const root = document.getElementById("app");
const whole: Brand = await fetch("/api/v1/brand")
  .then((answer) => answer.json())
  .catch(() => brand);
if (root) render(<Shop brand={whole} />, root);
