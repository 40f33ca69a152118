"""Customers and agents, with clients that do what `docs/protocol.md` asks of them.

Every call is repeated, under its own id and at any bridge, until it is answered.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp

from benchmarks.faults.assistant import BY_ACTION, BY_TURN, UNFINISHED
from benchmarks.faults.comparison import Claim, Entry, Sent
from benchmarks.speed.servers import TOKEN
from benchmarks.speed.wire import Connection

# What a call is refused with while something is down.
PASSING = ("internal", "rate_limited", "unauthorized")
CALL_SECS = 12.0
AGAIN_SECS = 0.1
PAUSE_SECS = (0.05, 0.8)
WORK_SECS = (0.02, 0.3)
LISTEN_SECS = 1.0
# Whoever waits for long without a word looks again, as people do.
RELOAD_SECS = 8.0
CAPACITY = 4
AGENTS = ("maria", "sam", "dana")


@dataclass
class Run:
    """What all clients share."""

    http: aiohttp.ClientSession
    urls: tuple[str, ...]
    chance: random.Random
    # From when on everybody comes to an end.
    is_ending: asyncio.Event = field(default_factory=asyncio.Event)
    counts: Counter[str] = field(default_factory=Counter)

    def url(self) -> str:
        """Any bridge."""
        return self.chance.choice(self.urls)

    async def pause(self) -> None:
        """As people do between two sentences; shorter when it comes to the end."""
        secs = self.chance.uniform(*PAUSE_SECS)
        await asyncio.sleep(secs / 4 if self.is_ending.is_set() else secs)


class Link:
    """A connection that is opened again whenever it breaks, at any bridge."""

    def __init__(
        self,
        run: Run,
        namespace: str,
        heard: Callable[[str, Any], None],
        greet: Callable[[Connection], Awaitable[None]],
    ) -> None:
        """`greet` is what a new connection begins with."""
        self.auth: dict[str, Any] | None = None
        self._run = run
        self._namespace = namespace
        self._heard = heard
        self._greet = greet
        self._connection: Connection | None = None
        self._ready = asyncio.Event()
        self._away_secs = 0.0

    def cut(self, away_secs: float = 0.0) -> None:
        """Ends the connection hard; the client stays away for so long."""
        self._away_secs = away_secs
        if self._connection is not None:
            self._connection.cut()

    async def keep(self) -> None:
        """Connects, again and again."""
        while True:
            try:
                await self._once()
            except (OSError, aiohttp.ClientError, TimeoutError):
                pass
            away, self._away_secs = self._away_secs, 0.0
            await asyncio.sleep(away or AGAIN_SECS)

    async def _once(self) -> None:
        connection = await self.open(self._run.url())
        try:
            self._connection = connection
            await self._greet(connection)
            self._ready.set()
            await connection.closed.wait()
        finally:
            self._ready.clear()
            await connection.close()

    async def wait_until_ready(self) -> None:
        """Waits until it is connected and has been greeted."""
        await self._ready.wait()

    async def open(self, url: str) -> Connection:
        """One more connection, beside the one that is kept or as it."""
        return await Connection.connect(
            self._run.http,
            url,
            self._namespace,
            auth=self.auth,
            heard=lambda event, payload, _at: self._heard(event, payload),
        )

    async def once(self, event: str, data: Entry) -> Any:
        """One try. Raises ConnectionError, TimeoutError."""
        await self._ready.wait()
        assert self._connection is not None
        try:
            return await self._connection.call(event, data, CALL_SECS)
        except TimeoutError:
            self._connection.cut()  # a client gives a dead connection up
            raise

    async def call(self, event: str, data: Entry) -> tuple[Any, bool]:
        """Repeats the call until it is answered; whether it was repeated."""
        is_repeated = False
        while True:
            try:
                ack = await self.once(event, data)
                if ack.get("error") not in PASSING:
                    return ack, is_repeated
            except (OSError, aiohttp.ClientError, TimeoutError):
                pass
            is_repeated = True
            self._run.counts["calls repeated after a fault"] += 1
            await asyncio.sleep(AGAIN_SECS)

    async def repeat(self, event: str, data: Entry) -> Any:
        """The same call on another connection, at any bridge; None where that fails."""
        with suppress(OSError, aiohttp.ClientError, TimeoutError):
            connection = await self.open(self._run.url())
            try:
                ack = await connection.call(event, data, CALL_SECS)
            finally:
                await connection.close()
            self._run.counts["calls repeated for no reason"] += 1
            return ack
        return None


class Customer:
    """Writes, asks for a person, leaves the line; shows what its client would."""

    def __init__(self, run: Run, number: int) -> None:
        """Nothing is said yet."""
        self.run = run
        self.name = f"customer-{number}"
        self.number = number
        self.sent: list[Sent] = []
        # Arrivals by number, and the one up to which nothing is missing.
        self.shown: dict[int, Entry] = {}
        self.through = 0
        self.owner = "bot"
        self.is_done = False
        self.link = Link(run, "/", self._hear, self._greet)
        self._session_id = ""
        self._bursts = 0
        self._looking = False
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def live(self) -> None:
        """Goes on until the run ends, and until all that was asked is answered."""
        acts: dict[str, list[Callable[[], Awaitable[None]]]] = {
            "bot": [*[self._write] * 9, self._ask_by_button, self._ask_in_words],
            "queue": [*[self._write] * 6, self._leave_line],
            # An agent ends no chat before all that was written is read.
            "agent": [self._write, self._listen, self._listen],
            "closed": [self._write],
        }
        await self.link.wait_until_ready()  # only then is there a session
        while not self.run.is_ending.is_set():
            await self.run.chance.choice(acts[self.owner])()
            await self.run.pause()
        await self._end()
        self.is_done = True

    async def _end(self) -> None:
        """Waits until the assistant has the chat and has answered the last word."""
        while True:
            await self._until(lambda: self.owner in ("bot", "closed"))
            [last] = await self._say([self._text("that is all")])
            answered = partial(self._has_answer, last)
            if await self._until(answered, 2 * RELOAD_SECS):
                return

    async def _until(self, found: Callable[[], bool], secs: float = 1e9) -> bool:
        """Whether it comes true in time; looks again where nothing comes."""
        loop = asyncio.get_running_loop()
        until = loop.time() + secs
        while not found() and loop.time() < until:
            self._changed.clear()
            try:
                async with asyncio.timeout(RELOAD_SECS):
                    await self._changed.wait()
            except TimeoutError:
                self.run.counts["looks for what nobody told"] += 1
                await self.look_again()
        return found()

    async def _listen(self) -> None:
        await asyncio.sleep(LISTEN_SECS)

    def _has_answer(self, message_id: str) -> bool:
        wanted = f"bot:{message_id}:0"
        return any(one["message_id"] == wanted for one in self.shown.values())

    def _text(self, words: str) -> str:
        """Random words or digits could be taken for a secret, and be left out."""
        return f"{words}, line {len(self.sent)} of {self.number}"

    async def _write(self) -> None:
        count = self.run.chance.choice([1, 1, 1, 2, 3])
        words = ["hello there"] * count
        if count > 1:
            words[0] = UNFINISHED
        base = len(self.sent)
        await self._say(
            [
                f"{word}, line {base + n} of {self.number}"
                for n, word in enumerate(words)
            ]
        )

    async def _ask_in_words(self) -> None:
        await self._say([self._text(self.run.chance.choice([BY_TURN, BY_ACTION]))])

    async def _say(self, texts: list[str]) -> list[str]:
        """Sends all of them at once; returns their ids when all are acknowledged."""
        self._bursts += 1
        calls = []
        for n, text in enumerate(texts):
            message_id = f"m-{self.number}-{len(self.sent) + n}"
            calls.append({"message": text, "message_id": message_id})
        data = [{"session_id": self._session_id, **call} for call in calls]
        acked = await asyncio.gather(*(self._send(one) for one in data))
        for call, (seqs, is_repeated) in zip(calls, acked, strict=True):
            message_id, text = call["message_id"], call["message"]
            self.sent.append(Sent(message_id, text, self._bursts, seqs, is_repeated))
        self.run.counts["messages of customers"] += len(texts)
        return [call["message_id"] for call in calls]

    async def _send(self, data: Entry) -> tuple[tuple[int, ...], bool]:
        said = ("user_uttered", data)
        if self.run.chance.random() < 0.1:  # while the first is under way
            (ack, is_repeated), again = await asyncio.gather(
                self.link.call(*said), self.link.repeat(*said)
            )
            is_repeated = True
        else:
            ack, is_repeated = await self.link.call(*said)
            again = None
            if self.run.chance.random() < 0.1:
                again = await self.link.repeat(*said)
        if not ack["ok"]:
            self.run.counts[f"messages refused: {ack['error']}"] += 1
            return (), is_repeated
        own = {"seq": ack["seq"], "prev": ack["prev"], "sender": "customer"}
        own |= {"message_id": ack["message_id"], "text": data["message"]}
        self._show(own)
        acks = [one for one in (ack, again) if one is not None and one["ok"]]
        return tuple(one["seq"] for one in acks), is_repeated

    async def _ask_by_button(self) -> None:
        ack, _ = await self.link.call("request_human", {"session_id": self._session_id})
        assert ack["ok"], ack

    async def _leave_line(self) -> None:
        call = {"session_id": self._session_id, "owner": "queue"}
        ack, _ = await self.link.call("leave", call)
        assert ack["ok"], ack

    async def look_again(self) -> bool:
        """Asks for what is missing, as a page does that is loaded anew."""
        with suppress(OSError, aiohttp.ClientError, TimeoutError):
            ack: Entry = await self.link.once("session_request", self._request())
            return bool(ack["ok"])
        return False

    def _request(self) -> Entry:
        request: Entry = {"protocol": 1, "last_seq": self.through}
        if self._session_id:
            request["session_id"] = self._session_id
        return request

    async def _greet(self, connection: Connection) -> None:
        ack = await connection.call("session_request", self._request(), CALL_SECS)
        if not ack["ok"]:
            raise ConnectionError(ack)

    def _hear(self, event: str, payload: Any) -> None:
        if event == "session_confirm":
            self._session_id = payload
        elif event == "history":
            for message in payload["messages"]:
                self._show(message)
        elif event in ("bot_uttered", "user_echo"):
            self._show(payload)
        elif event == "conversation_status":
            self.owner = payload["owner"]
        self._changed.set()

    def _show(self, message: Entry) -> None:
        """Keeps it by its number; asks again where something before it is missing."""
        self.shown.setdefault(message["seq"], message)
        for seq in sorted(self.shown):
            if seq > self.through and self.shown[seq]["prev"] == self.through:
                self.through = seq
        if max(self.shown) > self.through and not self._looking:
            self._looking = True
            task = asyncio.create_task(self._fill())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _fill(self) -> None:
        try:
            while self.shown and max(self.shown) > self.through:
                self.run.counts["gaps that clients filled"] += 1
                await self.look_again()
                await asyncio.sleep(AGAIN_SECS)
        finally:
            self._looking = False


@dataclass
class Chat:
    """A chat that an agent has: how much there is still to say."""

    conversation_id: str
    handoff_id: str
    left: int


class Agent:
    """Claims the head of the line, says a few things, gives the chat back."""

    def __init__(self, run: Run, name: str) -> None:
        """Signs in with `arrive`."""
        self.run = run
        self.name = name
        self.agent_id = ""
        self.token = ""
        self.claims: list[tuple[str, Claim]] = []
        self.sent: dict[str, list[Sent]] = {}
        self.line: dict[str, Entry] = {}
        self.chats: dict[str, Chat] = {}
        self.logs: dict[str, dict[int, Entry]] = {}
        self.link = Link(run, "/inbox", self._hear, self._greet)
        self._said = 0
        self._calls = 0
        self._tasks: set[asyncio.Task[Any]] = set()

    async def arrive(self) -> None:
        """Signs in."""
        login = {"email": f"{self.name}@example.com", "password": TOKEN}
        url = f"{self.run.url()}/api/v1/auth/login"
        async with self.run.http.post(url, json=login) as response:
            body = await response.json()
        self.run.http.cookie_jar.clear()
        self.token, self.agent_id = body["token"], body["agent"]["agent_id"]
        self.link.auth = {"token": self.token}

    async def live(self) -> None:
        """Works until nobody needs it any more."""
        call = {"status": "available", "capacity": CAPACITY}
        await self._act("presence_set", call)
        while True:
            await self._work()
            await asyncio.sleep(self.run.chance.uniform(*WORK_SECS))

    async def _work(self) -> None:
        chance = self.run.chance
        # Now and then beyond what they may have, which is to be refused.
        wants = len(self.chats) < CAPACITY or chance.random() < 0.1
        if self.line and wants and (not self.chats or chance.random() < 0.5):
            await self._claim(min(self.line.values(), key=_place))
        elif self.chats:
            chat = chance.choice([*self.chats.values()])
            if chat.left > 0 and not self.run.is_ending.is_set():
                await self._say(chat)
            else:
                await self._finish(chat)

    async def _claim(self, row: Entry) -> None:
        handoff_id = row["handoff_id"]
        ack = await self._act("handoff_claim", {"handoff_id": handoff_id})
        if ack["ok"]:
            claim = Claim(self.agent_id, handoff_id)
            self.claims.append((row["conversation_id"], claim))
            self._take(row)
        elif ack["error"] != "at_capacity":
            self.line.pop(handoff_id, None)

    def _take(self, row: Entry) -> None:
        conversation_id = row["conversation_id"]
        self.line.pop(row["handoff_id"], None)
        if conversation_id not in self.chats:
            left = self.run.chance.randint(1, 4)
            chat = Chat(conversation_id, row["handoff_id"], left)
            self.chats[conversation_id] = chat
            self.logs.setdefault(conversation_id, {})
            self._look([conversation_id])

    async def _say(self, chat: Chat) -> None:
        self._said += 1
        text = f"reply {self._said} of {self.name}"
        client_id = f"{self.name}-{self._said}"
        call = {"conversation_id": chat.conversation_id, "text": text}
        call["client_id"] = client_id
        ack = await self._act("message_send", call)
        if not ack["ok"]:
            self.chats.pop(chat.conversation_id, None)
            return
        chat.left -= 1
        seqs = ack["seqs"]
        sent = Sent(ack["message_id"], text, self._said, seqs)
        self.sent.setdefault(chat.conversation_id, []).append(sent)
        self.run.counts["messages of agents"] += 1

    async def _finish(self, chat: Chat) -> None:
        call: Entry = {"handoff_id": chat.handoff_id, "disposition": "resolved"}
        call["seen_seq"] = max(self.logs[chat.conversation_id], default=0)
        ends = not self.run.is_ending.is_set() and self.run.chance.random() < 0.2
        ack = await self._act("handoff_close" if ends else "handoff_return", call)
        if ack["ok"]:
            self.run.counts["handoffs ended by agents"] += 1
        if ack["ok"] or ack["error"] not in ("new_messages", "bot_unavailable"):
            self.chats.pop(chat.conversation_id, None)
        else:
            self._look([chat.conversation_id])

    async def _act(self, event: str, data: Entry) -> Any:
        """A call that is repeated until it is answered, and sometimes once more."""
        self._calls += 1
        data = {"client_id": f"{self.name}-call-{self._calls}", **data}
        again = None
        if self.run.chance.random() < 0.1:
            (ack, _), again = await asyncio.gather(
                self.link.call(event, data), self.link.repeat(event, data)
            )
        else:
            ack, _ = await self.link.call(event, data)
        acks = [one for one in (ack, again) if one is not None and "seq" in one]
        return {**ack, "seqs": tuple(one["seq"] for one in acks)}

    async def _greet(self, connection: Connection) -> None:
        ack = await connection.call("sync", {"cursors": self._cursors()}, CALL_SECS)
        self._caught_up(ack)

    def _cursors(self) -> dict[str, int]:
        return {one: _through(held) for one, held in self.logs.items()}

    def _caught_up(self, ack: Entry) -> None:
        for conversation_id, found in ack.get("conversations", {}).items():
            for entry in found["events"]:
                self.logs[conversation_id].setdefault(entry["seq"], entry)

    async def catch_up(self, conversation_ids: list[str] | None = None) -> None:
        """Asks for what is missing of the logs that are open here."""
        wanted = conversation_ids or [*self.logs]
        cursors = {one: _through(self.logs[one]) for one in wanted}
        with suppress(OSError, aiohttp.ClientError, TimeoutError):
            self._caught_up(await self.link.once("sync", {"cursors": cursors}))

    def _look(self, conversation_ids: list[str]) -> None:
        task = asyncio.create_task(self.catch_up(conversation_ids))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _hear(self, event: str, payload: Any) -> None:
        if event == "snapshot":
            self.line = {one["handoff_id"]: one for one in payload["queue"]}
            mine = {one["conversation_id"]: one for one in payload["mine"]}
            self.chats = {n: one for n, one in self.chats.items() if n in mine}
            for row in mine.values():
                self._take(row)
        elif event == "event_added":
            self._hear_entry(payload["conversation_id"], payload["event"])
        elif event in ("handoff_queued", "handoff_claimed", "handoff_updated"):
            self._hear_row(payload["handoff"])
        elif event == "queue_changed":
            for handoff_id, place in payload["positions"].items():
                if handoff_id in self.line:
                    self.line[handoff_id]["position"] = place

    def _hear_row(self, row: Entry) -> None:
        is_mine = (row.get("agent") or {}).get("agent_id") == self.agent_id
        if row["state"] in ("queued", "offered"):
            self.line[row["handoff_id"]] = row
        else:
            self.line.pop(row["handoff_id"], None)
        if row["state"] == "claimed" and is_mine:
            self._take(row)
        else:
            self.chats.pop(row["conversation_id"], None)

    def _hear_entry(self, conversation_id: str, entry: Entry) -> None:
        held = self.logs.get(conversation_id)
        if held is None:
            return
        held.setdefault(entry["seq"], entry)
        if conversation_id in self.chats and max(held) > _through(held):
            self.run.counts["gaps that clients filled"] += 1
            self._look([conversation_id])


def _place(row: Entry) -> tuple[int, str]:
    return row.get("position") or 10_000, row["queued_at"]


def _through(held: dict[int, Entry]) -> int:
    """The number up to which nothing is missing."""
    through = 0
    while through + 1 in held:
        through += 1
    return through
