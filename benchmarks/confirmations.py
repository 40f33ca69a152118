"""Typed answers to "Shall I ...?": what was executed, and what was not."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from actions.confirmation import YES, Question, answer_to
from authoring.spoken import spoken_in
from benchmarks.cases import Case, halves
from benchmarks.examples import ROOT

# The questions of the cases; the last is one that this shop does not ask.
RESPONSES = {
    "cancel_order": "utter_ask_cancel_order_form_confirm",
    "delete_account": "utter_delete_account_confirm",
    "change_address": "utter_ask_change_address_form_confirm",
    "newsletter": "utter_newsletter_confirm_off",
    "remove_item": "utter_ask_change_order_form_confirm_remove",
}
VALUES = {
    "order_number": "HP-10428",
    "items": "2 x Tin mug",
    "before": "Storm lantern",
    "total": "£24.00",
    "amount": "£24.00",
    "email": "jo@example.com",
    "new_address": "5 Mill Lane, York YO1 7AB",
}
RETURN = {
    "en": ("Shall I start the return of the Storm lantern?", "Yes, start it"),
    "es": ("¿Inicio la devolución de la linterna?", "Sí, iníciala"),
    "de": ("Soll ich die Rücksendung der Laterne starten?", "Ja, starten"),
    "fr": ("Je lance le retour de la lanterne ?", "Oui, lancez-le"),
}
KEEP = {
    "en": "No, I'll keep it",
    "es": "No, me la quedo",
    "de": "Nein, behalten",
    "fr": "Non, je la garde",
}
REACH = {"false yes": 0.0, "plain yes executed": 0.95}

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns a row for each half."""
    return [_row(half, cases) for half, cases in halves("confirmations", quick)]


def _row(half: str, cases: list[Case]) -> Row:
    yes = [case for case in cases if case["means"] == "yes"]
    others = [case for case in cases if case["means"] != "yes"]
    executed = [case["text"] for case in others if _is_executed(case)]
    missed = [case["text"] for case in yes if not _is_executed(case)]
    return {
        "what": f"typed answers to a confirmation, {half} ({len(cases)})",
        "false yes": len(executed) / len(others),
        "plain yes executed": 1 - len(missed) / len(yes),
        "executed": executed,
        "missed": missed,
        "reach": REACH,
    }


def _is_executed(case: Case) -> bool:
    return answer_to(_question(case["question"], case["language"]), case["text"]) == YES


def _question(name: str, language: str) -> Question:
    if name not in RESPONSES:
        return Question(*RETURN[language], KEEP[language])
    said = _said(RESPONSES[name], language)
    yes, no, *_ = (button["title"] for button in said["buttons"])
    return Question(said["text"].format(**VALUES), yes, no)


def _said(response: str, language: str) -> Mapping[str, Any]:
    wanted = None if language == "en" else spoken_in(language)
    variations = _responses()[response]
    return next(one for one in variations if one.get("condition") == wanted)


@cache
def _responses() -> dict[str, list[dict[str, Any]]]:
    from rasa.shared.importers.importer import TrainingDataImporter

    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml")
    )
    return importer.get_domain().responses
