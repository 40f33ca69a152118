import { useEffect, useRef, useState } from "preact/hooks";
import { findArticles, getArticle } from "../../shared/articles";
import type { FoundArticle, HelpWord } from "../../shared/contract";
import { fetchWords, type Words } from "../../shared/words";
import { ArticleList } from "./ArticleList";
import { ArticleView, type Read } from "./ArticleView";
import { dress } from "./dress";

/** Help articles inside the panel: searched, read, and left for the chat again. Loaded once somebody wants it. */

export type Props = {
  server: string;
  language: string;
  /** An article to begin with. */
  first?: string;
  /** The chat's, where there is one, so that a reading is known as this customer's. */
  session: () => string | undefined;
  /** Back to the chat, to write. */
  onLeave: () => void;
};

/** Long enough that a word is typed to its end. */
const TYPED_MS = 400;
type Found = FoundArticle[] | "unreachable" | undefined;

export function Articles({ server, language, first, session, onLeave }: Props) {
  const root = useRef<HTMLElement>(null);
  const words = useHelpWords(server, language);
  const [query, setQuery] = useState("");
  const found = useFound(server, language, query);
  const [id, setId] = useState(first);
  const article = useArticle(server, language, id);

  useEffect(() => {
    if (root.current) dress(root.current);
  }, []);
  useEffect(() => {
    const at = (name: string) => root.current?.querySelector<HTMLElement>(name);
    if (words) (id ? (at(".article-title") ?? at(".article-back")) : at(".field"))?.focus();
  }, [words !== undefined, id, article]);

  const leave = () => (id ? setId(undefined) : onLeave());
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  };
  return (
    <section
      ref={root}
      class="articles"
      aria-label={words?.say("title")}
      aria-busy={!words}
      onKeyDown={onKeyDown}
    >
      {words && id && (
        <ArticleView
          key={id}
          article={article}
          words={words}
          server={server}
          session={session}
          onOpen={setId}
          onBack={leave}
          onAsk={onLeave}
        />
      )}
      {words && (
        <ArticleList
          hidden={id !== undefined}
          found={found}
          query={query}
          words={words}
          onQuery={setQuery}
          onOpen={setId}
          onBack={leave}
        />
      )}
    </section>
  );
}

/** Where the words do not come, the chat does: there is nothing to read either. */
function useHelpWords(server: string, language: string): Words<HelpWord> | undefined {
  const [words, setWords] = useState<Words<HelpWord>>();
  useEffect(() => {
    let wanted = true;
    fetchWords<HelpWord>(server, language, "help").then(
      (found) => wanted && setWords(found),
      () => {},
    );
    return () => {
      wanted = false;
    };
  }, [server, language]);
  return words;
}

function useFound(server: string, language: string, query: string): Found {
  const [found, setFound] = useState<Found>();
  useEffect(() => {
    let wanted = true;
    const ask = () =>
      findArticles(server, query.trim(), language).then(
        (articles) => wanted && setFound(articles),
        () => wanted && setFound("unreachable"),
      );
    const timer = setTimeout(ask, query ? TYPED_MS : 0);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [server, language, query]);
  return found;
}

function useArticle(server: string, language: string, id: string | undefined): Read {
  const [read, setRead] = useState<{ id: string; article: Read }>();
  useEffect(() => {
    if (id === undefined) return;
    let wanted = true;
    getArticle(server, id, language).then(
      (article) => wanted && setRead({ id, article }),
      () => wanted && setRead({ id, article: "unreachable" }),
    );
    return () => {
      wanted = false;
    };
  }, [server, language, id]);
  return read?.id === id ? read?.article : undefined;
}
