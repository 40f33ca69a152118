"""`make estimates`: how true the told wait is on simulated days, into results.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean

from rich.console import Console
from rich.table import Table

from benchmarks import report
from benchmarks.estimates.day import Customer, Day, Shop
from benchmarks.report import Row, verdict

SECTION = "Wait estimates"
NOTE = (
    "Simulated days of 8 hours with two peaks and one agent's lunch, 15 % urgent, "
    "three chats at once, claimed by hand after {reaction:.0f} s on average; seeds "
    "{seeds}, each from an empty history. Error: mean of |expected - actual| over the "
    "mean wait, of those who found no slot free. How: `benchmarks/README.md`."
)
# Nothing was chosen on these; what was, was on seeds from 100 on.
SEEDS = (1, 2, 3, 4, 5)
SHOPS = {
    "4 agents": (Shop(agents=4), 0.40),
    "2 agents": (Shop(agents=2), 0.48),
    "4 agents, a quiet day": (Shop(agents=4, load=0.8), None),
}
COVERAGE = (0.75, 0.85)


def error(told: Sequence[Customer], of: Callable[[Customer], float | None]) -> float:
    """Mean error over the mean wait, of those who were told something."""
    pairs = [(said, one.waited) for one in told if (said := of(one)) is not None]
    return fmean(abs(said - waited) for said, waited in pairs) / fmean(
        waited for _, waited in pairs
    )


def expected(one: Customer) -> float | None:
    """What the bridge told."""
    return one.told.secs if one.told else None


def is_inside(one: Customer) -> bool:
    """Whether the wait ended in the range that was told."""
    assert one.told is not None
    return one.told.low <= one.waited <= one.told.high


def rows_of(name: str, shop: Shop, target: float | None) -> list[Row]:
    """What came of the days of one shop."""
    came = [one for seed in SEEDS for one in Day(shop, seed).run()]
    served = [one for one in came if one.claimed is not None and one.told]
    waited = [one for one in served if not one.found_free]
    reached = error(waited, expected)
    inside = fmean(map(is_inside, waited))
    width = fmean(one.told.high - one.told.low for one in waited if one.told)
    low, high = COVERAGE
    return [
        Row(
            f"{name}: mean wait of {len(waited)} who waited, {len(came)} having come",
            f"{fmean(one.waited for one in waited):.0f} s",
        ),
        Row(
            f"{name}: error",
            f"{reached:.2f}",
            f"{target:.2f}" if target else "",
            verdict(reached <= target) if target else "",
        ),
        Row(f"{name}: error of the median of 4 h x place", f"{_before(waited):.2f}"),
        Row(f"{name}: error, free slots too", f"{error(served, expected):.2f}"),
        Row(
            f"{name}: inside the range, {width:.0f} s wide",
            f"{inside:.2f}",
            f"{low:.2f} to {high:.2f}",
            verdict(low <= inside <= high),
        ),
        Row(
            f"{name}: inside the range, free slots too",
            f"{fmean(map(is_inside, served)):.2f}",
        ),
    ]


def _before(told: Sequence[Customer]) -> float:
    return error(told, lambda one: one.before)


def main() -> None:
    """Measures, prints and records."""
    rows = [
        row for name, (shop, most) in SHOPS.items() for row in rows_of(name, shop, most)
    ]
    table = Table(*report.COLUMNS, title=SECTION)
    for row in rows:
        table.add_row(row.what, row.figure, row.target, row.verdict)
    Console().print(table)
    note = NOTE.format(
        reaction=Shop(agents=1).reaction, seeds=", ".join(map(str, SEEDS))
    )
    report.write(SECTION, rows, note)


if __name__ == "__main__":
    main()
