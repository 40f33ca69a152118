"""The packet's customer: who they are, where they write, what happened before."""

from collections.abc import Iterable, Mapping
from typing import Any

from handoff_bridge.packet.reading import Reading, timestamp

Row = Mapping[str, Any]

DEFAULT_LANGUAGE = "en"
ORDER_KEYS = (
    "number status placed_at shipped_at expected_at delivered_at carrier tracking_url "
    "total currency items shipping_address customer_id payment_method cancellable "
    "returnable_until"
).split()


def customer_part(
    handoff: Row,
    conversation: Row,
    customer: Row | None,
    reading: Reading,
    earlier: Iterable[Row],
    profile: Row | None,
    orders: Iterable[Row],
) -> dict[str, Any]:
    """Put together what is known; what the shop itself knows fills the gaps."""
    known = {**_present(profile), **_present(customer)}
    part: dict[str, Any] = {}
    for key, source in (("id", "customer_id"), *((k, k) for k in _SAME)):
        if known.get(source):
            part[key] = str(known[source])
    part["language"] = str(
        known.get("language") or conversation.get("language") or DEFAULT_LANGUAGE
    )
    part["channels"] = [str(conversation.get("channel") or "web")]
    part["earlier_handoffs"] = _earlier(handoff, reading, earlier)
    if cards := [_card(order) for order in orders if order.get("number")]:
        part["orders"] = cards
    return part


_SAME = ("name", "email", "tier")


def _present(row: Row | None) -> dict[str, Any]:
    return {key: value for key, value in (row or {}).items() if value is not None}


def _card(order: Row) -> dict[str, Any]:
    # The shop may add fields to its cards; the packet's shape is published.
    return {key: order[key] for key in ORDER_KEYS if order.get(key) is not None}


def _earlier(
    handoff: Row, reading: Reading, rows: Iterable[Row]
) -> list[dict[str, Any]]:
    """Join the handoffs found in the log with the rows given, oldest first."""
    found: dict[str, dict[str, Any]] = {}
    for event in reading.events:
        handoff_id = event.get("handoff_id")
        if event.get("type") == "handoff_requested" and event["seq"] < reading.asked:
            found[str(handoff_id)] = {"at": event.get("at"), **event}
        elif event.get("type") == "handoff_updated" and str(handoff_id) in found:
            found[str(handoff_id)] |= _result(event)
    for row in rows:
        if row.get("handoff_id"):
            stamp = row.get("at") or row.get("queued_at")
            known = found.get(row["handoff_id"], {})
            merged = {**known, **_present(row), "at": stamp or known.get("at")}
            found[row["handoff_id"]] = merged
    found.pop(handoff["handoff_id"], None)
    items = [_handoff(row) for row in found.values()]
    return sorted(items, key=lambda item: item["at"])


def _handoff(row: Row) -> dict[str, Any]:
    return {
        "handoff_id": row["handoff_id"],
        "trigger": row.get("trigger") or "customer_request",
        "at": timestamp(row.get("at")),
        **_result(row),
    }


def _result(row: Row) -> dict[str, Any]:
    return {key: row[key] for key in ("disposition", "outcome") if row.get(key)}
