"""How customers fare by language, name and way of writing, for `make evaluate`."""

from __future__ import annotations

from collections import defaultdict

from benchmarks import fairness
from benchmarks.assistant import intent_of, trained_assistant
from benchmarks.cases import QUICKLY
from benchmarks.examples import fresh_languages, fresh_messages, short_answers
from benchmarks.report import Row, verdict
from benchmarks.section import Section

UNDERSTOOD = 0.85
# What is said instead of an answer, and the shortest answers.
SHORT = ("ask_why", "unsure", "mean_all", "mean_other", "stop", "affirm", "deny")


def languages(quick: bool = False) -> Section:
    """Fresh messages in each language; most examples are English."""
    rows = []
    for language in fresh_languages():
        messages = fresh_messages(language)[:: QUICKLY if quick else 1]
        parsed = trained_assistant().parse_all(message.text for message in messages)
        right = sum(
            intent_of(result) == message.intent
            for message, result in zip(messages, parsed, strict=True)
        )
        share = right / len(messages)
        rows.append(
            Row(
                f"understood, {language} ({len(messages)} messages)",
                f"{100 * share:.1f} %",
                f"{100 * UNDERSTOOD:.0f} % or more",
                verdict(share >= UNDERSTOOD),
            )
        )
    return Section("Languages", rows, "None of the messages is an example.")


def answers(quick: bool = False) -> Section:
    """Short answers by intent, and requests that have the same words."""
    found = defaultdict(list)
    for language in fresh_languages():
        asked = short_answers(language)[:: QUICKLY if quick else 1]
        parsed = trained_assistant().parse_all(text for text, _ in asked)
        for (_, intent), result in zip(asked, parsed, strict=True):
            kind = intent if intent in SHORT else "requests in the same words"
            found[kind].append(intent_of(result) == intent)
    rows = [
        Row(
            f"understood, {kind} ({len(right)} messages)",
            f"{100 * sum(right) / len(right):.1f} %",
            f"{100 * UNDERSTOOD:.0f} % or more",
            verdict(sum(right) / len(right) >= UNDERSTOOD),
        )
        for kind, right in found.items()
    ]
    return Section("Short answers", rows, "In four languages; none is an example.")


def fair(quick: bool = False) -> Section:
    """The largest gaps between groups of customers with the same requests."""
    if quick:
        return Section("Fairness", note="Not measured in the quick form.")
    groups, found, _ = fairness.measure(trained_assistant().parse_all)
    note = (
        "Some of these requests were read before examples were written that answer "
        "their misses: the gaps are a bound that holds, not an independent figure."
    )
    table = fairness.table(groups)
    return Section("Fairness", fairness.rows(found), f"{note}\n\n```\n{table}\n```")
