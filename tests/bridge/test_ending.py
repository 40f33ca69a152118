"""Settings that contradict the lease, and readiness that turns before the end."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from handoff_bridge.edges.readiness import Disk, Readiness
from handoff_bridge.settings import Settings
from tests.bridge.conftest import settings_for


def settings(tmp_path: Path, **more: float) -> Settings:
    return settings_for("sqlite:///bridge.db", 1, tmp_path, **more)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("lease_secs", {"lease_secs": 30.0, "rasa_deadline_secs": 15.1}),
        ("lease_secs", {"rasa_deadline_secs": 40.0}),
        ("agent_return_secs", {"agent_return_secs": 5.0, "agent_grace_secs": 6.0}),
    ],
)
def test_settings_that_contradict_each_other_stop_the_start(
    tmp_path: Path, name: str, values: dict[str, float]
) -> None:
    with pytest.raises(ValidationError) as refused:
        settings(tmp_path, **values)
    [error] = refused.value.errors()
    assert error["loc"] == (name,)


def test_several_signs_of_life_fit_into_a_lease(tmp_path: Path) -> None:
    for lease in (1.0, 30.0, 600.0):
        found = settings(tmp_path, lease_secs=lease, rasa_deadline_secs=0.5)
        assert found.beat_secs <= lease / 6
        # The lease, a beat to notice, a beat to act: within ten seconds beyond it.
        assert 2 * found.beat_secs <= 10


class Up:
    """Anybody who answers."""

    async def alive(self) -> bool:
        return True

    is_up = alive


async def test_bridge_that_is_to_end_is_not_ready(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    up, disk = Up(), Disk(frozenset({tmp_path}), 0)
    actions = "http://127.0.0.1:9"
    readiness = Readiness(up, up, up, actions, None, disk)  # type: ignore[arg-type]
    monkeypatch.setattr(readiness, "_actions_up", up.alive)
    assert (await readiness.check()).ok
    readiness.is_stopping = True
    found = await readiness.check()
    assert (found.ok, found.stopping, found.degraded) == (False, True, [])
    await readiness.close()
