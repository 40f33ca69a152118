"""Who may come in, the one shape of errors, and what never gets into the log."""

import logging
import re
import sqlite3
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from backoffice.app import build_app
from backoffice.settings import Settings

OPEN = {("GET", "/healthz"), ("GET", "/outbox"), ("GET", "/outbox.css")}
# shown in answers and mails of the tests below, so they could be in a line of the log
PRIVATE = ("Jo Marsh", "jo.marsh", "Quay Street", "Mill Lane", "HP-10", "C-2001")


def all_routes() -> list[tuple[str, str]]:
    routes = iter_route_contexts(build_app(Settings("token")).routes)
    return sorted(
        (method, str(route.path)) for route in routes for method in route.methods or ()
    )


CLOSED = [route for route in all_routes() if route not in OPEN]


def test_the_routes_are_known() -> None:
    assert set(all_routes()) >= OPEN
    assert len(CLOSED) == 37


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer wrong",
        "Basic token-of-the-tests",
        "token-of-the-tests",
        "Bearer token-of-the-tests ünd".encode(),
    ],
)
def test_every_closed_route_asks_for_the_service_token(
    shop: Any, refusal: Any, header: Any
) -> None:
    del shop.client.headers["Authorization"]
    headers = {} if header is None else {"Authorization": header}
    for method, path in [*CLOSED, ("GET", "/nowhere"), ("POST", "/outbox")]:
        answer = shop.client.request(method, path, headers=headers, content=b"{")
        assert refusal(answer) == (401, "unauthorized"), (method, path)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), sorted(OPEN))
def test_the_open_routes_ask_for_nothing(shop: Any, method: str, path: str) -> None:
    del shop.client.headers["Authorization"]

    assert shop.client.request(method, path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not_found"),
        ("GET", "/orders", 404, "not_found"),
        ("GET", "/docs", 404, "not_found"),
        ("GET", "/openapi.json", 404, "not_found"),
        ("DELETE", "/orders/HP-10428", 405, "method_not_allowed"),
        ("GET", "/customers/C-1", 404, "customer_not_found"),
        ("POST", "/customers/C-1/password_reset", 404, "customer_not_found"),
        ("GET", "/outbox.json?limit=0", 422, "bad_request"),
        ("GET", "/outbox.json?limit=many", 422, "bad_request"),
    ],
)
def test_what_is_not_there_answers_in_the_one_shape(
    shop: Any, refusal: Any, method: str, path: str, status: int, code: str
) -> None:
    assert refusal(shop.send(method, path)) == (status, code)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"{}",
        b'{"order_number": null}',
        b'{"order_number": 10428}',
        b'{"order_number": ""}',
        b'{"order_number": "\\ud800"}',
        b'{"order_number": "%s"}' % (b"1" * 1_000_000),
    ],
)
def test_a_body_not_understood_answers_in_the_one_shape(
    shop: Any, refusal: Any, content: bytes
) -> None:
    headers = {"Content-Type": "application/json"}
    for path in ("/codes", "/codes/verify"):
        answer = shop.client.post(path, content=content, headers=headers)
        assert refusal(answer) == (422, "bad_request")


def test_a_key_too_long_is_refused(shop: Any, refusal: Any) -> None:
    answer = shop.post("/tickets", {"subject": "A"}, key="k" * 201)

    assert refusal(answer) == (422, "bad_request")


def test_a_refused_field_is_not_repeated_in_the_answer(shop: Any) -> None:
    secret = "4 Mill Lane " * 100

    answer = shop.send("PUT", "/orders/HP-10421/address", {"address": secret})

    assert answer.status_code == 422
    assert "Mill Lane" not in answer.text


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All lines with their tracebacks, but for those of the test's own client."""
    formatter = logging.Formatter("%(name)s %(message)s")
    return "\n".join(
        formatter.format(record)
        for record in caplog.records
        if not record.name.startswith(("httpx", "httpcore"))
    )


def test_no_code_and_nothing_personal_is_logged(
    serving: Any, settings: Settings, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="backoffice")
    caplog.set_level(logging.INFO)
    with serving(settings, clock) as shop:
        code = everything(shop)

    lines = logged(caplog)  # complete, since the server has ended
    assert "POST /codes/verify 200" in lines
    assert "PUT /orders/{number}/address 200" in lines
    assert code not in lines
    assert not [word for word in PRIVATE if word.lower() in lines.lower()]


def everything(shop: Any) -> str:
    """Calls every route once in good order and once in bad; tells the code used."""
    order = {"order_number": "HP-10428"}
    shop.post("/codes", order)
    code = re.search(r"\b\d{6}\b", shop.mails(email="jo.marsh@example.com")[0]["body"])
    assert code
    shop.post("/codes/verify", {**order, "code": code.group()}, key="m1")
    shop.post("/codes/verify", {**order, "code": code.group()})
    shop.post("/codes/verify", {"code": code.group()})
    address = {"address": "4 Mill Lane, Ambleside"}
    shop.send("PUT", "/orders/HP-10434/address", address)
    shop.send("PUT", "/orders/HP-10428/address", address)
    shop.post("/orders/HP-10428/returns", {"reason": "From Jo Marsh"})
    shop.post("/orders/HP-10434/cancel")
    shop.get("/orders/HP-10428")
    shop.get("/orders/HP-10428/nothing")
    shop.get("/customers/C-2001")
    shop.post("/customers/C-2001/password_reset")
    shop.post("/tickets", {"subject": "For jo.marsh@example.com", **order})
    shop.get("/outbox")
    shop.get("/outbox.json", order_number="HP-10428")
    return code.group()


def test_what_breaks_answers_500_and_logs_no_personal_data(
    serving: Any,
    settings: Settings,
    clock: Any,
    refusal: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with serving(settings, clock) as shop:
        with sqlite3.connect(settings.database) as database:
            database.execute("DROP TABLE tickets")
        answer = shop.post("/tickets", {"subject": "From Jo Marsh"}, key="m1")

    assert refusal(answer) == (500, "internal_error")
    assert "no such table" in logged(caplog)
    assert "Jo Marsh" not in logged(caplog)
