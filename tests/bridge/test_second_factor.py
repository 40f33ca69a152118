"""Codes of an authenticator app: good once each, and required where it is set."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa

from handoff_bridge.store.tables import agents
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.house import PASSWORD
from tests.bridge.support.people import Manager, accept, database_of, sign_in
from tests.bridge.support.refusals import http_refused, refused
from tests.bridge.test_tokens import refusal_of

EMAIL = "maria@example.com"


class Phone:
    """An authenticator app whose clock a test moves."""

    def __init__(self, secret: str) -> None:
        self.totp = pyotp.TOTP(secret)

    def code(self, steps: int = 0) -> str:
        now = datetime.now(UTC) + timedelta(seconds=30 * steps)
        return self.totp.at(now)


async def enrolled(house: House) -> tuple[Manager, Phone, list[str]]:
    """Maria, her phone, and her recovery codes. The code before now is used."""
    maria = await Manager.of(house, "maria")
    begun = await maria.done("POST", "/auth/totp", {})
    assert begun["uri"].startswith("otpauth://totp/")
    assert begun["qr"].startswith("data:image/svg+xml")
    phone = Phone(begun["secret"])
    body = {"code": phone.code(-1)}
    codes = (await maria.done("POST", "/auth/totp/confirm", body))["recovery_codes"]
    return maria, phone, codes


async def enter(house: House, code: str | None) -> Any:
    more = {} if code is None else {"code": code}
    return await sign_in(house, EMAIL, PASSWORD, **more)


async def test_code_is_asked_for_and_good_once(each_house: House) -> None:
    house = each_house
    maria, phone, _ = await enrolled(house)
    http_refused(await enter(house, None), 401, "second_factor_needed")
    for wrong in ("000000", "\u0661\u0662\u0663\u0664\u0665\u0666"):
        http_refused(await enter(house, wrong), 403, "second_factor_wrong")
    guess = await sign_in(house, EMAIL, "a guess", code=phone.code())
    http_refused(guess, 401, "login_refused")
    code = phone.code()
    answer = await enter(house, f" {code[:3]} {code[3:]}")
    assert answer.status_code == 200
    assert answer.json()["agent"]["second_factor"]
    http_refused(await enter(house, code), 403, "second_factor_wrong")
    # Of before the one that was used.
    http_refused(await enter(house, phone.code(-1)), 403, "second_factor_wrong")
    assert (await enter(house, phone.code(1))).status_code == 200
    http_refused(await enter(house, phone.code(5)), 403, "second_factor_wrong")


async def test_of_a_code_that_is_sent_several_times_at_once_one_counts(
    each_house: House,
) -> None:
    _, phone, codes = await enrolled(each_house)
    for code in (phone.code(), codes[0]):
        answers = await asyncio.gather(*(enter(each_house, code) for _ in range(4)))
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [200, 403, 403, 403]


async def test_recovery_codes_are_hashes_and_good_once(house: House) -> None:
    maria, _, codes = await enrolled(house)
    assert len(set(codes)) == 10
    async with database_of(house) as tx:
        query = sa.select(agents).where(agents.c.email == EMAIL)
        row = str((await tx.execute(query)).one())
    assert not any(code in row or code.replace("-", "") in row for code in codes)
    assert (await enter(house, codes[3].upper())).status_code == 200
    http_refused(await enter(house, codes[3]), 403, "second_factor_wrong")
    state = await maria.done("GET", "/auth/totp")
    assert state == {"enrolled": True, "required": False, "recovery_codes_left": 9}


async def test_enrolling_ends_other_logins_and_needs_a_code_the_next_time(
    house: House,
) -> None:
    elsewhere = await Manager.of(house, "maria")
    maria, phone, _ = await enrolled(house)
    http_refused(await elsewhere.call("GET", "/auth/me"), 401, "token_invalid")
    http_refused(
        await maria.call("POST", "/auth/totp", {}), 401, "second_factor_needed"
    )
    begun = await maria.done("POST", "/auth/totp", {"code": phone.code()})
    # Until it is confirmed the old one holds.
    other = Phone(begun["secret"])
    http_refused(await enter(house, other.code(1)), 403, "second_factor_wrong")
    body = {"code": "000000"}
    answer = await maria.call("POST", "/auth/totp/confirm", body)
    http_refused(answer, 403, "second_factor_wrong")
    await maria.done("POST", "/auth/totp/confirm", {"code": other.code(-1)})
    assert (await enter(house, other.code())).status_code == 200


async def test_turning_it_off_takes_password_and_code(house: House) -> None:
    maria, phone, _ = await enrolled(house)
    path = "/auth/totp/remove"
    body = {"code": phone.code(), "password": "a guess"}
    http_refused(await maria.call("POST", path, body), 403, "password_wrong")
    body = {"code": "000000", "password": PASSWORD}
    http_refused(await maria.call("POST", path, body), 403, "second_factor_wrong")
    body = {"code": phone.code(), "password": PASSWORD}
    await maria.done("POST", path, body)
    assert (await enter(house, None)).status_code == 200
    answer = await maria.call("POST", path, body)
    http_refused(answer, 409, "second_factor_not_begun")


async def test_reset_keeps_it_unless_it_is_to_go(house: House) -> None:
    maria, phone, _ = await enrolled(house)
    dana = await Manager.of(house, "dana")
    token = await dana.link(maria.agent_id, "reset")
    await accept(house, token, PASSWORD)
    http_refused(await enter(house, None), 401, "second_factor_needed")
    token = await dana.link(maria.agent_id, "reset", second_factor=True)
    await accept(house, token, PASSWORD)
    assert (await enter(house, None)).status_code == 200


@pytest.fixture
async def strict(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> AsyncIterator[House]:
    """A house where everybody needs a second factor."""
    settings = settings_for(
        sqlite_url, assistant.port, tmp_path, second_factor="required"
    )
    async with House.open(settings, assistant) as house:
        yield house


async def test_required_of_everybody_it_is_set_up_before_anything_else(
    strict: House,
) -> None:
    maria = await Manager.of(strict, "maria")
    assert (await maria.done("GET", "/auth/me"))["must_enrol"]
    for path in ("/handoffs", f"/people/{maria.agent_id}/sessions"):
        answer = await maria.call("GET", path)
        http_refused(answer, 403, "second_factor_required")
    refusal = await refusal_of(strict, {"token": maria.token}, {})
    refused(refusal, "second_factor_required")
    begun = await maria.done("POST", "/auth/totp", {})
    phone = Phone(begun["secret"])
    await maria.done("POST", "/auth/totp/confirm", {"code": phone.code()})
    assert (await maria.call("GET", "/handoffs")).status_code == 200
    assert not (await maria.done("GET", "/auth/me"))["must_enrol"]
    body = {"code": phone.code(1), "password": PASSWORD}
    answer = await maria.call("POST", "/auth/totp/remove", body)
    http_refused(answer, 403, "second_factor_required")
