"""A customer reads only their own conversation, whoever used the page before."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from handoff_bridge.errors import TokenInvalid
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.assistant import says
from tests.bridge.support.clients import Customer
from tests.bridge.support.refusals import refused

CALLS = {
    "user_uttered": {"message": "let me in"},
    "request_human": {},
    "typing": {},
}


async def refused_everywhere(client: Customer, session_id: str, code: str) -> None:
    """No call that reads or writes works with this token any more."""
    for event, more in CALLS.items():
        refused(await client.call(event, {"session_id": session_id, **more}), code)


async def sees_nothing(house: House, **request: Any) -> Customer:
    """A visitor with this request has a chat of their own, and an empty one."""
    visitor = await house.customer(**request)
    assert visitor.session_id != request["session_id"]
    assert visitor.all("history")[0] == {"messages": [], "last_seq": 0}
    return visitor


async def test_signing_in_does_not_open_the_chat_of_who_gave_a_code(
    each_house: House,
) -> None:
    house = each_house

    async def verifies(_body: dict[str, Any]) -> Any:
        slots = {"authentication": {"customer_id": "c-1", "method": "one_time_code"}}
        return says("Refunded to your account.", slots=slots)

    house.assistant.script = verifies
    first = await house.customer()
    await first.say("it's me")
    await first.hears("Refunded")
    other = await house.customer(
        session_id=first.session_id, identity=house.identity("c-2")
    )
    assert other.session_id != first.session_id
    assert other.all("history")[0]["messages"] == []
    same = await house.customer(
        session_id=first.session_id, identity=house.identity("c-1")
    )
    assert len(same.all("history")[0]["messages"]) == 3


async def test_other_identity_on_a_signed_session_is_another_chat(
    each_house: House,
) -> None:
    house = each_house
    first = await house.customer(identity=house.identity("c-1"))
    await first.say("hello")
    other = await house.customer(
        session_id=first.session_id, identity=house.identity("c-2")
    )
    assert other.session_id != first.session_id
    assert other.all("history")[0]["messages"] == []


async def test_new_customer_may_arrive_in_several_tabs_at_once(
    each_house: House,
) -> None:
    identity = each_house.identity("c-new", name="Ada")
    tabs = await asyncio.gather(
        *(each_house.customer(identity=identity) for _ in range(6))
    )
    assert len({tab.session_id for tab in tabs}) == 6


async def test_signing_in_keeps_the_chat_and_ends_what_it_was_open_with(
    each_house: House,
) -> None:
    house = each_house
    customer = await house.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")
    old = customer.session_id
    tab = await house.customer(session_id=old)
    signed = await house.customer(session_id=old, identity=house.identity("c-1"))
    assert signed.session_id != old
    assert len(signed.all("history")[0]["messages"]) == 3
    assert await tab.next("session_ended") == {"reason": "signed_in"}
    await refused_everywhere(tab, old, "unknown_session")
    await signed.say("for me alone")
    await signed.hears("You said: for me alone")
    fresh = await sees_nothing(house, session_id=old)
    await sees_nothing(house, session_id=old, identity=house.identity("c-2"))
    await fresh.say("I am somebody else")
    await fresh.hears("You said: I am somebody else")
    turns = {turn["message"]: turn for turn in house.assistant.turns}
    assert turns["for me alone"]["identity"]["customer_id"] == "c-1"
    assert "identity" not in turns["I am somebody else"]
    assert "for me alone" not in str([tab.events, fresh.events])
    assert "somebody else" not in str(signed.events)


async def test_one_connection_may_sign_in_and_goes_on(house: House) -> None:
    customer = await house.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")
    request = {"session_id": customer.session_id, "identity": house.identity("c-1")}
    ack = await customer.call("session_request", {"protocol": 1, **request})
    assert ack["session_id"] not in ("", customer.session_id)
    customer.session_id = ack["session_id"]
    await customer.say("again")
    await customer.hears("You said: again")
    assert customer.all("session_ended") == []


async def test_lost_answer_to_signing_in_loses_no_chat(each_house: House) -> None:
    house = each_house
    customer = await house.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")
    request = {
        "session_id": customer.session_id,
        "identity": house.identity("c-1"),
    }
    first, second = await asyncio.gather(
        house.customer(**request), house.customer(**request)
    )
    for tab in (first, second):
        assert len(tab.all("history")[0]["messages"]) == 3
    await first.say("both of us")
    await second.next("user_echo", text="both of us")


async def test_page_without_identity_does_not_open_a_signed_chat(
    each_house: House,
) -> None:
    house = each_house
    signed = await house.customer(identity=house.identity("c-1"))
    await signed.say("my secret")
    await signed.hears("You said: my secret")
    visitor = await sees_nothing(house, session_id=signed.session_id)
    await visitor.say("change the address")
    await visitor.hears("You said: change the address")
    assert "identity" not in house.assistant.turns[-1]
    assert "my secret" not in str(visitor.events)
    await signed.say("still mine")
    await signed.hears("You said: still mine")
    assert house.assistant.turns[-1]["identity"]["customer_id"] == "c-1"


async def test_two_customers_proposing_one_session_are_limited_as_arrivals(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    settings = settings_for(
        sqlite_url, assistant.port, tmp_path, session_limits="4/minute"
    )
    async with House.open(settings, assistant) as house:
        customer = await house.customer(identity=house.identity("c-1"))
        own = {"session_id": customer.session_id, "identity": house.identity("c-1")}
        other = own | {"identity": house.identity("c-2")}
        nobody = {"session_id": customer.session_id}
        for _ in range(6):  # makes nothing
            assert (await customer.call("session_request", own))["ok"]
        for request in (other, nobody, {}):
            assert (await customer.call("session_request", request))["ok"]
        for request in (other, nobody, {}, {"session_id": "no such thing"}):
            refused(await customer.call("session_request", request), "rate_limited")
        assert (await customer.call("session_request", own))["ok"]
        assert (await customer.say("still here"))["ok"]


async def test_chat_in_which_somebody_else_was_verified_is_never_taken_over(
    each_house: House,
) -> None:
    house = each_house
    verified: dict[str, Any] = {"customer_id": "c-1", "method": "one_time_code"}

    async def verifies(body: dict[str, Any]) -> Any:
        slots = {"authentication": verified} if body["message"] == "it's me" else {}
        return says(f"You said: {body['message']}", slots=slots)

    house.assistant.script = verifies
    first, maria = await house.customer(), await house.agent()
    for text in ("it's me", "forget me"):
        await first.say(text)
        await first.hears(f"You said: {text}")
    await sees_nothing(
        house, session_id=first.session_id, identity=house.identity("c-2")
    )
    # And who has been forgotten is not shown to agents as the one who writes.
    await first.ask_for_human()
    row = await maria.queued()
    packet = (await house.get(f"/handoffs/{row['handoff_id']}", maria.token)).json()
    assert packet["customer"].get("id") is None
    assert row["verified"] is False


async def test_row_says_whether_the_customer_has_proved_who_they_are(
    house: House,
) -> None:
    customer = await house.customer(identity=house.identity("c-1"))
    maria = await house.agent()
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    assert row["verified"] is True
    # Having left the agent they are to prove it again.
    await customer.call("leave", {"session_id": customer.session_id})
    found = await house.get("/handoffs", maria.token)
    assert found.json()["handoffs"][0]["verified"] is False


@pytest.mark.parametrize(
    ("claims", "named"),
    [
        ({"customer_id": 7}, "customer_id"),
        ({"customer_id": None}, "customer_id"),
        ({"customer_id": ""}, "customer_id"),
        ({"customer_id": "   "}, "customer_id"),
        ({"customer_id": "c" * 65}, "customer_id"),
        ({"customer_id": "c-1\n"}, "customer_id"),
        ({"customer_id": "c\u0000 1"}, "customer_id"),
        ({"customer_id": ["c-1"]}, "customer_id"),
        ({"name": "A" * 201}, "name"),
        ({"name": "Jo\r\nAgent: paid"}, "name"),
        ({"name": "Jo \u202eevil"}, "name"),
        ({"name": {"first": "Jo"}}, "name"),
        ({"email": "a" * 321}, "email"),
        ({"email": "jo@example.com\u2028"}, "email"),
        ({"email": True}, "email"),
        ({"exp": "soon"}, "exp"),
        ({"exp": "1999999999"}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": -5}, "exp"),
        ({"exp": 1e300}, "exp"),
        ({"exp": float("nan")}, "exp"),
        ({"exp": float("inf")}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": 10**30}, "exp"),
        ({"nbf": "tomorrow"}, ""),
    ],
)
async def test_claims_that_are_wrong_are_refused_by_name(
    house: House, claims: dict[str, Any], named: str
) -> None:
    customer = await house.customer()
    request = {
        "protocol": 1,
        "identity": house.identity(**{"customer_id": "c-1"} | claims),
    }
    answer = await customer.call("session_request", request)
    refused(answer, "token_invalid")
    assert named in answer["message"]
    assert answer["message"].count(".") == 1
    assert len(customer.all("session_confirm")) == 1


async def test_claims_that_are_right_are_taken(house: House) -> None:
    name = "Zoë O'Neil-Łukasz نیلوفر 李"
    for more in (
        {"customer_id": "c" * 64, "name": name, "email": ""},
        {"name": None, "tier": "gold", "iss": "shop", "iat": 1_700_000_000},
        {"exp": 4_102_444_800.5},
    ):
        customer = await house.customer(
            identity=house.identity(**{"customer_id": "c-1"} | more)
        )
        await customer.say("hello")
        await customer.hears("You said: hello")
    told = [turn["identity"] for turn in house.assistant.turns]
    assert told[0] == {"customer_id": "c" * 64, "name": name}
    assert told[1]["customer_id"] == "c-1"
    assert TokenInvalid.code == "token_invalid"
