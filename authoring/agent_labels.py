"""What agents read of the assistant's names: the designers' own keys in the domain.

They stand beside intents, actions, forms and slots in `domain/`; Rasa gets none of them
(`authoring/domain_files.py`), so they are read from there. Responses carry theirs as
`metadata`, which Rasa passes on by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from authoring.articles import FOLDER as ARTICLES
from authoring.articles import Article, read_articles
from authoring.domain_files import OWN_KEYS, domain_files, named

ROOT = Path(__file__).resolve().parents[1]
# How something went, in a response's metadata; `none` says nothing of it.
WORKED = frozenset({"done", "answered"})
DID_NOT_WORK = frozenset({"refused", "unclear", "failed"})
KINDS = frozenset({*WORKED, *DID_NOT_WORK, "nothing_to_do", "none"})
# Named so by Rasa; none of these does anything for a customer.
HELPERS = ("validate_", "action_ask_")
FRONT = re.compile(r"^(?:action|utter|validate)_")
PLACEHOLDER = re.compile(r" ?\{(\w+)\}")

Properties = Mapping[str, Any]


@dataclass(frozen=True)
class AgentLabels:
    """The own keys of each name, by section. `topic` is filled in."""

    intents: Mapping[str, Properties]
    actions: Mapping[str, Properties]
    forms: Mapping[str, Properties]
    slots: Mapping[str, Properties]
    # Titles of articles by their id.
    titles: Mapping[str, str]

    def intent(self, name: str | None) -> dict[str, Any]:
        """Returns `label`, `topic` and `small_talk`, as far as they apply."""
        own = self.intents.get(name or "", {})
        if own.get("small_talk"):
            return {"small_talk": True}
        found = {"label": own.get("agent_label"), "topic": own.get("topic")}
        return {key: value for key, value in found.items() if value}

    def sentence(self, action: str, done: bool) -> str | None:
        """Returns what an agent reads of an action that worked, or did not."""
        label = self.actions.get(action, {}).get("agent_label")
        return label["done" if done else "tried"] if label else None

    def slot(self, name: str) -> str:
        """Returns what a slot is called."""
        own = self.slots.get(name, {})
        return str(own.get("agent_label") or f"the {plain_words(name)}")

    def secrets(self) -> frozenset[str]:
        """Returns the slots whose value nobody may see."""
        return frozenset(self.marked("secret"))

    def marked(self, switch: str) -> list[str]:
        """Returns the slots that have a switch on, in their order."""
        return [name for name, own in self.slots.items() if own.get(switch)]

    def words(self, name: str) -> str:
        """Returns what a slot, an intent or an article is called."""
        for section in (self.slots, self.intents):
            if label := section.get(name, {}).get("agent_label"):
                return str(label)
        return self.titles.get(name) or plain_words(name)


def is_internal(name: str, own: Any) -> bool:
    """Whether an action does nothing that an agent need know."""
    marked = isinstance(own, Mapping) and own.get("internal")
    return bool(marked) or name.startswith(HELPERS)


def plain_words(name: str) -> str:
    """Writes "action_open_ticket" as "open ticket"."""
    return FRONT.sub("", name).replace("_", " ").strip()


def filled(sentence: str, values: Mapping[str, Any]) -> str:
    """Fills in `{name}`; one without a value is left out with the blank before it."""

    def value_of(found: re.Match[str]) -> str:
        value = values.get(found[1])
        if value is None or value == "":
            return ""
        return f"{' ' if found[0].startswith(' ') else ''}{value}"

    return PLACEHOLDER.sub(value_of, sentence)


@cache
def agent_labels() -> AgentLabels:
    """Returns those of the assistant; `agent_labels.cache_clear()` reads them anew."""
    articles = read_articles(ROOT / ARTICLES)
    return read_labels(domain_files(ROOT / "domain.yml"), articles)


def read_labels(paths: Iterable[Path], articles: Iterable[Article]) -> AgentLabels:
    """Returns the labels of some files; a topic that is not said is the file's."""
    found: dict[str, dict[str, Properties]] = {section: {} for section in OWN_KEYS}
    for path in paths:
        content = YAML(typ="safe").load(path.read_text("utf-8")) or {}
        for section, keys in OWN_KEYS.items():
            for name, properties in named(content.get(section)):
                own = {k: v for k, v in properties.items() if k in keys}
                found[section][name] = {"topic": path.stem, **own}
    listed = list(articles)
    for article in listed:
        if article.intent:
            label = f"know about “{article.english.title}”"
            own = {"agent_label": label, "topic": article.intent}
            found["intents"][article.intent] = own
    titles = {article.article_id: article.english.title for article in listed}
    return AgentLabels(**found, titles=titles)
