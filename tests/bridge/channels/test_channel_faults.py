"""Nothing is lost, doubled or reordered, whatever fails between platform and bridge."""

import pytest

from tests.bridge.channels.fault_platforms import PLATFORMS
from tests.bridge.channels.faults import Counts, Plan, running
from tests.bridge.conftest import free_port
from tests.bridge.support.bridges import Bridges


@pytest.mark.timeout(600)
@pytest.mark.parametrize("channel", PLATFORMS)
async def test_every_message_comes_once_and_in_its_order(
    channel: str, bridges: Bridges
) -> None:
    async with running(channel, bridges, Plan(), free_port()) as run:
        outcome = await run.play()
    print(f"\n{channel}: {outcome}")
    assert outcome.faults["killed"] == 1
    for way, counts in outcome.ways.items():
        assert (counts.lost, counts.reordered) == (0, 0), f"{way}: {outcome}"
        if run.platform.knows_repeats or way == "customers' messages":
            assert counts.doubled == 0, f"{way}: {outcome}"


def test_counts_tell_what_is_wrong() -> None:
    for came, wrong in (
        ([0, 1, 2], (0, 0, 0)),
        ([0, 2], (1, 0, 0)),
        ([0, 1, 1, 2], (0, 1, 0)),
        ([0, 2, 1], (0, 0, 1)),
        ([2, 0, 1, 0], (0, 1, 2)),
        ([], (3, 0, 0)),
    ):
        counts = Counts()
        counts.add(3, came)
        assert (counts.lost, counts.doubled, counts.reordered) == wrong
        assert counts.is_clean == (came == [0, 1, 2])
