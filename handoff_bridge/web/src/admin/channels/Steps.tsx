import type { Step } from "./words";

/** What was tried, each with what to do where it is not so. */
export function Steps({ title, steps }: { title: string; steps: Step[] }) {
  return (
    <>
      <h4>{title}</h4>
      {steps.length === 0 && <p class="soft">There is nothing that could be checked.</p>}
      <ul class="steps">
        {steps.map(({ name, passed, advice }) => (
          <li key={name} class={passed ? "step" : "step step-failed"}>
            <span class="step-mark" aria-hidden="true">
              {passed ? "✓" : "✗"}
            </span>
            <span>
              <span class="visually-hidden">{passed ? "Yes: " : "No: "}</span>
              {name}
              {advice && <span class="step-advice">{advice}</span>}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
