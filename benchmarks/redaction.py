"""Secrets that are kept out of the log, and harmless texts that are left alone.

The rules belong to the bridge and need its environment, so `make evaluate`, which runs
in the assistant's, calls this as a program of the bridge's:

    PYTHONPATH=.:handoff_bridge handoff_bridge/.venv/bin/python -m benchmarks.redaction

Prints a JSON list with an entry for each file of cases: `{what, secrets, harmless}`,
each half with `good`, `count`, `languages` and the cases that came out `wrong`.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.report import Row, verdict
from benchmarks.section import Section

ROOT = Path(__file__).resolve().parents[1]
BRIDGE_PYTHON = ROOT / "handoff_bridge" / ".venv" / "bin" / "python"
FOLDER = Path(__file__).with_name("cases")
# Ours, written with the rules in sight; and one by somebody who never saw them.
FILES = {"own": "redaction.yml", "held out": "redaction_held_out.yml"}
HALVES = {"secrets": "secrets kept out", "harmless": "harmless texts untouched"}
LEAST = 0.95
TIMEOUT_SECS = 120

Case = dict[str, Any]


def run(quick: bool = False) -> Section:
    """Returns a row for each half of each file that is there."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'handoff_bridge'}"}
    done = subprocess.run(
        [str(BRIDGE_PYTHON), "-m", "benchmarks.redaction"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=TIMEOUT_SECS,
        check=True,
    )
    return Section("Redaction", rows(json.loads(done.stdout)))


def rows(measured: Sequence[dict[str, Any]]) -> list[Row]:
    """Returns the report's rows: what was kept out, what was left alone."""
    told = []
    for file in measured:
        for half, named in HALVES.items():
            good, count = file[half]["good"], file[half]["count"]
            if count:
                told.append(
                    Row(
                        f"{named}, {file['what']} ({_by_language(file[half])})",
                        f"{good} of {count}, {good / count:.3f}",
                        f">= {LEAST:.2f}",
                        verdict(good / count >= LEAST),
                    )
                )
    return told


def _by_language(half: dict[str, Any]) -> str:
    return ", ".join(
        f"{language} {good}/{count}"
        for language, (good, count) in sorted(half["languages"].items())
    )


def measure(
    cases: Sequence[Case], redact: Callable[[str], str], what: str
) -> dict[str, Any]:
    """Counts, for both halves and each language, the cases that came out right."""
    halves: dict[str, Any] = {
        half: {"good": 0, "count": 0, "languages": {}, "wrong": []} for half in HALVES
    }
    for case in cases:
        secret, kept = case.get("secret"), redact(case["text"])
        half = halves["secrets" if secret else "harmless"]
        good = str(secret) not in kept if secret else kept == case["text"]
        before = half["languages"].get(case["language"], (0, 0))
        half["languages"][case["language"]] = (before[0] + good, before[1] + 1)
        half["good"] += good
        half["count"] += 1
        if not good:
            half["wrong"].append({"text": case["text"], "kept": kept})
    return {"what": what, **halves}


def main() -> None:
    """Measures every file that is there; an absent one is left out."""
    import yaml
    from handoff_bridge.packet.redaction import redact

    measured = []
    for what, name in FILES.items():
        path = FOLDER / name
        if path.exists():
            cases = yaml.safe_load(path.read_text(encoding="utf-8"))
            measured.append(measure(cases, lambda text: redact(text).log_text, what))
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
