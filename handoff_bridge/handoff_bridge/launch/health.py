"""Whether each process answers."""

from collections.abc import Callable

import httpx

Environment = dict[str, str]


def _bridge(environment: Environment) -> tuple[str, dict[str, str]]:
    host = (
        "127.0.0.1"
        if any_address(environment["BRIDGE_HOST"])
        else environment["BRIDGE_HOST"]
    )
    return f"http://{bracketed(host)}:{environment['BRIDGE_PORT']}/readyz", {}


def _assistant(environment: Environment) -> tuple[str, dict[str, str]]:
    # Rasa listens only after its model is loaded.
    headers = {"Authorization": f"Bearer {environment['SERVICE_TOKEN']}"}
    return f"http://127.0.0.1:{environment['RASA_PORT']}/webhooks/bridge/", headers


def _actions(environment: Environment) -> tuple[str, dict[str, str]]:
    return f"http://127.0.0.1:{environment['ACTIONS_PORT']}/health", {}


def _backoffice(environment: Environment) -> tuple[str, dict[str, str]]:
    return f"http://127.0.0.1:{environment['BACKOFFICE_PORT']}/healthz", {}


# In the order in which they usually come up.
CHECKS: dict[str, Callable[[Environment], tuple[str, dict[str, str]]]] = {
    "backoffice": _backoffice,
    "actions": _actions,
    "assistant": _assistant,
    "bridge": _bridge,
}


def any_address(host: str) -> bool:
    """Whether this host means every address of the machine."""
    return host in ("0.0.0.0", "::", "")


def bracketed(host: str) -> str:
    """The host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host


def answers(name: str, environment: Environment) -> bool:
    """Asks one process for its health; no answer within 2 s is no."""
    url, headers = CHECKS[name](environment)
    try:
        # trust_env: no proxy between us and our own machine
        response = httpx.get(url, headers=headers, timeout=2.0, trust_env=False)
    except httpx.HTTPError:
        return False
    return response.status_code == 200
