"""Reading one uploaded file without taking more than is allowed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from handoff_bridge.errors import BadRequest, UploadTooLarge

# Boundaries and headers of the one part.
OVERHEAD_BYTES = 64 * 1024


@asynccontextmanager
async def received_file(request: Request, max_bytes: int) -> AsyncIterator[IO[bytes]]:
    """The content of field `file`, on disk where it is large.

    Raises BadRequest, UploadTooLarge.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > max_bytes + OVERHEAD_BYTES:
        raise UploadTooLarge
    _count_what_arrives(request, max_bytes + OVERHEAD_BYTES)
    try:
        form = await request.form(max_files=1, max_fields=4)
    except (MultiPartException, AssertionError, KeyError) as error:
        raise BadRequest("Send the photo as multipart field `file`.") from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise BadRequest("Send the photo as multipart field `file`.")
        yield file.file
    finally:
        await form.close()


def _count_what_arrives(request: Request, limit: int) -> None:
    """A chunked body declares no length: count it as it comes."""
    receive = request._receive
    seen = 0

    async def counting() -> dict[str, object]:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise UploadTooLarge
        return message  # type: ignore[return-value]

    request._receive = counting
