import { useId, useRef, useState } from "preact/hooks";
import { Banner } from "../../shared/Banner";
import { Button } from "../../shared/Button";
import type { Mistake } from "../../shared/contract";
import type { Documents } from "../../shared/desk/api";
import { WarningIcon } from "../../shared/icons";
import { type Draft, keepDraft } from "./drafts";
import { LineNumbers } from "./LineNumbers";
import { Mistakes } from "./Mistakes";
import { TryDialog } from "./TryDialog";
import type { Refusal, Save } from "./useDocument";

type Props = {
  name: keyof Documents;
  title: string;
  draft: Draft;
  /** The newest version by now. */
  newest: number;
  save: Save;
  onReadNewest: () => void;
  onClose: () => void;
};

const FEWEST_ROWS = 12;

/** The document as it is kept. What is typed stays in this tab until it is saved or given up. */
export function TextEditor({ name, title, draft, newest, save, onReadNewest, onClose }: Props) {
  const [text, setText] = useState(draft.text);
  const [refusal, setRefusal] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const [isTried, setIsTried] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const mistakes = refusal?.kind === "wrong" ? refusal.mistakes : [];
  const lines = text.split("\n").length;
  const close = () => {
    keepDraft(name, undefined);
    onClose();
  };
  const submit = async (version: number) => {
    if (busy) return;
    setBusy(true);
    const refused = await save(text, version);
    setBusy(false);
    setRefusal(refused);
    if (!refused) close();
    else if (refused.kind === "wrong" && refused.mistakes[0]) show(area.current, refused.mistakes[0]);
  };
  return (
    <>
      <form
        class="editor-form"
        aria-labelledby={`${id}-title`}
        onSubmit={(event) => {
          event.preventDefault();
          submit(draft.version);
        }}
      >
        <header class="document-head">
          <h3 id={`${id}-title`}>{title}</h3>
          <div class="document-tools">
            {name !== "canned-replies" && <Button onClick={() => setIsTried(true)}>Try it on a day</Button>}
            <Button onClick={close}>Discard changes</Button>
            <Button kind="primary" type="submit" aria-disabled={busy}>
              {busy ? "Saving…" : "Save"}
            </Button>
          </div>
        </header>
        {refusal?.kind === "old" && (
          <Banner
            tone="amber"
            icon={<WarningIcon small />}
            actions={
              <>
                <Button size="small" onClick={onReadNewest}>
                  Read it
                </Button>
                <Button size="small" onClick={() => submit(newest)}>
                  Save mine on top
                </Button>
              </>
            }
          >
            {refusal.message} Your text is kept.
          </Banner>
        )}
        {refusal?.kind === "failed" && (
          <Banner tone="red" icon={<WarningIcon small />}>
            {refusal.message} Your text is kept; save again.
          </Banner>
        )}
        {mistakes.length > 0 && (
          <Mistakes mistakes={mistakes} onShow={(mistake) => show(area.current, mistake)} />
        )}
        <div class="editor">
          <LineNumbers count={lines} wrong={new Set(mistakes.map(({ line }) => line))} />
          <textarea
            ref={area}
            class="editor-text"
            aria-label={`${title}, as text`}
            aria-invalid={mistakes.length > 0}
            wrap="off"
            spellcheck={false}
            autocapitalize="off"
            autocomplete="off"
            rows={Math.max(FEWEST_ROWS, lines + 1)}
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
              keepDraft(name, { ...draft, text: event.currentTarget.value });
            }}
          />
        </div>
      </form>
      {isTried && (
        <TryDialog
          name={name}
          text={text}
          onMistakes={(mistakes) => setRefusal({ kind: "wrong", mistakes })}
          onClose={() => setIsTried(false)}
        />
      )}
    </>
  );
}

/** Puts the cursor where the mistake stands. */
function show(area: HTMLTextAreaElement | null, { line, column }: Mistake) {
  if (!area) return;
  const before = area.value.split("\n").slice(0, line - 1);
  const start = before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
  const end = area.value.indexOf("\n", start);
  area.focus();
  area.setSelectionRange(start, end < 0 ? area.value.length : end);
}
