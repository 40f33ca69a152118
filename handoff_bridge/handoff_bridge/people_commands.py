"""`python -m handoff_bridge.cli people`: who belongs to the desk, without a browser.

What is changed acts on bridges that run within seconds, as they look at the database.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from handoff_bridge.command_line import explained, load_settings
from handoff_bridge.database_schema import migrate_database
from handoff_bridge.edges.people_api import link_of
from handoff_bridge.errors import BridgeError, UnknownAgent
from handoff_bridge.models import iso
from handoff_bridge.protocol.parsing import parse
from handoff_bridge.protocol.people import PersonAdd
from handoff_bridge.service.invitations import Link
from handoff_bridge.service.people import Changes, NewPerson, People
from handoff_bridge.service.ports import utc_now
from handoff_bridge.settings import Settings
from handoff_bridge.store import agents
from handoff_bridge.store.database import Database
from handoff_bridge.store.people import Person

commands = typer.Typer(no_args_is_help=True, help="Who belongs to the desk.")
Email = Annotated[str, typer.Argument(help="Of the person.")]


def _run[T](work: Callable[[People, Database], Awaitable[T]]) -> tuple[T, Settings]:
    """Does it on the database of the settings, or ends with one sentence."""
    settings = load_settings()

    async def run() -> T:
        database = Database(settings.database)
        lasts = timedelta(hours=settings.invitation_hours)
        try:
            return await work(People(database, utc_now, lasts), database)
        finally:
            await database.close()

    with explained(settings):
        migrate_database(settings.database)
        try:
            return asyncio.run(run()), settings
        except BridgeError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error


async def _id_of(database: Database, email: str) -> str:
    async with database.read() as tx:
        found = await agents.by_email(tx, email)
    if found is None:
        raise UnknownAgent(f"Nobody here has the email {email}.")
    return found.agent_id


def _show(link: Link, settings: Settings) -> None:
    typer.echo(link_of(settings.public, link.token))
    typer.echo(f"Good once, until {iso(link.expires_at)}.", err=True)


@commands.command("list")
def list_people() -> None:
    """Everybody: name, email, role, team, second factor, state."""

    async def work(people: People, _: Database) -> list[Person]:
        return await people.all()

    found, _settings = _run(work)
    table = Table(box=None, pad_edge=False)
    for heading in ("Name", "Email", "Role", "Team", "Second factor", "State"):
        table.add_column(heading)
    for person in found:
        agent = person.agent
        table.add_row(
            agent.name,
            agent.email,
            agent.role,
            agent.team or "",
            "yes" if agent.totp_secret else "no",
            _state(person),
        )
    Console().print(table if found else "Nobody yet: add the owner.")


def _state(person: Person) -> str:
    if person.agent.disabled_at:
        return "disabled"
    return person.agent.status if person.can_sign_in else "invited"


@commands.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="As customers read it.")] = "",
    role: Annotated[str, typer.Option(help="owner, supervisor or agent.")] = "agent",
    team: Annotated[str, typer.Option(help="As customers read it.")] = "",
) -> None:
    """Adds somebody, and prints the link by which they set their password."""

    async def work(people: People, _: Database) -> Link:
        shown = name or email.partition("@")[0].capitalize()
        fields = {"email": email, "name": shown, "role": role, "team": team}
        call = parse(PersonAdd, fields)
        new = NewPerson(call.email, call.name, call.role, call.team)
        added = await people.add(None, new)
        return await people.invite(None, added.agent.agent_id)

    _show(*_run(work))


@commands.command()
def invite(email: Email) -> None:
    """Prints a new link; those before it are good no more."""

    async def work(people: People, database: Database) -> Link:
        return await people.invite(None, await _id_of(database, email))

    _show(*_run(work))


@commands.command()
def reset(
    email: Email,
    second_factor: Annotated[
        bool, typer.Option(help="Remove their second factor too.")
    ] = False,
) -> None:
    """Ends password and logins, and prints a link to set another."""

    async def work(people: People, database: Database) -> Link:
        agent_id = await _id_of(database, email)
        return await people.reset(None, agent_id, second_factor=second_factor)

    _show(*_run(work))


@commands.command()
def disable(email: Email) -> None:
    """Ends logins at once; chats go back to the line."""
    _change(email, Changes(is_disabled=True))


@commands.command()
def enable(email: Email) -> None:
    """Lets somebody sign in again."""
    _change(email, Changes(is_disabled=False))


def _change(email: str, changes: Changes) -> None:
    async def work(people: People, database: Database) -> None:
        await people.change(None, await _id_of(database, email), changes)

    _run(work)


@commands.command()
def delete(email: Email) -> None:
    """Removes somebody; the log keeps the name."""

    async def work(people: People, database: Database) -> None:
        await people.delete(None, await _id_of(database, email))

    _run(work)


@commands.command()
def sessions(
    email: Email,
    end: Annotated[bool, typer.Option(help="End all of them.")] = False,
) -> None:
    """Shows logins that have not ended: since when, last seen, from where."""

    async def work(people: People, database: Database) -> list[tuple[str, ...]]:
        agent_id = await _id_of(database, email)
        if end:
            await people.end_sessions(None, agent_id)
        return [
            (
                iso(one.created_at) if one.created_at else "",
                iso(one.last_seen_at) if one.last_seen_at else "",
                one.address or "",
                one.user_agent or "",
            )
            for one in await people.sessions(None, agent_id)
        ]

    found, _settings = _run(work)
    table = Table(box=None, pad_edge=False)
    for heading in ("Since", "Last seen", "Address", "Program"):
        table.add_column(heading)
    for row in found:
        table.add_row(*row)
    Console().print(table if found else "No sessions.")
