"""HTTP to addresses that others name, and to nothing inside our own network.

The address is looked at where the connection is made, whatever the name in the URL says
by then: what is checked is what is connected to.
"""

import ipaddress
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from handoff_bridge.errors import InvalidWebhookUrl, PrivateAddress
from handoff_bridge.models import MAX_URL_CHARS

TIMEOUT_SECS = 10.0
# Of clouds: where their machines ask for credentials, at public or protocol addresses.
METADATA = {"168.63.129.16", "192.0.0.192"}
# IPv6 addresses that a gateway turns into the IPv4 address at their end.
NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class _Refused(OSError):
    """Not an address to connect to. Always in the same words: they are compared."""

    def __init__(self) -> None:
        super().__init__("private address")


class PublicHttp:
    """Follows no redirect, uses no proxy, keeps no cookie, unpacks nothing."""

    def __init__(
        self, *, allow_http: bool, private_networks: Iterable[str], user_agent: str
    ) -> None:
        """Beside what is public it connects to `private_networks`."""
        self._schemes = ("https", "http") if allow_http else ("https",)
        self._allowed = [ipaddress.ip_network(one) for one in private_networks]
        self._timeout_secs = TIMEOUT_SECS
        self._user_agent = user_agent
        self._session: aiohttp.ClientSession | None = None

    def check(self, url: str) -> None:
        """Raises InvalidWebhookUrl, PrivateAddress where it would never send to it.

        A name is looked up only when something is sent.
        """
        if len(url) > MAX_URL_CHARS:
            raise InvalidWebhookUrl("This address is too long.")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise InvalidWebhookUrl from None
        is_plain = url.isascii() and all("!" <= character <= "~" for character in url)
        if parts.scheme not in self._schemes or not host or port == 0 or not is_plain:
            raise InvalidWebhookUrl
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise InvalidWebhookUrl("Leave out name, password and what is behind #.")
        if not self._may_go(host):
            raise PrivateAddress

    def _may_go(self, host: str) -> bool:
        try:
            return self._is_open(ipaddress.ip_address(host))
        except ValueError:
            if host.replace(".", "").isdigit():  # 127.1, 2130706433
                raise InvalidWebhookUrl from None
            is_local = host == "localhost" or host.endswith(".localhost")
            return not is_local or bool(self._allowed)

    def _is_open(self, address: Address) -> bool:
        """Whether it may be connected to: anything public, or what is allowed."""
        if any(address in network for network in self._allowed):
            return True
        if isinstance(address, ipaddress.IPv6Address) and (inner := _inner(address)):
            return self._is_open(inner)
        return (
            address.is_global
            and not address.is_multicast
            and not address.is_reserved
            and str(address) not in METADATA
        )

    @asynccontextmanager
    async def request(
        self, method: str, url: str, **options: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """One request; `options` are aiohttp's: `data`, `headers`, `timeout`.

        Raises InvalidWebhookUrl, PrivateAddress, and what aiohttp raises: TimeoutError,
        ClientConnectorError where nothing was asked, and other ClientErrors.
        """
        self.check(url)  # settings may be others than when it was given
        try:
            async with self._open().request(
                method, url, allow_redirects=False, **options
            ) as response:
                yield response
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, _Refused):
                raise PrivateAddress from None
            raise

    async def close(self) -> None:
        """Gives the connections back."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:  # it has to be made in the loop that runs it
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    socket_factory=self._socket, limit_per_host=8
                ),
                timeout=aiohttp.ClientTimeout(total=self._timeout_secs),
                headers={"User-Agent": self._user_agent},
                cookie_jar=aiohttp.DummyCookieJar(),
                # What is packed may be far larger than what comes.
                auto_decompress=False,
                trust_env=False,
            )
        return self._session

    def _socket(self, address: Any) -> socket.socket:
        """A socket to connect with. Raises _Refused for an address inside."""
        family, kind, proto, _, where = address
        if not self._is_open(ipaddress.ip_address(str(where[0]).partition("%")[0])):
            raise _Refused
        return socket.socket(family, kind, proto)


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that one of IPv6 stands for, if it does."""
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def retry_after(value: str | None) -> float | None:
    """Seconds from now; None where it says nothing that can be read."""
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
