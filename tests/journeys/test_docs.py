"""The page of the HTTP API is shown by a browser, whole and from the bridge alone."""

import re

import httpx
import pytest
from playwright.sync_api import Request, expect

from tests.journeys.support import MakeContext, Tandem

pytestmark = pytest.mark.journey
CALL = re.compile("handoffs/{handoff_id}")


def test_api_page_shows_every_call_and_what_it_answers(
    tandem: Tandem, new_context: MakeContext
) -> None:
    page = new_context().new_page()
    asked: list[Request] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request))
    page.on("console", lambda line: complaints.append(f"{line.type}: {line.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(tandem.url("/docs"))
    expect(page.get_by_role("heading", name="Tandem bridge")).to_be_visible()
    expect(page.get_by_text("Unable to render")).to_have_count(0)
    described = httpx.get(tandem.url("/openapi.json"), trust_env=False).json()
    calls = [path for path, methods in described["paths"].items() for _ in methods]
    shown = len(calls) + len(described["webhooks"])
    expect(page.locator(".opblock")).to_have_count(shown)

    packet = page.locator(".opblock").filter(has_text=CALL).first
    packet.locator(".opblock-summary-control").click()
    answers = packet.locator(".responses-table")
    expect(answers.get_by_text("handoff_id").first).to_be_visible()
    expect(answers.get_by_text("unknown_handoff").first).to_be_visible()
    elsewhere = [one.url for one in asked if not one.url.startswith(tandem.url())]
    assert [url for url in elsewhere if not url.startswith("data:")] == []
    assert [line for line in complaints if line.startswith(("error", "Error"))] == []
