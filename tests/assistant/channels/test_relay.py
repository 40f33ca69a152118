"""Connectors behind the relay, unchanged, in a server of Rasa's without a model."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from fake_bridge import FakeBridge
from rasa_process import _env, new_id

from benchmarks.ports import free_ports

FOLDER = Path(__file__).parent
TOKEN = "token-of-the-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
SECS = 30
MATTERMOST_TOKEN = "x1y2z3mattermosttoken4567"


class RelayServer:
    """The running relay as the bridge calls it."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/webhooks/relay"

    def forward(
        self, route: str, body: Any, event_id: str | None = None, token: str = TOKEN
    ) -> requests.Response:
        """A platform's request, forwarded by the bridge."""
        headers = {"X-Relay-Token": token, "X-Relay-Event": event_id or new_id()}
        return self.post(route, body, headers)

    def send(self, connector: str, recipient: str, **more: Any) -> requests.Response:
        """A message of the bridge's to a customer."""
        asked = {"connector": connector, "recipient": recipient, "message_id": new_id()}
        return self.post("send", asked | more, BEARER)

    def post(self, route: str, body: Any, headers: Any) -> requests.Response:
        url = f"{self.url}/{route}"
        return requests.post(url, json=body, headers=headers, timeout=SECS)


@pytest.fixture(scope="module")
def platform() -> Iterator[FakeBridge]:
    server = FakeBridge()
    yield server
    server.close()


@pytest.fixture(scope="module")
def relay(
    tmp_path_factory: pytest.TempPathFactory, platform: FakeBridge, bridge: FakeBridge
) -> Iterator[RelayServer]:
    folder = tmp_path_factory.mktemp("relay")
    (folder / "credentials.yml").write_text(
        f"""
channels.relay.RelayInput:
  service_token: {TOKEN}
  bridge_url: {bridge.url}
  connectors:
    mattermost:
      url: {platform.url}/api/v4
      token: {MATTERMOST_TOKEN}
      webhook_url: https://shop.example/channels/mattermost/key/webhook
    callback:
      url: {platform.url}/callback
    kiosk.KioskInput:
      url: {platform.url}
      greets: true
"""
    )
    port = next(free_ports())
    command = [sys.executable, FOLDER / "relay_server.py", "credentials.yml", str(port)]
    env = _env()
    env["PYTHONPATH"] += f":{FOLDER}"
    log = folder / "rasa.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        server = RelayServer(f"http://127.0.0.1:{port}")
        _wait_until_up(server, process, log)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_up(
    server: RelayServer, process: "subprocess.Popen[bytes]", log: Path
) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{server.url}/", headers=BEARER, timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise AssertionError(f"Rasa did not start:\n{log.read_text()[-4000:]}")


@pytest.fixture(autouse=True)
def tidy(relay: RelayServer, platform: FakeBridge, bridge: FakeBridge) -> None:
    """Nothing is left of the test before."""
    for fake in (platform, bridge):
        fake.refusals = 0
        fake.refuses_with = (503, {})
        while not fake.posts.empty():
            fake.posts.get()


def written(text: str, user: str = "user-1", **more: Any) -> dict[str, Any]:
    """A post in a Mattermost channel, as its outgoing webhook tells of it."""
    return {
        "token": "of-the-webhook",
        "channel_id": "channel-1",
        "user_id": user,
        "post_id": new_id(),
        "text": text,
        "trigger_word": "@help",
        **more,
    }


def said(terminal: str, *texts: str, **more: Any) -> dict[str, Any]:
    return {"terminal": terminal, "texts": list(texts), **more}


def test_what_is_read_goes_to_the_bridge(
    relay: RelayServer, bridge: FakeBridge
) -> None:
    done = relay.forward("mattermost/webhook", written("@help where is it?"), "e-1")
    assert (done.status_code, done.headers.get("X-Relay-Event")) == (200, "e-1")
    path, token, body = bridge.posts.get(timeout=5)
    assert path == "/api/v1/channels/mattermost/messages"
    assert token == f"Bearer {TOKEN}"
    assert {key: body[key] for key in ("event_id", "n", "sender_id", "text")} == {
        "event_id": "e-1",
        "n": 0,
        "sender_id": "user-1",
        "text": "where is it?",
    }


def test_a_pressed_button_is_what_it_stands_for(
    relay: RelayServer, bridge: FakeBridge
) -> None:
    pressed = {"user_id": "u", "channel_id": "c", "context": {"action": "button:k1"}}
    assert relay.forward("mattermost/webhook", pressed).ok
    assert bridge.next_post()["text"] == "button:k1"


def test_messages_of_one_request_are_numbered_and_in_order(
    relay: RelayServer, bridge: FakeBridge
) -> None:
    for route in ("say", "later"):
        told = said("t-1", "one", "two", "three", more={"row": 3})
        assert relay.forward(f"shop_kiosk/{route}", told, "e-2").ok
        # The answer is only given once the bridge has them all.
        assert bridge.posts.qsize() == 3
        posts = [bridge.next_post() for _ in range(3)]
        assert [(one["n"], one["text"]) for one in posts] == [
            (0, "one"),
            (1, "two"),
            (2, "three"),
        ]
        assert posts[0]["metadata"] == {"row": 3}


@pytest.mark.parametrize("headers", [{}, {"X-Relay-Token": TOKEN}, BEARER])
def test_nobody_reaches_a_connector_past_the_bridge(
    relay: RelayServer, bridge: FakeBridge, headers: dict[str, str]
) -> None:
    for route in ("mattermost/webhook", "callback/webhook", "shop_kiosk/say"):
        assert relay.post(route, written("@help hi"), headers).status_code == 401
    assert relay.forward("shop_kiosk/say", said("t"), token="wrong").status_code == 401
    assert bridge.posts.empty()


def test_a_bridge_that_is_away_is_told_of_though_the_connector_is_silent(
    relay: RelayServer, bridge: FakeBridge
) -> None:
    told = written("@help hello")
    bridge.refusals = 3
    done = relay.forward("mattermost/webhook", told, "e-3")
    assert done.status_code == 503
    assert "X-Relay-Event" not in done.headers
    assert relay.forward("mattermost/webhook", told, "e-3").ok
    posts = [bridge.next_post() for _ in range(4)]
    assert posts == [posts[0]] * 4


def test_a_message_that_the_bridge_refuses_is_not_to_be_repeated(
    relay: RelayServer, bridge: FakeBridge
) -> None:
    bridge.refusals, bridge.refuses_with = 1, (400, {})
    done = relay.forward("shop_kiosk/say", said("t-2", "hello"), "e-4")
    assert (done.status_code, done.headers["X-Relay-Event"]) == (422, "e-4")
    assert bridge.posts.qsize() == 1


def test_a_crash_is_the_connectors(relay: RelayServer) -> None:
    done = relay.forward("shop_kiosk/say", said("t-3", "crash"), "e-5")
    assert (done.status_code, done.headers["X-Relay-Event"]) == (500, "e-5")


def test_a_question_of_the_platforms_is_answered(relay: RelayServer) -> None:
    headers = {"X-Relay-Token": TOKEN, "X-Relay-Event": "e-6"}
    url = f"{relay.url}/shop_kiosk/verify?challenge=4711"
    assert requests.get(url, headers=headers, timeout=SECS).text == "4711"


def test_an_answer_goes_where_the_question_came_from(
    relay: RelayServer, platform: FakeBridge, bridge: FakeBridge
) -> None:
    asked = written("@help hello", channel_id="channel-7")
    assert relay.forward("mattermost/webhook", asked).ok
    reply_to = bridge.next_post()["reply_to"]
    assert MATTERMOST_TOKEN not in str(reply_to)
    # Somebody of whom this process has not heard, as after a restart.
    text = "It left today.\n\nIt comes tomorrow."
    done = relay.send("mattermost", "user-of-before", text=text, reply_to=reply_to)
    assert done.json() == {"ok": True}
    path, token, body = platform.posts.get(timeout=5)
    assert (path, token) == ("/api/v4/posts", f"Bearer {MATTERMOST_TOKEN}")
    # One message, that it is either sent or not.
    assert body["channel_id"] == "channel-7"
    assert body["message"] == "It left today.\n \nIt comes tomorrow."
    assert platform.posts.empty()


def test_buttons_are_the_connectors_own(
    relay: RelayServer, platform: FakeBridge, bridge: FakeBridge
) -> None:
    assert relay.forward("mattermost/webhook", written("@help hello")).ok
    reply_to = bridge.next_post()["reply_to"]
    buttons = [{"title": "Yes", "payload": "button:k1"}]
    asked = {"text": "Cancel it?", "buttons": buttons, "reply_to": reply_to}
    assert relay.send("mattermost", "user-1", **asked).ok
    post = platform.next_post()
    action = post["props"]["attachments"][0]["actions"][0]
    assert post["message"] == "Cancel it?"
    assert action["name"] == "Yes"
    assert action["integration"]["context"] == {"action": "button:k1"}


@pytest.mark.parametrize(
    ("status", "headers", "told"),
    [
        (500, {}, {"platform_status": 500}),
        (429, {"Retry-After": "7"}, {"platform_status": 429, "retry_after": "7"}),
        (403, {}, {"platform_status": 403}),
    ],
)
@pytest.mark.parametrize("connector", ["mattermost", "callback", "shop_kiosk"])
def test_a_refused_message_is_told_of_though_the_connector_only_logs_it(
    relay: RelayServer,
    platform: FakeBridge,
    bridge: FakeBridge,
    connector: str,
    status: int,
    headers: dict[str, str],
    told: dict[str, Any],
) -> None:
    reply_to = None
    if connector == "mattermost":
        assert relay.forward("mattermost/webhook", written("@help hello")).ok
        reply_to = bridge.next_post()["reply_to"]
    elif connector == "shop_kiosk":
        assert relay.forward("shop_kiosk/say", said("user-1", "hello")).ok
    platform.refusals, platform.refuses_with = 1, (status, headers)
    asked = {"text": "Hello", "reply_to": reply_to, "message_id": new_id()}
    done = relay.send(connector, "user-1", **asked)
    assert done.status_code == 502
    body = done.json()
    assert body["error"] == "platform_failed"
    assert {key: body[key] for key in told} == told
    # It was not sent, so that the same again is.
    assert relay.send(connector, "user-1", **asked).ok
    assert platform.posts.qsize() == 2


def test_a_message_is_sent_once(relay: RelayServer, platform: FakeBridge) -> None:
    for _ in range(2):
        done = relay.send("callback", "c-1", text="Hello", message_id="m-1")
        assert done.json() == {"ok": True}
    assert platform.posts.qsize() == 1


def test_a_connector_that_cannot_write_first_waits_for_the_customer(
    relay: RelayServer, platform: FakeBridge
) -> None:
    done = relay.send("shop_kiosk", "t-9", text="Hello")
    assert (done.status_code, done.json()["error"]) == (422, "unknown_recipient")
    assert relay.forward("shop_kiosk/say", said("t-9", "hi")).ok
    assert relay.send("shop_kiosk", "t-9", text="Hello").ok
    assert platform.next_post() == {"terminal": "t-9", "text": "Hello"}


def test_a_connector_that_asks_by_itself_reaches_the_bridge_too(
    relay: RelayServer, platform: FakeBridge
) -> None:
    # It was heard when the server started.
    assert relay.send("shop_kiosk", "entrance", text="Hello").ok
    assert platform.next_post() == {"terminal": "entrance", "text": "Hello"}


def test_a_platform_that_takes_its_time_keeps_nobody_waiting(
    relay: RelayServer, platform: FakeBridge, bridge: FakeBridge
) -> None:
    assert relay.forward("shop_kiosk/say", said("t-4", "hi")).ok
    bridge.next_post()
    platform.door.clear()
    answers: list[requests.Response] = []
    sending = threading.Thread(
        target=lambda: answers.append(relay.send("shop_kiosk", "t-4", text="Hello"))
    )
    sending.start()
    try:
        assert platform.next_post()["text"] == "Hello"
        assert relay.forward("shop_kiosk/say", said("t-5", "me too")).ok
        assert bridge.next_post()["text"] == "me too"
        assert not answers
    finally:
        platform.door.set()
        sending.join(SECS)
    assert answers[0].ok


def test_what_is_not_to_be_sent_is_refused(relay: RelayServer) -> None:
    assert relay.send("nowhere", "u", text="Hello").status_code == 404
    assert relay.send("mattermost", "u").status_code == 400
    assert relay.post("send", {}, {}).status_code == 401
    assert requests.get(f"{relay.url}/", timeout=SECS).status_code == 401
