"""The schema of the bridge's database: brought up to date by whoever comes first."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


class SchemaTooNew(Exception):
    """A newer version of the bridge has been at this database."""

    def __init__(self) -> None:
        """Names no database: its address may hold a password."""
        super().__init__(
            "DATABASE_URL: the database's schema is newer than this bridge; "
            "start the version that made it, or a newer one."
        )


def migrate_database(url: str) -> None:
    """Brings the schema of `url` up to date; of several at once, one does.

    Raises:
        SchemaTooNew: the database knows migrations that this code does not.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        if "Can't locate revision" in str(error):
            raise SchemaTooNew from error
        raise
