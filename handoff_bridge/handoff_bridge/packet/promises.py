"""What the customer was promised: by the assistant, the bridge itself, or an agent.

A sentence of the assistant's is a promise if its designer has marked it, whatever the
language. An agent's is, if it leaves something to be done or says a time.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handoff_bridge.packet.events import Event
from handoff_bridge.packet.reading import Reading, sender
from handoff_bridge.packet.schema import Promise
from handoff_bridge.packet.wording import trimmed

MAX_LENGTH = 240
# The line that says by when somebody answers.
LINE = "promise"
LEFT_TO_DO = frozenset({"follow_up", "ticket_opened"})
_DATE = re.compile(r"\b\d{1,4}(?:-|/|\.\s?)\d{1,2}\b(?!\s?[€$£%])")
_WORD = re.compile(r"\d+|[^\W\d_]+")


@dataclass(frozen=True)
class TimeWords:
    """Words for days and durations, and for months, in lower case."""

    times: frozenset[str] = frozenset()
    months: frozenset[str] = frozenset()

    @classmethod
    def of(cls, times: Iterable[str], months: Iterable[str]) -> "TimeWords":
        """Take the words in any case."""
        lower = [frozenset(map(str.casefold, words)) for words in (times, months)]
        return cls(*lower)

    def in_text(self, text: str) -> bool:
        """Whether a text says a date or a duration; a month only beside a number."""
        words = _WORD.findall(text.casefold())
        return bool(_DATE.search(text)) or any(
            word in self.times
            or (
                word in self.months
                and any(near.isdigit() for near in words[max(0, n - 2) : n + 3])
            )
            for n, word in enumerate(words)
        )


def promised(reading: Reading, times: TimeWords) -> list[Promise]:
    """List the promises that the customer has heard, the last one at the end."""
    return list(_promises(reading, times))


def _promises(reading: Reading, times: TimeWords) -> Iterator[Promise]:
    ticket: Event | None = None
    for event in reading.events:
        if event.type == "ticket_opened":
            ticket = event
        elif event.type == "message" and event.text:
            if event.promise and sender(event) == "bot":
                yield _promise(event, event.text)
            elif event.key == LINE:
                yield _promise(event, event.text, ticket)
        elif event.type == "handoff_updated" and event.outcome:
            if event.disposition in LEFT_TO_DO or times.in_text(event.outcome):
                yield _promise(event, event.outcome)


def _promise(event: Event, text: str, ticket: Event | None = None) -> Promise:
    return Promise(
        text=trimmed(text, MAX_LENGTH),
        answer_by=ticket.answer_by if ticket else None,
        ticket=ticket.ticket_number if ticket else None,
        at=event.at,
        seq=event.seq,
    )
