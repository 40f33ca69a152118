"""What browsers are told to do, and not to do, with everything that we answer."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# 'self' covers our own WebSocket too.
POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "style-src 'self'; script-src 'self'; frame-ancestors {ancestors}; "
    "base-uri 'none'; form-action 'self'; object-src 'none'"
)
# Those of agents are in no other page's frame.
AGENTS_PAGES = ("/inbox", "/reports", "/admin", "/docs")
PERMISSIONS = (
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
)
ONE_YEAR = "max-age=31536000"
# What holds nothing personal says itself how long it may be kept.
PERSONAL = ("/api/", "/socket.io/")
# What this browser still has of the agent who leaves. Cookies stay out of it: that
# would take those of the shop's other sites on the same domain along.
CLEAR_SITE_DATA = {"Clear-Site-Data": '"cache", "storage"'}


class SafeHeaders:
    """Adds them to every answer, those of Socket.IO too."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(scope, MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, with_headers)


def _add(scope: Scope, headers: MutableHeaders) -> None:
    path = scope["path"]
    ancestors = "'none'" if path in AGENTS_PAGES else "'self'"
    # What people have sent has a stricter one of its own.
    headers.setdefault("Content-Security-Policy", POLICY.format(ancestors=ancestors))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = PERMISSIONS
    if scope["scheme"] == "https":
        headers["Strict-Transport-Security"] = ONE_YEAR
    if path.startswith(PERSONAL):
        headers.setdefault("Cache-Control", "no-store")
