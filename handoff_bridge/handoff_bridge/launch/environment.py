"""The environment that all processes are started with: settings, secrets, addresses."""

import fcntl
import os
import secrets
import socket
from pathlib import Path

from dotenv import dotenv_values

PORTS = {
    "BRIDGE_PORT": "8000",
    "RASA_PORT": "5005",
    "ACTIONS_PORT": "5055",
    "BACKOFFICE_PORT": "8090",
}
URLS = {
    "BRIDGE_URL": "BRIDGE_PORT",
    "RASA_URL": "RASA_PORT",
    "ACTIONS_URL": "ACTIONS_PORT",
    "BACKOFFICE_URL": "BACKOFFICE_PORT",
}
# In RUN_DIR; held by the launcher of this copy as long as it lives.
LOCK = "launcher.lock"
SECRETS = ("SERVICE_TOKEN", "SECRET_KEY", "IDENTITY_SECRET")
# A unix socket's address holds 108 bytes on Linux, 104 on macOS.
LONGEST_SOCKET = 100


class CannotStart(Exception):
    """A reason, in one sentence for the operator, not to start."""


def read(root: Path) -> dict[str, str]:
    """The environment with `.env` and the defaults below it; empty means absent."""
    environment = {name: value for name, value in os.environ.items() if value}
    for name, value in dotenv_values(root / ".env").items():
        if value:
            environment.setdefault(name, value)
    for name, port in PORTS.items():
        environment.setdefault(name, port)
    environment.setdefault("BRIDGE_HOST", "127.0.0.1")
    data_dir = (root / Path(environment.get("DATA_DIR", "var")).expanduser()).resolve()
    environment["DATA_DIR"] = str(data_dir)
    environment["RUN_DIR"] = str(data_dir / "run")
    environment["SANIC_HOST"] = "127.0.0.1"  # rasa-sdk listens everywhere without it
    environment["RASA_TELEMETRY_ENABLED"] = "false"
    environment["PYTHONUNBUFFERED"] = "1"
    environment.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    environment.setdefault("TRACKER_DB", str(data_dir / "tracker.db"))
    _add_addresses(environment)
    return environment


def _add_addresses(environment: dict[str, str]) -> None:
    for url, port in URLS.items():
        environment.setdefault(url, f"http://127.0.0.1:{environment[port]}")
    # A proxy of the machine must not get to see what stays on the machine.
    for name in ("NO_PROXY", "no_proxy"):
        kept = environment.get(name)
        environment[name] = ",".join(filter(None, [kept, "127.0.0.1", "localhost"]))


def check_ports(environment: dict[str, str]) -> None:
    """Raises CannotStart naming the variable whose port is wrong or taken."""
    taken: dict[int, str] = {}
    for name in PORTS:
        text = environment[name]
        if not text.isdecimal() or not 0 < int(text) < 65536:
            raise CannotStart(f"{name}={text} is not a port.")
        port = int(text)
        if port in taken:
            raise CannotStart(f"{name} and {taken[port]} are both {port}.")
        taken[port] = name
        host = environment["BRIDGE_HOST"] if name == "BRIDGE_PORT" else "127.0.0.1"
        _check_free(name, host, port)


def _check_free(name: str, host: str, port: int) -> None:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except socket.gaierror as error:
        raise CannotStart(f"BRIDGE_HOST={host} is not an address here.") from error
    except OSError as error:
        raise CannotStart(
            f"Cannot listen on {host}:{port} ({error.strerror}). "
            f"Set {name} to a free port, in .env or before make."
        ) from error


def keep_addresses(environment: dict[str, str]) -> None:
    """Leaves in RUN_DIR where this copy listens, for commands that speak to it."""
    names = (*PORTS, *URLS)
    lines = [f"{name}={environment[name]}\n" for name in names]
    _addresses(environment).write_text("".join(lines))


def read_running(root: Path) -> dict[str, str] | None:
    """The environment of the copy that runs with our DATA_DIR; None if none does.

    Its ports may have been set for `make run` alone; its secrets are in DATA_DIR.
    """
    environment = read(root)
    if not _is_running(environment):
        return None
    told = dotenv_values(_addresses(environment))
    environment |= {name: value for name, value in told.items() if value}
    add_secrets(environment)
    return environment


def _addresses(environment: dict[str, str]) -> Path:
    return Path(environment["RUN_DIR"], "addresses.env")


def _is_running(environment: dict[str, str]) -> bool:
    """Whether a launcher holds DATA_DIR."""
    try:
        lock = Path(environment["RUN_DIR"], LOCK).open("a")
    except OSError:
        return False
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def add_secrets(environment: dict[str, str]) -> None:
    """Fills in missing secrets: made once, kept in DATA_DIR/secrets.env."""
    path = Path(environment["DATA_DIR"], "secrets.env")
    kept = {name: value for name, value in dotenv_values(path).items() if value}
    missing = [name for name in SECRETS if name not in environment | kept]
    if missing:
        kept |= {name: secrets.token_urlsafe(32) for name in missing}
        _write_private(path, "".join(f"{name}={kept[name]}\n" for name in kept))
    for name in SECRETS:
        environment.setdefault(name, kept.get(name, ""))


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all, and readable by nobody else at any moment."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    fresh.replace(path)
