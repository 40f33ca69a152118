import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";

type Props = { what: string; text: string; onDiscard: () => void };

/** What was typed and can no longer be sent: kept, to be copied. */
export function Unsent({ what, text, onDiscard }: Props) {
  const [copied, setCopied] = useState(false);
  if (!text.trim()) return null;
  // Without the right to, the text is there to be marked by hand.
  const copy = () =>
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  return (
    <section class="unsent" aria-label={`Your unsent ${what}`}>
      <p class="unsent-head">
        <strong>Not sent: your {what}</strong>
        <Button size="small" onClick={copy}>
          {copied ? "Copied" : "Copy"}
        </Button>
        <Button size="small" kind="quiet" onClick={onDiscard}>
          Discard
        </Button>
      </p>
      <pre dir="auto">{text}</pre>
    </section>
  );
}
