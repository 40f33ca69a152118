"""Checks what designers write, before anything is trained on it.

    .venv/bin/python -m authoring.check [folder]

One line for each finding, `file:line: what is wrong`. Warnings are about what works but
was hardly meant so; errors end with status 1 and stop the training.
"""

from __future__ import annotations

import sys
from pathlib import Path

from authoring.check_care import check_help_lines, check_triggers
from authoring.check_config import check_config
from authoring.check_detectors import check_detectors
from authoring.check_dialogues import check_dialogues, said_in_dialogues
from authoring.check_domain import (
    check_articles,
    check_forms,
    check_responses,
    check_slots,
    check_use,
)
from authoring.check_examples import check_examples, check_not_ours, check_sentiment
from authoring.check_files import Finding, Project
from authoring.check_labels import check_labels
from authoring.check_names import collect
from authoring.check_translations import check_translations
from authoring.check_words import check_words


def check(root: Path) -> list[Finding]:
    """Returns all findings of a project, by file and line."""
    project = Project(root)
    names, findings = collect(project)
    findings += [
        *check_slots(names),
        *check_forms(names),
        *check_responses(names, project),
        *check_labels(names, project),
        *check_articles(names, project),
        *check_dialogues(names, project),
        *check_use(names, project, said_in_dialogues(project)),
        *check_examples(names, project),
        *check_not_ours(project),
        *check_sentiment(project),
        *check_words(project),
        *check_detectors(names, project),
        *check_triggers(project),
        *check_help_lines(project),
        *check_translations(names, project),
        *check_config(names, project),
    ]
    # Last: reading the files found some of them.
    return sorted({*findings, *project.findings})


def main(arguments: list[str]) -> int:
    """Prints the findings and returns the exit status."""
    quiet = "--errors-only" in arguments
    folders = [argument for argument in arguments if not argument.startswith("-")]
    findings = check(Path(folders[0] if folders else "."))
    errors = [finding for finding in findings if finding.is_error]
    for finding in errors if quiet else findings:
        print(finding)
    warnings = len(findings) - len(errors)
    if errors or not quiet:
        print(f"{_count(errors, 'error')}, {warnings} warnings.", file=sys.stderr)
    return 1 if errors else 0


def _count(found: list[Finding], noun: str) -> str:
    return f"{len(found)} {noun}" if len(found) == 1 else f"{len(found)} {noun}s"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
