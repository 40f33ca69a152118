"""Settings of the back office, read from the environment once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


class SettingsInvalid(Exception):
    """A variable is missing or makes no sense; the message names it."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs from one copy to another."""

    service_token: str = field(repr=False)
    data_dir: Path = Path("var")
    port: int = 8090
    kb_dir: Path = PROJECT / "kb"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data_dir / "backoffice.db"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Reads the environment.

        Raises:
            SettingsInvalid: naming the variable.
        """
        token = env.get("SERVICE_TOKEN")
        if not token:
            raise SettingsInvalid("SERVICE_TOKEN is missing")
        port = env.get("BACKOFFICE_PORT") or "8090"
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise SettingsInvalid("BACKOFFICE_PORT must be a port number")
        return cls(
            service_token=token,
            data_dir=Path(env.get("DATA_DIR") or "var"),
            port=int(port),
        )
