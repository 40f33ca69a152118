import { useId } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { LinkMade, Me, Person, Role } from "../../shared/contract";
import { Dialog } from "../../shared/desk/Dialog";
import { Problem } from "../../shared/desk/Problem";
import { addPerson, changePerson, invitePerson } from "../api";
import { useSending } from "../useSending";
import { languagesIn, ROLE_WORDS, rolesOf, skillsIn, skillsText } from "./words";

type Props = {
  me: Me;
  person?: Person;
  onClose: () => void;
  onSaved: (person: Person, link?: LinkMade) => void;
};

/** Adds somebody, with the link to invite them by; or changes somebody. */
export function PersonDialog({ me, person, onClose, onSaved }: Props) {
  const { problem, setProblem, busy, send } = useSending();
  const form = useId();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(typed.get(name) ?? "").trim();
    const skills = skillsIn(text("skills"));
    if (!skills) return setProblem("Skills are names with a level from 1 to 5: returns 3, refunds 5");
    await send(async () => {
      const common = { name: text("name"), role: text("role") as Role, team: text("team") };
      if (person) {
        const more = { skills, languages: languagesIn(text("languages")) };
        onSaved(await changePerson(person.agent_id, { ...common, ...more }));
      } else {
        const added = await addPerson({ ...common, email: text("email") });
        onSaved(added, await invitePerson(added.agent_id));
      }
    });
  };
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="primary" type="submit" form={form} disabled={busy}>
        {person ? "Save" : "Add and make a link"}
      </Button>
    </>
  );
  return (
    <Dialog title={person ? `Edit ${person.name}` : "Add a person"} onClose={onClose} footer={footer}>
      <form id={form} class="stack" onSubmit={submit}>
        {!person && (
          <label class="field">
            <span>Email</span>
            <input name="email" type="email" autocomplete="off" required data-first />
          </label>
        )}
        <label class="field">
          <span>
            Name <span class="soft">as customers read it</span>
          </span>
          <input name="name" defaultValue={person?.name ?? ""} autocomplete="off" required />
        </label>
        <label class="field">
          <span>Role</span>
          <select name="role" defaultValue={person?.role ?? "agent"}>
            {rolesOf(me).map((role) => (
              <option key={role} value={role} selected={role === (person?.role ?? "agent")}>
                {ROLE_WORDS[role]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>
            Team <span class="soft">optional; customers read it too</span>
          </span>
          <input name="team" defaultValue={person?.team ?? ""} autocomplete="off" />
        </label>
        {person && (
          <>
            <label class="field">
              <span>
                Skills <span class="soft">with a level from 1 to 5: returns 3, refunds 5</span>
              </span>
              <input name="skills" defaultValue={skillsText(person.skills)} autocomplete="off" />
            </label>
            <label class="field">
              <span>
                Languages <span class="soft">codes: en, de</span>
              </span>
              <input name="languages" defaultValue={person.languages.join(", ")} autocomplete="off" />
            </label>
          </>
        )}
        <Problem text={problem} />
      </form>
    </Dialog>
  );
}
