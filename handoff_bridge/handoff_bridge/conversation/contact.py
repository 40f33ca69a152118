"""How a customer wants to hear who does not stay: by mail or by a call."""

from typing import Annotated, Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import Field

from handoff_bridge.errors import InvalidEmail, InvalidPhone
from handoff_bridge.models import Sent

type Want = Annotated[
    Literal["mail", "callback"], Field(description="How the customer wants to hear.")
]
HIDDEN = "•••"


class Contact(Sent):
    """What the customer left; shortened to a hint for whoever need not have it."""

    want: Want
    email: str | None = None
    phone: str | None = None
    masked: Literal[True] | None = Field(
        None, description="Whether only a hint of the address is given."
    )

    def hidden(self) -> "Contact":
        """As colleagues see it who do not have the chat."""
        return Contact(
            want=self.want,
            email=self.email and _hidden_email(self.email),
            phone=self.phone and HIDDEN + self.phone[-2:],
            masked=True,
        )


def _hidden_email(email: str) -> str:
    name, _, domain = email.rpartition("@")
    return f"{name[0]}{HIDDEN}@{domain}"


def read_email(text: str) -> str:
    """The address as every mail server takes it; raises InvalidEmail."""
    try:
        found = validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=False
        )
    except EmailNotValidError:
        raise InvalidEmail from None
    assert found.ascii_email is not None  # else it had been refused
    return found.ascii_email


def read_phone(text: str, locale: str | None) -> str:
    """The number as E.164 writes it; raises InvalidPhone.

    Without a country code it is one of the region of `locale`, such as "de-AT".
    """
    region = (locale or "").replace("_", "-").rpartition("-")[2].upper()
    known = region if region in phonenumbers.SUPPORTED_REGIONS else None
    try:
        number = phonenumbers.parse(text, known)
    except phonenumbers.NumberParseException:
        raise InvalidPhone from None
    if not phonenumbers.is_valid_number(number):
        raise InvalidPhone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
