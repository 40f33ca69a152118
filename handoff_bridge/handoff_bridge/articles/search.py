"""Finds articles by words as customers type them, and by codes exactly.

Words are compared whole and by runs of three to five letters, so that beginnings,
endings and compounds are found in any language, without a word list; misspelt words are
taken for the nearest that articles have. Ranking is BM25F over title, questions,
keywords, short answer and details.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from handoff_bridge.articles.folder import Article
from handoff_bridge.articles.markdown import plain

MAX_QUERY_CHARS = 200
# Chosen on the questions of benchmarks/cases/articles.yml; see docs/articles.md.
WEIGHTS = {
    "title": 3.0,
    "questions": 2.0,
    "keywords": 2.0,
    "answer": 1.5,
    "details": 1.0,
}
RUN_LENGTHS = (3, 4, 5)
RUN_WEIGHT = 0.3
SATURATION = 3.0
LENGTH_SHARE = 0.3
# What an article has of a question's weight, at least; below that it is chance.
LEAST_SHARE = 0.1
# What an article has of the best one's score, at least.
LEAST_OF_BEST = 0.35
# Shorter words are too like others; one letter in five may be wrong, or two swapped.
LEAST_CORRECTED = 5
LEAST_SIMILARITY = 0.79
_WORD = re.compile(r"[^\W_]+")
# "E-1042", "error 17": a word and a number, however they are joined.
_CODE = re.compile(r"([^\W\d_]{1,20})[-_. ]{0,2}(\d[\dA-Za-z]{0,11})")
# What stands before the number of a code is shorter, or in capitals.
LEAST_OF_A_WORD = 4
# In a running text only what nobody writes for anything else.
_CODE_IN_TEXT = re.compile(r"\b[A-Z]{1,6}-?\d{2,8}\b")


@dataclass(frozen=True)
class Piece:
    """A part of an excerpt; `found` where it is what was searched for."""

    text: str
    found: bool = False


class Index:
    """The articles of one language, ready to be searched."""

    def __init__(self, articles: Iterable[Article], language: str) -> None:
        """Articles without a translation are searched in the first language."""
        fields = {one.article_id: _fields(one, language) for one in articles}
        self._codes = _codes_of(fields)
        counts = {
            article_id: {
                name: Counter(_terms(_words(text))) for name, text in parts.items()
            }
            for article_id, parts in fields.items()
        }
        means = {
            name: sum(parts[name].total() for parts in counts.values()) / len(counts)
            for name in (WEIGHTS if counts else ())
        }
        self._weights: dict[str, dict[str, float]] = defaultdict(dict)
        for article_id, parts in counts.items():
            for name, terms in parts.items():
                length = terms.total() / means[name] if means[name] else 1.0
                share = WEIGHTS[name] / (1 - LENGTH_SHARE + LENGTH_SHARE * length)
                for term, count in terms.items():
                    of_term = self._weights[term]
                    of_term[article_id] = of_term.get(article_id, 0) + share * count
        self._size = len(counts)
        self._words = [term[1:] for term in self._weights if term[0] == "="]

    def find(self, query: str) -> list[str]:
        """Ids of the articles that may answer a query, best first.

        A code that articles have finds those alone; one that none has finds nothing.
        """
        codes = set(_codes(query))
        exact = {article for code in codes for article in self._codes.get(code, ())}
        if not exact and _is_code(query.strip()):
            return []
        scores, whole = self._scores(query)
        if exact:
            return sorted(exact, key=lambda one: (-scores.get(one, 0), one))
        least = max(
            LEAST_SHARE * whole, LEAST_OF_BEST * max(scores.values(), default=0)
        )
        found = [one for one, score in scores.items() if score >= least]
        return sorted(found, key=lambda one: (-scores[one], one))

    def _scores(self, query: str) -> tuple[Mapping[str, float], float]:
        """By article, and the most that one could have."""
        scores: dict[str, float] = defaultdict(float)
        whole = 0.0
        words = [self._known(word) for word in _words(query[:MAX_QUERY_CHARS])]
        for term in set(_terms(words)):
            having = self._weights.get(term, {})
            rarity = math.log(
                1 + (self._size - len(having) + 0.5) / (len(having) + 0.5)
            )
            rarity *= RUN_WEIGHT if term[0] != "=" else 1
            whole += rarity
            for article_id, weight in having.items():
                scores[article_id] += rarity * weight / (SATURATION + weight)
        return scores, whole

    def _known(self, word: str) -> str:
        """The word; one that no article has is taken for the nearest that one has."""
        if len(word) < LEAST_CORRECTED or not word.isalpha():
            return word  # another number would be another thing
        if f"={word}" in self._weights:
            return word
        if any(known.startswith(word) for known in self._words):
            return word  # not written to its end yet
        found = process.extractOne(
            word,
            self._words,
            scorer=OSA.normalized_similarity,
            score_cutoff=LEAST_SIMILARITY,
        )
        return found[0] if found else word


def excerpt(text: str, query: str) -> list[Piece]:
    """A text in pieces: words that a query has, or begins, are found."""
    wanted = {word for word in _words(query) if len(word) > 2}
    pieces: list[Piece] = []
    end = 0
    for match in _WORD.finditer(text):
        if not any(_is_like(word, _fold(match[0])) for word in wanted):
            continue
        if text[end : match.start()]:
            pieces.append(Piece(text[end : match.start()]))
        pieces.append(Piece(match[0], found=True))
        end = match.end()
    return [*pieces, Piece(text[end:])] if text[end:] else pieces


def _is_like(wanted: str, word: str) -> bool:
    """Whether one begins the other, but for an ending."""
    stem = wanted if len(wanted) < 5 else wanted[: max(4, len(wanted) - 2)]
    return word.startswith(stem) and len(word) <= len(wanted) + 4


def _fields(article: Article, language: str) -> dict[str, str]:
    wording = article.wording(language)
    return {
        "title": wording.title,
        "questions": "\n".join(wording.questions),
        "keywords": "\n".join(article.keywords),
        "answer": plain(wording.body.answer),
        "details": plain(wording.body.details),
    }


def _codes_of(fields: Mapping[str, Mapping[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for article_id, parts in fields.items():
        for keyword in parts["keywords"].splitlines():
            for code in _codes(keyword) if _CODE.fullmatch(keyword) else ():
                found[code].add(article_id)
        for name in ("title", "answer", "details"):
            for code in _CODE_IN_TEXT.findall(parts[name]):
                found[_joined(code)].add(article_id)
    return found


def _is_code(query: str) -> bool:
    """Whether it is a code and nothing else; "size 42" is not."""
    match = _CODE.fullmatch(query)
    return match is not None and (
        len(match[1]) < LEAST_OF_A_WORD or _CODE_IN_TEXT.fullmatch(query) is not None
    )


def _codes(text: str) -> Iterator[str]:
    for match in _CODE.finditer(_fold(text[:MAX_QUERY_CHARS])):
        yield match[1] + match[2]


def _joined(code: str) -> str:
    return _fold(code).replace("-", "")


def _terms(words: Iterable[str]) -> Iterator[str]:
    """Whole words behind a sign, and the runs of letters in each."""
    for word in words:
        yield f"={word}"
        framed = f" {word} "
        for length in RUN_LENGTHS:
            for start in range(len(framed) - length + 1):
                yield framed[start : start + length]


def _words(text: str) -> list[str]:
    return _WORD.findall(_fold(text))


def _fold(text: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
