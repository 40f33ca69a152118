"""The one route of the bridge that the output channel posts to; or a platform's."""

from __future__ import annotations

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeBridge:
    """Keeps what was posted; may refuse the first posts, or hold them back."""

    def __init__(self) -> None:
        self.posts: queue.Queue[tuple[str, str, dict[str, Any]]] = queue.Queue()
        self.refusals = 0
        self.refuses_with: tuple[int, dict[str, str]] = (503, {})
        self.door = threading.Event()
        self.door.set()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                fake.posts.put((self.path, self.headers["Authorization"], body))
                fake.door.wait(30)
                is_refused = fake.refusals > 0
                fake.refusals -= 1
                status, headers = fake.refuses_with if is_refused else (200, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def next_post(self) -> dict[str, Any]:
        """The body of the next one, once it is there."""
        return self.posts.get(timeout=20)[2]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
