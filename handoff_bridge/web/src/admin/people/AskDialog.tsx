import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { LinkMade, Person } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { explained, Problem } from "../../shared/desk/Problem";
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

/** Says what will happen, and does it. */
export function AskDialog({ deed, person, onClose, onDone }: Props) {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [factorToo, setFactorToo] = useState(false);
  const words = WORDS[deed];
  const go = async () => {
    setBusy(true);
    try {
      onDone(await perform(deed, person.agent_id, factorToo));
    } catch (error) {
      setProblem(explained(error));
      setBusy(false);
    }
  };
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button kind={words.danger ? "danger" : "primary"} disabled={busy} onClick={go}>
        {words.button}
      </Button>
    </>
  );
  return (
    <Dialog title={words.title(person.name)} onClose={onClose} footer={footer}>
      <div class="stack">
        <p>{words.text}</p>
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
        <Problem text={problem} />
      </div>
    </Dialog>
  );
}

async function perform(deed: Deed, agentId: string, factorToo: boolean): Promise<LinkMade | undefined> {
  if (deed === "invite") return invitePerson(agentId);
  if (deed === "reset") return resetPerson(agentId, factorToo);
  if (deed === "delete") await deletePerson(agentId);
  else await changePerson(agentId, { account: deed === "disable" ? "disabled" : "active" });
  return undefined;
}
