"""Agents' answers to customers who did not stay, by mail.

Written with the message, sent by whichever bridge leases it first, tried again with
growing pauses. A bridge that dies between sending and writing that down sends it again,
under the same Message-ID.
"""

import asyncio

import structlog

from handoff_bridge.conversation.events import MailFailed, Message
from handoff_bridge.service.ports import MailDue, OutgoingMail, Post, PostError
from handoff_bridge.service.unit_of_work import ConversationRepository, UnitOfWork
from handoff_bridge.store import mails
from handoff_bridge.store.mails import Mail

logger = structlog.get_logger()

# Longer than one attempt may take.
LEASE_SECS = 120.0
# Half a minute at first, then twice as long each time: two hours in all.
PAUSE_SECS = 30.0
MAX_ATTEMPTS = 9


async def mail_too(unit: UnitOfWork, said: Message) -> None:
    """Sees to it that an agent's message also reaches whoever wants it by mail."""
    handoff = unit.handoff
    contact = handoff.contact if handoff else None
    if handoff is None or contact is None or contact.want != "mail":
        return
    assert contact.email is not None  # it was asked for
    await mail_to(unit, contact.email, said)


async def mail_to(unit: UnitOfWork, email: str, said: Message) -> None:
    """Has an agent's message go out by mail. Only while there is an open handoff."""
    handoff = unit.handoff
    assert handoff is not None  # callers have just looked
    name = said.actor.name or unit.brand.company
    # The files themselves are in the chat: a mail goes through strangers' hands.
    files = [f"[{file.name or file.content_type}]" for file in said.attachments or ()]
    await mails.enqueue(
        unit.tx,
        handoff.conversation_id,
        handoff.handoff_id,
        said.seq,
        email,
        unit.texts.say("mail_subject"),
        unit.texts.say(
            "mail_text", text="\n\n".join([said.text or "", *files]).strip(), name=name
        ),
    )
    unit.follow_up(MailDue())


class Mails:
    """Sends what is due, one at a time; nobody waits for it."""

    def __init__(
        self,
        held: ConversationRepository,
        post: Post | None,
        worker: str,
        pause_secs: float = PAUSE_SECS,
    ) -> None:
        """Without a `post` nothing is sent; `worker` names this bridge."""
        self._held = held
        self._post = post
        self._worker = worker
        self._pause_secs = pause_secs
        self._is_due = False
        self._task: asyncio.Task[None] | None = None

    def due(self) -> None:
        """There may be something to send."""
        self._is_due = True
        if self._post is not None and self._task is None:
            self._task = asyncio.create_task(self._run(self._post))

    async def look(self) -> None:
        """Takes up what is due by now, whichever bridge should have sent it."""
        self.due()

    async def stop(self) -> None:
        """Ends what is under way; another attempt follows once the lease is over."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self, post: Post) -> None:
        try:
            while self._is_due:
                self._is_due = False
                while mail := await self._next():
                    await self._send(post, mail)
        except Exception:
            logger.exception("mails_not_sent")
        finally:
            self._task = None

    async def _next(self) -> Mail | None:
        async with self._held.database.write() as tx:
            return await mails.lease_next(tx, self._worker, LEASE_SECS)

    async def _send(self, post: Post, mail: Mail) -> None:
        outgoing = OutgoingMail(mail.recipient, mail.subject, mail.text, mail.mail_id)
        try:
            await post.send(outgoing)
        except PostError as error:
            await self._failed(mail, error)
            return
        async with self._held.database.write() as tx:
            await mails.remove(tx, mail, self._worker)

    async def _failed(self, mail: Mail, error: PostError) -> None:
        logger.warning("mail_failed", mail_id=mail.mail_id, attempts=mail.attempts + 1)
        if not error.is_final and mail.attempts + 1 < MAX_ATTEMPTS:
            secs = self._pause_secs * 2**mail.attempts
            async with self._held.database.write() as tx:
                await mails.postpone(tx, mail, self._worker, secs)
            return
        async with self._held.transaction(mail.conversation_id) as unit:
            if await mails.remove(unit.tx, mail, self._worker):
                unit.append(
                    MailFailed(
                        **unit.stamp(),
                        handoff_id=mail.handoff_id,
                        of_seq=mail.seq,
                        reason="refused" if error.is_final else "unreachable",
                    )
                )
