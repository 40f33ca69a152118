"""What every refusal looks like."""

from typing import Any

import httpx


def refused(answer: Any, code: str) -> None:
    """Expects the one shape, the stable code and a sentence."""
    assert answer is not None, f"no answer, wanted {code}"
    assert set(answer) == {"ok", "error", "message"}, answer
    assert answer["ok"] is False
    assert answer["error"] == code, answer
    assert answer["message"].endswith("."), answer


def http_refused(response: httpx.Response, status: int, code: str) -> None:
    """The same over HTTP, with its status."""
    assert response.status_code == status, (response.status_code, response.text)
    assert response.headers["content-type"] == "application/json"
    refused(response.json(), code)
