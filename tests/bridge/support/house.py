"""One running bridge and what a test wants to do to it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import uvicorn

from handoff_bridge.app import Bridge, build_app
from handoff_bridge.brand_file import load_brand
from handoff_bridge.cli import demo_people
from handoff_bridge.edges.websocket import WebSocketProtocol
from handoff_bridge.service.accounts import Accounts
from handoff_bridge.service.ports import utc_now
from handoff_bridge.service.queue import QueueWatch
from handoff_bridge.settings import BRAND_FILE, Settings
from handoff_bridge.store.database import Database
from tests.bridge.support.assistant import ScriptedAssistant
from tests.bridge.support.clients import AgentClient, Client, Customer
from tests.bridge.support.published import check_answer

PASSWORD = "a password of the tests"


@asynccontextmanager
async def serving(
    app: Any, port: int = 0, proxies: Sequence[str] = ()
) -> AsyncIterator[int]:
    """Runs an ASGI app on a real port of this machine, and gives the port."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        log_level="error",
        lifespan="on",
        timeout_graceful_shutdown=1,
        ws=WebSocketProtocol,
        forwarded_allow_ips=[*proxies],
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[method-assign]
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(15):
        while not server.started:
            if task.done():
                await task
            await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


class House:
    """A bridge in its own port and database."""

    def __init__(
        self, settings: Settings, assistant: ScriptedAssistant, port: int
    ) -> None:
        self.settings = settings
        self.assistant = assistant
        # What the bridge has under way for the assistant, by conversation.
        self.turns: dict[str, asyncio.Task[None]] = {}
        # What it asks the back office, unasked for.
        self.learning: set[asyncio.Task[None]] = set()
        # What is inside, where it runs in this process: there once it is open.
        self.bridge: Bridge | None = None
        self.queue: QueueWatch | None = None
        self.url = f"http://127.0.0.1:{port}"
        self.http = httpx.AsyncClient(
            base_url=f"{self.url}/api/v1",
            trust_env=False,
            event_hooks={"response": [check_answer]},
        )
        self._clients: list[Client] = []

    @classmethod
    @asynccontextmanager
    async def open(
        cls, settings: Settings, assistant: ScriptedAssistant
    ) -> AsyncIterator["House"]:
        """Starts it and stops it again."""
        app = build_app(settings)
        async with serving(
            app, settings.bridge_port, settings.forwarded_allow_ips
        ) as port:
            house = cls(settings, assistant, port)
            bridge = house.bridge = app.app.other_asgi_app.state.bridge
            house.turns = bridge.worker._tasks
            house.learning = bridge.cards._tasks
            house.queue = bridge.queue
            try:
                yield house
            finally:
                await house.close()

    async def line_is_told(self) -> None:
        """Waits until everybody in line has been told, and all cards are known."""
        assert self.queue is not None
        while self.learning or self.queue._task is not None:
            await asyncio.gather(*self.learning)
            if self.queue._task is not None:
                await self.queue._task

    async def close(self) -> None:
        """Disconnects everyone."""
        await self.http.aclose()
        for client in self._clients:
            await client.close()

    async def customer(self, **request: Any) -> Customer:
        """A customer with an open session."""
        customer = Customer(self.url)
        self._clients.append(customer)
        return await customer.open(**request)

    async def login(self, name: str) -> dict[str, Any]:
        """What `/auth/login` answers for one of the demo team."""
        response = await self.http.post(
            "/auth/login",
            json={"email": f"{name}@example.com", "password": PASSWORD},
        )
        assert response.status_code == 200, response.text
        # Else every later call without a token would be this agent's.
        self.http.cookies.clear()
        body: dict[str, Any] = response.json()
        return body

    async def agent(self, name: str = "maria") -> AgentClient:
        """One of the demo team in the inbox."""
        body = await self.login(name)
        agent = AgentClient(self.url, body["token"], body["agent"]["agent_id"])
        self._clients.append(agent)
        return await agent.open()

    async def get(self, path: str, token: str, **params: Any) -> httpx.Response:
        """An agent's GET under /api/v1."""
        headers = {"Authorization": f"Bearer {token}"}
        return await self.http.get(path, params=params, headers=headers)

    async def events(self, agent: AgentClient, conversation_id: str) -> list[Any]:
        """The whole log, as the API gives it."""
        path = f"/conversations/{conversation_id}/events"
        response = await self.get(path, agent.token)
        assert response.status_code == 200, response.text
        found: list[Any] = response.json()["events"]
        return found

    async def ask(self, **request: Any) -> httpx.Response:
        """`POST /handoffs`, as the assistant would."""
        token = self.settings.service_token
        return await self.http.post(
            "/handoffs", json=request, headers={"Authorization": f"Bearer {token}"}
        )

    async def claimed(self) -> tuple[Customer, AgentClient, dict[str, Any]]:
        """A customer, Maria, and the chat that she has claimed."""
        maria = await self.agent()
        customer = await self.customer()
        await customer.say("hello")
        await customer.hears("You said: hello")
        await customer.ask_for_human()
        row = await maria.claim(await maria.queued())
        await customer.status("agent")
        return customer, maria, row

    async def serve(self, agent: AgentClient, count: int) -> None:
        """So many customers who asked for a person, were claimed, and are done."""
        for _ in range(count):
            customer = await self.customer()
            agent.events.clear()
            await customer.ask_for_human()
            row = await agent.claim(await agent.queued())
            end = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
            assert (await agent.act("handoff_close", **end))["ok"]

    def identity(self, customer_id: str, **claims: Any) -> str:
        """A token such as the shop's own site signs."""
        exp = datetime.now(UTC) + timedelta(minutes=5)
        payload = {"customer_id": customer_id, "exp": exp, **claims}
        return jwt.encode(payload, self.settings.identity_secret, algorithm="HS256")


async def hire(url: str, brand_file: Path = BRAND_FILE) -> None:
    """Adds the brand's demo team."""
    database = Database(url)
    accounts = Accounts(database, utc_now, "only-passwords-are-set-here-00000")
    for agent in demo_people(load_brand(brand_file)):
        await accounts.put(agent, PASSWORD)
    await database.close()
