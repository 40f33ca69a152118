"""Simulated days: by the bridge's own routing, and true to what is known of queues."""

import asyncio
import math
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa

from handoff_bridge.routing.assignment import Chat
from handoff_bridge.routing.documents import Routing, read_rules, read_teams
from handoff_bridge.routing.rules import Rules
from handoff_bridge.simulation import run
from handoff_bridge.simulation.day import Arrival, Day, Person
from handoff_bridge.simulation.figures import figures
from handoff_bridge.simulation.generated import Mix, generated
from handoff_bridge.simulation.replayed import Record, replayed
from handoff_bridge.simulation.roster import read_roster
from handoff_bridge.simulation.run import simulate
from handoff_bridge.store.tables import handoffs
from tests.bridge.support import AgentClient, House

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 1, 5, tzinfo=UTC)
CLAIMS = Routing()
OFFERS = read_teams("default: {mode: offers, accept_secs: 30, pause_secs: 0}")
FOR_EVER = math.inf


def erlang_c(agents: int, offered: float) -> float:
    """The share of customers who wait; `offered` in erlangs."""
    terms = [offered**n / math.factorial(n) for n in range(agents)]
    last = offered**agents / math.factorial(agents) * agents / (agents - offered)
    return last / (sum(terms) + last)


def poisson_day(agents: int, load: float, *, count: int, seed: int) -> Day:
    """Arrivals of a Poisson process, exponential handling of 300 s on average."""
    random, handling = Random(seed), 300.0
    rate = load * agents / handling
    times = accumulate(random.expovariate(rate) for _ in range(count))
    arrivals = tuple(
        Arrival(
            Chat(f"{number:06}", f"{number:06}", START + timedelta(seconds=at)),
            FOR_EVER,
            random.expovariate(1 / handling),
        )
        for number, at in enumerate(times)
    )
    ends = arrivals[-1].chat.queued_at + timedelta(days=1)
    staff = tuple(
        Person(f"a{n}", f"A{n}", ((START, ends),), capacity=1, reaction=0, answer=0)
        for n in range(agents)
    )
    return Day(START, ends, arrivals, staff)


@pytest.mark.parametrize(
    ("agents", "load", "mode"),
    [
        *((1, 0.6, "claim"), (4, 0.7, "claim"), (4, 0.85, "claim")),
        *((10, 0.85, "claim"), (4, 0.7, "offers")),
    ],
)
def test_mean_wait_is_that_of_erlang_c(agents: int, load: float, mode: str) -> None:
    teams = read_teams(f"default: {{mode: {mode}, pause_secs: 0}}")
    day = poisson_day(agents, load, count=20_000, seed=7)
    result = simulate(day, Routing(teams, Rules()))
    waits = [one.waited for one in result.customers]
    assert len(waits) == 20_000 and None not in waits
    expected = erlang_c(agents, load * agents) * 300.0 / (agents * (1 - load))
    assert fmean(w for w in waits if w is not None) == pytest.approx(expected, rel=0.1)


def speakers() -> list[Person]:
    """Three who speak English alone, and one who speaks German as well."""
    english, both = frozenset({"en"}), frozenset({"en", "de"})
    return [
        Person(f"a{n}", f"A{n}", (), capacity=2, languages=spoken, reaction=5.0)
        for n, spoken in enumerate([english, english, english, both])
    ]


def made_up(**more: Any) -> Day:
    mix = Mix(languages=("en", "en", "en", "de"))
    return generated(speakers(), mix, **more)


def of_language(day: Day, routing: Routing, language: str) -> list[run.Customer]:
    came = simulate(day, routing).customers
    return [one for one in came if one.arrival.chat.language == language]


def test_a_step_gets_chats_to_those_who_speak_the_language() -> None:
    rules = read_rules(
        "steps: [{name: spoken, speaks_language: true, expires_secs: 600}]"
    )
    day = made_up(load=0.6)
    to_speaker = {}
    for name, found in (("without", Rules()), ("with", rules)):
        came = of_language(day, Routing(OFFERS, found), "de")
        served = [one for one in came if one.agent_id is not None]
        to_speaker[name] = sum(one.agent_id == "a3" for one in served) / len(served)
    assert to_speaker["with"] > 0.8 > 0.5 > to_speaker["without"]


def test_who_is_urgent_waits_less_the_longer_the_head_start() -> None:
    day = made_up(load=1.2)
    waits = {}
    for secs in (0, 3600):
        rules = read_rules(f"head_start_secs: {secs}")
        came = simulate(day, Routing(OFFERS, rules)).customers
        waits[secs] = fmean(
            one.waited for one in came if one.chat.priority and one.waited is not None
        )
    assert waits[3600] < waits[0] / 2


def test_it_has_no_routing_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    day, routing = made_up(), Routing(OFFERS, Rules())
    offered = {one.agent_id for one in simulate(day, routing).customers}
    assert {"a0", "a1", "a2", "a3"} <= offered
    real = run.assign

    def only_to_one(*args: Any) -> list[Any]:
        return [made for made in real(*args) if made.agent_id == "a2"]

    monkeypatch.setattr(run, "assign", only_to_one)
    assert {one.agent_id for one in simulate(day, routing).customers} <= {"a2", None}


def test_claims_are_in_the_order_of_routing(monkeypatch: pytest.MonkeyPatch) -> None:
    day = made_up(load=1.5)
    fair = figures(simulate(day, CLAIMS), Rules())
    real = run.in_order
    monkeypatch.setattr(run, "in_order", lambda *args: real(*args)[::-1])
    last_first = figures(simulate(day, CLAIMS), Rules())
    assert last_first.all.median_secs and fair.all.median_secs
    assert last_first.all.median_secs < fair.all.median_secs / 2


@pytest.mark.parametrize("routing", [CLAIMS, Routing(OFFERS, Rules())])
def test_nobody_is_lost_and_nobody_has_too_many(routing: Routing) -> None:
    day = made_up(load=1.2)
    result = simulate(day, routing)
    came = result.customers
    assert len(came) == len(day.arrivals) > 200
    for one in came:
        assert (one.claimed_at is None) or (one.left_at is None)
        assert one.claimed_at is None or one.ended_at is not None
        if one.waited is not None and one.promised_by is None:
            assert one.waited <= one.arrival.patience
    for worker in result.workers:
        assert worker.taken == 0
        mine = [one for one in came if one.agent_id == worker.person.agent_id]
        edges = sorted(
            edge
            for one in mine
            if one.claimed_at and one.ended_at
            for edge in ((one.claimed_at, 1), (one.ended_at, -1))
        )
        assert max(accumulate(step for _, step in edges)) == worker.person.capacity


def test_the_same_seed_is_the_same_day() -> None:
    one, again = (figures(simulate(made_up(seed=3), CLAIMS), Rules()) for _ in range(2))
    assert one == again
    other = figures(simulate(made_up(seed=4), CLAIMS), Rules())
    assert other.all.came != one.all.came


def test_offers_that_are_let_go_by_go_to_another_and_then_by_hand() -> None:
    there = ((START, START + timedelta(hours=1)),)
    chat = Chat("h", "c", START + timedelta(minutes=1))
    day = Day(
        START,
        START + timedelta(hours=1),
        (Arrival(chat, FOR_EVER, 60.0),),
        (
            Person("a", "A", there, misses=1.0),
            Person("b", "B", there, answer=2.0, declines=1.0),
        ),
    )
    result = simulate(day, Routing(OFFERS, Rules()))
    [customer] = result.customers
    assert [worker.missed for worker in result.workers][0] >= 1
    assert [worker.declined for worker in result.workers][1] >= 1
    # They would pass it to and fro; nobody takes it while the other is offered it.
    assert customer.claimed_at is None or customer.waited is not None
    alone = Day(day.begins, day.ends, day.arrivals, day.agents[:1])
    [customer] = simulate(alone, Routing(OFFERS, Rules())).customers
    assert customer.agent_id == "a" and customer.waited is not None
    assert customer.waited > 30 + run.AGAIN_SECS


def test_without_anybody_or_in_too_long_a_line_a_date_is_promised() -> None:
    teams = read_teams(
        "default: {longest_queue: 1, answer_hours: 1}",
    )
    late = START + timedelta(hours=2)
    arrivals = tuple(
        Arrival(Chat(f"{n}", f"{n}", START + timedelta(minutes=n)), 30.0, 60.0)
        for n in (1, 2)
    )
    nobody = Day(
        START, late, arrivals, (Person("a", "A", ((late, late + timedelta(hours=1)),)),)
    )
    found = figures(simulate(nobody, Routing(teams, Rules())), Rules())
    assert (found.all.promised, found.all.broken, found.all.left) == (2, 2, 0)
    assert found.all.median_secs is None
    there = Day(
        START,
        late,
        arrivals,
        (Person("a", "A", ((START, late),), reaction=1e9),),
    )
    came = simulate(there, Routing(teams, Rules())).customers
    assert [one.promised_by is not None for one in came] == [False, False]
    longer = replace_patience(there, FOR_EVER)
    first, second = simulate(longer, Routing(teams, Rules())).customers
    assert second.promised_by == second.chat.queued_at + timedelta(hours=1)
    # The first is promised one as well, once everybody has gone.
    assert first.promised_by == late + timedelta(hours=1)


def replace_patience(day: Day, secs: float) -> Day:
    arrivals = tuple(Arrival(one.chat, secs, one.handling) for one in day.arrivals)
    return Day(day.begins, day.ends, arrivals, day.agents)


def record(number: int, **secs: float) -> Record:
    """Times in seconds from when it was asked for."""
    asked = START + timedelta(minutes=number)
    times = {name: asked + timedelta(seconds=at) for name, at in secs.items()}
    return Record(
        Chat(f"{number}", f"{number}", asked),
        **times,  # type: ignore[arg-type]
        agent_id="a" if "claimed_at" in secs else None,
        has_left="claimed_at" not in secs,
    )


def test_a_replayed_day_keeps_what_is_known_of_it() -> None:
    records = [
        record(0, claimed_at=30, ended_at=330),
        record(1, ended_at=45),
        record(2, claimed_at=10, ended_at=70),
    ]
    day = replayed(records, [Person("a", "A", ())], START)
    served, left, other = day.arrivals
    assert (served.handling, other.handling) == (300, 60)
    assert left.patience == 45 and left.handling in (300, 60)
    # They have waited that long; for how much longer they would have is drawn.
    assert 30 < served.patience < FOR_EVER and other.patience > 10
    [agent] = day.agents
    assert agent.there == ((START, START + timedelta(seconds=330)),)
    assert replayed(records, [Person("a", "A", ())], START) == day


def test_a_roster_says_who_is_there() -> None:
    [one, other] = read_roster(
        "agents:\n"
        "- {name: A, team: care, capacity: 2, languages: [de], there: [09:00-12:00]}\n"
        "- {name: B, misses: 0.1, skills: {complaints: 3}}\n"
    ).people(START)
    assert one.there == ((START + timedelta(hours=9), START + timedelta(hours=12)),)
    assert (one.team, one.capacity, one.languages) == ("care", 2, frozenset({"de"}))
    assert (other.there, other.misses, other.skills) == ((), 0.1, {"complaints": 3})


async def spend_a_day(house: House, maria: AgentClient, count: int = 4) -> None:
    """So many who are served, one of them again, and one who gives up."""
    await house.serve(maria, count)
    customer = await house.customer(locale="de-DE")
    await customer.ask_for_human()
    await customer.call("leave", {"session_id": customer.session_id})
    assert house.bridge is not None
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    async with house.bridge.database.write() as tx:
        rows = await tx.execute(sa.select(handoffs).order_by(handoffs.c.queued_at))
        for number, row in enumerate(rows.all()):
            at = midnight + timedelta(hours=9, minutes=number)
            times = {"queued_at": at, "ended_at": at + timedelta(minutes=10)}
            if row.claimed_at:
                times["claimed_at"] = at + timedelta(seconds=30)
            this = handoffs.c.handoff_id == row.handoff_id
            await tx.execute(sa.update(handoffs).where(this).values(**times))


async def simulated(house: House, token: str, **call: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return await house.http.post("/routing/simulate", json=call, headers=headers)


async def test_a_real_day_is_replayed_from_the_database(each_house: House) -> None:
    house = each_house
    maria, dana = await house.agent(), await house.login("dana")
    await spend_a_day(house, maria)
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    answer = await simulated(house, dana["token"], day=today)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["day"] == today and found["now"] == found["proposal"]
    everybody = found["now"]["all"]
    assert everybody["came"] == 5
    assert everybody["served"] + everybody["left"] + everybody["promised"] == 5
    assert 3 <= everybody["served"] == sum(everybody["waits"])
    languages = {one.get("name"): one["came"] for one in found["now"]["languages"]}
    assert languages == {None: 4, "de": 1}
    [agent] = found["now"]["agents"]
    assert agent["name"] == "Maria" and agent["chats"] == everybody["served"]
    assert agent["occupancy"] > 0


async def test_what_is_proposed_is_told_beside_what_holds(house: House) -> None:
    dana = await house.login("dana")
    teams = "default: {mode: offers, pause_secs: 0}"
    answer = await simulated(house, dana["token"], teams=teams, routing="steps: []")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert "day" not in found
    assert found["now"]["all"]["came"] == found["proposal"]["all"]["came"] > 100
    assert found["now"] != found["proposal"]
    # Nothing is saved.
    assert (await house.get("/routing", dana["token"])).json()["version"] == 0


@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        ({"day": "2001-01-01"}, 404, "nothing_to_simulate"),
        ({"day": "yesterday"}, 400, "bad_request"),
        ({"routing": "steps: [{nam: x}]"}, 422, "invalid_document"),
        ({"teams": "teams: 3"}, 422, "invalid_document"),
        (
            {"routing": "steps: [{name: x, team: nobody, expires_secs: 5}]"},
            422,
            "invalid_document",
        ),
    ],
)
async def test_what_cannot_be_simulated_is_refused(
    house: House, call: dict[str, Any], status: int, code: str
) -> None:
    dana = await house.login("dana")
    answer = await simulated(house, dana["token"], **call)
    assert (answer.status_code, answer.json()["error"]) == (status, code)


async def test_simulating_is_for_supervisors(house: House) -> None:
    maria = await house.login("maria")
    answer = await simulated(house, maria["token"])
    assert answer.json()["error"] == "forbidden"


async def test_one_day_is_simulated_at_a_time(house: House) -> None:
    dana = await house.login("dana")
    both = await asyncio.gather(*(simulated(house, dana["token"]) for _ in range(2)))
    assert sorted(one.status_code for one in both) == [200, 429]
    [refused] = [one for one in both if one.status_code == 429]
    assert refused.json()["error"] == "simulation_running"
    assert (await simulated(house, dana["token"])).status_code == 200


async def test_a_day_that_takes_too_long_is_given_up(house: House) -> None:
    dana = await house.login("dana")
    assert house.bridge is not None
    house.bridge.simulations._deadline_secs = 0.0
    answer = await simulated(house, dana["token"])
    assert answer.json()["error"] == "simulation_too_long"
    house.bridge.simulations._deadline_secs = 20.0
    assert (await simulated(house, dana["token"])).status_code == 200


def command(
    folder: Path, *arguments: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """`make simulate`, as make would call it."""
    return subprocess.run(
        [sys.executable, "-m", "handoff_bridge.simulate", *arguments]
        + ["--picture", str(folder / "day.svg")],
        env={"PYTHONPATH": str(ROOT / "handoff_bridge"), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


async def test_the_command_replays_a_day_and_draws_it(
    house: House, tmp_path: Path
) -> None:
    await spend_a_day(house, await house.agent(), 2)
    proposal = tmp_path / "teams.yml"
    proposal.write_text("default: {mode: offers}\n")
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    arguments = ("--day", today, "--rules", "/dev/null", "--teams", str(proposal))
    url = house.settings.database_url
    done = await asyncio.to_thread(command, tmp_path, *arguments, DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert f"Waits on {today}" in done.stdout and "Maria" in done.stdout
    picture = ElementTree.parse(tmp_path / "day.svg").getroot()
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert "Maria" in [one.text for one in picture.iter() if one.text]


def test_the_command_needs_no_database(tmp_path: Path) -> None:
    nowhere = {"DATA_DIR": str(tmp_path / "none")}
    assert command(tmp_path, "--load", "0.3", **nowhere).returncode == 0
    refused = command(tmp_path, "--day", "2026-01-01", **nowhere)
    assert refused.returncode == 1
    assert refused.stderr == "There is no database of this copy to replay from.\n"
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("steps:\n- {nam: x}\n")
    refused = command(tmp_path, "--rules", str(wrong), **nowhere)
    assert refused.returncode == 1
    assert refused.stderr.startswith("The routing rules are not right.\n2:3: ")
