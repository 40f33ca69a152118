"""How long our servers keep a connection that nobody uses."""

from __future__ import annotations

import os

# Rasa keeps one to the action server for 15 seconds, the bridge one to Rasa for 5.
KEEP_ALIVE_SECS = 75


def outlast_callers() -> None:
    """Has Sanic close no connection that a caller may be about to use.

    Its own 5 seconds are shorter than Rasa's 15: a request that met the closing failed,
    and the customer's turn with it.
    """
    os.environ.setdefault("SANIC_KEEP_ALIVE_TIMEOUT", str(KEEP_ALIVE_SECS))
