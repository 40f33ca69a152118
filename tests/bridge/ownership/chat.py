"""One conversation, as far as ownership goes."""

from dataclasses import dataclass, field, replace

from handoff_bridge.conversation.outcomes import AnswerLine, Transition
from handoff_bridge.conversation.ownership import AgentRef, Fence, Ownership
from handoff_bridge.conversation.states import Owner
from tests.bridge.ownership.entry import Entry


@dataclass
class Job:
    """What the assistant is owed: the turn of a message, or a hand-back."""

    name: str
    agent: AgentRef | None = None
    # Once it runs.
    fence: Fence | None = None
    # Owed again by another job since: nobody waits for this answer.
    is_void: bool = False


@dataclass
class Chat:
    """One conversation."""

    name: str
    state: Ownership
    log: list[Entry] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    running: Job | None = None
    # States of all handoffs, the newest one last.
    handoffs: dict[str, str] = field(default_factory=dict)
    # Messages that have led to a handoff, and those in line without a turn since.
    asked: set[str] = field(default_factory=set)
    line: list[str] = field(default_factory=list)
    is_over: bool = False

    def append(self, entry: Entry) -> None:
        """An entry that is no move."""
        self.log.append(entry)
        self.state = replace(self.state, last_seq=self.state.last_seq + 1)

    @property
    def first(self) -> str:
        """The oldest handoff."""
        return next(iter(self.handoffs))

    @property
    def last(self) -> str:
        """The newest handoff."""
        return next(reversed(self.handoffs))

    @property
    def in_line(self) -> bool:
        """Whether what runs is a message from the line."""
        fence = self.running.fence if self.running else None
        return fence is not None and fence.in_line


def check_log(chat: Chat) -> None:
    """Ownership can be rebuilt from the log, and nobody is heard twice."""
    owner, epoch = Owner.BOT.value, 0
    for entry in chat.log:
        if entry[0] == "owner_changed":
            assert entry[1] == owner
            assert entry[4] == epoch + 1
            owner, epoch = str(entry[2]), epoch + 1
        if entry[0] == "bot":
            assert owner in (Owner.BOT, Owner.QUEUE), "the bot spoke over a human"
        if entry[0] == "agent":
            assert owner == Owner.AGENT
    assert (owner, epoch) == (chat.state.owner, chat.state.epoch)
    said = [e for e in chat.log if e[0] in ("customer", "bot") and e[1] != "handback"]
    assert len(said) == len(set(said)), "a message twice"


def check_voice(chat: Chat, job: Job) -> None:
    """The bot is heard where it owns the chat, and in line only if it may be."""
    assert chat.state.owner in (Owner.BOT, Owner.QUEUE)
    if chat.state.owner == Owner.QUEUE:
        handoff = chat.state.handoff
        asked_by = handoff.message_id if handoff else None
        has_asked = job.name in (asked_by, chat.state.raised_by)
        assert job.fence is not None and (job.fence.in_line or has_asked)


def answer_line(chat: Chat, moved: Transition) -> None:
    """What met with silence is owed a turn; what is owed already, afterwards."""
    if not moved.find(AnswerLine):
        return
    pending = [job.name for job in chat.jobs]
    if chat.running is not None:
        chat.running.is_void = True
    silent = [name for name in chat.line if name not in pending]
    chat.jobs = [Job(name) for name in [*silent, *pending]]
