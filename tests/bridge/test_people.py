"""Owners and supervisors add, invite, change, disable and delete their people."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from handoff_bridge.errors import Forbidden
from handoff_bridge.service.people import Changes
from handoff_bridge.store.tables import agents, invitations, logins
from tests.bridge.support import AgentClient, House
from tests.bridge.support.house import PASSWORD
from tests.bridge.support.people import (
    NEW_PASSWORD,
    Manager,
    accept,
    database_of,
    sign_in,
)
from tests.bridge.support.refusals import http_refused, refused
from tests.bridge.test_logins import asks_often as asks_often
from tests.bridge.test_logins import has_ended, opens_nothing

WAIT_SECS = 10


async def test_somebody_is_added_invited_and_works(each_house: House) -> None:
    house = each_house
    olive = await Manager.of(house)
    jo = await olive.added(" Jo@Example.com", role="supervisor", team="returns")
    assert (jo["email"], jo["account"], jo["role"]) == (
        "jo@example.com",
        "invited",
        "supervisor",
    )
    http_refused(await sign_in(house, jo["email"], ""), 400, "bad_request")
    http_refused(await sign_in(house, jo["email"], "x"), 401, "login_refused")
    token = await olive.link(jo["agent_id"])
    assert (await olive.person("Jo"))["invited_until"]
    look = await house.http.post("/auth/invitation/look", json={"token": token})
    assert look.json()["name"] == "Jo" and look.json()["first"]
    assert (await accept(house, token)).json() == {"ok": True, "email": jo["email"]}
    http_refused(await accept(house, token), 410, "invitation_invalid")
    signed_in = (await sign_in(house, jo["email"], NEW_PASSWORD)).json()
    agent = AgentClient(house.url, signed_in["token"], jo["agent_id"])
    await agent.open()
    own = agent.all("snapshot")[0]["agent"]
    assert (own["role"], own["status"]) == ("supervisor", "available")
    assert (await olive.person("Jo"))["account"] == "active"
    await agent.close()


async def test_links_are_kept_as_hashes_and_the_newest_alone_is_good(
    house: House,
) -> None:
    olive = await Manager.of(house)
    jo = await olive.added()
    first, second = [await olive.link(jo["agent_id"]) for _ in range(2)]
    assert len(first) >= 32 and first != second
    async with database_of(house) as tx:
        [row] = (await tx.execute(sa.select(invitations))).all()
    assert second not in str(row)
    http_refused(await accept(house, first), 410, "invitation_invalid")
    assert (await accept(house, second)).status_code == 200


async def test_link_expires(house: House) -> None:
    olive = await Manager.of(house)
    token = await olive.link((await olive.added())["agent_id"])
    assert house.bridge is not None
    async with house.bridge.database.write() as tx:
        await tx.execute(sa.update(invitations).values(expires_at=datetime.now(UTC)))
    http_refused(await accept(house, token), 410, "invitation_invalid")


async def test_of_two_who_use_a_link_at_once_one_does(each_house: House) -> None:
    house = each_house
    olive = await Manager.of(house)
    token = await olive.link((await olive.added())["agent_id"])
    words = [f"{NEW_PASSWORD} {n}" for n in range(4)]
    answers = await asyncio.gather(*(accept(house, token, word) for word in words))
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410]


@pytest.mark.parametrize(
    ("password", "code"),
    [("too short", "password_too_short"), ("JO@example.com", "password_is_email")],
)
async def test_password_is_refused_and_the_link_stays_good(
    house: House, password: str, code: str
) -> None:
    olive = await Manager.of(house)
    token = await olive.link((await olive.added())["agent_id"])
    http_refused(await accept(house, token, password), 422, code)
    assert (await accept(house, token)).status_code == 200


async def test_reset_ends_password_and_logins_at_once(each_house: House) -> None:
    house = each_house
    maria, dana = await house.agent(), await Manager.of(house, "dana")
    token = await dana.link(maria.agent_id, "reset")
    await has_ended(maria)
    await opens_nothing(house, maria.token)
    email = "maria@example.com"
    http_refused(await sign_in(house, email, PASSWORD), 401, "login_refused")
    assert (await accept(house, token)).status_code == 200
    assert (await sign_in(house, email, NEW_PASSWORD)).status_code == 200


async def test_own_password_takes_the_present_one_and_ends_other_logins(
    house: House,
) -> None:
    here, elsewhere = await house.agent(), await house.agent()
    headers = {"Authorization": f"Bearer {here.token}"}

    async def change(present: str, password: str) -> Any:
        body = {"present": present, "password": password}
        return await house.http.post("/auth/password", json=body, headers=headers)

    http_refused(await change("a guess", NEW_PASSWORD), 403, "password_wrong")
    http_refused(await change(PASSWORD, "short"), 422, "password_too_short")
    assert (await change(PASSWORD, NEW_PASSWORD)).json() == {"ok": True}
    await has_ended(elsewhere)
    assert (await house.get("/auth/me", here.token)).status_code == 200
    answer = await sign_in(house, "maria@example.com", PASSWORD)
    http_refused(answer, 401, "login_refused")


async def test_disabling_acts_at_once_and_enabling_undoes_it(each_house: House) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    sam = await house.agent("sam")
    dana = await Manager.of(house, "dana")
    assert (await dana.change("Maria", account="disabled")).status_code == 200
    await has_ended(maria)
    await opens_nothing(house, maria.token)
    again = await sam.next("handoff_queued", handoff_id=row["handoff_id"])
    requeued = again["handoff"]["requeued"]
    assert requeued["reason"] == "agent_disabled"
    assert requeued["agent"]["name"] == "Maria"
    await customer.hears("Maria can't go on with this chat")
    await customer.hears("You're first in line")
    email = "maria@example.com"
    http_refused(await sign_in(house, email, PASSWORD), 401, "account_disabled")
    http_refused(await sign_in(house, email, "a guess"), 401, "login_refused")
    told = await house.agent("dana")
    assert "Maria" not in [one["name"] for one in told.all("snapshot")[0]["agents"]]
    assert (await sam.claim(again["handoff"]))["agent"]["name"] == "Sam"
    assert (await dana.change("Maria", account="active")).status_code == 200
    assert (await sign_in(house, email, PASSWORD)).status_code == 200


async def test_who_is_deleted_leaves_a_name_in_the_log_and_a_free_email(
    each_house: House,
) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="I am Maria"
    )
    olive = await Manager.of(house)
    await olive.done("DELETE", f"/people/{maria.agent_id}")
    await has_ended(maria)
    await opens_nothing(house, maria.token)
    sam = await house.agent("sam")
    again = sam.all("snapshot")[0]["queue"][0]
    assert again["requeued"]["reason"] == "agent_disabled"
    assert again["requeued"]["agent"]["name"] == "Maria"
    events = await house.events(sam, row["conversation_id"])
    said = next(event for event in events if event.get("text") == "I am Maria")
    assert said["actor"]["name"] == "Maria"
    listed = (await olive.done("GET", "/people"))["people"]
    assert "Maria" not in [person["name"] for person in listed]
    answer = await olive.call("PATCH", f"/people/{maria.agent_id}", {"name": "X"})
    http_refused(answer, 404, "unknown_agent")
    async with database_of(house) as tx:
        query = sa.select(agents).where(agents.c.agent_id == maria.agent_id)
        row = (await tx.execute(query)).one()
    assert (row.name, row.password_hash, row.team) == ("Maria", "", None)
    assert (await olive.added("maria@example.com"))["email"] == "maria@example.com"


async def test_chat_is_passed_on_to_nobody_who_is_disabled(house: House) -> None:
    _, maria, row = await house.claimed()
    dana = await Manager.of(house, "dana")
    sam = await dana.person("Sam")
    await dana.change("Sam", account="disabled")
    ack = await maria.act(
        "handoff_transfer", handoff_id=row["handoff_id"], agent_id=sam["agent_id"]
    )
    refused(ack, "unknown_agent")


async def test_chat_that_waits_for_who_is_disabled_waits_for_anybody(
    each_house: House,
) -> None:
    house = each_house
    _, maria, row = await house.claimed()
    dana = await Manager.of(house, "dana")
    sam_id = (await dana.person("Sam"))["agent_id"]
    handoff_id = row["handoff_id"]
    await maria.act("handoff_transfer", handoff_id=handoff_id, agent_id=sam_id)
    assert (await dana.change("Sam", account="disabled")).status_code == 200
    await maria.until(
        lambda: any(
            "for_agent" not in told["handoff"]
            for told in maria.all("handoff_updated")
            if told["handoff_id"] == handoff_id
        ),
        "a row that is for anybody",
    )
    assert (await maria.claim({"handoff_id": handoff_id}))["state"] == "claimed"


async def test_hand_back_under_way_ends_by_itself(house: House) -> None:
    customer, maria, row = await house.claimed()
    began, go_on = asyncio.Event(), asyncio.Event()
    greet = house.assistant.handback_script

    async def slowly(body: dict[str, Any]) -> Any:
        began.set()
        await go_on.wait()
        return await greet(body)

    house.assistant.handback_script = slowly
    call = asyncio.create_task(
        maria.act(
            "handoff_return",
            handoff_id=row["handoff_id"],
            disposition="resolved",
            outcome="refunded",
        )
    )
    await began.wait()
    olive = await Manager.of(house)
    assert (await olive.change("Maria", account="disabled")).status_code == 200
    go_on.set()
    await customer.hears("Maria has left the chat")
    call.cancel()


async def test_email_is_taken_once(each_house: House) -> None:
    olive = await Manager.of(each_house)
    body = {"email": "MARIA@example.com", "name": "Another"}
    http_refused(await olive.call("POST", "/people", body), 409, "email_taken")
    bodies = [{"email": "jo@example.com", "name": f"Jo {n}"} for n in range(4)]
    added = await asyncio.gather(
        *(olive.call("POST", "/people", body) for body in bodies)
    )
    assert sorted(one.status_code for one in added) == [200, 409, 409, 409]


async def test_supervisors_manage_agents_and_nobody_else(house: House) -> None:
    dana = await Manager.of(house, "dana")
    for name in ("Olive", "Dana"):
        person = await dana.person(name)
        assert not person["manageable"]
        http_refused(await dana.change(name, name="X"), 403, "forbidden")
        path = f"/people/{person['agent_id']}"
        for method, rest in (("DELETE", ""), ("POST", "/invite")):
            http_refused(await dana.call(method, path + rest, {}), 403, "forbidden")
    http_refused(await dana.change("Maria", role="owner"), 403, "forbidden")
    body = {"email": "jo@example.com", "name": "Jo", "role": "supervisor"}
    http_refused(await dana.call("POST", "/people", body), 403, "forbidden")
    changed = await dana.change(
        "Maria", skills={"returns": 5}, languages=["de"], team="", name="Mia"
    )
    assert changed.json()["skills"] == {"returns": 5}
    assert changed.json()["languages"] == ["de"]
    assert "team" not in changed.json()
    maria = await Manager.of(house, "maria")
    http_refused(await maria.call("GET", "/people"), 403, "forbidden")


@pytest.mark.parametrize(
    "changes",
    [
        {"skills": {"returns": 6}},
        {"skills": {"returns": 0}},
        {"skills": {"": 1}},
        {"languages": ["not a language"]},
        {"role": "king"},
        {"account": "invited"},
        {"name": ""},
    ],
)
async def test_what_makes_no_sense_is_refused(
    house: House, changes: dict[str, Any]
) -> None:
    olive = await Manager.of(house)
    before = await olive.person("Maria")
    http_refused(await olive.change("Maria", **changes), 400, "bad_request")
    assert await olive.person("Maria") == before


async def test_last_owner_stays_and_nobody_ends_themselves(each_house: House) -> None:
    house = each_house
    olive = await Manager.of(house)
    path = f"/people/{olive.agent_id}"
    http_refused(await olive.change("Olive", role="agent"), 409, "last_owner")
    http_refused(await olive.change("Olive", account="disabled"), 409, "own_account")
    http_refused(await olive.call("DELETE", path), 409, "own_account")
    # Somebody who has never signed in is nobody to leave a desk to.
    ann = await olive.added("ann@example.com", role="owner")
    http_refused(await olive.change("Olive", role="agent"), 409, "last_owner")
    await accept(house, await olive.link(ann["agent_id"]))
    assert (await olive.change("Olive", role="supervisor")).status_code == 200


@asynccontextmanager
async def owners_held(house: House) -> AsyncIterator[None]:
    """Nobody changes an owner meanwhile; on SQLite nobody changes anything."""
    assert house.bridge is not None
    async with house.bridge.database.write() as tx:
        query = sa.select(agents.c.agent_id).where(agents.c.role == "owner")
        await tx.execute(query.with_for_update())
        yield


async def both_wait(house: House) -> None:
    """Until both calls are at the owners; SQLite's writers wait for each other."""
    if house.settings.database.startswith("sqlite"):
        return
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
        "AND datname = current_database()"
    )
    async with asyncio.timeout(WAIT_SECS):
        while True:
            async with database_of(house) as tx:
                if (await tx.execute(waiting)).scalar() == 2:
                    return
            await asyncio.sleep(0.02)


async def test_two_owners_who_disable_each_other_at_once_leave_one(
    each_house: House,
) -> None:
    house = each_house
    olive = await Manager.of(house)
    ann_id = (await olive.added("ann@example.com", role="owner"))["agent_id"]
    await accept(house, await olive.link(ann_id))
    body = (await sign_in(house, "ann@example.com", NEW_PASSWORD)).json()
    ann = Manager(house, body["token"], ann_id)
    off = {"account": "disabled"}
    async with owners_held(house):
        calls = asyncio.gather(
            olive.call("PATCH", f"/people/{ann_id}", off),
            ann.call("PATCH", f"/people/{olive.agent_id}", off),
        )
        await both_wait(house)
    await calls
    async with database_of(house) as tx:
        query = sa.select(agents.c.agent_id).where(
            agents.c.role == "owner", agents.c.disabled_at.is_(None)
        )
        left = (await tx.execute(query)).all()
    assert len(left) == 1


async def test_manager_who_was_disabled_meanwhile_changes_nothing(
    house: House,
) -> None:
    dana, olive = await Manager.of(house, "dana"), await Manager.of(house)
    assert house.bridge is not None
    then = (await house.bridge.accounts.signed_in(dana.token)).agent
    sam_id = (await olive.person("Sam"))["agent_id"]
    await olive.change("Dana", account="disabled")
    with pytest.raises(Forbidden):
        await house.bridge.people.change(then, sam_id, Changes(name="X"))


async def test_another_role_ends_logins_and_rooms(house: House) -> None:
    dana, olive = await house.agent("dana"), await Manager.of(house)
    assert (await olive.change("Dana", role="agent")).status_code == 200
    await has_ended(dana)
    await opens_nothing(house, dana.token)
    body = await house.login("dana")
    http_refused(await house.get("/people", body["token"]), 403, "forbidden")


async def test_sessions_say_from_where_and_end(house: House) -> None:
    maria, elsewhere = await house.agent(), await house.agent()
    path = f"/people/{maria.agent_id}/sessions"
    listed = (await house.get(path, maria.token)).json()["sessions"]
    assert [one["current"] for one in listed].count(True) == 1
    assert {one["address"] for one in listed} == {"127.0.0.1"}
    assert all(one["created_at"] and one["last_seen_at"] for one in listed)
    other = next(one for one in listed if not one["current"])
    me = Manager(house, maria.token, maria.agent_id)
    await me.done("DELETE", f"{path}/{other['session_id']}")
    await has_ended(elsewhere)
    await opens_nothing(house, elsewhere.token)
    answer = await me.call("DELETE", f"{path}/{other['session_id']}")
    http_refused(answer, 404, "unknown_login")
    sam = await Manager.of(house, "sam")
    http_refused(await sam.call("GET", path), 403, "forbidden")
    http_refused(await sam.call("DELETE", path), 403, "forbidden")
    await me.done("DELETE", path)
    assert (await house.get("/auth/me", maria.token)).status_code == 200
    dana = await Manager.of(house, "dana")
    await dana.done("DELETE", path)
    await has_ended(maria)


async def test_login_in_use_is_seen_to_the_minute(house: House) -> None:
    maria = await house.agent()
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    assert house.bridge is not None
    async with house.bridge.database.write() as tx:
        await tx.execute(sa.update(logins).values(last_seen_at=long_ago))
    async with asyncio.timeout(WAIT_SECS):
        while True:
            async with database_of(house) as tx:
                seen = (await tx.execute(sa.select(logins.c.last_seen_at))).scalar()
            if seen > long_ago:
                break
            await asyncio.sleep(0.02)
    await maria.close()


async def test_page_of_another_origin_changes_nothing(house: House) -> None:
    await house.login("owner")
    olive = await Manager.of(house)
    for origin, status in (("http://127.0.0.1:9", 403), (house.url, 200)):
        headers = {"Authorization": f"Bearer {olive.token}", "Origin": origin}
        answer = await house.http.post(
            "/people",
            json={"email": f"{status}@example.com", "name": "Jo"},
            headers=headers,
        )
        assert answer.status_code == status, answer.text


async def test_nobody_takes_their_own_password_away(house: House) -> None:
    olive = await Manager.of(house)
    answer = await olive.call("POST", f"/people/{olive.agent_id}/reset", {})
    assert answer.json()["error"] == "own_account"
    assert (await olive.person("Olive"))["account"] == "active"
