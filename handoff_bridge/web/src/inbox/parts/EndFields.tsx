import { brand } from "../../shared/brand";
import type { Disposition } from "../../shared/contract";
import { DISPOSITIONS, firstName, heading } from "../../shared/desk/words";
import { WarningIcon } from "../../shared/icons";
import { MOST_OF_OUTCOME } from "../../shared/letters";
import type { Ending } from "../useEnding";
import { Letters } from "./Letters";
import { RemindFields } from "./RemindFields";

type Props = { ending: Ending; returning: boolean; who: string };

/** What is asked when a chat ends. Only a return carries an outcome and facts for the assistant. */
export function EndFields({ ending, returning, who }: Props) {
  return (
    <>
      <Dispositions chosen={ending.disposition} missing={ending.missing} onPick={ending.setDisposition} />
      {ending.disposition === "follow_up" && <FollowUp ending={ending} />}
      {returning && <Outcome ending={ending} who={who} />}
      <label class="field">
        <span>
          Note for your team <span class="soft">optional</span>
        </span>
        <textarea
          rows={2}
          value={ending.note}
          onInput={(event) => ending.setNote(event.currentTarget.value)}
        />
        <Letters text={ending.note} />
      </label>
      {returning && Object.keys(ending.known).length > 0 && <Slots ending={ending} />}
    </>
  );
}

function FollowUp({ ending }: { ending: Ending }) {
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          checked={ending.isReminded}
          onChange={(event) => ending.setReminded(event.currentTarget.checked)}
        />
        <span>Remind me of it</span>
      </label>
      {ending.isReminded && <RemindFields remind={ending.remind} legend="When?" />}
    </>
  );
}

function Outcome({ ending, who }: { ending: Ending; who: string }) {
  return (
    <label class="field">
      <span>What came of it</span>
      <span class="field-hint" id="outcome-hint">
        A full sentence. {brand.assistant} passes it on to {firstName(who)}.
      </span>
      <textarea
        rows={2}
        value={ending.outcome}
        aria-describedby="outcome-hint"
        onInput={(event) => ending.setOutcome(event.currentTarget.value)}
      />
      <Letters text={ending.outcome} most={MOST_OF_OUTCOME} />
    </label>
  );
}

type DispositionsProps = {
  chosen: Disposition | undefined;
  missing: boolean;
  onPick: (value: Disposition) => void;
};

function Dispositions({ chosen, missing, onPick }: DispositionsProps) {
  return (
    <fieldset class="choices" aria-describedby={missing ? "disposition-missing" : undefined}>
      <legend>How did it end?</legend>
      {missing && (
        <p id="disposition-missing" class="field-problem" role="alert">
          <WarningIcon small /> Choose one first.
        </p>
      )}
      {DISPOSITIONS.map(({ value, word, hint }, at) => (
        <label key={value} class="choice">
          <input
            type="radio"
            data-first={at === 0 ? "" : undefined}
            name="disposition"
            value={value}
            checked={chosen === value}
            onChange={() => onPick(value)}
          />
          <span>
            <strong>{word}</strong>
            <span class="soft">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Slots({ ending }: { ending: Ending }) {
  const { slots, labels, wrongSlot, setSlot } = ending;
  return (
    <details class="folded" open={wrongSlot !== undefined}>
      <summary>
        What {brand.assistant} will remember <span class="count">{Object.keys(slots).length}</span>
      </summary>
      <div class="slots">
        {Object.entries(slots).map(([name, value]) => (
          <label key={name} class="field">
            <span>{heading(name, labels[name]?.label)}</span>
            <input
              value={value}
              aria-invalid={wrongSlot === name}
              onInput={(event) => setSlot(name, event.currentTarget.value)}
            />
          </label>
        ))}
      </div>
    </details>
  );
}
