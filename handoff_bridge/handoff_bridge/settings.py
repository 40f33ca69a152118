"""Every setting of the bridge, read once from the environment."""

from pathlib import Path
from socket import gethostname
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    DirectoryPath,
    Field,
    FilePath,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from handoff_bridge.settings_checks import (
    bot_payloads,
    database_address,
    header_token,
    http_address,
    ip_networks,
    mail_sender,
    rate_limits,
    redis_address,
    smtp_address,
    web_origins,
)

FOLDER = Path(__file__).resolve().parents[1]
WEB_DIST = FOLDER / "web" / "dist"
TEXTS_DIR = FOLDER / "texts"
# Of a brand that brings none.
PICTURES_DIR = FOLDER / "web" / "public" / "assets"
BRAND_FILE = FOLDER.parent / "brand.yml"
TEAMS_FILE = FOLDER.parent / "teams.yml"
ROUTING_FILE = FOLDER.parent / "routing.yml"
CANNED_REPLIES_FILE = FOLDER.parent / "canned_replies.yml"
ARTICLES_DIR = FOLDER.parent / "kb"

# A call, writing down what came of it, and time to spare.
LEASE_OF_DEADLINES = 2

CommaList = Annotated[list[str], NoDecode]
Port = Annotated[int, Field(ge=1, le=65535)]
Secs = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Bytes = Annotated[int, Field(gt=0)]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
Http = Annotated[str, AfterValidator(http_address)]
Limits = Annotated[str, AfterValidator(rate_limits)]


class Settings(BaseSettings):
    """Names are the environment's in lower case; a bad value stops the start."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    bridge_host: str = "127.0.0.1"
    bridge_port: Port = 8000
    # As wide as the columns that it is written to.
    bridge_name: Annotated[str, Field(max_length=64)] = ""
    rasa_port: Port = 5005
    actions_port: Port = 5055
    backoffice_port: Port = 8090
    rasa_url: Http = ""
    actions_url: Http = ""
    backoffice_url: Http = ""
    # Without one of its own name there is a neutral brand.
    brand_file: FilePath = BRAND_FILE
    # What they say holds until somebody has saved another version.
    teams_file: FilePath = TEAMS_FILE
    routing_file: FilePath = ROUTING_FILE
    canned_replies_file: FilePath = CANNED_REPLIES_FILE
    # Help articles, read again whenever they change.
    articles_dir: DirectoryPath = ARTICLES_DIR
    data_dir: Path = Path("var")
    database_url: Annotated[str, AfterValidator(database_address)] = ""
    durable_commits: bool = False
    redis_url: Annotated[str, AfterValidator(redis_address)] = ""
    redis_channel: str = "tandem"
    service_token: Annotated[str, Field(min_length=8), AfterValidator(header_token)]
    secret_key: Annotated[str, Field(min_length=16)]
    identity_secret: Annotated[str, Field(min_length=16)]
    demo_password: str = ""
    # Of the page as people type it, for links and for the provider to send back to.
    public_url: Http = ""
    second_factor: Literal["required", "optional"] = "optional"
    invitation_hours: Annotated[float, Field(gt=0, le=720)] = 72.0
    oidc_issuer: Http = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    allowed_origins: Annotated[CommaList, AfterValidator(web_origins)] = []
    forwarded_allow_ips: Annotated[CommaList, AfterValidator(ip_networks)] = []
    public_payloads: Annotated[CommaList, AfterValidator(bot_payloads)] = [
        "/greet",
        "/get_started",
    ]
    session_days: Annotated[float, Field(gt=0, le=3650)] = 30.0
    rasa_deadline_secs: Secs = 10.0
    message_limits: Limits = "20/second;120/minute"
    session_limits: Limits = "120/minute"
    handoff_limits: Limits = "120/minute"
    login_limits: Limits = "10/minute"
    login_account_limits: Limits = "60/hour"
    login_check_secs: Secs = 2.0
    max_upload_bytes: Bytes = 8 * 1024 * 1024
    max_chat_photos: Annotated[int, Field(ge=1)] = 100
    max_chat_photo_bytes: Bytes = 100 * 1024 * 1024
    body_stall_secs: Secs = 20.0
    min_free_bytes: Annotated[int, Field(ge=0)] = 64 * 1024 * 1024
    agent_grace_secs: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 20.0
    agent_return_secs: Secs = 120.0
    lease_secs: Secs = 30.0
    drain_secs: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 2.0
    promise_retry_secs: Secs = 60.0
    smtp_url: Annotated[str, AfterValidator(smtp_address)] = ""
    mail_from: Annotated[
        str, AfterValidator(mail_sender), Field(validate_default=True)
    ] = ""
    webhook_allow_http: bool = False
    webhook_private_networks: Annotated[CommaList, AfterValidator(ip_networks)] = []
    metrics_port: Annotated[int, Field(ge=0, le=65535)] = 0
    log_level: LogLevel = "INFO"

    @field_validator(
        "allowed_origins",
        "forwarded_allow_ips",
        "public_payloads",
        "webhook_private_networks",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        """Lists are written with commas, as in every .env file."""
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("agent_return_secs")
    @classmethod
    def _outlasts_the_grace(cls, secs: float, info: ValidationInfo) -> float:
        """Chats may not leave an agent who still counts as there."""
        if secs < info.data.get("agent_grace_secs", 0):
            raise PydanticCustomError(
                "too_short", "must not be less than AGENT_GRACE_SECS."
            )
        return secs

    @field_validator("oidc_client_secret")
    @classmethod
    def _whole_provider(cls, secret: str, info: ValidationInfo) -> str:
        """All three, or none."""
        given = [info.data.get("oidc_issuer"), info.data.get("oidc_client_id"), secret]
        if any(given) and not all(given):
            raise PydanticCustomError(
                "missing", "OIDC_ISSUER, OIDC_CLIENT_ID and this go together."
            )
        return secret

    @field_validator("lease_secs")
    @classmethod
    def _outlasts_a_call(cls, secs: float, info: ValidationInfo) -> float:
        """Else two bridges would ask the assistant the same at once."""
        if secs < LEASE_OF_DEADLINES * info.data.get("rasa_deadline_secs", 0):
            raise PydanticCustomError(
                "too_short", "must be at least twice RASA_DEADLINE_SECS."
            )
        return secs

    @field_validator("mail_from")
    @classmethod
    def _goes_with_the_server(cls, sender: str, info: ValidationInfo) -> str:
        """Neither is of use without the other."""
        if bool(sender) != bool(info.data.get("smtp_url")):
            raise PydanticCustomError(
                "incomplete", "SMTP_URL and MAIL_FROM need each other."
            )
        return sender

    @property
    def beat_secs(self) -> float:
        """How often each bridge gives a sign of life and looks after dead ones.

        Several times within a lease, and twice within the ten seconds that taking up
        may take beyond it.
        """
        return min(5.0, self.lease_secs / 6)

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the bridge's database."""
        path = self.data_dir.resolve() / "bridge.db"
        return self.database_url or f"sqlite:///{path}"

    @property
    def written_folders(self) -> frozenset[Path]:
        """Where this machine's disk must not be full."""
        folders = {self.data_dir.resolve()}
        if self.database.startswith("sqlite"):
            folders.add(Path(self.database.partition(":///")[2]).resolve().parent)
        return frozenset(folders)

    @property
    def sends_mail(self) -> bool:
        """Whether there is a mail server."""
        return bool(self.smtp_url)

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
    def public(self) -> str:
        """Where people reach the pages, as far as that is known here."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(
            self.bridge_host, self.bridge_host
        )
        return self.public_url or f"http://{host}:{self.bridge_port}"

    @property
    def is_demo(self) -> bool:
        """Whether the demo's people may sign in: it is asked for, or a sandbox."""
        own = f"http://127.0.0.1:{self.backoffice_port}"
        return bool(self.demo_password) or self.backoffice_url in ("", own)

    @property
    def backoffice(self) -> str:
        """The shop's back office."""
        return self.backoffice_url or f"http://127.0.0.1:{self.backoffice_port}"
