import { useState } from "preact/hooks";
import type { LinkMade, Person } from "../../shared/contract";
import { ActionDialog } from "../ActionDialog";
import { changePerson, deletePerson, invitePerson, resetPerson } from "../api";

export type Deed = "invite" | "reset" | "disable" | "enable" | "delete";

type Words = { title: (name: string) => string; text: string; button: string; danger?: boolean };
const WORDS: Record<Deed, Words> = {
  invite: {
    title: (name) => `Invite ${name}`,
    text: "You get a link to send them. They choose their password with it. Links made before are over.",
    button: "Make a link",
  },
  reset: {
    title: (name) => `Reset the password of ${name}`,
    text: "Their password and all their sessions are over at once. You get a link to send them, with which they choose another.",
    button: "Reset",
    danger: true,
  },
  disable: {
    title: (name) => `Disable ${name}`,
    text: "They are logged out at once and cannot log in again. Their chats go back to the head of the line.",
    button: "Disable",
    danger: true,
  },
  enable: {
    title: (name) => `Enable ${name}`,
    text: "They can log in again, with the password they had.",
    button: "Enable",
  },
  delete: {
    title: (name) => `Delete ${name}`,
    text: "They are logged out at once, their chats go back to the head of the line, and the account is gone. Conversations keep the name.",
    button: "Delete",
    danger: true,
  },
};

type Props = {
  deed: Deed;
  person: Person;
  onClose: () => void;
  onDone: (link?: LinkMade) => void;
};

/** What may be done about somebody. */
export function AskDialog({ deed, person, onClose, onDone }: Props) {
  const [factorToo, setFactorToo] = useState(false);
  const { title, text, button, danger } = WORDS[deed];
  const act = async () => onDone(await perform(deed, person.agent_id, factorToo));
  return (
    <ActionDialog title={title(person.name)} button={button} danger={danger} act={act} onClose={onClose}>
      <p>{text}</p>
      {deed === "reset" && person.second_factor && (
        <label class="check">
          <input
            type="checkbox"
            checked={factorToo}
            onChange={(event) => setFactorToo(event.currentTarget.checked)}
          />
          <span>Remove their second factor too, because the phone is lost</span>
        </label>
      )}
    </ActionDialog>
  );
}

async function perform(deed: Deed, agentId: string, factorToo: boolean): Promise<LinkMade | undefined> {
  if (deed === "invite") return invitePerson(agentId);
  if (deed === "reset") return resetPerson(agentId, factorToo);
  if (deed === "delete") await deletePerson(agentId);
  else await changePerson(agentId, { account: deed === "disable" ? "disabled" : "active" });
  return undefined;
}
