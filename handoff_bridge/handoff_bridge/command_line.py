"""What every command begins with: the settings, or an end that says what is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from asyncpg import PostgresError
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from handoff_bridge.brand_file import InvalidBrand
from handoff_bridge.database_schema import SchemaTooNew
from handoff_bridge.routing_files import InvalidRouting
from handoff_bridge.settings import Settings


def load_settings() -> Settings:
    """The settings, or an end that names the variable."""
    try:
        return Settings()  # from the environment
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            name = str(problem["loc"][0]).upper()
            reason = problem["msg"].removeprefix("Value error, ").rstrip(".")
            typer.echo(f"{name}: {reason}.", err=True)
        raise typer.Exit(2) from error


@contextmanager
def explained(settings: Settings) -> Iterator[None]:
    """Ends with one sentence where what the settings name cannot be used."""
    try:
        yield
    except (InvalidBrand, InvalidRouting, SchemaTooNew) as error:
        reason = str(error)
    except (OSError, SQLAlchemyError, PostgresError) as error:
        name = "DATABASE_URL" if settings.database_url else "DATA_DIR"
        first_line = str(getattr(error, "orig", None) or error).partition("\n")[0]
        reason = f"{name}: the database cannot be used ({first_line.rstrip('.')})."
    else:
        return
    typer.echo(reason, err=True)
    raise typer.Exit(2)
