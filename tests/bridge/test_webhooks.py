"""What webhooks are told of a chat, and how supervisors set them up."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from handoff_bridge.protocol.webhook_events import EVENT_TYPES, WEBHOOK_EVENTS
from handoff_bridge.service.webhooks import MAX_WEBHOOKS
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.hooks import LOCAL, Hooks
from tests.bridge.support.people import Manager
from tests.bridge.support.published import check
from tests.bridge.support.receiver import Receiver
from tests.bridge.test_statements import counting, one_a_line


@pytest.fixture
async def hooked(
    database_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> AsyncIterator[House]:
    """A bridge that may send to this machine, on each kind of database."""
    teams = tmp_path / "teams.yml"
    teams.write_text("teams:\n  returns:\n    wrap_up_secs: 60\n  orders:\n", "utf-8")
    more = {**LOCAL, "teams_file": teams}
    settings = settings_for(database_url, assistant.port, tmp_path, **more)
    async with House.open(settings, assistant) as opened:
        yield opened


async def end(agent: Any, row: dict[str, Any], **more: Any) -> None:
    ended = {"handoff_id": row["handoff_id"], "disposition": "resolved", **more}
    assert (await agent.act("handoff_close", **ended))["ok"]


async def test_crm_hears_of_a_handoff_from_the_line_to_its_end(
    hooked: House, receiver: Receiver
) -> None:
    await Hooks.to(hooked, receiver.url)
    maria = await hooked.agent()
    identity = hooked.identity("c-7", name="Ana Lima", email="ana@example.com")
    customer = await hooked.customer(identity=identity)
    await customer.say("where is my parcel? my card is 4111 1111 1111 1111")
    await customer.hears("You said")
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="On its way."
    )
    await end(maria, row)
    ended = await receiver.next_of("handoff.ended")
    await receiver.until(lambda: "conversation.closed" in receiver.types())

    for one in receiver.received:
        model = WEBHOOK_EVENTS[one.event["type"]].__name__
        check(f"#/components/schemas/{model}", one.event, model)
    seqs = [one.event["seq"] for one in receiver.received]
    assert seqs == sorted(seqs)
    kinds = [kind for kind in receiver.types() if kind != "message.created"]
    assert kinds == [
        "conversation.started",
        "handoff.queued",
        "handoff.claimed",
        "handoff.ended",
        "conversation.closed",
    ]
    [asked, answer] = [
        one["data"]["message"]
        for one in receiver.of("message.created")
        if one["data"]["message"]["sender"] in ("customer", "agent")
    ]
    assert "4111 1111" not in str([one.body for one in receiver.received])
    assert asked["redacted"] == ["card"]
    assert answer["agent"]["name"] == "Maria"

    data = ended["data"]
    assert ended["conversation_id"] == row["conversation_id"]
    assert data["conversation"]["customer"] == {
        "customer_id": "c-7",
        "name": "Ana Lima",
        "email": "ana@example.com",
    }
    assert data["handoff"]["agent"]["name"] == "Maria"
    assert data["handoff"]["trigger"] == "customer_request"
    assert data["handoff"]["url"].endswith(f"/inbox#{row['handoff_id']}")
    assert (data["result"], data["disposition"]) == ("closed", "resolved")
    assert "where is my parcel?" in data["request"]
    assert data["summary"] and data["waited_secs"] >= 0 and data["handled_secs"] > 0


async def test_every_other_event_comes_too(hooked: House, receiver: Receiver) -> None:
    rest = [name for name in EVENT_TYPES if name != "message.created"]
    await Hooks.to(hooked, receiver.url, *rest)
    customer, maria, row = await hooked.claimed()
    named = {"handoff_id": row["handoff_id"]}
    assert (await maria.act("handoff_release", **named))["ok"]
    released = (await receiver.next_of("handoff.released"))["data"]
    assert (released["reason"], released["from_agent"]["name"]) == ("released", "Maria")

    dana = await hooked.agent("dana")
    to_maria = {**named, "agent_id": maria.agent_id}
    assert (await dana.act("handoff_transfer", **to_maria))["ok"]
    moved = (await receiver.next_of("handoff.transferred"))["data"]
    assert moved["to_agent"]["name"] == "Maria" and "from_agent" not in moved

    mine = {"session_id": customer.session_id}
    asked = {**mine, "want": "callback", "phone": "+442079460000"}
    left = await customer.call("contact_leave", asked)
    assert left["ok"], left
    contact = (await receiver.next_of("contact.left"))["data"]["contact"]
    assert contact == {"want": "callback", "phone": "+442079460000"}

    survey = {"score": 2, "comment": "too slow"}
    assert (await customer.call("survey", mine | survey))["ok"]
    told = (await receiver.next_of("survey.answered"))["data"]["survey"]
    assert told == survey

    assert (await maria.act("handoff_claim", **named))["ok"]
    await end(maria, row)
    assert (await maria.act("handoff_wrap_up", **named, disposition="spam"))["ok"]
    final = (await receiver.next_of("handoff.wrapped_up"))["data"]
    assert final["disposition"] == "spam"
    await customer.say("one more thing")
    await receiver.next_of("conversation.reopened")
    assert set(receiver.types()) == set(rest)


async def test_customer_who_leaves_the_line_ends_the_handoff(
    hooked: House, receiver: Receiver
) -> None:
    await Hooks.to(hooked, receiver.url, "handoff.ended", "conversation.closed")
    customer = await hooked.customer()
    await customer.ask_for_human()
    await customer.call("leave", {"session_id": customer.session_id})
    ended = (await receiver.next_of("handoff.ended"))["data"]
    assert ended["result"] == "abandoned"
    assert ended["handled_secs"] == 0 and "agent" not in ended["handoff"]


async def test_nobody_listening_costs_no_statement(
    hooked: House, receiver: Receiver
) -> None:
    hooks = await Hooks.to(hooked, receiver.url, "survey.answered")
    customer, maria, _ = await hooked.claimed()
    await hooked.line_is_told()
    for _ in range(2):  # with a webhook for something else, and with none
        with counting() as seen:
            await customer.say("are you there?")
            await maria.sees("are you there?")
        assert len(seen) == 5, one_a_line(seen)
        maria.events.clear()
        await hooks.manager.call("DELETE", hooks.path)
    assert receiver.received == []


async def test_secret_is_shown_once_and_changes(
    hooked: House, receiver: Receiver
) -> None:
    hooks = await Hooks.to(hooked, receiver.url, "survey.answered")
    assert hooks.secret.startswith("whsec_") and len(hooks.secret) > 40
    assert "secret" not in await hooks.standing()
    path = f"{hooks.path}/secret"
    rotated = await hooks.manager.done("POST", path)
    assert rotated["secret"] != hooks.secret
    assert (await hooks.standing())["old_secret_until"] == rotated["old_secret_until"]


async def test_change_and_delete(hooked: House, receiver: Receiver) -> None:
    hooks = await Hooks.to(hooked, receiver.url, "message.created")
    changed = await hooks.manager.done(
        "PATCH",
        hooks.path,
        {"events": ["handoff.ended", "handoff.ended"], "description": "CRM"},
    )
    assert (changed["events"], changed["description"]) == (["handoff.ended"], "CRM")
    body = {"status": "disabled", "description": ""}
    disabled = await hooks.manager.done("PATCH", hooks.path, body)
    assert disabled["disabled_reason"] == "by_hand" and "description" not in disabled
    for path in ("test", "deliveries/none/redeliver"):
        refused = await hooks.manager.call("POST", f"{hooks.path}/{path}")
        assert refused.json()["error"] == "webhook_disabled"
    await hooks.manager.done("DELETE", hooks.path)
    for method, path in (("DELETE", ""), ("GET", "/deliveries"), ("POST", "/test")):
        refused = await hooks.manager.call(method, hooks.path + path)
        assert refused.json()["error"] == "unknown_webhook"


URL = "https://crm.example.com/tandem"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"url": "http://crm.example.com/"}, "invalid_webhook_url"),
        ({"url": "ftp://crm.example.com/"}, "invalid_webhook_url"),
        ({"url": "crm.example.com"}, "invalid_webhook_url"),
        ({"url": "https://"}, "invalid_webhook_url"),
        ({"url": "https://[::1"}, "invalid_webhook_url"),
        ({"url": "https://crm.example.com:99999/"}, "invalid_webhook_url"),
        ({"url": "https://me:secret@crm.example.com/"}, "invalid_webhook_url"),
        ({"url": "https://2130706433/"}, "invalid_webhook_url"),
        ({"url": "https://127.1/"}, "invalid_webhook_url"),
        ({"url": "https://crm.example.com/a b"}, "invalid_webhook_url"),
        ({"url": f"{URL}?{'x' * 2000}"}, "invalid_webhook_url"),
        ({"url": f"{URL}?{'x' * 10_000}"}, "bad_request"),
        ({"url": "https://127.0.0.1/"}, "private_address"),
        ({"url": "https://localhost/"}, "private_address"),
        ({"url": "https://10.1.2.3/"}, "private_address"),
        ({"url": "https://169.254.169.254/latest/meta-data"}, "private_address"),
        ({"url": "https://168.63.129.16/"}, "private_address"),
        ({"url": "https://[::1]/"}, "private_address"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "private_address"),
        ({"url": "https://[64:ff9b::7f00:1]/"}, "private_address"),
        ({"url": "https://0.0.0.0/"}, "private_address"),
        ({"events": ["handoff.exploded"]}, "unknown_event"),
        ({"events": ["test"]}, "unknown_event"),
        ({"events": []}, "bad_request"),
        ({"events": "handoff.ended"}, "bad_request"),
        ({"events": None}, "bad_request"),
        ({"description": "x" * 201}, "bad_request"),
        ({"url": 7}, "bad_request"),
    ],
)
async def test_bad_input_is_refused_in_a_sentence(
    house: House, body: dict[str, Any], error: str
) -> None:
    dana = await Manager.of(house, "dana")
    asked = {"url": URL, "events": ["handoff.ended"]} | body
    refused = (await dana.call("POST", "/webhooks", asked)).json()
    assert refused["error"] == error and refused["message"].endswith(".")
    assert (await dana.done("GET", "/webhooks"))["webhooks"] == []


async def test_there_is_a_limit(house: House) -> None:
    dana = await Manager.of(house, "dana")
    asked = {"url": URL, "events": ["handoff.ended"]}
    for _ in range(MAX_WEBHOOKS):
        await dana.done("POST", "/webhooks", asked)
    refused = await dana.call("POST", "/webhooks", asked)
    assert refused.json()["error"] == "too_many_webhooks"
