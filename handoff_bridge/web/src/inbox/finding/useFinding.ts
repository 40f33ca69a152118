import { useEffect, useRef, useState } from "preact/hooks";
import type { FoundConversation, LiveConversation, Me, Row } from "../../shared/contract";
import { fetchHandoffs, fetchLive, searchConversations } from "../../shared/desk/api";
import { isSupervisor } from "../../shared/desk/roles";
import type { Desk } from "../net/desk";
import { lastSeq } from "../state/log";
import { alarm, newlyOfConcern } from "./live";
import { usePaged } from "./usePaged";

export type List = "desk" | "team" | "all" | "closed" | "live";
export const LISTS: { name: List; word: string; title: string }[] = [
  { name: "desk", word: "Desk", title: "Queue and my chats" },
  { name: "team", word: "Team", title: "My team’s chats" },
  { name: "all", word: "All", title: "All open chats" },
  { name: "closed", word: "Closed", title: "Closed chats" },
  { name: "live", word: "Live", title: "The assistant’s running chats" },
];
/** The live view is for supervisors. */
export const listsOf = (me: Me) => LISTS.filter(({ name }) => name !== "live" || isSupervisor(me));

const PAGE = 30;
const TYPED_MS = 250;
const LIVE_MS = 5000;

async function closedPage(_: string, before?: string) {
  const items: Row[] = await fetchHandoffs("ended", PAGE, before);
  return { items, before: items.length === PAGE ? items[PAGE - 1]?.handoff_id : undefined };
}

async function foundPage(q: string, before?: string) {
  const page = await searchConversations(q, before);
  const items: FoundConversation[] = page.conversations;
  return { items, before: page.before };
}

/** Which list is on screen, what is searched for, and what the assistant's chats are like. */
export function useFinding(desk: Desk, me: Me) {
  const [list, setList] = useState<List>("desk");
  const [query, setQuery] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const closed = usePaged(closedPage);
  const search = usePaged(foundPage);
  const live = useLive(desk, isSupervisor(me));
  const wanted = query.trim();

  useEffect(() => {
    if (list === "closed") closed.load();
  }, [list, closed.load]);
  useEffect(() => {
    if (!isSearchable(wanted)) return;
    const typed = setTimeout(() => search.load(wanted), TYPED_MS);
    return () => clearTimeout(typed);
  }, [wanted, search.load]);

  const show = (next: List) => {
    setQuery("");
    setList(next);
  };
  return { list, show, query, setQuery, isSearching: wanted !== "", field, closed, search, live };
}
export type Finding = ReturnType<typeof useFinding>;

/** The bridge refuses what has no letter and no digit. */
export const isSearchable = (query: string) => /[\p{L}\p{N}]/u.test(query);

/** Asked again and again while the page is there: the assistant's chats are told to nobody. */
function useLive(desk: Desk, on: boolean) {
  const [chats, setChats] = useState<LiveConversation[]>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!on) return;
    let timer: ReturnType<typeof setTimeout>;
    let known: LiveConversation[] | undefined;
    let isOver = false;
    const look = async () => {
      const found = await fetchLive().catch(() => undefined);
      if (isOver) return;
      setFailed(found === undefined);
      if (found) {
        const [first] = newlyOfConcern(known, found);
        if (first) desk.spoken.update(() => alarm(first));
        catchUpWith(desk, found);
        setChats(found);
        known = found;
      }
      timer = setTimeout(look, LIVE_MS);
    };
    look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [desk, on]);
  return { chats, failed };
}

/** What was said meanwhile in the one that is on screen. */
function catchUpWith(desk: Desk, found: LiveConversation[]): void {
  const { rows, selected = "", logs } = desk.store.state;
  const shown = found.find((chat) => chat.conversation_id === rows[selected]?.conversation_id);
  if (!shown) return;
  const log = logs[shown.conversation_id];
  if (log?.state === "ready" && lastSeq(log.events) < shown.last_seq) desk.catchUp(shown.conversation_id);
}
