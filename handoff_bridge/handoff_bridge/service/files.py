"""What a file is that somebody sends: by its content, held against what it claims."""

import os
import re
from dataclasses import dataclass
from typing import IO

from handoff_bridge.errors import NotAnImage, NotAPdf
from handoff_bridge.packet.redaction import clean_text, redact
from handoff_bridge.service.pdfs import check_pdf, is_pdf
from handoff_bridge.service.pictures import reencode

PDF = "application/pdf"
MAX_NAME = 100
# Beside separators: what nobody sees, and what turns the reading around.
_NOT_IN_NAMES = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069]"
)


@dataclass(frozen=True)
class IncomingFile:
    """As it came; name and type are the sender's word."""

    content: IO[bytes]
    name: str | None = None
    content_type: str | None = None

    @property
    def size(self) -> int:
        """In bytes."""
        return self.content.seek(0, os.SEEK_END)

    @property
    def claims_pdf(self) -> bool:
        """Whether name or type say so."""
        return self._ending == ".pdf" or self.content_type == PDF

    @property
    def claims_picture(self) -> bool:
        """Whether type or name say so."""
        return (self.content_type or "").startswith("image/")

    @property
    def _ending(self) -> str:
        return os.path.splitext(self.name or "")[1].lower()

    @property
    def safe_name(self) -> str | None:
        """Without folders, invisible signs and secrets, and not too long."""
        last = re.split(r"[/\\]", clean_text(self.name or ""))[-1]
        shown = redact(_NOT_IN_NAMES.sub("", last)).log_text.strip()
        stem, ending = os.path.splitext(shown)
        return f"{stem[: MAX_NAME - len(ending)]}{ending}"[:MAX_NAME] or None


@dataclass(frozen=True)
class CheckedFile:
    """What is kept: a picture of our own encoding, or the PDF as it came."""

    content: bytes
    content_type: str
    width: int | None = None
    height: int | None = None


def check_file(file: IncomingFile) -> CheckedFile:
    """Reads it. Raises NotAnImage, NotAPdf, UploadTooLarge."""
    if is_pdf(file.content):
        if file.claims_picture:
            raise NotAnImage(
                "That file is a PDF, not the picture that it claims to be."
            )
        return CheckedFile(check_pdf(file.content), PDF)
    if file.claims_pdf:
        raise NotAPdf
    file.content.seek(0)
    content, content_type, size = reencode(file.content)
    return CheckedFile(content, content_type, *size)
