"""The ASGI server, and how it ends: readiness turns first."""

import signal
import time
from types import FrameType

import uvicorn

from handoff_bridge.edges.readiness import Readiness


class Server(uvicorn.Server):
    """Serves on for a while once it is to stop, so that others send it nobody new.

    Then open connections are closed with "service restart", on which every Socket.IO
    client connects anew. A second signal, or Ctrl-C, ends it at once.
    """

    def __init__(
        self, config: uvicorn.Config, readiness: Readiness, drain_secs: float
    ) -> None:
        """`drain_secs` is how long `/readyz` says no before anything else ends."""
        super().__init__(config)
        self._readiness = readiness
        self._drain_secs = drain_secs
        self._stop_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begins to stop."""
        self._readiness.is_stopping = True
        if sig == signal.SIGTERM and self._stop_at is None:
            self._stop_at = time.monotonic() + self._drain_secs
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to stop serving."""
        if self._stop_at is not None and time.monotonic() >= self._stop_at:
            self.should_exit = True
        return await super().on_tick(counter)
