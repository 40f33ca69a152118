"""`python -m handoff_bridge.cli erase`: all that is stored about a channel's customer.

Works beside bridges that run; an open chat is closed first.
"""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from handoff_bridge.brand_file import load_brand
from handoff_bridge.command_line import explained, load_settings
from handoff_bridge.database_schema import migrate_database
from handoff_bridge.errors import BridgeError
from handoff_bridge.routing_files import load_texts
from handoff_bridge.service.documents import Documents
from handoff_bridge.service.messaging.customer_erasure import CustomerErasure, Found
from handoff_bridge.service.messaging.reach import Reaching
from handoff_bridge.service.ports import Delivery, utc_now
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.settings import Settings
from handoff_bridge.store import personal_data
from handoff_bridge.store.database import Database

# Readers are done in a moment; bridges empty the log at their start too.
TRIES, PAUSE_SECS = 50, 0.2
ELSEWHERE = """\
The assistant's own store, the shop's systems and the platform are not ours to erase:
  the assistant's tracker store, by the ids of the chats as sender_id;
  programs that webhooks told of them, and tickets of the back office, by the same ids;
  backups, and the logs of proxies."""


def erase(
    channel: Annotated[str, typer.Option(help="Its name, such as whatsapp.")],
    address: Annotated[str, typer.Option(help="As the platform has it: +4915...")],
    yes: Annotated[bool, typer.Option("--yes", help="Does not ask.")] = False,
) -> None:
    """Shows what is stored about a customer of a channel, asks, and erases it."""
    settings = load_settings()
    with explained(settings):
        migrate_database(settings.database)
        try:
            _show(asyncio.run(_on(settings, channel, address, is_meant=False)))
            if not yes:
                typer.confirm("Erase all of it? This cannot be undone", abort=True)
            found = asyncio.run(_on(settings, channel, address, is_meant=True))
        except BridgeError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error
    typer.echo("Erased.")
    typer.echo(f"\n{ELSEWHERE}\nChats: {', '.join(found.conversation_ids) or 'none'}")


def _show(found: Found) -> None:
    about = Table(box=None, pad_edge=False)
    for heading in ("Table", "Rows", "What"):
        about.add_column(heading)
    for name, rows in found.rows.items():
        what = [one.what for one in personal_data.REGISTRY if one.table == name]
        about.add_row(name, str(rows), "; ".join(what))
    Console().print(about)


async def _on(
    settings: Settings, channel: str, address: str, *, is_meant: bool
) -> Found:
    database = Database(settings.database)

    async def tell(_: Delivery) -> None:
        """Whoever watches hears of it from no bridge: they see it when they look."""

    texts = load_texts(settings.teams_file, settings.routing_file)
    documents = Documents(database, utc_now, *texts)
    held = ConversationRepository(
        *(database, tell, utc_now, load_brand(settings.brand_file), documents.recent),
        Reaching({}, utc_now).of,
    )
    erasure = CustomerErasure(held, settings.uploads_dir)
    try:
        if not is_meant:
            return await erasure.find(channel, address)
        found = await erasure.erase(channel, address)
        for _ in range(TRIES):
            if await database.erase_deleted():
                break
            await asyncio.sleep(PAUSE_SECS)
        return found
    finally:
        await database.close()
