"""Two customers, three agents and an assistant, as the function has them.

A chat here is what the bridge keeps of one conversation as far as ownership goes: the
state, the log, and the turns that are owed to the assistant, of which one runs at a
time. Every step is one thing that somebody does; it gives the answer they get, `ok` or
the code of the refusal, or None where there is nothing to do.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from handoff_bridge.conversation import commands, outcomes
from handoff_bridge.conversation.commands import Command
from handoff_bridge.conversation.events import Reply
from handoff_bridge.conversation.handoff import Reasons
from handoff_bridge.conversation.outcomes import Refused, Transition
from handoff_bridge.conversation.ownership import AgentRef, Ownership, Reader
from handoff_bridge.conversation.states import Disposition, Owner
from handoff_bridge.conversation.transition import transition
from handoff_bridge.conversation.triggers import DeclaredTrigger
from tests.bridge.ownership.chat import Chat, Job, answer_line, check_log, check_voice
from tests.bridge.ownership.entry import entry_for
from tests.bridge.ownership.moves import check_move

# By number.
SUPERVISORS = frozenset({2})
NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
Asking = Callable[[str, Reasons, str | None], Command]


def because(trigger: str) -> Reasons:
    """The reasons of a request that names one trigger."""
    return Reasons.of([DeclaredTrigger(trigger)], {})


class World:
    """Everybody. `chats` are the customers' present ones, `past` those that ended."""

    def __init__(self, agents: list[AgentRef], capacity: list[int]) -> None:
        self.agents = agents
        self.capacity = capacity
        self._count = 0
        self.past: list[Chat] = []
        self.chats = [self._new_chat(), self._new_chat()]

    # What customers do.

    def writes(self, c: int, name: str) -> str:
        """A message, whose id is `name`."""
        chat = self.chats[c]
        moved = self._move(chat, commands.CustomerWrites(name))
        chat.append(("customer", name))
        seq = chat.state.last_seq
        chat.state = replace(chat.state, last_customer_seq=seq)
        routed = moved.find(outcomes.Routed)
        assert routed is not None
        if routed.to in (Reader.ASSISTANT, Reader.LINE):
            chat.jobs.append(Job(name))
        if routed.to == Reader.LINE:
            chat.line.append(name)
        return self._settled(chat)

    def asks(self, c: int) -> str:
        """The button."""
        return self._ask(self.chats[c], commands.CustomerAsks, "customer_request")

    def leaves(self, c: int, ends: bool) -> str | None:
        """The line, the agent, or the chat. With an agent it is not ended here."""
        chat = self.chats[c]
        if ends and chat.state.owner == Owner.AGENT:
            return None
        moved = self._move(chat, commands.CustomerLeaves(ends))
        answer_line(chat, moved)
        if moved.find(outcomes.EndSession):
            chat.is_over = True
        return self._settled(chat)

    def returns_anew(self, c: int) -> None:
        """The customer of a chat that is over begins another."""
        assert self.chats[c].is_over
        self.past.append(self.chats[c])
        self.chats[c] = self._new_chat()

    # What the assistant does.

    def asks_during(self, c: int, trigger: str) -> str | None:
        """The turn that runs asks for a human; its goodbye is still to come."""
        chat = self.chats[c]
        if chat.running is None or chat.running.agent is not None:
            return None
        name = chat.running.name
        return self._ask(chat, commands.RequestHandoff, trigger, name)

    def asks_unasked(self, c: int, trigger: str) -> str:
        """A request that no message led to."""
        return self._ask(self.chats[c], commands.RequestHandoff, trigger)

    def answers(
        self, c: int, trigger: str | None = None, leaves_line: bool = False
    ) -> str | None:
        """The turn that runs is done, and may report that a human is needed."""
        chat = self.chats[c]
        job = self._finish(chat)
        if job is None or job.is_void:
            return job and self._settled(chat)
        assert job.fence is not None
        self._log_turn(chat, job)
        replies = commands.BotReplies(job.name, job.fence, [Reply(text="Hm.")])
        moved = self._move(chat, replies)
        if moved.find(outcomes.Speak):
            check_voice(chat, job)
            chat.append(("bot", job.name))
        if trigger is not None:
            fence = job.fence
            self._ask(
                chat,
                lambda *ask: commands.TurnAsks(*ask, fence=fence),
                trigger,
                job.name,
            )
        if leaves_line and job.fence.in_line and chat.state.owner == Owner.QUEUE:
            moved = self._move(chat, commands.LeaveLine())
            answer_line(chat, moved)
        return self._settled(chat)

    def fails(self, c: int) -> str | None:
        """The turn that runs comes to nothing. In line that is no failure."""
        chat = self.chats[c]
        if chat.in_line:
            return None
        job = self._finish(chat)
        if job is None or job.is_void:
            return job and self._settled(chat)
        chat.append(("turn_failed", job.name))
        self._log_turn(chat, job)
        self._ask(chat, commands.TurnFails, "bot_failure", job.name)
        return self._settled(chat)

    def hears(self, c: int) -> str | None:
        """The assistant says nothing to a message from the line, and keeps nothing."""
        chat = self.chats[c]
        if not chat.in_line:
            return None
        self._finish(chat)
        return self._settled(chat)

    def hands_back(self, c: int, is_able: bool) -> str | None:
        """The assistant takes over from an agent, or is not able to."""
        chat, job = self.chats[c], self.chats[c].running
        if job is None or job.agent is None:
            return None
        chat.running, chat.jobs = None, chat.jobs[1:]
        if is_able:
            spam = Disposition.SPAM
            moved = self._move(chat, commands.FinishReturn(job.name, job.agent, spam))
            assert moved.find(outcomes.Speak)
            assert chat.state.owner == Owner.BOT
            chat.append(("bot", "handback"))
        else:
            moved = self._move(chat, commands.AbortReturn(job.name))
        self._settled(chat)
        return "ok" if is_able else "unknown_slot"

    def bot_speaks(self, c: int, name: str) -> str:
        """A reminder."""
        chat = self.chats[c]
        moved = self._move(chat, commands.BotSpeaks(name, Reply(text="Hm.")))
        if not moved.find(outcomes.Speak):
            return "suppressed"
        assert chat.state.owner == Owner.BOT
        chat.append(("bot", name))
        return "ok"

    # What agents do.

    def claims(self, c: int, a: int, is_first: bool) -> str | None:
        """The newest handoff of a chat, or with `is_first` the oldest."""
        chat, agent = self.chats[c], self.agents[a]
        if not chat.handoffs:
            return None
        wanted = chat.first if is_first else chat.last
        claim = commands.Claim(
            wanted, agent, self.load(agent), self.capacity[a], a in SUPERVISORS
        )
        ack = self._acked(chat, claim)
        assert (ack == "ok") <= (chat.state.agent_id == agent.agent_id)
        return ack

    def agent_writes(self, c: int, a: int) -> str:
        """A message to the customer."""
        chat, agent = self.chats[c], self.agents[a]
        ack = self._acked(chat, commands.AgentWrites(agent))
        if ack == "ok":
            chat.append(("agent", agent.name))
        return ack

    def closes(self, c: int, a: int, is_blind: bool) -> str | None:
        """The end of the chat; `is_blind` if the agent has seen nothing of it."""
        chat = self.chats[c]
        if not chat.handoffs:
            return None
        seen = 0 if is_blind else None
        spam = Disposition.SPAM
        end = commands.Close(chat.last, self.agents[a], spam, seen_seq=seen)
        return self._acked(chat, end)

    def releases(self, c: int, a: int, is_blind: bool) -> str | None:
        """Back in line."""
        chat = self.chats[c]
        if not chat.handoffs:
            return None
        seen = 0 if is_blind else None
        put_back = commands.Release(chat.last, self.agents[a], seen_seq=seen)
        return self._acked(chat, put_back)

    def transfers(self, c: int, a: int, to: int | str) -> str | None:
        """To another agent, by number, or to a team."""
        chat, agent = self.chats[c], self.agents[a]
        if not chat.handoffs:
            return None
        if isinstance(to, str):
            members = [one for one in self.agents if one.team == to]
            if members == [agent]:
                return "transfer_to_self"
            meant = commands.Recipient(team=to)
        else:
            if to == a:
                return "transfer_to_self"
            meant = commands.Recipient(self.agents[to])
        on = commands.Transfer(chat.last, agent, meant, is_supervisor=a in SUPERVISORS)
        return self._acked(chat, on)

    def takes_over(self, c: int, a: int) -> str:
        """Whoever has the chat."""
        chat, agent = self.chats[c], self.agents[a]
        if a not in SUPERVISORS:
            return "forbidden"
        known = {one.agent_id: one for one in self.agents}
        self._count += 1
        return self._acked(
            chat,
            commands.TakeOver(
                f"h{self._count}",
                because("agent_takeover"),
                agent=agent,
                load=self.load(agent),
                capacity=self.capacity[a],
                previous=known.get(chat.state.agent_id or ""),
            ),
        )

    def gives_back(self, c: int, a: int, is_blind: bool) -> str | None:
        """A hand-back begins; who waits for what comes of it is told `begun`."""
        chat, agent = self.chats[c], self.agents[a]
        if not chat.handoffs:
            return None
        seen = 0 if is_blind else None
        begin = commands.BeginReturn(chat.last, agent, seen)
        moved = self._do(chat, begin)
        if isinstance(moved, Refused):
            return moved.error.code
        if moved.find(outcomes.TurnPending):
            chat.jobs.append(Job(chat.last, agent))
            self._settled(chat)
        return "begun"

    def load(self, agent: AgentRef) -> int:
        """How many chats an agent has."""
        every = [*self.chats, *self.past]
        return sum(chat.state.agent_id == agent.agent_id for chat in every)

    def check(self) -> None:
        """What holds at any time, over all chats."""
        for agent, capacity in zip(self.agents, self.capacity, strict=True):
            assert self.load(agent) <= capacity
        for chat in [*self.chats, *self.past]:
            check_log(chat)
            assert chat.running or not chat.jobs, "what is owed is not forgotten"

    # How the bridge goes about it.

    def _new_chat(self) -> Chat:
        self._count += 1
        name = f"c{self._count}"
        return Chat(name, Ownership(name))

    def _do(self, chat: Chat, command: Command) -> Transition | Refused:
        before = chat.state
        moved = transition(before, command, NOW)
        if isinstance(moved, Refused):
            return moved
        check_move(before, moved)
        chat.state = moved.state
        if before.owner != Owner.QUEUE and chat.state.owner == Owner.QUEUE:
            chat.line = []
        chat.log += map(entry_for, moved.events)
        if moved.handoff is not None:
            chat.handoffs[moved.handoff.handoff_id] = moved.handoff.state
        return moved

    def _move(self, chat: Chat, command: Command) -> Transition:
        """A command that nobody refuses here."""
        moved = self._do(chat, command)
        assert isinstance(moved, Transition)
        return moved

    def _acked(self, chat: Chat, command: Command) -> str:
        moved = self._do(chat, command)
        return moved.error.code if isinstance(moved, Refused) else "ok"

    def _ask(
        self, chat: Chat, command: Asking, trigger: str, message: str | None = None
    ) -> str:
        """A message that has led to a handoff before does not lead to another."""
        if chat.state.handoff is None and message in chat.asked:
            return "ok"
        self._count += 1
        handoff_id = f"h{self._count}"
        ack = self._acked(chat, command(handoff_id, because(trigger), message))
        if handoff_id in chat.handoffs and message is not None:
            chat.asked.add(message)
        return ack

    def _finish(self, chat: Chat) -> Job | None:
        """The message's turn that runs, which is paid; a void one was before."""
        job = chat.running
        if job is None or job.agent is not None:
            return None
        chat.running = None
        if not job.is_void:
            chat.jobs.remove(job)
        return job

    def _log_turn(self, chat: Chat, job: Job) -> None:
        chat.append(("turn", job.name))
        chat.line = []

    def _settled(self, chat: Chat) -> str:
        """The next job runs, unless a person has the chat."""
        while chat.running is None and chat.jobs:
            job = chat.jobs[0]
            if job.agent is not None:
                chat.running = job
                break
            moved = self._move(chat, commands.StartTurn(job.name in chat.asked))
            if run := moved.find(outcomes.RunTurn):
                assert chat.state.agent_id is None or job.name in chat.asked
                job.fence = run.fence
                chat.running = job
            else:
                chat.jobs.pop(0)
        return "ok"
