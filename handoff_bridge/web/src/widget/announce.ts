import type { Store } from "../shared/client/store";
import type { ChatEvents, Emit } from "./shell";
import type { State } from "./state/store";

/** Tells the page what becomes of the chat: of what is said only by whom, never what. */
export function announce(store: Store<State>, emit: Emit): void {
  let last = store.state;
  /** Where the log ended when it was first read: what had been said before is no news. */
  let known = 0;
  store.subscribe(() => {
    const before = last;
    const now = store.state;
    last = now;
    if (now.open !== before.open) emit(now.open ? "opened" : "closed", {});
    if (now.status.owner !== before.status.owner) emit("handoff", handoff(now));
    if (now.loaded && !before.loaded) known = now.log.messages.at(-1)?.seq ?? 0;
    for (const message of news(before, now, known)) emit("message", message);
    if (now.unread !== before.unread) emit("unread", { count: now.unread });
    if (now.phase === "expired" && before.phase !== "expired") emit("identity-expired", {});
  });
}

function handoff({ status: { owner, agent } }: State): ChatEvents["handoff"] {
  return owner === "agent" && agent ? { owner, agent: agent.name } : { owner };
}

function news(before: State, now: State, known: number): ChatEvents["message"][] {
  if (!now.loaded || now.log === before.log) return [];
  const old = new Set(before.log.messages.map(({ seq }) => seq));
  return now.log.messages.flatMap(({ seq, sender: who, at, agent }) => {
    if (who === "customer" || seq <= known || old.has(seq)) return [];
    return agent ? { who, at, agent: agent.name } : { who, at };
  });
}
