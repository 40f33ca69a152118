"""Signing in at a provider of OpenID Connect, for people whom the desk has."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey

from tests.bridge.conftest import free_port, settings_for
from tests.bridge.support import House, ScriptedAssistant, serving
from tests.bridge.support.house import PASSWORD
from tests.bridge.support.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider
from tests.bridge.support.people import Manager, sign_in
from tests.bridge.support.refusals import http_refused

MARIA = {"sub": "subject-1", "email": "Maria@example.com", "email_verified": True}


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    """One on a port of its own."""
    found = Provider()
    async with serving(found.app) as port:
        found.url = f"http://127.0.0.1:{port}"
        found.claims = dict(MARIA)
        yield found


@pytest.fixture
async def house(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path, provider: Provider
) -> AsyncIterator[House]:
    """A house that trusts it."""
    port = free_port()
    settings = settings_for(
        sqlite_url,
        assistant.port,
        tmp_path,
        bridge_port=port,
        oidc_issuer=provider.url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
    )
    async with House.open(settings, assistant) as opened:
        yield opened


async def begin(browser: httpx.AsyncClient, provider: Provider) -> dict[str, str]:
    """To the provider's page and back again, as far as the address."""
    away = await browser.get("/api/v1/auth/oidc")
    assert away.status_code == 303
    cookie = away.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie
    return provider.authorize(away.headers["location"])


def browser_of(house: House) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=house.url, trust_env=False)


async def come_back(browser: httpx.AsyncClient, params: dict[str, str]) -> str:
    """Where the bridge sends them then."""
    answer = await browser.get("/api/v1/auth/oidc/callback", params=params)
    assert answer.status_code == 303, answer.text
    assert "tandem_oidc" not in browser.cookies
    return str(answer.headers["location"])


async def signed_in(house: House, provider: Provider) -> tuple[str, Any]:
    """Where a sign-in ends, and who one is then."""
    async with browser_of(house) as browser:
        place = await come_back(browser, await begin(browser, provider))
        return place, (await browser.get("/api/v1/auth/me")).json()


def refused_with(place: str, code: str) -> None:
    assert place == f"/inbox#sign-in-refused={code}"


async def test_email_counts_the_first_time_and_the_subject_afterwards(
    house: House, provider: Provider
) -> None:
    options = (await house.http.get("/auth/options")).json()
    assert options == {"oidc": True, "second_factor": "optional"}
    place, me = await signed_in(house, provider)
    assert (place, me["name"]) == ("/inbox", "Maria")
    # Another email of the same subject.
    provider.claims = {**MARIA, "email": "sam@example.com"}
    assert (await signed_in(house, provider))[1]["name"] == "Maria"
    # Another subject with Maria's email is somebody else.
    provider.claims = {**MARIA, "sub": "subject-2"}
    place, me = await signed_in(house, provider)
    refused_with(place, "oidc_unknown")
    assert me["error"] == "unauthorized"
    body = (await sign_in(house, "maria@example.com", PASSWORD)).json()
    path = f"/people/{body['agent']['agent_id']}/sessions"
    listed = (await house.get(path, body["token"])).json()["sessions"]
    assert sorted(one["via"] for one in listed) == ["oidc", "oidc", "password"]


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"email_verified": False}, "oidc_unknown"),
        ({"email_verified": None}, "oidc_unknown"),
        ({"email_verified": "true"}, "oidc_unknown"),
        ({"email": "nobody@example.com"}, "oidc_unknown"),
        ({"nonce": "another one"}, "oidc_refused"),
        ({"nonce": None}, "oidc_refused"),
        ({"aud": "another client"}, "oidc_refused"),
        ({"iss": "https://elsewhere.example"}, "oidc_refused"),
        ({"exp": int(time.time()) - 3_600}, "oidc_refused"),
        ({"sub": None}, "oidc_refused"),
    ],
)
async def test_token_that_does_not_hold_signs_nobody_in(
    house: House, provider: Provider, claims: dict[str, Any], code: str
) -> None:
    provider.claims |= claims
    place, me = await signed_in(house, provider)
    refused_with(place, code)
    assert me["error"] == "unauthorized"


async def test_token_of_another_key_is_refused(
    house: House, provider: Provider
) -> None:
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "one"})
    refused_with((await signed_in(house, provider))[0], "oidc_refused")


async def test_what_was_not_begun_here_is_refused(
    house: House, provider: Provider
) -> None:
    async with browser_of(house) as browser, browser_of(house) as victim:
        params = await begin(browser, provider)
        # Another browser, which began nothing; then one that began something else.
        refused_with(await come_back(victim, params), "oidc_refused")
        await begin(victim, provider)
        refused_with(await come_back(victim, params), "oidc_refused")
        wrong = {**params, "state": "another"}
        refused_with(await come_back(browser, wrong), "oidc_refused")
        # The flow is over with that.
        refused_with(await come_back(browser, params), "oidc_refused")


async def test_who_is_disabled_is_refused(house: House, provider: Provider) -> None:
    await signed_in(house, provider)
    olive = await Manager.of(house)
    await olive.change("Maria", account="disabled")
    refused_with((await signed_in(house, provider))[0], "account_disabled")
    provider.claims = {**MARIA, "sub": "s", "email": "sam@example.com"}
    await olive.change("Sam", account="disabled")
    refused_with((await signed_in(house, provider))[0], "account_disabled")


async def test_provider_that_is_down_is_told_on_the_page(
    house: House, provider: Provider
) -> None:
    async with browser_of(house) as browser:
        assert house.bridge is not None and house.bridge.oidc is not None
        house.bridge.oidc._issuer = f"http://127.0.0.1:{free_port()}"
        answer = await browser.get("/api/v1/auth/oidc")
        refused_with(answer.headers["location"], "oidc_refused")


async def test_without_a_provider_there_is_no_such_door(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    settings = settings_for(sqlite_url, assistant.port, tmp_path)
    async with House.open(settings, assistant) as house:
        http_refused(await house.http.get("/auth/oidc"), 501, "not_available")
        assert not (await house.http.get("/auth/options")).json()["oidc"]
