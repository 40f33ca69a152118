"""Splits a message into its statements, to look at each by itself. Pure."""

import re

# Where a statement of its own may begin within a message, in our languages.
_BREAK = re.compile(
    r"(?<=[.!?;:…])\s+|\s*\n+\s*|,\s+|\s+[-–—]+\s+"
    r"|\s+(?:and|but|because|so|since|y|pero|porque|und|aber|weil|denn|et|mais|car)\s+",
    re.IGNORECASE,
)


def statements(text: str, least_words: int) -> list[str]:
    """Returns the statements of a message, or nothing if it has only one."""
    parts = [part.strip() for part in _BREAK.split(text)]
    parts = [part for part in parts if len(part.split()) >= least_words]
    return parts if parts != [text.strip()] else []
