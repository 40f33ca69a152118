"""`python -m handoff_bridge.cli people` and `seed`, beside a bridge that runs."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

from handoff_bridge.settings import Settings
from tests.bridge.support import House
from tests.bridge.support.bridges import ROOT, _environment
from tests.bridge.support.house import PASSWORD
from tests.bridge.support.people import NEW_PASSWORD, accept, sign_in, token_of
from tests.bridge.support.refusals import http_refused
from tests.bridge.test_logins import asks_often as asks_often
from tests.bridge.test_logins import has_ended


async def command(settings: Settings, *words: str, **more: str) -> tuple[int, str, str]:
    """Exit code, what it prints, and what it complains of.

    The house goes on meanwhile: it may hold the database that the command wants.
    """
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "handoff_bridge.cli", *words],
        env={**_environment(settings), "COLUMNS": "160", **more},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


async def people(house: House, *words: str) -> str:
    code, out, err = await command(house.settings, "people", *words)
    assert code == 0, err
    return out


async def test_owner_is_added_and_signs_in_by_the_link(house: House) -> None:
    link = await people(
        house, "add", "ann@example.com", "--role", "owner", "--name", "Ann Lee"
    )
    assert link.startswith(f"http://127.0.0.1:{house.settings.bridge_port}/admin#")
    token = token_of(link.strip())
    assert (await accept(house, token)).status_code == 200
    me = (await sign_in(house, "ann@example.com", NEW_PASSWORD)).json()["agent"]
    assert (me["name"], me["role"]) == ("Ann Lee", "owner")
    listed = await people(house, "list")
    assert re.search(r"Ann Lee +ann@example.com +owner +no +offline", listed)
    assert "invited" not in listed


async def test_running_bridge_notices_who_is_disabled(house: House) -> None:
    maria = await house.agent()
    await people(house, "disable", "maria@example.com")
    await has_ended(maria)
    await people(house, "enable", "maria@example.com")
    assert (await sign_in(house, "maria@example.com", PASSWORD)).status_code == 200
    assert "127.0.0.1" in await people(house, "sessions", "maria@example.com")
    assert "No sessions." in await people(
        house, "sessions", "maria@example.com", "--end"
    )
    token = token_of((await people(house, "reset", "maria@example.com")).strip())
    answer = await sign_in(house, "maria@example.com", PASSWORD)
    http_refused(answer, 401, "login_refused")
    assert (await accept(house, token)).status_code == 200
    await people(house, "delete", "maria@example.com")
    assert "Maria" not in await people(house, "list")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("disable", "owner@example.com"), "This is the last owner"),
        (("delete", "owner@example.com"), "This is the last owner"),
        (("invite", "nobody@example.com"), "Nobody here has the email"),
        (("add", "maria@example.com"), "Somebody here has this email address"),
        (("add", "no-email"), "email: "),
        (("add", "jo@example.com", "--role", "king"), "role: "),
    ],
)
async def test_refusal_is_one_sentence(
    house: House, words: tuple[str, ...], told: str
) -> None:
    code, out, err = await command(house.settings, "people", *words)
    assert (code, out) == (1, "")
    assert err.startswith(told) and err.count("\n") == 1


async def test_demo_logins_end_where_the_shop_is_a_real_one(
    house: House, tmp_path: Path
) -> None:
    real = {"BACKOFFICE_URL": "https://shop.example"}
    code, out, _ = await command(house.settings, "seed", **real)
    assert (code, out) == (0, "")
    answer = await sign_in(house, "maria@example.com", PASSWORD)
    http_refused(answer, 401, "account_disabled")
    demo = {**real, "DEMO_PASSWORD": "the demo's own"}
    assert (await command(house.settings, "seed", **demo))[0] == 0
    for name in ("maria", "sam", "dana", "owner"):
        answer = await sign_in(house, f"{name}@example.com", "the demo's own")
        assert answer.status_code == 200, name
    code, out, _ = await command(house.settings, "seed")
    assert out.startswith("DEMO_PASSWORD=")


async def test_real_shop_starts_with_nobody(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        service_token="a-token-of-the-tests",
        secret_key="a-secret-key-of-the-tests-alone-0",
        identity_secret="an-identity-secret-of-the-tests-0",
        backoffice_url="https://shop.example",
    )
    assert (await command(settings, "seed"))[:2] == (0, "")
    assert "Nobody yet" in (await command(settings, "people", "list"))[1]
