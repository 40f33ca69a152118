"""Teams and routing rules over HTTP: read, saved by version, and seen everywhere."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from handoff_bridge.cli import cli
from handoff_bridge.routing.documents import Routing, read_teams
from handoff_bridge.routing_files import InvalidRouting, load_texts
from handoff_bridge.service.documents import promise_time
from handoff_bridge.store import documents
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.test_statements import counting

TEAMS = """\
teams:
  returns:
    mode: offers
    hours:
      zone: Europe/Berlin
      holidays: DE-BE
      open:
        monday: [09:00-18:00]
  orders: {}
  nights:
"""
RULES = """\
steps:
- name: returns first
  team: returns
  expires_secs: 90
- name: then orders
  team: orders
  expires_secs: 30
"""


async def save(house: House, name: str, token: str, **body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    content = json.dumps(body)  # in ASCII, which holds lone surrogates too
    return await house.http.put(f"/{name}", content=content, headers=headers)


async def supervisor(house: House) -> str:
    token: str = (await house.login("dana"))["token"]
    return token


async def loaded(house: House) -> Routing:
    """What routing would read at this bridge."""
    assert house.bridge is not None
    async with house.bridge.database.read() as tx:
        return await house.bridge.documents.load(tx)


def reasons(answer: httpx.Response) -> list[tuple[int, str]]:
    assert answer.status_code == 422, answer.text
    return [(one["line"], one["reason"]) for one in answer.json()["mistakes"]]


async def test_the_projects_file_is_version_0(each_house: House) -> None:
    token = await supervisor(each_house)
    for name in ("teams", "routing"):
        found = (await each_house.get(f"/{name}", token)).json()
        file = getattr(each_house.settings, f"{name}_file")
        assert (found["version"], found["text"]) == (0, file.read_text("utf-8"))
        assert "saved_at" not in found and "saved_by" not in found
        listed = (await each_house.get(f"/{name}/versions", token)).json()
        assert listed == {"versions": [{"version": 0}]}


async def test_what_is_saved_holds_and_stays_readable(each_house: House) -> None:
    token = await supervisor(each_house)
    saved = await save(each_house, "teams", token, version=0, text=TEAMS)
    found = saved.json()
    assert (found["version"], found["saved_by"]) == (1, "Dana")
    assert found["document"]["teams"]["returns"]["mode"] == "offers"
    assert found["document"]["teams"]["orders"]["accept_secs"] == 30
    assert found["warnings"] == [
        {
            "line": 10,
            "column": 3,
            "reason": "teams.nights: nobody belongs to this team.",
        }
    ]
    now = found["now"]["returns"]
    assert [member["name"] for member in now["members"]] == ["Maria"]
    assert "changes_at" in now and "changes_at" not in found["now"]["orders"]
    assert (await loaded(each_house)).teams.of("returns").mode == "offers"

    found = (await save(each_house, "routing", token, version=0, text=RULES)).json()
    assert (found["version"], found["longest_wait_secs"]) == (1, 120)
    rules = (await loaded(each_house)).rules
    assert [step.name for step in rules.steps] == ["returns first", "then orders"]

    assert (await each_house.get("/teams", token, version=1)).json()["text"] == TEAMS
    old = (await each_house.get("/teams", token, version=0)).json()
    again = await save(each_house, "teams", token, version=1, text=old["text"])
    assert again.json()["version"] == 2
    listed = (await each_house.get("/teams/versions", token, limit=2)).json()
    assert [one["version"] for one in listed["versions"]] == [2, 1]
    listed = (await each_house.get("/teams/versions", token, before=1)).json()
    assert listed == {"versions": [{"version": 0}]}
    missing = await each_house.get("/teams", token, version=3)
    assert missing.json()["error"] == "unknown_version"


async def test_of_two_who_save_at_once_one_is_told_of_the_other(
    each_house: House,
) -> None:
    token = await supervisor(each_house)
    for version in range(5):
        answers = await asyncio.gather(
            *(
                save(each_house, "teams", token, version=version, text=f"{TEAMS}# {n}")
                for n in range(4)
            )
        )
        refused = [answer for answer in answers if answer.status_code == 409]
        assert len(refused) == 3
        assert {answer.json()["error"] for answer in refused} == {"old_version"}
        said = refused[0].json()["message"]
        assert said.startswith(f"Dana saved version {version + 1} on 20"), said
        won = next(n for n, answer in enumerate(answers) if answer.status_code == 200)
        found = (await each_house.get("/teams", token)).json()
        assert found["text"] == f"{TEAMS}# {won}"


async def test_documents_that_name_each_other_cannot_come_apart(
    each_house: House,
) -> None:
    token = await supervisor(each_house)
    assert (await save(each_house, "routing", token, version=0, text="")).is_success
    without = TEAMS.replace("  orders: {}\n", "")
    answers = await asyncio.gather(
        save(each_house, "routing", token, version=1, text=RULES),
        save(each_house, "teams", token, version=0, text=without),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422]


async def test_only_supervisors_save(house: House) -> None:
    token = (await house.login("maria"))["token"]
    refused = await save(house, "teams", token, version=0, text=TEAMS)
    assert refused.json()["error"] == "forbidden"
    assert (await house.get("/teams", token)).json()["version"] == 0


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (
            "mode: offers",
            "mod: offers",
            3,
            "teams.returns.mod: there is no such key; is",
        ),
        ("mode: offers", "mode: push", 3, "input should be 'claim' or 'offers'."),
        ("mode: offers", "accept_secs: 1", 3, "greater than or equal to 5."),
        ("mode: offers", "mode: [", 5, "no YAML: "),
        ("mode: offers", "mode: &it offers\n    order: *it", 3, "& and * are not read"),
        ("mode: offers", "mode: offers\n    mode: claim", 4, "'mode' is here already."),
        ("mode: offers", "{a: b}: c", 3, "a key has to be a word."),
        ("mode: offers", "languages: [german]", 3, "is no language's code"),
        ("Europe/Berlin", "Europe/Atlantis", 5, "there is no time zone 'Europe/Atl"),
        ("DE-BE", "XX", 6, "no holidays are known of 'XX'"),
        ("DE-BE", "DE-XX", 6, "no part 'XX' of DE is known"),
        ("[09:00-18:00]", "[]", 7, "these hours never open"),
        ("[09:00-18:00]", "[09:00-12:00, 11:00-13:00]", 8, "overlap."),
        ("[09:00-18:00]", "[22:00-02:00]", 8, "ends before it begins"),
        ("monday", "moonday", 8, "input should be 'monday'"),
        ("zone: Europe/Berlin\n", "zone: # gone\n", 5, "hours.zone: it is missing."),
        (
            "      zone: Europe/Berlin\n",
            "",
            4,
            "teams.returns.hours.zone: it is missing.",
        ),
        ("  returns:", "  retours:", 1, "the team 'returns', which is not here."),
    ],
)
async def test_what_is_wrong_with_teams_is_told_with_its_line(
    house: House, old: str, new: str, line: int, said: str
) -> None:
    token = await supervisor(house)
    assert old in TEAMS
    text = TEAMS.replace(old, new, 1)
    found = reasons(await save(house, "teams", token, version=0, text=text))
    assert found[0][0] == line
    assert said in found[0][1], found
    assert (await house.get("/teams", token)).json()["version"] == 0


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (
            "team: orders",
            "team: order",
            6,
            "no team 'order'; there are: returns",
        ),
        ("team: orders", "teem: orders", 6, "then orders.teem: there is no such"),
        ("then orders", "returns first", 5, "a step before it is called"),
        ("expires_secs: 30", "expires_secs: 0", 7, "greater than or equal to 1."),
        (
            "expires_secs: 30",
            "x: 1",
            5,
            "orders.expires_secs: it is missing.",
        ),
        (
            "steps:",
            "weights: {web: 0}\nsteps:",
            1,
            "weights.web: input should be",
        ),
        ("steps:", "weights: {web: .inf}\nsteps:", 1, "weights.web: "),
        ("team: orders", "when: {topic: []}", 6, "no chat is of none of them"),
        (
            "team: orders",
            "team: returns",
            5,
            "no chat gains by it: step 'ret",
        ),
        (
            "team: orders",
            "last_agent: true\n  when: {last_agent: false}",
            7,
            "it wants the last agent of chats that have had none.",
        ),
    ],
)
async def test_what_is_wrong_with_rules_is_told_with_its_line(
    house: House, old: str, new: str, line: int, said: str
) -> None:
    token = await supervisor(house)
    assert old in RULES
    text = RULES.replace(old, new, 1)
    found = reasons(await save(house, "routing", token, version=0, text=text))
    assert [one for one in found if one[0] == line and said in one[1]], found


async def test_every_mistake_is_told_at_once_and_in_order(house: House) -> None:
    token = await supervisor(house)
    text = TEAMS.replace("mode", "mod").replace("DE-BE", "XX")
    found = reasons(await save(house, "teams", token, version=0, text=text))
    assert [line for line, _ in found] == [3, 6]


@pytest.mark.parametrize(
    "text",
    [
        *("[" * 60_000, "{a: " * 16_000, "- " * 30_000, "a: &x [*x]"),
        *("\x00", "a: \ud800", "%"),
    ],
)
async def test_odd_texts_are_refused_and_nothing_ends(house: House, text: str) -> None:
    token = await supervisor(house)
    answer = await save(house, "teams", token, version=0, text=text)
    assert answer.json()["error"] == "invalid_document"


async def test_bodies_that_are_none_are_refused(house: House) -> None:
    token = await supervisor(house)
    for body, error in (
        ({}, "bad_request"),
        ({"version": "0", "text": ""}, "bad_request"),
        ({"version": 0, "text": "#" * 65_537}, "message_too_long"),
    ):
        answer = await save(house, "teams", token, **body)
        assert answer.json()["error"] == error, body
    # As long as it may be, and longer than a message.
    assert (
        await save(house, "routing", token, version=0, text="#" * 65_536)
    ).is_success


async def test_other_bridges_see_a_saved_version_at_once(
    database_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    first, second = (
        settings_for(database_url, assistant.port, tmp_path) for _ in range(2)
    )
    async with House.open(first, assistant) as one:
        async with House.open(second, assistant) as two:
            token = await supervisor(one)
            await save(one, "teams", token, version=0, text=TEAMS)
            assert (await two.get("/teams", token)).json()["version"] == 1
            for bridge in (one, two):
                assert (await loaded(bridge)).teams.of("returns").mode == "offers"
            text = TEAMS.replace("offers", "claim")
            await save(two, "teams", token, version=1, text=text)
            assert (await loaded(one)).teams.of("returns").mode == "claim"


async def test_what_routing_reads_is_one_statement(each_house: House) -> None:
    token = await supervisor(each_house)
    await save(each_house, "teams", token, version=0, text=TEAMS)
    await save(each_house, "routing", token, version=0, text=RULES)
    await loaded(each_house)
    with counting() as seen:
        await loaded(each_house)
    assert len(seen) == 1, seen


def test_a_promise_is_a_time_when_its_team_is_there() -> None:
    routing = Routing(read_teams(TEAMS))
    friday = datetime(2026, 6, 5, 12, tzinfo=UTC)
    # Monday from 9 in Berlin, and four hours of it.
    monday = datetime(2026, 6, 8, 11, tzinfo=UTC)
    assert promise_time(routing, "returns", friday) == monday
    for always in ("orders", "a team that is gone", None):
        assert promise_time(routing, always, friday) == friday + timedelta(hours=4)


async def test_a_version_that_a_newer_bridge_wrote_leaves_what_held(
    house: House,
) -> None:
    token = await supervisor(house)
    await save(house, "teams", token, version=0, text=TEAMS)
    before = await loaded(house)
    assert house.bridge is not None
    async with house.bridge.database.write() as tx:
        now = house.bridge.held.clock()
        await documents.save(tx, "teams", 2, "teams: {}\nfloors: {}\n", now, "x")
    assert await loaded(house) == before
    found = (await house.get("/teams", token)).json()
    assert (found["version"], found["saved_by"]) == (2, "x")
    assert "document" not in found


def test_files_that_are_wrong_are_told_with_file_and_line(tmp_path: Path) -> None:
    teams, routing = tmp_path / "teams.yml", tmp_path / "routing.yml"
    assert load_texts(teams, routing) == ("", "")
    teams.write_text(TEAMS.replace("DE-BE", "XX"), "utf-8")
    routing.write_text(RULES.replace("expires_secs: 30", "expires_secs: 0"), "utf-8")
    with pytest.raises(InvalidRouting) as refused:
        load_texts(teams, routing)
    told = str(refused.value).splitlines()
    assert [line.split(": ")[0] for line in told] == [f"{teams}:6", f"{routing}:7"]
    teams.write_bytes(b"\xff")
    with pytest.raises(InvalidRouting, match="unreadable"):
        load_texts(teams, routing)


def test_bridge_does_not_start_with_a_broken_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "routing.yml"
    path.write_text("steps:\n- nam: a\n", "utf-8")
    settings = {
        "ROUTING_FILE": str(path),
        "DATA_DIR": str(tmp_path),
        "SERVICE_TOKEN": "a-token-of-the-tests",
        "SECRET_KEY": "a-secret-key-of-the-tests",
        "IDENTITY_SECRET": "an-identity-secret-of-tests",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    ended = CliRunner().invoke(cli, ["serve"])
    assert ended.exit_code == 2
    assert f"{path}:2: steps.1.nam: there is no such key; is it 'name'?" in ended.output
