"""Managing people as an owner's page does, by cookie-less calls with a token."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.bridge.support.house import House

NEW_PASSWORD = "a password of their own"


class Manager:
    """Somebody who manages people."""

    def __init__(self, house: House, token: str, agent_id: str) -> None:
        self.house = house
        self.token = token
        self.agent_id = agent_id

    @classmethod
    async def of(cls, house: House, name: str = "owner") -> "Manager":
        body = await house.login(name)
        return cls(house, body["token"], body["agent"]["agent_id"])

    async def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """A call under /api/v1."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.house.http.request(method, path, json=body, headers=headers)

    async def done(self, method: str, path: str, body: Any = None) -> Any:
        """The same; it has to be done."""
        answer = await self.call(method, path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def person(self, name: str) -> dict[str, Any]:
        """Somebody as the list has them."""
        listed = (await self.done("GET", "/people"))["people"]
        found: dict[str, Any] = next(p for p in listed if p["name"] == name)
        return found

    async def change(self, who: str, /, **changes: Any) -> httpx.Response:
        """A PATCH of somebody."""
        agent_id = (await self.person(who))["agent_id"]
        return await self.call("PATCH", f"/people/{agent_id}", changes)

    async def added(self, email: str = "jo@example.com", **more: Any) -> dict[str, Any]:
        """Somebody new."""
        body = {"email": email, "name": "Jo", **more}
        added: dict[str, Any] = await self.done("POST", "/people", body)
        return added

    async def link(self, agent_id: str, kind: str = "invite", **more: Any) -> str:
        """The token of a link for somebody."""
        made = await self.done("POST", f"/people/{agent_id}/{kind}", more)
        return token_of(made["link"])


def token_of(link: str) -> str:
    """What stands in a link."""
    return link.partition("#invitation=")[2]


async def accept(
    house: House, token: str, password: str = NEW_PASSWORD
) -> httpx.Response:
    """Sets a password by a link."""
    body = {"token": token, "password": password}
    return await house.http.post("/auth/invitation", json=body)


async def sign_in(house: House, email: str, password: str, **more: Any) -> Any:
    """What logging in answers."""
    body = {"email": email, "password": password, **more}
    answer = await house.http.post("/auth/login", json=body)
    house.http.cookies.clear()
    return answer


@asynccontextmanager
async def database_of(house: House) -> AsyncIterator[Any]:
    """The bridge's database, to look into."""
    assert house.bridge is not None
    async with house.bridge.database.read() as tx:
        yield tx
