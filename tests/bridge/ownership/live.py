"""Plays the sequences of the machine at a running bridge, over its public doors."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from tests.bridge.conftest import SERVICE_TOKEN
from tests.bridge.ownership.chat import Chat
from tests.bridge.ownership.entry import entry_of, first_difference
from tests.bridge.ownership.machine import AGENTS
from tests.bridge.ownership.prompter import Prompter
from tests.bridge.ownership.world import World
from tests.bridge.support import AgentClient, Customer, House
from tests.bridge.support.assistant import says

WAIT_SECS = 10


class LiveDriver:
    """Does at the bridge what was done in the world, and compares after each step."""

    def __init__(
        self,
        runner: asyncio.Runner,
        house: House,
        agents: list[AgentClient],
    ) -> None:
        self._runner = runner
        self._house = house
        self._agents = agents
        self._prompter = Prompter(house.assistant)
        self._world: World
        self._customers: dict[int, Customer] = {}
        # By the world's names.
        self._conversations: dict[str, str] = {}
        self._handoffs: dict[str, str] = {}
        self._returning: dict[str, list[asyncio.Future[Any]]] = {}
        self.entries = 0
        self._played: list[str] = []
        self.failure: AssertionError | None = None

    def begin(self, world: World) -> None:
        """Both customers arrive."""
        self._world, self._played = world, []
        self._conversations, self._handoffs = {}, {}
        for c in (0, 1):
            self.renew(c)

    def renew(self, c: int) -> None:
        """A customer whose chat is over begins another."""
        self._customers[c] = self._do(self._house.customer())

    def play(self, step: str, expected: str, **how: Any) -> None:
        """Does a step, expects that answer, and compares the logs."""
        c = how.pop("c")
        chat = self._world.chats[c]
        self._played.append(f"{step}({c}, {how}) -> {expected}")
        try:
            self._do(self._play(step, expected, c, chat, how))
        except Exception as error:
            # Hypothesis plays it again, at a bridge that is of no more use: the first
            # failure is the true one.
            steps = "\n".join(self._played)
            self.failure = self.failure or AssertionError(f"{error!r} after\n{steps}")
            raise

    def end(self) -> None:
        """The customers go; what they had is over."""
        for customer in self._customers.values():
            self._do(customer.close())
        self.entries += sum(
            len(chat.log) for chat in [*self._world.chats, *self._world.past]
        )

    def _do[T](self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(asyncio.wait_for(work, 3 * WAIT_SECS))

    async def _play(
        self, step: str, expected: str, c: int, chat: Chat, how: dict[str, Any]
    ) -> None:
        answer = await getattr(self, f"_{step}")(c, chat, **how)
        assert answer == expected, (step, how, answer, expected)
        await self._settle(chat)
        last_seq = await self._compare(chat, step)
        await self._told(c, chat, last_seq)

    async def _settle(self, chat: Chat) -> None:
        """Until the assistant is asked for what runs, or has nothing to do."""
        if chat.name not in self._conversations:
            known = set(self._conversations.values())
            self._conversations[chat.name] = await self._prompter.until_new(known)
        sender = self._conversations[chat.name]
        if chat.running is not None:
            name = chat.running.name
            await self._prompter.until(sender, self._handoffs.get(name, name))
            return
        async with asyncio.timeout(WAIT_SECS):
            while task := self._house.turns.get(sender):
                await asyncio.wait([task])

    async def _compare(self, chat: Chat, step: str) -> int:
        """The log of the bridge is what the function says; the number of its last."""
        supervisor = self._agents[2]
        events = await self._house.events(supervisor, self._conversations[chat.name])
        assert [event["seq"] for event in events] == [*range(1, len(events) + 1)]
        found = [entry for event in events if (entry := entry_of(event))]
        assert found == chat.log, f"after {step}:\n{first_difference(found, chat.log)}"
        opened = [e["handoff_id"] for e in events if e["type"] == "handoff_requested"]
        self._handoffs |= dict(zip(chat.handoffs, opened, strict=True))
        return len(events)

    async def _told(self, c: int, chat: Chat, last_seq: int) -> None:
        """The customer knows who has the chat, agents how it stands with it."""
        customer, supervisor = self._customers[c], self._agents[2]
        await customer.until(
            lambda: (
                customer.all("conversation_status")[-1]["owner"] == chat.state.owner
            ),
            f"{chat.state.owner}",
        )
        if not chat.handoffs:
            return
        wanted, state = self._handoffs[chat.last], chat.handoffs[chat.last]
        await supervisor.until(
            lambda: _last_state(supervisor, wanted) == state, f"{wanted} {state}"
        )
        if chat.state.handoff is not None:
            known = {"conversation_id": self._conversations[chat.name]}
            await supervisor.until(
                lambda: _last_entry(supervisor, **known) == last_seq, f"{last_seq}"
            )

    async def _writes(self, c: int, chat: Chat, name: str) -> str:
        ack = await self._customers[c].say(f"message {name}", message_id=name)
        return _code(ack)

    async def _asks(self, c: int, chat: Chat) -> str:
        return _code(await self._customers[c].ask_for_human())

    async def _leaves(self, c: int, chat: Chat, ends: bool) -> str:
        customer = self._customers[c]
        request = {"session_id": customer.session_id, "end": ends}
        return _code(await customer.call("leave", request))

    async def _asks_during(self, c: int, chat: Chat, trigger: str) -> str:
        assert chat.running is not None
        return await self._ask(chat, trigger=trigger, message_id=chat.running.name)

    async def _asks_unasked(self, c: int, chat: Chat, trigger: str) -> str:
        return await self._ask(chat, trigger=trigger)

    async def _ask(self, chat: Chat, **request: Any) -> str:
        answer = await self._house.ask(
            conversation_id=self._conversations[chat.name], **request
        )
        return "ok" if answer.is_success else str(answer.json()["error"])

    async def _answers(
        self, c: int, chat: Chat, trigger: str | None, leaves_line: bool
    ) -> str:
        turn: dict[str, Any] = {"leaves_line": leaves_line}
        if trigger is not None:
            turn["trigger"] = {"trigger": trigger, "triggers": [trigger]}
        return self._say(chat, "Hm.", **turn)

    async def _hears(self, c: int, chat: Chat) -> str:
        return self._say(chat, recorded=False)

    async def _fails(self, c: int, chat: Chat) -> str:
        return self._say(chat)

    def _say(self, chat: Chat, *texts: str, **turn: Any) -> str:
        """Of messages that go together only the first is answered."""
        sender = self._conversations.get(chat.name)
        if sender is None:
            [sender] = self._prompter.senders - set(self._conversations.values())
        name = self._prompter.asked(sender)
        self._prompter.answer(sender, says(*texts, message_ids=[name], **turn))
        return "ok"

    async def _hands_back(self, c: int, chat: Chat, is_able: bool) -> str:
        answer = says("Hm.") if is_able else (422, {"message": "No such slot."})
        self._prompter.answer(self._conversations[chat.name], answer)
        acks = await asyncio.gather(*self._returning.pop(chat.name))
        [code] = {_code(ack) for ack in acks}
        return code

    async def _bot_speaks(self, c: int, chat: Chat, name: str) -> str:
        answer = await self._house.http.post(
            "/bot/messages",
            json={
                "conversation_id": self._conversations[chat.name],
                "message_id": name,
                "reply": {"text": "Still there?"},
            },
            headers={"Authorization": f"Bearer {SERVICE_TOKEN}"},
        )
        return "ok" if answer.json()["delivered"] else "suppressed"

    async def _claims(self, c: int, chat: Chat, a: int, is_first: bool) -> str:
        wanted = chat.first if is_first else chat.last
        return await self._call(a, "handoff_claim", wanted)

    async def _closes(self, c: int, chat: Chat, a: int, is_blind: bool) -> str:
        return await self._call(a, "handoff_close", chat.last, **_ending(is_blind))

    async def _releases(self, c: int, chat: Chat, a: int, is_blind: bool) -> str:
        seen = {"seen_seq": 0} if is_blind else {}
        return await self._call(a, "handoff_release", chat.last, **seen)

    async def _transfers(self, c: int, chat: Chat, a: int, to: int | str) -> str:
        if isinstance(to, str):
            meant = {"team": to}
        else:
            meant = {"agent_id": self._agents[to].agent_id}
        return await self._call(a, "handoff_transfer", chat.last, **meant)

    async def _takes_over(self, c: int, chat: Chat, a: int) -> str:
        wanted = {"conversation_id": self._conversations[chat.name]}
        return _code(await self._agents[a].act("conversation_takeover", **wanted))

    async def _call(self, a: int, event: str, handoff: str, **more: Any) -> str:
        known = self._handoffs[handoff]
        return _code(await self._agents[a].act(event, handoff_id=known, **more))

    async def _agent_writes(self, c: int, chat: Chat, a: int) -> str:
        conversation_id = self._conversations[chat.name]
        return _code(
            await self._agents[a].act(
                "message_send", conversation_id=conversation_id, text="Hello."
            )
        )

    async def _gives_back(self, c: int, chat: Chat, a: int, is_blind: bool) -> str:
        agent, known = self._agents[a], self._handoffs[chat.last]
        call = {"handoff_id": known, **_ending(is_blind)}
        ack = asyncio.get_running_loop().create_future()
        await agent.io.emit(
            "handoff_return", call, namespace="/inbox", callback=ack.set_result
        )
        # The calls of one connection are taken in order, the acks come as they may.
        conversation_id = self._conversations[chat.name]
        await agent.call("typing", {"conversation_id": conversation_id})
        if self._is_begun(chat, a):
            self._returning.setdefault(chat.name, []).append(ack)
            return "begun"
        return _code(await asyncio.wait_for(ack, WAIT_SECS))

    def _is_begun(self, chat: Chat, a: int) -> bool:
        handoff = chat.state.handoff
        is_own = chat.state.agent_id == AGENTS[a].agent_id
        return handoff is not None and handoff.is_returning and is_own


def _last_state(agent: AgentClient, handoff_id: str) -> str | None:
    """What an agent was told last of a handoff."""
    for event, payload in reversed(agent.events):
        if event.startswith("handoff_") and payload["handoff_id"] == handoff_id:
            return str(payload["handoff"]["state"])
    return None


def _last_entry(agent: AgentClient, conversation_id: str) -> int:
    """The number of the last entry that an agent who watches was told of."""
    told = agent.all("event_added")
    return max(
        (
            added["event"]["seq"]
            for added in told
            if added["conversation_id"] == conversation_id
        ),
        default=0,
    )


def _ending(is_blind: bool) -> dict[str, Any]:
    return {"disposition": "spam", **({"seen_seq": 0} if is_blind else {})}


def _code(ack: dict[str, Any]) -> str:
    return "ok" if ack["ok"] else str(ack["error"])
