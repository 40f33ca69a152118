"""What every topic's action shares: reaching the shop, and saying why something failed.

A topic's action runs when its form has ended. `settle` says and does the topic's own
part; whatever the shop refuses or fails to answer becomes a response here, and the
slots of the finished form are forgotten in every case.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar, TypeVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.interruption import resumed
from actions.shop import BackofficeUnavailable, Order, OrderNotFound, Refused, Shop
from actions.wording import speak_to

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
Speech = tuple[str, dict[str, Any]]

# Values of the slot `blocked_by`: why a form ended before it had all answers.
UNAVAILABLE = "unavailable"
TOO_MANY_CODES = "too_many_codes"
REFUSED = "refused"  # the topic's action finds out and says why

WORTH_ANOTHER_TRY = frozenset(
    {
        "utter_backoffice_unavailable",
        "utter_backoffice_uncertain",
        "utter_verification_missing",
        "utter_account_not_verified",
    }
)


class OutcomeUnknown(Exception):
    """A change was asked for and nobody answered: it may have happened or not."""


class NotVerified(Exception):
    """The customer has not shown that this order is theirs."""


@lru_cache(maxsize=1)
def shop() -> Shop:
    """Returns the process's connection to the shop, made when first needed."""
    return Shop.from_env()


async def look_up(read: Callable[..., Result], *args: Any) -> Result:
    """Calls a client that only reads, in a thread."""
    return await asyncio.to_thread(read, *args)


async def change(write: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    """Calls a client that changes something, in a thread.

    Raises:
        OutcomeUnknown: no answer, so nobody knows whether it happened.
    """
    try:
        return await asyncio.to_thread(write, *args, **kwargs)
    except BackofficeUnavailable as error:
        raise OutcomeUnknown from error


def idempotency_key(tracker: Tracker, action: str) -> str:
    """Returns the key under which this message may do this thing once."""
    message_id = tracker.latest_message.get("message_id") or tracker.sender_id
    return f"{message_id}:{action}"


class TopicAction(Action, ABC):
    """Base of the actions that settle a topic."""

    # what the button "Try again" sends
    intent: ClassVar[str]
    # slots that never outlive the turn
    forgets: ClassVar[tuple[str, ...]] = ()
    # what the customer told for this request: kept only for another try
    answers: ClassVar[tuple[str, ...]] = ()
    # how the shop's refusals are said
    refusals: ClassVar[dict[type[Refused], str]] = {}
    # what is said to whom has not shown to be the customer
    unverified: ClassVar[str] = "utter_verification_missing"

    @abstractmethod
    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """Does the topic's part and says it.

        May let pass what the shop raises, `OutcomeUnknown` and `NotVerified`.
        """

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Settles the topic; keeps the answers if it is worth another try.

        A form that it has only interrupted goes on."""
        speak_to(tracker)
        response = await self._failure(dispatcher, tracker, domain)
        if response is not None:
            dispatcher.utter_message(
                response=response,
                retry=f"/{self.intent}",
                order_number=tracker.get_slot("order_number"),
            )
        kept = self.answers if response in WORTH_ANOTHER_TRY else ()
        gone = [name for name in self.answers if name not in kept]
        return [
            *(SlotSet(name, None) for name in ("blocked_by", *self.forgets, *gone)),
            # set anew, else the next form takes them for left over
            *(SlotSet(name, tracker.get_slot(name)) for name in kept),
            *resumed(tracker, domain),
        ]

    async def settle_in(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> None:
        """Settles; for those that need the domain too, see `actions.lines`."""
        await self.settle(dispatcher, tracker)

    async def _failure(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> str | None:
        """Settles, and returns what has to be said if that failed."""
        blocked_by = tracker.get_slot("blocked_by")
        if blocked_by == UNAVAILABLE:
            return "utter_backoffice_unavailable"
        if blocked_by == TOO_MANY_CODES:
            return "utter_verification_too_many_codes"
        try:
            await self.settle_in(dispatcher, tracker, domain)
        except OutcomeUnknown:
            return "utter_backoffice_uncertain"
        except BackofficeUnavailable:
            return "utter_backoffice_unavailable"
        except NotVerified:
            return self.unverified
        except Refused as refusal:
            return self._refusal(refusal, tracker)
        return None

    def _refusal(self, refusal: Refused, tracker: Tracker) -> str:
        response = self.refusals.get(type(refusal))
        if response is not None:
            return response
        if isinstance(refusal, OrderNotFound):
            return "utter_order_number_unknown"
        logger.error(
            "No words for %s in %s. sender_id=%s",
            refusal.code,
            self.name(),
            tracker.sender_id,
        )
        return "utter_backoffice_refused"


async def order_of(tracker: Tracker) -> Order:
    """Returns the order that the form asked for.

    Raises:
        OrderNotFound: no such order, or the form ended without a number.
        BackofficeUnavailable: the shop cannot be reached.
    """
    number = tracker.get_slot("order_number")
    if not number:
        raise OrderNotFound
    return await look_up(shop().orders.get, number)
