import { useState } from "preact/hooks";
import { Banner } from "../../shared/Banner";
import { Button } from "../../shared/Button";
import type { Card, CardAction, CardField } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { LockIcon } from "../../shared/desk/icons";
import { WarningIcon } from "../../shared/icons";
import { type Act, type Acting, useCardAction } from "../useCardAction";

/** What can be done about a card, for the agent who has the chat. `act` is absent for everybody else. */
export function CardActions({ card, act }: { card: Card; act: Act | undefined }) {
  const [opened, setOpened] = useState<CardAction>();
  if (card.actions_locked) {
    return (
      <p class="with-icon soft">
        <LockIcon small /> Actions open once the customer is verified.
      </p>
    );
  }
  if (!act || !card.actions) return null;
  return (
    <>
      <div class="card-actions">
        {card.actions.map((action) => (
          <Button key={action.id} size="small" onClick={() => setOpened(action)}>
            {action.label}
          </Button>
        ))}
      </div>
      {opened && <ActionDialog card={card} action={opened} act={act} onClose={() => setOpened(undefined)} />}
    </>
  );
}

type Props = { card: Card; action: CardAction; act: Act; onClose: () => void };

/** Asks for the fields and says what will happen; the button that does it is the confirmation. */
function ActionDialog({ card, action, act, onClose }: Props) {
  const acting = useCardAction({ card, action, act, onDone: onClose });
  const { busy, unanswered, refusal, willHappen, submit } = acting;
  const go = unanswered ? "Try again" : action.label;
  return (
    <Dialog
      title={`${action.label}: ${card.title}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{unanswered ? "Leave it" : "Cancel"}</Button>
          <Button kind="primary" type="submit" form="card-action" aria-disabled={busy}>
            {busy ? "Waiting for an answer…" : go}
          </Button>
        </>
      }
    >
      <form id="card-action" class="end-fields" noValidate onSubmit={submit}>
        {refusal && (
          <div role="alert">
            <Banner tone={unanswered ? "amber" : "red"} icon={<WarningIcon small />}>
              {refusal}
            </Banner>
          </div>
        )}
        {action.fields.map((field, at) => (
          <Field key={field.name} field={field} acting={acting} first={at === 0} />
        ))}
        {willHappen && (
          <p class="card-action-confirm" aria-live="polite">
            {willHappen}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function Field({ field, acting, first }: { field: CardField; acting: Acting; first: boolean }) {
  const problem = acting.problems[field.name];
  const id = `card-field-${field.name}`;
  const common = {
    id,
    value: acting.values[field.name] ?? "",
    disabled: acting.unanswered,
    "aria-invalid": problem ? true : undefined,
    "aria-describedby": problem ? `${id}-problem` : undefined,
    "data-first": first || undefined,
    onInput: (event: { currentTarget: { value: string } }) =>
      acting.setValue(field.name, event.currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>
        {field.label} {unit(field)} {!field.required && <span class="soft">optional</span>}
      </label>
      {field.options ? (
        <select {...common}>
          <option value="">Choose…</option>
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...common}
          type="text"
          autocomplete="off"
          inputMode={field.type === "text" ? "text" : "decimal"}
          maxLength={field.max_length}
        />
      )}
      {problem && (
        <p id={`${id}-problem`} class="field-problem">
          {problem}
        </p>
      )}
    </div>
  );
}

/** What the number is of, and how much there may be. */
function unit({ currency, minimum, maximum }: CardField) {
  const bounds = minimum && maximum ? `${minimum} to ${maximum}` : maximum && `at most ${maximum}`;
  const text = [currency, bounds].filter(Boolean).join(", ");
  return text ? <span class="soft">({text})</span> : null;
}
