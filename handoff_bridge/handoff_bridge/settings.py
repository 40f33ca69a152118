"""Every setting of the bridge, read once from the environment."""

from pathlib import Path
from socket import gethostname
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

FOLDER = Path(__file__).resolve().parents[1]
WEB_DIST = FOLDER / "web" / "dist"
TEXTS_DIR = FOLDER / "texts"
# Of a brand that brings none.
PICTURES_DIR = FOLDER / "web" / "public" / "assets"
BRAND_FILE = FOLDER.parent / "brand.yml"

CommaList = Annotated[list[str], NoDecode]


class Settings(BaseSettings):
    """Names are the environment's in lower case; a bad value stops the start."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    bridge_host: str = "127.0.0.1"
    bridge_port: int = 8000
    bridge_name: str = ""
    rasa_port: int = 5005
    actions_port: int = 5055
    backoffice_port: int = 8090
    rasa_url: str = ""
    actions_url: str = ""
    backoffice_url: str = ""
    brand_file: Path = BRAND_FILE
    data_dir: Path = Path("var")
    database_url: str = ""
    redis_url: str = ""
    redis_channel: str = "tandem"
    service_token: str = Field(min_length=8)
    secret_key: str = Field(min_length=16)
    identity_secret: str = Field(min_length=16)
    demo_password: str = ""
    allowed_origins: CommaList = []
    public_payloads: CommaList = ["/greet", "/get_started"]
    rasa_deadline_secs: float = 10.0
    message_limits: str = "20/second;120/minute"
    session_limits: str = "120/minute"
    login_limits: str = "10/minute"
    max_upload_bytes: int = 8 * 1024 * 1024
    agent_grace_secs: float = 20.0
    promise_retry_secs: float = 60.0
    metrics_port: int = 0
    log_level: str = "INFO"

    @field_validator("allowed_origins", "public_payloads", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Lists are written with commas, as in every .env file."""
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the bridge's database."""
        path = self.data_dir.resolve() / "bridge.db"
        return self.database_url or f"sqlite+aiosqlite:///{path}"

    @property
    def name(self) -> str:
        """This bridge's own name among several; the same after a restart."""
        return self.bridge_name or f"{gethostname()}:{self.bridge_port}"

    @property
    def uploads_dir(self) -> Path:
        """Where photos are kept, one file each, named by attachment id."""
        return self.data_dir.resolve() / "uploads"

    @property
    def rasa(self) -> str:
        """The assistant's address."""
        return self.rasa_url or f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions(self) -> str:
        """The action server's address."""
        return self.actions_url or f"http://127.0.0.1:{self.actions_port}"

    @property
    def backoffice(self) -> str:
        """The shop's back office."""
        return self.backoffice_url or f"http://127.0.0.1:{self.backoffice_port}"
