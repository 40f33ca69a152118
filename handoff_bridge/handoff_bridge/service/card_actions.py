"""What agents have the back office do about a card of their chat, once each.

What is asked for is in the log before the back office hears of it, and what came of it
afterwards. Whoever asks again under the same `client_id`, after a lost answer or a
bridge that died in between, asks the back office under the same key.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handoff_bridge.conversation.cards import CardHeading
from handoff_bridge.conversation.commands import AgentWrites
from handoff_bridge.conversation.events import CardActed, FilledField
from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.conversation.outcomes import HandoffTold
from handoff_bridge.errors import (
    ActionDoneBefore,
    ActionRefused,
    BackOfficeUnavailable,
    CustomerNotVerified,
    InvalidFields,
    UnknownAction,
    UnknownCard,
)
from handoff_bridge.models import JsonObject
from handoff_bridge.packet.backoffice import Acted
from handoff_bridge.packet.card_fields import WrongField, checked_fields
from handoff_bridge.packet.schema import Card, CardAction, CardField
from handoff_bridge.protocol.inbox import CardAck, CardAct
from handoff_bridge.service.cards import Cards, heading_of
from handoff_bridge.service.handoff_return import ref_of
from handoff_bridge.service.moving import note_cards, perform
from handoff_bridge.service.ports import BackOffice
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import log
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.database import Connection

UNDER_WAY = "The same is under way already; look at the card before you go on."


@dataclass(frozen=True)
class _Wanted:
    """An action that may be begun."""

    card: Card
    action: CardAction
    customer_id: str
    fields: list[FilledField]


class CardActions:
    """Use cases of the agent who has the chat."""

    def __init__(
        self, held: ConversationRepository, cards: Cards, back_office: BackOffice
    ) -> None:
        """`cards` has what may be done, `back_office` does it."""
        self._held = held
        self._cards = cards
        self._back_office = back_office

    async def run(self, agent: Agent, call: CardAct) -> CardAck:
        """Has it done. The same `client_id` again is the same action.

        Raises:
            UnknownConversation, NotOwner, ConversationClosed: the chat is not theirs.
            UnknownCard, UnknownAction, CustomerNotVerified, InvalidFields: nothing is
                begun.
            ActionRefused: the back office has not done it.
            ActionDoneBefore: an earlier try of the same has come through by now.
            BackOfficeUnavailable: it may be done; the same call tells.
        """
        chat, key = call.conversation_id, f"agent:{agent.agent_id}:{call.client_id}"
        async with self._held.database.read() as tx:
            known = await log.find_message(tx, chat, key, "card_action")
        if known is None:
            wanted = await self._wanted(agent, call)
            await self._finish_earlier(call)
            known = await self._begin(agent, call, key, wanted)
        return await self._finish(known)

    async def _wanted(self, agent: Agent, call: CardAct) -> _Wanted:
        """Checks the call against the card as the back office has it by now."""
        async with self._held.transaction(call.conversation_id) as unit:
            await perform(unit, AgentWrites(ref_of(agent)))
            customer_id = unit.conversation.customer_id
        told = await self._cards.ask(customer_id, [call.id])
        if told is None:
            raise BackOfficeUnavailable
        cards = [c for c in told.cards if (c.kind, c.id) == (call.kind, call.id)]
        if not cards:
            raise UnknownCard
        if customer_id is None or cards[0].actions_locked:
            raise CustomerNotVerified
        for action in cards[0].actions or []:
            if action.id == call.action:
                try:
                    values = checked_fields(action.fields, call.fields)
                except WrongField as error:
                    raise InvalidFields(str(error)) from error
                fields = _filled(action.fields, values)
                return _Wanted(cards[0], action, customer_id, fields)
        raise UnknownAction

    async def _finish_earlier(self, call: CardAct) -> None:
        """Asks after tries of the same that had no answer: no second one beside them.

        Raises ActionDoneBefore where one has been done, BackOfficeUnavailable.
        """
        async with self._held.database.read() as tx:
            unfinished = await _unfinished(tx, call)
        for entry in unfinished:
            try:
                await self._finish(entry)
            except ActionRefused:
                continue
            raise ActionDoneBefore

    async def _begin(
        self, agent: Agent, call: CardAct, key: str, wanted: _Wanted
    ) -> LogEvent:
        """Logs that it is begun, if the chat and its customer are who they were."""
        async with self._held.transaction(call.conversation_id) as unit:
            known = await log.find_message(
                unit.tx, call.conversation_id, key, "card_action"
            )
            if known is not None:
                return known  # by another bridge, meanwhile
            await perform(unit, AgentWrites(ref_of(agent)))
            if unit.conversation.customer_id != wanted.customer_id:
                raise CustomerNotVerified
            if await _unfinished(unit.tx, call):
                raise ActionDoneBefore(UNDER_WAY)
            return unit.append(
                CardActed(
                    **unit.stamp(ref_of(agent).actor, key),
                    kind=wanted.card.kind,
                    id=wanted.card.id,
                    title=wanted.card.title,
                    action=wanted.action.id,
                    label=wanted.action.label,
                    customer_id=wanted.customer_id,
                    fields=wanted.fields,
                    state="begun",
                    client_id=call.client_id,
                )
            )

    async def _finish(self, entry: LogEvent) -> CardAck:
        """Has done what was begun, and logs what came of it.

        Raises ActionRefused, BackOfficeUnavailable.
        """
        begun = _read(entry)
        if begun.state != "begun":
            return _told(begun)
        body: JsonObject = {
            "customer_id": begun.customer_id,
            "fields": {field.name: field.value for field in begun.fields},
            "agent": begun.actor.name,
            "conversation_id": entry.conversation_id,
        }
        heading = CardHeading(kind=begun.kind, id=begun.id, title=begun.title)
        acted, refusal = None, None
        try:
            acted = await self._back_office.act(
                heading, begun.action, body, _key(entry)
            )
        except ActionRefused as error:
            refusal = str(error)
        ended = await self._log_end(entry.conversation_id, begun, acted, refusal)
        return _told(ended, acted.card if acted else None)

    async def _log_end(
        self, chat: str, begun: CardActed, acted: Acted | None, refusal: str | None
    ) -> CardActed:
        async with self._held.transaction(chat) as unit:
            known = await log.find_message(
                unit.tx, chat, begun.message_id or "", "card_action"
            )
            if known is not None and known.data["state"] != "begun":
                return _read(known)  # another bridge has asked as well
            ended = begun.model_copy(
                update={
                    **unit.stamp(begun.actor, begun.message_id),
                    "state": "done" if acted else "refused",
                    "result": acted.result if acted else refusal,
                }
            )
            unit.append(ended)
            if acted is not None:
                await _show(unit, acted.card)
            return ended


async def _unfinished(tx: Connection, call: CardAct) -> list[LogEvent]:
    """What was begun of the same kind, and has had no answer yet."""
    entries = await log.all_of(tx, call.conversation_id, "card_action")
    newest = {entry.message_id: entry for entry in entries}
    same = {
        "kind": call.kind,
        "id": call.id,
        "action": call.action,
        "state": "begun",
    }
    return [one for one in newest.values() if same.items() <= one.data.items()]


async def _show(unit: UnitOfWork, card: Card) -> None:
    """Tells everybody who sees the chat that there is news of its card."""
    if unit.handoff is None:
        return
    new = heading_of(card)
    about = {"kind": card.kind, "id": card.id}
    cards = unit.handoff.cards or []
    shown = [new if about.items() <= one.items() else one for one in cards]
    await note_cards(unit, shown)
    unit.tell_handoff(HandoffTold("handoff_updated", unit.handoff))


def _read(entry: LogEvent) -> CardActed:
    stamp = {"seq": entry.seq, "at": entry.at, "actor": entry.actor}
    return CardActed.model_validate(
        {**entry.data, **stamp, "message_id": entry.message_id}
    )


def _told(ended: CardActed, card: Card | None = None) -> CardAck:
    """Raises ActionRefused where it was."""
    if ended.state == "refused":
        raise ActionRefused(ended.result)
    return CardAck(seq=ended.seq, card=card, result=ended.result)


def _key(entry: LogEvent) -> str:
    """Of letters that a header can hold, whatever the client's id is made of."""
    name = f"{entry.conversation_id} {entry.message_id}"
    return f"card-action:{hashlib.sha256(name.encode()).hexdigest()}"


def _filled(asked: Sequence[CardField], values: Mapping[str, str]) -> list[FilledField]:
    return [
        FilledField(
            name=field.name,
            label=field.label,
            value=values[field.name],
            shown=_shown(field, values[field.name]),
        )
        for field in asked
        if field.name in values
    ]


def _shown(field: CardField, value: str) -> str:
    labels = {option.value: option.label for option in field.options or []}
    if field.type == "money" and field.currency:
        return f"{field.currency} {value}"
    return labels.get(value, value)
