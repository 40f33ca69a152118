"""The shop's mail server. Errors say nothing of addresses: they end up in logs."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from functools import partial
from urllib.parse import unquote, urlsplit

import aiosmtplib

from handoff_bridge.service.ports import OutgoingMail, PostError

TIMEOUT_SECS = 20.0
# Where mail is handed in, with STARTTLS or TLS from the beginning.
PORTS = {"smtp": 587, "smtps": 465}


class SmtpPost:
    """Hands mails over to a server, each on a connection of its own."""

    def __init__(self, url: str, sender: str) -> None:
        """`url` is smtp://user:password@host:port or smtps://; `sender` as in From."""
        parts = urlsplit(url)
        self._send = partial(
            aiosmtplib.send,
            hostname=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=parts.scheme == "smtps",
            timeout=TIMEOUT_SECS,
        )
        name, address = parseaddr(sender)
        self._sender = Address(name, addr_spec=address)

    async def send(self, mail: OutgoingMail) -> None:
        """Hands it over. Raises PostError.

        Only a word about the recipient or the text is the last one: what is wrong with
        our own account is put right by somebody.
        """
        try:
            await self._send(self._message(mail))
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise PostError(all(one.code >= 500 for one in error.recipients)) from None
        except aiosmtplib.SMTPDataError as error:
            raise PostError(error.code >= 500) from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            raise PostError(is_final=False) from None

    def _message(self, mail: OutgoingMail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = mail.recipient
        message["Subject"] = mail.subject
        message["Date"] = formatdate()
        message["Message-ID"] = f"<tandem-{mail.number}@{self._sender.domain}>"
        message.set_content(mail.text)
        return message
