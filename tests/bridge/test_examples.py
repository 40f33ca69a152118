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
from tests.bridge.support.photos import photo
from tests.bridge.support.published import check

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# Where `socket.io-client` is, once the pages are built.
PAGES_FOLDER = ROOT / "handoff_bridge" / "web" / "node_modules"
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


async def run(
    house: House, *command: str, folder: Path | None = None, **more: str
) -> str:
    """What a command prints in a folder; its failure is the test's."""
    given = {"BRIDGE": house.url, "EMAIL": "dana@example.com", "PASSWORD": PASSWORD}
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**os.environ, **given, **more, "NO_PROXY": "127.0.0.1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, complaints = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, complaints.decode()
    return printed.decode()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_calls_with_curl_get_what_is_published(
    house: House, tmp_path: Path
) -> None:
    customer, _, row = await house.claimed()
    given = {"HANDOFF": row["handoff_id"], "CONVERSATION": row["conversation_id"]}
    assert customer.session_id
    given["SESSION"] = customer.session_id
    (tmp_path / "photo.jpg").write_bytes(photo("JPEG"))
    given["SERVICE_TOKEN"] = house.settings.service_token
    script = "\necho\n".join(blocks("sh"))
    command = ("sh", "-eu", "-c", script)
    lines = (await run(house, *command, folder=tmp_path, **given)).split("\n")
    answers = [json.loads(line) for line in lines if line]
    models = ["Handoffs", "Packet", "Events", "Uploaded", "WebhookMade"]
    models += ["HandoffAsked", "Packet"]
    assert len(answers) == len(models)
    for answer, model in zip(answers, models, strict=True):
        check(f"#/components/schemas/{model}", answer, model)


async def run_client(house: House, block: str, **more: str) -> str:
    """What the page's client of that name prints, which has ten lines or so."""
    [client] = blocks(block)
    assert len([line for line in client.splitlines() if line.strip()]) <= 12
    if block.startswith("python"):
        return await run(house, sys.executable, "-c", client, **more)
    if (node := shutil.which("node")) is None or not PAGES_FOLDER.is_dir():
        pytest.skip("node and the pages' packages are needed")
    command = (node, "--input-type=module", "-e", client)
    return await run(house, *command, folder=PAGES_FOLDER.parent, **more)


@pytest.mark.parametrize("block", ["python", "js"])
async def test_client_of_ten_lines_hears_the_assistant(
    house: House, block: str
) -> None:
    assert "You said: Where is my order?" in await run_client(house, block)


@pytest.mark.parametrize("block", ["python agent", "js agent"])
async def test_agents_client_helps_whoever_waits(house: House, block: str) -> None:
    customer = await house.customer()
    await customer.ask_for_human()
    token = (await house.login("maria"))["token"]
    await run_client(house, block, TOKEN=token)
    await customer.hears("Hello, I have read the chat.", "agent")
    await customer.status("closed")
