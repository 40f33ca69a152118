import { useState } from "preact/hooks";
import { Button } from "../shared/Button";
import type { LoginSession } from "../shared/contract";
import { explained, Problem } from "../shared/desk/Problem";
import { fullTime } from "../shared/time";
import { endSession, endSessions, fetchSessions } from "./api";
import { useLoaded } from "./useLoaded";

type Props = { agentId: string; onExpire: () => void };

/** Where somebody is logged in, and ending that. */
export function SessionList({ agentId, onExpire }: Props) {
  const { loaded, refresh } = useLoaded(() => fetchSessions(agentId), onExpire);
  const [problem, setProblem] = useState("");
  const end = async (asked: Promise<unknown>) => {
    setProblem("");
    await asked.catch((error) => setProblem(explained(error)));
    await refresh();
  };
  if (loaded.state === "loading") return <p class="soft">Loading sessions…</p>;
  if (loaded.state === "failed") return <Button onClick={refresh}>Sessions did not load. Try again</Button>;
  const others = loaded.value.filter((one) => !one.current);
  return (
    <div class="stack">
      {loaded.value.length === 0 && <p class="soft">Not logged in anywhere.</p>}
      <ul class="sessions">
        {loaded.value.map((session) => (
          <li key={session.session_id} class="session">
            <span>
              <strong>{session.user_agent ?? "Unknown program"}</strong>
              <span class="soft">{fromWhere(session)}</span>
            </span>
            {session.current ? (
              <span class="chip">This one</span>
            ) : (
              <Button
                size="small"
                aria-label={`End the session of ${session.user_agent ?? "an unknown program"}`}
                onClick={() => end(endSession(agentId, session.session_id))}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Problem text={problem} />
      {others.length > 1 && (
        <Button onClick={() => end(endSessions(agentId))}>
          {others.length < loaded.value.length ? "End all others" : "End all"}
        </Button>
      )}
    </div>
  );
}

function fromWhere({ address, created_at: since, last_seen_at: seen, via }: LoginSession): string {
  return [
    address,
    since && `since ${fullTime(since)}`,
    seen && `last seen ${fullTime(seen)}`,
    via === "oidc" && "by your organisation",
  ]
    .filter(Boolean)
    .join(" · ");
}
