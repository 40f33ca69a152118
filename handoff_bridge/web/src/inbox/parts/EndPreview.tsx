import { useEffect, useState } from "preact/hooks";
import { Avatar } from "../../shared/Avatar";
import { brand } from "../../shared/brand";
import type { PreviewedMessage, PreviewRequest } from "../../shared/contract";
import { ApiError, fetchPreview, fetchTexts } from "../../shared/desk/api";
import { customerName, firstName } from "../../shared/desk/words";
import { RichText } from "../../shared/RichText";
import type { Row } from "../state/rows";
import type { EndKind } from "../useEnding";

const TYPING_PAUSE_MS = 400;

type Props = { kind: EndKind; row: Row; ending: Omit<PreviewRequest, "kind"> };

/** What the customer will read next, from those who will say it: the bridge, and the assistant. */
export function EndPreview({ kind, row, ending }: Props) {
  const { messages, problem } = usePreview(row.handoff_id, { kind, ...ending });
  return (
    <aside class="preview" aria-label="Preview">
      <h3>{firstName(customerName(row.customer.name))} will see</h3>
      <div class="preview-chat" aria-live="polite" aria-busy={!messages && !problem}>
        {messages?.map((message, at) => (
          <Previewed key={at} message={message} />
        ))}
        {problem && <p class="preview-line soft">{problem}</p>}
      </div>
      <p class="soft">
        {kind === "return"
          ? `${brand.assistant} asks nothing that you settled. The note stays with your team.`
          : `${brand.assistant} answers again if they write later. The note stays with your team.`}
      </p>
    </aside>
  );
}

function Previewed({ message: { sender, text, buttons } }: { message: PreviewedMessage }) {
  if (sender === "system") return <p class="preview-line">{text}</p>;
  return (
    <div class="preview-bot">
      <Avatar kind="bot" small />
      <div>
        {text && (
          <p class="bubble" dir="auto">
            <RichText text={text} />
          </p>
        )}
        {buttons?.map((title) => (
          <span key={title} class="chip">
            {title}
          </span>
        ))}
      </div>
    </div>
  );
}

type Shown = { messages?: PreviewedMessage[]; problem?: string };

/** Asked anew once the agent pauses; what was shown stays until then. */
function usePreview(handoffId: string, request: PreviewRequest): Shown {
  const [shown, setShown] = useState<Shown>({});
  const asked = JSON.stringify(request);
  useEffect(() => {
    let isCurrent = true;
    const show = (next: Shown) => isCurrent && setShown(next);
    const ask = () =>
      fetchPreview(handoffId, JSON.parse(asked)).then(
        (messages) => show({ messages }),
        (error: unknown) => show({ problem: whyNone(error) }),
      );
    const timer = setTimeout(ask, shown.messages ? TYPING_PAUSE_MS : 0);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [handoffId, asked]);
  return shown;
}

function whyNone(error: unknown): string {
  if (!(error instanceof ApiError)) return "There is no preview right now.";
  if (error.code === "bot_unavailable")
    return `${brand.assistant} does not answer right now, so there is no preview.`;
  return error.message || "There is no preview right now.";
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
    (text, [key, value]) => text?.replaceAll(`{${key}}`, () => value),
    texts?.[name],
  );
  return <p class={`preview-line ${line ? "" : "soft"}`}>{line ?? missing}</p>;
}

function useTexts(language: string): Record<string, string> | undefined {
  const [texts, setTexts] = useState<Record<string, string>>();
  useEffect(() => {
    fetchTexts(language).then(setTexts, () => undefined);
  }, [language]);
  return texts;
}
