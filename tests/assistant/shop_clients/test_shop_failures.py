"""The clients on the back office's bad days."""

import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

import pytest

from actions.shop import (
    BackofficeTimedOut,
    BackofficeUnavailable,
    Refused,
    SettingsInvalid,
    Shop,
    ShopError,
    UnexpectedAnswer,
)
from actions.shop.errors import REFUSALS
from actions.shop.settings import Settings

NUMBER = "HP-10428"
# the clients' budget is 4 s; the rest is for a busy machine
BUDGET_SECS = 5.0


def answer(body: bytes, status: str = "200 OK", length: Any = None) -> bytes:
    length = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {length}\r\n\r\n".encode() + body


def test_a_single_500_is_not_noticed(shop: Shop, backoffice: Any) -> None:
    backoffice.fail(mode="error", times=1)

    assert shop.orders.get(NUMBER).number == NUMBER


def test_a_lost_answer_is_asked_for_again_and_acts_once(
    shop: Shop, backoffice: Any
) -> None:
    mails = len(backoffice.mails(NUMBER))
    backoffice.fail(mode="lost", times=1)

    shop.codes.send(NUMBER, key="lost-once")

    assert len(backoffice.mails(NUMBER)) == mails + 1


@pytest.mark.parametrize("mode", ["error", "lost", "down"])
def test_lasting_failure_is_unavailable(shop: Shop, backoffice: Any, mode: str) -> None:
    backoffice.fail(mode=mode)

    with pytest.raises(BackofficeUnavailable) as failed:
        shop.orders.get(NUMBER)
    assert failed.value.code == "backoffice_unavailable"
    with pytest.raises(BackofficeUnavailable):
        shop.tickets.open("Help", key=f"in-{mode}")


def test_a_slow_back_office_times_out_within_the_budget(
    shop: Shop, backoffice: Any
) -> None:
    backoffice.fail(mode="slow", seconds=60)

    for call in (
        lambda: shop.orders.get(NUMBER),
        lambda: shop.codes.send(NUMBER, key="slow"),
    ):
        started = monotonic()
        with pytest.raises(BackofficeTimedOut):
            call()
        assert monotonic() - started < BUDGET_SECS


def test_a_little_slow_is_fine(shop: Shop, backoffice: Any) -> None:
    backoffice.fail(mode="slow", seconds=0.5)

    assert shop.orders.get(NUMBER).number == NUMBER


def test_a_refused_connection_is_unavailable() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, but nobody listens
        port = unused.getsockname()[1]
        shop = Shop(Settings(f"http://127.0.0.1:{port}", "token"))
        started = monotonic()

        with pytest.raises(BackofficeUnavailable):
            shop.orders.get(NUMBER)

        assert monotonic() - started < BUDGET_SECS


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Bad gateway</html>",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b"{}",
        b'{"number": "HP-10428"}',
        b'{"number": "HP-10428", "status": null, "items": 5, "placed_at": 7}',
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_garbage_is_an_unexpected_answer(
    scripted: Any, broken_shop: Shop, body: bytes
) -> None:
    scripted.answer = answer(body)

    with pytest.raises(UnexpectedAnswer):
        broken_shop.orders.get(NUMBER)


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        ("500 Oops", b"not JSON", BackofficeUnavailable),
        ("502 Bad Gateway", b"[]", BackofficeUnavailable),
        ("404 Not Found", b"not JSON", UnexpectedAnswer),
        ("404 Not Found", b'{"error": "of_another_version"}', UnexpectedAnswer),
        ("404 Not Found", b'{"error": ["order_not_found"]}', UnexpectedAnswer),
        ("302 Found", b"{}", UnexpectedAnswer),
        ("401 Unauthorized", b'{"error": "unauthorized"}', UnexpectedAnswer),
    ],
)
def test_failures_of_another_shape_are_not_refusals(
    scripted: Any, broken_shop: Shop, status: str, body: bytes, failure: Any
) -> None:
    scripted.answer = answer(body, status)

    with pytest.raises(failure):
        broken_shop.orders.get(NUMBER)


@pytest.mark.parametrize("sent", [b"", b"HTTP", b"nonsense\r\n\r\n"])
def test_a_cut_connection_is_unavailable(
    scripted: Any, broken_shop: Shop, sent: bytes
) -> None:
    scripted.answer = sent

    with pytest.raises(BackofficeUnavailable):
        broken_shop.orders.get(NUMBER)
    assert len(scripted.requests) == 2  # tried once more


def test_an_answer_cut_in_its_middle_is_unavailable(
    scripted: Any, broken_shop: Shop
) -> None:
    scripted.answer = answer(b'{"number": "HP-10428"', length=500)

    with pytest.raises(BackofficeUnavailable):
        broken_shop.orders.get(NUMBER)


def test_a_trickling_answer_ends_within_the_budget(
    scripted: Any, broken_shop: Shop
) -> None:
    scripted.answer = answer(b"{", length=500)
    scripted.trickle.clear()
    started = monotonic()

    with pytest.raises(BackofficeTimedOut):
        broken_shop.orders.get(NUMBER)

    assert monotonic() - started < BUDGET_SECS


def test_an_endless_answer_is_not_read_to_its_end(
    scripted: Any, broken_shop: Shop
) -> None:
    scripted.answer = answer(b" " * 2_000_000)

    with pytest.raises(UnexpectedAnswer, match="too long"):
        broken_shop.orders.get(NUMBER)


def test_requests_carry_token_and_key(scripted: Any, broken_shop: Shop) -> None:
    scripted.answer = answer(b"{}")
    with pytest.raises(UnexpectedAnswer):
        broken_shop.orders.change_address("HP-1", "here", key="m1:action")

    head = scripted.requests[0].decode()

    assert head.startswith("PUT /orders/HP-1/address HTTP/1.1\r\n")
    assert "Authorization: Bearer token-of-the-tests\r\n" in head
    assert "Idempotency-Key: m1:action\r\n" in head


def test_proxies_of_the_environment_are_not_asked(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")

    assert shop.orders.get(NUMBER).number == NUMBER


def test_one_shop_serves_many_threads(shop: Shop) -> None:
    numbers = [f"HP-{10401 + index}" for index in range(64)]

    with ThreadPoolExecutor(16) as pool:
        orders = list(pool.map(shop.orders.get, numbers))

    assert [order.number for order in orders] == numbers


def test_nothing_personal_is_logged_or_put_into_errors(
    backoffice: Any, scripted: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    backoffice.fail(mode="error")
    texts = []
    for url in (backoffice.url, scripted.url):
        shop = Shop(Settings(url, "token-of-the-tests"))
        with pytest.raises(ShopError) as failed:
            shop.codes.verify("HP-10428", "271828", key="m1")
        texts.append(str(failed.value))

    told = caplog.text + "".join(texts)
    assert "271828" not in told
    assert "HP-10428" not in told
    assert "token-of-the-tests" not in told


def test_every_refusal_has_its_own_code() -> None:
    assert len(REFUSALS) == len(Refused.__subclasses__()) == 32


@pytest.mark.parametrize(
    ("env", "url"),
    [
        ({}, "http://127.0.0.1:8090"),
        ({"BACKOFFICE_PORT": "9001"}, "http://127.0.0.1:9001"),
        ({"BACKOFFICE_URL": "https://shop.internal"}, "https://shop.internal"),
    ],
)
def test_settings_come_from_the_environment(env: dict[str, str], url: str) -> None:
    settings = Settings.from_env({"SERVICE_TOKEN": "secret", **env})

    assert settings.backoffice_url == url
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({}, "SERVICE_TOKEN"),
        ({"SERVICE_TOKEN": "t", "BACKOFFICE_URL": "shop"}, "BACKOFFICE_URL"),
    ],
)
def test_a_bad_setting_is_named(env: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsInvalid, match=named):
        Shop.from_env(env)
