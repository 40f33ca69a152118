"""Customers and agents at a bridge, and the same messages at a bare echo."""

from __future__ import annotations

import asyncio
import statistics
import time
import uuid
from collections.abc import AsyncIterator, Sequence, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from benchmarks.speed.load import Script
from benchmarks.speed.servers import TOKEN, CannotMeasure, Server
from benchmarks.speed.wire import Connection

SETTLE_SECS = 60.0


@dataclass
class Relayed:
    """What became of the messages: milliseconds of each, and how many a second."""

    taken_ms: list[float] = field(default_factory=list)
    per_second: float = 0.0
    busy_ms: float = 0.0

    @property
    def p50(self) -> float:
        """The median of the ways."""
        return statistics.median(self.taken_ms)


class Arrivals:
    """When each text reached whoever listens."""

    def __init__(self) -> None:
        """Nothing has arrived."""
        self.at: dict[str, float] = {}
        self._more = asyncio.Event()

    def note(self, text: str, at: float) -> None:
        """A text arrived."""
        self.at.setdefault(text, at)
        self._more.set()

    async def wait_for(self, texts: Set[str]) -> None:
        """Waits until all of them have arrived."""
        async with asyncio.timeout(SETTLE_SECS):
            while not self.at.keys() >= texts:
                self._more.clear()
                await self._more.wait()


@asynccontextmanager
async def http_session() -> AsyncIterator[aiohttp.ClientSession]:
    """As many connections as wanted."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=SETTLE_SECS),
    ) as http:
        yield http


@dataclass
class Customer:
    """A customer with an open session."""

    connection: Connection
    session_id: str

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, url: str, **more: Any) -> Customer:
        """Connects and opens a session."""
        connection = await Connection.connect(http, url, **more)
        opened = await connection.call("session_request", {"protocol": 1})
        return cls(connection, accepted(opened)["session_id"])

    async def say(self, text: str) -> Any:
        """Sends a message and waits for its ack."""
        said = {
            "session_id": self.session_id,
            "message": text,
            "message_id": uuid.uuid4().hex,
        }
        return accepted(await self.connection.call("user_uttered", said))

    async def ask_for_person(self) -> Any:
        """Presses the button."""
        asked = {"session_id": self.session_id}
        return accepted(await self.connection.call("request_human", asked))


class Agent:
    """An agent in the inbox who notes what arrives."""

    def __init__(self) -> None:
        """Signs in with `open`."""
        self.messages = Arrivals()
        self.queued: dict[str, tuple[str, float]] = {}
        self._more = asyncio.Event()
        self.token = ""
        self.connection: Connection | None = None

    async def open(
        self, http: aiohttp.ClientSession, url: str, email: str = "maria@example.com"
    ) -> Agent:
        """Signs in as one of the demo team."""
        login = {"email": email, "password": TOKEN}
        async with http.post(f"{url}/api/v1/auth/login", json=login) as response:
            self.token = (await response.json())["token"]
        http.cookie_jar.clear()
        self.connection = await Connection.connect(
            http, url, "/inbox", auth={"token": self.token}, heard=self._heard
        )
        await self.act("presence_set", status="available", capacity=50)
        return self

    def _heard(self, event: str, payload: Any, at: float) -> None:
        if event == "event_added":
            if text := payload["event"].get("text"):
                self.messages.note(text, at)
        elif event == "handoff_queued":
            self.queued[payload["conversation_id"]] = (payload["handoff_id"], at)
            self._more.set()

    async def act(self, event: str, **data: Any) -> Any:
        """A call of the inbox."""
        assert self.connection is not None
        return accepted(
            await self.connection.call(event, {"client_id": uuid.uuid4().hex, **data})
        )

    async def wait_for_line(self, count: int) -> None:
        """Waits until so many have been seen to come into the line."""
        async with asyncio.timeout(SETTLE_SECS):
            while len(self.queued) < count:
                self._more.clear()
                await self._more.wait()


def accepted(ack: Any) -> Any:
    """The ack of a call that was taken.

    Raises:
        CannotMeasure: it was refused.
    """
    if not isinstance(ack, dict) or ack.get("ok") is False:
        raise CannotMeasure(f"The bridge refused a call: {ack}")
    return ack


async def through_bridge(
    servers: Sequence[Server], clients: int, messages: int
) -> Relayed:
    """Customers whose chats an agent has claimed write, each after the last ack.

    The agent is at the first bridge, the customers are shared among all of them.
    """
    async with http_session() as http:
        agent = await Agent().open(http, servers[0].url)
        urls = [servers[n % len(servers)].url for n in range(clients)]
        customers = [await Customer.open(http, url) for url in urls]
        for customer in customers:
            await customer.ask_for_person()
        await agent.wait_for_line(clients)
        for handoff_id, _ in agent.queued.values():
            await agent.act("handoff_claim", handoff_id=handoff_id)
        relayed = await _relay(
            servers, [customer.say for customer in customers], messages, agent.messages
        )
        for conversation in agent.queued:
            handoff_id, _ = agent.queued[conversation]
            await agent.act(
                "handoff_close", handoff_id=handoff_id, disposition="resolved"
            )
        return relayed


async def through_echo(server: Server, clients: int, messages: int) -> Relayed:
    """The same with the echo."""
    arrivals = Arrivals()

    def heard(event: str, payload: Any, at: float) -> None:
        if event == "said":
            arrivals.note(payload["message"], at)

    async with http_session() as http:
        listener = await Connection.connect(http, server.url, heard=heard)
        await listener.emit("listen", {})
        writers = [await Connection.connect(http, server.url) for _ in range(clients)]

        def saying(writer: Connection) -> Any:
            return lambda text: writer.call("say", {"message": text})

        says = [saying(writer) for writer in writers]
        return await _relay([server], says, messages, arrivals)


async def _relay(
    servers: Sequence[Server], says: list[Any], messages: int, arrivals: Arrivals
) -> Relayed:
    sent: dict[str, float] = {}

    async def write(who: int, say: Any) -> None:
        for number in range(messages):
            # Random words or digits could be taken for a secret, and be left out.
            text = f"hello, this is my line {number} and I am {who}"
            sent[text] = time.perf_counter()
            await say(text)

    began, busy = time.perf_counter(), _busy_secs(servers)
    async with asyncio.TaskGroup() as group:
        for who, say in enumerate(says):
            group.create_task(write(who, say))
    took = time.perf_counter() - began
    await arrivals.wait_for(sent.keys())
    busy = _busy_secs(servers) - busy
    return Relayed(
        [(arrivals.at[text] - at) * 1000 for text, at in sent.items()],
        len(sent) / took,
        busy / len(sent) * 1000,
    )


async def answers(
    server: Server, scripts: Sequence[Script], clients: int, conversations: int
) -> Relayed:
    """Customers who talk with the assistant through the bridge, each in fresh chats.

    A way ends when the bridge says that the bot has stopped typing.
    """
    relayed = Relayed()
    waiting = iter(range(conversations))

    async def customer(http: aiohttp.ClientSession) -> None:
        for number in waiting:
            done = asyncio.Event()

            def heard(event: str, payload: Any, _at: float, done: Any = done) -> None:
                if event == "typing" and not payload["active"]:
                    done.set()

            writer = await Customer.open(http, server.url, heard=heard)
            for text in scripts[number % len(scripts)]:
                done.clear()
                sent = time.perf_counter()
                await writer.say(text)
                async with asyncio.timeout(SETTLE_SECS):
                    await done.wait()
                relayed.taken_ms.append((time.perf_counter() - sent) * 1000)
            await writer.connection.close()

    async with http_session() as http:
        began, busy = time.perf_counter(), server.processor_secs()
        async with asyncio.TaskGroup() as group:
            for _ in range(clients):
                group.create_task(customer(http))
        took, said = time.perf_counter() - began, len(relayed.taken_ms)
    relayed.per_second = said / took
    relayed.busy_ms = (server.processor_secs() - busy) / said * 1000
    return relayed


async def idle_kib(server: Server, clients: int, *, opens_session: bool) -> float:
    """Resident memory of one connection, compressed as browsers ask for it."""
    async with http_session() as http:

        async def connect() -> Connection:
            if opens_session:
                return (await Customer.open(http, server.url, compress=15)).connection
            return await Connection.connect(http, server.url, compress=15)

        # The first ones fill what all later ones share.
        open_ = [await connect() for _ in range(20)]
        before = server.memory_mb()
        open_ += [await connect() for _ in range(clients)]
        taken = server.memory_mb() - before
        for connection in open_:
            await connection.close()
        return taken * 1024 / clients


def _busy_secs(servers: Sequence[Server]) -> float:
    return sum(server.processor_secs() for server in servers)


@asynccontextmanager
async def connected(server: Server, clients: int) -> AsyncIterator[None]:
    """So many customers who have a session open and say nothing."""
    async with http_session() as http:
        customers = [await Customer.open(http, server.url) for _ in range(clients)]
        yield
        for customer in customers:
            await customer.connection.close()


@dataclass
class Rush:
    """Many customers who ask for a person at once; milliseconds of each."""

    acks_ms: list[float]
    heard_ms: list[float]
    packets_ms: list[float]


async def rush(server: Server, clients: int) -> Rush:
    """From each customer's call to its ack, and to the packet at the agent's client."""
    async with http_session() as http:
        agent = await Agent().open(http, server.url)
        customers = [await Customer.open(http, server.url) for _ in range(clients)]
        headers = {"Authorization": f"Bearer {agent.token}"}
        acks: list[float] = []
        packets: list[float] = []
        began = time.perf_counter()

        async def ask(customer: Customer) -> None:
            await customer.ask_for_person()
            acks.append((time.perf_counter() - began) * 1000)

        async def fetch(handoff_id: str) -> None:
            url = f"{server.url}/api/v1/handoffs/{handoff_id}"
            async with http.get(url, headers=headers) as response:
                response.raise_for_status()
                await response.read()
            packets.append((time.perf_counter() - began) * 1000)

        async with asyncio.TaskGroup() as group:
            for customer in customers:
                group.create_task(ask(customer))
            fetched: set[str] = set()
            while len(fetched) < clients:
                await agent.wait_for_line(len(fetched) + 1)
                for handoff_id, _ in list(agent.queued.values()):
                    if handoff_id not in fetched:
                        fetched.add(handoff_id)
                        group.create_task(fetch(handoff_id))
        told = [(at - began) * 1000 for _, at in agent.queued.values()]
        for customer in customers:
            await customer.connection.call(
                "leave", {"session_id": customer.session_id, "end": True}
            )
        return Rush(acks, told, packets)
