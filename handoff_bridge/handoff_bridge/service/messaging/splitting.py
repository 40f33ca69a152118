"""Long texts become several messages, at the places where a reader would pause."""

from collections.abc import Callable, Iterator

# The best place to end a message first.
_PAUSES = ("\n\n", "\n", ". ", "! ", "? ", " ")


def split_text(text: str, limit: int, length: Callable[[str], int] = len) -> list[str]:
    """Pieces of at most `limit`, as `length` counts; nothing but space goes missing."""
    return [piece for piece in _pieces(text.strip(), limit, length) if piece]


def _pieces(text: str, limit: int, length: Callable[[str], int]) -> Iterator[str]:
    while length(text) > limit:
        fits = _longest(text, limit, length)
        end = _pause(text[:fits]) or fits
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    yield text


def _longest(text: str, limit: int, length: Callable[[str], int]) -> int:
    """How many characters fit, at least one."""
    low, high = 1, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if length(text[:middle]) <= limit else (low, middle - 1)
        )
    return low


def _pause(text: str) -> int:
    """Where the last good pause ends, in the second half; 0 where there is none."""
    for pause in _PAUSES:
        found = text.rfind(pause)
        if found >= len(text) // 2:
            return found + len(pause)
    return 0
