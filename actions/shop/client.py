"""The shop as the actions see it: one object, one HTTP session."""

from __future__ import annotations

import os
from collections.abc import Mapping

from actions.shop.accounts import Accounts
from actions.shop.purchases import Billing, Products, Reviews
from actions.shop.resources import Codes, Customers, Orders, Refunds, Returns, Tickets
from actions.shop.settings import Settings
from actions.shop.transport import Transport


class Shop:
    """Make one for the process; it may be used from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._transport = Transport(settings.backoffice_url, settings.service_token)
        self.orders = Orders(self._transport)
        self.returns = Returns(self._transport)
        self.refunds = Refunds(self._transport)
        self.codes = Codes(self._transport)
        self.customers = Customers(self._transport)
        self.accounts = Accounts(self._transport)
        self.billing = Billing(self._transport)
        self.products = Products(self._transport)
        self.reviews = Reviews(self._transport)
        self.tickets = Tickets(self._transport)

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Shop:
        """Raises: SettingsInvalid, naming the variable."""
        return cls(Settings.from_env(os.environ if env is None else env))

    def close(self) -> None:
        self._transport.close()
