"""What the bridge is set beside: python-socketio, and nothing else.

`python -m benchmarks.speed.echo PORT` answers each `say` with an ack and sends it on to
everybody in the room.
"""

import sys
from typing import Any

import socketio
import uvicorn

server = socketio.AsyncServer(async_mode="asgi")


@server.on("listen")
async def listen(sid: str, _data: Any) -> None:
    """Whoever listens gets what others say."""
    await server.enter_room(sid, "listeners")


@server.on("say")
async def say(sid: str, data: Any) -> dict[str, bool]:
    """Passes a message on."""
    await server.emit("said", data, to="listeners")
    return {"ok": True}


if __name__ == "__main__":
    uvicorn.run(
        socketio.ASGIApp(server),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="warning",
    )
