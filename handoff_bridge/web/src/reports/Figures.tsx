import { useId } from "preact/hooks";
import type { Figure } from "../shared/contract";
import { shareText, valueText } from "./figures";

type Props = { label?: string; figures: Figure[]; onShow: (figure: Figure) => void };

/** The day's figures. Each says how it is counted, and opens the conversations that it counts. */
export function Figures({ label = "Figures of today", figures, onShow }: Props) {
  return (
    <section aria-label={label}>
      <ul class="figures">
        {figures.map((figure) => (
          <li key={figure.key}>
            <OneFigure figure={figure} onShow={onShow} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OneFigure({ figure, onShow }: { figure: Figure; onShow: (figure: Figure) => void }) {
  const id = useId();
  const count = figure.conversations?.length ?? 0;
  const share = shareText(figure);
  // Readings have no conversations behind them.
  const reading = figure.key.startsWith("articles_");
  return (
    <div class="figure">
      <h3>
        <button type="button" class="figure-title" aria-describedby={id}>
          {figure.title}
        </button>
      </h3>
      <p class="figure-value">{valueText(figure)}</p>
      {share && <p class="figure-share soft">{share}</p>}
      {count > 0 ? (
        <button type="button" class="figure-link" onClick={() => onShow(figure)}>
          {count === 1 ? "1 conversation" : `${count} conversations`}
          <span class="visually-hidden"> behind {figure.title}</span>
        </button>
      ) : (
        !reading && <span class="figure-none soft">No conversations</span>
      )}
      <p id={id} class="figure-definition" role="tooltip">
        {figure.definition}
      </p>
    </div>
  );
}
