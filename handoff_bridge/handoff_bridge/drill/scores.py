"""How a chat of a drill went, what its customer rates it, and what agents reached."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import fmean
from typing import Literal

type State = Literal["waiting", "talking", "served", "gave up", "left", "failed"]

# What takes a point from a rating of five, in seconds.
LONG_WAIT = 120
LONG_ANSWER = 60
MOST = 5


@dataclass
class Chat:
    """One customer's; times in seconds by the drill's own clock."""

    name: str
    language: str
    came: float
    state: State = "waiting"
    agent: str | None = None
    claimed: float | None = None
    answered: float | None = None
    ended: float | None = None
    impatience: int = 0
    rating: int | None = None

    @property
    def to_claim(self) -> float | None:
        """Until an agent had it."""
        return None if self.claimed is None else self.claimed - self.came

    @property
    def to_answer(self) -> float | None:
        """From then on to their first message."""
        if self.claimed is None or self.answered is None:
            return None
        return self.answered - self.claimed

    def rate(self) -> int:
        """Five, less a point each for what took long, and for each impatience."""
        lost = self.impatience
        lost += (self.to_claim or 0) > LONG_WAIT
        lost += self.to_answer is None or self.to_answer > LONG_ANSWER
        if self.answered is None:
            lost = MOST
        return max(1, MOST - lost)


@dataclass
class Score:
    """Of one agent."""

    agent: str
    chats: int = 0
    to_claim: list[float] = field(default_factory=list)
    to_answer: list[float] = field(default_factory=list)
    ratings: list[int] = field(default_factory=list)

    @staticmethod
    def mean(values: Iterable[float]) -> float | None:
        """None of nothing."""
        found = list(values)
        return fmean(found) if found else None


def scores(chats: Iterable[Chat]) -> list[Score]:
    """By agent, by name."""
    found: dict[str, Score] = {}
    for chat in chats:
        if chat.agent is None:
            continue
        score = found.setdefault(chat.agent, Score(chat.agent))
        score.chats += 1
        score.to_claim += [] if chat.to_claim is None else [chat.to_claim]
        score.to_answer += [] if chat.to_answer is None else [chat.to_answer]
        score.ratings += [] if chat.rating is None else [chat.rating]
    return [found[name] for name in sorted(found)]
