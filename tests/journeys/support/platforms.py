"""A bridge whose customers write by WhatsApp and SMS, beside a fake of Twilio's."""

import asyncio
import os
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.ports import free_ports
from handoff_bridge.app import Bridge
from handoff_bridge.store import conversations
from tests.bridge.channels.fake_twilio import ACCOUNT, SMS, TOKEN, WHATSAPP, FakeTwilio
from tests.bridge.conftest import SERVICE_TOKEN, migrate_database, settings_for
from tests.bridge.support import House, ScriptedAssistant, hire, serving

WITHIN_SECS = 30


class Platforms:
    """What a test, in its own thread, has customers and platforms do."""

    def __init__(self) -> None:
        self.url = ""
        self.fake: FakeTwilio
        self.bridge: Bridge
        self.loop = asyncio.new_event_loop()

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Has it done where the bridge runs, and waits for it."""
        done = asyncio.run_coroutine_threadsafe(work, self.loop)
        return done.result(WITHIN_SECS)

    def says(self, channel: str, address: str, text: str, name: str = "Ada") -> None:
        """A customer writes."""
        response = self.run(self.fake.says(channel, address, text, name=name))
        assert response.is_success, response.text

    def sees(self, address: str, text: str) -> None:
        """A customer has it on their phone."""
        self.run(self.fake.sees(address, text))

    def reads(self, address: str) -> None:
        """A customer has opened what was sent last."""
        newest = self.fake.newest(address)
        assert self.run(self.fake.report(newest, "read")).is_success

    def heard(self, channel: str, address: str, ago: timedelta) -> None:
        """As if the customer had written last so long ago."""
        self.run(self._heard(channel, address, ago))
        if ago > timedelta(hours=24):
            self.fake.open_windows.discard(address)

    async def _heard(self, channel: str, address: str, ago: timedelta) -> None:
        held = self.bridge.held
        new = conversations.Conversation("none", channel, address, held.clock())
        async with held.database.write() as tx:
            conversation_id = await conversations.at_address(tx, new)
        async with held.transaction(conversation_id) as unit:
            unit.conversation.heard_at = unit.now - ago


@contextmanager
def platforms(folder: Path, **more: object) -> Iterator[Platforms]:
    """It runs in a thread for the block, with `more` settings."""
    found = Platforms()
    ready, done = threading.Event(), asyncio.Event()
    port = next(free_ports())
    url = f"sqlite:///{folder}/bridge.db"
    public = f"http://127.0.0.1:{port}"

    async def run() -> None:
        await hire(url)
        assistant = ScriptedAssistant(SERVICE_TOKEN)
        async with FakeTwilio.running() as fake, serving(assistant.app) as brain:
            environment = {
                "TWILIO_ACCOUNT_SID": ACCOUNT,
                "TWILIO_AUTH_TOKEN": TOKEN,
                "TWILIO_WHATSAPP_FROM": WHATSAPP,
                "TWILIO_SMS_FROM": SMS,
                "TWILIO_API": fake.url,
                "TWILIO_CONTENT_API": fake.url,
            }
            settings = settings_for(
                url, brain, folder, bridge_port=port, public_url=public, **more
            )
            with patch.dict(os.environ, environment):
                async with House.open(settings, assistant) as house:
                    assert house.bridge is not None
                    for name in ("whatsapp", "sms"):
                        fake.webhooks[name] = f"{public}/channels/{name}/message"
                    found.url, found.fake, found.bridge = house.url, fake, house.bridge
                    ready.set()
                    await done.wait()

    def start() -> None:
        migrate_database(url)
        found.loop.run_until_complete(run())

    thread = threading.Thread(target=start)
    thread.start()
    try:
        assert ready.wait(60)
        yield found
    finally:
        found.loop.call_soon_threadsafe(done.set)
        thread.join()
        found.loop.close()
