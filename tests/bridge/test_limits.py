"""Rate limits: by key, and every rule counts."""

from contextlib import suppress

import pytest
from limits.storage import MemoryStorage

from handoff_bridge.edges.limits import PLACE_BYTES, Limiter, network_of
from handoff_bridge.errors import RateLimited
from handoff_bridge.settings import Settings


def let_through(limiter: Limiter, key: str, tries: int) -> int:
    passed = 0
    for _ in range(tries):
        try:
            limiter.check(key)
        except RateLimited:
            continue
        passed += 1
    return passed


def test_keys_are_counted_apart() -> None:
    limiter = Limiter("3/minute")
    assert let_through(limiter, "a", 5) == 3
    assert let_through(limiter, "b", 5) == 3
    assert let_through(limiter, "a", 5) == 0


def test_every_rule_counts() -> None:
    assert let_through(Limiter("50/minute;2/minute"), "a", 10) == 2
    assert let_through(Limiter("2/minute;50/minute"), "a", 10) == 2


def test_refusal_is_a_code_and_a_sentence() -> None:
    limiter = Limiter("1/minute")
    limiter.check("a")
    with pytest.raises(RateLimited) as caught:
        limiter.check("a")
    assert caught.value.as_dict()["error"] == "rate_limited"


@pytest.mark.parametrize("rules", ["lots", "5/fortnight", ""])
def test_rules_that_cannot_be_read_stop_the_start(rules: str) -> None:
    with pytest.raises(ValueError):
        Limiter(rules)


def test_defaults_let_through_what_the_protocol_promises() -> None:
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    assert let_through(Limiter(defaults["message_limits"]), "session", 30) >= 10
    slow = defaults["message_limits"].split(";")[1]
    assert let_through(Limiter(slow), "session", 200) >= 30
    assert let_through(Limiter(defaults["session_limits"]), "address", 50) >= 10


def test_flood_of_keys_takes_no_more_memory_than_there_are_places() -> None:
    limiter = Limiter("20/second;120/minute")
    places = 256**PLACE_BYTES
    for number in range(places + places // 2):
        with suppress(RateLimited):
            limiter.check(f"key {number} {'x' * 1000}")
    storage = limiter._strategy.storage
    assert isinstance(storage, MemoryStorage)
    kept = [*storage.storage]
    # Two rules, each with the window that runs and the one before it.
    assert len(kept) <= 4 * places
    assert "key " not in "".join(kept)
    assert max(map(len, kept)) < 100
    assert storage.events == {}


def test_one_place_is_not_the_next_limiters() -> None:
    assert len({Limiter("1/minute")._place("a") for _ in range(8)}) > 1


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", network_of("2001:db8:1:2::1")),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_one_visitor_has_one_address(host: str, network: str) -> None:
    assert network_of(host) == network
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
