"""Help lines for where a life is at risk: `brand.yml`, by the customer's country."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from actions.wording import country_name, hours
from authoring.brand import read_brand

ROOT = Path(__file__).resolve().parents[1]
# Of a brand without help lines.
NONE = {
    "unknown_country": {"en": []},
    "elsewhere": "findahelpline.com",
    "countries": {},
}
AT_RISK = ("self_harm", "threat")
DEFAULT_LANGUAGE = "en"


def country_of(metadata: Mapping[str, Any]) -> str | None:
    """Returns where the customer is, as far as their browser tells it.

    By the time zone, which follows the person; else by the region of their locale.
    """
    zone = str(metadata.get("timezone") or "")
    zone = get_global("zone_aliases").get(zone, zone)
    territory = get_global("zone_territories").get(zone)
    if territory and territory != "ZZ":
        return str(territory)
    for name in ("locale", "language"):
        territory = _region(str(metadata.get(name) or ""))
        if territory:
            return territory
    return None


def help_lines(
    situation: str, language: str, country: str | None
) -> tuple[str, dict[str, str]] | None:
    """Returns the response that names them and its values; None where none is needed.

    Where the country is not listed: those of the countries where the language is at
    home, each with its name.
    """
    if situation not in AT_RISK:
        return None
    listed = _listed()
    if country is None or country not in listed["countries"]:
        return "utter_care_lines_anywhere", {
            "lines": "\n".join(_of_many(situation, language)),
            "elsewhere": listed["elsewhere"],
        }
    values = {"emergency": str(listed["countries"][country]["emergency"])}
    lines = [_told(line) for line in _lines(country, situation, language)]
    if not lines:
        return "utter_care_lines_emergency", values
    return "utter_care_lines", {**values, "lines": "\n".join(lines)}


def _of_many(situation: str, language: str) -> list[str]:
    listed = _listed()
    by_language = listed["unknown_country"]
    countries = by_language.get(language, by_language[DEFAULT_LANGUAGE])
    told = []
    for country in countries:
        emergency = listed["countries"][country]["emergency"]
        lines = [_told(line) for line in _lines(country, situation, language)[:1]]
        told.append(f"{country_name(country)}: {'; '.join([emergency, *lines])}")
    return told


def _lines(country: str, situation: str, language: str) -> list[dict[str, Any]]:
    """Those for the situation, in the customer's language where one speaks it."""
    fit = [
        line
        for line in _listed()["countries"][country].get("lines") or []
        if situation in line.get("for", ["self_harm"])
    ]
    own = [line for line in fit if language in line.get("languages", [])]
    return own or fit


def _told(line: Mapping[str, Any]) -> str:
    when = f" ({hours(line['hours'])})" if line.get("hours") else ""
    return f"{line['name']}: {line['number']}{when}"


def _region(code: str) -> str | None:
    try:
        return Locale.parse(code.replace("_", "-"), sep="-").territory
    except (UnknownLocaleError, ValueError):
        return None


@cache
def _listed() -> dict[str, Any]:
    return dict(read_brand(ROOT).get("help_lines") or NONE)
