import { letters, MOST_LETTERS } from "../../shared/letters";

/** Says how long a text may be once it nears that, as the bridge counts; what is too long is told, never cut. */
export function Letters({ text, most = MOST_LETTERS }: { text: string; most?: number }) {
  const count = letters(text.trim());
  if (count <= most * 0.9) return null;
  const over = count - most;
  const words = `${count.toLocaleString("en")} of ${most.toLocaleString("en")} characters`;
  return over > 0 ? (
    <span class="letters too-long" role="alert">
      {words}: {over.toLocaleString("en")} too many. Nothing is cut off; shorten it to go on.
    </span>
  ) : (
    <span class="letters soft">{words}</span>
  );
}
