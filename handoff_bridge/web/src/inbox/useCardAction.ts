import { useRef, useState } from "preact/hooks";
import { newId } from "../shared/client/ids";
import type { Card, CardAction, CardField, InboxCalls } from "../shared/contract";
import type { Ack } from "./net/caller";

/** Has it done; resolves with the answer. The same `client_id` is the same action. */
export type Act = (call: Omit<InboxCalls["card_action"], "conversation_id">) => Promise<Ack<"card_action">>;

type Props = { card: Card; action: CardAction; act: Act; onDone: () => void };

/** After these nobody knows whether it is done: the same call again tells, and does nothing twice. */
const UNANSWERED = ["back_office_unavailable", "no_answer", "internal", "rate_limited"];

/** The form of a card's action. While an answer is missing it can only be asked for again, as it was. */
export function useCardAction({ card, action, act, onDone }: Props) {
  const [values, setValues] = useState(() => firstValues(action.fields));
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [refusal, setRefusal] = useState<string>();
  const [unanswered, setUnanswered] = useState(false);
  const [busy, setBusy] = useState(false);
  const clientId = useRef(newId());

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    const found = problemsOf(action.fields, values);
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    setRefusal(undefined);
    const fields = filled(action.fields, values);
    const ack = await act({
      kind: card.kind,
      id: card.id,
      action: action.id,
      fields,
      client_id: clientId.current,
    });
    setBusy(false);
    if (ack.ok) return onDone();
    const open = UNANSWERED.includes(ack.error);
    setUnanswered(open);
    setRefusal(
      open
        ? "No answer yet: it may be done or not. Try again to find out; nothing is done twice."
        : ack.message || "That did not work.",
    );
    // Answered: what is sent next is another try.
    if (!open) clientId.current = newId();
  };
  return {
    values,
    setValue: (name: string, value: string) => setValues({ ...values, [name]: value }),
    problems,
    refusal,
    unanswered,
    busy,
    submit,
    willHappen: sentence(action, values),
  };
}

export type Acting = ReturnType<typeof useCardAction>;

const firstValues = (fields: readonly CardField[]): Record<string, string> =>
  Object.fromEntries(fields.map(({ name, value }) => [name, value ?? ""]));

/** What is wrong with each field, in a sentence. The bridge looks again. */
export function problemsOf(
  fields: readonly CardField[],
  values: Record<string, string>,
): Record<string, string> {
  const found = fields.map((field) => [field.name, problemOf(field, plain(field, values))] as const);
  return Object.fromEntries(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function problemOf(field: CardField, text: string): string | undefined {
  if (!text) return field.required ? `${field.label} is needed.` : undefined;
  if (field.type !== "number" && field.type !== "money") return undefined;
  if (!/^-?\d+(\.\d+)?$/.test(text)) return `${field.label} has to be a number, such as 12.50.`;
  if (field.minimum && Number(text) < Number(field.minimum)) return `At least ${field.minimum}.`;
  if (field.maximum && Number(text) > Number(field.maximum)) return `At most ${field.maximum}.`;
  return undefined;
}

/** A value as it is sent: a decimal comma is a point. */
function plain({ name, type }: CardField, values: Record<string, string>): string {
  const text = (values[name] ?? "").trim();
  return type === "text" ? text : text.replace(/^(\d+),(\d{1,2})$/, "$1.$2");
}

export const filled = (
  fields: readonly CardField[],
  values: Record<string, string>,
): Record<string, string> =>
  Object.fromEntries(
    fields.map((field) => [field.name, plain(field, values)]).filter(([, value]) => value !== ""),
  );

/** What will happen, with the values as people read them; a dash for what is not filled in yet. */
export function sentence({ confirm = "", fields }: CardAction, values: Record<string, string>): string {
  return confirm.replace(/\{(\w+)\}/g, (whole, name) => {
    const field = fields.find((one) => one.name === name);
    if (!field) return whole;
    const text = plain(field, values);
    const option = field.options?.find(({ value }) => value === text);
    return [text && field.currency, option?.label ?? text].filter(Boolean).join(" ") || "–";
  });
}
