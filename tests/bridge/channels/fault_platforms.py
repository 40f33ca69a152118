"""Platforms as `faults` drives them: a few lines for each, on its own fake."""

import json
from abc import ABC, abstractmethod
from typing import Any, ClassVar
from urllib.parse import urlsplit

import httpx

from tests.bridge.channels import fake_app, fake_telegram, fake_twilio
from tests.bridge.channels.fake_app import FakeApp, signed
from tests.bridge.channels.fake_platform import FakePlatform
from tests.bridge.channels.fake_telegram import FakeTelegram
from tests.bridge.channels.fake_twilio import FakeTwilio


class FaultPlatform[F: FakePlatform](ABC):
    """`counts` is whether events carry numbers, so that they may overtake each other.

    `batches` is whether a request may hold several of them, and `knows_repeats` whether
    a message whose answer was lost reaches nobody twice.
    """

    channel: ClassVar[str]
    fake_class: type[F]
    counts = False
    batches = False
    knows_repeats = True

    def __init__(self, fake: F, public: str) -> None:
        """`public` is the bridges' address as the platform knows it."""
        self.fake = fake
        self.public = public

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The settings of the channel."""

    @abstractmethod
    def customer(self, number: int) -> str:
        """A new customer: their address."""

    @abstractmethod
    def message(self, address: str, text: str) -> Any:
        """An event with an id of its own, the next of this customer's."""

    @abstractmethod
    async def give(self, bridge: str, *events: Any) -> httpx.Response:
        """One request to the bridge at this address. Raises httpx.HTTPError."""

    def texts(self, address: str) -> list[str]:
        """What a customer was sent, in the order in which the platform took it."""
        return self.fake.texts(address)


class AppFaults(FaultPlatform[FakeApp]):
    channel = "app"
    fake_class = FakeApp
    counts = True
    batches = True

    def environment(self) -> dict[str, str]:
        return fake_app.environment(self.fake.address)

    def customer(self, number: int) -> str:
        return f"customer-{number}"

    def message(self, address: str, text: str) -> Any:
        return self.fake.event(address, text=text)

    async def give(self, bridge: str, *events: Any) -> httpx.Response:
        body = json.dumps({"events": events}).encode()
        url = f"{bridge}/channels/app/events"
        return await self.fake.post(url, content=body, headers=signed(body))


class TelegramFaults(FaultPlatform[FakeTelegram]):
    """It knows no ids of ours, and nobody can ask it what it has sent."""

    channel = "telegram"
    fake_class = FakeTelegram
    knows_repeats = False
    secret = "a-secret-of-the-faults"

    def environment(self) -> dict[str, str]:
        self.fake.webhook.secret = self.secret
        return {
            "TELEGRAM_API": self.fake.url,
            "TELEGRAM_TOKEN": fake_telegram.TOKEN,
            "TELEGRAM_SECRET": self.secret,
        }

    def customer(self, number: int) -> str:
        return self.fake.person(f"Jo {number}").address

    def message(self, address: str, text: str) -> Any:
        return self.fake.people[int(address)].update(text=text)

    async def give(self, bridge: str, *events: Any) -> httpx.Response:
        [update] = events
        self.fake.webhook.url = f"{bridge}/channels/telegram/webhook"
        return await self.fake.push_once(update)


class TwilioFaults(FaultPlatform[FakeTwilio]):
    fake_class = FakeTwilio

    def environment(self) -> dict[str, str]:
        return {
            "TWILIO_API": self.fake.url,
            "TWILIO_CONTENT_API": self.fake.url,
            "TWILIO_ACCOUNT_SID": fake_twilio.ACCOUNT,
            "TWILIO_AUTH_TOKEN": fake_twilio.TOKEN,
            "TWILIO_WHATSAPP_FROM": fake_twilio.WHATSAPP,
            "TWILIO_SMS_FROM": fake_twilio.SMS,
        }

    def customer(self, number: int) -> str:
        return f"+1505555{number:04}"

    def message(self, address: str, text: str) -> Any:
        return self.fake.incoming(self.channel, address, text)

    def texts(self, address: str) -> list[str]:
        # A customer sees a message once its first report has gone out.
        return [one.body for one in self.fake.messages if one.address == address]

    async def give(self, bridge: str, *events: Any) -> httpx.Response:
        [form] = events
        path = f"/channels/{self.channel}/incoming"
        headers = self.fake.headers(f"{self.public}{path}", form)
        host = {"Host": urlsplit(self.public).netloc}
        return await self.fake.post(
            f"{bridge}{path}", data=form, headers={**headers, **host}
        )


class WhatsAppFaults(TwilioFaults):
    channel = "whatsapp"


class SmsFaults(TwilioFaults):
    channel = "sms"


PLATFORMS: dict[str, type[FaultPlatform[Any]]] = {
    one.channel: one for one in (AppFaults, TelegramFaults, WhatsAppFaults, SmsFaults)
}
