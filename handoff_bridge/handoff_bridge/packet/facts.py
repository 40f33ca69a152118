"""Facts out of the turns: intents, entities, slots, steps, authentication.

Every fact carries the `seq` of the customer's message that it came from.
"""

from dataclasses import dataclass

from handoff_bridge.models import JsonObject
from handoff_bridge.packet.events import Mention, RanAction, Turn
from handoff_bridge.packet.outcomes import outcome_of
from handoff_bridge.packet.reading import Reading, ReadTurn, timestamp
from handoff_bridge.packet.schema import Authentication, Entity, Intent, Step
from handoff_bridge.packet.words import MACHINERY

# The code is a secret of the customer's: the log must not repeat it in facts.
SECRET = frozenset({"one_time_code"})
SECRET_MARKER = "[code]"
# Slots that say how the assistant works, not what the customer is about.
INTERNAL = SECRET | frozenset(
    "authentication handoff_request handback requested_slot refusals blocked_by "
    "code_sent session_started_metadata".split()
)


@dataclass(frozen=True)
class Did:
    """A step; `broken` if it failed by itself, the shop did not merely say no."""

    step: Step
    broken: bool


def intents(reading: Reading) -> list[Intent]:
    """What the customer was understood to want, message by message."""
    return [
        Intent(
            name=read.intent,
            confidence=_confidence(read.turn),
            message_id=read.turn.message_id or None,
            at=read.at,
            seq=read.seq,
        )
        for read in reading.spoken
        if read.intent
    ]


def _confidence(turn: Turn) -> float:
    """Softmax may add up to a hair more than one."""
    return min((turn.intent and turn.intent.confidence) or 0.0, 1.0)


def entities(reading: Reading) -> list[Entity]:
    """What the customer mentioned, one entry per message and value."""
    found: list[Entity] = []
    for read in reading.spoken:
        for mention in read.turn.entities:
            if not mention.entity or mention.value is None:
                continue
            fact = _entity(read, mention)
            if fact not in found:
                found.append(fact)
    return found


def _entity(read: ReadTurn, mention: Mention) -> Entity:
    value = SECRET_MARKER if mention.entity in SECRET else mention.value
    return Entity(entity=mention.entity, value=value, at=read.at, seq=read.seq)


def slots(reading: Reading) -> JsonObject:
    """The slots as they stand, what agents set included."""
    return {
        name: value
        for name, value in _all_slots(reading).items()
        if name not in INTERNAL and value is not None
    }


def authentication(reading: Reading, *, is_signed: bool = False) -> Authentication:
    """How the customer proved who they are. Whether it is fresh is not judged.

    Who comes `is_signed` and asks for a person at once has proved it to no turn.
    """
    slot = _all_slots(reading).get("authentication")
    if is_signed and not (isinstance(slot, dict) and slot.get("level") == "verified"):
        slot = {"method": "signed_identity", "level": "verified"}
    if not isinstance(slot, dict):
        return Authentication(verified=False)
    method, level = slot.get("method"), slot.get("level")
    return Authentication(
        verified=level == "verified",
        method=str(method) if method else None,
        level=str(level) if level else None,
        at=timestamp(slot.get("at")) or None,
    )


def steps(reading: Reading) -> list[Step]:
    """What the assistant did, all sessions, failures included."""
    return [did.step for read in reading.turns for did in steps_of(read)]


def steps_of(read: ReadTurn) -> list[Did]:
    """List the actions of one turn that did something for the customer."""
    failed = read.turn.failed_action
    ran = [action for action in read.actions if _is_step(action.name)]
    if failed and all(action.name != failed for action in ran):
        ran.append(RanAction(name=failed))
    return [_did(read, action, action.name == failed) for action in ran]


def _is_step(name: str) -> bool:
    return name not in MACHINERY and not name.startswith(("utter_", "action_ask_"))


def _did(read: ReadTurn, action: RanAction, broken: bool) -> Did:
    result = (read.failure or "failed") if broken else action.result
    step = Step(
        action=action.name,
        arguments=_without_secrets(action.arguments or {}),
        ok=not broken and outcome_of(action.name, result).ok,
        result=result or None,
        at=read.at,
        seq=read.seq,
    )
    return Did(step, broken)


def _all_slots(reading: Reading) -> JsonObject:
    """Replay the slots: turns tell all that is set, agents only what they set."""
    changes = [
        (read.seq, read.turn.slots, read.turn.slots_set) for read in reading.turns
    ]
    changes += [
        (event.seq, None, event.slots)
        for event in reading.events
        if event.type == "handoff_updated" and event.slots
    ]
    values: JsonObject = {}
    for _, whole, changed in sorted(changes, key=lambda change: change[0]):
        if whole is not None:
            values = dict(whole)
        else:
            values |= changed or {}
    return values


def _without_secrets(values: JsonObject) -> JsonObject:
    return {
        name: SECRET_MARKER if name in SECRET and value is not None else value
        for name, value in values.items()
    }
