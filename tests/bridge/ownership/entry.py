"""Log entries as the function and the bridge can both tell them, without their ids."""

from typing import Any

from handoff_bridge.conversation.outcomes import Event, SystemLine

Entry = tuple[object, ...]
# Lines that follow from more than ownership, such as places in line.
OTHER_LINES = {"introduction", "waiting", "waiting_eta", "nobody_there", "promise"}


def entry_for(event: Event) -> Entry:
    """Of what the function gives."""
    if isinstance(event, SystemLine):
        return ("line", event.key)
    found = entry_of(event.as_json())
    assert found is not None
    return found


def entry_of(event: dict[str, Any]) -> Entry | None:
    """Of the bridge's log; None for what ownership does not decide."""
    kind, message_id = event["type"], event.get("message_id", "")
    match kind:
        case "message":
            return _message(event, message_id)
        case "owner_changed":
            agent = (event.get("agent") or {}).get("name")
            names = ("from", "to", "reason", "epoch")
            return (kind, *(event[name] for name in names), agent)
        case "handoff_requested":
            return (kind, event["trigger"])
        case "handoff_updated":
            return (kind, event["state"], event.get("trigger"))
        case "reply_suppressed":
            return (kind, event["reason"])
        case "turn" | "turn_failed":
            return (kind, message_id)
        case "ticket_opened":
            return None
    return (kind,)


def _message(event: dict[str, Any], message_id: str) -> Entry | None:
    match event["actor"]["type"]:
        case "customer":
            return ("customer", message_id)
        case "agent":
            return ("agent", event["actor"]["name"])
    if event.get("key") is not None:
        return None if event["key"] in OTHER_LINES else ("line", event["key"])
    _, _, name = message_id.partition("bot:")
    if name.startswith("handback:"):
        return ("bot", "handback")
    return ("bot", name.rpartition(":")[0])


def first_difference(found: list[Entry], wanted: list[Entry]) -> str:
    """Where the bridge's log and the function's part."""
    for n, (one, other) in enumerate(zip(found, wanted, strict=False)):
        if one != other:
            return f"entry {n}: the bridge has {one}, the function says {other}"
    rest = found[len(wanted) :] or wanted[len(found) :]
    side = "the bridge" if len(found) > len(wanted) else "the function"
    return f"{side} also has {rest}"
