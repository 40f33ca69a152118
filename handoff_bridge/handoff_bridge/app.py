"""The wiring: settings in, an ASGI application out. Nothing happens at import."""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import socketio
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from handoff_bridge.articles.library import Library
from handoff_bridge.brand import Brand
from handoff_bridge.brand_file import load_brand
from handoff_bridge.channels import load_channels
from handoff_bridge.conversation.states import Presence
from handoff_bridge.edges.answering import describe
from handoff_bridge.edges.api import router
from handoff_bridge.edges.backoffice import BackOffice
from handoff_bridge.edges.bodies import BodyDeadline
from handoff_bridge.edges.channel_door import HttpDoor
from handoff_bridge.edges.channels_api import router as channels_api
from handoff_bridge.edges.customer import (
    CustomerLimits,
    CustomerNamespace,
    CustomerServices,
)
from handoff_bridge.edges.headers import SafeHeaders
from handoff_bridge.edges.help_pages import router as help_pages
from handoff_bridge.edges.inbox import InboxNamespace, InboxServices
from handoff_bridge.edges.limits import Limiter
from handoff_bridge.edges.logins import LoginWatch
from handoff_bridge.edges.mail import SmtpPost
from handoff_bridge.edges.oidc import OidcProvider
from handoff_bridge.edges.pages import add_health, add_pages
from handoff_bridge.edges.rasa import RasaAssistant
from handoff_bridge.edges.readiness import Disk, Readiness
from handoff_bridge.edges.redis_link import RedisLink
from handoff_bridge.edges.sockets import INBOX, Notifier, make_server
from handoff_bridge.edges.webhook_client import HttpWebhookClient
from handoff_bridge.errors import BadRequest, BridgeError, NotFound, TooSlow
from handoff_bridge.routing_files import load_canned_replies, load_texts
from handoff_bridge.service.accounts import Accounts
from handoff_bridge.service.agent_actions import AgentService
from handoff_bridge.service.answers import Answers
from handoff_bridge.service.bot_messages import BotMessages
from handoff_bridge.service.canned_replies import CannedReplyService
from handoff_bridge.service.card_actions import CardActions
from handoff_bridge.service.cards import Cards
from handoff_bridge.service.contacts import Contacts
from handoff_bridge.service.customer_presence import CustomerPresenceService
from handoff_bridge.service.directory import Directory
from handoff_bridge.service.documents import Documents
from handoff_bridge.service.erasing import Eraser
from handoff_bridge.service.handoff_requests import HandoffRequests
from handoff_bridge.service.handoff_return import HandBack
from handoff_bridge.service.help import HelpArticles
from handoff_bridge.service.idempotency import Calls
from handoff_bridge.service.identities import Identities
from handoff_bridge.service.invitations import Invitations
from handoff_bridge.service.live import LiveView
from handoff_bridge.service.mails import Mails
from handoff_bridge.service.mentions import Mentions
from handoff_bridge.service.messaging.channel import Channel
from handoff_bridge.service.messaging.counting import ChannelCounts
from handoff_bridge.service.messaging.customer_erasure import CustomerErasure
from handoff_bridge.service.messaging.deliveries import Deliveries
from handoff_bridge.service.messaging.inbox import ChannelInbox
from handoff_bridge.service.messaging.missed import EVERY_SECS, MissedMessages
from handoff_bridge.service.messaging.outbox import ChannelOutbox
from handoff_bridge.service.messaging.overview import ChannelOverview
from handoff_bridge.service.messaging.reach import Reaching
from handoff_bridge.service.messaging.sampling import OwnProcess, SampleMark, Sampler
from handoff_bridge.service.messaging.templates import Templates
from handoff_bridge.service.messaging.typing_shown import TypingShown
from handoff_bridge.service.offers import OfferService
from handoff_bridge.service.overdue import Overdue
from handoff_bridge.service.packets import Packets
from handoff_bridge.service.passing_on import PassingOn
from handoff_bridge.service.passwords import Passwords
from handoff_bridge.service.people import Consequences, People
from handoff_bridge.service.periodic import Periodic
from handoff_bridge.service.ports import Background, Clock, utc_now
from handoff_bridge.service.presence import BridgeIdentity, PresenceService
from handoff_bridge.service.previews import Previews
from handoff_bridge.service.promises import Promises
from handoff_bridge.service.queue import QueueWatch
from handoff_bridge.service.receive import Receiving
from handoff_bridge.service.reminders import Reminders
from handoff_bridge.service.reports import Reports
from handoff_bridge.service.requeueing import Requeueing
from handoff_bridge.service.retelling import Retelling
from handoff_bridge.service.search import Search
from handoff_bridge.service.second_factor import SecondFactors
from handoff_bridge.service.self_service import SelfServiceReport
from handoff_bridge.service.sessions import Sessions
from handoff_bridge.service.simulating import Simulations
from handoff_bridge.service.suggestions import Suggestions
from handoff_bridge.service.surveys import Surveys
from handoff_bridge.service.turn_worker import TurnWorker
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.service.uploads import UploadBounds, Uploads
from handoff_bridge.service.webhook_dispatcher import WebhookDispatcher
from handoff_bridge.service.webhook_outbox import WebhookOutbox
from handoff_bridge.service.webhooks import Webhooks
from handoff_bridge.service.wrap_up import WrapUps
from handoff_bridge.settings import WEB_DIST, Settings
from handoff_bridge.store import (
    calls,
    channel_counts,
    channel_inbox,
    channel_outbox,
    offers,
    webhook_deliveries,
)
from handoff_bridge.store.database import Database

logger = structlog.get_logger()

# A hand-back may have to wait for the turn before it, then for its own call.
RETURN_SLACK_SECS = 2.0
HOUR_SECS = 3600.0
# An estimate that stands still for longer is not believed.
WAIT_TOLD_SECS = 25.0
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
    back_office: BackOffice
    worker: TurnWorker
    eraser: Eraser
    promises: Promises
    mails: Mails
    webhooks: Webhooks
    webhook_dispatcher: WebhookDispatcher
    webhook_client: HttpWebhookClient
    channels: Mapping[str, Channel]
    channel_inbox: ChannelInbox
    channel_outbox: ChannelOutbox
    missed_messages: MissedMessages
    channel_counts: ChannelCounts
    channel_overview: ChannelOverview
    channel_sampler: Sampler
    customer_erasure: CustomerErasure
    typing_shown: TypingShown
    queue: QueueWatch
    offering: OfferService
    cards: Cards
    sessions: Sessions
    receiving: Receiving
    handoff_requests: HandoffRequests
    handback: HandBack
    desk: AgentService
    templates: Templates
    deliveries: Deliveries
    directory: Directory
    search: Search
    live: LiveView
    documents: Documents
    canned_replies: CannedReplyService
    simulations: Simulations
    wrap_ups: WrapUps
    reminders: Reminders
    packets: Packets
    previews: Previews
    suggestions: Suggestions
    reports: Reports
    self_service: SelfServiceReport
    help: HelpArticles
    help_limits: Limiter
    accounts: Accounts
    invitations: Invitations
    second_factors: SecondFactors
    people: People
    # None where nobody signs in at a provider.
    oidc: OidcProvider | None
    requeueing: Requeueing
    attendance: PresenceService
    customer_presence: CustomerPresenceService
    retelling: Retelling
    uploads: Uploads
    bot_messages: BotMessages
    readiness: Readiness
    message_limits: Limiter
    login_limits: Limiter
    login_floods: Limiter
    account_limits: Limiter
    logins: LoginWatch
    sockets: socketio.AsyncServer
    # None where a bridge is alone.
    redis: RedisLink | None


def build_bridge(settings: Settings, clock: Clock = utc_now) -> Bridge:
    """Puts the rooms together."""
    redis = None
    if settings.redis_url:
        redis = RedisLink(settings.redis_url, settings.redis_channel)
    sockets = make_server(settings.allowed_origins, redis)
    teller = Notifier(sockets)
    database = Database(settings.database, durable=settings.durable_commits)
    brand = load_brand(settings.brand_file)
    texts = load_texts(settings.teams_file, settings.routing_file)
    documents = Documents(database, clock, *texts)
    library = Library(settings.articles_dir, brand.languages)
    channels = load_channels(settings)
    held = ConversationRepository(
        *(database, teller.tell, clock, brand, documents.recent),
        Reaching(channels, clock).of,
    )
    assistant = RasaAssistant(
        settings.rasa, settings.service_token, settings.rasa_deadline_secs
    )
    back_office = BackOffice(settings.backoffice, settings.service_token)
    handback = HandBack(held)
    cards = Cards(held, back_office)
    answers = Answers(held, cards)
    identity = BridgeIdentity(secrets.token_hex(12), settings.name, settings.lease_secs)
    worker = TurnWorker(held, assistant, handback, answers, identity)
    eraser = Eraser(database)
    queue = QueueWatch(held, is_alone=not settings.redis_url)

    async def set_away(agent_id: str) -> None:
        await attendance.set(agent_id, Presence.AWAY)

    offering = OfferService(held, set_away)
    retelling = Retelling(held, is_alone=not settings.redis_url)
    post = (
        SmtpPost(settings.smtp_url, settings.mail_from) if settings.sends_mail else None
    )
    mails = Mails(held, post, identity.bridge_id)
    webhook_client = HttpWebhookClient(
        allow_http=settings.webhook_allow_http,
        private_networks=settings.webhook_private_networks,
    )
    outbox = WebhookOutbox(database, settings.public)
    dispatcher = WebhookDispatcher(
        database, clock, webhook_client, outbox, identity.bridge_id
    )
    promises = Promises(held, back_office, settings.promise_retry_secs)
    uploads = Uploads(
        database,
        clock,
        settings.uploads_dir,
        UploadBounds(
            settings.max_upload_bytes,
            settings.max_chat_photos,
            settings.max_chat_photo_bytes,
        ),
        settings.secret_key,
        settings.public,
    )
    counts = ChannelCounts(database, clock)
    mark = SampleMark(settings.secret_key)
    taking = ChannelInbox(
        held,
        channels,
        uploads,
        counts,
        identity.bridge_id,
        is_sample=mark.is_on,
    )
    sending = ChannelOutbox(
        held, channels, uploads, settings.public, identity.bridge_id
    )
    typing = TypingShown(channels)
    held.connect(
        Background(
            worker.wake,
            promises.make,
            queue.moved,
            offering.look_again,
            eraser.due,
            cards.learn,
            retelling.conversation,
            mails.due,
            dispatcher.due,
            sending.due,
            typing.show,
        ),
        [outbox.record, sending.record],
    )
    passwords = Passwords()
    is_required = settings.second_factor == "required"
    accounts = Accounts(
        database,
        clock,
        settings.secret_key,
        passwords,
        needs_second_factor=is_required,
    )

    async def presence_changed() -> None:
        queue.tell_again()
        offering.look_again()
        await promises.look()

    customer_presence = CustomerPresenceService(held, identity.bridge_id)
    attendance = PresenceService(
        held,
        identity,
        settings.agent_grace_secs,
        presence_changed,
        retelling.all_since,
        customer_presence,
    )
    requeueing = Requeueing(held, settings.agent_return_secs)

    async def disconnect(connection_ids: Sequence[str]) -> None:
        for connection_id in connection_ids:
            await sockets.disconnect(connection_id, namespace=INBOX)

    async def left(agent_id: str) -> None:
        await requeueing.requeue_of(agent_id)
        await attendance.tell(agent_id)
        await presence_changed()

    async def changed(agent_id: str) -> None:
        await attendance.tell(agent_id)

    templates = Templates(database, channels)
    bridge = Bridge(
        settings=settings,
        brand=brand,
        database=database,
        held=held,
        assistant=assistant,
        back_office=back_office,
        worker=worker,
        eraser=eraser,
        promises=promises,
        mails=mails,
        webhooks=Webhooks(database, clock, webhook_client, outbox, dispatcher.due),
        webhook_dispatcher=dispatcher,
        webhook_client=webhook_client,
        channels=channels,
        channel_inbox=taking,
        channel_outbox=sending,
        missed_messages=MissedMessages(database, channels, taking),
        channel_counts=counts,
        channel_overview=ChannelOverview(
            database, clock, settings.public, channels, counts
        ),
        channel_sampler=Sampler(
            database,
            clock,
            settings.public,
            mark,
            [HttpDoor("public", settings.public), OwnProcess(taking)],
        ),
        customer_erasure=CustomerErasure(held, settings.uploads_dir),
        typing_shown=typing,
        queue=queue,
        offering=offering,
        cards=cards,
        sessions=Sessions(
            database,
            clock,
            Identities(settings.identity_secret, clock),
            cards.learn,
            timedelta(days=settings.session_days),
            documents.recent,
        ),
        receiving=Receiving(held, settings.public_payloads),
        handoff_requests=HandoffRequests(held),
        handback=handback,
        desk=AgentService(held, templates),
        templates=templates,
        deliveries=Deliveries(held, sends_mail=settings.sends_mail),
        directory=Directory(held),
        search=Search(held),
        live=LiveView(held),
        documents=documents,
        canned_replies=CannedReplyService(
            database, clock, load_canned_replies(settings.canned_replies_file)
        ),
        simulations=Simulations(database, documents),
        previews=Previews(held, handback, assistant),
        wrap_ups=WrapUps(held),
        reminders=Reminders(held),
        packets=Packets(database, assistant, cards, clock, held.texts),
        suggestions=Suggestions(database, assistant),
        reports=Reports(database, clock),
        self_service=SelfServiceReport(database, clock, library),
        help=HelpArticles(database, clock, brand, library),
        help_limits=Limiter(settings.message_limits),
        accounts=accounts,
        invitations=Invitations(database, clock, passwords),
        second_factors=SecondFactors(
            database, clock, passwords, brand.company, is_required=is_required
        ),
        people=People(
            database,
            clock,
            timedelta(hours=settings.invitation_hours),
            Consequences(disconnect, left, changed),
        ),
        oidc=_oidc(settings),
        requeueing=requeueing,
        attendance=attendance,
        customer_presence=customer_presence,
        retelling=retelling,
        uploads=uploads,
        bot_messages=BotMessages(held),
        readiness=Readiness(
            database,
            assistant,
            back_office,
            settings.actions,
            redis,
            Disk(settings.written_folders, settings.min_free_bytes),
        ),
        message_limits=Limiter(settings.message_limits),
        login_limits=Limiter(settings.login_limits),
        login_floods=Limiter(LOGINS_OF_AN_ADDRESS),
        account_limits=Limiter(settings.login_account_limits),
        logins=LoginWatch(
            accounts.ended,
            partial(sockets.disconnect, namespace=INBOX),
            settings.login_check_secs,
        ),
        sockets=sockets,
        redis=redis,
    )
    _register(bridge)
    return bridge


def _oidc(settings: Settings) -> OidcProvider | None:
    if not settings.oidc_issuer:
        return None
    return OidcProvider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        settings.secret_key,
    )


def _register(bridge: Bridge) -> None:
    settings = bridge.settings
    customers = CustomerNamespace(
        CustomerServices(
            bridge.sessions,
            bridge.receiving,
            bridge.handoff_requests,
            Contacts(bridge.held, sends_mail=settings.sends_mail),
            Surveys(bridge.held),
            bridge.customer_presence,
            bridge.held.lock,
            bridge.uploads.link,
        ),
        CustomerLimits(
            bridge.message_limits,
            Limiter(settings.session_limits),
            Limiter(settings.handoff_limits),
        ),
    )
    inbox = InboxNamespace(
        InboxServices(
            bridge.accounts,
            bridge.desk,
            PassingOn(bridge.held),
            bridge.offering,
            CardActions(bridge.held, bridge.cards, bridge.back_office),
            bridge.handback,
            bridge.attendance,
            Calls(bridge.database, bridge.held.clock),
            bridge.logins,
            bridge.wrap_ups,
            bridge.reminders,
            Mentions(bridge.held),
            bridge.deliveries,
            bridge.typing_shown,
        ),
        bridge.message_limits,
        2 * settings.rasa_deadline_secs + RETURN_SLACK_SECS,
    )
    bridge.sockets.register_namespace(customers)
    bridge.sockets.register_namespace(inbox)

    async def before_told(event: str, room: Any, payload: dict[str, Any]) -> None:
        await customers.before_told(event, room, payload)
        await inbox.before_told(event, room, payload)

    async def catch_up(everything: bool) -> None:
        await customers.catch_up(everything)
        await inbox.catch_up(everything)

    manager = bridge.sockets.manager
    manager.before_told = before_told
    if bridge.redis is not None:
        bridge.redis.on_gap = catch_up


def _periodic(bridge: Bridge) -> list[Periodic]:
    """What every bridge looks for, so that none has to outlive what it has begun."""
    settings = bridge.settings
    overdue = Overdue(bridge.held, sends_mail=settings.sends_mail)

    async def prune() -> None:
        async with bridge.database.write() as tx:
            await offers.prune(tx, bridge.held.clock())
            await calls.prune(tx, bridge.held.clock())
            await webhook_deliveries.prune(tx, bridge.held.clock())
            await channel_inbox.prune(tx)
            await channel_outbox.prune(tx)
            await channel_counts.prune(tx, bridge.held.clock().date())

    every_beat = {
        "periodic:presence": bridge.attendance.refresh,
        "periodic:chats_of_the_gone": bridge.requeueing.requeue_all,
        "periodic:turns": bridge.worker.resume_abandoned,
        "periodic:promises": bridge.promises.look,
        "periodic:documents": bridge.documents.refresh,
        # What a dead bridge had offered runs out all the same.
        "periodic:offers": bridge.offering.look,
        "periodic:wrap_ups": bridge.wrap_ups.look,
        "periodic:reminders": bridge.reminders.look,
        "periodic:overdue": overdue.look,
        "periodic:mails": bridge.mails.look,
        "periodic:webhooks": bridge.webhook_dispatcher.look,
        "periodic:channel_inbox": bridge.channel_inbox.look,
        "periodic:channel_outbox": bridge.channel_outbox.look,
        "periodic:channel_counts": bridge.channel_counts.write,
        "periodic:articles": bridge.help.refresh,
    }
    every_hour = {
        "periodic:prune": prune,
        "periodic:help": bridge.help.prune,
        "periodic:photos": bridge.uploads.remove_unattached,
        "periodic:ended_logins": bridge.accounts.remove_expired,
        "periodic:ended_sessions": bridge.sessions.remove_expired,
    }
    by_secs = {
        settings.beat_secs: every_beat,
        WAIT_TOLD_SECS: {"periodic:waits": bridge.queue.refresh},
        EVERY_SECS: {"periodic:missed": bridge.missed_messages.look},
        HOUR_SECS: every_hour,
    }
    return [
        bridge.logins,
        *(
            Periodic(work, name, secs)
            for secs, works in by_secs.items()
            for name, work in works.items()
        ),
    ]


def build_app(settings: Settings, clock: Clock = utc_now) -> socketio.ASGIApp:
    """The whole bridge as one ASGI application."""
    bridge = build_bridge(settings, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if bridge.redis is not None:
            await bridge.redis.start()
        await bridge.attendance.start()
        await bridge.worker.resume_pending()
        # An earlier process may have ended before it came to this.
        bridge.eraser.due()
        periodic = _periodic(bridge)
        for work in periodic:
            await work.start()
        yield
        for work in periodic:
            await work.stop()
        for service in (
            bridge.worker,
            bridge.eraser,
            bridge.promises,
            bridge.mails,
            bridge.webhook_dispatcher,
            bridge.missed_messages,
            bridge.channel_inbox,
            bridge.channel_outbox,
            bridge.typing_shown,
            bridge.queue,
            bridge.offering,
            bridge.cards,
            bridge.retelling,
            bridge.customer_presence,
            bridge.attendance,
        ):
            await service.stop()
        if bridge.redis is not None:
            await bridge.redis.stop()
        for channel in bridge.channels.values():
            await channel.close()
        for part in (
            bridge.assistant,
            bridge.back_office,
            bridge.readiness,
            bridge.webhook_client,
            bridge.database,
        ):
            await part.close()
        if bridge.oidc is not None:
            await bridge.oidc.close()

    app = FastAPI(
        title="Tandem bridge", lifespan=lifespan, docs_url=None, redoc_url=None
    )
    app.state.bridge = bridge
    app.include_router(router)
    app.include_router(channels_api)
    add_health(app)
    add_pages(
        app,
        WEB_DIST,
        bridge.brand,
        max_upload_bytes=settings.max_upload_bytes,
        answers_by_mail=settings.sends_mail,
        help_articles=not bridge.help.library.is_empty,
    )
    app.include_router(help_pages)
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
    app.add_middleware(BodyDeadline, stall_secs=settings.body_stall_secs)
    return SafeHeaders(socketio.ASGIApp(bridge.sockets, app))


def _add_errors(app: FastAPI) -> None:
    """One shape for every refusal."""

    @app.exception_handler(BridgeError)
    async def refused(request: Request, error: BridgeError) -> JSONResponse:
        logger.info("refused", path=_route(request), error=error.code)
        # What did not come in time may come yet, and is nobody's next request.
        headers = {"Connection": "close"} if isinstance(error, TooSlow) else None
        return JSONResponse(error.as_dict(), error.status, headers)

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
