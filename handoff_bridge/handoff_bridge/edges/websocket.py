"""Connections that take little memory, whether nobody says anything or nobody reads."""

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import (
    WebSocketsSansIOProtocol,
)
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

# A chat message is a few hundred bytes: a window of 1 KiB finds what there is to find.
# zlib takes 2 ** (bits + 2) + 2 ** (level + 9) bytes for each connection that writes.
WINDOW_BITS = 10
MEMORY_LEVEL = 3
# Whoever takes nothing for so long while more waits for them is gone, or means ill.
STALLED_SECS = 20.0


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Uvicorn's own, with a smaller window and an end for clients that do not read.

    Uvicorn closes a connection by waiting until the rest is sent, which for those
    would be for ever.
    """

    stalled_secs = STALLED_SECS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Made by uvicorn for each connection."""
        super().__init__(*args, **kwargs)
        self.conn.available_extensions = [
            ServerPerMessageDeflateFactory(
                server_max_window_bits=WINDOW_BITS,
                client_max_window_bits=WINDOW_BITS,
                compress_settings={"memLevel": MEMORY_LEVEL},
            )
        ]
        self._look: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """More waits than the client takes."""
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """The client has taken most of it."""
        super().resume_writing()
        self._stop_watching()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        super().connection_lost(exc)
        self._stop_watching()

    def _watch(self, waiting: int) -> None:
        self._look = self.loop.call_later(
            self.stalled_secs, self._end_if_stalled, waiting
        )

    def _end_if_stalled(self, waited: int) -> None:
        waiting = self.transport.get_write_buffer_size()
        if waiting < waited:
            self._watch(waiting)
        else:
            self.transport.abort()

    def _stop_watching(self) -> None:
        if self._look is not None:
            self._look.cancel()
            self._look = None
