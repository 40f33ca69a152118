"""`python -m handoff_bridge.cli doctor`: whether each channel is set up and works.

Asks the platforms, sends a sample through the bridge that runs, and counts; each thing
that is wrong comes with what to do about it.
"""

import asyncio
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType
from typing import Literal

import typer
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from handoff_bridge.channels import platforms
from handoff_bridge.command_line import explained, load_settings
from handoff_bridge.database_schema import migrate_database
from handoff_bridge.edges.channel_door import HttpDoor
from handoff_bridge.errors import BridgeError
from handoff_bridge.models import iso
from handoff_bridge.protocol.channels import (
    ChannelBacklog,
    ChannelFigures,
    ChannelState,
)
from handoff_bridge.service.messaging.channel import Channel
from handoff_bridge.service.messaging.overview import ChannelOverview
from handoff_bridge.service.messaging.sampling import Sampled, SampleMark, Sampler
from handoff_bridge.service.ports import utc_now
from handoff_bridge.settings import Settings
from handoff_bridge.store.database import Database

# What has waited for longer does not go by itself.
LONG = timedelta(minutes=10)
# Of settings whose values are nobody's business, whatever their type says.
SECRET = re.compile(r"token|secret|key|password|channels|auth", re.IGNORECASE)
USER_INFO = re.compile(r"(?<=://)[^/@]*@")
WORDS = {
    "ok": "[green]✓ ok[/]",
    "wrong": "[red]✗ wrong[/]",
    "note": "[dim]– note[/]",
}
NO_CHANNELS = (
    "No channel is set up: customers write in the web chat alone. To add one, follow "
    "docs/channels.md, then run this again."
)

type Verdict = Literal["ok", "wrong", "note"]


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, and what to do about it where it is wrong."""

    what: str
    verdict: Verdict
    says: str = ""


def doctor() -> None:
    """Looks at each channel; ends with 1 where something is wrong."""
    settings = load_settings()
    with explained(settings):
        migrate_database(settings.database)
        examined = asyncio.run(_examine(settings))
    console = Console(soft_wrap=True)
    for title, findings in examined:
        _show(console, title, findings)
    if not examined:
        console.print(NO_CHANNELS)
    wrong = [one for _, findings in examined for one in findings if _is_wrong(one)]
    if wrong:
        console.print(f"[red]✗ {len(wrong)} wrong.[/] Do what stands beside each.")
        raise typer.Exit(1)
    if examined:
        console.print("[green]✓ All well.[/]")


def _is_wrong(finding: Finding) -> bool:
    return finding.verdict == "wrong"


def _show(console: Console, title: str, findings: Sequence[Finding]) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column()
    table.add_column(overflow="fold")
    for one in findings:
        table.add_row(WORDS[one.verdict], escape(one.what), escape(one.says))
    console.print(f"[bold]{escape(title)}[/]")
    console.print(table)
    console.print()


async def _examine(settings: Settings) -> list[tuple[str, list[Finding]]]:
    """By channel, or by platform where its settings are wrong."""
    found: list[tuple[str, list[Finding]]] = []
    database = Database(settings.database)
    try:
        for module in platforms():
            shown = [*_settings(module)]
            try:
                channels: Sequence[Channel] = module.load(settings)
            except (ValidationError, ValueError, BridgeError) as error:
                title = module.__name__.rpartition(".")[2].capitalize()
                found.append((title, [*shown, *_mistakes(error)]))
                continue
            for channel in channels:
                try:
                    findings = await _channel(settings, database, channel)
                finally:
                    await channel.close()
                found.append((f"{channel.title} ({channel.name})", [*shown, *findings]))
    finally:
        await database.close()
    return found


def _mistakes(error: Exception) -> Iterator[Finding]:
    if not isinstance(error, ValidationError):
        yield Finding("settings", "wrong", str(error))
        return
    for problem in error.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in problem["loc"]).upper()
        reason = problem["msg"].removeprefix("Value error, ")
        yield Finding(where or "settings", "wrong", reason)


def _settings(module: ModuleType) -> Iterator[Finding]:
    """Those that are given; of secrets only that they are."""
    for own in BaseSettings.__subclasses__():
        if own.__module__.startswith(module.__name__):
            prefix = own.model_config.get("env_prefix", "")
            for name, field in own.model_fields.items():
                variable = f"{prefix}{name}".upper()
                if value := os.environ.get(variable):
                    is_secret = SecretStr in _types(field.annotation) or SECRET.search(
                        name
                    )
                    shown = USER_INFO.sub("…@", value)
                    yield Finding(variable, "ok", "is set" if is_secret else shown)


def _types(annotation: object) -> tuple[object, ...]:
    return (annotation, *getattr(annotation, "__args__", ()))


async def _channel(
    settings: Settings, database: Database, channel: Channel
) -> list[Finding]:
    overview = ChannelOverview(
        database, utc_now, settings.public, {channel.name: channel}
    )
    local = settings.model_copy(update={"public_url": ""}).public
    doors = [HttpDoor("public", settings.public), HttpDoor("local", local)]
    if settings.public == local:
        del doors[0]
    mark = SampleMark(settings.secret_key)
    sampler = Sampler(database, utc_now, settings.public, mark, doors)
    checks = [
        Finding(one.name, "ok" if one.passed else "wrong", one.advice or "")
        for one in await overview.check(channel.name)
    ]
    sampled = [*_sampled(await sampler.sample(channel))]
    [state] = await overview.all()
    address = Finding("address", "note", state.address)
    return [address, *checks, *sampled, *_counted(state)]


def _sampled(found: Sampled) -> Iterator[Finding]:
    if found.via is None:
        told = "No bridge runs, so no sample was sent: start it, then run this again."
        yield Finding("sample", "note", " ".join([*found.advice, told]))
        return
    steps = {
        "verified": found.verified,
        "a changed proof refused": found.forgery_refused,
        "taken": found.taken,
        "taken once only": found.repeated,
    }
    done = [name for name, is_so in steps.items() if is_so]
    where = "at the public address" if found.via == "public" else "on this machine"
    if found.is_ok:
        told = f"{', '.join(done)}; {where}, {found.secs:.2f} s"
        yield Finding("sample", "ok", told)
        for advice in found.advice:
            yield Finding("public address", "note", advice)
    else:
        missing = [name for name, is_so in steps.items() if is_so is False]
        told = f"Not {', not '.join(missing)}, {where}. {' '.join(found.advice)}"
        yield Finding("sample", "wrong", told)


def _counted(state: ChannelState) -> Iterator[Finding]:
    for name, figures in (("today", state.today), ("7 days", state.week)):
        yield Finding(name, "note", _figures(figures))
    yield from _waiting("came in", state.incoming)
    yield from _waiting("going out", state.outgoing)
    if failure := state.last_failure:
        why = " ".join(filter(None, (failure.reason, failure.detail)))
        yield Finding("last failure", "note", f"{iso(failure.at)}: {why}")


def _figures(found: ChannelFigures) -> str:
    counts = found.model_dump()
    return ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in counts.items())


def _waiting(what: str, backlog: ChannelBacklog) -> Iterator[Finding]:
    since = backlog.oldest_at
    if since is None:
        yield Finding(what, "ok", "nothing waits")
    elif utc_now() - since > LONG:
        told = f"{backlog.count} wait, since {iso(since)}: the bridge's log says why."
        yield Finding(what, "wrong", told)
    else:
        yield Finding(what, "note", f"{backlog.count} wait, since {iso(since)}")
