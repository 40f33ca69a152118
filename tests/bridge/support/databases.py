"""What a test does without a server."""

import os
from typing import NoReturn

import pytest
import redis

REDIS = "redis://127.0.0.1:6379/0"


def redis_answers() -> bool:
    """Whether there is a Redis for bridges to reach each other through."""
    try:
        return bool(redis.Redis.from_url(REDIS, socket_timeout=5).ping())
    except redis.RedisError:
        return False


def no_server(
    missing: str = "PostgreSQL does not answer on 127.0.0.1:5432.",
) -> NoReturn:
    """Skips the test, but in CI, where there has to be a server, fails it."""
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)
