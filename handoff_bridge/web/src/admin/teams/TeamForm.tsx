import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { Team } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { WarningIcon } from "../../shared/icons";
import { Mistakes } from "../documents/Mistakes";
import type { Refusal, Save } from "../documents/useDocument";
import { HoursFields } from "./HoursFields";
import { fieldsOf, NEW_TEAM, type TeamFields, withoutTeam, withTeam } from "./teamText";

type Props = {
  /** Undefined for a new team. */
  name?: string;
  team?: Team;
  text: string;
  version: number;
  save: Save;
  onText: (text: string) => void;
  onClose: () => void;
};

/** The usual fields of a team. What it writes is the document's text, so nothing else changes. */
export function TeamForm({ name, team, text, version, save, onText, onClose }: Props) {
  const [before] = useState(() => fieldsOf(team ?? NEW_TEAM));
  const [fields, setFields] = useState(before);
  const [newName, setNewName] = useState("");
  const [refusal, setRefusal] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const [warned, setWarned] = useState(false);
  const set = (changed: Partial<TeamFields>) => setFields({ ...fields, ...changed });
  const changed = fields !== before || newName !== "";
  // A key or a click beside the dialog is soon done by mistake.
  const leave = () => (changed && !warned ? setWarned(true) : onClose());
  const result = () => withTeam(text, name ?? newName.trim(), team && before, fields);
  const store = async (newText: string | undefined) => {
    if (busy || newText === undefined) return;
    setBusy(true);
    const refused = await save(newText, version);
    setBusy(false);
    setRefusal(refused);
    if (!refused) onClose();
  };
  return (
    <Dialog
      title={name ? `Team ${name}` : "New team"}
      kind="wide"
      onClose={leave}
      footer={
        <>
          {name && (
            <Button
              kind="danger"
              class="team-remove"
              aria-label={`Remove the team ${name}`}
              onClick={() => store(withoutTeam(text, name))}
            >
              Remove
            </Button>
          )}
          <Button onClick={onClose}>{changed ? "Discard changes" : "Cancel"}</Button>
          <Button kind="primary" type="submit" form="team-form" aria-disabled={busy}>
            {busy ? "Saving…" : "Save"}
          </Button>
        </>
      }
    >
      <form
        id="team-form"
        class="team-form"
        onSubmit={(event) => {
          event.preventDefault();
          store(result());
        }}
      >
        {warned && (
          <p class="field-problem" role="alert">
            <WarningIcon small /> What you changed is not saved. Close once more to discard it.
          </p>
        )}
        {refusal?.kind === "wrong" && (
          <>
            <Mistakes mistakes={refusal.mistakes} />
            <Button class="team-as-text" onClick={() => onText(result() ?? text)}>
              Go on as text
            </Button>
          </>
        )}
        {refusal && refusal.kind !== "wrong" && (
          <p class="field-problem" role="alert">
            {refusal.message}
          </p>
        )}
        {!name && (
          <label class="field">
            <span>
              Name <span class="soft">as it stands in people’s accounts</span>
            </span>
            <input
              required
              value={newName}
              data-first
              onInput={(event) => setNewName(event.currentTarget.value)}
            />
          </label>
        )}
        <fieldset class="team-set">
          <legend>How it takes chats</legend>
          <label class="check">
            <input
              type="radio"
              name="mode"
              checked={fields.mode === "claim"}
              onChange={() => set({ mode: "claim" })}
            />
            <span>Whoever takes a chat has it</span>
          </label>
          <label class="check">
            <input
              type="radio"
              name="mode"
              checked={fields.mode === "offers"}
              onChange={() => set({ mode: "offers" })}
            />
            <span>Chats are offered in turn</span>
          </label>
          {fields.mode === "offers" && (
            <div class="team-row">
              <label class="field">
                First
                <select
                  value={fields.order}
                  onChange={(event) => set({ order: event.currentTarget.value as TeamFields["order"] })}
                >
                  <option value="longest_idle">longest without a chat</option>
                  <option value="least_busy">fewest chats</option>
                </select>
              </label>
              <NumberField
                label="Seconds to accept"
                min={5}
                max={300}
                value={fields.accept_secs}
                onInput={(accept_secs) => set({ accept_secs })}
              />
              <NumberField
                label="Seconds between two"
                min={0}
                max={120}
                value={fields.pause_secs}
                onInput={(pause_secs) => set({ pause_secs })}
              />
            </div>
          )}
        </fieldset>
        <div class="team-row">
          <NumberField
            label="Longest queue"
            hint="empty for no end"
            min={0}
            max={10_000}
            value={fields.longest_queue}
            onInput={(longest_queue) => set({ longest_queue })}
          />
          <NumberField
            label="Seconds to wrap up"
            hint="after a chat"
            min={0}
            max={900}
            value={fields.wrap_up_secs}
            onInput={(wrap_up_secs) => set({ wrap_up_secs })}
          />
          <NumberField
            label="Answers within open hours"
            min={1}
            max={720}
            value={fields.answer_hours}
            onInput={(answer_hours) => set({ answer_hours })}
          />
          <label class="field">
            <span>
              Languages <span class="soft">codes, as de, en</span>
            </span>
            <input
              value={fields.languages}
              onInput={(event) => set({ languages: event.currentTarget.value })}
            />
          </label>
        </div>
        <HoursFields fields={fields} onChange={set} />
      </form>
    </Dialog>
  );
}

type NumberProps = {
  label: string;
  hint?: string;
  min: number;
  max: number;
  value: string;
  onInput: (value: string) => void;
};

function NumberField({ label, hint, value, onInput, ...bounds }: NumberProps) {
  return (
    <label class="field">
      <span>
        {label} {hint && <span class="soft">{hint}</span>}
      </span>
      <input
        type="number"
        step={1}
        {...bounds}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}
