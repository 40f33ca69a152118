"""Starts the back office: `python -m backoffice` from the project's root."""

import logging
import os
import sys

import uvicorn

from backoffice.app import build_app
from backoffice.settings import Settings, SettingsInvalid


def main() -> None:
    """Serves until it is told to stop."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    try:
        settings = Settings.from_env(os.environ)
    except SettingsInvalid as error:
        sys.exit(f"backoffice: {error}")
    os.umask(0o077)  # its database and log are for this user alone
    uvicorn.run(
        build_app(settings),
        host="127.0.0.1",  # never further: the outbox page asks for no token
        port=settings.port,
        log_config=None,
        access_log=False,  # its lines would hold order numbers and addresses
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
