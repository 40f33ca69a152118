"""Seeding: always the same, kept over a restart, never stale."""

import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from backoffice.database import open_engine
from backoffice.seed import prepare

NOW = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
STATES = {
    "placed",
    "packed",
    "shipped",
    "out_for_delivery",
    "delivered",
    "cancelled",
    "return_started",
    "refunded",
    "payment_failed",
}


def start(path: Path, now: datetime) -> None:
    engine = open_engine(path)
    prepare(engine, now)
    engine.dispose()


def dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as database:
        return list(database.iterdump())


def rows(path: Path, query: str) -> list[Any]:
    with sqlite3.connect(path) as database:
        return database.execute(query).fetchall()


def test_two_sandboxes_of_one_hour_are_equal(tmp_path: Path) -> None:
    start(tmp_path / "a.db", NOW)
    start(tmp_path / "b.db", NOW + timedelta(minutes=59))

    assert dump(tmp_path / "a.db") == dump(tmp_path / "b.db")


def test_there_are_dozens_of_customers_and_orders_in_every_state(
    seeded: Path,
) -> None:
    customers = rows(seeded, "SELECT name, email, tier, language FROM customers")
    states = Counter(state for (state,) in rows(seeded, "SELECT status FROM orders"))

    assert len(customers) == 40
    assert len({email for _, email, _, _ in customers}) == 40
    assert {tier for _, _, tier, _ in customers} == {"standard", "silver", "gold"}
    assert len({language for _, _, _, language in customers}) >= 5
    assert states.keys() == STATES
    assert min(states.values()) >= 2
    assert sum(states.values()) == 75


def test_times_of_an_order_follow_one_another(seeded: Path) -> None:
    wrong = rows(
        seeded,
        "SELECT number FROM orders WHERE shipped_at < placed_at"
        " OR delivered_at < shipped_at OR placed_at > '2026-03-10 14:00'"
        " OR delivered_at > '2026-03-10 14:00' OR shipped_at > '2026-03-10 14:00'",
    )
    wrong += rows(
        seeded,
        "SELECT order_number FROM refunds JOIN orders ON number = order_number"
        " WHERE requested_at < coalesce(delivered_at, placed_at)"
        " OR paid_at > '2026-03-10 14:00'",
    )

    assert wrong == []


def test_a_restart_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    start(path, NOW)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE orders SET shipping_address = 'elsewhere'")
    before = dump(path)

    start(path, NOW + timedelta(days=2))

    assert dump(path) == before


def test_an_old_sandbox_is_as_fresh_as_a_new_one(tmp_path: Path) -> None:
    later = NOW + timedelta(days=100)
    start(tmp_path / "old.db", NOW)
    start(tmp_path / "new.db", later)

    start(tmp_path / "old.db", later)

    of_orders = "SELECT * FROM orders ORDER BY number"
    of_refunds = "SELECT * FROM refunds"
    of_returns = "SELECT * FROM returns"
    of_payments = "SELECT * FROM payments"
    of_stock = "SELECT * FROM stock"
    of_meta = "SELECT * FROM meta"
    for query in (of_orders, of_refunds, of_returns, of_payments, of_stock, of_meta):
        assert rows(tmp_path / "old.db", query) == rows(tmp_path / "new.db", query)


def test_freshening_leaves_alone_what_was_changed(
    shop: Any, serving: Any, settings: Any
) -> None:
    shop.clock.advance(days=3)
    shop.post("/orders/HP-10421/cancel")
    before = shop.get("/orders/HP-10421").json()
    refund = shop.get("/orders/HP-10421/refund").json()
    shop.clock.advance(days=2)

    with serving(settings, shop.clock) as again:
        assert again.get("/orders/HP-10421").json() == before
        assert again.get("/orders/HP-10421/refund").json() == refund
        kettle = again.get("/orders/HP-10428").json()
        assert kettle["delivered_at"] == "2026-03-10T14:00:00Z"  # five days ago again


def test_tables_of_another_version_are_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE orders (id INTEGER)")
        database.execute("PRAGMA user_version = 999")

    start(path, NOW)

    assert len(rows(path, "SELECT number FROM orders")) == 75


def test_what_was_done_survives_a_restart(
    shop: Any, serving: Any, settings: Any
) -> None:
    first = shop.post("/orders/HP-10421/cancel", key="m1").json()

    with serving(settings, shop.clock) as again:
        assert again.get("/orders/HP-10421").json()["status"] == "cancelled"
        assert again.post("/orders/HP-10421/cancel", key="m1").json() == first
        assert len(again.mails()) == 1
