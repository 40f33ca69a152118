"""What the topics about an account share: whose it is, and what customers tell of it.

An account belongs to the customer whom the shop's own site vouches for, or to whom a
one-time code has come back. Only who is neither is asked for an order number.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import phonenumbers
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.addresses import is_address
from actions.confirmed_form import ConfirmedForm
from actions.forms import TopicForm, refuse
from actions.latest_message import (
    forget_extracted,
    intent_of,
    is_button,
    typed_text,
    value_when_asked,
    was_asked,
)
from actions.mail_addresses import email_in
from actions.proof import fresh_customer, now_utc
from actions.shop import (
    AccountBlocked,
    AccountClosing,
    BackofficeUnavailable,
    Refused,
    TooManyMails,
)
from actions.topic import REFUSED, UNAVAILABLE, NotVerified, Speech, TopicAction
from actions.verification import VerifiedForm, end_form

PROOF = ("order_number", "order_email", "one_time_code")
MAX_NAME = 80
MAX_NAME_WORDS = 5
# "my name is ...", "no wait, it's ...": what stands before the answer itself
LEAD = re.compile(
    r"^(?:(?:(?:no|nope|sorry|wait|oh|actually|please|non|nein|pardon|perdón)"
    r"(?:\s*[,:.!-]+\s*|\s+(?=wait|sorry|it|that|my|i ))|"
    r"(?:wait|i meant?|it['’]?s|it is|that['’]?s|(?:my |the )?(?:full |new )?"
    r"(?:name|address)(?:['’]s| is)|i am|i['’]?m|call me|me llamo|soy|mi nombre es|"
    r"ich heiße|ich bin|mein name ist|je m['’]appelle|je suis|mon nom est|c['’]est|"
    r"es ist)\b[\s,:.!-]*))+",
    re.IGNORECASE,
)
NAME_TOLD = re.compile(
    r"\b(?:name(?:'s| is)|call me|me llamo|mi nombre es|ich heiße|mein name ist|"
    r"je m'appelle|mon nom est)\b[\s,:-]*",
    re.IGNORECASE,
)
# what the bridge leaves of a password
PASSWORD_GONE = "[password removed]"
ABOUT_A_PASSWORD = re.compile(
    r"pass\s?wor[dt]|\bpwd\b|contraseña|mot de passe|kennwort", re.IGNORECASE
)


def account_of(tracker: Tracker) -> str | None:
    """Returns whose account the chat is about, None if that is not proved.

    Who passed a code for one order and then names somebody else's means that one.
    """
    authentication = tracker.get_slot("authentication")
    customer_id = fresh_customer(authentication, now_utc())
    if is_signed_in(authentication):
        return customer_id
    owner = tracker.get_slot("order_customer_id")
    return customer_id if owner in (None, customer_id) else None


def is_signed_in(authentication: Any) -> bool:
    """Whether the shop's own site says who the customer is."""
    signed = isinstance(authentication, Mapping)
    return signed and authentication.get("method") == "signed_identity"


def verified_account(tracker: Tracker) -> str:
    """Returns whose account the chat is about.

    Raises:
        NotVerified: it is not proved.
    """
    customer_id = account_of(tracker)
    if customer_id is None:
        raise NotVerified
    return customer_id


def phone_in(text: Any) -> str | None:
    """Returns a telephone number with its country code as +441174960123."""
    written = re.sub(r"(?<!\d)00(?=[1-9])", "+", str(text))
    possible = phonenumbers.Leniency.POSSIBLE  # new ranges are not in its tables yet
    for match in phonenumbers.PhoneNumberMatcher(written, None, leniency=possible):
        return phonenumbers.format_number(
            match.number, phonenumbers.PhoneNumberFormat.E164
        )
    return None


def name_in(text: Any) -> str | None:
    """Returns a person's name, None for what can be none."""
    name = LEAD.sub("", " ".join(str(text).split())).strip(" .,!")
    words = name.split()
    letters = sum(char.isalpha() for char in name)
    if not 1 <= len(words) <= MAX_NAME_WORDS or letters < 2 or len(name) > MAX_NAME:
        return None
    if ABOUT_A_PASSWORD.search(name):
        return None
    plain = all(char.isalpha() or char in " .'’-" for char in name)
    return name if plain else None


def told_name_in(text: str) -> str | None:
    """Returns the name behind "my name is", None if nothing like it was said."""
    told = NAME_TOLD.search(text)
    return name_in(text[told.end() :]) if told else None


def address_in(text: Any) -> str | None:
    """Returns a postal address on one line, None for what can be none."""
    lines = (" ".join(line.split()).strip(",") for line in str(text).splitlines())
    address = LEAD.sub("", ", ".join(line for line in lines if line))
    return address if is_address(address) else None


def gave_password(tracker: Tracker) -> bool:
    """Whether the latest message held a password."""
    return PASSWORD_GONE in typed_text(tracker)


class AccountForm(VerifiedForm, ABC):
    """Base of the forms about an account: proof is asked only where there is none."""

    is_about_order = False

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """Leaves order number and code out when it is clear whose account it is."""
        if account_of(tracker) is not None:
            return [slot for slot in domain_slots if slot not in PROOF]
        return await super().required_slots(domain_slots, dispatcher, tracker, domain)


class DetailsForm(ConfirmedForm, ABC):
    """Base of the forms in which customers tell something of themselves.

    What they tell is also taken from the request itself ("sign me up as jo@..."),
    and corrected at the last question ("no wait, it's jo@...").
    """

    # how each of these is found beside other words
    TOLD: ClassVar[dict[str, Callable[[str], str | None]]] = {
        "customer_name": told_name_in,
        "email": email_in,
        "phone": phone_in,
        "account_address": address_in,
    }
    # how each is read when it was asked for
    READ: ClassVar[dict[str, Callable[[Any], str | None]]] = {
        **TOLD,
        "customer_name": name_in,
    }

    def is_corrected(self, tracker: Tracker) -> bool:
        """Whether the order or one of the details is told anew."""
        return super().is_corrected(tracker) or any(
            self._is_new(slot, tracker) for slot in self.answers if slot in self.READ
        )

    def _is_new(self, slot: str, tracker: Tracker) -> bool:
        value, before = tracker.get_slot(slot), value_when_asked(tracker, slot)
        # as typed, if this slot is validated after the yes or no
        return before not in (value, self.READ[slot](value or ""))

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Does not take the digits of a phone number or postcode for an order."""
        kept = []
        if self._tells_detail(tracker):
            kept = forget_extracted(tracker, "order_number")
        return [*kept, *await super().run(dispatcher, tracker, domain)]

    def _tells_detail(self, tracker: Tracker) -> bool:
        asked = tracker.get_slot("requested_slot")
        wanted = self.answers if asked == "confirm" else (asked,)
        return any(
            self.READ[slot](typed_text(tracker))
            for slot in wanted
            if slot in self.READ and slot != "customer_name"
        )

    def heard(self, slot: str, tracker: Tracker) -> dict[str, Any]:
        """Returns a detail from a message that no question for it led to."""
        intent = intent_of(tracker)
        text = typed_text(tracker)
        if was_asked(tracker, slot) or is_button(text):
            return {}
        if intent != self.intent and not was_asked(tracker, "confirm"):
            return {}
        value = self.TOLD[slot](text)
        return {slot: value} if value else {}

    def taken(
        self, slot: str, value: Any, dispatcher: CollectingDispatcher, response: str
    ) -> dict[str, Any]:
        """Returns the detail in an answer, or says why there is none."""
        if is_button(value):
            return {slot: None}
        read = self.READ[slot](value)
        return {slot: read} if read else refuse(dispatcher, slot, response)


class NamedForm(DetailsForm, ABC):
    """Asks for a name."""

    def extract_customer_name(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears "my name is ..."."""
        if was_asked(tracker, "customer_name") and gave_password(tracker):
            return {"customer_name": PASSWORD_GONE}
        return self.heard("customer_name", tracker)

    def validate_customer_name(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts a name; never a password."""
        if ABOUT_A_PASSWORD.search(str(value)):
            return refuse(dispatcher, "customer_name", "utter_account_no_password")
        return self.taken(
            "customer_name", value, dispatcher, "utter_account_name_unclear"
        )


class MailedForm(TopicForm, ABC):
    """Asks for a mail address."""

    def extract_email(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears an address in the request itself, or in a correction."""
        text = typed_text(tracker)
        found = None if is_button(text) else email_in(text)
        if found is None and was_asked(tracker, "email") and gave_password(tracker):
            return {"email": PASSWORD_GONE}
        return {"email": found} if found else {}

    def _turned_to_another_topic(self, tracker: Tracker) -> bool:
        # "my password is ..." is an answer gone wrong, not a wish for a new password
        if gave_password(tracker):
            return False
        return super()._turned_to_another_topic(tracker)

    def validate_email(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts what can be a mail address."""
        if is_button(value):
            return {"email": None}
        email = email_in(value)
        if email is not None:
            return {"email": email}
        if ABOUT_A_PASSWORD.search(str(value)):
            return refuse(dispatcher, "email", "utter_account_no_password")
        return refuse(dispatcher, "email", "utter_account_email_unclear")


class AccountQuestion(Action, ABC):
    """Base of the questions for yes or no that show what is in the account."""

    @abstractmethod
    def name(self) -> str:
        """Returns `action_ask_<form>_confirm`."""

    @abstractmethod
    async def question(self, tracker: Tracker) -> Speech | None:
        """Returns what is asked; None where the topic's action has to say why not.

        May let pass what the shop raises and `NotVerified`.
        """

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Asks, or ends the form."""
        try:
            speech = await self.question(tracker)
        except BackofficeUnavailable:
            return end_form(UNAVAILABLE)
        except (Refused, NotVerified):
            return end_form(REFUSED)
        if speech is None:
            return end_form(REFUSED)
        response, values = speech
        dispatcher.utter_message(response=response, **values)
        return [SlotSet("blocked_by", None)]


ACCOUNT_REFUSALS: dict[type[Refused], str] = {
    AccountBlocked: "utter_account_blocked",
    AccountClosing: "utter_account_closing",
    TooManyMails: "utter_account_too_many_mails",
}


class AccountAction(TopicAction):
    """Base of the actions that change an account for its own, verified customer."""

    refusals = ACCOUNT_REFUSALS
    unverified = "utter_account_not_verified"

    @abstractmethod
    async def act(self, customer_id: str, tracker: Tracker) -> Speech:
        """Does it, and returns what is said of it."""

    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """Does it for a verified customer."""
        response, values = await self.act(verified_account(tracker), tracker)
        dispatcher.utter_message(response=response, **values)
