"""The calls about accounts; see `resources` for what all calls share."""

from __future__ import annotations

from actions.shop.results import (
    Account,
    AccountAddress,
    Closing,
    EmailChange,
    NewsletterChange,
    RegistrationHelp,
    SentLink,
)
from actions.shop.transport import Transport, path


class Accounts:
    """Each change may also raise `AccountBlocked` or `AccountClosing`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, customer_id: str) -> Account:
        """Raises: CustomerNotFound."""
        return self._transport.read(path("accounts", customer_id), Account.read)

    def create(self, name: str, email: str, *, key: str) -> SentLink:
        """Makes an account and mails the link that activates it.

        Raises: EmailTaken, TooManyMails.
        """
        return self._transport.write(
            path("accounts"),
            SentLink.read,
            key=key,
            body={"name": name, "email": email},
        )

    def rename(self, customer_id: str, name: str, *, key: str) -> Account:
        """Raises: CustomerNotFound."""
        return self._put(customer_id, "name", name, key)

    def change_phone(self, customer_id: str, phone: str, *, key: str) -> Account:
        """Takes a number as `+441174960123`.

        Raises: CustomerNotFound.
        """
        return self._put(customer_id, "phone", phone, key)

    def change_email(self, customer_id: str, email: str, *, key: str) -> EmailChange:
        """Mails both addresses; nothing changes until the new one is confirmed.

        Raises: CustomerNotFound, EmailTaken, TooManyMails.
        """
        return self._transport.write(
            path("accounts", customer_id, "email"),
            EmailChange.read,
            key=key,
            body={"email": email},
            method="PUT",
        )

    def close(self, customer_id: str, *, key: str) -> Closing:
        """Closes the account in two weeks; a link in a mail undoes it until then.

        Raises: CustomerNotFound, AccountHasOpenOrders.
        """
        return self._transport.write(
            path("accounts", customer_id, "close"), Closing.read, key=key
        )

    def put_address(
        self, customer_id: str, address: str, *, is_default: bool, key: str
    ) -> AccountAddress:
        """Adds an address, or makes it the usual one.

        Raises: CustomerNotFound, AddressInvalid.
        """
        return self._transport.write(
            path("accounts", customer_id, "addresses"),
            AccountAddress.read,
            key=key,
            body={"address": address, "is_default": is_default},
            method="PUT",
        )

    def help_registration(self, email: str, *, key: str) -> RegistrationHelp:
        """Mails how the registration stands; tells nobody else.

        Raises: TooManyMails.
        """
        return self._transport.write(
            path("registrations", "help"),
            RegistrationHelp.read,
            key=key,
            body={"email": email},
        )

    def change_newsletter(
        self,
        *,
        subscribed: bool,
        customer_id: str | None = None,
        email: str | None = None,
        key: str,
    ) -> NewsletterChange:
        """Subscribes (once a link is opened) or unsubscribes (at once).

        Give either a customer, for their own address, or an address that was typed.

        Raises: CustomerNotFound, TooManyMails.
        """
        return self._transport.write(
            path("newsletter"),
            NewsletterChange.read,
            key=key,
            body={
                "subscribed": subscribed,
                "customer_id": customer_id,
                "email": email,
            },
            method="PUT",
        )

    def _put(self, customer_id: str, field: str, value: str, key: str) -> Account:
        return self._transport.write(
            path("accounts", customer_id, field),
            Account.read,
            key=key,
            body={field: value},
            method="PUT",
        )
