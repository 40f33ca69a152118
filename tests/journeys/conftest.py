"""All four processes, once, and a real browser; failures leave a screenshot."""

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from benchmarks.ports import free_ports
from tests.journeys.support import Desk, InboxPage, MakeContext, ShopPage, Tandem
from tests.journeys.support.browsing import (
    PATIENCE_MS,
    chromium,
    find_chromium,
    screenshots,
)
from tests.journeys.support.desk import close_all_chats
from tests.journeys.support.running import running
from tests.journeys.support.watching import SocketWatch


@pytest.fixture(scope="package")
def other_port() -> int:
    """Where a test may serve a page of another site that embeds the chat."""
    return next(free_ports())


@pytest.fixture(scope="package")
def tandem(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, other_port: int
) -> Iterator[Tandem]:
    """The running system that all journeys share; not started without a browser."""
    origin = f"http://127.0.0.1:{other_port}"
    with running(tmp_path_factory.mktemp("tandem"), ALLOWED_ORIGINS=origin) as started:
        yield started


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; without one journeys are skipped, in CI they fail."""
    program = find_chromium()
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium for the journeys: apt-get install chromium")
        pytest.skip("No Chromium found, so journeys in a browser cannot run.")
    with chromium(program) as started:
        yield started


@pytest.fixture
def new_context(browser: Browser) -> Iterator[MakeContext]:
    """Makes browsers of different people: nothing is shared between two of them."""
    contexts: list[BrowserContext] = []
    watch = SocketWatch()

    def make(**options: Any) -> BrowserContext:
        settings = {"reduced_motion": "reduce", "locale": "en-GB", **options}
        context = browser.new_context(**settings)
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", watch.follow)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    for mistake in watch.mistakes:
        raise mistake


@pytest.fixture
def desk(tandem: Tandem) -> Iterator[Desk]:
    """The API, as Dana the supervisor calls it. Afterwards no chat is left open."""
    yield Desk(tandem)
    close_all_chats(tandem)


@pytest.fixture
def shop(tandem: Tandem, desk: Desk, new_context: MakeContext) -> ShopPage:
    """A customer who has just opened the chat."""
    return ShopPage(new_context().new_page(), tandem.url("/")).open()


@pytest.fixture
def inbox(tandem: Tandem, desk: Desk, new_context: MakeContext) -> InboxPage:
    """Maria, logged in."""
    wide = {"width": 1400, "height": 900}
    page = new_context(viewport=wide).new_page()
    return InboxPage(page, tandem.url("/inbox")).open()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows what was on screen when a journey failed."""
    report = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if report.when == "call" and report.failed and browser is not None:
        taken = "\n".join(map(str, screenshots(item.name, browser)))
        report.sections.append(("Screenshots", taken))
    return report
