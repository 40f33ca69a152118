"""What an answer of the relay's means, where it is not that all went well."""

from typing import Any

import httpx

from handoff_bridge.channels.platform_http import (
    CREDENTIALS,
    SERVER_ERRORS,
    TOO_MANY_REQUESTS,
    UNAVAILABLE,
)
from handoff_bridge.service.messaging.channel import PlatformError


def not_forwarded(response: httpx.Response) -> PlatformError:
    """The connector has not seen it, or the bridge could not take what it read.

    That is for the operator to mend, and nothing may be lost until then.
    """
    return PlatformError("unreachable", f"Rasa's relay answered {response.status_code}")


def not_sent(response: httpx.Response) -> PlatformError:
    """Why a message did not go out."""
    body = _body(response)
    match body.get("error"):
        case "platform_failed":
            return _of_platform(body)
        case "timeout":
            return PlatformError("unreachable", "no answer yet", is_uncertain=True)
        case "unknown_recipient":
            return PlatformError("unknown_address", is_final=True)
        case "bad_request":
            return PlatformError("refused", str(body.get("message")), is_final=True)
    return not_forwarded(response)


def _of_platform(body: dict[str, Any]) -> PlatformError:
    status, detail = body.get("platform_status"), str(body.get("message"))
    if not isinstance(status, int):
        return PlatformError("unreachable", detail, is_uncertain=True)
    if status in CREDENTIALS:
        return PlatformError("credentials", detail)
    if status == TOO_MANY_REQUESTS or status >= SERVER_ERRORS:
        again = str(body.get("retry_after", ""))[:9]
        return PlatformError(
            "unreachable",
            detail,
            retry_after_secs=float(again) if again.isdecimal() else None,
            is_uncertain=status not in (TOO_MANY_REQUESTS, UNAVAILABLE),
        )
    return PlatformError("refused", detail, is_final=True)


def _body(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
