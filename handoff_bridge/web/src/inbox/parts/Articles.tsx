import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { Packet, Article as Suggested } from "../../shared/contract";

/** What the knowledge base has on the request, ready to be pasted into an answer. */
export function Articles({ packet }: { packet: Packet }) {
  const articles = packet.suggestions?.articles ?? [];
  if (articles.length === 0) return null;
  return (
    <section class="packet-part">
      <h3>Articles</h3>
      {articles.map((article) => (
        <Article key={article.article_id} article={article} />
      ))}
    </section>
  );
}

function Article({ article }: { article: Suggested }) {
  const [word, setWord] = useState("Copy answer");
  const copy = () =>
    navigator.clipboard.writeText(article.answer).then(
      () => setWord("Copied"),
      () => setWord("Not copied"),
    );
  return (
    <details class="article">
      <summary>{article.title}</summary>
      <p>{article.answer}</p>
      <Button size="small" onClick={copy}>
        <span aria-live="polite">{word}</span>
      </Button>
    </details>
  );
}
