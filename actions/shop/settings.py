"""Where the back office is and the token that opens it, from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from actions.shop.errors import SettingsInvalid


@dataclass(frozen=True)
class Settings:
    backoffice_url: str
    service_token: str = field(repr=False)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Raises: SettingsInvalid, naming the variable."""
        port = env.get("BACKOFFICE_PORT") or "8090"
        url = env.get("BACKOFFICE_URL") or f"http://127.0.0.1:{port}"
        if not url.startswith(("http://", "https://")):
            raise SettingsInvalid("BACKOFFICE_URL must start with http:// or https://")
        token = env.get("SERVICE_TOKEN")
        if not token:
            raise SettingsInvalid("SERVICE_TOKEN is missing")
        return cls(backoffice_url=url, service_token=token)
