"""Tries a channel's way in: as the platform would call it, and nothing stays of it.

The sample is signed like a message of the platform's. Its text has a mark that only
this installation can make, by which whichever bridge works on it knows it once it was
verified, written down and read: no chat begins, and nobody is answered.
"""

import asyncio
import hmac
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from handoff_bridge.errors import BridgeError, InvalidSignature
from handoff_bridge.protocol import channels as wire
from handoff_bridge.service.messaging.channel import SAMPLE_ADDRESS, Channel, Request
from handoff_bridge.service.messaging.inbox import ChannelInbox
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import channel_counts
from handoff_bridge.store import channel_inbox as inbox
from handoff_bridge.store.database import Database

MARK = "Sample of this bridge's own:"
LOOKED_SECS = 0.05
WORKED_ON_SECS = 15.0

REFUSED = InvalidSignature.code

type Via = Literal["public", "local", "process"]


class SampleMark:
    """Texts that only whoever has the secret can make."""

    def __init__(self, secret: str) -> None:
        """`secret` is the installation's own."""
        self._secret = secret.encode()

    def text(self) -> str:
        """Another one each time."""
        nonce = secrets.token_hex(8)
        return f"{MARK} {nonce}.{self._sign(nonce)}"

    def is_on(self, text: str) -> bool:
        """Whether a text is one of ours."""
        if not text.startswith(MARK):
            return False
        nonce, _, given = text.removeprefix(MARK).strip().partition(".")
        return hmac.compare_digest(given.encode(), self._sign(nonce).encode())

    def _sign(self, nonce: str) -> str:
        return hmac.new(self._secret, f"sample:{nonce}".encode(), "sha256").hexdigest()


class DoorClosed(Exception):
    """Nothing of this installation answers there. Says what did not."""


class Door(Protocol):
    """A way to a channel's public address."""

    via: Via

    async def post(self, channel: str, request: Request) -> str | None:
        """The code of the refusal, None once it is taken. Raises DoorClosed."""


class OwnProcess:
    """The same code without the network."""

    via: Via = "process"

    def __init__(self, taking: ChannelInbox) -> None:
        """`taking` is this bridge's own way in."""
        self._taking = taking

    async def post(self, channel: str, request: Request) -> str | None:
        """Raises nothing."""
        try:
            await self._taking.take(channel, request)
        except BridgeError as error:
            return error.code
        return None


@dataclass(frozen=True)
class Sampled:
    """What became of a sample.

    `taken` and `repeated` are None where the channel's sample is a question, of which
    nothing is written down. `advice` has a sentence for each thing that is not so.
    """

    via: Via | None
    url: str
    verified: bool = False
    forgery_refused: bool = False
    taken: bool | None = None
    repeated: bool | None = None
    secs: float = 0.0
    advice: Sequence[str] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        """Whether everything is as it has to be."""
        found = (self.verified, self.forgery_refused, self.taken, self.repeated)
        return self.via is not None and False not in found

    def as_sent(self) -> wire.ChannelSample:
        """As it is published."""
        return wire.ChannelSample(
            passed=self.is_ok,
            via=self.via,
            address=self.url,
            verified=self.verified,
            forgery_refused=self.forgery_refused,
            taken=self.taken,
            repeated=self.repeated,
            secs=self.secs,
            advice=[*self.advice],
        )


class Sampler:
    """Sends samples through the first door that is open."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        public: str,
        mark: SampleMark,
        doors: Sequence[Door],
    ) -> None:
        """`doors` are tried in order."""
        self._database = database
        self._clock = clock
        self._public = public
        self._mark = mark
        self._doors = doors

    async def sample(self, channel: Channel) -> Sampled:
        """One whose proof is changed, and then twice the same. Raises nothing."""
        request = self._request(channel)
        shown = f"{self._public}/channels/{channel.name}/{channel.entrance()}"
        door, refusal, closed = await self._open(channel, channel.forged(request))
        if door is None:
            return Sampled(None, shown, advice=closed)
        # Of a question nothing is written down.
        is_question = request.method == "GET"
        ids = [] if is_question else [one.event_id for one in channel.unpack(request)]
        try:
            found = await self._through(door, channel, request, ids)
        finally:
            await self._forget(channel, ids)
        found = replace(found, url=shown, forgery_refused=refusal == REFUSED)
        await self._uncount(channel, found, bool(ids))
        return replace(found, advice=[*closed, *found.advice, *_advice(found)])

    def _request(self, channel: Channel) -> Request:
        # A number, as some platforms have no other ids; above those that they use.
        event_id = str(2_000_000_000 + secrets.randbelow(140_000_000))
        return channel.sample(SAMPLE_ADDRESS, self._mark.text(), event_id)

    async def _open(
        self, channel: Channel, forged: Request
    ) -> tuple[Door | None, str | None, list[str]]:
        """The first door behind which this installation refuses what is forged."""
        closed: list[str] = []
        for door in self._doors:
            try:
                refusal = await door.post(channel.name, forged)
            except DoorClosed as error:
                closed.append(str(error))
                continue
            if refusal == REFUSED or door is self._doors[-1]:
                return door, refusal, closed
            closed.append(f"Something else answers at {self._public}.")
        return None, None, closed

    async def _through(
        self, door: Door, channel: Channel, request: Request, ids: Sequence[str]
    ) -> Sampled:
        begun = time.monotonic()
        found = Sampled(door.via, "")
        try:
            refusal = await door.post(channel.name, request)
            if refusal is not None:
                told = f"The bridge refused its own sample ({refusal})."
                return replace(found, advice=[told])
            found = replace(found, verified=True)
            if ids:
                number = await self._worked_on(channel.name, ids)
                again = await door.post(channel.name, request)
                is_same = number == await self._worked_on(channel.name, ids)
                is_taken = number is not None
                found = replace(
                    found, taken=is_taken, repeated=is_taken and not again and is_same
                )
        except DoorClosed as error:
            found = replace(found, advice=[str(error)])
        return replace(found, secs=round(time.monotonic() - begun, 3))

    async def _worked_on(self, channel: str, ids: Sequence[str]) -> list[int] | None:
        """The numbers under which they are kept, once nothing is left to do."""
        until = time.monotonic() + WORKED_ON_SECS
        while time.monotonic() < until:
            async with self._database.read() as tx:
                numbers = await inbox.worked_on(tx, channel, ids)
            if len(numbers) == len(ids):
                return numbers
            await asyncio.sleep(LOOKED_SECS)
        return None

    async def _forget(self, channel: Channel, ids: Sequence[str]) -> None:
        if ids:
            async with self._database.write() as tx:
                await inbox.forget(tx, channel.name, ids)

    async def _uncount(self, channel: Channel, found: Sampled, is_kept: bool) -> None:
        """Takes the sample out of the counts, which are of what platforms send."""
        posted = (1 + is_kept) if found.verified else 0
        counted = {
            "refused": int(found.forgery_refused),
            "verified": posted,
            "taken": int(found.taken is True),
            "repeated": int(found.repeated is True),
        }
        less = {(channel.name, name): -n for name, n in counted.items() if n}
        async with self._database.write() as tx:
            await channel_counts.add(tx, self._clock().date(), less)


def _advice(found: Sampled) -> list[str]:
    advice = []
    if not found.forgery_refused:
        advice.append("A request with a changed proof was not refused.")
    if found.taken is False:
        advice.append(
            f"It was not worked on within {WORKED_ON_SECS:.0f} seconds; the bridge's "
            "log says why."
        )
    return advice
