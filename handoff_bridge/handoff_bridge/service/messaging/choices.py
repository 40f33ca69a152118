"""Buttons on platforms that have none, or too few: a list that numbers answer."""

import re
from collections.abc import Sequence

from handoff_bridge.service.messaging.channel import Button, Limits
from handoff_bridge.store import offers

SURVEY_SCORES = range(1, 6)
_SURVEY = re.compile(r"survey:([0-9]{1,9}):([1-5])")
_NUMBER = re.compile(r"([0-9]{1,2})[.)]?")


def needs_list(titles: Sequence[str], limits: Limits) -> bool:
    """Whether the platform cannot show such buttons."""
    return len(titles) > limits.buttons or any(
        len(title) > limits.button_title for title in titles
    )


def as_list(buttons: Sequence[Button]) -> str:
    """A line for each, with its number.

    The messages of one turn are one question: their numbers go on, as the places in the
    buttons' payloads do.
    """
    return "\n".join(
        f"{offers.position_of(button.payload) + 1}. {button.title}"
        for button in buttons
    )


def chosen(text: str, titles: Sequence[str], limits: Limits) -> int | None:
    """Which of the buttons a text means: its number in the list, or its title."""
    said = text.strip()
    number = _NUMBER.fullmatch(said)
    if number and needs_list(titles, limits):
        position = int(number[1]) - 1
        return position if 0 <= position < len(titles) else None
    matches = [n for n, one in enumerate(titles) if one.casefold() == said.casefold()]
    return matches[0] if len(matches) == 1 else None


def survey_buttons(seq: int) -> list[Button]:
    """The answers to a survey; `seq` is the line that asks."""
    return [Button(str(n), f"survey:{seq}:{n}") for n in SURVEY_SCORES]


def survey_answer(payload: str) -> tuple[int, int] | None:
    """The line that asked, and the score; None for any other payload."""
    found = _SURVEY.fullmatch(payload)
    return (int(found[1]), int(found[2])) if found else None


def score_of(text: str) -> int | None:
    """The score that a text is, if it is one."""
    number = _NUMBER.fullmatch(text.strip())
    score = int(number[1]) if number else 0
    return score if score in SURVEY_SCORES else None
