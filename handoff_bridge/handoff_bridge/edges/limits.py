"""Rate limits by key, in memory: a burst is refused before it costs anything.

Whoever connects is paced instead.
"""

import asyncio
import secrets
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address

from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from handoff_bridge.errors import RateLimited

# Until a refusal is told on a connection. As only so many of its events are handled at
# a time, this is also how fast a flood is read.
REFUSED_SECS = 0.1
# Keys share this many places, so that no flood of keys takes more memory than these do.
PLACE_BYTES = 2
# Whoever has one IPv6 address has all that begin like it.
IPV6_PREFIX_BITS = 64


class Limiter:
    """`rules` in the notation of the limits library: "20/second;120/minute"."""

    def __init__(self, rules: str) -> None:
        """Raises ValueError for rules that cannot be read."""
        self._rules = parse_many(rules)
        # Two numbers for each place and rule, however much is let through.
        self._strategy = SlidingWindowCounterRateLimiter(MemoryStorage())
        # Else somebody could look for a key that shares another one's place.
        self._secret = secrets.token_bytes(16)

    def check(self, key: str) -> None:
        """Counts one; raises RateLimited where any rule is exceeded."""
        place = self._place(key)
        if not all(self._strategy.hit(rule, place) for rule in self._rules):
            raise RateLimited

    def _place(self, key: str) -> str:
        data = key.encode("utf-8", "replace")
        return blake2b(data, digest_size=PLACE_BYTES, key=self._secret).hexdigest()


class Pace:
    """Lets so many a second through, in the order in which they came."""

    def __init__(self, per_second: int, longest_secs: float, at_once: int = 1) -> None:
        """`at_once` need not wait; nobody waits longer than `longest_secs`."""
        self._every = 1 / per_second
        self._head_start = (at_once - 1) / per_second
        self._longest = longest_secs
        self._next = 0.0

    async def turn(self) -> None:
        """Waits for its turn; raises RateLimited where the line is too long."""
        now = asyncio.get_running_loop().time()
        at = max(now - self._head_start, self._next)
        if at - now > self._longest:
            raise RateLimited
        self._next = at + self._every
        if at > now:
            await asyncio.sleep(at - now)


def network_of(host: str) -> str:
    """What one visitor has for an address: an IPv4 address, or a network of IPv6."""
    try:
        address = ip_address(host)
    except ValueError:  # of a Unix socket, or none
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{int(address) >> (128 - IPV6_PREFIX_BITS):x}::"
