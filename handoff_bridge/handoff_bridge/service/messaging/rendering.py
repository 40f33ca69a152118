"""An entry of the log as messages of a platform, within what the platform takes."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urljoin

from handoff_bridge.conversation.events import Attachment, Message
from handoff_bridge.models import JsonObject
from handoff_bridge.service.messaging.channel import Button, Channel
from handoff_bridge.service.messaging.choices import (
    as_list,
    needs_list,
    survey_buttons,
)
from handoff_bridge.service.messaging.splitting import split_text
from handoff_bridge.texts import Texts

# Links to files that a platform does not take, by attachment id.
Link = Callable[[str], str]


@dataclass(frozen=True)
class Content:
    """What of a part is known when it is written down; the rest is looked up.

    `attachment` is a file's id, name and type, `template` an approved text's id and
    variables.
    """

    text: str = ""
    buttons: list[Button] = field(default_factory=list)
    attachment: JsonObject | None = None
    picture_url: str | None = None
    template: JsonObject | None = None

    def as_json(self) -> JsonObject:
        """As it is kept: without what it has not."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def of(cls, kept: JsonObject) -> "Content":
        """From what was kept."""
        known: dict[str, Any] = dict(kept)
        buttons = [Button(**button) for button in known.pop("buttons", [])]
        return cls(**known, buttons=buttons)


class Rendering:
    """For one channel, in the words of one conversation."""

    def __init__(self, channel: Channel, texts: Texts, public: str, link: Link) -> None:
        """`public` is where the bridge's own pictures are reached."""
        self._channel = channel
        self._texts = texts
        self._public = public
        self._link = link

    def render(self, message: Message) -> list[Content]:
        """The parts of a message to the customer, in the order to be sent."""
        if message.template is not None:
            return [Content(template=message.template.as_json())]
        limits = self._channel.limits
        buttons = self._buttons(message)
        titles = [button.title for button in buttons]
        text = self._text(message)
        if message.survey is not None:
            scale = self._texts.say("survey_scale", name=message.survey.name)
            text = f"{text}\n{scale}"
        if buttons and needs_list(titles, limits):
            if message.survey is None:
                choose = self._texts.say("choose")
                text = f"{text}\n\n{choose}\n{as_list(buttons)}"
            buttons = []
        return [*self._with_files(message, text, buttons)]

    def _text(self, message: Message) -> str:
        text = (message.text or "").strip()
        if message.actor.type == "agent" and message.actor.name:
            return f"{message.actor.name}: {text}" if text else message.actor.name
        if message.key == "introduction":
            human = self._texts.commands["human"][0].upper()
            return f"{text}\n{self._texts.say('ways', human=human)}"
        if message.key in ("waiting", "waiting_eta"):
            word = self._texts.commands["leave"][0].upper()
            return f"{text}\n{self._texts.say('leave_line', leave=word)}"
        return text

    def _buttons(self, message: Message) -> list[Button]:
        if message.survey is not None:
            return survey_buttons(message.seq)
        return [Button(one.title, one.payload) for one in message.quick_replies or ()]

    def _with_files(
        self, message: Message, text: str, buttons: list[Button]
    ) -> Iterator[Content]:
        """Pictures first, so that the question with its buttons stands last."""
        files = list(message.attachments or ())
        if not self._channel.limits.sends_files:
            links = [
                f"{_named(file)}{self._link(file.attachment_id)}" for file in files
            ]
            text, files = "\n".join([text, *links]).strip(), []
        if picture := _address(message):
            yield Content(picture_url=urljoin(self._public, picture))
        captioned = (
            len(files) == 1
            and not buttons
            and self._channel.length(text) <= self._channel.limits.caption
        )
        if captioned:
            yield Content(text=text, attachment=_kept(files[0]))
            return
        for file in files:
            yield Content(attachment=_kept(file))
        pieces = self._split(text)
        for n, piece in enumerate(pieces, 1):
            yield Content(text=piece, buttons=buttons if n == len(pieces) else [])

    def _split(self, text: str) -> list[str]:
        return split_text(text, self._channel.limits.text, self._channel.length)


def _address(message: Message) -> str | None:
    """That of the picture that the assistant shows."""
    payload = message.attachment and message.attachment.payload
    source = payload and payload.get("src")
    return source if isinstance(source, str) and source else None


def _kept(file: Attachment) -> JsonObject:
    return {
        "id": file.attachment_id,
        "name": file.name,
        "content_type": file.content_type,
    }


def _named(file: Attachment) -> str:
    return f"{file.name}: " if file.name else ""
