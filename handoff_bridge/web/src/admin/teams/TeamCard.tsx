import { useId } from "preact/hooks";
import { Avatar } from "../../shared/Avatar";
import { Button } from "../../shared/Button";
import type { Team, TeamNow } from "../../shared/contract";
import { useNow } from "../../shared/desk/hooks";
import { dayOf } from "../../shared/time";
import { Week } from "./Week";
import { languageWord, modeWords, openWords, skillWords } from "./words";

type Props = { name: string; team: Team; now: TeamNow; onEdit?: () => void };

const MINUTE_MS = 60_000;

/** How a team takes its chats, when it is there, and who belongs to it. */
export function TeamCard({ name, team, now, onEdit }: Props) {
  const id = useId();
  const time = useNow(MINUTE_MS);
  const { hours } = team;
  return (
    <article class="team" aria-labelledby={id}>
      <header class="team-head">
        <div>
          <h3 id={id}>{name}</h3>
          <p class={now.open ? "team-open" : "team-closed"}>{openWords(now, time, hours?.zone)}</p>
        </div>
        {onEdit && (
          <Button size="small" onClick={onEdit} aria-label={`Edit the team ${name}`}>
            Edit
          </Button>
        )}
      </header>
      <dl class="team-facts">
        <Fact name="Chats">{modeWords(team)}</Fact>
        <Fact name="Longest queue">
          {team.longest_queue === undefined ? "No end" : `${team.longest_queue}, then a dated promise`}
        </Fact>
        <Fact name="Promises">
          Answered within {team.answer_hours} {team.answer_hours === 1 ? "hour" : "hours"}
          {hours ? " of open time" : ""}
        </Fact>
        <Fact name="Languages">{team.languages.map(languageWord).join(", ") || "Any"}</Fact>
      </dl>
      {hours ? (
        <figure class="team-hours">
          <Week hours={hours} holidays={now.holidays} />
          <figcaption class="soft">
            By the clocks of {hours.zone.replaceAll("_", " ")}
            {hours.holidays ? `; holidays of ${hours.holidays}` : ""}
          </figcaption>
        </figure>
      ) : (
        <p class="team-always soft">No hours: open day and night.</p>
      )}
      {now.holidays.length > 0 && (
        <div>
          <h4>Holidays of the next weeks</h4>
          <ul class="team-holidays">
            {now.holidays.map((holiday) => (
              <li key={holiday.date}>
                <time dateTime={holiday.date}>{dayOf(holiday.date)}</time>
                <span>{holiday.name}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div>
        <h4>
          Members <span class="count">{now.members.length}</span>
        </h4>
        {now.members.length ? (
          <ul class="team-members">
            {now.members.map((member) => (
              <li key={member.agent_id}>
                <Avatar kind="agent" name={member.name} small />
                <span>
                  {member.name}
                  <span class="team-skills">{skillWords(member)}</span>
                </span>
              </li>
            ))}
          </ul>
        ) : (
          <p class="soft">Nobody belongs to this team.</p>
        )}
      </div>
    </article>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
