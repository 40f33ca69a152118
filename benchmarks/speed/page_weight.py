"""What the chat costs a shop's page: bytes on the wire, of the pages that are built.

`make bench` writes its section of results.md; so does this module run by itself.
"""

from __future__ import annotations

import asyncio
import gzip
import re

import httpx
from fastapi import FastAPI
from handoff_bridge.brand_file import load_brand
from handoff_bridge.edges.pages import add_pages
from handoff_bridge.settings import WEB_DIST

from benchmarks import report
from benchmarks.report import Row, verdict

SECTION = "The chat on a shop's page"
NOTE = (
    "Bytes of the answers, compressed as the bridge does, with the brand of "
    "`brand.yml`; from `make setup`'s build. Without what a first message or file "
    "loads."
)
BEFORE_KB, BOTH_KB = 38.0, 63.0


async def sizes() -> tuple[int, int]:
    """The script on every page, and what is loaded when the chat is opened."""
    app = FastAPI()
    add_pages(app, WEB_DIST, load_brand(), max_upload_bytes=8 * 1024 * 1024)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://bridge",
        headers={"Accept-Encoding": "gzip"},
    ) as client:

        async def answer(path: str) -> tuple[int, str]:
            async with client.stream("GET", path) as response:
                raw = b"".join([part async for part in response.aiter_raw()])
            response.raise_for_status()
            packed = response.headers.get("Content-Encoding") == "gzip"
            return len(raw), (gzip.decompress(raw) if packed else raw).decode()

        before, loader = await answer("/widget.js")
        [module] = re.findall(r"assets/chat-[\w-]{8}\.js", loader)
        opening, code = await answer(f"/{module}")
        for part in re.findall(r'from"\./([\w-]+\.js)"', code):
            opening += (await answer(f"/assets/{part}"))[0]
        return before, opening


def measure() -> list[Row]:
    """The figures beside their bounds."""
    before, opening = (size / 1000 for size in asyncio.run(sizes()))
    return [
        Row(
            "before the chat is opened",
            f"{before:.1f} kB",
            f"<= {BEFORE_KB:.0f} kB",
            verdict(before <= BEFORE_KB),
        ),
        Row("on opening it, once, then from the browser's cache", f"{opening:.1f} kB"),
        Row(
            "both",
            f"{before + opening:.1f} kB",
            f"<= {BOTH_KB:.0f} kB",
            verdict(before + opening <= BOTH_KB),
        ),
    ]


if __name__ == "__main__":
    report.write(SECTION, measure(), NOTE)
