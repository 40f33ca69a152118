"""Facts out of the turns: intents, entities, slots, authentication.

Every fact carries the `seq` of the customer's message that it came from.
"""

from handoff_bridge.models import JsonObject
from handoff_bridge.packet.events import Event, Mention, Turn
from handoff_bridge.packet.reading import Reading, ReadTurn, timestamp
from handoff_bridge.packet.schema import Authentication, Entity, Intent, SlotLabel

# A code is a secret of the customer's: no fact may repeat it.
SECRET_MARKER = "[code]"
# Slots of Rasa's and of the connector's contract; they are facts of their own.
_OWN = frozenset({"authentication", "requested_slot", "session_started_metadata"})


def intents(reading: Reading) -> list[Intent]:
    """What the customer was understood to want, message by message."""
    return [
        Intent(
            name=read.intent,
            label=read.label,
            topic=read.topic or None,
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
    told = read.turn.slot_labels.get(mention.entity)
    return Entity(
        entity=mention.entity,
        value=SECRET_MARKER if told and told.secret else mention.value,
        label=(told.label if told else None) or None,
        at=read.at,
        seq=read.seq,
    )


def slots(reading: Reading) -> JsonObject:
    """The slots as they stand that are for agents, what these have set included.

    Those are the ones with a label; all of a log without labels.
    """
    shown = {
        *slot_labels(reading),
        *(name for event in _by_agents(reading) for name in event.slots or ()),
    }
    return {
        name: value
        for name, value in _all_slots(reading).items()
        if value is not None
        and name not in _OWN
        and (name in shown if _is_labelled(reading) else not isinstance(value, dict))
    }


def _is_labelled(reading: Reading) -> bool:
    """Whether the log is of an assistant that says what its names mean to agents."""
    return any(
        read.turn.slot_labels
        or (guess := read.turn.intent)
        and (guess.label or guess.topic or guess.small_talk is not None)
        for read in reading.turns
    )


def slot_seqs(reading: Reading, shown: JsonObject) -> dict[str, int]:
    """The message that the value of each slot `shown` came from."""
    seqs = _replayed(reading)[1]
    return {name: seqs[name] for name in shown if name in seqs}


def slot_labels(reading: Reading) -> dict[str, SlotLabel]:
    """What agents call the slots, as the turns tell."""
    return {
        name: SlotLabel(label=told.label, fixed=told.fixed or None)
        for read in reading.turns
        for name, told in read.turn.slot_labels.items()
        if told.label and not told.secret
    }


def authentication(reading: Reading, *, is_signed: bool = False) -> Authentication:
    """How the customer proved who they are. Whether it is fresh is not judged.

    Who comes `is_signed` and asks for a person at once has proved it to no turn.
    """
    values, seqs = _replayed(reading)
    slot, seq = values.get("authentication"), seqs.get("authentication")
    if is_signed and not (isinstance(slot, dict) and slot.get("level") == "verified"):
        slot, seq = {"method": "signed_identity", "level": "verified"}, None
    if not isinstance(slot, dict):
        return Authentication(verified=False)
    method, level = slot.get("method"), slot.get("level")
    names = {
        n: told for read in reading.turns for n, told in read.turn.slot_labels.items()
    }
    told = names.get(str(method))
    return Authentication(
        verified=level == "verified",
        method=str(method) if method else None,
        label=(told.label if told else None) or None,
        level=str(level) if level else None,
        at=timestamp(slot.get("at")) or None,
        seq=seq if level == "verified" else None,
    )


def _all_slots(reading: Reading) -> JsonObject:
    return _replayed(reading)[0]


def _replayed(reading: Reading) -> tuple[JsonObject, dict[str, int]]:
    """Replay the slots, and which message each value came from.

    Turns tell all that is set, agents only what they set.
    """
    changes = [
        (read.seq, read.turn.slots, read.turn.slots_set) for read in reading.turns
    ]
    changes += [(event.seq, None, event.slots) for event in _by_agents(reading)]
    values: JsonObject = {}
    seqs: dict[str, int] = {}
    for seq, whole, changed in sorted(changes, key=lambda change: change[0]):
        before = values
        values = dict(whole) if whole is not None else before | (changed or {})
        for name, value in values.items():
            if name not in seqs or before.get(name) != value:
                seqs[name] = seq
    return values, seqs


def _by_agents(reading: Reading) -> list[Event]:
    """The entries with which agents have set slots."""
    updates = [event for event in reading.events if event.type == "handoff_updated"]
    return [event for event in updates if event.slots]
