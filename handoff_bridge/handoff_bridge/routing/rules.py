"""Who is wanted for which chat, and for how long: what `routing.yml` may say."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from handoff_bridge.routing.teams import Language, Part, TeamName
from handoff_bridge.yaml_places import DEEPER

Word = Annotated[str, Field(min_length=1, max_length=100)]
StepName = Annotated[str, Field(min_length=1, max_length=60)]
Level = Annotated[int, Field(ge=1, le=5)]
Weight = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]


def _some(values: list[str]) -> list[str]:
    if not values:
        raise ValueError("no chat is of none of them; name one, or leave it out.")
    return values


class Condition(Part):
    """Of which chats a step is: all that is given must hold, each by one of its list.

    `last_agent` asks whether the customer has had an agent before.
    """

    trigger: Annotated[list[Word], AfterValidator(_some)] | None = None
    topic: Annotated[list[Word], AfterValidator(_some)] | None = None
    language: Annotated[list[Language], AfterValidator(_some)] | None = None
    tier: Annotated[list[Word], AfterValidator(_some)] | None = None
    channel: Annotated[list[Word], AfterValidator(_some)] | None = None
    last_agent: bool | None = None

    def covers(self, other: "Condition") -> bool:
        """Whether it holds of every chat of which `other` does."""
        if self.last_agent not in (None, other.last_agent):
            return False
        lists = ("trigger", "topic", "language", "tier", "channel")
        return all(_within(getattr(other, name), getattr(self, name)) for name in lists)


def _within(some: list[str] | None, all_: list[str] | None) -> bool:
    return all_ is None or (some is not None and set(some) <= set(all_))


class RoutingStep(Part):
    """Who is wanted for a chat of which `when` holds, for `expires_secs`.

    All that is given is wanted at once: a member of `team`, with each of `skills` at
    that level or a higher one, who speaks the customer's language, who is the agent
    whom the customer had last. With `skip_if`, the step is left out where nobody of
    them is available as the chat comes to it.
    """

    name: StepName
    when: Condition = Condition()
    team: TeamName | None = None
    skills: dict[Word, Level] = {}
    speaks_language: bool = False
    last_agent: bool = False
    expires_secs: Annotated[int, Field(ge=1, le=3600)]
    skip_if: Literal["nobody_available"] | None = None

    def allows_all_of(self, other: "RoutingStep") -> bool:
        """Whether everyone whom `other` wants is wanted here as well."""
        return (
            self.team in (None, other.team)
            and all(
                level <= other.skills.get(skill, 0)
                for skill, level in self.skills.items()
            )
            and (other.speaks_language or not self.speaks_language)
            and (other.last_agent or not self.last_agent)
        )


# Short for where there is no other: packets publish a `Step` of their own.
Step = RoutingStep


def _wrong(number: int, key: str, reason: str) -> PydanticCustomError:
    context = {"place": [number, key], "reason": reason}
    return PydanticCustomError(DEEPER, "{reason}", context)


def _each_adds_somebody(steps: list[RoutingStep]) -> list[RoutingStep]:
    for number, step in enumerate(steps):
        before = steps[:number]
        if any(other.name == step.name for other in before):
            raise _wrong(number, "name", f"a step before it is called '{step.name}'.")
        if step.last_agent and step.when.last_agent is False:
            raise _wrong(
                number, "when", "it wants the last agent of chats that have had none."
            )
        if covering := _covering(step, before):
            raise _wrong(
                number,
                "name",
                f"no chat gains by it: step '{covering.name}' comes before it, for all "
                "these chats, and whomever it wants may take them already.",
            )
    return steps


def _covering(step: RoutingStep, before: Sequence[RoutingStep]) -> RoutingStep | None:
    """A step that is never left out, and after which `step` adds nobody."""
    for other in before:
        is_taken = other.skip_if is None and other.when.covers(step.when)
        if is_taken and other.allows_all_of(step):
            return other
    return None


class Rules(Part):
    """The steps that a waiting chat goes through, those whose `when` holds, in order.

    Whoever a step allowed may still take the chat in the steps after it. Past the last
    one it is anyone's of any team, so that nobody waits for ever for somebody in
    particular.

    `head_start_secs` is by how much a handoff of priority 1 is served as if it had
    waited longer; `weights` is what a chat of a channel takes of an agent's capacity,
    1 where none is given.
    """

    head_start_secs: Annotated[int, Field(ge=0, le=86_400)] = 1800
    weights: dict[Word, Weight] = {}
    steps: Annotated[
        list[RoutingStep], Field(max_length=100), AfterValidator(_each_adds_somebody)
    ] = []

    @property
    def head_start(self) -> timedelta:
        """By how much a handoff of priority 1 counts as having waited longer."""
        return timedelta(seconds=self.head_start_secs)

    @property
    def ask_for_last_agent(self) -> bool:
        """Whether it matters whom a customer had last."""
        return any(
            step.last_agent or step.when.last_agent is not None for step in self.steps
        )

    def weight_of(self, channel: str) -> float:
        """What a chat of `channel` takes of an agent's capacity."""
        return self.weights.get(channel, 1.0)

    def longest_wait_for_somebody_in_particular(self) -> int:
        """After so many seconds in line any chat is anyone's: the published bound."""
        return sum(step.expires_secs for step in self.steps)
