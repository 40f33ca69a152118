"""Another shop's page, on a port of its own, with somebody else's chat widget."""

import base64
import hashlib
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.journeys.support.running import ROOT

# Fetched by itself: its declared dependencies (a whole webpack among them) are only
# needed to build what its archive holds ready-made.
PACKAGE = "rasa-webchat@1.0.1"
ARCHIVE = "rasa-webchat-1.0.1.tgz"
SHA512 = (
    "Ld1zVJvTAaTrs6A5p8t70agNNrKYRyXlvqXZRgBoDvKK"
    "UXbA0jhJKECi5bdPGlaR6jsmqWtVylHS+YqIqo0x8w=="
)
SCRIPT = "package/lib/index.js"
KEPT = ROOT / "handoff_bridge" / "web" / "node_modules" / ".cache" / ARCHIVE

PAGE = """<!doctype html>
<html lang="en"><title>Another shop</title>
<div id="webchat"></div>
<script src="/webchat.js"></script>
<script>
  WebChat.default(
    {{socketUrl: "{bridge}", socketPath: "/socket.io/", initPayload: "/get_started",
      title: "Ask us", embedded: true, customData: {{language: "en"}}}},
    document.getElementById("webchat"));
</script></html>
"""


def webchat_script() -> bytes:
    """The published widget, byte by byte as npm has it."""
    if not KEPT.exists():
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["sh", "tools/npm.sh", "pack", PACKAGE, "--pack-destination", KEPT.parent],
            cwd=ROOT,
            check=True,
            capture_output=True,
            timeout=120,
        )
    found = hashlib.sha512(KEPT.read_bytes()).digest()
    assert base64.b64encode(found).decode() == SHA512, (
        f"{KEPT} is not what npm published"
    )
    with tarfile.open(KEPT) as archive:
        script = archive.extractfile(SCRIPT)
        assert script is not None
        return script.read()


@contextmanager
def serving(port: int, bridge: str) -> Iterator[str]:
    """The page's address, for the block."""
    files = {
        "/": ("text/html; charset=utf-8", PAGE.format(bridge=bridge).encode()),
        "/webchat.js": ("text/javascript", webchat_script()),
    }

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = files.get(self.path, ("", b""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{port}/"
        server.shutdown()
        thread.join()
