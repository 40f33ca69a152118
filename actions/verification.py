"""Who the customer is: one-time codes, and how long a verification counts.

A verification counts for the orders of the customer who passed it. Forms ask for a
code only when it does not; actions that touch money or an account check it again.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import TopicForm, block, refuse
from actions.shop import (
    BackofficeUnavailable,
    CodeExpired,
    CodeWrong,
    Order,
    SentCode,
    TooManyAttempts,
    TooManyCodes,
    Verification,
)
from actions.topic import (
    TOO_MANY_CODES,
    UNAVAILABLE,
    NotVerified,
    Speech,
    TopicAction,
    idempotency_key,
    look_up,
    order_of,
    shop,
)

FRESH_FOR = timedelta(minutes=30)
RESEND = "resend"
# Left in the slot once the code has done its work; the code itself is not kept.
USED = "used"
SIX_DIGITS = re.compile(r"(?<!\d)(\d{3})[\s-]?(\d{3})(?!\d)")


def now_utc() -> datetime:
    """Returns the present moment."""
    return datetime.now(timezone.utc)


def fresh_customer(authentication: Any, now: datetime) -> str | None:
    """Returns whom a verification is about, or None when there is none or it is old."""
    if not isinstance(authentication, Mapping):
        return None
    if authentication.get("level") != "verified":
        return None
    at = _moment(authentication.get("at"))
    if at is None or not now - FRESH_FOR <= at <= now + timedelta(minutes=1):
        return None
    return authentication.get("customer_id")


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def is_verified(tracker: Tracker, customer_id: str | None, now: datetime) -> bool:
    """Whether the customer in the chat has shown to be this customer."""
    customer = fresh_customer(tracker.get_slot("authentication"), now)
    return customer is not None and customer == customer_id


def check_verified(tracker: Tracker, order: Order) -> None:
    """Lets only the order's own customer pass.

    Raises:
        NotVerified: not verified, too long ago, or for somebody else.
    """
    if not is_verified(tracker, order.customer_id, now_utc()):
        raise NotVerified


class OrderAction(TopicAction):
    """Base of the actions that change an order for its own, verified customer."""

    @abstractmethod
    def reason_against(self, order: Order) -> str | None:
        """Returns the response that says why it cannot be done, None if it can."""

    @abstractmethod
    async def act(self, order: Order, tracker: Tracker) -> Speech:
        """Does it, and returns what is said of it."""

    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """Says why not, or does it for a verified customer."""
        order = await order_of(tracker)
        response = self.reason_against(order)
        values: dict[str, Any] = {}
        if response is None:
            check_verified(tracker, order)
            response, values = await self.act(order, tracker)
        dispatcher.utter_message(
            response=response, **{"order_number": order.number, **values}
        )


class VerifiedForm(TopicForm, ABC):
    """Base of the forms that ask for a one-time code unless there is no need."""

    answers: ClassVar[tuple[str, ...]] = ("one_time_code",)

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """Leaves the code out for a customer who is verified already."""
        customer_id = tracker.get_slot("order_customer_id")
        if not is_verified(tracker, customer_id, now_utc()):
            return domain_slots
        return [slot for slot in domain_slots if slot != "one_time_code"]

    def order_accepted(self, order: Order, tracker: Tracker) -> dict[str, Any]:
        """Asks for a code again if the new order is another customer's."""
        accepted = super().order_accepted(order, tracker)
        if tracker.get_slot("one_time_code") == USED and not is_verified(
            tracker, order.customer_id, now_utc()
        ):
            accepted["one_time_code"] = None
        return accepted

    async def validate_one_time_code(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Checks the code with the shop."""
        number = tracker.get_slot("order_number")
        if not is_current(tracker.get_slot("code_sent"), number, now_utc()):
            # left over, or a code for another order: the form will send one
            return {"one_time_code": None}
        if value == RESEND:
            return {"one_time_code": None, "code_sent": None}
        digits = SIX_DIGITS.search(str(value))
        if digits is None:
            return refuse(
                dispatcher, "one_time_code", "utter_verification_code_unclear"
            )
        return await self._verify(number, "".join(digits.groups()), dispatcher, tracker)

    async def _verify(
        self,
        number: str,
        code: str,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
    ) -> dict[str, Any]:
        key = idempotency_key(tracker, self.name())
        try:
            verification = await look_up(_check_code, number, code, key)
        except CodeWrong:
            return refuse(dispatcher, "one_time_code", "utter_verification_wrong_code")
        except CodeExpired:
            return {
                **refuse(dispatcher, "one_time_code", "utter_verification_expired"),
                "code_sent": None,
            }
        except TooManyAttempts:
            return {
                **refuse(
                    dispatcher,
                    "one_time_code",
                    "utter_verification_too_many_attempts",
                ),
                "code_sent": None,
            }
        except BackofficeUnavailable:
            return {"one_time_code": None, **block(UNAVAILABLE)}
        return {
            "one_time_code": USED,
            "code_sent": None,
            "authentication": _authentication(verification),
        }


def _check_code(number: str, code: str, key: str) -> Verification:
    return shop().codes.verify(number, code, key=key)


def _authentication(verification: Verification) -> dict[str, str]:
    return {
        "method": "one_time_code",
        "level": "verified",
        "at": verification.verified_at.isoformat(),
        "customer_id": verification.customer_id,
        "order_number": verification.order_number,
    }


def is_current(sent: Any, number: str | None, now: datetime) -> bool:
    """Whether a code for this order is on its way and still works."""
    if not isinstance(sent, Mapping) or sent.get("order_number") != number:
        return False
    expires_at = _moment(sent.get("expires_at"))
    return expires_at is not None and now < expires_at


class ActionAskOneTimeCode(Action):
    """Sends a code and says where it went; does not send again while one is good."""

    def name(self) -> str:
        return "action_ask_one_time_code"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        number = tracker.get_slot("order_number")
        sent = tracker.get_slot("code_sent")
        if is_current(sent, number, now_utc()):
            dispatcher.utter_message(
                response="utter_ask_one_time_code_again", sent_to=sent["sent_to"]
            )
            return [SlotSet("code_sent", sent)]
        return await self._send(number, dispatcher, tracker)

    async def _send(
        self, number: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        try:
            sent = await look_up(
                _send_code, number, idempotency_key(tracker, self.name())
            )
        except TooManyCodes:
            return end_form(TOO_MANY_CODES)
        except BackofficeUnavailable:
            return end_form(UNAVAILABLE)
        dispatcher.utter_message(
            response="utter_ask_one_time_code", sent_to=sent.sent_to
        )
        return [SlotSet("code_sent", _code_sent(number, sent))]


def _send_code(number: str, key: str) -> SentCode:
    return shop().codes.send(number, key=key)


def _code_sent(number: str, sent: SentCode) -> dict[str, str]:
    return {
        "order_number": number,
        "sent_to": sent.sent_to,
        "expires_at": sent.expires_at.isoformat(),
    }


def end_form(reason: str) -> list[EventType]:
    """Events by which an action that asks a question ends its form instead."""
    return [SlotSet("blocked_by", reason), SlotSet("requested_slot", None)]
