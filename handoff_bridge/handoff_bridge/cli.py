"""`python -m handoff_bridge.cli serve | migrate | seed`."""

import asyncio
import logging
import secrets
from pathlib import Path

import structlog
import typer
import uvicorn
from alembic import command
from alembic.config import Config
from prometheus_client import start_http_server
from pydantic import ValidationError

from handoff_bridge.app import build_app
from handoff_bridge.brand_file import InvalidBrand
from handoff_bridge.service.accounts import Accounts, NewAgent
from handoff_bridge.service.ports import utc_now
from handoff_bridge.settings import Settings
from handoff_bridge.store.database import Database

cli = typer.Typer(no_args_is_help=True, add_completion=False)

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
TEAM = [
    NewAgent("maria@example.com", "Maria", "agent", "returns"),
    NewAgent("sam@example.com", "Sam", "agent", "orders"),
    NewAgent("dana@example.com", "Dana", "supervisor"),
]


def load_settings() -> Settings:
    """The settings, or an end that names the variable."""
    try:
        return Settings()  # from the environment
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            name = str(problem["loc"][0]).upper()
            typer.echo(f"{name}: {problem['msg']}", err=True)
        raise typer.Exit(2) from error


def configure_logging(level: str) -> None:
    """One line of JSON an event; levels below `level` are dropped."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
    )


def migrate_database(url: str) -> None:
    """Brings the schema of `url` up to date."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    command.upgrade(config, "head")


@cli.command()
def migrate() -> None:
    """Brings the database's schema up to date."""
    settings = load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate_database(settings.database)


@cli.command()
def seed() -> None:
    """Adds the demo team; DEMO_PASSWORD is set anew at each call."""
    settings = load_settings()
    password = settings.demo_password or secrets.token_urlsafe(9)
    asyncio.run(_seed(settings, password))
    if not settings.demo_password:
        typer.echo(f"DEMO_PASSWORD={password}")


async def _seed(settings: Settings, password: str) -> None:
    database = Database(settings.database)
    accounts = Accounts(database, utc_now, settings.secret_key)
    for agent in TEAM:
        await accounts.put(agent, password)
    await database.close()


@cli.command()
def serve() -> None:
    """Runs the bridge."""
    settings = load_settings()
    configure_logging(settings.log_level)
    if settings.metrics_port:
        # On a port of its own and on loopback only: never on the public address.
        start_http_server(settings.metrics_port, addr="127.0.0.1")
    try:
        app = build_app(settings)
    except InvalidBrand as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    uvicorn.run(
        app,
        host=settings.bridge_host,
        port=settings.bridge_port,
        log_level="warning",
        access_log=False,
        ws_max_size=4 * 1024 * 1024,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    cli()
