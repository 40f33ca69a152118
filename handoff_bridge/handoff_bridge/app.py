"""The wiring: settings in, an ASGI application out. Nothing happens at import."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import socketio
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from handoff_bridge.brand import Brand
from handoff_bridge.brand_file import load_brand
from handoff_bridge.edges.answering import describe
from handoff_bridge.edges.api import router
from handoff_bridge.edges.customer import CustomerNamespace, CustomerServices
from handoff_bridge.edges.inbox import InboxNamespace, InboxServices
from handoff_bridge.edges.limits import Limiter
from handoff_bridge.edges.pages import add_health, add_pages
from handoff_bridge.edges.rasa import RasaAssistant
from handoff_bridge.edges.readiness import Readiness
from handoff_bridge.edges.shop import BackOffice
from handoff_bridge.edges.sockets import Notifier, make_server
from handoff_bridge.errors import BadRequest, BridgeError, NotFound
from handoff_bridge.service.accounts import Accounts
from handoff_bridge.service.agent_actions import AgentService
from handoff_bridge.service.answers import Answers
from handoff_bridge.service.bot_messages import BotMessages
from handoff_bridge.service.cards import Cards
from handoff_bridge.service.directory import Directory
from handoff_bridge.service.erasing import Eraser
from handoff_bridge.service.handoff_requests import HandoffRequests
from handoff_bridge.service.handoff_return import HandBack
from handoff_bridge.service.idempotency import Calls
from handoff_bridge.service.identities import Identities
from handoff_bridge.service.packets import Packets
from handoff_bridge.service.ports import Background, Clock, utc_now
from handoff_bridge.service.presence import PresenceService
from handoff_bridge.service.promises import Promises
from handoff_bridge.service.queue import QueueWatch
from handoff_bridge.service.receive import Receiving
from handoff_bridge.service.reports import Reports
from handoff_bridge.service.sessions import Sessions
from handoff_bridge.service.suggestions import Suggestions
from handoff_bridge.service.surveys import Surveys
from handoff_bridge.service.turn_worker import TurnWorker
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.service.uploads import Uploads
from handoff_bridge.settings import WEB_DIST, Settings
from handoff_bridge.store.database import Database

logger = structlog.get_logger()

# A hand-back may have to wait for the turn before it, then for its own call.
RETURN_SLACK_SECS = 2.0
# Whatever the email: each check of a password takes tens of milliseconds and 64 MB.
LOGINS_OF_AN_ADDRESS = "60/minute"


@dataclass(frozen=True)
class Bridge:
    """Everything that runs, by name; HTTP handlers find it on `app.state.bridge`."""

    settings: Settings
    brand: Brand
    database: Database
    held: ConversationRepository
    assistant: RasaAssistant
    shop: BackOffice
    worker: TurnWorker
    eraser: Eraser
    promises: Promises
    cards: Cards
    sessions: Sessions
    receiving: Receiving
    handoff_requests: HandoffRequests
    handback: HandBack
    desk: AgentService
    directory: Directory
    packets: Packets
    suggestions: Suggestions
    reports: Reports
    accounts: Accounts
    attendance: PresenceService
    uploads: Uploads
    bot_messages: BotMessages
    readiness: Readiness
    message_limits: Limiter
    login_limits: Limiter
    login_floods: Limiter
    sockets: socketio.AsyncServer


def build_bridge(settings: Settings, clock: Clock = utc_now) -> Bridge:
    """Puts the rooms together."""
    sockets = make_server(
        settings.allowed_origins, settings.redis_url, settings.redis_channel
    )
    teller = Notifier(sockets)
    database = Database(settings.database)
    brand = load_brand(settings.brand_file)
    held = ConversationRepository(database, teller.tell, clock, brand)
    assistant = RasaAssistant(
        settings.rasa, settings.service_token, settings.rasa_deadline_secs
    )
    shop = BackOffice(settings.backoffice, settings.service_token)
    handback = HandBack(held)
    cards = Cards(held, shop)
    answers = Answers(held, cards)
    worker = TurnWorker(held, assistant, handback, answers, settings.name)
    eraser = Eraser(database)
    promises = Promises(held, shop, settings.promise_retry_secs)
    held.connect(
        Background(
            worker.wake,
            promises.make,
            QueueWatch(held).refresh,
            eraser.due,
            cards.learn,
        )
    )
    bridge = Bridge(
        settings=settings,
        brand=brand,
        database=database,
        held=held,
        assistant=assistant,
        shop=shop,
        worker=worker,
        eraser=eraser,
        promises=promises,
        cards=cards,
        sessions=Sessions(
            database,
            clock,
            Identities(settings.identity_secret, clock),
            cards.learn,
        ),
        receiving=Receiving(held, settings.public_payloads),
        handoff_requests=HandoffRequests(held),
        handback=handback,
        desk=AgentService(held),
        directory=Directory(database),
        packets=Packets(database, assistant, cards, clock, held.texts),
        suggestions=Suggestions(database, assistant),
        reports=Reports(database, clock),
        accounts=Accounts(database, clock, settings.secret_key),
        attendance=PresenceService(held, promises.look),
        uploads=Uploads(
            database, clock, settings.uploads_dir, settings.max_upload_bytes
        ),
        bot_messages=BotMessages(held),
        readiness=Readiness(database, assistant, shop, settings.actions),
        message_limits=Limiter(settings.message_limits),
        login_limits=Limiter(settings.login_limits),
        login_floods=Limiter(LOGINS_OF_AN_ADDRESS),
        sockets=sockets,
    )
    _register(bridge, teller)
    return bridge


def _register(bridge: Bridge, teller: Notifier) -> None:
    settings = bridge.settings
    customers = CustomerNamespace(
        CustomerServices(
            bridge.sessions,
            bridge.receiving,
            bridge.handoff_requests,
            Surveys(bridge.held),
            bridge.held.lock,
        ),
        bridge.message_limits,
        Limiter(settings.session_limits),
    )
    teller.on_bare_sent = customers.bare_sent
    inbox = InboxNamespace(
        InboxServices(
            bridge.accounts,
            bridge.desk,
            bridge.handback,
            bridge.attendance,
            Calls(bridge.database, bridge.held.clock),
        ),
        settings.agent_grace_secs,
        2 * settings.rasa_deadline_secs + RETURN_SLACK_SECS,
    )
    bridge.sockets.register_namespace(customers)
    bridge.sockets.register_namespace(inbox)


def build_app(settings: Settings, clock: Clock = utc_now) -> ASGIApp:
    """The whole bridge as one ASGI application."""
    bridge = build_bridge(settings, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await bridge.attendance.reset_presence()
        await bridge.worker.resume_pending()
        # An earlier process may have ended before it came to this.
        bridge.eraser.due()
        bridge.promises.resume_pending(settings.agent_grace_secs)
        yield
        await bridge.worker.stop()
        await bridge.eraser.stop()
        await bridge.promises.stop()
        await bridge.cards.stop()
        for part in (bridge.assistant, bridge.shop, bridge.readiness, bridge.database):
            await part.close()

    app = FastAPI(
        title="Tandem bridge", lifespan=lifespan, docs_url=None, redoc_url=None
    )
    app.state.bridge = bridge
    app.include_router(router)
    add_health(app)
    add_pages(app, WEB_DIST, bridge.brand)
    _add_errors(app)
    describe(app)
    # The widget on another shop's page sends photos with its session as a token;
    # no cookie of ours goes there.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization"],
    )
    return socketio.ASGIApp(bridge.sockets, app)


def _add_errors(app: FastAPI) -> None:
    """One shape for every refusal."""

    @app.exception_handler(BridgeError)
    async def refused(request: Request, error: BridgeError) -> JSONResponse:
        logger.info("refused", path=_route(request), error=error.code)
        return JSONResponse(error.as_dict(), status_code=error.status)

    @app.exception_handler(RequestValidationError)
    async def malformed(_request: Request, error: Any) -> JSONResponse:
        first = error.errors()[0]
        refusal = BadRequest(f"{first['loc'][-1]}: {first['msg']}.")
        return JSONResponse(refusal.as_dict(), status_code=refusal.status)

    @app.exception_handler(HTTPException)
    async def other(_request: Request, error: HTTPException) -> JSONResponse:
        refusal: BridgeError = NotFound() if error.status_code == 404 else BadRequest()
        return JSONResponse(refusal.as_dict(), status_code=error.status_code)

    @app.exception_handler(Exception)
    async def broken(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse(BridgeError().as_dict(), status_code=BridgeError.status)


def _route(request: Request) -> str:
    """The path's pattern: ids in paths stay out of the log."""
    route = request.scope.get("route")
    return getattr(route, "path", "unknown")
