"""`make bench`: the assistant beside `rasa init`, the bridge beside what it serves.

Both run in one go on this machine and take turns, round by round, so that a machine
that slows down slows both. Figures are medians, ratios those of each round.
`--quick` goes through all of it in seconds and judges nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from handoff_bridge.launch import LaunchError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks import report
from benchmarks.speed import bridge as bridge_bench
from benchmarks.speed import page_weight
from benchmarks.speed.load import (
    BASELINE_SCRIPTS,
    OUR_SCRIPTS,
    Door,
    latencies,
    long_conversation,
    throughput,
)
from benchmarks.speed.servers import (
    baseline,
    baseline_is_trained,
    ours,
    train_baseline,
)

SECTION = "Speed and memory"
NOTE = (
    "Both assistants on one machine in one run, taking turns; medians. The baseline is "
    "what `rasa init` makes, stock Rasa, with its conversations in memory; ours stores "
    "each turn. How: `benchmarks/README.md`."
)
THROUGHPUT = 2.5
LONG = 4.0
MEMORY = 0.65
WINDOW = 10  # turns that a long conversation is judged by: the slowest in a row


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    conversations: int
    turns: int


FULL = Size(rounds=5, conversations=64, turns=100)
QUICK = Size(rounds=1, conversations=16, turns=45)


@dataclass
class Figures:
    """What was measured at each door, by its name; one value a round."""

    per_second: dict[str, list[float]] = field(default_factory=dict)
    busy_ms: dict[str, list[float]] = field(default_factory=dict)
    fresh_ms: dict[str, list[float]] = field(default_factory=dict)
    long_ms: dict[str, list[list[float]]] = field(default_factory=dict)
    memory_mb: dict[str, float] = field(default_factory=dict)
    ready_secs: dict[str, float] = field(default_factory=dict)


STOCK, REST, CONNECTOR = "rasa init, REST", "ours, REST", "ours, connector"


def main() -> int:
    """Measures, shows a table, writes results.md; 1 if it could not."""
    arguments = argparse.ArgumentParser(prog="bench", description=__doc__)
    arguments.add_argument("--quick", action="store_true")
    quick = arguments.parse_args().quick
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    console = Console(highlight=False)
    try:
        figures, bridges = measure(quick, console)
    except LaunchError as error:
        console.print(str(error), style="bold red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("Interrupted; nothing was written.")
        return 130
    rows, of_bridge = judge(figures), bridge_bench.judge(bridges)
    weights = page_weight.measure()
    for shown in (rows, of_bridge, weights):
        show(shown, console)
    if not quick:
        report.write(SECTION, rows, NOTE)
        report.write(bridge_bench.SECTION, of_bridge, bridge_bench.NOTE)
        report.write(page_weight.SECTION, weights, page_weight.NOTE)
        bridge_bench.draw(bridges)
        console.print(f"Written to {report.RESULTS.relative_to(Path.cwd())}")
    return 0


def measure(quick: bool, console: Console) -> tuple[Figures, bridge_bench.Figures]:
    """Starts both assistants, lets them take turns; then the bridge beside ours."""
    size = QUICK if quick else FULL
    if not baseline_is_trained():
        with console.status("Training what `rasa init` makes, this once (minutes)"):
            train_baseline()
    figures = Figures()
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        with console.status("Starting both assistants"):
            stock = stack.enter_context(baseline(work))
            own = stack.enter_context(ours(work))
        doors = [
            Door(STOCK, stock, BASELINE_SCRIPTS, may_be_silent=True),
            Door(REST, own, OUR_SCRIPTS),
            Door(CONNECTOR, own, OUR_SCRIPTS, through_connector=True),
        ]
        for assistant in (stock, own):
            figures.ready_secs[assistant.name] = assistant.ready_secs
        for door in doors:
            asyncio.run(throughput(door, len(door.scripts)))  # to warm up
        _rounds(figures, doors, size, console)
        for assistant in (stock, own):
            figures.memory_mb[assistant.name] = assistant.memory_mb()
        of_bridge = bridge_bench.QUICK if quick else bridge_bench.FULL
        with _progress(console, of_bridge.steps) as step:
            return figures, bridge_bench.measure(of_bridge, own, work, step)


def _rounds(
    figures: Figures, doors: Sequence[Door], size: Size, console: Console
) -> None:
    with _progress(console, size.rounds * len(doors) * 3) as step:
        for _ in range(size.rounds):
            for door in doors:
                step(f"16 customers: {door.name}")
                rate, busy = asyncio.run(throughput(door, size.conversations))
                figures.per_second.setdefault(door.name, []).append(rate)
                figures.busy_ms.setdefault(door.name, []).append(busy)
            for door in doors:
                step(f"one customer: {door.name}")
                taken = asyncio.run(latencies(door, 8))
                figures.fresh_ms.setdefault(door.name, []).append(_median(taken))
            for door in doors:
                step(f"{size.turns} turns: {door.name}")
                long = asyncio.run(long_conversation(door, size.turns))
                figures.long_ms.setdefault(door.name, []).append(long)


def judge(figures: Figures) -> list[report.Row]:
    """Returns the rows of the table."""
    rows = [
        _row(
            "messages/s, 16 clients, fresh conversations: rasa init, REST",
            f"{_median(figures.per_second[STOCK]):.0f}/s",
        )
    ]
    for name in (REST, CONNECTOR):
        ratio = _ratio(figures.per_second[name], figures.per_second[STOCK])
        figure = f"{_median(figures.per_second[name]):.0f}/s, {ratio:.1f} x rasa init"
        what = f"messages/s, 16 clients, fresh conversations: {name}"
        rows.append(_row(what, figure, f">= {THROUGHPUT} x", ratio >= THROUGHPUT))
    for name in (STOCK, REST, CONNECTOR):
        saved = _ratio(figures.busy_ms[STOCK], figures.busy_ms[name])
        figure = f"{_median(figures.busy_ms[name]):.1f} ms, 1 / {saved:.1f}"
        rows.append(_row(f"processor time a message, the same: {name}", figure))
    for name in (STOCK, REST, CONNECTOR):
        what = f"one turn in a fresh conversation, one client, p50: {name}"
        rows.append(_row(what, f"{_median(figures.fresh_ms[name]):.1f} ms"))
    fresh = figures.fresh_ms[CONNECTOR]
    slowest = [slowest_window(taken) for taken in figures.long_ms[CONNECTOR]]
    ratio = _ratio(slowest, fresh)
    figure = f"{_median(slowest):.1f} ms, {ratio:.1f} x a fresh one"
    what = f"slowest {WINDOW} turns of a long conversation, as the bridge drives it"
    rows.append(_row(what, figure, f"<= {LONG:.0f} x", ratio <= LONG))
    stock = [slowest_window(taken) for taken in figures.long_ms[STOCK]]
    ratio = _ratio(stock, figures.fresh_ms[STOCK])
    figure = f"{_median(stock):.1f} ms, {ratio:.1f} x a fresh one"
    rows.append(_row(f"the same: {STOCK}", figure))
    ratio = figures.memory_mb["ours"] / figures.memory_mb["baseline"]
    figure = (
        f"{figures.memory_mb['ours']:.0f} MB beside "
        f"{figures.memory_mb['baseline']:.0f} MB, {ratio:.2f} x"
    )
    rows.append(_row("assistant's memory", figure, f"<= {MEMORY} x", ratio <= MEMORY))
    ready = figures.ready_secs
    figure = f"{ready['ours']:.1f} s beside {ready['baseline']:.1f} s"
    rows.append(_row("from its start to its first answer", figure))
    return rows


def slowest_window(taken: Sequence[float]) -> float:
    """Returns the highest median of so many turns in a row."""
    starts = range(max(1, len(taken) - WINDOW + 1))
    return max(_median(taken[start : start + WINDOW]) for start in starts)


def show(rows: Sequence[report.Row], console: Console) -> None:
    """Prints the table."""
    table = Table()
    for column in report.COLUMNS:
        table.add_column(column)
    for row in rows:
        style = {report.REACHED: "green", report.MISSED: "bold red"}.get(row.verdict)
        table.add_row(row.what, row.figure, row.target, row.verdict, style=style)
    console.print(table)


def _row(
    what: str, figure: str, target: str = "", reached: bool | None = None
) -> report.Row:
    word = "" if reached is None else report.verdict(reached)
    return report.Row(what, figure, target, word)


def _median(values: Sequence[float]) -> float:
    return statistics.median(values)


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Returns the median of the rounds' own ratios."""
    return _median([a / b for a, b in zip(ours, theirs, strict=True)])


@contextmanager
def _progress(console: Console, steps: int) -> Iterator[Callable[[str], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=steps)
        done = -1

        def step(what: str) -> None:
            nonlocal done
            done += 1
            progress.update(task, completed=done, description=what)

        yield step
        progress.update(task, completed=steps)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
