import { useCallback, useEffect, useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { DocumentVersion } from "../../shared/contract";
import { type Documents, fetchDocument, fetchVersions } from "../../shared/desk/api";
import { Dialog } from "../../shared/desk/Dialog";
import { BackIcon } from "../../shared/icons";
import { fullTime } from "../../shared/time";
import { LineNumbers } from "./LineNumbers";
import { Mistakes } from "./Mistakes";
import type { Refusal, Save } from "./useDocument";

type Props = {
  name: keyof Documents;
  newest: number;
  /** The version to begin with; without it, the list. */
  first?: number;
  canEdit: boolean;
  save: Save;
  onClose: () => void;
};

/** Who saved what when; each version can be read, and saved again. */
export function VersionsDialog({ name, newest, first, canEdit, save, onClose }: Props) {
  const [shown, setShown] = useState(first);
  return (
    <Dialog title={shown === undefined ? "Versions" : `Version ${shown}`} kind="wide" onClose={onClose}>
      {shown === undefined ? (
        <List name={name} newest={newest} onShow={setShown} />
      ) : (
        <OneVersion
          name={name}
          version={shown}
          newest={newest}
          canEdit={canEdit}
          save={save}
          onBack={() => setShown(undefined)}
          onDone={onClose}
        />
      )}
    </Dialog>
  );
}

type ListProps = { name: keyof Documents; newest: number; onShow: (version: number) => void };

function List({ name, newest, onShow }: ListProps) {
  const [versions, setVersions] = useState<DocumentVersion[]>([]);
  const [state, setState] = useState<"loading" | "failed" | "ready">("loading");
  const oldest = versions.at(-1)?.version;
  const more = useCallback(
    async (before?: number) => {
      setState("loading");
      try {
        const found = await fetchVersions(name, before);
        setVersions((known) => (before === undefined ? found : [...known, ...found]));
        setState("ready");
      } catch {
        setState("failed");
      }
    },
    [name],
  );
  useEffect(() => {
    more();
  }, [more]);
  return (
    <>
      <ul class="versions" aria-busy={state === "loading"}>
        {versions.map((one) => (
          <li key={one.version}>
            <button type="button" class="version" onClick={() => onShow(one.version)}>
              <strong>Version {one.version}</strong>
              <span class="soft">{savedWords(one)}</span>
              {one.version === newest && <span class="chip">holds now</span>}
            </button>
          </li>
        ))}
      </ul>
      {state === "loading" && <p class="soft">Loading…</p>}
      {state === "failed" && (
        <p>
          The versions could not be loaded. <Button onClick={() => more(oldest)}>Try again</Button>
        </p>
      )}
      {state === "ready" && oldest !== undefined && oldest > 0 && (
        <Button onClick={() => more(oldest)}>Older ones</Button>
      )}
    </>
  );
}

type OneProps = {
  name: keyof Documents;
  version: number;
  newest: number;
  canEdit: boolean;
  save: Save;
  onBack: () => void;
  onDone: () => void;
};

function OneVersion({ name, version, newest, canEdit, save, onBack, onDone }: OneProps) {
  const [found, setFound] = useState<Documents[keyof Documents] | "failed">();
  const [refusal, setRefusal] = useState<Refusal>();
  const load = useCallback(async () => {
    setFound(undefined);
    setFound(await fetchDocument(name, version).catch(() => "failed" as const));
  }, [name, version]);
  useEffect(() => {
    load();
  }, [load]);
  const restore = async (text: string) => {
    const refused = await save(text, newest);
    setRefusal(refused);
    if (!refused) onDone();
  };
  return (
    <div class="version-shown">
      <div class="document-tools">
        <Button onClick={onBack} data-first>
          <BackIcon small /> All versions
        </Button>
        {canEdit && version !== newest && found && found !== "failed" && (
          <Button kind="primary" onClick={() => restore(found.text)}>
            Restore this version
          </Button>
        )}
      </div>
      {refusal?.kind === "wrong" && <Mistakes mistakes={refusal.mistakes} />}
      {refusal && refusal.kind !== "wrong" && (
        <p class="field-problem" role="alert">
          {refusal.message}
        </p>
      )}
      {!found && <p class="soft">Loading…</p>}
      {found === "failed" && (
        <p>
          This version could not be loaded. <Button onClick={load}>Try again</Button>
        </p>
      )}
      {found && found !== "failed" && (
        <>
          <p class="soft">{savedWords(found)}</p>
          <div class="editor">
            <LineNumbers count={found.text.split("\n").length} />
            <textarea
              class="editor-text"
              aria-label={`Text of version ${version}`}
              wrap="off"
              readOnly
              rows={found.text.split("\n").length}
              value={found.text}
            />
          </div>
        </>
      )}
    </div>
  );
}

/** "Saved by Dana, 28 Nov 2026, 12:01"; of version 0, that it is the project's own. */
export function savedWords({ version, saved_by, saved_at }: DocumentVersion): string {
  if (version === 0 || !saved_at) return "The project’s own file";
  return `Saved by ${saved_by}, ${fullTime(saved_at)}`;
}
