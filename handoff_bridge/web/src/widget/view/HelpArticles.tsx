import { useEffect, useRef, useState } from "preact/hooks";
import { findArticles } from "../../shared/articles";
import type { FoundArticle } from "../../shared/contract";
import { SearchIcon } from "../../shared/icons";
import type { Articles } from "../articles/Articles";
import { useChat, useChatState, useSay, useWords } from "./context";

/** As many as leave the first steps in sight. */
const SUGGESTED = 3;

/** The help articles in the place of the messages, from a module of its own. */
export function HelpArticles({ onLeave }: { onLeave: () => void }) {
  const chat = useChat();
  const { reading } = useChatState();
  const say = useSay();
  const { language } = useWords();
  const [part, setPart] = useState<{ View: typeof Articles }>();
  const hasNews = useNews();
  useEffect(() => {
    chat.loadArticles().then((View) => (View ? setPart({ View }) : onLeave()));
  }, []);
  return (
    <>
      {hasNews && (
        <p class="articles-news" role="status">
          <button type="button" onClick={onLeave}>
            {say("news_in_chat")}
          </button>
        </p>
      )}
      {part ? (
        <part.View
          key={reading?.opened}
          server={chat.config.server}
          language={language}
          session={() => chat.sessionId}
          onLeave={onLeave}
          {...(reading?.first ? { first: reading.first } : {})}
        />
      ) : (
        <div class="messages" aria-busy="true">
          <div class="loading" aria-hidden="true">
            <span class="skeleton" />
            <span class="skeleton skeleton-short" />
          </div>
        </div>
      )}
    </>
  );
}

/** Whether somebody has written since the articles were opened. */
function useNews(): boolean {
  const { log } = useChatState();
  const last = log.messages.findLast(({ sender }) => sender !== "customer")?.seq ?? 0;
  const seen = useRef(last);
  return last > seen.current;
}

/** At the start of a chat: a way to search, and what is read most. */
export function SuggestedArticles() {
  const chat = useChat();
  const say = useSay();
  const { language } = useWords();
  const [articles, setArticles] = useState<FoundArticle[]>([]);
  useEffect(() => {
    findArticles(chat.config.server, "", language).then(
      (found) => setArticles(found.slice(0, SUGGESTED)),
      () => {},
    );
  }, [language]);
  return (
    <section class="help-start" aria-label={say("help_articles")}>
      <button type="button" class="help-search" onClick={() => chat.showArticles()}>
        <SearchIcon small />
        {say("search_articles")}
      </button>
      <ul>
        {articles.map(({ id, title, language }) => (
          <li key={id}>
            <button
              type="button"
              class="help-article"
              lang={language}
              dir="auto"
              onClick={() => chat.showArticles(id)}
            >
              {title}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
