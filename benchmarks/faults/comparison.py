"""What everybody holds of the same conversations, set side by side. No I/O.

The log is what the bridge has committed. Beside it: what each customer and each agent
sent and was answered, what their clients show, and what the assistant was told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Entry = dict[str, Any]

# By its own account nobody waits longer for a claim, restarts of everything included.
STARVED_SECS = 60.0


@dataclass(frozen=True)
class Sent:
    """A message as its sender sent it; `seqs` are those of all acks that it got.

    What is sent without waiting for the ack before it shares a `burst`. Where a message
    of one was repeated, those of it may stand in any order.
    """

    message_id: str
    text: str
    burst: int
    seqs: tuple[int, ...]
    is_repeated: bool = False


@dataclass(frozen=True)
class Claim:
    """A claim that an agent was told to have made."""

    agent_id: str
    handoff_id: str


@dataclass
class Conversation:
    """One conversation, as it is held in each place.

    `committed_at` are seconds, by entry. `shown` is what the customer's client has, in
    its order; `held` what each agent's client has of the log, by agent. `heard` is what
    the assistant was told, in its order.
    """

    name: str
    log: list[Entry] = field(default_factory=list)
    committed_at: list[float] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    sent_by_agents: dict[str, list[Sent]] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    shown: list[Entry] = field(default_factory=list)
    held: dict[str, list[Entry]] = field(default_factory=dict)
    heard: list[Entry] = field(default_factory=list)

    @property
    def messages(self) -> list[Entry]:
        """What was said, by anyone."""
        return [entry for entry in self.log if entry["type"] == "message"]

    def said_by(self, *senders: str) -> list[Entry]:
        """What was said by these kinds of sender."""
        return [one for one in self.messages if one["actor"]["type"] in senders]


@dataclass(frozen=True)
class Finding:
    """Something that must not be: its kind, where, and what exactly."""

    kind: str
    conversation: str
    what: str


Found = Iterator[str]


def compare(
    conversations: Sequence[Conversation], capacity: int
) -> dict[str, list[Finding]]:
    """Findings by kind, each kind named though there are none."""
    found = {
        kind: [
            Finding(kind, one.name, what)
            for one in conversations
            for check in checks
            for what in check(one)
        ]
        for kind, checks in CHECKS.items()
    }
    found["capacity exceeded"] = [*over_capacity(conversations, capacity)]
    return found


def lost_from_log(one: Conversation) -> Found:
    """What was acknowledged, and numbers, that the log does not have."""
    yield from _holes([entry["seq"] for entry in one.log])
    by_id = {entry.get("message_id"): entry for entry in one.messages}
    for sent in _all_sent(one):
        if not sent.seqs:
            yield f"{sent.text!r} was never acknowledged"
        elif sent.message_id not in by_id:
            yield f"{sent.text!r}, acknowledged as {sent.seqs[0]}, is not in the log"


def _holes(seqs: list[int]) -> Found:
    if missing := sorted(set(range(1, max(seqs, default=0) + 1)) - {*seqs}):
        yield f"the log has no {missing}"


def lost_from_clients(one: Conversation) -> Found:
    """What the log has, and a client does not show."""
    shown = {entry["seq"] for entry in one.shown}
    for entry in one.messages:
        if entry["seq"] not in shown:
            yield f"the customer is not shown {_told(entry)}"
    for agent_id, held in one.held.items():
        has = {entry["seq"] for entry in held}
        for entry in one.log:
            if entry["seq"] not in has:
                yield f"agent {agent_id} is not shown {_told(entry)}"


def lost_on_assistant(one: Conversation) -> Found:
    """What was said, and the assistant was not told though it has the chat again."""
    heard = {entry["message_id"] for entry in one.heard}
    for entry in one.said_by("customer", "agent"):
        if entry["message_id"] not in heard:
            yield f"the assistant was not told {_told(entry)}"


def lost_answers(one: Conversation) -> Found:
    """What was written to the assistant and met with nothing: no turn, no human."""
    answered = _answered_ids(one.log)
    owner, unread = "bot", list[Entry]()
    for entry in one.log:
        if entry["type"] == "message" and entry["actor"]["type"] == "customer":
            if owner in ("bot", "queue") and entry["message_id"] not in answered:
                unread.append(entry)
        elif entry["type"] == "owner_changed":
            owner = entry["to"]
            # What was written in line is the assistant's again if its writer leaves.
            if owner == "agent" or (owner == "queue" and entry["from"] == "bot"):
                unread.clear()
    for entry in unread:
        yield f"nobody answered {_told(entry)}"
    said = {entry.get("message_id") for entry in one.said_by("bot")}
    for entry in one.log:
        if entry["type"] == "handoff_updated" and entry["state"] == "returned":
            if f"bot:handback:{entry['handoff_id']}:0" not in said:
                yield f"nobody greeted after {entry['handoff_id']}"


def _answered_ids(log: Iterable[Entry]) -> set[str]:
    ids: set[str] = set()
    for entry in log:
        if entry["type"] in ("turn", "turn_failed"):
            ids |= {str(entry.get("message_id")), *entry.get("message_ids", ())}
    return ids


def doubled(one: Conversation) -> Found:
    """What stands twice: in the log, at a client, with the assistant, by its ack."""
    yield from _twice(one.messages, "message_id", "in the log")
    yield from _twice(one.said_by("customer", "agent"), "text", "in the log")
    turns = [entry for entry in one.log if entry["type"] == "turn"]
    yield from _twice(turns, "message_id", "as a turn")
    yield from _twice(one.shown, "seq", "at the customer's client")
    yield from _twice(one.shown, "message_id", "at the customer's client")
    for agent_id, held in one.held.items():
        yield from _twice(held, "seq", f"at agent {agent_id}'s client")
    yield from _twice(one.heard, "message_id", "with the assistant")
    for sent in _all_sent(one):
        if len({*sent.seqs}) > 1:
            yield f"{sent.text!r} was acknowledged as {sorted({*sent.seqs})}"


def _twice(entries: Iterable[Entry], key: str, where: str) -> Found:
    counts = Counter(entry[key] for entry in entries if entry.get(key) is not None)
    for value, count in counts.items():
        if count > 1:
            yield f"{value!r} stands {count} times {where}"


def reordered(one: Conversation) -> Found:
    """What stands before something that was said earlier."""
    seqs = [entry["seq"] for entry in one.log]
    if seqs != sorted(seqs):
        yield f"the log comes in the order {seqs}"
    place = {entry.get("message_id"): entry["seq"] for entry in one.messages}
    for writer, sent in [("customer", one.sent), *one.sent_by_agents.items()]:
        yield from _unlike(_in_order(sent), place, f"{writer} in the log")
    yield from _unchained(one.shown)
    for agent_id, held in one.held.items():
        if (has := [entry["seq"] for entry in held]) != sorted(has):
            yield f"agent {agent_id}'s client shows the order {has}"
    told = [(entry["seq"], entry["message_id"]) for entry in one.messages]
    told = [(seq, message_id) for seq, message_id in told if message_id]
    heard = {entry["message_id"]: n for n, entry in enumerate(one.heard)}
    yield from _unlike(told, heard, "what the assistant was told")


def _in_order(sent: Sequence[Sent]) -> list[tuple[int, str]]:
    """The place of each message; the same where no order was promised."""
    loose = {one.burst for one in sent if one.is_repeated}
    places, place = [], 0
    for n, one in enumerate(sent):
        if n and not (one.burst in loose and sent[n - 1].burst == one.burst):
            place += 1
        places.append((place, one.message_id))
    return places


def _unlike(
    wanted: Iterable[tuple[int, str]], found: dict[Any, int], where: str
) -> Found:
    there = [(place, one) for place, one in wanted if one in found]
    there.sort(key=lambda pair: found[pair[1]])
    for (place, one), (next_place, next_one) in zip(there, there[1:], strict=False):
        if place > next_place:
            yield f"{where}: {one!r} before {next_one!r}"


def _unchained(shown: Sequence[Entry]) -> Found:
    seq = 0
    for entry in shown:
        if entry["prev"] != seq:
            missed = entry["prev"]
            yield f"the customer is shown {entry['seq']} after {seq}, not {missed}"
        seq = entry["seq"]


def two_owners(one: Conversation) -> Found:
    """Whoever acted as the owner, or was told to be, while another one was."""
    owner, agent_id, epoch = "bot", None, 0
    claimed: set[tuple[str, str]] = set()
    for entry in one.log:
        if entry["type"] == "owner_changed":
            if (entry["from"], entry["epoch"]) != (owner, epoch + 1):
                yield f"{entry['seq']} changes {entry['from']}, but {owner} had it"
            owner, epoch = entry["to"], entry["epoch"]
            agent_id = entry.get("agent", {}).get("id")
            if owner == "agent":
                claimed.add((agent_id, entry["handoff_id"]))
        elif entry["type"] == "message" and entry["actor"]["type"] == "agent":
            if entry["actor"]["id"] != agent_id:
                yield f"{entry['actor']['id']} said {_told(entry)}, not the owner"
    for claim in one.claims:
        if (claim.agent_id, claim.handoff_id) not in claimed:
            yield f"{claim.agent_id} was told to have claimed {claim.handoff_id}"


def bot_over_human(one: Conversation) -> Found:
    """What the bot said while an agent, or the line, had the chat.

    In line the turn that asked for the person may say goodbye.
    """
    owner, asked_by = "bot", set[str]()
    for entry in one.log:
        if entry["type"] == "owner_changed":
            owner, asked_by = entry["to"], set()
        if entry["type"] in ("owner_changed", "handoff_requested"):
            asked_by.add(str(entry.get("message_id")))
        if entry["type"] != "message" or entry["actor"]["type"] != "bot":
            continue
        if entry.get("key") == "introduction" and owner != "agent":
            continue
        turn = str(entry.get("message_id")).removeprefix("bot:").rpartition(":")[0]
        if owner == "agent" or (owner == "queue" and turn not in asked_by):
            yield f"the bot said {_told(entry)} while it was the {owner}'s"


def starved(one: Conversation) -> Found:
    """Handoffs that nobody took, or only after very long."""
    since: dict[str, float] = {}
    for entry, at in zip(one.log, one.committed_at, strict=True):
        if entry["type"] == "owner_changed" and entry.get("handoff_id"):
            handoff_id = entry["handoff_id"]
            if entry["to"] == "queue":
                since[handoff_id] = at
            elif (began := since.pop(handoff_id, None)) is not None:
                if at - began > STARVED_SECS:
                    yield f"{handoff_id} waited for {at - began:.0f} s"
    for handoff_id in since:
        yield f"{handoff_id} was taken by nobody"


def over_capacity(
    conversations: Iterable[Conversation], capacity: int
) -> Iterator[Finding]:
    """Agents who had more chats than they had said, by the order of commits."""
    changes: list[tuple[float, int, str, str]] = []
    for one in conversations:
        agent_id = None
        for entry, at in zip(one.log, one.committed_at, strict=True):
            if entry["type"] != "owner_changed":
                continue
            if agent_id is not None:
                changes.append((at, -1, agent_id, one.name))
            agent_id = entry.get("agent", {}).get("id")
            if agent_id is not None:
                changes.append((at, 1, agent_id, one.name))
    chats: Counter[str] = Counter()
    for _, change, agent_id, name in sorted(changes):
        chats[agent_id] += change
        if change > 0 and chats[agent_id] > capacity:
            what = f"{agent_id} has {chats[agent_id]} chats, and said {capacity}"
            yield Finding("capacity exceeded", name, what)


def _all_sent(one: Conversation) -> Iterator[Sent]:
    yield from one.sent
    for sent in one.sent_by_agents.values():
        yield from sent


def _told(entry: Entry) -> str:
    text = entry.get("text")
    return f"{entry['seq']} ({text!r})" if text else f"{entry['seq']} ({entry['type']})"


Check = Callable[[Conversation], Found]
CHECKS: dict[str, tuple[Check, ...]] = {
    "lost": (lost_from_log, lost_from_clients, lost_on_assistant, lost_answers),
    "doubled": (doubled,),
    "reordered": (reordered,),
    "two owners": (two_owners,),
    "bot over human": (bot_over_human,),
    "capacity exceeded": (),
    "starved": (starved,),
}
