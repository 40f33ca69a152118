"""Facts out of the turns: intents, entities, slots, steps, authentication.

Every fact carries the `seq` of the customer's message that it came from.
"""

from collections.abc import Mapping
from typing import Any

from handoff_bridge.packet.outcomes import outcome_of
from handoff_bridge.packet.reading import Reading, ReadTurn, timestamp
from handoff_bridge.packet.words import MACHINERY

# The code is a secret of the customer's: the log must not repeat it in facts.
SECRET = frozenset({"one_time_code"})
SECRET_MARKER = "[code]"
# Slots that say how the assistant works, not what the customer is about.
INTERNAL = SECRET | frozenset(
    "authentication handoff_request handback requested_slot refusals blocked_by "
    "code_sent order_customer_id session_started_metadata".split()
)


def redact_turn(turn: Mapping[str, Any]) -> dict[str, Any]:
    """Copy a turn without the one-time code, fit to be written to the log."""
    clean = dict(turn)
    for key in ("slots", "slots_set"):
        if isinstance(turn.get(key), Mapping):
            clean[key] = _without_secrets(turn[key])
    if turn.get("entities"):
        clean["entities"] = [_entity_without_secret(e) for e in turn["entities"]]
    if turn.get("actions"):
        clean["actions"] = [
            {**a, "arguments": _without_secrets(a["arguments"])}
            if isinstance(a.get("arguments"), Mapping)
            else a
            for a in turn["actions"]
        ]
    return clean


def intents(reading: Reading) -> list[dict[str, Any]]:
    """What the customer was understood to want, message by message."""
    found = []
    for read in reading.spoken:
        if not read.intent:
            continue
        fact = {
            "name": read.intent,
            # Softmax may add up to a hair more than one.
            "confidence": min(float(read.turn["intent"].get("confidence") or 0.0), 1.0),
            "at": read.at,
            "seq": read.seq,
        }
        message_id = read.turn.get("message_id")
        found.append({**fact, **({"message_id": message_id} if message_id else {})})
    return found


def entities(reading: Reading) -> list[dict[str, Any]]:
    """What the customer mentioned, one entry per message and value."""
    found: list[dict[str, Any]] = []
    for read in reading.spoken:
        for entity in read.turn.get("entities") or ():
            if not entity or not entity.get("entity") or entity.get("value") is None:
                continue
            clean = _entity_without_secret(entity)
            fact = {
                "entity": clean["entity"],
                "value": clean["value"],
                "at": read.at,
                "seq": read.seq,
            }
            if fact not in found:
                found.append(fact)
    return found


def slots(reading: Reading) -> dict[str, Any]:
    """The slots as they stand, what agents set included."""
    return {
        name: value
        for name, value in _all_slots(reading).items()
        if name not in INTERNAL and value is not None
    }


def authentication(reading: Reading) -> dict[str, Any]:
    """How the customer proved who they are. Whether it is fresh is not judged."""
    slot = _all_slots(reading).get("authentication")
    if not isinstance(slot, Mapping):
        return {"verified": False}
    proof: dict[str, Any] = {"verified": slot.get("level") == "verified"}
    for key in ("method", "level"):
        if slot.get(key):
            proof[key] = str(slot[key])
    if at := timestamp(slot.get("at")):
        proof["at"] = at
    return proof


def steps(reading: Reading) -> list[dict[str, Any]]:
    """What the assistant did, all sessions, failures included."""
    return [
        {key: value for key, value in step.items() if key != "broken"}
        for read in reading.turns
        for step in steps_of(read)
    ]


def steps_of(read: ReadTurn) -> list[dict[str, Any]]:
    """List the actions of one turn that did something for the customer.

    Each with `broken`: it failed by itself, the shop did not merely say no.
    """
    failed = read.turn.get("failed_action")
    ran = [action for action in read.actions if _is_step(action["name"])]
    if failed and all(action["name"] != failed for action in ran):
        ran.append({"name": failed})
    return [_step(read, action, failed) for action in ran]


def _is_step(name: str) -> bool:
    return name not in MACHINERY and not name.startswith(("utter_", "action_ask_"))


def _step(
    read: ReadTurn, action: Mapping[str, Any], failed: str | None
) -> dict[str, Any]:
    name, result = action["name"], action.get("result")
    broken = name == failed
    if broken:
        result = read.failure or "failed"
    step = {
        "action": name,
        "arguments": _without_secrets(action.get("arguments") or {}),
        "ok": not broken and outcome_of(name, result).ok,
        "broken": broken,
        "at": read.at,
        "seq": read.seq,
    }
    return {**step, "result": result} if result else step


def _all_slots(reading: Reading) -> dict[str, Any]:
    """Replay the slots: turns tell all that is set, agents only what they set."""
    changes = [(read.seq, read.turn) for read in reading.turns]
    changes += [
        (event["seq"], {"slots_set": event["slots"]})
        for event in reading.events
        if event.get("type") == "handoff_updated" and event.get("slots")
    ]
    values: dict[str, Any] = {}
    for _, change in sorted(changes, key=lambda pair: pair[0]):
        if isinstance(change.get("slots"), Mapping):
            values = dict(change["slots"])
        else:
            values |= change.get("slots_set") or {}
    return values


def _without_secrets(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: SECRET_MARKER if name in SECRET and value is not None else value
        for name, value in values.items()
    }


def _entity_without_secret(entity: Mapping[str, Any]) -> dict[str, Any]:
    if entity.get("entity") in SECRET:
        return {**entity, "value": SECRET_MARKER}
    return dict(entity)
