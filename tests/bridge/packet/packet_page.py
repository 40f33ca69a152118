"""Writes docs/packet.md from the schema and an example; run it after a change."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packet_chats import second_handoff

from handoff_bridge.packet.schema import packet_schema

PAGE = Path(__file__).parents[3] / "docs" / "packet.md"
INTRODUCTION = """\
# The handoff packet, version 1

What an agent gets with a handoff, from `GET /api/v1/handoffs/{id}`: everything the
assistant knows, so that nobody has to ask again. It is built anew at each request
from the conversation's log.

* Absent fields are left out, never `null`. Required fields are always there, if empty.
* `seq` is the log's number of the message that a fact came from, so that pages can
  link to it. Times are RFC 3339 in UTC.
* `request`, `tried` and the sentiment's `trend` are about the matter at hand: what came
  after the handoff before. The transcript, intents, entities, steps and promises reach
  over the whole conversation.
* The transcript has what the customer saw. Notes and suppressed replies are not in it;
  what a suppressed turn did is among the steps.
* `cards` are what the back office knows, of any kind, told as `backoffice/README.md`
  says. Of customers who have proved nothing, only what the chat's references name is
  asked for, and addresses, mail and the like are `masked`.
* All text is plain text. Payment card numbers and passwords were taken out before the
  text was stored, one-time codes as well.

With curl, an agent's token from [`POST /api/v1/auth/login`](protocol.md#examples):

```sh
curl -sf "$BRIDGE/api/v1/handoffs/$HANDOFF" -H "Authorization: Bearer $TOKEN" \\
    -H 'Accept-Language: de'
```

This page is written by `tests/bridge/packet/packet_page.py`; `packet_schema()` in
`handoff_bridge/packet/schema.py` gives the JSON Schema.
"""
# JSON that others shape.
FREE = {"JsonObject": "object", "JsonValue": "any"}


def page() -> str:
    """Render the page: the packet's parts, then an example."""
    schema = packet_schema()
    parts = ["## Packet", "", *_table(schema)]
    for name, part in sorted(schema["$defs"].items()):
        if "properties" in part:
            about = part["description"].splitlines()[0]
            parts += ["", f"## {name}", "", about, "", *_table(part)]
        elif "enum" in part:
            values = ", ".join(f"`{value}`" for value in part["enum"])
            parts += ["", f"## {name}", "", f"One of {values}."]
    example = json.dumps(second_handoff().packet(), indent=2, ensure_ascii=False)
    parts += ["", "## Example", "", "```json", example, "```", ""]
    return INTRODUCTION + "\n" + "\n".join(parts)


def _table(part: dict[str, Any]) -> Iterator[str]:
    required = part.get("required", [])
    yield "| field | type | always | |"
    yield "|---|---|---|---|"
    for name, field in part["properties"].items():
        always = "yes" if name in required else ""
        about = field.get("description", "")
        yield f"| `{name}` | {_type(field)} | {always} | {about} |"


def _type(field: dict[str, Any]) -> str:
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[1]
        if name in FREE:
            return FREE[name]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in field:
        return " or ".join(_type(kind) for kind in field["anyOf"])
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return " / ".join(f"`{value}`" for value in field["enum"])
    if field.get("type") == "array":
        return f"list of {_type(field.get('items', {}))}"
    if field.get("format") == "date-time":
        return "time"
    return str(field.get("type", "any"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
