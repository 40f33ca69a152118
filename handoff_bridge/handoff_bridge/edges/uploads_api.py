"""HTTP under /api/v1/uploads: files of customers and agents, in and out."""

from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse

from handoff_bridge.edges.answering import JsonAnswer, answers, sent
from handoff_bridge.edges.auth import (
    NO_AGENT,
    NO_SESSION,
    current_agent,
    current_session,
    own_page,
)
from handoff_bridge.edges.uploading import received_file
from handoff_bridge.errors import (
    Forbidden,
    NotAnImage,
    NotAPdf,
    NotOwner,
    RateLimited,
    TooSlow,
    Unauthorized,
    UnknownAttachment,
    UnknownConversation,
    UnknownSession,
    UploadQuota,
    UploadTooLarge,
)
from handoff_bridge.models import MAX_ID
from handoff_bridge.protocol import http
from handoff_bridge.service.files import PDF
from handoff_bridge.store.attachments import Attachment

router = APIRouter(prefix="/uploads", tags=["uploads"])
# PostgreSQL cannot even compare with NUL.
NO_NUL = r"^[^\x00]+$"
PathId = Annotated[str, Path(max_length=MAX_ID, pattern=NO_NUL)]
QueryId = Annotated[str | None, Query(max_length=MAX_ID, pattern=NO_NUL)]
QueryKey = Annotated[str | None, Query(max_length=500)]
# What is opened by itself runs nothing and reaches nothing of ours.
SANDBOX = "sandbox; default-src 'none'"


def _bridge(request: Request) -> Any:
    return request.app.state.bridge


@router.post(
    "",
    **answers(
        http.Uploaded,
        *{*NO_SESSION, *NO_AGENT},
        *(Forbidden, UnknownConversation, NotOwner),
        *(UploadTooLarge, UploadQuota, NotAnImage, NotAPdf, RateLimited, TooSlow),
        takes="file",
    ),
)
async def upload(request: Request, conversation_id: QueryId = None) -> JsonAnswer:
    """A photo or a PDF (multipart, field `file`), to be sent with a message.

    From the customer whose session it is; with `conversation_id` from the agent who
    has that chat.
    """
    bridge = _bridge(request)
    agent_id = None
    if conversation_id is None:
        session = await current_session(request)
        chat, sender = session.conversation_id, session.token_hash
    else:
        await own_page(request)
        agent = await current_agent(request)
        await bridge.uploads.check_agent(agent, conversation_id)
        chat, agent_id = conversation_id, agent.agent_id
        sender = f"upload {agent_id}"
    bridge.message_limits.check(sender)
    await bridge.uploads.check_quota(chat)
    async with received_file(request, bridge.uploads.max_bytes) as file:
        kept = await bridge.uploads.keep(chat, file, agent_id)
    return sent(http.Uploaded(**dict(kept.as_sent())))


@router.get(
    "/{attachment_id}",
    response_class=FileResponse,
    **answers("*/*", UnknownAttachment, Forbidden, *NO_AGENT),
)
async def download(
    request: Request, attachment_id: PathId, key: QueryKey = None
) -> FileResponse:
    """A photo or a PDF, for its customer and for agents who may read the chat.

    `key` is in the links that customers of Rasa's own widgets get.
    """
    attachment, path = await _found(request, attachment_id, key)
    inline = attachment.content_type != PDF
    return FileResponse(
        path,
        media_type=attachment.content_type,
        filename=None if inline else attachment.name or "document.pdf",
        content_disposition_type="inline" if inline else "attachment",
        headers={"Content-Security-Policy": SANDBOX},
    )


async def _found(
    request: Request, attachment_id: str, key: str | None
) -> tuple[Attachment, FilePath]:
    uploads = _bridge(request).uploads
    if key is not None:
        return await uploads.for_link(attachment_id, key)
    try:
        session = await current_session(request)
    except (UnknownSession, Unauthorized):
        agent = await current_agent(request)
        return await uploads.for_agent(agent, attachment_id)
    return await uploads.for_customer(session.conversation_id, attachment_id)
