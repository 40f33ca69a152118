"""Whether a setting's value makes sense; ValueError says in one sentence why not."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import ip_network
from urllib.parse import SplitResult, urlsplit

from limits import parse_many
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

POSTGRES = ("postgresql", "postgres", "postgresql+asyncpg")


def http_address(value: str) -> str:
    """Empty, or the address of a server."""
    if value and not _is_address(value, ("http", "https")):
        raise ValueError(f"{value!r} is not an address like http://127.0.0.1:5005.")
    return value.rstrip("/")


def redis_address(value: str) -> str:
    """Empty, or the address of a Redis."""
    if value.startswith("unix://") or not value:
        return value
    if not _is_address(value, ("redis", "rediss")):
        raise ValueError("This is not an address like redis://127.0.0.1:6379/0.")
    return value


def smtp_address(value: str) -> str:
    """Empty, or the address of a mail server."""
    if value and not _is_address(value, ("smtp", "smtps")):
        raise ValueError("This is not an address like smtp://user:secret@host:587.")
    return value


def mail_sender(value: str) -> str:
    """Empty, or one address as mails have it in From."""
    name, address = parseaddr(value)
    try:
        if value:
            Address(name, addr_spec=address)
    except (ValueError, IndexError, HeaderParseError):
        raise ValueError(
            f"{value!r} is not like Shop <service@shop.example>."
        ) from None
    if value and not (address.partition("@")[0] and address.partition("@")[2]):
        raise ValueError(f"{value!r} is not like Shop <service@shop.example>.")
    return value


def web_origins(values: list[str]) -> list[str]:
    """What browsers send as Origin: scheme, host and port, nothing after it."""
    for value in values:
        parts = _split(value)
        if not _is_address(value, ("http", "https")) or parts.path or parts.query:
            raise ValueError(f"{value!r} is not an origin like https://shop.example.")
    return values


def ip_networks(values: list[str]) -> list[str]:
    """Addresses and networks, by name: nobody is trusted because everybody is."""
    for value in values:
        try:
            ip_network(value)
        except ValueError:
            raise ValueError(
                f"{value!r} is not an address or network like 10.0.0.0/8."
            ) from None
    return values


def bot_payloads(values: list[str]) -> list[str]:
    """What begins with a slash."""
    for value in values:
        if not value.startswith("/"):
            raise ValueError(f"{value!r} does not begin with a slash.")
    return values


def rate_limits(value: str) -> str:
    """What the limits library can read, and at least one."""
    try:
        parse_many(value)
    except ValueError:
        raise ValueError(f"{value!r} is not like 20/second;120/minute.") from None
    return value


def header_token(value: str) -> str:
    """What a header can carry."""
    if not all("!" <= character <= "~" for character in value):
        raise ValueError("A token has plain letters, digits and signs, and no blanks.")
    return value


def database_address(value: str) -> str:
    """Empty, or a database that the bridge knows, with the driver that it has."""
    if not value:
        return value
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise ValueError("This is not an address of a database.") from None
    if url.drivername in POSTGRES:
        url = url.set(drivername="postgresql+asyncpg")
        return url.render_as_string(hide_password=False)
    if url.drivername != "sqlite":
        raise ValueError(f"{url.drivername!r} is neither sqlite nor postgresql.")
    if not url.database or url.database == ":memory:":
        raise ValueError("SQLite needs a file, as in sqlite:////srv/tandem/bridge.db.")
    return value


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    parts = _split(value)
    try:
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:  # the port is no port
        return False
    return parts.scheme in schemes and has_host


def _split(value: str) -> SplitResult:
    try:
        return urlsplit(value)
    except ValueError:  # of brackets that do not close
        return SplitResult("", "", "", "", "")
