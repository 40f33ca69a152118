"""Checks the names and limits in `config.yml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, TypeGuard

from authoring.check_files import File, Finding, Project, as_list
from authoring.check_names import Names
from components.escalation_thresholds import Thresholds

ESCALATION = "components.escalation_policy.EscalationPolicy"
POLICY_KEYS = frozenset({"name", "priority"})
# From where to where a value may lie, by its name wherever it stands.
SHARES = (
    "threshold ambiguity_threshold core_fallback_threshold reading_probability "
    "restricted_probability careful_probability request_probability strangers sure "
    "sure_whole lead decent point_lead sure_foreign likely likely_foreign "
    "failure_weight mildly_negative_weight worth_a_look yields_at unsure"
)
MARGINS = "certain certain_with_cue certain_statement certain_alone"
RANGES: dict[str, tuple[float, float]] = {
    **dict.fromkeys(SHARES.split(), (0.0, 1.0)),
    "negative_threshold": (-1.0, 0.0),
    "mildly_negative_threshold": (-1.0, 0.0),
    # Margins: 0 is the border, and of some it is enough to be near.
    **dict.fromkeys(MARGINS.split(), (-1.0, 1.0)),
    "C": (0.001, 10_000),
    "grievance_C": (0.001, 10_000),
    "gamma": (0.001, 100),
}
# Lists of intents, beside those whose name says it.
OF_INTENTS = frozenset({"intent", "yields_to"})
COUNTS = frozenset(
    "fallbacks_in_a_row same_intent same_intent_within form_refusals limit "
    "max_history sure_words sure_words_unaided sure_foreign_words likely_words".split()
)
# Of two limits in one component the first must not be above the second.
ORDERED = (
    ("decent", "sure"),
    ("negative_threshold", "mildly_negative_threshold"),
    ("certain_with_cue", "certain"),
    ("certain_alone", "certain"),
)


def check_config(names: Names, project: Project) -> Iterator[Finding]:
    """Yields limits out of their range, and names that do not exist."""
    file = project.config
    for section in ("importers", "pipeline", "policies"):
        for component in as_list(file.content.get(section)):
            if not isinstance(component, Mapping):
                continue
            yield from _limits(file, component)
            yield from _names(names, file, component)
            if component.get("name") == ESCALATION:
                yield from _unknown_thresholds(file, component)


def _limits(file: File, component: Mapping[str, Any]) -> Iterator[Finding]:
    for key, value in component.items():
        place = file.key(component, key)
        if key in RANGES:
            low, high = RANGES[key]
            if not _is_number(value) or not low <= value <= high:
                yield place.error(
                    f"'{key}' is {value}: it lies between {low:g} and {high:g}."
                )
        elif key in COUNTS and (
            not isinstance(value, int) or isinstance(value, bool) or value < 1
        ):
            yield place.error(f"'{key}' is {value}: it is a whole number from 1 on.")
    for low_key, high_key in ORDERED:
        below, above = component.get(low_key), component.get(high_key)
        if _is_number(below) and _is_number(above) and below > above:
            yield file.key(component, low_key).error(
                f"'{low_key}' ({below}) is above '{high_key}' ({above})."
            )


def _names(names: Names, file: File, component: Mapping[str, Any]) -> Iterator[Finding]:
    for key, value in component.items():
        section = None
        if key in COUNTS:
            continue
        if key in OF_INTENTS or str(key).endswith(("_intents", "_intent")):
            section = "intents"
        elif key == "help_questions":
            section = "responses"
        if section is None:
            continue
        for index, name in enumerate(as_list(value)):
            in_list = isinstance(value, list)
            place = file.item(value, index) if in_list else file.key(component, key)
            yield from names.unknown(section, str(name), place)


def _unknown_thresholds(file: File, component: Mapping[str, Any]) -> Iterator[Finding]:
    known = {field.name for field in fields(Thresholds)} | POLICY_KEYS
    for key in component:
        if key not in known:
            yield file.key(component, key).error(f"there is no threshold '{key}'.")


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
