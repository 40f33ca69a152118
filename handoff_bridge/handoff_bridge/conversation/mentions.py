"""Colleagues whom a note names with an @."""

import re
from collections.abc import Iterable


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Those of `names` that stand whole behind an @, in any case; the longest wins.

    An @ within a word, as in an address, names nobody.
    """
    longest_first = sorted({name for name in names if name}, key=len, reverse=True)
    if "@" not in text or not longest_first:
        return []
    by_key = {name.casefold(): name for name in longest_first}
    any_name = "|".join(re.escape(name) for name in longest_first)
    pattern = re.compile(rf"(?<![\w.@])@({any_name})(?!\w)", re.IGNORECASE)
    found = (by_key.get(match.casefold()) for match in pattern.findall(text))
    return list(dict.fromkeys(name for name in found if name is not None))
