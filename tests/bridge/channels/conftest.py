"""What the tests of channels share."""

from pathlib import Path

import pytest

from tests.bridge.channels.town import OpenTown, town_of
from tests.bridge.support import ScriptedAssistant


@pytest.fixture
def open_town(
    assistant: ScriptedAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> OpenTown:
    """Opens a bridge with a channel."""
    return lambda channel, url: town_of(channel, url, assistant, tmp_path, monkeypatch)
