import { useEffect, useState } from "preact/hooks";
import { Avatar } from "../../shared/Avatar";
import { brand } from "../../shared/brand";
import type { Disposition, Me } from "../../shared/contract";
import { fetchTexts } from "../../shared/desk/api";
import { customerName, firstName } from "../../shared/desk/words";
import type { Row } from "../state/rows";
import type { EndKind } from "../useEnding";

type Props = {
  kind: EndKind;
  row: Row;
  me: Me;
  outcome: string;
  disposition: Disposition | undefined;
};

/** What the customer will read next: the bridge's own line, then the assistant with the outcome. */
export function EndPreview({ kind, row, me, outcome, disposition }: Props) {
  return (
    <aside class="preview" aria-label="Preview">
      <h3>{firstName(customerName(row.customer.name))} will see</h3>
      <div class="preview-chat" aria-live="polite">
        <PreviewLine
          language={row.customer.language}
          name={kind === "return" ? "returned" : "closed"}
          values={{ name: me.name }}
          missing={
            kind === "return"
              ? `A line that you have left and ${brand.assistant} is back.`
              : "A line that the chat is closed."
          }
        />
        {kind === "return" && (
          <div class="preview-bot">
            <Avatar kind="bot" small />
            <p class="bubble">{botSays(outcome, firstName(me.name), disposition)}</p>
          </div>
        )}
      </div>
      <p class="soft">
        {kind === "return"
          ? `${brand.assistant} greets in words like these and asks nothing that you settled. The note stays with your team.`
          : `${brand.assistant} answers again if they write later. The note stays with your team.`}
      </p>
    </aside>
  );
}

type LineProps = {
  language: string | undefined;
  name?: string;
  values?: Record<string, string>;
  missing: string;
};

/** The bridge's own line in the customer's language; `missing` says what it is about until it is known. */
export function PreviewLine({ language = "en", name = "", values = {}, missing }: LineProps) {
  const texts = useTexts(language);
  const line = Object.entries(values).reduce(
    (text, [key, value]) => text?.replaceAll(`{${key}}`, value),
    texts?.[name],
  );
  return <p class={`preview-line ${line ? "" : "soft"}`}>{line ?? missing}</p>;
}

function botSays(outcome: string, agent: string, disposition: Disposition | undefined): string {
  if (outcome) return `${brand.assistant} again, the automated assistant. ${agent} tells me: ${outcome}`;
  if (disposition === "follow_up")
    return `${brand.assistant} again, the automated assistant. ${agent} will come back to you.`;
  return `${brand.assistant} again, the automated assistant. What else can I do?`;
}

function useTexts(language: string): Record<string, string> | undefined {
  const [texts, setTexts] = useState<Record<string, string>>();
  useEffect(() => {
    fetchTexts(language).then(setTexts, () => undefined);
  }, [language]);
  return texts;
}
