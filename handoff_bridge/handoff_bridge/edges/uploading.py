"""Reading one uploaded file without taking more than is allowed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from handoff_bridge.errors import BadRequest
from handoff_bridge.service.files import IncomingFile
from handoff_bridge.service.uploads import too_large

# Boundaries and headers of the one part.
OVERHEAD_BYTES = 64 * 1024


@asynccontextmanager
async def received_file(
    request: Request, max_bytes: int
) -> AsyncIterator[IncomingFile]:
    """Field `file`, on disk where it is large.

    Raises BadRequest, UploadTooLarge.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > max_bytes + OVERHEAD_BYTES:
        raise too_large(max_bytes)
    _count_what_arrives(request, max_bytes)
    try:
        form = await request.form(max_files=1, max_fields=4)
    except (MultiPartException, AssertionError, KeyError) as error:
        raise BadRequest("Send the file as multipart field `file`.") from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise BadRequest("Send the file as multipart field `file`.")
        yield IncomingFile(file.file, file.filename, file.content_type)
    finally:
        await form.close()


def _count_what_arrives(request: Request, max_bytes: int) -> None:
    """A chunked body declares no length: count it as it comes."""
    receive = request._receive
    seen = 0

    async def counting() -> dict[str, object]:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > max_bytes + OVERHEAD_BYTES:
            raise too_large(max_bytes)
        return message  # type: ignore[return-value]

    request._receive = counting
