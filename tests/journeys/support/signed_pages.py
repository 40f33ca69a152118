"""Pages of a shop that says who is signed in, on an address of their own."""

import html
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

import jwt

from tests.journeys.support.running import Tandem

PAGE = """<!doctype html>
<html lang="en"><title>Harbour &amp; Pine</title>
<h1>A page of the shop</h1>
<script src="{bridge}/widget.js" defer {identity}></script></html>
"""
LEEWAY_SECS = 60


class SignedPages:
    """Addresses: `/` where nobody is signed in, `/?as=C-2001` where Jo is."""

    def __init__(self, address: str) -> None:
        self.address = address

    def page(self, customer_id: str = "", secs: float = 600, name: str = "") -> str:
        """`secs`: for how long the identity of that page still counts."""
        return f"{self.address}?as={customer_id}&secs={secs}&name={quote(name)}"


@contextmanager
def serving(port: int, tandem: Tandem) -> Iterator[SignedPages]:
    """The pages, for the block."""
    lines = (tandem.data_dir / "secrets.env").read_text().splitlines()
    secret = dict(line.split("=", 1) for line in lines)["IDENTITY_SECRET"]

    def identity(customer_id: str, secs: float, name: str) -> str:
        exp = time.time() - LEEWAY_SECS + secs
        claims: dict[str, object] = {"customer_id": customer_id, "exp": exp}
        if name:
            claims["name"] = name
        return jwt.encode(claims, secret, algorithm="HS256")

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            attribute = ""
            if asked.get("as"):
                name = asked.get("name", [""])[0]
                token = identity(asked["as"][0], float(asked["secs"][0]), name)
                attribute = f'data-identity="{html.escape(token)}"'
            page = PAGE.format(bridge=tandem.url(), identity=attribute)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield SignedPages(f"http://127.0.0.1:{port}/")
        server.shutdown()
        thread.join()
