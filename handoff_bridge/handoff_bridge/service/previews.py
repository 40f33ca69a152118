"""What a customer would read if an agent ended it now. Nothing is kept of it."""

from dataclasses import asdict, dataclass
from typing import Literal

from handoff_bridge.conversation.commands import BeginReturn, Close, FinishReturn
from handoff_bridge.conversation.events import Reply
from handoff_bridge.conversation.outcomes import Refused, SystemLine, Transition
from handoff_bridge.conversation.transition import Command, transition
from handoff_bridge.errors import BotUnavailable, UnknownSlot
from handoff_bridge.models import JsonObject
from handoff_bridge.service.handoff_return import (
    HandBack,
    HandoffOutcome,
    conversation_of,
    ref_of,
)
from handoff_bridge.service.ports import (
    AssistantClient,
    AssistantError,
    SlotRefused,
)
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store.agents import Agent

Kind = Literal["return", "close"]


@dataclass(frozen=True)
class Shown:
    """A message of the preview, in the customer's language."""

    sender: Literal["system", "bot"]
    text: str | None
    buttons: tuple[str, ...] = ()


class Previews:
    """Asks those who write the sentences: the moves, the texts, the assistant."""

    def __init__(
        self,
        held: ConversationRepository,
        handback: HandBack,
        assistant: AssistantClient,
    ) -> None:
        """`handback` makes the assistant's request as it will be made."""
        self._held = held
        self._handback = handback
        self._assistant = assistant

    async def of(self, agent: Agent, kind: Kind, ending: HandoffOutcome) -> list[Shown]:
        """The messages, in order.

        Raises UnknownHandoff, NotOwner, IllegalTransition, BotUnavailable, UnknownSlot.
        """
        conversation_id = await conversation_of(self._held, ending.handoff_id)
        async with self._held.transaction(conversation_id) as unit:
            if kind == "close":
                return _lines(unit, _closed(unit, agent, ending))
            shown = _lines(unit, _returned(unit, agent, ending))
            if not unit.conversation.introduced:
                shown.append(Shown("bot", unit.texts.say("introduction")))
            request = await self._request(unit, agent, ending)
        return shown + [_shown(reply) for reply in await self._ask(request)]

    async def _request(
        self, unit: UnitOfWork, agent: Agent, ending: HandoffOutcome
    ) -> JsonObject:
        missed = await self._handback.catch_up(unit)
        told = {
            **asdict(ending),
            "disposition": ending.disposition.value,
            "agent_name": agent.name,
        }
        return {**self._handback.request(missed, told), "preview": True}

    async def _ask(self, request: JsonObject) -> list[Reply]:
        try:
            return (await self._assistant.hand_back(request)).replies
        except AssistantError as error:
            raise BotUnavailable from error
        except SlotRefused as error:
            raise UnknownSlot(str(error) or None) from error


def _closed(unit: UnitOfWork, agent: Agent, ending: HandoffOutcome) -> Transition:
    close = Close(ending.handoff_id, ref_of(agent), ending.disposition)
    return _moved(unit, close)


def _returned(unit: UnitOfWork, agent: Agent, ending: HandoffOutcome) -> Transition:
    ref = ref_of(agent)
    finish = FinishReturn(ending.handoff_id, ref, ending.disposition)
    return _moved(unit, BeginReturn(ending.handoff_id, ref), finish)


def _moved(unit: UnitOfWork, *commands: Command) -> Transition:
    """One after the other, from how the conversation stands; raises a refusal."""
    moved = Transition(unit.state)
    for command in commands:
        next_move = transition(moved.state, command, unit.now)
        if isinstance(next_move, Refused):
            raise next_move.error(next_move.sentence)
        moved = next_move
    return moved


def _lines(unit: UnitOfWork, moved: Transition) -> list[Shown]:
    return [
        Shown("system", unit.texts.say(event.key, **event.values))
        for event in moved.events
        if isinstance(event, SystemLine)
    ]


def _shown(reply: Reply) -> Shown:
    titles = tuple(button.title for button in reply.buttons or ())
    return Shown("bot", reply.text, titles)
