"""docs/channels.md says what each channel can do."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from handoff_bridge.channels import load_channels
from handoff_bridge.service.messaging.channel import Channel, Limits
from handoff_bridge.store import channel_counts, channel_inbox, channel_outbox
from tests.bridge.channels.fault_platforms import PLATFORMS
from tests.bridge.conftest import settings_for

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "channels.md").read_text(encoding="utf-8")
FIRST_LINE = r"^\| \[`(\w+)`\]\(channels/(\w+)\.md\)"


@pytest.fixture
async def channels(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> dict[str, Channel]:
    """Every channel that there is, set up."""
    for kind in PLATFORMS.values():
        async with kind.fake_class.running() as fake:
            for name, value in kind(fake, "http://127.0.0.1").environment().items():
                monkeypatch.setenv(name, value)
    local = {"webhook_allow_http": True, "webhook_private_networks": "127.0.0.0/8"}
    return load_channels(settings_for("", 1, tmp_path, **local))


def cells(limits: Limits) -> list[str]:
    """What the table says of it."""
    buttons = f"{limits.buttons}, of {limits.button_title}" if limits.buttons else ""
    files = f"yes, with {limits.caption:,}" if limits.caption else "yes"
    return [
        f"{limits.text:,}",
        buttons,
        files if limits.sends_files else "as links",
        "yes" if limits.has_typing else "",
        ", ".join(limits.reports),
        _window(limits),
    ]


def _window(limits: Limits) -> str:
    if limits.window is None:
        return "at any time"
    hours = f"{limits.window // timedelta(hours=1)} hours"
    return f"{hours}, then with templates" if limits.has_templates else hours


async def test_every_channel_has_its_row_and_page(
    channels: dict[str, Channel],
) -> None:
    table = {
        line[1]: [cell.strip() for cell in line.string.split("|")[2:-1]]
        for text in PAGE.splitlines()
        if (line := re.match(FIRST_LINE, text))
    }
    assert table == {name: cells(one.limits) for name, one in channels.items()}
    for name in re.findall(r"\]\(channels/(\w+\.md)\)", PAGE):
        assert (DOCS / "channels" / name).is_file(), name


async def test_every_channel_can_be_made_to_fail(channels: dict[str, Channel]) -> None:
    assert set(channels) == set(PLATFORMS)


def test_times_are_the_codes() -> None:
    for said, kept in (
        ("its id, and when it came | 30 days", channel_inbox.KEPT),
        ("what is to be sent | 7 days", channel_outbox.CONTENT_KEPT),
        ("what became of it | a year", channel_outbox.KEPT),
        ("by day | 400 days", channel_counts.KEPT),
    ):
        days = {"a year": 365}.get(said.split("| ")[1]) or int(
            re.findall(r"\d+", said)[-1]
        )
        assert said in PAGE
        assert kept == timedelta(days=days)
    assert f"{channel_inbox.GAP_SECS} seconds at most" in PAGE
