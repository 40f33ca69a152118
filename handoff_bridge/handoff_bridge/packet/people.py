"""The packet's customer: who they are, where they write, what happened before."""

from collections.abc import Iterable, Mapping
from typing import Any

from handoff_bridge.packet.reading import Reading, timestamp

Row = Mapping[str, Any]

DEFAULT_LANGUAGE = "en"
ORDER_KEYS = (
    "number status placed_at shipped_at expected_at delivered_at carrier tracking_url "
    "total currency items shipping_address customer_id payment_method cancellable "
    "address_changeable returnable_until"
).split()
ITEM_KEYS = "sku name variant quantity price".split()
_SAME = ("name", "email", "tier")


def customer_part(
    conversation: Row, customer: Row | None, profile: Row | None, orders: Iterable[Row]
) -> dict[str, Any]:
    """Put together what is known; what the shop itself knows fills the gaps."""
    known = {**_present(profile), **_present(customer)}
    part: dict[str, Any] = {}
    for key, source in (("id", "customer_id"), *((key, key) for key in _SAME)):
        if known.get(source):
            part[key] = str(known[source])
    part["language"] = str(
        conversation.get("language") or known.get("language") or DEFAULT_LANGUAGE
    )
    part["channels"] = [str(conversation.get("channel") or "web")]
    if cards := [_card(order) for order in orders if order.get("number")]:
        part["orders"] = cards
    return part


def earlier_handoffs(
    handoff_id: str, reading: Reading, rows: Iterable[Row]
) -> list[dict[str, Any]]:
    """Join the handoffs found in the log with the rows given, oldest first."""
    found = _in_log(reading)
    for row in rows:
        if row.get("handoff_id"):
            known = found.get(row["handoff_id"], {})
            stamp = row.get("at") or row.get("queued_at") or known.get("at")
            found[row["handoff_id"]] = {**known, **_present(row), "at": stamp}
    found.pop(handoff_id, None)
    items = [_handoff(row) for row in found.values()]
    return sorted((item for item in items if item["at"]), key=lambda item: item["at"])


def _in_log(reading: Reading) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for event in reading.events:
        handoff_id = event.get("handoff_id")
        if not handoff_id:
            continue
        if event.get("type") == "handoff_requested" and event["seq"] < reading.asked:
            found[handoff_id] = dict(event)
        elif event.get("type") == "handoff_updated" and handoff_id in found:
            found[handoff_id] |= _result(event)
    return found


def _present(row: Row | None) -> dict[str, Any]:
    return {key: value for key, value in (row or {}).items() if value is not None}


def _card(order: Row) -> dict[str, Any]:
    # The shop may add fields to its cards; the packet's shape is published.
    card = _known(order, ORDER_KEYS)
    items = [_known(item, ITEM_KEYS) for item in card.get("items", ())]
    return {**card, "items": items} if items else card


def _known(row: Row, keys: Iterable[str]) -> dict[str, Any]:
    return {key: row[key] for key in keys if row.get(key) is not None}


def _handoff(row: Row) -> dict[str, Any]:
    return {
        "handoff_id": row["handoff_id"],
        "trigger": row.get("trigger") or "customer_request",
        "at": timestamp(row.get("at")),
        **_result(row),
    }


def _result(row: Row) -> dict[str, Any]:
    return {key: row[key] for key in ("disposition", "outcome") if row.get(key)}
