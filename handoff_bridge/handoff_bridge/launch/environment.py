"""The environment that all processes share: settings, addresses, secrets."""

import os
import secrets
import socket
from contextlib import ExitStack
from pathlib import Path
from tempfile import NamedTemporaryFile

from dotenv import dotenv_values

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
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}
PORTS = [name for name in DEFAULTS if name.endswith("_PORT")]
URLS = [name for name in DEFAULTS if name.endswith("_URL")]


def read_environment(
    root: Path, overrides: dict[str, str] | None = None
) -> dict[str, str]:
    """Returns overrides, os.environ, `.env` and DEFAULTS; empty values are absent."""
    own = {name: value for name, value in os.environ.items() if value}
    given = dotenv_values(root / ".env") | own | (overrides or {})
    environment = {name: value for name, value in given.items() if value}
    data_dir = root / Path(environment.get("DATA_DIR", "var")).expanduser()
    host = environment.setdefault("BRIDGE_HOST", "127.0.0.1")
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    environment |= {
        "DATA_DIR": str(data_dir.resolve()),
        "BRIDGE_LOCAL_HOST": f"[{host}]" if ":" in host else host,
        "PYTHONPATH": f"{root / 'handoff_bridge'}{os.pathsep}{root}",
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "SANIC_HOST": "127.0.0.1",  # rasa-sdk listens everywhere without it
    }
    # A proxy of the machine must not get to see what stays on the machine.
    for name in ("NO_PROXY", "no_proxy"):
        environment[name] = f"{environment.get(name, '')},127.0.0.1,localhost".strip(
            ","
        )
    for name, default in DEFAULTS.items():
        environment.setdefault(name, default.format_map(environment))
    return environment


def check_ports(environment: dict[str, str]) -> None:
    """Raises LaunchError naming the variable whose port is wrong or taken."""
    with ExitStack() as held:  # all at once, so that no two can be the same
        for name in PORTS:
            port = environment[name]
            host = environment["BRIDGE_HOST"] if name == "BRIDGE_PORT" else "127.0.0.1"
            if not port.isdecimal() or not 0 < int(port) < 65536:
                raise LaunchError(f"{name}={port} is not a port.")
            try:
                family = socket.getaddrinfo(host, port)[0][0]
                address = (host, int(port))
                held.enter_context(socket.create_server(address, family=family))
            except socket.gaierror as error:
                raise LaunchError(f"BRIDGE_HOST={host} is not an address.") from error
            except OSError as error:
                raise LaunchError(
                    f"Cannot listen on {host}:{port} ({error.strerror}). "
                    f"Set {name} to a free port, in .env or before make."
                ) from error


def add_secrets(environment: dict[str, str]) -> None:
    """Fills in missing secrets: made once, kept in DATA_DIR/secrets.env."""
    path = Path(environment["DATA_DIR"], "secrets.env")
    kept = {name: value for name, value in dotenv_values(path).items() if value}
    missing = [name for name in SECRETS if name not in environment | kept]
    if missing:
        kept |= {name: secrets.token_urlsafe(32) for name in missing}
        # Whole or not at all, and readable by nobody else at any moment.
        with NamedTemporaryFile("w", dir=path.parent, delete=False) as fresh:
            fresh.writelines(f"{name}={value}\n" for name, value in kept.items())
        Path(fresh.name).replace(path)
    environment |= {name: kept[name] for name in SECRETS if name not in environment}
