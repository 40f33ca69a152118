"""A customer reads only their own conversation, whoever used the page before."""

import asyncio
from typing import Any

from tests.bridge.support import House
from tests.bridge.support.assistant import says


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
    assert same.session_id == first.session_id
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
