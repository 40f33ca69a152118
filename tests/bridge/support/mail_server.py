"""A real mail server of the test's own."""

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.smtp import SMTP


class MailServer:
    """Takes mails as long as `answer` says so, and keeps what it took."""

    def __init__(self) -> None:
        self.answer = "250 OK"
        self.of_recipient = "250 OK"
        self.of_sender = "250 OK"
        self.attempts = 0
        self.taken: list[EmailMessage] = []
        self.port = 0
        self._came = asyncio.Condition()
        self._server: asyncio.Server | None = None

    async def start(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, loop=loop, hostname="mail.example"), "127.0.0.1", port
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        if not self.of_sender.startswith("250"):
            await self._note()
        return self.of_sender

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.of_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        else:
            await self._note()
        return self.of_recipient

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            read = message_from_bytes(envelope.content, policy=policy.default)
            self.taken.append(cast(EmailMessage, read))
        await self._note()
        return self.answer

    async def until_attempts(self, count: int) -> None:
        async with asyncio.timeout(10), self._came:
            await self._came.wait_for(lambda: self.attempts >= count)

    async def until_taken(self, count: int) -> list[EmailMessage]:
        async with asyncio.timeout(10), self._came:
            await self._came.wait_for(lambda: len(self.taken) >= count)
        return self.taken

    async def _note(self) -> None:
        async with self._came:
            self.attempts += 1
            self._came.notify_all()
