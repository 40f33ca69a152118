"""The HTTP API under /api/v1."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from handoff_bridge.brand import MEDIA_TYPES, Brand
from handoff_bridge.conversation.log import agent_event
from handoff_bridge.conversation.states import OPEN_STATES, HandoffState
from handoff_bridge.conversation.triggers import LANGUAGE
from handoff_bridge.edges import (
    auth_api,
    channel_health_api,
    channels_api,
    conversations_api,
    documents_api,
    help_api,
    people_api,
    uploads_api,
    webhooks_api,
)
from handoff_bridge.edges.answering import JsonAnswer, answers, sent
from handoff_bridge.edges.auth import (
    NO_AGENT,
    CurrentAgent,
    CurrentSupervisor,
    OurProcess,
)
from handoff_bridge.edges.bodies import read_json
from handoff_bridge.edges.sockets import is_own
from handoff_bridge.errors import (
    BotUnavailable,
    ConversationClosed,
    Forbidden,
    IllegalTransition,
    NotAvailable,
    NotFound,
    NotOwner,
    PlatformUnavailable,
    RateLimited,
    Unauthorized,
    UnknownConversation,
    UnknownHandoff,
    UnknownSlot,
)
from handoff_bridge.models import MAX_ID, MAX_SEQ, Zone
from handoff_bridge.packet.schema import Packet
from handoff_bridge.protocol import http
from handoff_bridge.protocol.customer import Done
from handoff_bridge.protocol.help import SelfService
from handoff_bridge.protocol.http import BotMessage, HandoffRequest
from handoff_bridge.protocol.parsing import parse
from handoff_bridge.service.handoff_requests import NewHandoff
from handoff_bridge.service.handoff_return import HandoffOutcome
from handoff_bridge.service.leaving import revoke_sessions
from handoff_bridge.texts import PAGES

router = APIRouter(prefix="/api/v1")
router.include_router(auth_api.router)
router.include_router(people_api.router)
router.include_router(documents_api.router)
router.include_router(conversations_api.router)
router.include_router(uploads_api.router)
router.include_router(webhooks_api.router)
router.include_router(channel_health_api.router)
router.include_router(help_api.router)
router.include_router(channels_api.service_router)
MAX_EVENTS = 10_000
# PostgreSQL cannot even compare with NUL.
InZone = Annotated[Zone | None, Query(max_length=60)]
PathId = Annotated[str, Path(max_length=MAX_ID, pattern=r"^[^\x00]+$")]


def _bridge(request: Request) -> Any:
    return request.app.state.bridge


def _language(request: Request) -> str | None:
    """The agent's first language, as their browser tells it."""
    first = request.headers.get("Accept-Language", "").split(",")[0]
    code = first.split(";")[0].strip()
    return code if LANGUAGE.fullmatch(code) else None


@router.post(
    "/handoffs",
    tags=["assistant"],
    dependencies=[OurProcess],
    **answers(
        http.HandoffAsked,
        UnknownConversation,
        ConversationClosed,
        Unauthorized,
        takes=HandoffRequest,
    ),
)
async def request_handoff(request: Request) -> JsonAnswer:
    """The assistant asks for a human. Idempotent in conversation and message."""
    call = parse(HandoffRequest, await read_json(request))
    ask = NewHandoff([*call.trigger, *call.triggers], call.message_id, call.evidence)
    bridge = _bridge(request)
    return sent(await bridge.handoff_requests.request(call.conversation_id, ask))


@router.post(
    "/bot/messages",
    tags=["assistant"],
    dependencies=[OurProcess],
    **answers(http.Delivered, UnknownConversation, Unauthorized, takes=BotMessage),
)
async def bot_message(request: Request) -> JsonAnswer:
    """Something the assistant says unasked, such as a reminder."""
    call = parse(BotMessage, await read_json(request))
    told = await _bridge(request).bot_messages.receive(
        call.conversation_id, call.message_id, call.reply
    )
    return sent(told)


@router.get(
    "/handoffs",
    tags=["handoffs"],
    **answers(http.Handoffs, UnknownHandoff, *NO_AGENT),
)
async def list_handoffs(
    request: Request,
    agent: CurrentAgent,
    state: HandoffState | None = None,
    before: Annotated[
        str | None, Query(max_length=MAX_ID, pattern=r"^[^\x00]+$")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    are: Literal["open", "ended"] | None = None,
    handoff_id: Annotated[
        str | None, Query(max_length=MAX_ID, pattern=r"^[^\x00]+$")
    ] = None,
) -> JsonAnswer:
    """Handoffs, newest first; `before` is the id of the oldest one known.

    Those that are `ended` go by when they ended. With `handoff_id` that one alone.
    """
    directory = _bridge(request).directory
    if handoff_id is not None:
        rows = [await directory.handoff(handoff_id)]
    elif are == "ended":
        rows = await directory.ended(before, limit)
    else:
        states = [state] if state else list(OPEN_STATES if are else HandoffState)
        rows = await directory.handoffs(states, before, limit)
    return sent(http.Handoffs(handoffs=rows))


@router.get(
    "/handoffs/{handoff_id}",
    tags=["handoffs"],
    **answers(Packet, UnknownHandoff, Forbidden, *NO_AGENT),
)
async def get_handoff(
    request: Request, agent: CurrentAgent, handoff_id: PathId
) -> JsonAnswer:
    """The whole packet; any agent may read it before claiming."""
    language = _language(request)
    return sent(await _bridge(request).packets.of(agent, handoff_id, language))


@router.post(
    "/handoffs/{handoff_id}/preview",
    tags=["handoffs"],
    **answers(
        http.Preview,
        *(UnknownHandoff, NotOwner, IllegalTransition),
        *(BotUnavailable, UnknownSlot, RateLimited, *NO_AGENT),
        takes=http.PreviewRequest,
    ),
)
async def preview(
    request: Request, agent: CurrentAgent, handoff_id: PathId
) -> JsonAnswer:
    """What the customer would read if their agent ended it so; changes nothing."""
    bridge = _bridge(request)
    bridge.message_limits.check(f"preview {agent.agent_id}")
    call = parse(http.PreviewRequest, await read_json(request))
    ending = HandoffOutcome(
        handoff_id, call.disposition, slots=call.slots, outcome=call.outcome
    )
    shown = await bridge.previews.of(agent, call.kind, ending)
    messages = [
        http.PreviewedMessage(
            sender=one.sender, text=one.text, buttons=[*one.buttons] or None
        )
        for one in shown
    ]
    return sent(http.Preview(messages=messages))


@router.get(
    "/conversations/{conversation_id}/events",
    tags=["conversations"],
    **answers(http.Events, UnknownConversation, Forbidden, *NO_AGENT),
)
async def list_events(
    request: Request,
    agent: CurrentAgent,
    conversation_id: PathId,
    after: Annotated[int, Query(ge=0, le=MAX_SEQ)] = 0,
    before: Annotated[int | None, Query(ge=1, le=MAX_SEQ)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_EVENTS)] = MAX_EVENTS,
) -> JsonAnswer:
    """The conversation's log, in order."""
    entries = await _bridge(request).directory.events(
        agent, conversation_id, after, before, limit
    )
    return sent({"events": [agent_event(entry) for entry in entries]})


@router.post(
    "/conversations/{conversation_id}/sessions/revoke",
    tags=["conversations"],
    **answers(Done, UnknownConversation, Forbidden, *NO_AGENT),
)
async def revoke(
    request: Request, agent: CurrentSupervisor, conversation_id: PathId
) -> JsonAnswer:
    """No session id that there is opens the conversation any more."""
    await revoke_sessions(_bridge(request).held, conversation_id)
    return sent(Done())


@router.get(
    "/conversations/{conversation_id}/suggestions",
    tags=["conversations"],
    **answers(http.Articles, UnknownConversation, Forbidden, *NO_AGENT),
)
async def suggestions(
    request: Request, agent: CurrentAgent, conversation_id: PathId
) -> JsonAnswer:
    """Articles for the customer's latest message; none while the assistant is down."""
    found = await _bridge(request).suggestions.of(agent, conversation_id)
    return sent(http.Articles(articles=found))


@router.get(
    "/conversations/{conversation_id}/deliveries",
    tags=["conversations"],
    **answers(http.Deliveries, UnknownConversation, Forbidden, *NO_AGENT),
)
async def deliveries(
    request: Request, agent: CurrentAgent, conversation_id: PathId
) -> JsonAnswer:
    """What became of each message on the customer's own channel."""
    found = await _bridge(request).deliveries.of(agent, conversation_id)
    return sent(http.Deliveries(deliveries=found))


@router.get(
    "/conversations/{conversation_id}/ways",
    tags=["conversations"],
    **answers(http.Ways, UnknownConversation, NotOwner, *NO_AGENT),
)
async def ways(
    request: Request, agent: CurrentAgent, conversation_id: PathId
) -> JsonAnswer:
    """How else to reach the customer, for the agent who has the chat."""
    return sent(await _bridge(request).deliveries.ways(agent, conversation_id))


@router.get(
    "/conversations/{conversation_id}/templates",
    tags=["conversations"],
    **answers(
        http.ChannelTemplates,
        UnknownConversation,
        NotOwner,
        NotAvailable,
        PlatformUnavailable,
        *NO_AGENT,
    ),
)
async def templates(
    request: Request, agent: CurrentAgent, conversation_id: PathId
) -> JsonAnswer:
    """The channel's approved texts, for the agent who has the chat."""
    found = await _bridge(request).templates.of(agent, conversation_id)
    listed = [http.ChannelTemplate(**vars(one)) for one in found]
    return sent(http.ChannelTemplates(templates=listed))


@router.get("/texts/{language}", tags=["pages"], **answers(http.Texts))
async def texts(
    request: Request,
    language: Annotated[str, Path(pattern=f"^{LANGUAGE.pattern}$")],
) -> JsonAnswer:
    """The bridge's own sentences, for previews of what a customer will read."""
    found = _bridge(request).held.texts(language)
    return _public(sent(http.Texts(sentences=found.sentences)))


@router.get(
    "/texts/{language}/{page}", tags=["pages"], **answers(http.PageWords, NotFound)
)
async def page_words(
    request: Request,
    language: Annotated[str, Path(pattern=f"^{LANGUAGE.pattern}$")],
    page: PathId,
) -> JsonAnswer:
    """A page's words in a language, and the first steps of the chat."""
    if page not in PAGES:
        raise NotFound
    bridge = _bridge(request)
    texts = bridge.held.texts(language)
    starters = bridge.brand.starters_in(texts.language)
    words = http.PageWords(
        **texts.page(page),
        starters=starters,
        privacy=_privacy(bridge.brand, texts.language) if page == "widget" else None,
    )
    answer = _public(sent(words))
    # The widget on a page that may not connect says why in the reader's language.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@router.get("/brand", tags=["pages"], **answers(http.PublicBrand))
async def brand(request: Request) -> JsonAnswer:
    """The shop's names, colours and pictures, for pages of its own."""
    bridge = _bridge(request)
    told = http.PublicBrand.of(
        bridge.brand,
        bridge.settings.max_upload_bytes,
        bridge.settings.sends_mail,
        not bridge.help.library.is_empty,
    )
    return _public(sent(told))


def _privacy(brand: Brand, language: str) -> http.PrivacyNotice | None:
    if brand.privacy is None or language not in brand.privacy.kept:
        return None
    kept = brand.privacy.kept[language]
    return http.PrivacyNotice(link=brand.privacy.link, kept=kept)


@router.get("/embedding", tags=["pages"], **answers(http.Embedding))
async def embedding(request: Request) -> JsonAnswer:
    """Whether the asking page may use the chat.

    Browsers hide from a page why its connection was refused, so this one answers
    every origin; it says nothing but what the page would find out by connecting.
    """
    origin = request.headers.get("Origin")
    listed = _bridge(request).settings.allowed_origins
    allowed = is_own(origin, request.headers.get("Host")) or origin in listed
    answer = sent(http.Embedding(allowed=allowed, origin=origin))
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _public(answer: JsonAnswer) -> JsonAnswer:
    """Nothing personal: it may be kept, and is asked for again."""
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@router.get(
    "/brand/files/{name}",
    tags=["pages"],
    response_class=Response,
    **answers("image/*", NotFound),
)
async def brand_file(request: Request, name: PathId) -> Response:
    """A picture of the brand's, at an address that changes with it."""
    content = _bridge(request).brand.files.get(name)
    if content is None:
        raise NotFound
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        # The widget is for any shop's page.
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
    }
    kind = MEDIA_TYPES[f".{name.rpartition('.')[2]}"]
    return Response(content, media_type=kind, headers=headers)


@router.get(
    "/reports/today",
    tags=["reports"],
    **answers(http.Report, Forbidden, *NO_AGENT),
)
async def report_today(
    request: Request, agent: CurrentSupervisor, zone: InZone = None
) -> JsonAnswer:
    """Today's figures: of the day as it is in `zone`, unless given the brand's."""
    bridge = _bridge(request)
    return sent(await bridge.reports.today(zone or bridge.brand.time_zone))


@router.get(
    "/reports/self-service",
    tags=["reports"],
    **answers(SelfService, Forbidden, *NO_AGENT),
)
async def report_self_service(request: Request, agent: CurrentSupervisor) -> JsonAnswer:
    """What customers settled by reading help articles, in the last 30 days."""
    bridge = _bridge(request)
    language = bridge.help.language(_language(request))
    return sent(await bridge.self_service.last_days(language))
