"""PDFs: read far enough to know that they are some, and kept as they came.

Written anew they would lose signatures and forms; they are only ever downloaded.
"""

import logging
import os
from typing import IO

from pypdf import PdfReader

from handoff_bridge.errors import NotAPdf

MAGIC = b"%PDF-"
# It tells of every oddity that it reads past, with words of the file's.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def is_pdf(content: IO[bytes]) -> bool:
    """Whether it begins like one."""
    content.seek(0)
    return content.read(len(MAGIC)) == MAGIC


def check_pdf(content: IO[bytes]) -> bytes:
    """The whole of a PDF that has pages, or is locked with a password.

    Takes up to five seconds for 8 MB made to be slow. Raises NotAPdf.
    """
    try:
        reader = PdfReader(content)
        readable = reader.is_encrypted or len(reader.pages) > 0
    # Besides its own errors it lets through what its parsing meets: ValueError,
    # KeyError, TypeError, RecursionError and others.
    except Exception as error:
        raise NotAPdf from error
    if not readable:
        raise NotAPdf
    content.seek(0, os.SEEK_SET)
    return content.read()
