import { useState } from "preact/hooks";
import { Avatar } from "../../shared/Avatar";
import { Button } from "../../shared/Button";
import type { LinkMade, Me, Person } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { fetchPeople } from "../api";
import { NotReady } from "../NotReady";
import { SessionList } from "../SessionList";
import type { TabProps } from "../tabProps";
import { useLoaded } from "../useLoaded";
import { AskDialog, type Deed } from "./AskDialog";
import { LinkDialog } from "./LinkDialog";
import { PersonDialog } from "./PersonDialog";
import { ROLE_WORDS, standing } from "./words";

type Open =
  | { what: "add" }
  | { what: "edit" | "sessions"; person: Person }
  | { what: "ask"; deed: Deed; person: Person }
  | { what: "link"; person: Person; link: LinkMade }
  | undefined;

/** Who belongs to the desk, and what may be done about them. */
export function PeopleTab({ me, onExpire }: TabProps) {
  const { loaded, refresh } = useLoaded(fetchPeople, onExpire);
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const done = (next?: Open) => {
    setOpen(next);
    void refresh();
  };
  return (
    <div class="stack-wide">
      <header class="section-head">
        <h2>People</h2>
        <Button kind="primary" onClick={() => setOpen({ what: "add" })}>
          Add a person
        </Button>
      </header>
      <NotReady loaded={loaded} what="people" refresh={refresh} />
      {loaded.state === "ready" && (
        <ul class="people">
          {loaded.value.map((person) => (
            <PersonRow key={person.agent_id} person={person} me={me} onOpen={setOpen} />
          ))}
        </ul>
      )}
      {open?.what === "add" && (
        <PersonDialog
          me={me}
          onClose={close}
          onSaved={(person, link) => done(link && { what: "link", person, link })}
        />
      )}
      {open?.what === "edit" && (
        <PersonDialog me={me} person={open.person} onClose={close} onSaved={() => done()} />
      )}
      {open?.what === "sessions" && (
        <Dialog title={`Sessions of ${open.person.name}`} onClose={close}>
          <SessionList agentId={open.person.agent_id} onExpire={onExpire} />
        </Dialog>
      )}
      {open?.what === "ask" && (
        <AskDialog
          deed={open.deed}
          person={open.person}
          onClose={close}
          onDone={(link) => done(link && { what: "link", person: open.person, link })}
        />
      )}
      {open?.what === "link" && <LinkDialog person={open.person} link={open.link} onClose={close} />}
    </div>
  );
}

type RowProps = { person: Person; me: Me; onOpen: (open: Open) => void };

function PersonRow({ person, me, onOpen }: RowProps) {
  const { name, email, role, team, second_factor: factor, load } = person;
  const isDisabled = person.account === "disabled";
  const ask = (deed: Deed) => () => onOpen({ what: "ask", deed, person });
  const isMe = person.agent_id === me.agent_id;
  return (
    <li class={`person ${isDisabled ? "person-disabled" : ""}`}>
      <Avatar kind="agent" name={name} />
      <div class="person-who">
        <h3>
          {name}
          {isMe && <span class="soft"> (you)</span>}
        </h3>
        <span class="soft person-email">{email}</span>
      </div>
      <div class="person-facts">
        <span class="chip">{ROLE_WORDS[role]}</span>
        {team && <span class="chip">{team}</span>}
        <span class={`chip person-${person.account}`}>{standing(person)}</span>
        {load > 0 && <span class="chip">{load === 1 ? "1 chat" : `${load} chats`}</span>}
        <span class="chip">{factor ? "Second factor" : "Password only"}</span>
      </div>
      {person.manageable && (
        <fieldset class="person-deeds">
          <legend class="visually-hidden">{name}</legend>
          <Button size="small" onClick={() => onOpen({ what: "edit", person })}>
            Edit
          </Button>
          {person.account === "invited" && (
            <Button size="small" onClick={ask("invite")}>
              Invite
            </Button>
          )}
          {person.account === "active" && (
            <Button size="small" onClick={() => onOpen({ what: "sessions", person })}>
              Sessions
            </Button>
          )}
          {person.account === "active" && !isMe && (
            <Button size="small" onClick={ask("reset")}>
              Reset password
            </Button>
          )}
          {!isMe && (
            <Button size="small" onClick={ask(isDisabled ? "enable" : "disable")}>
              {isDisabled ? "Enable" : "Disable"}
            </Button>
          )}
          {!isMe && (
            <Button size="small" kind="danger" onClick={ask("delete")}>
              Delete
            </Button>
          )}
        </fieldset>
      )}
    </li>
  );
}
