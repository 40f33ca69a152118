"""The mails that a real shop would have sent, kept for whoever tries the demo."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.shapes import shown, timestamp
from backoffice.tables import Customer, Mail
from backoffice.views import View

FOLDER = Path(__file__).parent
PAGE = Template((FOLDER / "outbox.html").read_text("utf-8"))
CARD = Template((FOLDER / "outbox_mail.html").read_text("utf-8"))
EMPTY = (
    '<p class="empty">No mail yet. Ask Pine about an order and the one-time code '
    "will show up here.</p>"
)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
PAGE_LENGTH = 100

router = APIRouter()


@dataclass(frozen=True)
class Recipient:
    """Somebody who need not be a customer."""

    name: str | None
    email: str


def send_mail(
    session: Session,
    now: datetime,
    *,
    to: Customer | Recipient,
    kind: str,
    subject: str,
    body: str,
    order_number: str | None = None,
) -> None:
    """Adds a mail; it is seen once the transaction is committed."""
    greeting = f"Hello {to.name.split()[0]}," if to.name else "Hello,"
    session.add(
        Mail(
            kind=kind,
            recipient=to.email,
            order_number=order_number,
            subject=subject,
            body=f"{greeting}\n\n{body}\n\nHarbour & Pine",
            sent_at=now,
        )
    )


def masked(email: str) -> str:
    """`jo.marsh@example.com` becomes `j•••@example.com`."""
    name, _, host = email.partition("@")
    return f"{name[:1]}•••@{host}"


@router.get("/outbox.json")
def outbox_json(
    view: View,
    email: Annotated[str | None, Query(max_length=200)] = None,
    order_number: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_LENGTH)] = PAGE_LENGTH,
) -> dict[str, Any]:
    """The newest mails first, of one recipient or order if asked."""
    newest = select(Mail).order_by(Mail.mail_id.desc()).limit(limit)
    if email:
        newest = newest.where(Mail.recipient == email.strip().lower())
    if order_number:
        newest = newest.where(Mail.order_number == order_number.strip().upper())
    return {"mails": [_shape(mail) for mail in view.session.scalars(newest)]}


@router.get("/outbox", response_class=HTMLResponse)
def outbox_page(view: View) -> HTMLResponse:
    """The same for people: no token, since only this machine can open it."""
    newest = select(Mail).order_by(Mail.mail_id.desc()).limit(PAGE_LENGTH)
    cards = [_card(mail) for mail in view.session.scalars(newest)]
    page = PAGE.substitute(mails="\n".join(cards) or EMPTY)
    return HTMLResponse(page, headers=HEADERS)


@router.get("/outbox.css")
def outbox_css() -> FileResponse:
    """The page's looks."""
    return FileResponse(FOLDER / "outbox.css", media_type="text/css")


def _shape(mail: Mail) -> dict[str, Any]:
    return shown(
        mail_id=mail.mail_id,
        kind=mail.kind,
        to=mail.recipient,
        order_number=mail.order_number,
        subject=mail.subject,
        body=mail.body,
        sent_at=mail.sent_at,
    )


def _card(mail: Mail) -> str:
    return CARD.substitute(
        subject=escape(mail.subject),
        recipient=escape(mail.recipient),
        body=escape(mail.body),
        sent_at=timestamp(mail.sent_at),
        sent=f"{mail.sent_at:%d %B, %H:%M:%S} UTC",
    )
