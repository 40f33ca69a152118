"""A bridge beside a scripted assistant, for pages that need nothing of the others."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bridge.conftest import SERVICE_TOKEN, migrate_database, settings_for
from tests.bridge.support import House, ScriptedAssistant, hire, serving


@contextmanager
def lone_bridge(folder: Path, **more: object) -> Iterator[str]:
    """Its address, for the block; it runs in a thread, with `more` settings."""
    url = f"sqlite:///{folder}/bridge.db"
    loop = asyncio.new_event_loop()
    ready, done = threading.Event(), asyncio.Event()
    address: list[str] = []

    async def run() -> None:
        await hire(url)
        assistant = ScriptedAssistant(SERVICE_TOKEN)
        async with serving(assistant.app) as port:
            settings = settings_for(url, port, folder, **more)
            async with House.open(settings, assistant) as house:
                address.append(house.url)
                ready.set()
                await done.wait()

    def start() -> None:
        # Not in the browser's own thread, in which a loop runs already.
        migrate_database(url)
        loop.run_until_complete(run())

    thread = threading.Thread(target=start)
    thread.start()
    try:
        assert ready.wait(60)
        yield address[0]
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()
