"""Who may do what: the table of `docs/security.md`, walked through every door."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from handoff_bridge.app import build_app
from handoff_bridge.protocol.customer import CUSTOMER_CALLS
from handoff_bridge.protocol.inbox import INBOX_CALLS
from tests.bridge.channels.made_up import MadeUp
from tests.bridge.conftest import settings_for
from tests.bridge.support import AgentClient, House
from tests.bridge.support.hooks import Hooks
from tests.bridge.support.photos import photo
from tests.bridge.support.wire import connected
from tests.bridge.test_tokens import refusal_of
from tests.bridge.test_uploads import bearer, sent

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "security.md"
ROLES = ("anonymous", "customer", "agent", "supervisor", "owner", "service")
CLOSED = {"unauthorized", "forbidden", "token_invalid", "unknown_session"}


def table() -> dict[str, set[str]]:
    """By call, who may make it."""
    found = {}
    for line in DOCUMENT.read_text("utf-8").splitlines():
        call, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        if call.startswith("`") and len(cells) == len(ROLES):
            assert set(cells) <= {"yes", "no"}, line
            allowed = zip(ROLES, cells, strict=True)
            found[call] = {role for role, cell in allowed if cell == "yes"}
    return found


def every_call(tmp_path: Path) -> set[str]:
    """As the code has them."""
    settings = settings_for(f"sqlite:///{tmp_path / 'unused.db'}", 9, tmp_path)
    app: Any = build_app(settings)
    routes = {
        f"`{method} {route.path}`"
        for route in iter_route_contexts(app.app.other_asgi_app.routes)
        for method in (route.methods or ())
        # What platforms call asks for proofs of their own: tests/bridge/channels.
        if method != "HEAD" and not str(route.path).startswith("/channels/")
    }
    return (
        routes
        | {f"`/` `{name}`" for name in CUSTOMER_CALLS}
        | {f"`/inbox` `{name}`" for name in INBOX_CALLS}
    )


def test_table_has_every_call_and_no_other(tmp_path: Path) -> None:
    assert set(table()) == every_call(tmp_path)


async def somebody(house: House) -> dict[str, str]:
    """Sam, whom anybody may manage who manages people, and a login of his."""
    body = await house.login("sam")
    path = f"/people/{body['agent']['agent_id']}/sessions"
    found = (await house.get(path, body["token"])).json()
    return {
        "agent_id": body["agent"]["agent_id"],
        "session_id": found["sessions"][0]["session_id"],
    }


async def some_webhook(house: House) -> dict[str, str]:
    """One that leads nowhere, and what was to be delivered to it."""
    hooks = await Hooks.to(house, "https://crm.invalid/", "handoff.ended")
    sent = await hooks.manager.done("POST", f"{hooks.path}/test")
    return {
        "webhook_id": hooks.added["webhook_id"],
        "delivery_id": sent["delivery_id"],
    }


class Doors:
    """A house with a chat that reached a human, and somebody of each role."""

    def __init__(self, house: House, tokens: dict[str, str], ids: dict[str, str]):
        self.house = house
        self.tokens = tokens
        self.ids = ids
        # Of the role that walks, once: logins are limited.
        self.agent: AgentClient | None = None

    @classmethod
    async def of(cls, house: House) -> "Doors":
        customer, maria, row = await house.claimed()
        brand = (await house.http.get("/brand")).json()
        assert house.bridge is not None
        channels: Any = house.bridge.channels
        channels["made_up"] = MadeUp()
        ids = {
            "handoff_id": row["handoff_id"],
            "conversation_id": row["conversation_id"],
            "attachment_id": (await sent(house, customer, photo("JPEG")))[
                "attachment_id"
            ],
            "language": "en",
            "article_id": (await house.http.get("/articles")).json()["articles"][0][
                "id"
            ],
            "read_id": "unknown",
            "page": "widget",
            "channel": "made_up",
            **await somebody(house),
            **await some_webhook(house),
            "name": brand["logo"].rpartition("/")[2],
        }
        tokens = {
            "customer": customer.session_id,
            "agent": maria.token,
            "supervisor": (await house.login("dana"))["token"],
            "owner": (await house.login("owner"))["token"],
            "service": house.settings.service_token,
        }
        return cls(house, tokens, ids)

    async def http(self, call: str, role: str) -> bool:
        method, path = call.strip("`").split(" ")
        headers = bearer(self.tokens[role]) if role in self.tokens else {}
        url = self.house.url + path.format_map(self.ids)
        answer = await self.house.http.request(method, url, headers=headers)
        assert answer.status_code not in (404, 405), call
        return answer.status_code not in (401, 403)

    async def customers(self, event: str, role: str) -> bool:
        # Cut to what a session id may measure.
        token = self.tokens.get(role, "nobody's")[:200]
        call: dict[str, Any] = {"session_id": token, "message": "hi", "before": 1}
        call |= {"score": 5, "protocol": 1, "want": "callback"}
        async with connected(self.house.url) as wire:
            await wire.frame("40")
            await wire.emit(event, json.dumps(call), ack=1)
            return (await wire.ack(1)).get("error") not in CLOSED

    async def agents(self, event: str, role: str) -> bool:
        token = self.tokens.get(role)
        auth = {"token": token} if token else None
        refusal = await refusal_of(self.house, auth, {})
        if refusal is not None:
            assert refusal["error"] in CLOSED
            return False
        if self.agent is None:
            name = {"supervisor": "dana", "owner": "owner"}.get(role, "maria")
            self.agent = await self.house.agent(name)
        return (await self.agent.act(event)).get("error") not in CLOSED

    async def opens(self, call: str, role: str) -> bool:
        names = re.findall(r"`([^`]+)`", call)
        if len(names) == 1:
            return await self.http(call, role)
        namespace, event = names
        walk = self.customers if namespace == "/" else self.agents
        return await walk(event, role)


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_gets_through_its_own_doors_alone(
    house: House, role: str
) -> None:
    doors = await Doors.of(house)
    # What ends a login or a session comes last.
    calls = sorted(table().items(), key=lambda row: _ends_something(row[0]))
    wrong = [
        (call, allowed)
        for call, allowed in calls
        if await doors.opens(call, role) != (role in allowed)
    ]
    assert wrong == []


def _ends_something(call: str) -> int:
    endings = ("leave", "revoke", "logout")
    return next((n for n, word in enumerate(endings, 1) if word in call), 0)
