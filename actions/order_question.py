"""What the actions share that ask about a form's order before its next answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.shop import BackofficeUnavailable, Order, OrderNotFound
from actions.topic import REFUSED, UNAVAILABLE, NotVerified, Speech, order_of
from actions.verification import end_form
from actions.wording import speak_to


class OrderQuestion(Action, ABC):
    """Base of the actions that ask something about the form's order."""

    @abstractmethod
    async def question(
        self, order: Order, tracker: Tracker, domain: dict[str, Any]
    ) -> Speech | None:
        """Returns what is asked; None if there is nothing left to ask.

        May let pass `OrderNotFound`, `NotVerified` and `BackofficeUnavailable`.
        """

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Asks, or ends the form: its topic's action says why."""
        speak_to(tracker)
        try:
            asked = await self.question(await order_of(tracker), tracker, domain)
        except BackofficeUnavailable:
            return end_form(UNAVAILABLE)
        except (OrderNotFound, NotVerified):
            return end_form(REFUSED)
        if asked is None:
            return end_form(REFUSED)
        response, values = asked
        dispatcher.utter_message(response=response, **values)
        return [SlotSet("blocked_by", None)]
