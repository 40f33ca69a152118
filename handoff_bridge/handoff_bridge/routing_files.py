"""Reads `teams.yml`, `routing.yml` and `canned_replies.yml`, and refuses what is wrong.

    python -m handoff_bridge.routing_files

prints what is wrong with `TEAMS_FILE`, `ROUTING_FILE` and `CANNED_REPLIES_FILE`, a line
each, `file:line: sentence`, and ends with status 1.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from handoff_bridge.conversation.canned_replies import (
    CannedReplies,
    read_canned_replies,
)
from handoff_bridge.errors import InvalidDocument
from handoff_bridge.routing.documents import (
    check_rules,
    check_teams,
    read_rules,
)
from handoff_bridge.routing.rules import Rules
from handoff_bridge.routing.teams import Teams
from handoff_bridge.settings import CANNED_REPLIES_FILE, ROUTING_FILE, TEAMS_FILE


class InvalidRouting(ValueError):
    """A file is wrong; the message has a line for each mistake."""


def load_texts(
    teams_file: Path = TEAMS_FILE, routing_file: Path = ROUTING_FILE
) -> tuple[str, str]:
    """Both texts, checked; empty where there is no such file.

    Raises InvalidRouting, with `file:line: sentence` for each mistake.
    """
    teams_text, routing_text = _text(teams_file), _text(routing_file)
    teams, wrong_teams = _checked(
        teams_file, Teams(), lambda: check_teams(teams_text, Rules())
    )
    _, wrong_rules = _checked(
        routing_file, Rules(), lambda: _rules(routing_text, teams, wrong_teams)
    )
    if wrong := [*wrong_teams, *wrong_rules]:
        raise InvalidRouting("\n".join(wrong))
    return teams_text, routing_text


def load_canned_replies(path: Path = CANNED_REPLIES_FILE) -> str:
    """The text, checked; empty where there is no such file. Raises InvalidRouting."""
    text = _text(path)
    _, wrong = _checked(path, CannedReplies(), lambda: read_canned_replies(text))
    if wrong:
        raise InvalidRouting("\n".join(wrong))
    return text


def _rules(text: str, teams: Teams, wrong_teams: list[str]) -> Rules:
    # Of teams that cannot be read, none could be found.
    return read_rules(text) if wrong_teams else check_rules(text, teams)


def _checked[M](path: Path, otherwise: M, read: Callable[[], M]) -> tuple[M, list[str]]:
    try:
        return read(), []
    except InvalidDocument as error:
        return otherwise, [
            f"{path}:{mistake.line}: {mistake.reason}" for mistake in error.mistakes
        ]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise InvalidRouting(f"{path}:1: unreadable: {error}.") from error


def _named(setting: str, otherwise: str) -> Path:
    return Path(os.environ.get(setting) or otherwise)


def main() -> int:
    """Prints every mistake; gives the status to end with."""
    wrong = []
    for load in (
        lambda: load_texts(
            _named("TEAMS_FILE", "teams.yml"), _named("ROUTING_FILE", "routing.yml")
        ),
        lambda: load_canned_replies(
            _named("CANNED_REPLIES_FILE", "canned_replies.yml")
        ),
    ):
        try:
            load()
        except InvalidRouting as invalid:
            wrong.append(str(invalid))
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
