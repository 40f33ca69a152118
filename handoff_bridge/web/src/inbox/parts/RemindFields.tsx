import { useState } from "preact/hooks";
import { WarningIcon } from "../../shared/icons";
import { type Due, dueAt, localField, tomorrowMorning, WHENS, type When } from "../state/when";

/** When a chat is to come back, and with which words. */
export function useRemind(first: { when?: When; text?: string } = {}) {
  const [when, setWhen] = useState<When>(first.when ?? "tomorrow");
  const [date, setDate] = useState(() => localField(tomorrowMorning(new Date())));
  const [text, setText] = useState(first.text ?? "");
  const [problem, setProblem] = useState<string>();
  /** What is to be sent; nothing, and the problem is shown, where the time will not do. */
  const check = (): (Due & { text: string }) | undefined => {
    const due = dueAt(when, date, new Date());
    if ("problem" in due) {
      setProblem(due.problem);
      return undefined;
    }
    setProblem(undefined);
    return { ...due, text: text.trim() };
  };
  return { when, setWhen, date, setDate, text, setText, problem, setProblem, check };
}

type Props = { remind: ReturnType<typeof useRemind>; legend: string };

export function RemindFields({ remind, legend }: Props) {
  const { when, setWhen, date, setDate, text, setText, problem } = remind;
  return (
    <fieldset class="choices remind-fields">
      <legend>{legend}</legend>
      {problem && (
        <p class="field-problem" role="alert">
          <WarningIcon small /> {problem}
        </p>
      )}
      {WHENS.map(({ value, word }) => (
        <label key={value} class="choice">
          <input
            type="radio"
            name="remind-when"
            value={value}
            checked={when === value}
            data-first={value === when ? "" : undefined}
            onChange={() => setWhen(value)}
          />
          <span>{word}</span>
        </label>
      ))}
      {when === "date" && (
        <label class="field">
          <span>Day and time</span>
          <input type="datetime-local" value={date} onInput={(event) => setDate(event.currentTarget.value)} />
        </label>
      )}
      <label class="field">
        <span>
          What for <span class="soft">optional</span>
        </span>
        <input
          type="text"
          maxLength={500}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
    </fieldset>
  );
}
