"""Plays random sequences at a running bridge and prints how many agreed.

    PYTHONPATH=handoff_bridge:. handoff_bridge/.venv/bin/python \\
        -m tests.bridge.ownership.play [SEQUENCES]

On SQLite, then on PostgreSQL where a server answers. Ends with 1 at the first log that
is not what the function says, and shows the sequence that led there.
"""

import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from tests.bridge.conftest import prepare
from tests.bridge.ownership.live import play_sequences
from tests.bridge.support.databases import postgres_database

SEQUENCES = 50


@contextmanager
def _databases(folder: Path) -> Iterator[dict[str, str]]:
    found = {"SQLite": f"sqlite+aiosqlite:///{folder / 'bridge.db'}"}
    with postgres_database() as url:
        if url is not None:
            found["PostgreSQL"] = url
        yield found


def main() -> None:
    """Prints a line of counts for each database."""
    sequences = int(sys.argv[1]) if len(sys.argv) > 1 else SEQUENCES
    quiet = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=quiet)
    with tempfile.TemporaryDirectory() as folder, _databases(Path(folder)) as urls:
        for name, url in urls.items():
            prepare(url)
            counts = play_sequences(url, Path(folder), sequences)
            print(f"{name}: {counts}, all as the function says", flush=True)
        if "PostgreSQL" not in urls:
            print("PostgreSQL: no server answers")


if __name__ == "__main__":
    main()
