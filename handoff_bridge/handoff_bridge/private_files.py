"""Databases, photos, logs and secrets are for the user who runs Tandem, nobody else."""

from contextlib import suppress
from pathlib import Path

# New files are 0600, new folders 0700.
PRIVATE_UMASK = 0o077


def tighten(folder: Path) -> None:
    """Takes from others what earlier versions let them read."""
    folder.chmod(folder.stat().st_mode & ~PRIVATE_UMASK)
    for path in folder.rglob("*"):
        with suppress(OSError):  # it has gone, or is somebody else's
            if not path.is_symlink() and path.stat().st_mode & PRIVATE_UMASK:
                path.chmod(path.stat().st_mode & ~PRIVATE_UMASK)
