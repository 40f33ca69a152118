import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from actions.handoff import ActionGreetAfterHandback, ActionHandoff, goodbye
from components.triggers import declared

TOKEN = "token-of-the-tests"
[NO_PROGRESS] = declared(["no_progress"])
LATER = "utter_handoff_sensitive_later"


class Bridge:
    """Stands in for the bridge's one route."""

    def __init__(self) -> None:
        self.status = 200
        self.answer: object = {"handoff_id": "H-1", "state": "queued", "open": True}
        self.asked: list[tuple[str, str | None, dict]] = []
        bridge = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(length))
                token = self.headers["Authorization"]
                bridge.asked.append((self.path, token, body))
                content = json.dumps(bridge.answer).encode()
                self.send_response(bridge.status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    bridge = Bridge()
    monkeypatch.setenv("BRIDGE_URL", bridge.url)
    monkeypatch.setenv("SERVICE_TOKEN", TOKEN)
    yield bridge
    bridge.close()


def decided(chat, trigger, message_id=None):
    decision = {
        "trigger": trigger,
        "triggers": [trigger],
        "evidence": {"times": 3},
        "message_id": message_id or chat.message_id,
    }
    return chat.says("help", "request_human").knows(handoff_request=decision)


@pytest.mark.parametrize(
    ("trigger", "response"),
    [
        ("customer_request", "utter_handoff_customer_request"),
        ("repeated_fallback", "utter_handoff_repeated_fallback"),
        ("negative_sentiment", "utter_handoff_negative_sentiment"),
        ("no_progress", "utter_handoff_no_progress"),
        ("restricted_topic", "utter_handoff_restricted_topic"),
        ("complexity", "utter_handoff_complexity"),
        ("bot_failure", "utter_handoff"),
    ],
)
async def test_each_trigger_has_its_goodbye(bridge, chat, trigger, response):
    ran = await decided(chat, trigger).run(ActionHandoff())
    assert ran.responses == [response]
    assert ran.events


async def test_the_bridge_is_asked_with_the_decision(bridge, chat):
    await decided(chat, "no_progress").run(ActionHandoff())
    assert bridge.asked == [
        (
            "/api/v1/handoffs",
            f"Bearer {TOKEN}",
            {
                "conversation_id": "conversation-1",
                "message_id": chat.message_id,
                "trigger": "no_progress",
                "triggers": [NO_PROGRESS],
                "evidence": {"times": 3},
            },
        )
    ]


async def test_an_earlier_decision_is_not_sent_again(bridge, chat):
    await decided(chat, "no_progress", message_id="long-ago").run(ActionHandoff())
    assert bridge.asked[0][2]["trigger"] == "customer_request"


async def test_a_bridge_that_refuses_hears_no_goodbye(bridge, chat):
    bridge.status = 503
    ran = await decided(chat, "customer_request").run(ActionHandoff())
    assert ran.responses == []
    assert ran.events


@pytest.mark.parametrize("answer", [{}, [], None, {"handoff_id": ""}])
async def test_an_odd_answer_is_no_handoff(bridge, chat, answer):
    bridge.answer = answer
    ran = await decided(chat, "customer_request").run(ActionHandoff())
    assert ran.responses == []
    assert ran.events


async def test_a_dead_bridge_is_not_lied_about(bridge, chat):
    bridge.close()
    ran = await decided(chat, "customer_request").run(ActionHandoff())
    assert ran.responses == []
    assert ran.events


def in_need(chat, situation, **metadata):
    decision = {
        "trigger": "sensitive_situation",
        "triggers": ["sensitive_situation", "customer_request"],
        "evidence": {"situation": situation},
        "message_id": chat.message_id,
    }
    chat.says("help").knows(handoff_request=decision)
    chat.message["metadata"] = metadata
    return chat


@pytest.mark.parametrize("situation", ["bereavement", "illness", "vulnerable"])
async def test_a_situation_has_words_of_its_own(bridge, chat, situation):
    ran = await in_need(chat, situation).run(ActionHandoff())
    own = f"utter_sensitive_{situation}"
    assert ran.responses == [own, "utter_handoff_sensitive"]
    [(_, _, asked)] = bridge.asked
    assert asked["trigger"] == "sensitive_situation"
    first = asked["triggers"][0]
    assert (first["name"], first["labels"]["en"]) == (
        "sensitive_situation",
        "Needs care",
    )
    assert first["priority"] > max(t["priority"] for t in asked["triggers"][1:])


async def test_a_situation_without_words_has_the_common_ones(bridge, chat):
    ran = await in_need(chat, "flood").run(ActionHandoff())
    assert ran.responses[0] == "utter_sensitive"


async def test_a_life_at_risk_hears_the_lines_of_its_country(bridge, chat):
    here = in_need(chat, "self_harm", timezone="Europe/London", locale="en-US")
    ran = await here.run(ActionHandoff())
    assert ran.responses == [
        "utter_sensitive_self_harm",
        "utter_care_lines",
        "utter_handoff_sensitive",
    ]
    assert ran.messages[1]["emergency"] == "999"
    assert ran.messages[1]["lines"] == "Samaritans: 116 123 (day and night)"


async def test_help_lines_are_said_though_nobody_is_there(bridge, chat):
    bridge.answer = {"handoff_id": "H-1", "state": "queued", "open": False}
    ran = await in_need(chat, "self_harm").run(ActionHandoff())
    assert "utter_care_lines_anywhere" in ran.responses
    assert ran.responses[-1] == LATER


@pytest.mark.parametrize("status", [400, 409, 503])
async def test_help_lines_are_said_though_the_bridge_refuses(bridge, chat, status):
    bridge.status = status
    ran = await in_need(chat, "threat", timezone="Europe/Berlin").run(ActionHandoff())
    assert ran.responses == ["utter_sensitive_threat", "utter_care_lines"]
    assert "116 006" in ran.messages[1]["lines"]
    assert ran.events


async def test_a_language_nobody_speaks_here_keeps_the_words_of_care(bridge, chat):
    here = in_need(chat, "self_harm")
    here.slots["handoff_request"]["evidence"]["language"] = "it"
    ran = await here.run(ActionHandoff())
    assert ran.responses[0] == "utter_sensitive_self_harm"
    assert ran.responses[-1] == "utter_handoff_language"


@pytest.mark.parametrize("waiting", [{}, {"triggers": ["customer_request"]}])
async def test_who_is_in_line_already_is_not_promised_a_colleague(
    bridge, chat, waiting
):
    chat = decided(chat, "restricted_topic")
    chat.message["metadata"] = {"waiting": waiting}
    assert (await chat.run(ActionHandoff())).responses == ["utter_handoff_more_urgent"]


async def test_words_of_care_are_the_same_in_line(bridge, chat):
    metadata = {"waiting": {}, "timezone": "Europe/Paris"}
    ran = await in_need(chat, "self_harm", **metadata).run(ActionHandoff())
    assert ran.responses == [
        "utter_sensitive_self_harm",
        "utter_care_lines",
        "utter_handoff_sensitive",
    ]


@pytest.mark.parametrize(
    ("handback", "response"),
    [
        (
            {"agent": "Maria", "outcome": "Your refund is booked"},
            "utter_handback_outcome",
        ),
        ({"outcome": "Your refund is booked."}, "utter_handback_outcome_unnamed"),
        ({"agent": "Maria", "disposition": "resolved"}, "utter_handback_resolved"),
        ({"agent": "Maria", "disposition": "follow_up"}, "utter_handback_follow_up"),
        (
            {"agent": "Maria", "disposition": "ticket_opened"},
            "utter_handback_ticket_opened",
        ),
        ({"agent": "Maria", "disposition": "spam"}, "utter_handback"),
        ({"disposition": "resolved"}, "utter_handback"),
        (None, "utter_handback"),
    ],
)
async def test_the_greeting_speaks_the_outcome(chat, handback, response):
    ran = await chat.knows(handback=handback).run(ActionGreetAfterHandback())
    assert ran.responses == [response]
    assert ran.events
    outcome = ran.messages[0].get("outcome")
    assert outcome in (None, "Your refund is booked.")


async def test_the_greeting_drops_a_half_said_yes_and_nothing_an_agent_filled(chat):
    chat.knows(confirm=True, order_number="HP-10421")
    ran = await chat.run(ActionGreetAfterHandback())
    assert ran.slots == {"confirm": None, "blocked_by": None}


def test_an_unknown_language_is_admitted_whatever_the_trigger_is() -> None:
    asked = {"trigger": "negative_sentiment", "evidence": {"language": "it"}}
    own = {"utter_handoff_negative_sentiment": []}
    here = {"is_open": True, "in_line": False}
    assert goodbye(asked, own, **here) == "utter_handoff_language"
    asked = {"trigger": "negative_sentiment", "evidence": {}}
    assert goodbye(asked, own, **here) == "utter_handoff_negative_sentiment"
    assert goodbye(asked, {}, **here) == "utter_handoff"
