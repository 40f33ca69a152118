import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
for folder in (str(ROOT), str(Path(__file__).parent)):
    if folder not in sys.path:
        sys.path.insert(0, folder)

from fake_actions import FakeActions  # noqa: E402
from fake_bridge import FakeBridge  # noqa: E402
from rasa_process import RasaProcess, new_id, running_rasa, train  # noqa: E402


@pytest.fixture(scope="session")
def actions() -> Iterator[FakeActions]:
    server = FakeActions()
    yield server
    server.close()


@pytest.fixture(scope="session")
def bridge() -> Iterator[FakeBridge]:
    server = FakeBridge()
    yield server
    server.close()


@pytest.fixture(scope="session")
def rasa(
    tmp_path_factory: pytest.TempPathFactory, actions: FakeActions, bridge: FakeBridge
) -> Iterator[RasaProcess]:
    folder = tmp_path_factory.mktemp("rasa")
    model = train(folder)
    with running_rasa(model, folder, actions.port, bridge.url) as process:
        yield process


@pytest.fixture
def sender() -> str:
    """A conversation of the test's own."""
    return new_id()
