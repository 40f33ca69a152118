"""What the assistant tried in the matter at hand, and what came of it."""

from handoff_bridge.models import JsonObject
from handoff_bridge.packet.facts import Did, steps_of
from handoff_bridge.packet.outcomes import Outcome, is_bad, outcome_of
from handoff_bridge.packet.reading import Reading, ReadTurn
from handoff_bridge.packet.schema import Attempt
from handoff_bridge.packet.words import CHATTER, DEEDS, phrase, said, slot_words

FAILURES = {
    "timeout": "it took too long",
    "unreachable": "it could not be reached",
    "empty": "it had no answer",
    "failed_action": "it did not work",
    "error": "it failed",
    "failed": "it did not work",
}
_UNTOLD = " (the customer was not told)"
# What the assistant can recite, by the front of the response.
_ANSWERS = {
    "utter_ask_return_policy": "Explained the shop's rules",
    "utter_ask_refund_policy": "Explained the shop's rules",
    "utter_ask_opening_hours": "Told the opening hours",
    "utter_ask_payment_methods": "Told the ways to pay",
}
_ARTICLE = ("utter_article_", "utter_ask_")
# Actions that tell an article where no intent was found.
_TELLING = frozenset({"action_offer_readings", "action_read_article"})


def tried(reading: Reading) -> list[Attempt]:
    """List what was tried with its outcome, in order."""
    found: list[Attempt] = []
    asking: str | None = None
    for read in reading.matter:
        for what, came_of_it in [*_refusals(read, asking), *_deeds(read)]:
            found.append(
                Attempt(what=what, outcome=came_of_it, at=read.at, seq=read.seq)
            )
        asking = read.turn.requested_slot
    return found


def failures(reading: Reading) -> dict[str, int]:
    """Count what did not work in the matter, by what agents call it."""
    counts: dict[str, int] = {}
    for read in reading.matter:
        for did in steps_of(read):
            deed = DEEDS.get(did.step.action)
            if deed and not did.step.ok:
                counts[deed.noun] = counts.get(deed.noun, 0) + 1
    return counts


def is_settled(reading: Reading, read: ReadTurn) -> bool:
    """Whether what a turn's intent asks for was done then or later."""
    if _answers(read):
        return True
    return any(
        did.step.ok and deed.intent == read.intent
        for later in reading.matter
        if later.seq >= read.seq
        for did in steps_of(later)
        if (deed := DEEDS.get(did.step.action))
    )


def _deeds(read: ReadTurn) -> list[tuple[str, str]]:
    found = []
    for did in steps_of(read):
        step = did.step
        if step.action.endswith("_form") and not did.broken:
            continue  # a form that asks on has tried nothing yet
        came = _came_of(did)
        told = "" if read.delivered or did.broken else _UNTOLD
        what = said(step.action, {**_order_of(read), **step.arguments}, done=came.done)
        found.append((what, came.words + told))
    if read.failure and not found:
        found.append(("Tried to answer", FAILURES.get(read.failure, "it failed")))
    return found + _answers(read)


def _came_of(did: Did) -> Outcome:
    if did.broken:
        reason = str(did.step.result)
        return Outcome(FAILURES.get(reason) or phrase(reason), ok=False, done=False)
    return outcome_of(did.step.action, did.step.result)


def _answers(read: ReadTurn) -> list[tuple[str, str]]:
    """Find the questions answered from an article, which is named after its intent."""
    by_intent = "" if read.intent in CHATTER else f"utter_{read.intent}"
    found = []
    for action in read.actions:
        result = str(action.result)
        if action.name == by_intent:
            found.append(by_intent)
        elif action.name in _TELLING and result.startswith(_ARTICLE):
            found.append(result)
    return [
        (_ANSWERS.get(name) or f"Answered “{_title(name)}”", "answered")
        for name in found
    ]


def _title(answer: str) -> str:
    return phrase(answer).removeprefix("article ").removeprefix("ask ")


def _refusals(read: ReadTurn, asking: str | None) -> list[tuple[str, str]]:
    """Find the answers that a form could not use."""
    slot = asking or read.turn.requested_slot
    return [
        (
            f"Asked for {slot_words(slot)}" if slot else "Asked for details",
            outcome_of(action.name, action.result).words,
        )
        for action in read.actions
        if action.name.endswith("_form") and is_bad(action.result)
    ]


def _order_of(read: ReadTurn) -> JsonObject:
    slots = read.turn.slots or read.turn.slots_set or {}
    order = slots.get("order_number")
    return {"order_number": order} if order else {}
