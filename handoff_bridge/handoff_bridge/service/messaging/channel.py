"""What a channel is to the bridge. Each platform's module says how it does it.

What comes in goes through `verify`, `unpack` and `answer` while the platform waits:
they neither wait nor ask anybody. Once it is committed, `read` says what it means. What
goes out is handed to `send`, one part at a time and in order within a conversation.

A channel whose requests somebody else reads has `ask`, `forward` and `hand_in` as well.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from handoff_bridge.conversation.events import DeliveryFailure
from handoff_bridge.models import JsonObject

# Nobody's: of the numbers that are kept for stories.
SAMPLE_ADDRESS = "+12025550100"

type State = Literal["sent", "delivered", "read", "failed"]
# What a message may be beside text, a picture or a PDF; each has a sentence of its own.
type Kind = Literal[
    "audio", "contact", "deleted", "edited", "location", "other", "sticker", "video"
]


@dataclass(frozen=True)
class Request:
    """A request at a channel's public address, as it came.

    `url` is what the sender called, query included; `path` what of it is behind
    `/channels/<name>/`. Names of `headers` are in lower case.
    """

    method: str
    url: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What the platform gets for a request that was taken, or for a question."""

    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200


class Unverified(Exception):
    """Nothing shows that the platform sent it. Says why, for the operator's log."""


class Malformed(Exception):
    """The platform sent it, and it is not of the platform's form. Says what is not."""


@dataclass(frozen=True)
class Arrived:
    """One event of a request.

    The same `event_id` again is the same event. `address` is the customer whom it
    concerns, empty for nobody in particular. `payload` is kept until it is worked on.
    Where the platform counts its events without gaps, `sequence` is that number;
    `counts_by_address` says that each customer has a count of their own.
    """

    event_id: str
    address: str
    payload: JsonObject
    sequence: int | None = None
    counts_by_address: bool = False


@dataclass(frozen=True)
class FileReference:
    """A file that the platform keeps; `fetch` takes it. `size` is in bytes."""

    reference: str
    name: str | None = None
    content_type: str | None = None
    size: int | None = None


@dataclass(frozen=True)
class CustomerMessage:
    """The customer wrote, or sent files. Texts that are commands are found later."""

    text: str = ""
    files: Sequence[FileReference] = ()
    # As the platform tells them; neither proves anything.
    name: str | None = None
    language: str | None = None
    metadata: JsonObject = field(default_factory=dict)
    # What else the same message held, which nobody gets to see.
    unreadable: Kind | None = None
    # What it takes, beside the address, to answer: kept with the conversation until the
    # next message, and part of each Part. None leaves what there is.
    reply_to: JsonObject | None = None


@dataclass(frozen=True)
class Pressed:
    """The customer pressed a button; `payload` as it was sent out."""

    payload: str


@dataclass(frozen=True)
class Unreadable:
    """Something that neither the assistant nor agents get to see."""

    kind: Kind


@dataclass(frozen=True)
class Reported:
    """What became of a message that was sent under the platform's `message_id`.

    Where the platform tells `part_id` too, an attempt whose answer was lost did get
    there under that id.
    """

    message_id: str
    state: State
    failure: DeliveryFailure | None = None
    # The platform's own code or words.
    detail: str | None = None
    part_id: str | None = None


@dataclass(frozen=True)
class Ignored:
    """Nothing to do about it."""


@dataclass(frozen=True)
class Forwarded:
    """Somebody else reads it: `forward` hands it on, and what it says comes in later.

    Its `address` is no customer's: those of one address are handed on in order.
    """


type Event = CustomerMessage | Pressed | Unreadable | Reported | Ignored | Forwarded


@dataclass(frozen=True)
class Button:
    """`payload` is at most 40 characters."""

    title: str
    payload: str


@dataclass(frozen=True)
class OutgoingFile:
    """A file to send: where it is on this machine, and a link that opens it."""

    path: Path
    link: str
    content_type: str
    name: str | None = None


@dataclass(frozen=True)
class TemplateMessage:
    """One of the platform's approved texts, filled in."""

    template_id: str
    variables: Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """One message to a customer, within the channel's limits.

    `part_id` stays the same when it is tried again. It has `text`, `file`,
    `picture_url` or `template`; a `file` may have `text` as its caption.
    """

    part_id: str
    address: str
    text: str = ""
    buttons: Sequence[Button] = ()
    file: OutgoingFile | None = None
    picture_url: str | None = None
    template: TemplateMessage | None = None
    # Of the customer's latest message.
    reply_to: JsonObject | None = None
    # Whether an earlier attempt may have reached the platform.
    is_repeated: bool = False
    # The platform's id of the message to this customer before it: whatever the platform
    # lists after that one came from an attempt whose answer was lost.
    after_message_id: str | None = None


class PlatformError(Exception):
    """The platform did not do it.

    `is_final` if trying again would not help, `retry_after_secs` where it says when.
    `is_uncertain` if it may have done it all the same.
    """

    def __init__(
        self,
        failure: DeliveryFailure,
        detail: str = "",
        *,
        is_final: bool = False,
        is_uncertain: bool = False,
        retry_after_secs: float | None = None,
    ) -> None:
        """`detail` is the platform's own code or words, without anybody's data."""
        super().__init__(detail or failure)
        self.failure = failure
        self.detail = detail[:200]
        self.is_final = is_final
        self.is_uncertain = is_uncertain
        self.retry_after_secs = retry_after_secs


@dataclass(frozen=True)
class Limits:
    """What the platform takes.

    `text` and `caption` in characters as `Channel.length` counts them. Without
    `buttons` they become a numbered list that is answered with the number. `window` is
    how long after the customer's last message they may be written to; afterwards only
    with `templates`.
    """

    text: int
    caption: int = 0
    buttons: int = 0
    button_title: int = 20
    sends_files: bool = True
    has_typing: bool = False
    window: timedelta | None = None
    has_templates: bool = False
    # The states that the platform tells of, beside failed.
    reports: Sequence[State] = ("sent",)


@dataclass(frozen=True)
class Template:
    """An approved text; `body` has its variables as `{{1}}`."""

    template_id: str
    name: str
    language: str
    body: str


@dataclass(frozen=True)
class Check:
    """One thing that has to be so for the channel to work, and what to do if not."""

    name: str
    is_ok: bool
    advice: str = ""


class Channel(ABC):
    """One platform, with its settings."""

    # In addresses and rules, and as people call it.
    name: str
    title: str
    limits: Limits
    # Whether `set_up` does something.
    sets_up: bool = False

    @abstractmethod
    def verify(self, request: Request) -> None:
        """Raises Unverified unless the platform sent it."""

    @abstractmethod
    def unpack(self, request: Request) -> Sequence[Arrived]:
        """Its events, in their order. Raises Malformed."""

    @abstractmethod
    def read(self, payload: JsonObject) -> Event:
        """What an event means."""

    @abstractmethod
    async def send(self, part: Part) -> str:
        """Sends it and gives the platform's id of it. Raises PlatformError.

        Of a part that `is_repeated` the platform is asked first, where it can tell.
        """

    @abstractmethod
    def sample(self, address: str, text: str, event_id: str) -> Request:
        """A message as the platform would send it, signed: the way in can be tried.

        Its `url` is left empty up to the path; the caller knows the rest.
        """

    @abstractmethod
    async def check(self) -> Sequence[Check]:
        """Asks the platform whether it is set up. Raises nothing."""

    def answer(self, request: Request) -> Answer:
        """What a request that was taken is answered with."""
        return Answer()

    async def ask(self, request: Request) -> Answer | None:
        """What somebody else answers to a verified request that wants it at once.

        None of a request to take as any other. Raises PlatformError.
        """
        return None

    async def forward(self, payload: JsonObject, event_id: str) -> None:
        """Hands on an event that is Forwarded. Raises PlatformError.

        It is `unreachable` while nobody is there to read it, which may take as long as
        it takes; anything else is tried a few times.
        """

    def hand_in(self, body: JsonObject) -> Arrived:
        """What was read of an event that was handed on. Raises Malformed."""
        raise Malformed("Nothing of this channel is read elsewhere.")

    def forged(self, sample: Request) -> Request:
        """A sample whose proof is changed, so that `verify` must refuse it."""
        headers = {
            name: value if name == "content-type" else _changed(value)
            for name, value in sample.headers.items()
        }
        return replace(sample, headers=headers)

    def entrance(self) -> str:
        """What the platform is told of the address behind `/channels/<name>/`.

        Without anything secret.
        """
        return self.sample(SAMPLE_ADDRESS, "a sample", "0").path

    async def set_up(self) -> None:
        """Tells the platform where messages go. Raises PlatformError."""

    async def fetch(self, file: FileReference) -> bytes:
        """A file that a customer sent. Raises PlatformError."""
        raise PlatformError("file_refused", is_final=True)

    async def acknowledge(self, payload: JsonObject) -> None:
        """A press was taken: the platform may stop waiting. Raises PlatformError."""

    async def show_typing(self, address: str) -> None:
        """Somebody writes to the customer. Raises PlatformError."""

    async def missed(self, since: datetime) -> Sequence[Arrived]:
        """What customers sent since then, where the platform tells of it but once.

        Those that did come may be among them. Raises PlatformError.
        """
        return ()

    async def templates(self) -> Sequence[Template]:
        """What may be sent once the window is closed. Raises PlatformError."""
        return ()

    def length(self, text: str) -> int:
        """How long the platform says that a text is."""
        return len(text)

    async def close(self) -> None:
        """Gives connections back."""


def _changed(value: str) -> str:
    """Another of the same length."""
    at = len(value) // 2
    return f"{value[:at]}{'0' if value[at : at + 1] != '0' else '1'}{value[at + 1 :]}"
