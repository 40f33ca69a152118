import { brand } from "../../shared/brand";
import type { PrivacyNotice, WidgetWord } from "../../shared/contract";
import type { Words } from "../../shared/words";
import own from "./form.css?inline";

/**
 * "Leave your address": a module of its own, which the widget loads once somebody wants it. It
 * shares no code with the widget, and draws without Preact.
 */

export type Contact = { want: "mail" | "callback"; email?: string; phone?: string };
const FIELDS = {
  callback: {
    label: "phone_number",
    type: "tel",
    autocomplete: "tel",
    missing: "phone_missing",
  },
  mail: {
    label: "email_address",
    type: "email",
    autocomplete: "email",
    missing: "email_missing",
  },
} as const;

let sheet: CSSStyleSheet | undefined;

/**
 * `focus` where the customer asked for it: else it must not take it from what they write. `send` says why it
 * did not work, if it did not.
 */
export function show(
  host: HTMLElement,
  focus: boolean,
  words: Words<WidgetWord>,
  send: (contact: Contact) => Promise<string | undefined>,
  stay: () => void,
): void {
  dress(host);
  const say = (key: WidgetWord) => words.say(key);
  let want: Contact["want"] = "callback";
  const label = element("label", { htmlFor: "tandem-contact" });
  const input = element("input", {
    id: "tandem-contact",
    className: "field",
    required: true,
  });
  const error = element("p", { className: "contact-error", id: "tandem-contact-error" });
  error.setAttribute("role", "alert");
  input.setAttribute("aria-describedby", error.id);
  const submit = element("button", {
    type: "submit",
    className: "button button-small",
    textContent: say("send"),
  });
  const back = element("button", {
    type: "button",
    className: "button button-small button-quiet",
    textContent: say("stay_in_line"),
    onclick: stay,
  });
  const actions = element("div", { className: "line-actions" }, submit, back);

  const choose = (chosen: Contact["want"]) => {
    want = chosen;
    const { label: text, type, autocomplete } = FIELDS[chosen];
    label.textContent = say(text);
    Object.assign(input, { type, autocomplete, value: "" });
    complain("");
  };
  const complain = (sentence: string) => {
    error.textContent = sentence;
    input.setAttribute("aria-invalid", String(sentence !== ""));
    if (sentence) input.focus();
  };
  const form = element("form", { className: "contact", noValidate: true });
  form.onsubmit = async (event) => {
    event.preventDefault();
    const value = input.value.trim();
    if (!value) return complain(say(FIELDS[want].missing));
    submit.disabled = true;
    const refusal = await send(want === "mail" ? { want, email: value } : { want, phone: value });
    submit.disabled = false;
    if (refusal) complain(refusal);
  };
  form.append(...(brand.answers_by_mail ? [choices(say, choose)] : []), label, input, error, actions);
  if (words.privacy) form.append(privacyLine(words.privacy, say));
  choose(want);
  host.replaceChildren(form);
  if (focus) form.querySelector("input")?.focus();
}

/** What is kept, and where more stands: as the widget says it at the foot of a new chat. */
function privacyLine({ kept, link }: PrivacyNotice, say: (key: WidgetWord) => string): HTMLElement {
  const more = element("a", {
    href: link,
    target: "_blank",
    rel: "noopener",
    textContent: say("privacy_notice"),
  });
  more.append(element("span", { className: "visually-hidden", textContent: `, ${say("opens_new_tab")}` }));
  return element("p", { className: "privacy", dir: "auto" }, `${kept} `, more);
}

function choices(say: (key: WidgetWord) => string, choose: (want: Contact["want"]) => void): HTMLElement {
  const option = (want: Contact["want"], text: string) => {
    const radio = element("input", {
      type: "radio",
      name: "tandem-want",
      checked: want === "callback",
      onchange: () => choose(want),
    });
    return element("label", { className: "contact-choice" }, radio, text);
  };
  return element(
    "fieldset",
    {},
    element("legend", { textContent: say("how_to_hear") }),
    option("callback", say("call_me_back")),
    option("mail", say("answer_by_mail")),
  );
}

/** Once in the widget's shadow root: a strict Content-Security-Policy forbids style elements. */
function dress(host: HTMLElement): void {
  const root = host.getRootNode() as ShadowRoot;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(own);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}

function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
