"""A Redis of the tests' own, to be stopped, killed and started again."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from benchmarks.faults.programs import redis_command
from tests.bridge.support.databases import no_server

START_TRIES = 200


class RedisServer:
    """On a port of its own, keeping nothing."""

    def __init__(self, port: int, folder: Path) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        self._port = port
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, again where it was killed, and waits until it answers."""
        self._process = subprocess.Popen(
            redis_command(self._port, self._folder), stdout=subprocess.DEVNULL
        )
        patient = Retry(ConstantBackoff(0.05), START_TRIES)
        with redis.Redis.from_url(self.url, retry=patient) as client:
            assert client.ping()

    def freeze(self) -> None:
        """It takes connections and answers nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        self._signal(signal.SIGCONT)

    def end_subscriptions(self) -> None:
        """Closes the connections of all who listen, and no other."""
        with redis.Redis.from_url(self.url) as client:
            assert client.client_kill_filter(_type="pubsub")

    def kill(self) -> None:
        """With SIGKILL."""
        if self._process is not None and self._process.poll() is None:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _signal(self, sent: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(sent)


@contextmanager
def redis_server(port: int, folder: Path) -> Iterator[RedisServer]:
    """One that is there for the block."""
    if shutil.which("redis-server") is None:
        no_server("redis-server has to be installed.")
    server = RedisServer(port, folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
