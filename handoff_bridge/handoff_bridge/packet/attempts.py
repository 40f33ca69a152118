"""What the assistant did and tried, and what came of it, in the assistant's own words.

Logs from before it sent any show names as plain words.
"""

from dataclasses import dataclass

from handoff_bridge.models import JsonObject
from handoff_bridge.packet.events import RanAction
from handoff_bridge.packet.reading import Reading, ReadTurn
from handoff_bridge.packet.schema import Attempt, Step
from handoff_bridge.packet.wording import FAILURES, phrase

UNFINISHED = "not finished"
_UNTOLD = " (the customer was not told)"
DID_NOT_WORK = frozenset({"refused", "unclear", "failed"})
# Rasa's own naming: responses, questions and checks of a form's answers.
_HELPERS = ("utter_", "validate_", "action_ask_")


@dataclass(frozen=True)
class Did:
    """An action and what came of it; `broken` if it failed by itself."""

    action: RanAction
    read: ReadTurn
    broken: bool

    @property
    def is_step(self) -> bool:
        """Whether it is part of what the assistant did, not of how it works."""
        return not self.action.internal and not self.action.name.startswith(_HELPERS)

    @property
    def attempt(self) -> str | None:
        """What was tried, as a sentence; None where nothing was."""
        if self.action.attempt:
            return self.action.attempt
        # Named so by Rasa's users: a form that asks on has tried nothing yet.
        is_form = self.action.name.endswith("_form") and not self.broken
        if not self.is_step or self.action.label or is_form:
            return None
        return f"{'Tried' if self.broken else 'Ran'} “{phrase(self.action.name)}”"

    @property
    def outcome(self) -> str:
        """What came of it, in words."""
        if self.broken:
            reason = self.read.failure or "failed"
            return FAILURES.get(reason) or phrase(reason)
        known = self.action.outcome
        if known is None:
            return phrase(self.action.result or "") or "done"
        label = known.label or phrase(known.kind)
        is_bare = known.kind != "refused" or known.label is None
        return label if is_bare else f"refused, {label}"

    @property
    def ok(self) -> bool:
        """Whether it worked; the shop may have said no."""
        known = self.action.outcome
        return not self.broken and not (known and known.kind in DID_NOT_WORK)

    def as_step(self) -> Step:
        """The published form."""
        result = (self.read.failure or "failed") if self.broken else self.action.result
        return Step(
            action=self.action.name,
            arguments=_without_secrets(self.action.arguments or {}, self.read),
            ok=self.ok,
            result=result or None,
            label=self.action.attempt or self.action.label or None,
            outcome=self.outcome if self.broken or self.action.outcome else None,
            at=self.read.at,
            seq=self.read.seq,
        )


def _without_secrets(values: JsonObject, read: ReadTurn) -> JsonObject:
    labels = read.turn.slot_labels
    secret = {name for name, told in labels.items() if told.secret}
    return {name: v for name, v in values.items() if name not in secret}


def done_in(read: ReadTurn) -> list[Did]:
    """List the actions of one turn; one that is only known by its failure too."""
    failed = read.turn.failed_action
    ran = read.actions
    if failed and all(action.name != failed for action in ran):
        ran = [*ran, RanAction(name=failed)]
    return [Did(action, read, action.name == failed) for action in ran]


def steps(reading: Reading) -> list[Step]:
    """What the assistant did, all sessions, failures included."""
    every = [did for read in reading.turns for did in done_in(read)]
    return [did.as_step() for did in every if did.is_step]


def attempts(reading: Reading) -> list[Attempt]:
    """List what was tried with its outcome, in order.

    The same with the same outcome is told once, where it was last.
    """
    found: dict[tuple[str, str], Attempt] = {}
    by_bot = [one for read in reading.matter for one in _of_turn(read)]
    for attempt in sorted([*by_bot, *_by_agents(reading)], key=lambda one: one.seq):
        key = attempt.what, attempt.outcome
        before = found.pop(key, None)
        times = (before.times or 1) + 1 if before else None
        found[key] = attempt.model_copy(update={"times": times})
    return sorted(
        [*found.values(), *_unfinished(reading)], key=lambda attempt: attempt.seq
    )


def _by_agents(reading: Reading) -> list[Attempt]:
    """What agents had done about cards: for whoever takes the chat after them."""
    return [
        Attempt(
            what=f"{who}: {event.label or 'an action'}, {event.title or 'a card'}",
            outcome=event.result or event.state or "done",
            at=event.at,
            seq=event.seq,
        )
        for event in reading.events
        if event.type == "card_action"
        and event.state != "begun"
        and reading.in_matter(event.seq)
        and (who := (event.actor and event.actor.name) or "An agent")
    ]


def _unfinished(reading: Reading) -> list[Attempt]:
    """The form that the customer left in the middle: it was begun, if nothing more."""
    turns = [read for read in reading.matter if not read.failure]
    if not turns or not turns[-1].turn.requested_slot:
        return []
    done = [did for read in reversed(turns) for did in reversed(done_in(read))]
    tried = {did.action.name for did in done if did.action.attempt}
    for did in done:
        if did.action.label and not did.action.attempt:
            if did.action.name in tried:
                return []
            what, read = did.action.label, did.read
            return [Attempt(what=what, outcome=UNFINISHED, at=read.at, seq=read.seq)]
    return []


def _of_turn(read: ReadTurn) -> list[Attempt]:
    found = [
        (what, did.outcome + ("" if read.delivered or did.broken else _UNTOLD))
        for did in done_in(read)
        if (what := did.attempt)
    ]
    if read.failure and not found:
        found.append(("Tried to answer", FAILURES.get(read.failure, "it failed")))
    return [
        Attempt(what=what, outcome=came, at=read.at, seq=read.seq)
        for what, came in found
    ]


def failures(reading: Reading) -> dict[str, int]:
    """Count what did not work in the matter, by what agents call it."""
    counts: dict[str, int] = {}
    for read in reading.matter:
        for did in done_in(read):
            if (noun := did.action.noun) and not did.ok:
                counts[noun] = counts.get(noun, 0) + 1
    return counts


def is_settled(reading: Reading, read: ReadTurn) -> bool:
    """Whether what a turn asks for was answered, or done then or later."""
    if any(did.ok and did.action.is_answer for did in done_in(read)):
        return True
    return any(
        did.ok and did.attempt and did.action.topic == read.topic
        for later in reading.matter
        if later.seq >= read.seq
        for did in done_in(later)
    )
