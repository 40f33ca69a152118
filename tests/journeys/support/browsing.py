"""A real browser: the machine's own Chromium, driven by Playwright."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
LAN_HOST = "tandem.lan"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A machine of the local network, which browsers do not take for this one.
    f"--host-resolver-rules=MAP {LAN_HOST} 127.0.0.1",
]
# A turn of the assistant may take ten seconds before a human takes over.
PATIENCE_MS = 20_000

MakeContext = Callable[..., BrowserContext]


def find_chromium() -> str | None:
    """The browser's program, if the machine has one."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


@contextmanager
def chromium(program: str) -> Iterator[Browser]:
    """The browser, for the block."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, headless=True, args=FLAGS
        )
        yield browser
        browser.close()


def screenshots(name: str, browser: Browser) -> Iterator[Path]:
    """Takes one of every open page and says where they are."""
    folder = Path(tempfile.mkdtemp(prefix="tandem-journey-"))
    pages = [page for context in browser.contexts for page in context.pages]
    for number, page in enumerate(pages):
        path = folder / f"{re.sub(r'\W+', '-', name)}-{number}.png"
        page.screenshot(path=path)
        yield path
