"""The whole conversation as the customer saw it, over all sessions."""

from collections.abc import Iterable

from handoff_bridge.conversation.cards import CardHeading
from handoff_bridge.conversation.events import Attachment
from handoff_bridge.packet.events import Event, SentFile
from handoff_bridge.packet.reading import Reading, sender
from handoff_bridge.packet.redaction import KINDS
from handoff_bridge.packet.schema import Line, Offered, Photo


def transcript(reading: Reading) -> list[Line]:
    """List all messages. Notes are not for customers and not part of it."""
    return [_line(event) for event in reading.messages]


def attachments(reading: Reading, stored: Iterable[SentFile] = ()) -> list[Photo]:
    """List what was sent in the chat; `stored` knows types an old log lacks."""
    types = {item.attachment_id: item.content_type for item in stored}
    return [
        Photo(
            attachment_id=item.attachment_id,
            content_type=item.content_type
            or types.get(item.attachment_id)
            or "application/octet-stream",
            name=item.name or None,
            at=event.at,
            seq=event.seq,
        )
        for event in reading.messages
        for item in event.attachments
        if item.attachment_id
    ]


def _line(event: Event) -> Line:
    sent_with = [
        Attachment(**item.model_dump())
        for item in event.attachments
        if item.attachment_id
    ]
    offered = [
        Offered(title=reply.title or "", payload=reply.payload or "")
        for reply in event.quick_replies
    ]
    cards = [CardHeading(**card.model_dump()) for card in event.cards]
    redacted = [kind for kind in KINDS if kind in event.redacted]
    return Line(
        seq=event.seq,
        at=event.at,
        sender=sender(event),
        name=(event.actor and event.actor.name) or None,
        text=event.text or None,
        attachments=sent_with or None,
        quick_replies=offered or None,
        cards=cards or None,
        redacted=redacted or None,
    )
