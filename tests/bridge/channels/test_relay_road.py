"""Connectors behind the relay, unchanged: from the platform to an agent and back.

Rasa is a process of its own, without a model: what the assistant says is scripted.
"""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from benchmarks.ports import free_ports
from handoff_bridge.store import channel_counts
from tests.bridge.channels.fake_mattermost import (
    BOT_TOKEN,
    PASSWORD,
    FakeMattermost,
    Member,
)
from tests.bridge.channels.fake_platform import FakePlatform, Shown
from tests.bridge.channels.relay_process import PYTHON, RelayProcess
from tests.bridge.conftest import SERVICE_TOKEN, settings_for
from tests.bridge.support import AgentClient, House, ScriptedAssistant
from tests.bridge.support.assistant import says

KEY = "k-0123456789_abcdefghi"


class FakeKiosk(FakePlatform):
    """What the made-up connector's kiosks show."""

    def __init__(self) -> None:
        super().__init__()
        # Does not want so many.
        self.refuses = 0
        self.app.router.add_post("/show", self._show)

    async def _show(self, request: web.Request) -> web.Response:
        told = await request.json()
        if self.refuses:
            self.refuses -= 1
            return web.json_response({"error": "not for customers"}, status=422)
        await self.show(Shown(told["terminal"], str(self.next_number()), told["text"]))
        return web.json_response({})


@dataclass(frozen=True)
class Ports:
    """Known before anything runs, since each has to know of the others."""

    bridge: int
    mattermost: int
    kiosk: int


@dataclass(frozen=True)
class Street:
    """A bridge, Rasa with two connectors, and their platforms."""

    house: House
    rasa: RelayProcess
    mattermost: FakeMattermost
    kiosk: FakeKiosk

    @property
    def kiosk_url(self) -> str:
        return f"{self.house.url}/channels/shop_kiosk/{KEY}"

    async def at_kiosk(self, terminal: str, *texts: str, **more: Any) -> int:
        """Somebody types at a kiosk; the status that it gets."""
        told = {"terminal": terminal, "texts": texts, **more}
        return (await self.kiosk.post(f"{self.kiosk_url}/say", json=told)).status_code


@pytest.fixture(scope="module")
def ports() -> Ports:
    found = free_ports()
    return Ports(next(found), next(found), next(found))


@pytest.fixture(scope="module")
def rasa(
    tmp_path_factory: pytest.TempPathFactory, ports: Ports
) -> Iterator[RelayProcess]:
    bridge = f"http://127.0.0.1:{ports.bridge}"
    credentials = f"""
channels.relay.RelayInput:
  service_token: {SERVICE_TOKEN}
  bridge_url: {bridge}
  connectors:
    mattermost:
      url: http://127.0.0.1:{ports.mattermost}/api/v4
      token: {BOT_TOKEN}
      webhook_url: {bridge}/channels/mattermost/{KEY}/webhook
    kiosk.KioskInput:
      url: http://127.0.0.1:{ports.kiosk}
"""
    folder = tmp_path_factory.mktemp("rasa")
    process = RelayProcess(folder, next(free_ports()), SERVICE_TOKEN, credentials)
    asyncio.run(process.start())
    yield process
    asyncio.run(process.stop())


@asynccontextmanager
async def street_of(
    url: str,
    assistant: ScriptedAssistant,
    folder: Path,
    ports: Ports,
    rasa: RelayProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Street]:
    monkeypatch.setenv("RELAY_CHANNELS", f"mattermost={KEY},shop_kiosk={KEY}")
    monkeypatch.setenv("RELAY_ID_FIELDS", "mattermost=trigger_id|post_id,shop_kiosk=id")
    monkeypatch.setenv("RELAY_BUTTONS", "mattermost")
    monkeypatch.setenv("RELAY_URL", rasa.url)
    settings = settings_for(url, assistant.port, folder, bridge_port=ports.bridge)
    async with (
        FakeMattermost.running(port=ports.mattermost) as mattermost,
        FakeKiosk.running(port=ports.kiosk) as kiosk,
        House.open(settings, assistant) as house,
    ):
        assert house.bridge is not None
        for worker in (house.bridge.channel_inbox, house.bridge.channel_outbox):
            worker._pause_secs = 0.05
        mattermost.hook_url = f"{house.url}/channels/mattermost/{KEY}/webhook"
        yield Street(house, rasa, mattermost, kiosk)
        assert mattermost.complaints == []


@pytest.fixture
async def street(
    sqlite_url: str,
    assistant: ScriptedAssistant,
    tmp_path: Path,
    ports: Ports,
    rasa: RelayProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Street]:
    async with street_of(
        sqlite_url, assistant, tmp_path, ports, rasa, monkeypatch
    ) as opened:
        yield opened


@pytest.fixture
async def each_street(
    database_url: str,
    assistant: ScriptedAssistant,
    tmp_path: Path,
    ports: Ports,
    rasa: RelayProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Street]:
    async with street_of(
        database_url, assistant, tmp_path, ports, rasa, monkeypatch
    ) as opened:
        yield opened


async def asks(_: dict[str, Any]) -> dict[str, Any]:
    answer = says("Which one?")
    answer["replies"][0]["buttons"] = [
        {"title": title, "payload": f'/pick{{"colour": "{title}"}}'}
        for title in ("Red", "Blue")
    ]
    return answer


async def sends(agent: AgentClient, row: dict[str, Any], text: str) -> None:
    chat = row["conversation_id"]
    sent = await agent.act("message_send", conversation_id=chat, text=text)
    assert sent["ok"], sent


async def returns(agent: AgentClient, row: dict[str, Any]) -> None:
    back = await agent.act(
        "handoff_return",
        handoff_id=row["handoff_id"],
        disposition="resolved",
        outcome="Done.",
    )
    assert back["ok"], back


async def counted(house: House) -> dict[str, int]:
    bridge = house.bridge
    assert bridge is not None
    await bridge.channel_counts.write()
    async with bridge.database.read() as tx:
        found = await channel_counts.since(tx, bridge.held.clock().date())
    return {name: count for (_, name), count in found.items() if count}


async def test_main_road_on_mattermost(each_street: Street) -> None:
    street = each_street
    chat, assistant = street.mattermost, street.house.assistant
    nora = chat.member("nora")
    room = nora.channel_id
    await chat.say(nora, "hello")
    await chat.sees(room, "automated assistant")
    await chat.sees(room, "You said: hello")

    assistant.script = asks
    await chat.say(nora, "which?")
    question = await chat.sees(room, "Which one?")
    assert [one["name"] for one in question.buttons] == ["Red", "Blue"]
    assistant.script = assistant._echo
    await chat.press(nora, question, "Blue")
    await chat.sees(room, "You said: Blue")
    assert assistant.turns[-1]["payload"] == '/pick{"colour": "Blue"}'

    maria = await street.house.agent()
    await chat.say(nora, "human")
    row = await maria.claim(await maria.queued())
    assert row["channel"] == "mattermost"
    await sends(maria, row, "Good morning.\n\nWhat is it?")
    # One post, which is there or is not.
    shown = await chat.sees(room, "What is it?")
    assert shown.text == "Maria: Good morning.\n \nWhat is it?"
    await chat.say(nora, "the lid is broken")
    await maria.sees("the lid is broken")
    await returns(maria, row)
    survey = await chat.sees(room, "Did Maria settle it?")
    await chat.sees(room, "I'm back")
    await chat.press(nora, survey, "4")
    await chat.sees(room, "Thank you for your answer.")
    await chat.say(nora, "bye")
    await chat.sees(room, "You said: bye")
    log = await street.house.events(maria, row["conversation_id"])
    assert [one["score"] for one in log if one["type"] == "survey"] == [4]


async def test_main_road_on_a_connector_of_somebodys_own(each_street: Street) -> None:
    street = each_street
    kiosk, assistant = street.kiosk, street.house.assistant
    assert await street.at_kiosk("t-1", "hello") == 200
    await kiosk.sees("t-1", "You said: hello")

    assistant.script = asks
    await street.at_kiosk("t-1", "which?")
    question = await kiosk.sees("t-1", "Which one?")
    assert question.text.endswith("1. Red\n2. Blue")
    assistant.script = assistant._echo
    await street.at_kiosk("t-1", "2")
    await kiosk.sees("t-1", "You said: Blue")

    maria = await street.house.agent()
    await street.at_kiosk("t-1", "human")
    row = await maria.claim(await maria.queued())
    await sends(maria, row, "Good morning.")
    await kiosk.sees("t-1", "Maria: Good morning.")
    await street.at_kiosk("t-1", "one", "two")
    await maria.sees("two")
    await returns(maria, row)
    await kiosk.sees("t-1", "I'm back")
    await street.at_kiosk("t-1", "bye")
    await kiosk.sees("t-1", "You said: bye")
    log = await street.house.events(maria, row["conversation_id"])
    written = [
        one["text"]
        for one in log
        if one["type"] == "message" and one["actor"]["type"] == "customer"
    ]
    assert written == ["hello", "which?", "Blue", "human", "one", "two", "bye"]


async def test_a_rasa_that_is_away_loses_nothing(each_street: Street) -> None:
    street = each_street
    chat = street.mattermost
    nora, omar = chat.member("nora"), chat.member("omar")
    maria = await street.house.agent()
    await chat.say(nora, "human")
    row = await maria.claim(await maria.queued())
    await chat.sees(nora.channel_id, "has joined")
    await street.rasa.stop()
    try:
        # The platform hears nothing of it, and the agent goes on.
        await chat.say(omar, "hello")
        await chat.say(nora, "are you there?")
        await chat.say(omar, "hello?")
        await sends(maria, row, "I am looking it up.")
    finally:
        await street.rasa.start()
    assert street.house.bridge is not None
    await street.house.bridge.channel_inbox.look()
    await maria.sees("are you there?")
    await chat.sees(omar.channel_id, "You said: hello?")
    # The new process has not heard of her but knows where to write.
    await chat.sees(nora.channel_id, "Maria: I am looking it up.")
    echoes = [one for one in chat.texts(omar.channel_id) if "You said" in one]
    assert echoes == ["You said: hello", "You said: hello?"]


async def test_a_platform_that_is_away_loses_nothing(street: Street) -> None:
    chat = street.mattermost
    nora = chat.member("nora")
    chat.is_down = True
    await chat.say(nora, "hello")
    await _until(lambda: ("POST", "/api/v4/posts") in chat.calls)
    chat.is_down = False
    await chat.sees(nora.channel_id, "You said: hello")
    chat.throttled = 1
    await chat.say(nora, "again")
    await chat.sees(nora.channel_id, "You said: again")
    assert len([one for one in chat.texts(nora.channel_id) if "hello" in one]) == 1


async def test_a_token_that_is_no_longer_good_keeps_messages_waiting(
    street: Street,
) -> None:
    chat = street.mattermost
    nora = chat.member("nora")
    maria = await street.house.agent()
    await chat.say(nora, "human")
    row = await maria.claim(await maria.queued())
    await chat.sees(nora.channel_id, "has joined")
    chat.tokens.clear()
    tried = len(chat.calls)
    await sends(maria, row, "Good morning.")
    # Rasa's connector only logs that it was refused.
    await _until(lambda: len(chat.calls) > tried)
    chat.tokens.add(BOT_TOKEN)
    await chat.sees(nora.channel_id, "Good morning.")


async def test_a_message_that_is_refused_for_good_is_told_to_the_agent(
    street: Street,
) -> None:
    maria = await street.house.agent()
    await street.at_kiosk("t-1", "human")
    row = await maria.claim(await maria.queued())
    await street.kiosk.sees("t-1", "has joined")
    street.kiosk.refuses = 1
    await sends(maria, row, "Good morning.")
    failed = await maria.next("delivery_changed", state="failed")
    assert failed["reason"] == "refused"
    await sends(maria, row, "Are you there?")
    await street.kiosk.sees("t-1", "Are you there?")
    assert not [one for one in street.kiosk.texts("t-1") if "morning" in one]


async def test_only_the_key_opens(street: Street) -> None:
    chat = street.mattermost
    nora = chat.member("nora")
    told = chat.post_of(nora, "let me in")
    url = f"{street.house.url}/channels/mattermost/another-key-of-20-letters/webhook"
    refused = await chat.post(url, json=told)
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_signature")
    await chat.say(nora, "mine")
    await chat.sees(nora.channel_id, "You said: mine")
    assert street.house.assistant.heard == ["mine"]
    assert (await counted(street.house))["refused"] == 1


async def test_nobody_writes_past_the_bridge(street: Street) -> None:
    nora = street.mattermost.member("nora")
    told = street.mattermost.post_of(nora, "let me in")
    rasa = f"{street.rasa.url}/webhooks"
    for path in ("relay/mattermost/webhook", "mattermost/webhook"):
        refused = await street.mattermost.post(f"{rasa}/{path}", json=told)
        assert refused.status_code in (401, 404)
    body = {"event_id": "e", "n": 0, "sender_id": nora.user_id, "text": "let me in"}
    refused = await street.house.http.post("/channels/mattermost/messages", json=body)
    assert refused.status_code == 401
    await street.mattermost.say(nora, "mine")
    await street.mattermost.sees(nora.channel_id, "You said: mine")
    assert street.house.assistant.heard == ["mine"]


async def test_a_repeated_request_is_one_message(street: Street) -> None:
    chat = street.mattermost
    nora = chat.member("nora")
    told = await chat.say(nora, "once")
    await chat.tell(told)
    await chat.say(nora, "once")
    await chat.tell(told)
    for _ in range(2):
        await street.at_kiosk("t-1", "a", "b", id="e-1")
    await street.at_kiosk("t-1", "c", id="e-2")
    await street.kiosk.sees("t-1", "You said: c")
    await chat.until(lambda: _echoes(chat, nora) == ["You said: once"] * 2)
    heard = street.house.assistant.heard
    assert sorted(heard) == ["a", "b", "c", "once", "once"]


def _echoes(chat: FakeMattermost, member: Member) -> list[str]:
    return [one for one in chat.texts(member.channel_id) if "You said" in one]


async def test_a_request_that_crashes_the_connector_is_given_up(
    street: Street,
) -> None:
    assert await street.at_kiosk("t-1", "before", "crash") == 200
    assert await street.at_kiosk("t-1", "after") == 200
    await street.kiosk.sees("t-1", "You said: after")
    # What it had read before was taken, once.
    assert street.house.assistant.heard == ["before", "after"]
    assert (await counted(street.house))["given_up"] == 1


async def test_a_platform_may_ask_first(street: Street) -> None:
    url = f"{street.kiosk_url}/verify?challenge=4711"
    answer = await street.house.http.get(url)
    assert (answer.status_code, answer.text) == (200, "4711")
    assert answer.headers["content-type"].startswith("text/plain")
    health = await street.house.http.get(f"{street.kiosk_url}/")
    assert health.json() == {"status": "ok"}
    wrong = await street.house.http.get(f"{street.kiosk_url}x/")
    assert wrong.status_code == 401


async def test_what_is_no_message_is_refused(street: Street) -> None:
    token = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
    path = "/channels/shop_kiosk/messages"
    for more in (
        {"event_id": ""},
        {"event_id": "a b"},
        {"n": -1},
        {"sender_id": " "},
        {"sender_id": "x" * 201},
        {"sender_id": None},
        {"text": None},
        {"metadata": []},
        {"reply_to": "x"},
    ):
        body = {"event_id": "e", "n": 0, "sender_id": "t-1", "text": "hi", **more}
        refused = await street.house.http.post(path, json=body, headers=token)
        told = (refused.status_code, refused.json()["error"])
        assert told == (400, "bad_request"), more


async def test_a_channel_that_is_not_there_is_told(street: Street) -> None:
    token = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
    body = {"event_id": "e", "n": 0, "sender_id": "t-1", "text": "hi"}
    path = "/channels/other/messages"
    refused = await street.house.http.post(path, json=body, headers=token)
    assert (refused.status_code, refused.json()["error"]) == (404, "unknown_channel")


CLIENT = """
import json, sys
from mattermostwrapper import MattermostAPI
api = MattermostAPI(sys.argv[1], "shop")
api.login("admin", sys.argv[2])
room = api.get_channel_listing()[0]
name = api.get_username_from_id(api.get_team_members()[0]["user_id"])
status = api.post_channel(room["id"], "from the wrapper").status_code
print("\\n" + json.dumps({"status": status, "name": name, "room": room["name"]}))
"""


async def test_mattermosts_client_takes_the_made_up_server_for_the_real_one() -> None:
    async with FakeMattermost.running() as chat:
        nora = chat.member("nora")
        command = [PYTHON, "-c", CLIENT, f"{chat.url}/api/v4", PASSWORD]
        done = await asyncio.to_thread(
            subprocess.run, command, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        assert told == {"status": 201, "name": "nora", "room": "with-nora"}
        assert chat.texts(nora.channel_id) == ["from the wrapper"]


async def _until(found: Any) -> None:
    async with asyncio.timeout(20):
        while not found():
            await asyncio.sleep(0.05)
