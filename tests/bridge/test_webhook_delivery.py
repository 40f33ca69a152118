"""Every event reaches its endpoint, however the endpoint and the bridges behave."""

import asyncio
import hashlib
import hmac
import socket
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from handoff_bridge.service import webhook_dispatcher
from handoff_bridge.service.webhook_dispatcher import MAX_TRIES, pause_after
from handoff_bridge.store import webhook_deliveries, webhooks
from tests.bridge.conftest import free_port, settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.bridges import Bridges
from tests.bridge.support.clients import Customer
from tests.bridge.support.hooks import LOCAL, Hooks
from tests.bridge.support.receiver import Received, Receiver
from tests.bridge.test_two_bridges import houses as houses

SAID = "message.created"


@pytest.fixture
async def hooked(
    database_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> AsyncIterator[House]:
    """A bridge that may send to this machine, and tries again at once."""
    settings = settings_for(database_url, assistant.port, tmp_path, **LOCAL)
    async with House.open(settings, assistant) as opened:
        hurry(opened)
        yield opened


def hurry(house: House) -> None:
    assert house.bridge is not None
    house.bridge.webhook_dispatcher._pause_secs = 0.05
    house.bridge.webhook_client._timeout_secs = 0.5


async def surveyed(house: House, *scores: int) -> Customer:
    """A customer who says what they thought of it: an event for each time."""
    customer = await house.customer()
    for score in scores:
        await answer(customer, score)
    return customer


async def answer(customer: Customer, score: int) -> None:
    call = {"session_id": customer.session_id, "score": score}
    assert (await customer.call("survey", call))["ok"]


def expected(secret: str, one: Received) -> str:
    t = one.headers["Tandem-Signature"].partition(",")[0].removeprefix("t=")
    signed = t.encode() + b"." + one.body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def scores(receiver: Receiver) -> list[int]:
    return [one["data"]["survey"]["score"] for one in receiver.of("survey.answered")]


async def test_delivery_is_signed_by_the_secret_and_for_a_day_by_the_old_one(
    hooked: House, receiver: Receiver
) -> None:
    hooks = await Hooks.to(hooked, receiver.url, "survey.answered")
    customer = await surveyed(hooked, 4)
    [first] = await receiver.until_count(1)
    t, v1 = first.headers["Tandem-Signature"].split(",")
    assert abs(int(t[2:]) - datetime.now(UTC).timestamp()) < 60
    assert v1 == expected(hooks.secret, first)
    assert first.headers["Tandem-Event"] == "survey.answered"
    assert first.headers["Content-Type"] == "application/json"

    rotated = await hooks.manager.done("POST", f"{hooks.path}/secret")
    await answer(customer, 5)
    second = (await receiver.until_count(2))[1]
    _, new, old = second.headers["Tandem-Signature"].split(",")
    assert new == expected(rotated["secret"], second)
    assert old == expected(hooks.secret, second)


async def test_what_fails_is_tried_again_under_the_same_id(
    hooked: House, receiver: Receiver
) -> None:
    hooks = await Hooks.to(hooked, receiver.url, "survey.answered")
    receiver.status, receiver.text = 500, "broken " * 500
    await surveyed(hooked, 4)
    await hooks.until(lambda found: len(found[0]["attempts"]) >= 2)
    standing = await hooks.standing()
    assert standing["failing_since"] and standing["last_attempt"]["status"] == 500
    receiver.status = 200
    [done] = await hooks.until(lambda found: found[0]["state"] == "delivered")
    assert len({one.delivery for one in receiver.received}) == 1
    assert [one["status"] for one in done["attempts"]][-2:] == [500, 200]
    assert len(done["attempts"][0]["response"]) == 1000
    assert "next_attempt_at" not in done and done["payload"]["data"]["survey"]
    standing = await hooks.standing()
    assert "failing_since" not in standing and standing["delivered_at"]


async def test_endpoint_that_is_down_gets_it_once_it_is_up(hooked: House) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    hooks = await Hooks.to(hooked, url, "survey.answered")
    await surveyed(hooked, 4)
    [failed] = await hooks.until(lambda found: bool(found[0]["attempts"]))
    assert failed["attempts"][0]["error"] == "unreachable"
    async with Receiver.listening(port) as receiver:
        await hooks.until(lambda found: found[0]["state"] == "delivered")
        assert scores(receiver) == [4]


async def test_no_redirect_is_followed(hooked: House, receiver: Receiver) -> None:
    hooks = await Hooks.to(hooked, receiver.url, "survey.answered")
    receiver.status = 302
    receiver.headers = {"Location": f"http://127.0.0.1:{receiver.port}/elsewhere"}
    await surveyed(hooked, 4)
    [failed] = await hooks.until(lambda found: bool(found[0]["attempts"]))
    assert failed["attempts"][0]["status"] == 302
    assert {one.path for one in receiver.received} == {"/events"}


@pytest.mark.parametrize("status", [429, 503])
async def test_endpoint_is_left_alone_for_as_long_as_it_asks(
    hooked: House, receiver: Receiver, status: int
) -> None:
    hooks = await Hooks.to(hooked, receiver.url, "survey.answered")
    receiver.status, receiver.headers = status, {"Retry-After": "2"}
    customer = await surveyed(hooked, 1)
    await receiver.until_count(1)
    begun = monotonic()
    receiver.status = 200
    await answer(customer, 2)
    await hooks.until(lambda _: 2 in scores(receiver))
    assert monotonic() - begun > 1.5
    await hooks.until(lambda found: all(one["state"] == "delivered" for one in found))
    assert sorted(scores(receiver)) == [1, 1, 2]


async def test_slow_endpoint_times_out_and_holds_up_no_other(
    hooked: House, receiver: Receiver
) -> None:
    async with Receiver.listening() as slow:
        slow.gate.clear()
        stuck = await Hooks.to(hooked, slow.url, "survey.answered")
        await Hooks.to(hooked, receiver.url, "survey.answered")
        await surveyed(hooked, 1, 2, 3)
        await receiver.until_count(3)
        assert scores(receiver) == [1, 2, 3]
        found = await stuck.until(lambda found: bool(found[-1]["attempts"]))
        assert found[-1]["attempts"][0]["error"] == "timeout"


async def test_chat_is_told_in_order_and_what_fails_holds_up_nothing(
    hooked: House, receiver: Receiver
) -> None:
    hooks = await Hooks.to(hooked, receiver.url, "survey.answered")

    def is_third(one: Received) -> bool:
        return one.event["data"]["survey"]["score"] == 3

    receiver.refuses = is_third
    await asyncio.gather(*(surveyed(hooked, 1, 2, 3, 4, 5) for _ in range(4)))
    await receiver.until(lambda: Counter(scores(receiver))[5] == 4)
    by_chat: dict[str, list[int]] = {}
    for one in receiver.of("survey.answered"):
        by_chat.setdefault(one["conversation_id"], []).append(one["seq"])
    assert len(by_chat) == 4
    for seqs in by_chat.values():
        firsts = [*dict.fromkeys(seqs)]
        assert firsts == sorted(firsts)
    receiver.refuses = lambda _: False
    await hooks.until(lambda found: all(one["state"] == "delivered" for one in found))


async def test_chat_has_one_event_under_way_at_a_time(
    hooked: House, receiver: Receiver
) -> None:
    await Hooks.to(hooked, receiver.url, "survey.answered")
    receiver.takes_secs = 0.1
    await surveyed(hooked, 1, 2, 3, 4)
    await receiver.until_count(4)
    assert receiver.most_at_once == 1
    await asyncio.gather(*(surveyed(hooked, 1) for _ in range(4)))
    await receiver.until_count(8)
    assert receiver.most_at_once > 1


async def test_event_is_given_up_after_a_day_and_can_be_sent_again(
    hooked: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_dispatcher, "LONGEST_PAUSE_SECS", 0.01)
    hooks = await Hooks.to(hooked, receiver.url, "survey.answered")
    receiver.status = 500
    await surveyed(hooked, 4)
    [failed] = await hooks.until(lambda found: found[0]["state"] == "failed")
    assert len(failed["attempts"]) == MAX_TRIES == len(receiver.received)
    receiver.status = 200
    path = f"{hooks.path}/deliveries/{failed['delivery_id']}/redeliver"
    again = await hooks.manager.done("POST", path)
    assert again["delivery_id"] == failed["delivery_id"]
    await hooks.until(lambda found: found[0]["state"] == "delivered")
    assert {one.delivery for one in receiver.received} == {failed["delivery_id"]}


def test_attempts_go_on_for_about_a_day() -> None:
    hours = sum(pause_after(tries) for tries in range(1, MAX_TRIES)) / 3600
    assert 20 < hours < 27


async def test_test_event_is_sent_once(hooked: House, receiver: Receiver) -> None:
    hooks = await Hooks.to(hooked, receiver.url, "survey.answered")
    receiver.status = 500
    sent = await hooks.manager.done("POST", f"{hooks.path}/test")
    assert sent["event"] == "test"
    [failed] = await hooks.until(lambda found: found[0]["state"] == "failed")
    assert failed["delivery_id"] == sent["delivery_id"]
    assert len(receiver.received) == 1 == len(failed["attempts"])
    assert "conversation_id" not in receiver.received[0].event


async def set_columns(house: House, hooks: Hooks, **values: Any) -> None:
    assert house.bridge is not None
    async with house.bridge.database.write() as tx:
        await webhooks.change(tx, hooks.added["webhook_id"], **values)


@pytest.mark.parametrize(("days", "status"), [(3.1, 500), (0, 410)])
async def test_endpoint_that_takes_nothing_for_days_is_disabled(
    hooked: House, receiver: Receiver, days: float, status: int
) -> None:
    hooks = await Hooks.to(hooked, receiver.url, "survey.answered")
    if days:
        since = datetime.now(UTC) - timedelta(days=days)
        await set_columns(hooked, hooks, failing_since=since)
    receiver.status = status
    customer = await surveyed(hooked, 1)
    await hooks.until(lambda found: bool(found[0]["attempts"]))
    standing = await hooks.standing()
    assert standing["status"] == "disabled"
    assert standing["disabled_reason"] == ("failing" if days else "gone")

    receiver.status = 200
    assert hooked.bridge is not None
    await hooked.bridge.webhook_dispatcher.look()
    await answer(customer, 2)
    await hooks.manager.done("PATCH", hooks.path, {"status": "active"})
    await answer(customer, 3)
    await receiver.until(lambda: 3 in scores(receiver))
    # What was waiting comes after all; what happened meanwhile is not told.
    await hooks.until(lambda found: all(one["state"] == "delivered" for one in found))
    assert 2 not in scores(receiver)


async def test_name_that_leads_inside_is_refused_when_it_is_connected_to(
    hooked: House, receiver: Receiver
) -> None:
    assert hooked.bridge is not None
    hooked.bridge.webhook_client._allowed = []
    for host in ("0x7f.1", socket.gethostname()):
        url = f"http://{host}:{receiver.port}/"
        hooks = await Hooks.to(hooked, url, "handoff.ended")
        await hooks.manager.done("POST", f"{hooks.path}/test")
        [failed] = await hooks.until(lambda found: found[0]["state"] == "failed")
        assert failed["attempts"][0]["error"] == "private_address", host
    assert receiver.received == []


async def test_deliveries_are_listed_by_pages_and_forgotten_after_a_month(
    hooked: House, receiver: Receiver
) -> None:
    hooks = await Hooks.to(hooked, receiver.url, "survey.answered")
    await surveyed(hooked, 1, 2, 3)
    await receiver.until_count(3)
    newest, middle = await hooks.deliveries("?limit=2")
    [oldest] = await hooks.deliveries(f"?before={middle['delivery_id']}")
    told = [one["payload"]["data"]["survey"]["score"] for one in (newest, oldest)]
    assert told == [3, 1]
    refused = await hooks.manager.call("GET", f"{hooks.path}/deliveries?before=none")
    assert refused.json()["error"] == "unknown_delivery"

    assert hooked.bridge is not None
    for days, left in ((29, 3), (31, 0)):
        async with hooked.bridge.database.write() as tx:
            now = datetime.now(UTC) + timedelta(days=days)
            await webhook_deliveries.prune(tx, now)
        assert len(await hooks.deliveries()) == left


async def test_looking_at_deliveries_waits_for_none_to_be_made(
    hooked: House, receiver: Receiver
) -> None:
    hooks = await Hooks.to(hooked, receiver.url, "survey.answered")
    assert hooked.bridge is not None
    async with hooked.bridge.database.write() as tx:
        await webhooks.change(tx, hooks.added["webhook_id"], description="at work")
        assert await asyncio.wait_for(hooks.deliveries(), 5) == []


async def test_webhook_that_is_gone_fails_no_customer(
    houses: tuple[House, House],
) -> None:
    one, two = houses
    hooks = await Hooks.to(one, "https://crm.example.com/", SAID)
    assert two.bridge is not None
    await two.bridge.webhook_dispatcher.look()
    await hooks.manager.done("DELETE", hooks.path)
    customer = await two.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")


async def test_two_bridges_deliver_each_event_once(
    houses: tuple[House, House], receiver: Receiver
) -> None:
    one, two = houses
    for house in (one, two):
        assert house.bridge is not None
        house.bridge.webhook_client._allowed = [ip_network("127.0.0.0/8")]
        house.bridge.webhook_client._schemes = ("https", "http")
    hooks = await Hooks.to(one, receiver.url, "survey.answered")
    assert two.bridge is not None
    await two.bridge.webhook_dispatcher.look()
    await asyncio.gather(*(surveyed(house, 1, 2, 3, 4) for house in (one, two) * 3))
    await receiver.until_count(24)
    await hooks.until(lambda found: all(each["state"] == "delivered" for each in found))
    assert Counter(Counter(one.delivery for one in receiver.received).values()) == {
        1: 24
    }


async def test_bridge_that_ends_leaves_its_delivery_to_the_next(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path, receiver: Receiver
) -> None:
    settings = settings_for(sqlite_url, assistant.port, tmp_path, **LOCAL)
    receiver.gate.clear()
    async with House.open(settings, assistant) as first:
        await Hooks.to(first, receiver.url, "survey.answered")
        await surveyed(first, 5)
        await receiver.until_count(1)
    receiver.gate.set()
    async with House.open(settings, assistant):
        before, after = await receiver.until_count(2)
    assert before.delivery == after.delivery


async def test_bridge_killed_in_the_middle_loses_nothing(
    bridges: Bridges, receiver: Receiver
) -> None:
    first, second = await bridges.two(**LOCAL)
    receiver.gate.clear()
    await Hooks.to(first.house, receiver.url, "survey.answered")
    await surveyed(first.house, 1, 2, 3)
    await receiver.until_count(1)
    await first.kill()
    receiver.gate.set()
    async with asyncio.timeout(60):
        while set(scores(receiver)) != {1, 2, 3}:
            await asyncio.sleep(0.2)
    ids = {one.delivery for one in receiver.received}
    assert len(ids) == 3 and len(receiver.received) == 4
    assert scores(receiver) == [1, 1, 2, 3]
