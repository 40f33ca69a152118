"""The examples of docs/protocol.md and docs/packet.md, run as they stand there."""

import asyncio
import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.bridge.support import House
from tests.bridge.support.house import PASSWORD
from tests.bridge.support.published import check

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [
    (DOCS / name).read_text(encoding="utf-8") for name in ("protocol.md", "packet.md")
]


def blocks(language: str) -> list[str]:
    """The code blocks of a language, page by page."""
    return [
        block
        for page in PAGES
        for block in re.findall(rf"^```{language}\n(.*?)^```$", page, re.M | re.S)
    ]


async def run(house: House, *command: str, **more: str) -> str:
    """What a command prints; its failure is the test's."""
    given = {"BRIDGE": house.url, "EMAIL": "dana@example.com", "PASSWORD": PASSWORD}
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **given, **more, "NO_PROXY": "127.0.0.1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, complaints = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, complaints.decode()
    return printed.decode()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_calls_with_curl_get_what_is_published(house: House) -> None:
    _, _, row = await house.claimed()
    given = {"HANDOFF": row["handoff_id"], "CONVERSATION": row["conversation_id"]}
    given["SERVICE_TOKEN"] = house.settings.service_token
    script = "\necho\n".join(blocks("sh"))
    lines = (await run(house, "sh", "-eu", "-c", script, **given)).split("\n")
    answers = [json.loads(line) for line in lines if line]
    models = ["Handoffs", "Events", "HandoffAsked", "Packet"]
    assert len(answers) == len(models)
    for answer, model in zip(answers, models, strict=True):
        check(f"#/components/schemas/{model}", answer, model)


async def test_client_of_ten_lines_hears_the_assistant(house: House) -> None:
    [client] = blocks("python")
    assert len([line for line in client.splitlines() if line.strip()]) <= 10
    printed = await run(house, sys.executable, "-c", client)
    assert "You said: Where is my order?" in printed
