import type { Mistake } from "../../shared/contract";
import { WarningIcon } from "../../shared/icons";

type Props = { mistakes: Mistake[]; onShow?: (mistake: Mistake) => void };

/** What is wrong in a document, each with the line where it stands. */
export function Mistakes({ mistakes, onShow }: Props) {
  return (
    <div class="mistakes" role="alert">
      <p>
        <WarningIcon small /> Nothing is saved yet: {mistakes.length === 1 ? "this is" : "these are"} not
        right.
      </p>
      <ul>
        {mistakes.map((mistake) => (
          <li key={`${mistake.line} ${mistake.column} ${mistake.reason}`}>
            {onShow ? (
              <button type="button" class="mistake-line" onClick={() => onShow(mistake)}>
                Line {mistake.line}
              </button>
            ) : (
              <span class="mistake-line">Line {mistake.line}</span>
            )}
            <span>{mistake.reason}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
