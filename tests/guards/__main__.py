"""`make guards`: takes each guard away in a copy of the source, and lets tests notice.

Ends with 1 where no test fails without a guard, a removal no longer applies, or a test
fails with every guard in place.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.guards.removals import Guard, NoLongerApplies, load_guards

ROOT = Path(__file__).resolve().parents[2]
# What is made by `make setup` and is the same for every copy.
MADE = (".venv", "handoff_bridge/.venv", "handoff_bridge/web/dist")
# By folder of tests, how to run them.
RUNS = {
    "tests/bridge": [
        *("handoff_bridge/.venv/bin/python", "-m", "pytest"),
        *("-c", "handoff_bridge/pyproject.toml", "--rootdir=."),
    ],
    "tests/assistant": [".venv/bin/python", "-m", "pytest"],
}
LONGEST_RUN_SECS = 1800


@dataclass(frozen=True)
class Outcome:
    """What a run of tests came to: their names, as `file::test`."""

    passed: list[str]
    failed: list[str]
    # They did not come to fail: skipped, or what they need did not start.
    not_run: list[str]


def run_tests(root: Path, tests: Sequence[str], *, until_one_fails: bool) -> Outcome:
    """Runs them, each in its own environment."""
    found = Outcome([], [], [])
    for folder, command in RUNS.items():
        if not (own := [test for test in tests if test.startswith(folder)]):
            continue
        with tempfile.TemporaryDirectory() as reports:
            report = Path(reports, "report.xml")
            more = [f"--junitxml={report}", "-q", *(["-x"] if until_one_fails else [])]
            done = subprocess.run(
                [*command, *more, *own],
                cwd=root,
                # In CI a test whose server is missing fails, else it is skipped.
                env=os.environ | {"CI": "true"},
                capture_output=True,
                text=True,
                timeout=LONGEST_RUN_SECS,
            )
            if report.exists():
                _read(report, found)
            if done.returncode not in (0, 1):  # no test came to fail by itself
                said = (done.stderr.strip() or done.stdout.strip()).splitlines()
                found.not_run.append(said[-1] if said else command[0])
    return found


def _read(report: Path, found: Outcome) -> None:
    for case in ElementTree.parse(report).iter("testcase"):
        file = case.get("classname", "").rpartition(".")[2]
        name = f"{file}::{case.get('name')}"
        if case.find("failure") is not None:
            found.failed.append(name)
        elif case.find("error") is not None or case.find("skipped") is not None:
            found.not_run.append(name)
        else:
            found.passed.append(name)


def prove(guards: Sequence[Guard], root: Path, console: Console) -> int:
    """Takes each away in `root` and runs its tests; gives the exit status."""
    wanted = list(dict.fromkeys(test for guard in guards for test in guard.tests))
    console.print(f"{len(guards)} guards. First their tests, with all in place.")
    whole = run_tests(root, wanted, until_one_fails=False)
    if broken := whole.failed + whole.not_run:
        console.print("These prove nothing: with every guard in place they fail,")
        console.print("or are not run: " + escape(", ".join(broken)) + ".")
        return 1
    table = Table("guard", "without it")
    table.add_column("test that fails", overflow="fold")
    problems = []
    for guard in guards:
        try:
            with guard.removed(root):
                outcome = run_tests(root, guard.tests, until_one_fails=True)
        except NoLongerApplies as error:
            problems.append(str(error))
            notice = "the removal no longer applies"
        else:
            notice = ", ".join(outcome.failed) or "none"
            if not outcome.failed:
                problems.append(f"No test fails without the {guard.guard!r} guard.")
        console.print(f"{guard.guard}: {escape(notice)}")
        table.add_row(guard.guard, guard.without, escape(notice))
    console.print(table)
    for problem in problems:
        console.print(escape(problem))
    return 1 if problems else 0


def copy_source(root: Path) -> None:
    """What git has or would take, as it stands; what is made is linked."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in names.stdout.split("\0"):
        source, target = ROOT / name, root / name
        if name and source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    for name in MADE:
        if (ROOT / name).exists():
            (root / name).symlink_to((ROOT / name).resolve())


def main() -> int:
    """Proves all of them, or those whose name holds `--only`."""
    parser = argparse.ArgumentParser(prog="make guards")
    parser.add_argument("--only", default="")
    only = parser.parse_args().only
    guards = [guard for guard in load_guards() if only in guard.guard]
    console = Console(width=None if sys.stdout.isatty() else 200)
    if not guards:
        console.print(f"No guard has {only!r} in its name.")
        return 1
    with tempfile.TemporaryDirectory(prefix="tandem-guards-") as folder:
        copy_source(Path(folder))
        return prove(guards, Path(folder), console)


if __name__ == "__main__":
    sys.exit(main())
