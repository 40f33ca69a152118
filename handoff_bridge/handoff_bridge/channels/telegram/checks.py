"""Whether Telegram sends updates to the bridge, and what to do if it does not."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from handoff_bridge.channels.telegram.updates import USED_UPDATES
from handoff_bridge.service.messaging.channel import Check, PlatformError

OFFICIAL = "https://api.telegram.org"
# Where Telegram's own servers send updates to.
PORTS = (None, 80, 88, 443, 8443)
SET_WEBHOOK = "Set the webhook, step 4 of docs/channels/telegram.md."
# What Telegram says of the last update that did not get here, and what helps.
REMEDIES = {
    "401": f"It was set with another TELEGRAM_SECRET. {SET_WEBHOOK}",
    "404": f"Is the bridge at that address, and knows this channel? {SET_WEBHOOK}",
    "certificate": "Give the public address a certificate that browsers trust.",
    "SSL": "Give the public address a certificate that browsers trust.",
    "resolve": "Make the name of PUBLIC_URL known in the DNS.",
    "refused": "Let the proxy and the firewall pass what comes to PUBLIC_URL.",
    "timed out": "Let the proxy and the firewall pass what comes to PUBLIC_URL.",
    "502": "The proxy does not reach the bridge; see that it runs.",
}


def token_check(error: PlatformError, api: str) -> Check:
    """The Bot API server gave no answer, or refused the token."""
    if error.failure == "credentials":
        advice = (
            f"{api} does not know TELEGRAM_TOKEN. Take it anew from @BotFather: "
            "/mybots, the bot, API Token."
        )
    else:
        advice = (
            f"{api} does not answer ({error}). Let this machine reach it, or give "
            "TELEGRAM_API the address of a Bot API server of your own."
        )
    return Check("token", False, advice)


def webhook_checks(info: dict[str, Any], address: str, api: str) -> Sequence[Check]:
    """`info` is getWebhookInfo's, `address` where updates have to go."""
    return [*_address(address, api), *_webhook(info, address), _deliveries(info)]


def _address(address: str, api: str) -> Iterator[Check]:
    parts = urlsplit(address)
    if api == OFFICIAL:
        is_ok = parts.scheme == "https" and parts.port in PORTS
        advice = (
            f"Telegram sends nothing to {address}. Give PUBLIC_URL an https address "
            "on port 443, 80, 88 or 8443 that the internet reaches."
        )
        yield Check("public address", is_ok, "" if is_ok else advice)


def _webhook(info: dict[str, Any], address: str) -> Iterator[Check]:
    url = info.get("url")
    where = f"Updates go to {url}, not {address}." if url else "No webhook is set."
    is_ok = url == address
    yield Check("webhook", is_ok, "" if is_ok else f"{where} {SET_WEBHOOK}")
    # Without a list Telegram sends these and others.
    missing = set(USED_UPDATES) - set(info.get("allowed_updates") or USED_UPDATES)
    if missing:
        names = ", ".join(sorted(missing))
        yield Check("updates", False, f"It leaves out {names}. {SET_WEBHOOK}")


def _deliveries(info: dict[str, Any]) -> Check:
    """The last error stays when it is over; then nothing is pending."""
    pending, error = info.get("pending_update_count"), info.get("last_error_message")
    if not pending or not error:
        return Check("deliveries", True)
    remedies = [advice for sign, advice in REMEDIES.items() if sign in error]
    remedy = remedies[0] if remedies else "The bridge's log says more."
    said = f"{pending} updates are waiting: {error.rstrip('.')}."
    return Check("deliveries", False, f"{said} {remedy}")
