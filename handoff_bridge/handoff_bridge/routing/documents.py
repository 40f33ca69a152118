"""`teams.yml` and `routing.yml` as texts: read, and held against each other."""

from collections.abc import Collection
from dataclasses import dataclass

from handoff_bridge.errors import InvalidDocument, Mistake
from handoff_bridge.routing.rules import Condition, RoutingStep, Rules
from handoff_bridge.routing.teams import Hours, Team, Teams
from handoff_bridge.yaml_places import compose, mistake_at, read_document


@dataclass(frozen=True)
class Routing:
    """Both documents: who there is, and who is wanted for which chat."""

    teams: Teams = Teams()
    rules: Rules = Rules()


def read_teams(text: str) -> Teams:
    """By itself. Raises InvalidDocument."""
    return read_document(Teams, text, (Teams, Team, Hours))


def read_rules(text: str) -> Rules:
    """By itself. Raises InvalidDocument."""
    return read_document(Rules, text, (Rules, RoutingStep, Condition))


def check_teams(text: str, rules: Rules) -> Teams:
    """Reads them, with every team that `rules` want. Raises InvalidDocument."""
    teams = read_teams(text)
    node = compose(text)
    missing = [
        mistake_at(
            node,
            ["teams"],
            f"the step '{step.name}' of the routing rules wants the team "
            f"'{step.team}', which is not here.",
        )
        for step in rules.steps
        if step.team is not None and step.team not in teams.teams
    ]
    if missing:
        raise InvalidDocument(mistakes=missing)
    return teams


def check_rules(text: str, teams: Teams) -> Rules:
    """Reads them; every team that they want is there. Raises InvalidDocument."""
    rules = read_rules(text)
    node = compose(text)
    known = ", ".join(teams.teams) or "none"
    missing = [
        mistake_at(
            node,
            ["steps", number, "team"],
            f"there is no team '{step.team}'; there are: {known}.",
        )
        for number, step in enumerate(rules.steps)
        if step.team is not None and step.team not in teams.teams
    ]
    if missing:
        raise InvalidDocument(mistakes=missing)
    return rules


def warnings_of(
    text: str, teams: Teams, with_members: Collection[str]
) -> list[Mistake]:
    """Teams that nobody belongs to: as right as any other, but of no use yet."""
    node = compose(text)
    return [
        mistake_at(node, ["teams", name], "nobody belongs to this team.")
        for name in teams.teams
        if name not in with_members
    ]
