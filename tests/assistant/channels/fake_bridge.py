"""The one route of the bridge that the output channel posts to."""

from __future__ import annotations

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeBridge:
    """Keeps what was posted; may refuse the first posts."""

    def __init__(self) -> None:
        self.posts: queue.Queue[tuple[str, str, dict[str, Any]]] = queue.Queue()
        self.refusals = 0
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                fake.posts.put((self.path, self.headers["Authorization"], body))
                self.send_response(503 if fake.refusals > 0 else 200)
                fake.refusals -= 1
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
