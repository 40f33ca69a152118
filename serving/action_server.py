"""`python -m serving.action_server`: rasa-sdk's server, for our own processes alone.

Takes the options of `python -m rasa_sdk`. Actions read and change what customers have
with the shop, so whoever calls one shows the `SERVICE_TOKEN`. `/health` is open.
"""

from __future__ import annotations

import hmac
import os
import sys

import pluggy
from rasa_sdk.__main__ import main as serve
from rasa_sdk.plugin import plugin_manager
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from serving.keep_alive import outlast_callers

HEALTH = "/health"
hookimpl = pluggy.HookimplMarker("rasa_sdk")


class TokenAsked:
    """A plugin of rasa-sdk's that asks for the token."""

    def __init__(self, service_token: str) -> None:
        """`service_token` is what callers have to show."""
        self._expected = f"Bearer {service_token}".encode()

    @hookimpl
    def attach_sanic_app_extensions(self, app: Sanic) -> None:
        """Called by rasa-sdk once its routes are there."""
        app.register_middleware(self._check, "request")

    async def _check(self, request: Request) -> HTTPResponse | None:
        given = request.headers.get("Authorization", "").encode()
        if request.path == HEALTH or hmac.compare_digest(given, self._expected):
            return None
        answer = {"error": "The service token is missing or wrong."}
        return json(answer, 401, {"WWW-Authenticate": "Bearer"})


def main() -> None:
    """Serves until it is told to stop."""
    token = os.environ.get("SERVICE_TOKEN")
    if not token:
        sys.exit("SERVICE_TOKEN is missing.")
    outlast_callers()
    plugin_manager().register(TokenAsked(token))
    serve()


if __name__ == "__main__":
    main()
