import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { countRead, type Gone, type ReadableArticle, tellHelped } from "../../shared/articles";
import { Button, IconButton } from "../../shared/Button";
import type { HelpWord } from "../../shared/contract";
import { BackIcon, LinkIcon } from "../../shared/icons";
import type { Words } from "../../shared/words";

/** Undefined: on its way. */
export type Read = ReadableArticle | Gone | "unreachable" | undefined;

type Props = {
  article: Read;
  words: Words<HelpWord>;
  server: string;
  session: () => string | undefined;
  onOpen: (id: string) => void;
  onBack: () => void;
  onAsk: () => void;
};

/** One article, and whether it helped. */
export function ArticleView({ article, words, server, session, onOpen, onBack, onAsk }: Props) {
  const whole = typeof article === "object" && "text" in article ? article : undefined;
  return (
    <div class="article-view">
      <div class="articles-head">
        <IconButton label={words.say("to_list")} class="article-back" onClick={onBack}>
          <BackIcon />
        </IconButton>
        {whole && (
          <a
            class="button button-quiet button-small"
            href={`${server}${whole.address}?language=${words.language}`}
            target="_blank"
            rel="noopener"
          >
            <LinkIcon small /> {words.say("as_page")}
          </a>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be in reach of the keyboard. */}
      <div class="articles-body" tabIndex={0}>
        {whole ? (
          <Whole
            article={whole}
            words={words}
            server={server}
            session={session}
            onOpen={onOpen}
            onAsk={onAsk}
          />
        ) : (
          <p class="articles-status" role="status">
            {article === undefined ? "" : whyNot(article, words)}
          </p>
        )}
      </div>
    </div>
  );
}

function whyNot(article: NonNullable<Read>, words: Words<HelpWord>): string {
  return words.say(article === "unreachable" ? "unreachable" : "missing_title");
}

type WholeProps = Omit<Props, "article" | "onBack"> & { article: ReadableArticle };

function Whole({ article, words, server, session, onOpen, onAsk }: WholeProps) {
  const text = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    text.current?.replaceChildren(...article.text);
    leadLinks(text.current, server);
  }, [article, server]);
  const onClick = (event: MouseEvent) => {
    const link = (event.target as Element).closest("a");
    const other = link?.getAttribute("href")?.match(/\/help\/([a-z0-9_]+)(?:[?#]|$)/);
    if (!link || !other?.[1] || !link.href.startsWith(`${server || location.origin}/`)) return;
    event.preventDefault();
    onOpen(other[1]);
  };
  return (
    <>
      {article.language !== words.language && <p class="articles-status">{words.say("untranslated")}</p>}
      <article lang={article.language} dir="auto">
        <h3 class="article-title" tabIndex={-1}>
          {article.title}
        </h3>
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: links are clicked by the keyboard too. */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: it only follows the links in it. */}
        <div ref={text} class="article-text" onClick={onClick} />
      </article>
      <Helped article={article} words={words} server={server} session={session} onAsk={onAsk} />
    </>
  );
}

/** Paths are the bridge's, wherever the chat is embedded. */
function leadLinks(text: HTMLElement | null, server: string): void {
  for (const link of text?.querySelectorAll("a") ?? []) {
    const href = link.getAttribute("href") ?? "";
    if (/^[a-z]+:/i.test(href)) continue;
    link.href = `${server}/${href.replace(/^\//, "")}`;
    link.target = "_blank";
    link.rel = "noopener";
  }
}

type HelpedProps = Pick<WholeProps, "article" | "words" | "server" | "session" | "onAsk">;

function Helped({ article, words, server, session, onAsk }: HelpedProps) {
  const read = useRef<Promise<string | undefined>>(undefined);
  const [said, setSaid] = useState(false);
  const thanks = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    read.current = countRead(server, article.id, "panel", words.language, session());
  }, [article.id]);
  useEffect(() => {
    if (said) thanks.current?.focus();
  }, [said]);
  const tell = async (helped: boolean) => {
    if (helped) setSaid(true);
    else onAsk();
    const id = await read.current;
    if (id) await tellHelped(server, id, helped);
  };
  return (
    <div class="article-helped">
      {said ? (
        <p ref={thanks} tabIndex={-1}>
          {words.say("thanks")}
        </p>
      ) : (
        <fieldset>
          <legend>{words.say("helped")}</legend>
          <Button size="small" onClick={() => void tell(true)}>
            {words.say("answer_yes")}
          </Button>
          <Button size="small" onClick={() => void tell(false)}>
            {words.say("answer_not_yet")}
          </Button>
        </fieldset>
      )}
      <Button kind="primary" class="article-ask" onClick={onAsk}>
        {words.say("ask_about")}
      </Button>
    </div>
  );
}
