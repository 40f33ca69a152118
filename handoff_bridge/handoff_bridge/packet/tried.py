"""What the assistant tried in the matter at hand, and what came of it."""

from typing import Any

from handoff_bridge.packet.facts import steps_of
from handoff_bridge.packet.reading import ReadTurn, Reading
from handoff_bridge.packet.words import (
    DEEDS,
    is_bad,
    outcome,
    phrase,
    said,
    slot_words,
)

FAILURES = {
    "timeout": "it took too long",
    "unreachable": "it could not be reached",
    "empty": "it had no answer",
    "failed_action": "it did not work",
    "error": "it failed",
    "failed": "it did not work",
}
# Rules of the shop that the assistant can recite, by the front of the response.
_ANSWERS = {
    "utter_policies": "Answered a question on the shop's rules",
    "utter_opening_hours": "Told the opening hours",
    "utter_payment_methods": "Told the ways to pay",
}


def tried(reading: Reading) -> list[dict[str, Any]]:
    """List what was tried with its outcome, in order, the same thing once a turn."""
    found: list[dict[str, Any]] = []
    previous: ReadTurn | None = None
    for read in reading.matter:
        for what, result in [*_deeds(read), *_refusal(read, previous)]:
            found.append(
                {"what": what, "outcome": result, "at": read.at, "seq": read.seq}
            )
        previous = read
    return found


def failures(reading: Reading) -> dict[str, int]:
    """Count what did not work in the matter, by what agents call it."""
    counts: dict[str, int] = {}
    for read in reading.matter:
        for step in steps_of(read):
            deed = DEEDS.get(step["action"])
            if deed and not step["ok"]:
                counts[deed.noun] = counts.get(deed.noun, 0) + 1
    return counts


def is_settled(reading: Reading, intent: str, since: int) -> bool:
    """Whether a known action did what `intent` asks for, at or after `since`."""
    return any(
        step["ok"] and deed.intent == intent
        for read in reading.matter
        if read.seq >= since
        for step in steps_of(read)
        if (deed := DEEDS.get(step["action"]))
    )


def _deeds(read: ReadTurn) -> list[tuple[str, str]]:
    found = []
    for step in steps_of(read):
        name = step["action"]
        if name.endswith("_form") and step["ok"]:
            continue  # a form that only asks on has tried nothing yet
        arguments = {**_order_of(read), **step["arguments"]}
        broken = read.failure or step.get("result") in FAILURES
        result = _failure(step.get("result")) if broken else _outcome(step)
        what = said(name, arguments, ok=step["ok"])
        if not read.delivered and not read.failure:
            result += " (the customer was not told)"
        found.append((what, result))
    if read.failure and not found:
        found.append(("Tried to answer", _failure(read.failure)))
    return found + _answers(read)


def _answers(read: ReadTurn) -> list[tuple[str, str]]:
    names = [action["name"] for action in read.actions]
    return [
        (words, "answered")
        for front, words in _ANSWERS.items()
        if any(name.startswith(front) for name in names)
    ]


def _refusal(read: ReadTurn, previous: ReadTurn | None) -> list[tuple[str, str]]:
    """Notice a form that asks for the same thing again."""
    slot, loop = read.turn.get("requested_slot"), read.turn.get("active_loop")
    if not slot or not previous or previous.turn.get("requested_slot") != slot:
        return []
    if previous.turn.get("active_loop") != loop:
        return []
    bad = [phrase(a["result"]) for a in read.actions if is_bad(a.get("result"))]
    return [(f"Asked for {slot_words(slot)} again", bad[0] if bad else "not accepted")]


def _order_of(read: ReadTurn) -> dict[str, Any]:
    slots = read.turn.get("slots") or read.turn.get("slots_set") or {}
    order = slots.get("order_number")
    return {"order_number": order} if order else {}


def _outcome(step: dict[str, Any]) -> str:
    if step["action"].startswith("validate_"):
        return outcome(step["action"], step.get("result"))
    result = outcome(step["action"], step.get("result"))
    return result or ("done" if step["ok"] else "it did not work")


def _failure(reason: str | None) -> str:
    return FAILURES.get(reason or "failed") or phrase(reason or "failed")
