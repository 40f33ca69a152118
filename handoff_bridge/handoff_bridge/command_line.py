"""What every command begins with: the settings, or an end that says what is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from asyncpg import PostgresError
from pydantic import ValidationError
from pydantic_settings import BaseSettings
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
        typer.echo("\n".join(_complaints(error, "")), err=True)
        raise typer.Exit(2) from error


def _complaints(error: ValidationError, prefix: str) -> Iterator[str]:
    """A sentence for each variable, without the value, which may be a secret."""
    for problem in error.errors(include_url=False, include_input=False):
        name = "".join([prefix, *map(str, problem["loc"][:1])]).rstrip("_").upper()
        reason = problem["msg"].removeprefix("Value error, ").rstrip(".")
        yield f"{name}: {reason}."


def _settings_of_channel(error: ValidationError) -> type[BaseSettings]:
    """Which ones do not fit. Raises the error where it is about something else."""
    for settings in BaseSettings.__subclasses__():
        if settings.__name__ == error.title:
            return settings
    raise error


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
    except ValidationError as error:
        prefix = _settings_of_channel(error).model_config["env_prefix"]
        reason = "\n".join(_complaints(error, prefix))
    else:
        return
    typer.echo(reason, err=True)
    raise typer.Exit(2)
