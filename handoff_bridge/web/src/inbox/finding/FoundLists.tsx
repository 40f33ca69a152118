import type { ComponentChildren } from "preact";
import { Button } from "../../shared/Button";
import { brand } from "../../shared/brand";
import type { LiveConversation, Owner } from "../../shared/contract";
import { dispositionWord } from "../../shared/desk/words";
import { WarningIcon } from "../../shared/icons";
import { whenShort } from "../../shared/time";
import { type Row, rowOf, titleOf } from "../state/rows";
import { ListedRow, type Shared } from "./ListedRow";
import { concernWords } from "./live";
import { type Finding, isSearchable } from "./useFinding";
import type { Paged } from "./usePaged";

/** What colleagues are at; of those in line, since when. */
export function OpenList({ rows, empty, ...shared }: Shared & { rows: Row[]; empty: string }) {
  if (rows.length === 0) return <p class="list-empty">{empty}</p>;
  return (
    <ul>
      {rows.map((row) => {
        const owner = row.agent ? "agent" : "queue";
        return (
          <ListedRow
            key={row.handoff_id}
            row={row}
            state={<RowState>{whoHas(owner, row)}</RowState>}
            {...shared}
          />
        );
      })}
    </ul>
  );
}

export function ClosedList({ closed, ...shared }: Shared & { closed: Finding["closed"] }) {
  return (
    <Pages paged={closed} empty="No chat has ended yet." onMore={closed.next}>
      {closed.items.map((row) => (
        <ListedRow
          key={row.handoff_id}
          row={row}
          aside={row.ended_at && <time dateTime={row.ended_at}>{whenShort(row.ended_at, shared.now)}</time>}
          state={<RowState>{howEnded(row)}</RowState>}
          {...shared}
        />
      ))}
    </Pages>
  );
}

function howEnded({ state, disposition, agent }: Pick<Row, "state" | "disposition" | "agent">): string {
  if (state === "abandoned") return "The customer left the line";
  const what = state === "returned" ? `Back with ${brand.assistant}` : "Closed";
  return [disposition ? dispositionWord(disposition) : what, agent && `by ${agent.name}`]
    .filter(Boolean)
    .join(", ");
}

export function SearchResults({ finding, ...shared }: Shared & { finding: Finding }) {
  const { search, query } = finding;
  if (!isSearchable(query)) return <p class="list-empty">Type a word, a name or an order number.</p>;
  return (
    <Pages paged={search} empty={`Nothing found for “${query.trim()}”.`} onMore={search.next}>
      {search.items.map((found) => {
        const { hit } = found;
        const at = hit?.at ?? found.last_at;
        return (
          <ListedRow
            key={found.conversation_id}
            row={rowOf(found)}
            state={<RowState>{whoHas(found.owner, rowOf(found))}</RowState>}
            {...(hit && { seq: hit.seq })}
            aside={<time dateTime={at}>{whenShort(at, shared.now)}</time>}
            {...shared}
          >
            {hit && (
              <span class="row-hit" dir="auto">
                {hit.type === "note" && <span class="row-note">Note</span>}
                {hit.pieces.map(({ text, found: marked }, place) => (
                  <Piece key={place} text={text} marked={marked ?? false} />
                ))}
              </span>
            )}
          </ListedRow>
        );
      })}
    </Pages>
  );
}

const Piece = ({ text, marked }: { text: string; marked: boolean }) =>
  marked ? <mark>{text}</mark> : <span>{text}</span>;

type LiveProps = Shared & { onTakeOver: (row: Row) => void };

export function LiveList({ live, ...shared }: LiveProps & { live: Finding["live"] }) {
  const { chats, failed } = live;
  if (failed) return <p class="list-empty">The running chats could not be loaded. Trying again…</p>;
  if (!chats) return <Skeleton />;
  if (chats.length === 0) return <p class="list-empty">{brand.assistant} is talking to nobody right now.</p>;
  return (
    <ul>
      {chats.map((chat) => (
        <LiveRow key={chat.conversation_id} chat={chat} {...shared} />
      ))}
    </ul>
  );
}

function LiveRow({ chat, onTakeOver, ...shared }: LiveProps & { chat: LiveConversation }) {
  const row = rowOf(chat);
  const concerns = concernWords(chat).join(", ");
  const alarming = (
    <span class="row-concerns">
      <WarningIcon small /> {concerns}
    </span>
  );
  return (
    <ListedRow
      row={row}
      aside={<time dateTime={chat.last_at}>{whenShort(chat.last_at, shared.now)}</time>}
      state={concerns ? alarming : <RowState>Going well</RowState>}
      action={
        <Button
          size="small"
          class="row-action"
          aria-label={`Take over from ${brand.assistant}: ${titleOf(row).text}`}
          onClick={() => onTakeOver(row)}
        >
          Take over
        </Button>
      }
      {...shared}
    />
  );
}

const RowState = ({ children }: { children: string }) => <span class="row-reason">{children}</span>;

function whoHas(owner: Owner, row: Row): string {
  if (owner === "agent") return `With ${row.agent?.name ?? "an agent"}`;
  return { bot: `With ${brand.assistant}`, queue: "In line", closed: howEnded(row) }[owner];
}

type PagesProps = { paged: Paged<unknown>; empty: string; onMore: () => void; children: ComponentChildren };

/** A list with its states: loading, nothing there, failed, more to come. */
function Pages({ paged, empty, onMore, children }: PagesProps) {
  const { items, state, more } = paged;
  return (
    <>
      {items.length > 0 && <ul>{children}</ul>}
      <div aria-live="polite">
        {state === "ready" && items.length === 0 && <p class="list-empty">{empty}</p>}
        {state === "failed" && <p class="list-empty">This could not be loaded.</p>}
        {state === "ready" && items.length > 0 && <span class="visually-hidden">{items.length} chats</span>}
        {state === "loading" && <span class="visually-hidden">Loading</span>}
      </div>
      {state === "loading" && <Skeleton />}
      {(more || state === "failed") && (
        <Button size="small" class="list-more" onClick={onMore}>
          {more ? "Show more" : "Try again"}
        </Button>
      )}
    </>
  );
}

export function Skeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      <span />
      <span />
    </div>
  );
}
