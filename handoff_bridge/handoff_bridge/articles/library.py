"""The articles that hold now, by language; read again when their files change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from handoff_bridge.articles.folder import Article, Articles, Topic, read_articles
from handoff_bridge.articles.markdown import plain, render
from handoff_bridge.articles.search import Index, Piece, excerpt

type Signature = frozenset[tuple[str, int, int]]


@dataclass(frozen=True)
class Found:
    """An article in a list."""

    article_id: str
    language: str
    title: str
    excerpt: Sequence[Piece]


@dataclass(frozen=True)
class Readable:
    """An article to be read: `language` is what it is in, which may be another one.

    `html` may stand in any page.
    """

    article_id: str
    language: str
    title: str
    summary: str
    html: str
    languages: Sequence[str]


@dataclass(frozen=True)
class _State:
    articles: Articles
    indexes: Mapping[str, Index]
    signature: Signature


class Library:
    """Reads the folder; what is found is of one moment."""

    def __init__(self, folder: Path, languages: Sequence[str]) -> None:
        """`languages` are the brand's. Raises InvalidArticle."""
        self._folder = folder
        self._languages = languages
        self._state = self._read(self._signature())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read."""
        return not self._state.articles.by_id

    def refresh(self) -> None:
        """Reads the folder again if a file of it has changed.

        Raises InvalidArticle; then what was read before still holds.
        """
        signature = self._signature()
        if signature != self._state.signature:
            self._state = self._read(signature)

    def search(self, query: str, language: str) -> list[Found]:
        """Those that may answer a query, best first."""
        state = self._state
        ids = state.indexes[language].find(query)
        return [_found(state.articles.by_id[one], language, query) for one in ids]

    def all(self, language: str) -> list[Found]:
        """Every article, by title."""
        found = [_found(one, language) for one in self._state.articles.by_id.values()]
        return sorted(found, key=lambda one: one.title.casefold())

    def by_topic(self, language: str) -> list[tuple[Topic | None, list[Found]]]:
        """Every article under its topic; last those that are in none."""
        rest = {one.article_id: one for one in self.all(language)}
        groups: list[tuple[Topic | None, list[Found]]] = [
            (topic, [rest.pop(one) for one in topic.articles if one in rest])
            for topic in self._state.articles.topics
        ]
        return [*groups, (None, [*rest.values()])] if rest else groups

    def get(self, article_id: str, language: str) -> Readable | None:
        """An article in a language; in the first where it has not been translated."""
        article = self._state.articles.by_id.get(article_id)
        if article is None:
            return None
        wording = article.wording(language)
        return Readable(
            article_id,
            wording.language,
            wording.title,
            plain(wording.body.answer),
            render(wording.body.text),
            [one for one in self._languages if one in article.wordings],
        )

    def _read(self, signature: Signature) -> _State:
        articles = read_articles(self._folder)
        by_language = {
            language: Index(articles.by_id.values(), language)
            for language in self._languages
        }
        return _State(articles, by_language, signature)

    def _signature(self) -> Signature:
        found = set()
        for path in self._folder.rglob("*"):
            if path.suffix in (".md", ".yml") and path.is_file():
                told = path.stat()
                found.add((str(path), told.st_mtime_ns, told.st_size))
        return frozenset(found)


def _found(article: Article, language: str, query: str = "") -> Found:
    wording = article.wording(language)
    shown = excerpt(plain(wording.body.answer), query)
    return Found(article.article_id, wording.language, wording.title, shown)
