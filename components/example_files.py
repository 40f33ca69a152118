"""The designers' folders of examples beside Rasa's own data. Knows nothing of Rasa."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from components.encoder import load_encoder


def yaml_files(folder: str) -> list[Path]:
    """Returns the YAML files of a folder in a fixed order."""
    return sorted(Path(folder).glob("*.yml"))


def fingerprint(encoder: str, files: Iterable[Path]) -> str:
    """Returns what changes with the encoder or any of the files, absent ones left out.

    By itself Rasa retrains only what its own data changes.
    """
    digest = sha256(load_encoder(encoder).version().encode())
    for path in files:
        if path.exists():
            digest.update(path.as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
