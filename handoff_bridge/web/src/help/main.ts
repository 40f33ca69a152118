import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/components.css";
import "./help.css";
import { countRead, tellHelped } from "../shared/articles";

/** The page is whole without this: it counts the reading, and answers without loading the page again. */
const place = document.querySelector<HTMLElement>("[data-article]");
const form = place?.querySelector("form");

if (place?.dataset.article && form) {
  const { article } = place.dataset;
  const read = countRead("", article, "page", document.documentElement.lang, sessionId());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter as HTMLButtonElement | null;
    const helped = button?.value === "yes";
    const said = document.createElement("p");
    said.tabIndex = -1;
    said.textContent = (helped ? form.dataset.yes : form.dataset.no) ?? "";
    form.replaceWith(said);
    if (helped) said.focus();
    else window.TandemChat?.push(["open"]);
    const id = await read;
    if (id) await tellHelped("", id, helped);
  });
}

/** Of the chat that this browser has, if it has one. Nothing is kept here. */
function sessionId(): string | undefined {
  try {
    return JSON.parse(localStorage.getItem("tandem.chat.session") ?? "{}").session_id;
  } catch {
    return undefined;
  }
}
