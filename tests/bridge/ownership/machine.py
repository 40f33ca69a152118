"""Random steps of two customers and three agents, for the function and for a bridge."""

from typing import Protocol

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from handoff_bridge.conversation.ownership import AgentRef
from handoff_bridge.conversation.states import Owner
from tests.bridge.ownership.world import World

# As in the demo team.
AGENTS = [
    AgentRef("maria", "Maria", "returns"),
    AgentRef("sam", "Sam", "orders"),
    AgentRef("dana", "Dana"),
]
CAPACITY = [1, 1, 2]
CUSTOMER = st.integers(0, 1)
# Mostly whoever has the chat: else most of what agents do is refused.
OWNER = 3
AGENT = st.sampled_from([OWNER, OWNER, OWNER, 0, 1, 2])
# Whether a step is meant for a chat where it is of use, if there is one.
AIMED = st.sampled_from([True, True, True, False])
# Whether the agent has seen nothing of the chat.
BLIND = st.sampled_from([False, False, True])
# By number, or a team.
RECIPIENT = st.sampled_from([0, 1, 2, "returns", "orders"])
TRIGGER = st.sampled_from(["no_progress", "restricted_topic"])


Step = tuple[str, dict[str, object]]
_URGENT = {"trigger": "restricted_topic"}
_USUAL = {"trigger": "no_progress"}
_ANSWER = ("answers", {"trigger": None, "leaves_line": False})
STORIES: list[list[Step]] = [
    # The turn that asked says goodbye.
    [("writes", {}), ("asks_during", _USUAL), _ANSWER],
    # So does the one that moved a handoff forward, but not one that is overtaken.
    [("writes", {}), ("asks", {}), ("asks_during", _URGENT), _ANSWER],
    [("writes", {}), ("asks", {}), ("asks_during", _USUAL), _ANSWER],
    # What is written in line is answered by the bot if the customer leaves it.
    [("asks", {}), ("writes", {}), ("hears", {}), ("leaves", {"ends": False})],
    [("asks", {}), ("writes", {}), ("writes", {}), ("leaves", {"ends": False})],
    # The turn that asked is not done when the customer has left the line again.
    [
        *(("writes", {}), ("asks_during", _USUAL), ("leaves", {"ends": False})),
        *(_ANSWER, _ANSWER),
    ],
    # Nor does it ask again, when it is run again.
    [
        *(("writes", {}), ("asks_during", _USUAL), ("leaves", {"ends": False})),
        *(_ANSWER, ("asks_during", _USUAL), _ANSWER),
    ],
    # The customer writes while the chat is given back, which may fail.
    [
        *(("asks", {}), ("claims", {"a": 2, "is_first": False})),
        *(("gives_back", {"a": 2, "is_blind": False}), ("writes", {})),
        *(("hands_back", {"is_able": False}), ("agent_writes", {"a": 2})),
    ],
    # What is passed on waits for whom it was meant; a supervisor takes it all the same.
    [
        *(("asks", {}), ("claims", {"a": 2, "is_first": False})),
        *(("transfers", {"a": 2, "to": 0}), ("claims", {"a": 1, "is_first": False})),
        *(("writes", {}), ("takes_over", {"a": 2})),
        *(("releases", {"a": 2, "is_blind": False}), ("leaves", {"ends": False})),
    ],
    # The turn under way is fenced off.
    [("writes", {}), ("takes_over", {"a": 2}), _ANSWER],
]


class Driver(Protocol):
    """Does at a running bridge what has just been done in the world."""

    def begin(self, world: World) -> None:
        """Both customers arrive."""

    def play(self, step: str, expected: str, **how: object) -> None:
        """Does a step, expects that answer, and compares the logs."""

    def renew(self, c: int) -> None:
        """A customer whose chat is over begins another."""

    def end(self) -> None:
        """Ends what is left of the sequence."""


class OwnershipMachine(RuleBasedStateMachine):
    """One sequence. `driver` is the running bridge, if there is one."""

    driver: Driver | None = None
    # Of all sequences.
    steps = sequences = 0

    def __init__(self) -> None:
        super().__init__()
        self.world = World(AGENTS, CAPACITY)
        self._messages = 0
        if self.driver is not None:
            self.driver.begin(self.world)
        for c in (0, 1):
            self._greet(c)

    def play(self, step: str, **how: object) -> None:
        expected = getattr(self.world, step)(**how)
        if expected is None:
            return
        OwnershipMachine.steps += 1
        if self.driver is not None:
            self.driver.play(step, expected, **how)
        self.world.check()

    def _aim(self, c: int, is_aimed: bool, owner: Owner) -> int:
        """The chat `c`, or rather the other one if only that has this owner."""
        owners = [chat.state.owner for chat in self.world.chats]
        return 1 - c if is_aimed and owners[c] != owner == owners[1 - c] else c

    def _agent(self, c: int, a: int) -> int:
        """The agent `a`, or the one who has the chat."""
        if a != OWNER:
            return a
        ids = [agent.agent_id for agent in AGENTS]
        owner = self.world.chats[c].state.agent_id
        return ids.index(owner) if owner in ids else 0

    def _runs(self, is_handback: bool) -> bool:
        running = [chat.running for chat in self.world.chats]
        return any(job and (job.agent is not None) == is_handback for job in running)

    def _name(self) -> str:
        self._messages += 1
        return f"m{self._messages}"

    @rule(c=CUSTOMER)
    def customer_writes(self, c: int) -> None:
        self.play("writes", c=c, name=self._name())

    @rule(c=CUSTOMER)
    def customer_asks(self, c: int) -> None:
        self.play("asks", c=c)

    @rule(c=CUSTOMER, ends=st.booleans(), is_sure=st.booleans())
    def customer_leaves(self, c: int, ends: bool, is_sure: bool) -> None:
        # It ends the chat with the bot: not too often.
        if is_sure or self.world.chats[c].state.owner != Owner.BOT:
            self.play("leaves", c=c, ends=ends)
            self._renew(c)

    @rule(c=CUSTOMER, trigger=TRIGGER)
    def turn_asks(self, c: int, trigger: str) -> None:
        self.play("asks_during", c=c, trigger=trigger)

    @rule(c=CUSTOMER, trigger=TRIGGER)
    def assistant_asks_unasked(self, c: int, trigger: str) -> None:
        self.play("asks_unasked", c=c, trigger=trigger)

    @rule(c=CUSTOMER, trigger=st.none() | TRIGGER, leaves_line=st.booleans())
    def turn_answers(self, c: int, trigger: str | None, leaves_line: bool) -> None:
        self.play("answers", c=c, trigger=trigger, leaves_line=leaves_line)

    @rule(c=CUSTOMER)
    def line_is_heard(self, c: int) -> None:
        self.play("hears", c=c)

    @precondition(lambda self: self._runs(is_handback=False))
    @rule(c=CUSTOMER)
    def turn_fails(self, c: int) -> None:
        self.play("fails", c=c)

    @precondition(lambda self: self._runs(is_handback=True))
    @rule(c=CUSTOMER, is_able=st.booleans())
    def assistant_hands_back(self, c: int, is_able: bool) -> None:
        self.play("hands_back", c=self._aim(c, True, Owner.AGENT), is_able=is_able)

    @rule(c=CUSTOMER, steps=st.sampled_from(STORIES))
    def story(self, c: int, steps: list[Step]) -> None:
        """What random steps seldom come to by themselves."""
        for step, how in steps:
            name = {"name": self._name()} if step == "writes" else {}
            self.play(step, c=c, **how, **name)
        self._renew(c)

    @rule(c=CUSTOMER)
    def bot_speaks(self, c: int) -> None:
        self.play("bot_speaks", c=c, name=self._name())

    @rule(c=CUSTOMER, a=st.integers(0, 2), is_aimed=AIMED)
    def agent_claims(self, c: int, a: int, is_aimed: bool) -> None:
        c = self._aim(c, is_aimed, Owner.QUEUE)
        self.play("claims", c=c, a=a, is_first=not is_aimed)

    @rule(c=CUSTOMER, a=AGENT, is_aimed=AIMED)
    def agent_writes(self, c: int, a: int, is_aimed: bool) -> None:
        c = self._aim(c, is_aimed, Owner.AGENT)
        self.play("agent_writes", c=c, a=self._agent(c, a))

    @rule(c=CUSTOMER, a=AGENT, is_aimed=AIMED, is_blind=BLIND)
    def agent_closes(self, c: int, a: int, is_aimed: bool, is_blind: bool) -> None:
        c = self._aim(c, is_aimed, Owner.AGENT)
        self.play("closes", c=c, a=self._agent(c, a), is_blind=is_blind)

    @rule(c=CUSTOMER, a=AGENT, is_aimed=AIMED, is_blind=BLIND)
    def agent_gives_back(self, c: int, a: int, is_aimed: bool, is_blind: bool) -> None:
        c = self._aim(c, is_aimed, Owner.AGENT)
        self.play("gives_back", c=c, a=self._agent(c, a), is_blind=is_blind)

    @rule(c=CUSTOMER, a=AGENT, is_aimed=AIMED, is_blind=BLIND)
    def agent_releases(self, c: int, a: int, is_aimed: bool, is_blind: bool) -> None:
        c = self._aim(c, is_aimed, Owner.AGENT)
        self.play("releases", c=c, a=self._agent(c, a), is_blind=is_blind)

    @rule(c=CUSTOMER, a=AGENT, is_aimed=AIMED, to=RECIPIENT)
    def agent_transfers(self, c: int, a: int, is_aimed: bool, to: int | str) -> None:
        c = self._aim(c, is_aimed, Owner.AGENT)
        self.play("transfers", c=c, a=self._agent(c, a), to=to)

    @rule(c=CUSTOMER, a=st.sampled_from([2, 2, 2, 0]))
    def supervisor_takes_over(self, c: int, a: int) -> None:
        self.play("takes_over", c=c, a=a)

    @invariant()
    def holds(self) -> None:
        self.world.check()

    def teardown(self) -> None:
        """Everybody goes home, which has to be possible from anywhere."""
        OwnershipMachine.sequences += 1
        for c in (0, 1):
            self._go_home(c)
        if self.driver is not None:
            self.driver.end()

    def _go_home(self, c: int) -> None:
        self._finish_jobs(c)
        chat = self.world.chats[c]
        if chat.state.owner == Owner.AGENT:
            ids = [agent.agent_id for agent in AGENTS]
            a = ids.index(str(chat.state.agent_id))
            self.play("closes", c=c, a=a, is_blind=False)
        self.play("leaves", c=c, ends=True)
        assert self.world.chats[c].state.owner == Owner.CLOSED
        self._finish_jobs(c)

    def _finish_jobs(self, c: int) -> None:
        while self.world.chats[c].running is not None:
            self.play("answers", c=c, trigger=None, leaves_line=False)
            self.play("hands_back", c=c, is_able=True)

    def _renew(self, c: int) -> None:
        """A chat that the customer has ended is looked after to its end."""
        if self.world.chats[c].is_over:
            self._finish_jobs(c)
            self.world.returns_anew(c)
            if self.driver is not None:
                self.driver.renew(c)
            self._greet(c)

    def _greet(self, c: int) -> None:
        """Every chat begins with the bot."""
        self.play("writes", c=c, name=self._name())
        self.play("answers", c=c, trigger=None, leaves_line=False)
