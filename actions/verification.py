"""Who the customer is: one-time codes, and how long a verification counts.

A verification counts for the orders of the customer who passed it. Forms ask for a
code only when it does not; actions that touch money or an account check it again.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import block, refuse
from actions.order_lookup import BY_MAIL, OrderLookupForm, is_by_mail
from actions.proof import is_verified, moment_in, now_utc
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

RESEND = "resend"
# Left in the slot once the code has done its work; the code itself is not kept.
USED = "used"
SIX_DIGITS = re.compile(r"(?<!\d)(\d{3})[\s-]?(\d{3})(?!\d)")


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


class CodeForm(OrderLookupForm, ABC):
    """Base of the forms about an order that may need a one-time code."""

    answers: ClassVar[tuple[str, ...]] = ("one_time_code",)
    # whether a code is asked for even if the number is known
    needs_code: ClassVar[bool] = False

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """Asks for a mail address and a code only of whom has no number."""
        if is_by_mail(tracker):
            others = [one for one in domain_slots if one not in BY_MAIL]
            return [*BY_MAIL, *others]
        left_out = set(BY_MAIL) if not self.needs_code else {"order_email"}
        return [slot for slot in domain_slots if slot not in left_out]

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
        about = code_about(tracker)
        if not is_current(tracker.get_slot("code_sent"), about, now_utc()):
            # left over, or a code for another order: the form will send one
            return {"one_time_code": None}
        if value == RESEND:
            return {"one_time_code": None, "code_sent": None}
        digits = SIX_DIGITS.search(str(value))
        if digits is None:
            return refuse(
                dispatcher, "one_time_code", "utter_verification_code_unclear"
            )
        return await self._verify(about, "".join(digits.groups()), dispatcher, tracker)

    async def _verify(
        self,
        about: Mapping[str, str | None],
        code: str,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
    ) -> dict[str, Any]:
        key = idempotency_key(tracker, self.name())
        try:
            verification = await look_up(_check_code, about, code, key)
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


class VerifiedForm(CodeForm, ABC):
    """Base of the forms that ask for a one-time code unless there is no need."""

    names_kept_order = True
    needs_code = True

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """Leaves the code out for a customer who is verified already."""
        slots = await super().required_slots(domain_slots, dispatcher, tracker, domain)
        customer_id = tracker.get_slot("order_customer_id")
        if not is_verified(tracker, customer_id, now_utc()):
            return slots
        return [slot for slot in slots if slot != "one_time_code"]


def code_about(tracker: Tracker) -> dict[str, str]:
    """Returns what a code proves: `{order_number}`, or without one `{email}`."""
    if is_by_mail(tracker):
        return {"email": tracker.get_slot("order_email")}
    return {"order_number": tracker.get_slot("order_number")}


def _check_code(about: Mapping[str, str], code: str, key: str) -> Verification:
    return shop().codes.verify(**about, code=code, key=key)


def _authentication(verification: Verification) -> dict[str, str]:
    return {
        "method": "one_time_code",
        "level": "verified",
        "at": verification.verified_at.isoformat(),
        "customer_id": verification.customer_id,
        "order_number": verification.order_number,
    }


def is_current(sent: Any, about: Mapping[str, Any], now: datetime) -> bool:
    """Whether a code that proves this is on its way and still works."""
    if not isinstance(sent, Mapping) or not about.items() <= sent.items():
        return False
    expires_at = moment_in(sent.get("expires_at"))
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
        about = code_about(tracker)
        sent = tracker.get_slot("code_sent")
        if is_current(sent, about, now_utc()):
            dispatcher.utter_message(
                response="utter_ask_one_time_code_again", sent_to=sent["sent_to"]
            )
            return [SlotSet("code_sent", sent)]
        return await self._send(about, dispatcher, tracker)

    async def _send(
        self,
        about: Mapping[str, str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
    ) -> list[EventType]:
        try:
            sent = await look_up(
                _send_code, about, idempotency_key(tracker, self.name())
            )
        except TooManyCodes:
            return end_form(TOO_MANY_CODES)
        except BackofficeUnavailable:
            return end_form(UNAVAILABLE)
        # not said to an address that may be anybody's: whether it is a customer's
        response = "utter_ask_one_time_code_mailed" if "email" in about else None
        dispatcher.utter_message(
            response=response or "utter_ask_one_time_code", sent_to=sent.sent_to
        )
        on_its_way = {
            **about,
            "sent_to": sent.sent_to,
            "expires_at": sent.expires_at.isoformat(),
        }
        return [SlotSet("code_sent", on_its_way)]


def _send_code(about: Mapping[str, str], key: str) -> SentCode:
    return shop().codes.send(**about, key=key)


def end_form(reason: str) -> list[EventType]:
    """Events by which an action that asks a question ends its form instead."""
    return [SlotSet("blocked_by", reason), SlotSet("requested_slot", None)]
