"""A shop's own site, of another origin than the bridge, with the chat on its pages."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">{head}</head>
<body><h1>A shop</h1><input aria-label="Search the shop">{body}</body></html>
"""


class EmbeddingSite:
    """Pages that a test makes up; each has the address that it is added under."""

    def __init__(self, port: int, bridge: str) -> None:
        self.port = port
        self.bridge = bridge
        self.files: dict[str, tuple[bytes, dict[str, str]]] = {}

    @property
    def tag(self) -> str:
        """The script as the documentation has it."""
        return f'<script src="{self.bridge}/widget.js" defer></script>'

    def add(self, path: str, head: str = "", body: str = "", **headers: str) -> str:
        """A page with this in it; a keyword becomes a header of its answer."""
        html = PAGE.format(head=head, body=body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.files[path] = (html, {"Content-Type": "text/html", **named})
        return self.url(path)

    def add_script(self, path: str, text: str) -> str:
        self.files[path] = (text.encode(), {"Content-Type": "text/javascript"})
        return f'<script src="{path}" defer></script>'

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """By `localhost` it is a site of another origin."""
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serving(port: int, bridge: str) -> Iterator[EmbeddingSite]:
    """The site, for the block."""
    site = EmbeddingSite(port, bridge)

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = site.files.get(self.path.partition("?")[0])
            content, headers = found or (b"", {})
            self.send_response(200 if found else 404)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield site
        server.shutdown()
        thread.join()
