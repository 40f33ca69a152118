"""Rate limits by key, in memory: a burst is refused before it costs anything."""

from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from handoff_bridge.errors import RateLimited


class Limiter:
    """`rules` in the notation of the limits library: "20/second;120/minute"."""

    def __init__(self, rules: str) -> None:
        """Raises ValueError for rules that cannot be read."""
        self._rules = parse_many(rules)
        self._strategy = MovingWindowRateLimiter(MemoryStorage())

    def check(self, key: str) -> None:
        """Counts one; raises RateLimited where any rule is exceeded."""
        if not all(self._strategy.hit(rule, key) for rule in self._rules):
            raise RateLimited
