import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Banner } from "../../shared/Banner";
import { Button } from "../../shared/Button";
import type { Me } from "../../shared/contract";
import type { Documents } from "../../shared/desk/api";
import { isSupervisor } from "../../shared/desk/roles";
import { InfoIcon, WarningIcon } from "../../shared/icons";
import { type Draft, keepDraft, keptDraft } from "./drafts";
import { TextEditor } from "./TextEditor";
import { type Save, useDocument } from "./useDocument";
import { savedWords, VersionsDialog } from "./VersionsDialog";
import "./documents.css";

/** What a page shows of a document that is right. */
export type View<D> = { document: D; canEdit: boolean; save: Save; editText: (text: string) => void };
type Props<N extends keyof Documents> = {
  name: N;
  title: string;
  file: string;
  me: Me;
  onExpire: () => void;
  children: (view: View<Documents[N]>) => ComponentChildren;
};

/** A document: who saved it when, its text, its versions, and what it says. */
export function DocumentPage<N extends keyof Documents>(props: Props<N>) {
  const { name, title, file, me, onExpire, children } = props;
  const { load, refresh, save } = useDocument(name, onExpire);
  const [draft, setDraft] = useState<Draft | undefined>(() => keptDraft(name));
  const [versions, setVersions] = useState<{ first?: number }>();
  const canEdit = isSupervisor(me);
  if (load.state === "loading") return <Loading title={title} />;
  if (load.state === "failed") {
    return (
      <section class="document document-state">
        <h2>{title} could not be loaded</h2>
        <p class="soft">What is saved holds all the same.</p>
        <Button onClick={refresh}>Try again</Button>
      </section>
    );
  }
  const { document } = load;
  const edit = (text: string) => {
    const begun = { version: document.version, text };
    keepDraft(name, begun);
    setDraft(begun);
  };
  const editing = canEdit ? draft : undefined;
  return (
    <section class="document" aria-label={title}>
      <header class="document-head">
        <div>
          <h2>{title}</h2>
          <p class="soft">
            Version {document.version} · {savedWords(document)}
          </p>
        </div>
        <div class="document-tools">
          <Button onClick={() => setVersions({})}>Versions</Button>
          {canEdit && !editing && <Button onClick={() => edit(document.text)}>Edit as text</Button>}
        </div>
      </header>
      {document.warnings.map(({ line, reason }) => (
        <Banner key={reason} tone="amber" icon={<InfoIcon small />}>
          Line {line}: {reason}
        </Banner>
      ))}
      {!document.document && (
        <Banner tone="red" icon={<WarningIcon small />}>
          This server cannot read version {document.version}; what held before holds on. Save a text that it
          can read, or restore an older version.
        </Banner>
      )}
      {editing ? (
        <TextEditor
          name={name}
          title={file}
          draft={editing}
          newest={document.version}
          save={save}
          onReadNewest={() => setVersions({ first: document.version })}
          onClose={() => setDraft(undefined)}
        />
      ) : (
        children({ document, canEdit, save, editText: edit })
      )}
      {versions && (
        <VersionsDialog
          {...versions}
          name={name}
          newest={document.version}
          canEdit={canEdit}
          save={save}
          onClose={() => setVersions(undefined)}
        />
      )}
    </section>
  );
}

function Loading({ title }: { title: string }) {
  return (
    <section class="document" aria-busy="true">
      <span class="visually-hidden">Loading {title}</span>
      <div class="document-skeleton">
        <i />
        <i />
      </div>
    </section>
  );
}
