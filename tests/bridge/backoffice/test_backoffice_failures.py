"""Failures on demand."""

from time import monotonic
from typing import Any

import httpx
import pytest

ORDER = "/orders/HP-10428"


def fail(shop: Any, **failure: Any) -> None:
    assert shop.post("/sandbox/failure", failure).status_code == 200


def test_error_answers_500_and_does_nothing(shop: Any, refusal: Any) -> None:
    fail(shop, mode="error")
    answer = shop.post("/orders/HP-10421/cancel")
    fail(shop, mode="none")

    assert refusal(answer) == (500, "internal_error")
    assert shop.get("/orders/HP-10421").json()["status"] == "placed"


def test_lost_does_the_work_and_answers_500(shop: Any, refusal: Any) -> None:
    fail(shop, mode="lost")
    answer = shop.post("/orders/HP-10421/cancel")
    fail(shop, mode="none")

    assert refusal(answer) == (500, "internal_error")
    assert shop.get("/orders/HP-10421").json()["status"] == "cancelled"


def test_down_answers_503_at_once_and_closes(shop: Any, refusal: Any) -> None:
    fail(shop, mode="down")

    answer = shop.get(ORDER)

    assert refusal(answer) == (503, "unavailable")
    assert answer.headers["Connection"] == "close"
    assert refusal(shop.get("/healthz")) == (503, "unavailable")


def test_slow_answers_after_its_seconds(shop: Any) -> None:
    fail(shop, mode="slow", seconds=0.3)

    started = monotonic()
    answer = shop.get(ORDER)

    assert answer.status_code == 200
    assert monotonic() - started >= 0.3


def test_slow_keeps_a_caller_waiting(shop: Any) -> None:
    fail(shop, mode="slow", seconds=60, paths=["/orders"])

    with pytest.raises(httpx.ReadTimeout):
        shop.client.get(ORDER, timeout=0.2)
    assert shop.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize("mode", ["slow", "error", "lost"])
def test_the_health_check_stays_well_unless_down(shop: Any, mode: str) -> None:
    fail(shop, mode=mode, seconds=60)

    assert shop.get("/healthz").json() == {"status": "ok"}


def test_only_the_named_paths_fail(shop: Any) -> None:
    fail(shop, mode="error", paths=["/codes", "/customers"])

    assert shop.get(ORDER).status_code == 200
    assert shop.get("/customers/C-2001").status_code == 500
    assert shop.post("/codes", {"order_number": "HP-10428"}).status_code == 500


def test_a_failure_ends_after_its_times(shop: Any) -> None:
    fail(shop, mode="error", times=2)

    statuses = [shop.get(ORDER).status_code for _ in range(4)]

    assert statuses == [500, 500, 200, 200]


@pytest.mark.parametrize(
    "failure",
    [{"mode": "sulk"}, {"seconds": -1}, {"seconds": 1e9}, {"times": 0}, [], None],
)
def test_an_unknown_failure_is_refused(shop: Any, refusal: Any, failure: Any) -> None:
    answer = shop.post("/sandbox/failure", failure)

    assert refusal(answer) == (422, "bad_request")
    assert shop.get("/sandbox/failure").json()["mode"] == "none"
