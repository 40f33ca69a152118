"""The environment that all processes share: settings, addresses, secrets."""

import os
import secrets
import socket
from contextlib import ExitStack
from pathlib import Path

import httpx
from dotenv import dotenv_values, set_key

from handoff_bridge.launch import LaunchError

ROOT = Path(__file__).resolve().parents[3]
SECRETS = ("SERVICE_TOKEN", "SECRET_KEY", "IDENTITY_SECRET")
# A default may hold variables that stand above it.
DEFAULTS = {
    "BRIDGE_PORT": "8000",
    "RASA_PORT": "5005",
    "ACTIONS_PORT": "5055",
    "BACKOFFICE_PORT": "8090",
    "BRIDGE_URL": "http://{BRIDGE_LOCAL_HOST}:{BRIDGE_PORT}",
    "RASA_URL": "http://127.0.0.1:{RASA_PORT}",
    "ACTIONS_URL": "http://127.0.0.1:{ACTIONS_PORT}",
    "BACKOFFICE_URL": "http://127.0.0.1:{BACKOFFICE_PORT}",
    "TRACKER_DB": "{DATA_DIR}/tracker.db",
}
PORTS = [name for name in DEFAULTS if name.endswith("_PORT")]


def read_environment(root: Path) -> dict[str, str]:
    """Returns os.environ, `.env` and DEFAULTS; empty values are absent."""
    given = [*dotenv_values(root / ".env").items(), *os.environ.items()]
    environment = {name: value for name, value in given if value}
    data_dir = root / Path(environment.get("DATA_DIR", "var")).expanduser()
    host = environment.setdefault("BRIDGE_HOST", "127.0.0.1")
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    environment |= {
        "DATA_DIR": str(data_dir.resolve()),
        "BRIDGE_LOCAL_HOST": f"[{host}]" if ":" in host else host,
        "PYTHONPATH": f"{root / 'handoff_bridge'}{os.pathsep}{root}",
        "PYTHONUNBUFFERED": "1",
        "SANIC_HOST": "127.0.0.1",  # rasa-sdk listens everywhere without it
    }
    for name, default in DEFAULTS.items():
        environment.setdefault(name, default.format_map(environment))
    return environment


def add_secrets(environment: dict[str, str]) -> None:
    """Fills in missing secrets: made once, kept in DATA_DIR/secrets.env."""
    path = Path(environment["DATA_DIR"], "secrets.env")
    kept = dotenv_values(path)
    for name in SECRETS:
        if name not in environment and not kept.get(name):
            # Whole or not at all, and readable by nobody else at any moment.
            set_key(path, name, secrets.token_urlsafe(32), quote_mode="never")
    for name, value in dotenv_values(path).items():
        environment.setdefault(name, value or "")


def check_ports(environment: dict[str, str]) -> None:
    """Raises LaunchError naming the variable whose port is wrong or taken."""
    with ExitStack() as held:  # all at once, so that no two can be the same
        for name in PORTS:
            host = environment["BRIDGE_HOST"] if name == "BRIDGE_PORT" else "127.0.0.1"
            try:
                address = host, int(environment[name])
                family = socket.getaddrinfo(*address)[0][0]
                held.enter_context(socket.create_server(address, family=family))
            except (OSError, ValueError, OverflowError) as error:
                reason = getattr(error, "strerror", None) or error
                raise LaunchError(
                    f"Cannot listen on {host}:{environment[name]} ({reason}). "
                    f"Set {name} to a free port, in .env or before make."
                ) from error


def http_client(environment: dict[str, str], timeout_secs: float) -> httpx.Client:
    """Calls the processes of a copy as one of them."""
    headers = {"Authorization": f"Bearer {environment['SERVICE_TOKEN']}"}
    return httpx.Client(headers=headers, timeout=timeout_secs, trust_env=False)
