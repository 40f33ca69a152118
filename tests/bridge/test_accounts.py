"""Signing in, roles, and who may open a connection from where."""

from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher, extract_parameters

from handoff_bridge.errors import TokenExpired
from handoff_bridge.service.accounts import (
    LOGIN_LASTS,
    Accounts,
    Client,
    Credentials,
    NewAgent,
)
from handoff_bridge.store.database import Database
from handoff_bridge.store.tables import agents
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.house import PASSWORD
from tests.bridge.support.refusals import http_refused, refused
from tests.bridge.support.wire import connected
from tests.bridge.test_tokens import refusal_of


async def sign_in(house: House, email: str, password: str) -> httpx.Response:
    body = {"email": email, "password": password}
    return await house.http.post("/auth/login", json=body)


async def test_login_gives_a_token_and_the_same_as_a_cookie(house: House) -> None:
    answer = await sign_in(house, " Maria@Example.com", PASSWORD)
    assert answer.status_code == 200
    body = answer.json()
    cookie = SimpleCookie(answer.headers["set-cookie"])["tandem_agent"]
    assert cookie.value == body["token"]
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "strict"
    assert cookie["path"] == "/"
    assert int(cookie["max-age"]) == LOGIN_LASTS.total_seconds()
    by_cookie = await house.http.get("/auth/me")
    by_token = await house.get("/auth/me", body["token"])
    assert by_cookie.json() == by_token.json() == body["agent"]
    assert body["agent"] | {"agent_id": ""} == {
        "agent_id": "",
        "name": "Maria",
        "email": "maria@example.com",
        "role": "agent",
        "team": "returns",
        "second_factor": False,
        "must_enrol": False,
    }
    assert "password" not in answer.text


async def test_cookie_travels_over_https_only_where_a_named_proxy_has_https(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    body = {"email": "maria@example.com", "password": PASSWORD}
    proxied = {"X-Forwarded-Proto": "https"}
    for proxies, is_believed in (("", False), ("127.0.0.1", True)):
        settings = settings_for(
            sqlite_url, assistant.port, tmp_path, forwarded_allow_ips=proxies
        )
        async with House.open(settings, assistant) as house:
            plain = await house.http.post("/auth/login", json=body)
            assert "secure" not in plain.headers["set-cookie"].lower()
            assert "strict-transport-security" not in plain.headers
            safe = await house.http.post("/auth/login", json=body, headers=proxied)
            assert ("secure" in safe.headers["set-cookie"].lower()) is is_believed
            hsts = safe.headers.get("strict-transport-security", "")
            assert hsts.startswith("max-age=") is is_believed


async def test_logout_takes_the_cookie_back(house: House) -> None:
    await sign_in(house, "maria@example.com", PASSWORD)
    assert (await house.http.get("/auth/me")).status_code == 200
    assert (await house.http.post("/auth/logout")).json() == {"ok": True}
    http_refused(await house.http.get("/auth/me"), 401, "unauthorized")


async def test_wrong_password_and_unknown_email_are_answered_alike(
    house: House,
) -> None:
    wrong = await sign_in(house, "maria@example.com", "not this one")
    unknown = await sign_in(house, "nobody@example.com", PASSWORD)
    for answer in (wrong, unknown):
        http_refused(answer, 401, "login_refused")
        assert "set-cookie" not in answer.headers
    assert wrong.json() == unknown.json()


async def test_unknown_email_costs_as_much_as_a_wrong_password(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    verify = PasswordHasher.verify

    def counting(self: PasswordHasher, hashed: str, password: str) -> bool:
        checked.append(hashed)
        return verify(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    database = Database(sqlite_url)
    accounts = Accounts(database, lambda: datetime.now(UTC), "x" * 32)
    for email in ("maria@example.com", "nobody@example.com"):
        with pytest.raises(Exception, match="Email or password"):
            await accounts.login(Credentials(email, "not this one"), Client())
    await database.close()
    known, decoy = (extract_parameters(hashed) for hashed in checked)
    assert known == decoy


async def test_tries_to_log_in_are_limited(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    limits = {"login_limits": "3/minute"}
    settings = settings_for(sqlite_url, assistant.port, tmp_path, **limits)
    async with House.open(settings, assistant) as house:
        for _ in range(3):
            answer = await sign_in(house, "maria@example.com", "a guess")
            http_refused(answer, 401, "login_refused")
        for email in ("maria@example.com", " MARIA@example.com "):
            answer = await sign_in(house, email, PASSWORD)
            http_refused(answer, 429, "rate_limited")
        # A colleague behind the same address is not locked out.
        assert (await sign_in(house, "sam@example.com", PASSWORD)).status_code == 200


async def test_login_lasts_as_long_as_it_says(sqlite_url: str) -> None:
    now = datetime.now(UTC)
    then = now - LOGIN_LASTS
    database = Database(sqlite_url)
    for moment, lasts in (
        (then + timedelta(minutes=1), True),
        (then - timedelta(minutes=1), False),
    ):
        accounts = Accounts(database, lambda moment=moment: moment, "x" * 32)  # type: ignore[misc]
        token, agent = await accounts.login(
            Credentials("maria@example.com", PASSWORD), Client()
        )
        if lasts:
            assert (await accounts.signed_in(token)).agent == agent
        else:
            with pytest.raises(TokenExpired):
                await accounts.signed_in(token)
    await database.close()


async def test_passwords_are_kept_as_argon2_hashes(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    accounts = Accounts(database, lambda: datetime.now(UTC), "x" * 32)
    await accounts.put(NewAgent("maria@example.com", "Maria", "agent"), "a new one")
    async with database.read() as tx:
        rows = (await tx.execute(sa.select(agents))).all()
    await database.close()
    hashes = [row.password_hash for row in rows]
    assert len(set(hashes)) == len(hashes) == 4
    for hashed in hashes:
        assert hashed.startswith("$argon2id$")
        assert extract_parameters(hashed).memory_cost >= 19 * 1024
    stored = repr([tuple(row) for row in rows])
    assert PASSWORD not in stored
    assert "a new one" not in stored


async def test_agent_reads_what_reached_humans_and_supervisors_read_all(
    house: House,
) -> None:
    customer = await house.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")
    conversation = house.assistant.turns[0]["sender"]
    sam, dana = await house.agent("sam"), await house.agent("dana")
    events = f"/conversations/{conversation}/events"
    http_refused(await house.get(events, sam.token), 403, "forbidden")
    note = {"conversation_id": conversation, "text": "hm"}
    refused(await sam.act("note_add", **note), "forbidden")
    synced = await sam.call("sync", {"cursors": {conversation: 0}})
    assert synced["conversations"] == {}
    assert (await house.get(events, dana.token)).status_code == 200
    await customer.ask_for_human()
    assert (await house.get(events, sam.token)).status_code == 200


async def test_reports_are_for_supervisors(house: House) -> None:
    sam, dana = await house.login("sam"), await house.login("dana")
    http_refused(await house.get("/reports/today", sam["token"]), 403, "forbidden")
    assert (await house.get("/reports/today", dana["token"])).status_code == 200


async def test_agent_hears_of_other_agents_chats_only_as_a_supervisor(
    house: House,
) -> None:
    customer, maria, row = await house.claimed()
    sam, dana = await house.agent("sam"), await house.agent("dana")
    await customer.say("for Maria")
    await dana.sees("for Maria")
    await maria.act("presence_set", status="busy")
    await sam.next("presence_changed", status="busy")
    assert [e for e in sam.all("event_added") if "for Maria" in str(e)] == []


async def test_namespaces_open_to_the_origins_that_are_theirs(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    shop, evil = "https://shop.example", "https://evil.example"
    origins: dict[str, Any] = {"allowed_origins": shop}
    settings = settings_for(sqlite_url, assistant.port, tmp_path, **origins)
    async with House.open(settings, assistant) as house:
        maria = {"token": (await house.login("maria"))["token"]}
        for origin in (house.url, shop):
            async with connected(house.url, headers={"Origin": origin}) as wire:
                await wire.frame("40")
                await wire.emit("session_request", "{}", ack=1)
                assert (await wire.ack(1))["ok"]
        for origin in (evil, "null", "https://shop.example.evil.example"):
            answer = await house.http.get(
                f"{house.url}/socket.io/?EIO=4&transport=polling",
                headers={"Origin": origin},
            )
            assert answer.status_code == 400, origin
        assert await refusal_of(house, maria, {"Origin": house.url}) is None
        refused(await refusal_of(house, maria, {"Origin": shop}), "unauthorized")
        assert await refusal_of(house, maria, {"Origin": evil}) == "no connection"
