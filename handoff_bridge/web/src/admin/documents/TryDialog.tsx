import { useState } from "preact/hooks";
import { Banner } from "../../shared/Banner";
import { Button } from "../../shared/Button";
import type { Mistake, Simulated } from "../../shared/contract";
import { ApiError, type Documents, simulateDay } from "../../shared/desk/api";
import { Dialog } from "../../shared/desk/Dialog";
import { WarningIcon } from "../../shared/icons";
import { TryResult } from "./TryResult";

type Props = {
  name: keyof Documents;
  text: string;
  onMistakes: (mistakes: Mistake[]) => void;
  onClose: () => void;
};

/** What a day would be with this text: beside each other, before it is saved. */
export function TryDialog({ name, text, onMistakes, onClose }: Props) {
  const [day, setDay] = useState("");
  const [result, setResult] = useState<Simulated>();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const run = async () => {
    if (busy) return;
    setBusy(true);
    setProblem("");
    try {
      setResult(await simulateDay({ [name]: text, ...(day && { day }) }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === "invalid_document") onMistakes(error.mistakes);
      setProblem(error.message);
    }
    setBusy(false);
  };
  return (
    <Dialog title="Try it on a day" kind="wide" onClose={onClose}>
      <form
        class="try"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <p class="soft">
          Runs a day as it goes now and as it would go with your text. Nothing is saved, and no customer or
          agent hears of it.
        </p>
        <div class="try-day">
          <label class="field">
            A past day (UTC); without one, a day is made up
            <input
              type="date"
              data-first
              value={day}
              onInput={(event) => setDay(event.currentTarget.value)}
            />
          </label>
          <Button kind="primary" type="submit" aria-disabled={busy}>
            {busy ? "Running…" : "Run"}
          </Button>
        </div>
        <div aria-live="polite" aria-busy={busy}>
          {problem && (
            <Banner tone="red" icon={<WarningIcon small />}>
              {problem}
            </Banner>
          )}
          {result && !problem && <TryResult result={result} />}
        </div>
      </form>
    </Dialog>
  );
}
