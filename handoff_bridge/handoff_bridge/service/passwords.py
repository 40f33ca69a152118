"""Passwords: what is asked of them, their hashes, whether one is right."""

import asyncio
import secrets
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

from handoff_bridge.errors import PasswordIsEmail, PasswordTooShort

MIN_CHARS = 10


def check_password(password: str, email: str) -> None:
    """Raises PasswordTooShort, PasswordIsEmail."""
    if len(password) < MIN_CHARS:
        raise PasswordTooShort
    if password.strip().lower() == email:
        raise PasswordIsEmail


class Passwords:
    """Argon2 hashes; each takes tens of milliseconds, in a thread."""

    def __init__(self) -> None:
        """With the library's parameters."""
        self._hasher = PasswordHasher()

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, hashed: str | None, password: str) -> bool:
        """Whether that is the password; it takes as long where there is none."""
        return await asyncio.to_thread(self._matches, hashed, password)

    @cached_property
    def _decoy(self) -> str:
        return self._hasher.hash(secrets.token_hex(8))

    def _matches(self, hashed: str | None, password: str) -> bool:
        try:
            return self._hasher.verify(hashed or self._decoy, password)
        except Argon2Error:
            return False
