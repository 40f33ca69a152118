"""A token dies with its login: in calls, and on connections that are open already."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from handoff_bridge.edges.logins import LoginWatch
from handoff_bridge.service.accounts import Accounts, NewAgent
from handoff_bridge.service.ports import utc_now
from handoff_bridge.store.database import Database
from handoff_bridge.store.tables import logins
from tests.bridge.conftest import settings_for
from tests.bridge.support import AgentClient, House, ScriptedAssistant
from tests.bridge.support.house import PASSWORD
from tests.bridge.support.refusals import http_refused, refused
from tests.bridge.test_tokens import refusal_of

WAIT_SECS = 10


@pytest.fixture(autouse=True)
def asks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "handoff_bridge.app.LoginWatch",
        lambda ended, disconnect, _secs: LoginWatch(ended, disconnect, 0.05),
    )


async def has_ended(agent: AgentClient) -> None:
    """Waits until the server has closed the agent's connection."""
    async with asyncio.timeout(WAIT_SECS):
        await agent.io.wait()
    assert not agent.io.connected


async def opens_nothing(house: House, token: str, code: str = "token_invalid") -> None:
    http_refused(await house.get("/auth/me", token), 401, code)
    refused(await refusal_of(house, {"token": token}, {}), code)


async def log_out(house: House, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    answer = await house.http.post("/auth/logout", headers=headers)
    assert answer.json() == {"ok": True}


async def set_password(url: str, password: str) -> None:
    """As `make run` does at each start."""
    database = Database(url)
    accounts = Accounts(database, utc_now, "only-passwords-are-set-here-00000")
    await accounts.put(NewAgent("maria@example.com", "Maria", "agent"), password)
    await database.close()


async def test_logout_ends_this_login_alone(each_house: House) -> None:
    house = each_house
    maria, elsewhere = await house.agent(), await house.agent()
    await log_out(house, maria.token)
    await has_ended(maria)
    await opens_nothing(house, maria.token)
    assert (await house.get("/auth/me", elsewhere.token)).status_code == 200
    assert (await elsewhere.act("presence_set", status="busy"))["ok"]
    await log_out(house, maria.token)


async def test_logout_by_the_cookie_ends_its_token(house: House) -> None:
    body = {"email": "maria@example.com", "password": PASSWORD}
    token = (await house.http.post("/auth/login", json=body)).json()["token"]
    answer = await house.http.post("/auth/logout")
    cleared = answer.headers["clear-site-data"]
    assert '"cache"' in cleared and '"storage"' in cleared
    await opens_nothing(house, token)


async def test_logout_at_one_bridge_ends_connections_at_another(
    database_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    first, second = (settings_for(database_url, assistant.port, tmp_path) for _ in "12")
    async with (
        House.open(first, assistant) as here,
        House.open(second, assistant) as there,
    ):
        maria = await there.agent()
        await log_out(here, maria.token)
        await has_ended(maria)
        await opens_nothing(there, maria.token)


async def test_new_password_ends_all_logins_and_the_same_one_none(
    each_house: House,
) -> None:
    house = each_house
    maria, sam = await house.agent(), await house.agent("sam")
    await set_password(house.settings.database, PASSWORD)
    assert (await house.get("/auth/me", maria.token)).status_code == 200
    await set_password(house.settings.database, "another one")
    await has_ended(maria)
    await opens_nothing(house, maria.token)
    assert (await house.get("/auth/me", sam.token)).status_code == 200


@pytest.fixture
async def running_out(house: House) -> AsyncIterator[AgentClient]:
    """Maria, whose login is over in this very moment."""
    maria = await house.agent()
    database = Database(house.settings.database)
    async with database.write() as tx:
        await tx.execute(sa.update(logins).values(expires_at=datetime.now(UTC)))
    yield maria
    await database.close()


async def test_login_that_runs_out_ends_open_connections(
    house: House, running_out: AgentClient
) -> None:
    await has_ended(running_out)
    await opens_nothing(house, running_out.token)


async def test_logins_that_have_run_out_are_forgotten_at_the_start(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    settings = settings_for(sqlite_url, assistant.port, tmp_path)
    async with House.open(settings, assistant) as house:
        await house.login("maria")
    database = Database(sqlite_url)
    async with database.write() as tx:
        await tx.execute(sa.update(logins).values(expires_at=datetime.now(UTC)))
    async with House.open(settings, assistant):
        async with database.read() as tx:
            assert (await tx.execute(sa.select(logins))).all() == []
    await database.close()


async def test_account_is_counted_from_all_addresses(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    settings = settings_for(
        sqlite_url,
        assistant.port,
        tmp_path,
        login_account_limits="3/minute",
        forwarded_allow_ips="127.0.0.1",
    )
    async with House.open(settings, assistant) as house:

        async def try_from(address: str, email: str) -> int:
            answer = await house.http.post(
                "/auth/login",
                json={"email": email, "password": "a guess"},
                headers={"X-Forwarded-For": address},
            )
            return answer.status_code

        maria = "maria@example.com"
        tries = [await try_from(f"192.0.2.{n}", maria) for n in range(5)]
        assert tries == [401, 401, 401, 429, 429]
        assert await try_from("192.0.2.9", "sam@example.com") == 401


async def test_address_is_what_a_named_proxy_says_and_nobody_else(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    for proxies, expected in (("", 429), ("10.0.0.0/8", 429), ("127.0.0.0/8", 401)):
        settings = settings_for(
            sqlite_url,
            assistant.port,
            tmp_path,
            login_limits="1/minute",
            forwarded_allow_ips=proxies,
        )
        async with House.open(settings, assistant) as house:
            for address, status in (("192.0.2.1", 401), ("192.0.2.2", expected)):
                answer = await house.http.post(
                    "/auth/login",
                    json={"email": "maria@example.com", "password": "a guess"},
                    # Whoever calls may put something in front of what is true.
                    headers={"X-Forwarded-For": f"127.0.0.1, 8.8.8.8, {address}"},
                )
                assert answer.status_code == status, (proxies, address)
