import { useRef } from "preact/hooks";
import { IconButton } from "../../shared/Button";
import type { FoundArticle, HelpWord } from "../../shared/contract";
import { BackIcon, SearchIcon } from "../../shared/icons";
import { moveFocus } from "../../shared/keyboard";
import type { Words } from "../../shared/words";

type Props = {
  hidden: boolean;
  found: FoundArticle[] | "unreachable" | undefined;
  query: string;
  words: Words<HelpWord>;
  onQuery: (query: string) => void;
  onOpen: (id: string) => void;
  onBack: () => void;
};

/** The search field, and what it finds: before anything is typed, what is read most. */
export function ArticleList({ hidden, found, query, words, onQuery, onOpen, onBack }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>(".article-row, .field") ?? [])];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") moveFocus(event, rows);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to keys that bubble up from the list.
    <div class="articles-list" ref={list} hidden={hidden} onKeyDown={onKeyDown}>
      <div class="articles-head">
        <IconButton label={words.say("to_chat")} class="article-back" onClick={onBack}>
          <BackIcon />
        </IconButton>
        <search class="articles-search">
          <SearchIcon small />
          <input
            type="search"
            class="field"
            aria-label={words.say("search")}
            placeholder={words.say("search")}
            maxLength={200}
            autocomplete="off"
            enterkeyhint="search"
            value={query}
            onInput={(event) => onQuery(event.currentTarget.value)}
          />
        </search>
      </div>
      <div class="articles-body">
        <p
          class={Array.isArray(found) && found.length > 0 && !query ? "articles-heading" : "articles-status"}
          role="status"
        >
          {statusOf(found, query, words)}
        </p>
        <ul>
          {Array.isArray(found) &&
            found.map((one) => (
              <li key={one.id} lang={one.language} dir="auto">
                <button type="button" class="article-row" onClick={() => onOpen(one.id)}>
                  <span class="article-row-title">{one.title}</span>
                  <span class="article-row-text">
                    {one.excerpt.map((piece, at) =>
                      piece.found ? <mark key={at}>{piece.text}</mark> : piece.text,
                    )}
                  </span>
                </button>
              </li>
            ))}
        </ul>
      </div>
    </div>
  );
}

function statusOf(found: Props["found"], query: string, words: Words<HelpWord>): string {
  if (found === undefined) return "";
  if (found === "unreachable") return words.say("unreachable");
  if (!query.trim()) return words.say(found.length ? "popular" : "empty");
  if (found.length) return words.say("found", { count: found.length });
  return `${words.say("nothing", { query: query.trim() })} ${words.say("nothing_hint")}`;
}
