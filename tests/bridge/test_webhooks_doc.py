"""docs/webhooks.md says what is sent, and its programs take it."""

import asyncio
import hashlib
import hmac
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from time import time
from typing import Any

import pytest

from handoff_bridge.protocol.webhook_events import EVENT_TYPES, WEBHOOK_EVENTS
from handoff_bridge.protocol.webhooks import Webhook, WebhookDelivery
from handoff_bridge.service.webhooks import MAX_WEBHOOKS
from tests.bridge.conftest import free_port, settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.hooks import LOCAL, Hooks
from tests.bridge.support.published import check, description
from tests.bridge.support.receiver import Received, Receiver

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)


@pytest.fixture
async def hooked(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> AsyncIterator[House]:
    settings = settings_for(sqlite_url, assistant.port, tmp_path, **LOCAL)
    async with House.open(settings, assistant) as opened:
        yield opened


def test_every_event_has_a_heading_and_is_published() -> None:
    headings = re.findall(r"^### `([a-z._]+)`$", PAGE, re.M)
    assert headings == [*EVENT_TYPES, "test"] == [*WEBHOOK_EVENTS]
    assert [*description()["webhooks"]] == headings
    for model in (Webhook, WebhookDelivery):
        for name in model.model_fields:
            assert re.search(rf"\b{name}\b", PAGE), name
    assert f"There may be {MAX_WEBHOOKS} webhooks." in PAGE


@pytest.mark.parametrize("example", blocks("json"))
def test_example_is_as_it_is_published(example: str) -> None:
    event = json.loads(example)
    model = WEBHOOK_EVENTS[event["type"]].__name__
    check(f"#/components/schemas/{model}", event, model)


# Each prints what the page's function says of a delivery, and of four that are none.
PYTHON = """
import sys, json
secret, header, old, body = json.load(sys.stdin)
raw = body.encode()
print(json.dumps([is_genuine(*one) for one in (
    (secret, header, raw), (secret + "x", header, raw), (secret, header, raw + b" "),
    (secret, old, raw), (secret, "", raw))]))
"""
NODE = """
const [secret, header, old, body] = JSON.parse(require("node:fs").readFileSync(0));
const raw = Buffer.from(body);
console.log(JSON.stringify([
  [secret, header, raw], [secret + "x", header, raw],
  [secret, header, Buffer.concat([raw, Buffer.from(" ")])],
  [secret, old, raw], [secret, "", raw],
].map((one) => isGenuine(...one))));
"""
PHP = """
[$secret, $header, $old, $body] = json_decode(file_get_contents('php://stdin'));
echo json_encode([is_genuine($secret, $header, $body),
    is_genuine($secret . 'x', $header, $body), is_genuine($secret, $header, "$body "),
    is_genuine($secret, $old, $body), is_genuine($secret, '', $body)]);
"""


def program(language: str) -> list[str]:
    """The command that runs the page's function of a language; skips without it."""
    if language == "python":
        return [sys.executable, "-c", blocks("python")[0] + PYTHON]
    found = shutil.which({"js": "node"}.get(language, language))
    if found is None:
        pytest.skip(f"{language} is not installed")
    code = blocks(language)[0]
    return [found, "-e", code + NODE] if language == "js" else [found, "-r", code + PHP]


def stale(one: Received, secret: str) -> str:
    """A header that was right six minutes ago."""
    at = int(time()) - 360
    signed = f"{at}.".encode() + one.body
    return f"t={at},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


@pytest.mark.parametrize("language", ["python", "js", "php"])
async def test_page_tells_a_delivery_from_a_forgery(
    hooked: House, language: str
) -> None:
    command = program(language)
    async with Receiver.listening() as receiver:
        hooks = await Hooks.to(hooked, receiver.url, "handoff.ended")
        rotated = await hooks.manager.done("POST", f"{hooks.path}/secret")
        await hooks.manager.done("POST", f"{hooks.path}/test")
        [came] = await receiver.until_count(1)
    for secret in (hooks.secret, rotated["secret"]):
        header = came.headers["Tandem-Signature"]
        given = [secret, header, stale(came, secret), came.body.decode()]
        ran = subprocess.run(
            command, input=json.dumps(given), capture_output=True, text=True, timeout=30
        )
        assert ran.returncode == 0, ran.stderr
        assert json.loads(ran.stdout) == [True, False, False, False, False]


async def test_small_crm_has_a_case_for_each_handoff(
    hooked: House, tmp_path: Path
) -> None:
    port = free_port()
    hooks = await Hooks.to(hooked, f"http://127.0.0.1:{port}/", *EVENT_TYPES)
    crm = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        blocks("python")[0] + blocks("python crm")[0],
        cwd=tmp_path,
        env={**os.environ, "SECRET": hooks.secret, "PORT": str(port)},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await listens(port)
        _, maria, row = await hooked.claimed()
        end = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
        assert (await maria.act("handoff_close", **end))["ok"]
        [ended] = [
            one
            for one in await hooks.until(all_there)
            if one["event"] == "handoff.ended"
        ]
        again = f"{hooks.path}/deliveries/{ended['delivery_id']}/redeliver"
        await hooks.manager.done("POST", again)
        await hooks.until(all_there)
        with sqlite3.connect(tmp_path / "crm.db") as database:
            cases = database.execute("SELECT handoff, disposition FROM cases")
            assert cases.fetchall() == [(row["handoff_id"], "resolved")]
    finally:
        crm.kill()
        await crm.wait()


def all_there(found: list[dict[str, Any]]) -> bool:
    kinds = {one["event"] for one in found}
    return "conversation.closed" in kinds and all(
        one["state"] == "delivered" for one in found
    )


async def listens(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
