import type { Colleague } from "../../shared/contract";
import { PRESENCES } from "../../shared/desk/words";
import { WarningIcon } from "../../shared/icons";
import type { Team } from "../state/team";
import type { Recipient } from "../usePassing";

type Props = {
  people: readonly Colleague[];
  teams: readonly Team[];
  chosen: Recipient | undefined;
  missing: boolean;
  onPick: (to: Recipient) => void;
};

/** A person, with how they stand, or a whole team. */
export function RecipientFields({ people, teams, chosen, missing, onPick }: Props) {
  const isTeam = (name: string) => chosen !== undefined && "team" in chosen && chosen.team === name;
  const isAgent = (id: string) => chosen !== undefined && "agent_id" in chosen && chosen.agent_id === id;
  return (
    <fieldset class="choices" aria-describedby={missing ? "recipient-missing" : undefined}>
      <legend>Who is to have it?</legend>
      {missing && (
        <p class="field-problem" id="recipient-missing" role="alert">
          <WarningIcon small /> Choose a person or a team.
        </p>
      )}
      {people.map((person) => (
        <Choice
          key={person.agent_id}
          word={person.name}
          hint={standing(person)}
          chosen={isAgent(person.agent_id)}
          onPick={() => onPick({ agent_id: person.agent_id })}
        />
      ))}
      {teams.map(({ name, there }) => (
        <Choice
          key={`team ${name}`}
          word={`Team ${name}`}
          hint={there ? `${there} there now` : "Nobody there now"}
          chosen={isTeam(name)}
          onPick={() => onPick({ team: name })}
        />
      ))}
    </fieldset>
  );
}

type ChoiceProps = { word: string; hint: string; chosen: boolean; onPick: () => void };

function Choice({ word, hint, chosen, onPick }: ChoiceProps) {
  return (
    <label class="choice">
      <input type="radio" name="recipient" checked={chosen} onChange={onPick} />
      <span>
        <strong>{word}</strong>
        <span class="soft">{hint}</span>
      </span>
    </label>
  );
}

function standing({ status, load, capacity, team }: Colleague): string {
  const word = PRESENCES.find((known) => known.value === status)?.word ?? status;
  return [word, `${load} of ${capacity} chats`, team].filter(Boolean).join(" · ");
}
