"""Ports for servers that a measurement or a test starts."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from random import sample

# Systems give higher ones to clients: while a server is down, whoever tries to reach
# it could be given its port, and keep it.
PORTS_OF_SERVERS = range(20_000, 32_000)


def free_ports() -> Iterator[int]:
    """Yields different ports of this machine that nobody listens on."""
    for port in sample(PORTS_OF_SERVERS, len(PORTS_OF_SERVERS)):
        with suppress(OSError):
            socket.create_server(("127.0.0.1", port)).close()
            yield port
