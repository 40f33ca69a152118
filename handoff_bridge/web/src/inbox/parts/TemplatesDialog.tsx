import { useEffect, useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { ChannelTemplate } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { languageWord, plainWords } from "../../shared/desk/words";
import { WarningIcon } from "../../shared/icons";
import type { ChannelDesk } from "../net/channel";
import { templatePieces, templatesFor, variablesOf } from "../state/templates";

type Props = {
  channel: ChannelDesk;
  conversationId: string;
  title: string;
  customer: string;
  onClose: () => void;
};

/** The texts that a platform has approved: search, fill in, see what the customer will read, send. */
export function TemplatesDialog({ channel, conversationId, title, customer, onClose }: Props) {
  const [found, setFound] = useState<ChannelTemplate[]>();
  const [problem, setProblem] = useState<string>();
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState<ChannelTemplate>();
  const [values, setValues] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let isGone = false;
    void channel.templates(conversationId).then((asked) => {
      if (isGone) return;
      if ("problem" in asked) setProblem(asked.problem);
      else setFound(asked);
    });
    return () => {
      isGone = true;
    };
  }, [channel, conversationId]);
  const names = variablesOf(chosen?.body ?? "");
  const missing = names.filter((name) => !values[name]?.trim());
  const pick = (template: ChannelTemplate) => {
    setChosen(template);
    setValues({});
    setProblem(undefined);
  };
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!chosen || busy) return;
    if (missing.length > 0) return setProblem("Fill in every blank first.");
    setBusy(true);
    const variables = Object.fromEntries(names.map((name) => [name, values[name]?.trim() ?? ""]));
    const ack = await channel.sendTemplate(conversationId, { template_id: chosen.template_id, variables });
    setBusy(false);
    if (ack.ok) onClose();
    else setProblem(ack.message);
  };
  const shown = templatesFor(found ?? [], query);
  return (
    <Dialog
      title={`An approved text for ${customer}`}
      kind="wide"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="template-form" aria-disabled={!chosen || busy}>
            {busy ? "Sending…" : `Send on ${title}`}
          </Button>
        </>
      }
    >
      <form id="template-form" class="template-form" onSubmit={send}>
        <div class="templates" aria-busy={!found && !problem}>
          <label class="field">
            <span>Search</span>
            <input
              type="search"
              data-first=""
              value={query}
              onInput={(event) => setQuery(event.currentTarget.value)}
            />
          </label>
          {!found && !problem && <p class="soft">Asking {title}…</p>}
          {found && shown.length === 0 && (
            <p class="soft">
              {found.length === 0
                ? `${title} has approved no text yet.`
                : "No approved text holds these words."}
            </p>
          )}
          <fieldset class="template-list" aria-label="Approved texts">
            {shown.map((template) => (
              <label key={template.template_id} class="choice">
                <input
                  type="radio"
                  name="template"
                  checked={template === chosen}
                  onChange={() => pick(template)}
                />
                <span>
                  <span class="choice-line">
                    <strong>{plainWords(template.name)}</strong>
                    <span class="choice-language">{languageWord(template.language.replace("_", "-"))}</span>
                  </span>
                  <span class="soft template-body" lang={template.language.replace("_", "-")} dir="auto">
                    <Filled body={template.body} />
                  </span>
                </span>
              </label>
            ))}
          </fieldset>
        </div>
        <div class="template-filled">
          {problem && (
            <p class="field-problem" role="alert">
              <WarningIcon small /> {problem}
            </p>
          )}
          {chosen ? (
            <>
              {names.map((name) => (
                <label key={`${chosen.template_id} ${name}`} class="field">
                  <span>{blankWord(name)}</span>
                  <input
                    type="text"
                    maxLength={1000}
                    value={values[name] ?? ""}
                    onInput={({ currentTarget: { value } }) =>
                      setValues((now) => ({ ...now, [name]: value }))
                    }
                  />
                </label>
              ))}
              <section class="preview" aria-label={`What ${customer} will read`}>
                <p class="soft">{`What ${customer} will read`}</p>
                <p class="bubble said" dir="auto">
                  <Filled body={chosen.body} values={values} />
                </p>
              </section>
            </>
          ) : (
            <p class="soft">Choose a text to see it here, and to fill in its blanks.</p>
          )}
        </div>
      </form>
    </Dialog>
  );
}

const blankWord = (name: string) => (/^\d+$/.test(name) ? `Blank ${name}` : plainWords(name));

/** A text with its blanks, as far as they are filled in. */
function Filled({ body, values }: { body: string; values?: Readonly<Record<string, string>> }) {
  return (
    <>
      {templatePieces(body, values).map((piece, at) =>
        "blank" in piece ? (
          <span key={at} class="blank">
            {blankWord(piece.blank)}
          </span>
        ) : (
          piece.text
        ),
      )}
    </>
  );
}
