import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { Me, TeamsDocument } from "../../shared/contract";
import { PeopleIcon } from "../../shared/icons";
import { DocumentPage, type View } from "../documents/DocumentPage";
import { TeamCard } from "./TeamCard";
import { TeamForm } from "./TeamForm";
import "./teams.css";

type Props = { me: Me; onExpire: () => void };

/** The teams, as they are right now; supervisors may change them. */
export function TeamsTab({ me, onExpire }: Props) {
  return (
    <DocumentPage name="teams" title="Teams" file="teams.yml" me={me} onExpire={onExpire}>
      {(view) => <Teams {...view} />}
    </DocumentPage>
  );
}

function Teams({ document, canEdit, save, editText }: View<TeamsDocument>) {
  const [edited, setEdited] = useState<{ name?: string }>();
  const teams = Object.entries(document.document?.teams ?? {});
  const team = edited?.name === undefined ? undefined : document.document?.teams[edited.name];
  return (
    <>
      {teams.length ? (
        <div class="teams">
          {teams.map(([name, one]) => (
            <TeamCard
              key={name}
              name={name}
              team={one}
              now={document.now[name] ?? { open: true, holidays: [], members: [] }}
              {...(canEdit ? { onEdit: () => setEdited({ name }) } : {})}
            />
          ))}
        </div>
      ) : (
        <div class="document-state">
          <span class="brand-mark">
            <PeopleIcon />
          </span>
          <h3>No teams yet</h3>
          <p class="soft">Every chat is anyone’s, and everyone is always open.</p>
        </div>
      )}
      {canEdit && document.document && (
        <Button class="team-add" onClick={() => setEdited({})}>
          Add a team
        </Button>
      )}
      {edited && (
        <TeamForm
          {...edited}
          {...(team ? { team } : {})}
          text={document.text}
          version={document.version}
          save={save}
          onText={(text) => {
            setEdited(undefined);
            editText(text);
          }}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  );
}
