import type { ArticleRead, FoundArticle, FoundArticles, HelpArticle, ReadCounted } from "./contract";

/** The bridge's help articles, for pages and the chat panel. `server` is its origin, "" for our own pages. */

export type Gone = { gone: true };
export type ReadableArticle = HelpArticle & { text: Node[] };

export async function findArticles(server: string, q: string, language: string): Promise<FoundArticle[]> {
  const query = new URLSearchParams({ q, language, limit: "8" });
  const answer = await fetch(`${server}/api/v1/articles?${query}`);
  if (!answer.ok) throw new Error(answer.statusText);
  return ((await answer.json()) as FoundArticles).articles;
}

/** Gone: it has been removed since it was found. */
export async function getArticle(
  server: string,
  id: string,
  language: string,
): Promise<ReadableArticle | Gone> {
  const query = new URLSearchParams({ language });
  const answer = await fetch(`${server}/api/v1/articles/${encodeURIComponent(id)}?${query}`);
  if (answer.status === 404) return { gone: true };
  if (!answer.ok) throw new Error(answer.statusText);
  const article = (await answer.json()) as HelpArticle;
  return { ...article, text: await fetchText(`${server}${article.address}?${query}`) };
}

/** The text in nodes, from the article's page: to make them of a string is what Trusted Types forbid. */
function fetchText(address: string): Promise<Node[]> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.onload = () => {
      const [, ...text] = request.response?.querySelector("article")?.children ?? [];
      if (text.length) resolve(text.map((part: Element) => document.importNode(part, true)));
      else reject(new Error(request.statusText));
    };
    request.onerror = () => reject(new Error("The page did not come."));
    request.open("GET", address);
    request.send();
  });
}

/** The reading's id, to answer whether it helped; nobody is bothered where counting fails. */
export async function countRead(
  server: string,
  id: string,
  place: ArticleRead["place"],
  language: string,
  session?: string,
): Promise<string | undefined> {
  const body: ArticleRead = { place, language };
  const path = `${server}/api/v1/articles/${encodeURIComponent(id)}/reads`;
  return post(path, body, session).then(
    async (answer) => (answer.ok ? ((await answer.json()) as ReadCounted).read_id : undefined),
    () => undefined,
  );
}

export async function tellHelped(server: string, readId: string, helped: boolean): Promise<void> {
  await post(`${server}/api/v1/articles/reads/${encodeURIComponent(readId)}/answer`, { helped }).catch(
    () => {},
  );
}

function post(path: string, body: unknown, session?: string): Promise<Response> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (session) headers.Authorization = `Bearer ${session}`;
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body), keepalive: true });
}
