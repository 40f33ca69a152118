"""`python -m handoff_bridge.cli serve | migrate | seed | people | ...`."""

import asyncio
import gc
import logging
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile

import structlog
import typer
import uvicorn
from prometheus_client import start_http_server

from handoff_bridge import people_commands
from handoff_bridge.app import build_app
from handoff_bridge.brand import Brand
from handoff_bridge.brand_file import load_brand
from handoff_bridge.command_line import explained, load_settings
from handoff_bridge.database_schema import migrate_database
from handoff_bridge.doctor import doctor
from handoff_bridge.edges.serving import Server
from handoff_bridge.edges.websocket import WebSocketProtocol
from handoff_bridge.erase_command import erase
from handoff_bridge.private_files import PRIVATE_UMASK, tighten
from handoff_bridge.service.accounts import Accounts, NewAgent
from handoff_bridge.service.ports import utc_now
from handoff_bridge.settings import Settings
from handoff_bridge.store.database import Database

cli = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


def demo_people(brand: Brand) -> list[NewAgent]:
    """Maria and Sam, of the brand's teams if it names some, Dana, and Olive, owner."""
    maria, sam = (brand.demo_teams + [None, None])[:2]
    return [
        NewAgent("maria@example.com", "Maria", "agent", maria),
        NewAgent("sam@example.com", "Sam", "agent", sam),
        NewAgent("dana@example.com", "Dana", "supervisor"),
        NewAgent("owner@example.com", "Olive", "owner"),
    ]


def prepare_data_dir(settings: Settings) -> None:
    """Makes DATA_DIR, for this user alone, or ends naming it."""
    os.umask(PRIVATE_UMASK)
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tighten(folder)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        typer.echo(f"DATA_DIR: {folder} cannot be used ({error.strerror}).", err=True)
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


@cli.command()
def migrate() -> None:
    """Brings the database's schema up to date."""
    settings = load_settings()
    prepare_data_dir(settings)
    with explained(settings):
        migrate_database(settings.database)


@cli.command()
def seed() -> None:
    """Migrates, and adds the demo team; DEMO_PASSWORD is set anew at each call.

    With a shop of one's own and no DEMO_PASSWORD nobody is added, and whoever of the
    demo team is there from before is disabled.
    """
    settings = load_settings()
    password = settings.demo_password or secrets.token_urlsafe(9)
    prepare_data_dir(settings)
    with explained(settings):
        migrate_database(settings.database)
        people = demo_people(load_brand(settings.brand_file))
        asyncio.run(_seed(settings, people, password))
    if settings.is_demo and not settings.demo_password:
        typer.echo(f"DEMO_PASSWORD={password}")


async def _seed(settings: Settings, people: list[NewAgent], password: str) -> None:
    database = Database(settings.database)
    accounts = Accounts(database, utc_now, settings.secret_key)
    for agent in people:
        if settings.is_demo:
            await accounts.put(agent, password)
        else:
            await accounts.disable(agent.email)
    await database.close()


@cli.command()
def serve() -> None:
    """Runs the bridge."""
    settings = load_settings()
    configure_logging(settings.log_level)
    prepare_data_dir(settings)
    _open_metrics(settings.metrics_port)
    _check_address(settings.bridge_host, settings.bridge_port)
    with explained(settings):
        migrate_database(settings.database)
        app = build_app(settings)
    # What is there from the start stays: looking through it again and again for garbage
    # would stop everybody for a quarter of a second each time.
    gc.freeze()
    config = uvicorn.Config(
        app,
        host=settings.bridge_host,
        port=settings.bridge_port,
        log_level="warning",
        access_log=False,
        ws=WebSocketProtocol,
        ws_max_size=4 * 1024 * 1024,
        timeout_graceful_shutdown=5,
        forwarded_allow_ips=settings.forwarded_allow_ips,
    )
    readiness = app.app.other_asgi_app.state.bridge.readiness
    server = Server(config, readiness, settings.drain_secs)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise typer.Exit(3)


def _open_metrics(port: int) -> None:
    """On a port of its own and on loopback only: never on the public address."""
    if port:
        with _port_named("METRICS_PORT", port):
            start_http_server(port, addr="127.0.0.1")


def _check_address(host: str, port: int) -> None:
    """Ends with a sentence before the server would end with more."""
    with _port_named("BRIDGE_PORT", port):
        family = socket.getaddrinfo(host, port)[0][0]
        socket.create_server((host, port), family=family).close()


@contextmanager
def _port_named(name: str, port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        typer.echo(f"{name}: {port} cannot be used ({error.strerror}).", err=True)
        raise typer.Exit(2) from error


cli.command()(doctor)
cli.command()(erase)
cli.add_typer(people_commands.commands, name="people")


if __name__ == "__main__":
    cli()
