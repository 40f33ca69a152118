import { useId } from "preact/hooks";
import type { RoutingStep } from "../../shared/contract";
import { beginnings, secsWords, wantedLines, whenLines } from "./words";

/** The steps from top to bottom, each with the moment at which it begins at the latest. */
export function Ladder({ steps }: { steps: RoutingStep[] }) {
  const begins = beginnings(steps);
  return (
    <ol class="ladder">
      {steps.map((step, at) => (
        <Rung key={step.name} step={step} begins={begins[at] ?? 0} />
      ))}
      <li class="rung rung-last">
        <span class="rung-time">{timeWords(begins.at(-1) ?? 0)}</span>
        <div class="rung-card">
          <h3>Anyone, of any team</h3>
          <p class="soft">Until somebody takes it. This step is always there.</p>
        </div>
      </li>
    </ol>
  );
}

function Rung({ step, begins }: { step: RoutingStep; begins: number }) {
  const id = useId();
  return (
    <li class="rung" aria-labelledby={id}>
      <span class="rung-time">{timeWords(begins)}</span>
      <div class="rung-card">
        <header>
          <h3 id={id}>{step.name}</h3>
          <span class="chip">for {secsWords(step.expires_secs)}</span>
        </header>
        <dl>
          <Lines name="Chats" lines={whenLines(step.when)} />
          <Lines name="Wanted" lines={wantedLines(step)} />
        </dl>
        {step.skip_if && <p class="soft">Left out where nobody of them is available.</p>}
      </div>
    </li>
  );
}

function Lines({ name, lines }: { name: string; lines: string[] }) {
  return (
    <div>
      <dt>{name}</dt>
      {lines.map((line) => (
        <dd key={line}>{line}</dd>
      ))}
    </div>
  );
}

const timeWords = (secs: number) => (secs ? `by ${secsWords(secs)}` : "at once");
