"""`make bench`: how it judges, what it writes, and that it leaves nothing behind."""

import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from benchmarks import report
from benchmarks.speed import servers
from benchmarks.speed.bench import (
    CONNECTOR,
    REST,
    STOCK,
    Figures,
    judge,
    slowest_window,
)
from handoff_bridge.launch import LaunchError
from handoff_bridge.launch.processes import Spec

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)


def figures(factor: float = 3.0, slow_ms: float = 10.0, memory: float = 400) -> Figures:
    """Three rounds, the second on a machine of half the speed."""
    speed = [1.0, 0.5, 1.0]
    long = [[4.0] * 50 + [slow_ms] * 10 + [4.0] * 40] * 3
    return Figures(
        per_second={
            STOCK: [40 * s for s in speed],
            REST: [40 * factor * s for s in speed],
            CONNECTOR: [40 * factor * s for s in speed],
        },
        busy_ms={STOCK: [20.0] * 3, REST: [8.0] * 3, CONNECTOR: [5.0] * 3},
        fresh_ms={STOCK: [16.0] * 3, REST: [5.0] * 3, CONNECTOR: [4.0] * 3},
        long_ms={STOCK: long, REST: long, CONNECTOR: long},
        memory_mb={"baseline": 1000, "ours": memory},
        ready_secs={"baseline": 30, "ours": 6},
    )


def verdicts(measured: Figures) -> list[str]:
    return [row.verdict for row in judge(measured) if row.target]


def test_reached_and_missed_figures_are_told_apart() -> None:
    assert verdicts(figures()) == [report.REACHED] * 4
    assert verdicts(figures(factor=2.4))[:2] == [report.MISSED] * 2
    assert verdicts(figures(slow_ms=16.4))[2] == report.MISSED
    assert verdicts(figures(memory=660))[3] == report.MISSED


def test_ratios_are_those_of_each_round() -> None:
    """A slow round slows both, so that it counts like any other."""
    rows = {row.what: row.figure for row in judge(figures())}
    what = f"messages/s, 16 clients, fresh conversations: {REST}"
    assert rows[what] == "120/s, 3.0 x rasa init"
    assert rows[f"processor time a message, the same: {REST}"] == "8.0 ms, 1 / 2.5"


def test_long_conversation_is_judged_by_its_slowest_stretch() -> None:
    assert slowest_window([1.0] * 50 + [9.0] * 10 + [1.0] * 40) == 9.0
    assert slowest_window([1.0] * 50 + [900.0] + [1.0] * 49) == 1.0  # one hiccup
    assert slowest_window([3.0, 4.0, 5.0]) == 4.0


def test_report_replaces_its_own_section_only(tmp_path: Path) -> None:
    path = tmp_path / "results.md"
    report.write("Other", [report.Row("theirs", "1 | 2")], path=path, now=NOW)
    report.write("Speed", [report.Row("old", "1")], path=path, now=NOW)
    report.write("Last", [report.Row("last", "1")], path=path, now=NOW)
    report.write(
        "Speed", [report.Row("new", "3 x", ">= 2 x", "reached")], "Why.", path, NOW
    )
    text = path.read_text()

    assert "old" not in text
    assert "| new | 3 x | >= 2 x | reached |" in text
    assert r"| theirs | 1 \| 2 |  |  |" in text
    assert "Measured 2026-11-22 03:30 UTC. Why." in text
    assert text.index("## Other") < text.index("## Speed") < text.index("## Last")
    assert text.count("# Measured\n") == 1


PYTHON = f"{sys.executable} -m stand_in"
SERVER = """
    import http.server, sys
    port = int(sys.argv[sys.argv.index("--port") + 1])
    http.server.HTTPServer(("127.0.0.1", port), http.server.SimpleHTTPRequestHandler
    ).serve_forever()
"""


def test_interrupted_bench_leaves_no_server(tmp_path: Path) -> None:
    (tmp_path / "stand_in.py").write_text(textwrap.dedent(SERVER))
    spec = Spec(
        PYTHON + " --port {RASA_PORT}", "http://127.0.0.1:{RASA_PORT}", tmp_path
    )
    pid = 0
    with pytest.raises(KeyboardInterrupt):
        with servers._running("ours", spec, tmp_path) as server:
            pid = server.process.pid
            assert server.memory_mb() > 1
            assert server.processor_secs() > 0
            raise KeyboardInterrupt
    assert pid and not psutil.pid_exists(pid)


def test_server_that_does_not_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "stand_in.py").write_text("raise SystemExit('no model here')")
    spec = Spec(PYTHON, "http://127.0.0.1:{RASA_PORT}", tmp_path)
    with (
        pytest.raises(LaunchError, match="no model here"),
        servers._running("ours", spec, tmp_path),
    ):
        pytest.fail("it started")
