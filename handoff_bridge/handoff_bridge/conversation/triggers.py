"""Why a human is needed: triggers as the assistant declares them, and their order."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from handoff_bridge.models import JsonObject

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
DEFAULT_LANGUAGE = "en"
MAX_TRIGGERS = 20
MAX_LABELS = 40
MAX_LABEL_CHARS = 80
MAX_REASON_CHARS = 200
MAX_PRIORITY = 100


class Trigger(StrEnum):
    """The bridge's own reasons; all others come with the request that names them."""

    CUSTOMER_REQUEST = "customer_request"
    AGENT_TAKEOVER = "agent_takeover"
    BOT_FAILURE = "bot_failure"


# What agents read of a chat that nobody had asked them into.
TAKEOVER_LABELS = {
    "en": "A supervisor took over",
    "de": "Von der Leitung übernommen",
    "es": "Asumido por un supervisor",
    "fr": "Repris par un superviseur",
}
# What a bare name was worth before senders could say so themselves.
BARE_PRIORITY = {"restricted_topic": 1}


@dataclass(frozen=True)
class DeclaredTrigger:
    """A trigger with what its sender says of it; a bare name says nothing."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    priority: int | None = None
    skill: str | None = None
    # Why it holds this time, as one sentence in English for agents.
    reason: str | None = None

    @property
    def head_start(self) -> int:
        """Its priority; of a bare name what that name has always meant."""
        if self.priority is not None:
            return self.priority
        return BARE_PRIORITY.get(self.name, 0)

    @property
    def is_bare(self) -> bool:
        """Whether nothing but its name is known."""
        return self == DeclaredTrigger(self.name)

    def as_dict(self) -> JsonObject:
        """The protocol's form, without absent fields."""
        found: JsonObject = {"name": self.name}
        if self.labels:
            found["labels"] = dict(self.labels)
        if self.priority is not None:
            found["priority"] = self.priority
        if self.skill:
            found["skill"] = self.skill
        if self.reason:
            found["reason"] = self.reason
        return found


def read_triggers(value: object) -> list[DeclaredTrigger]:
    """The triggers of a list of names and objects; what is not valid is left out.

    A handoff must not fail because of how its reason is written.
    """
    entries = value if isinstance(value, list) else [value]
    found = (_read(entry) for entry in entries)
    return [trigger for trigger in found if trigger is not None][:MAX_TRIGGERS]


def ranked(triggers: Iterable[DeclaredTrigger]) -> list[DeclaredTrigger]:
    """`triggers` without doubles, the one that names the handoff first.

    By priority; alike, declared ones come first, and both keep their sender's order.
    """
    by_name: dict[str, DeclaredTrigger] = {}
    for trigger in triggers:
        known = by_name.get(trigger.name)
        if known is None or known.is_bare:
            by_name[trigger.name] = trigger
    return sorted(by_name.values(), key=_place)


def priority_of(triggers: Sequence[DeclaredTrigger]) -> int:
    """The head start of a handoff: that of its most urgent trigger."""
    return max((trigger.head_start for trigger in triggers), default=0)


def label_of(
    name: str, labels: Mapping[str, str] | None, language: str | None = None
) -> str:
    """The label in a language (`de-AT`, or `de`), else in English, else the name."""
    known = labels or {}
    wanted = language or DEFAULT_LANGUAGE
    for code in (wanted, wanted.split("-")[0], DEFAULT_LANGUAGE):
        if code in known:
            return known[code]
    return next(iter(known.values()), name.replace("_", " ").capitalize())


def _place(trigger: DeclaredTrigger) -> tuple[int, bool]:
    return -trigger.head_start, trigger.is_bare


def _read(entry: object) -> DeclaredTrigger | None:
    given = entry if isinstance(entry, Mapping) else {"name": entry}
    name = given.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return None
    skill = given.get("skill")
    return DeclaredTrigger(
        name,
        _labels(given.get("labels")),
        _priority(given.get("priority")),
        skill if isinstance(skill, str) and NAME.fullmatch(skill) else None,
        _sentence(given.get("reason")),
    )


def _sentence(value: object) -> str | None:
    folded = " ".join(value.split()) if isinstance(value, str) else ""
    return folded[:MAX_REASON_CHARS] or None


def _labels(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    read = {
        language: " ".join(text.split())[:MAX_LABEL_CHARS]
        for language, text in value.items()
        if isinstance(language, str)
        and LANGUAGE.fullmatch(language)
        and isinstance(text, str)
        and text.strip()
    }
    return dict(list(read.items())[:MAX_LABELS])


def _priority(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return min(max(value, 0), MAX_PRIORITY)
