"""Splits a message where a second request may begin. Pure; decides nothing.

Most messages have no such place, and cost no more than one regular expression.
"""

import re

# Ends of sentences, and words that add another request, in our languages.
_SENTENCE = r"(?<=[.!?;\n])\s+"
_CONJUNCTION = (
    r",?\s+(?:and|also|plus|then|y|además|und|außerdem|et|ainsi que)\s+"
    r"(?:(?:also|then|too|también|auch|noch|dann|aussi)\s+)?"
)
_QUESTION = r",\s+(?=(?:where|when|what|how|which|tell|can|could|please)\b)"
_BREAK = re.compile(f"{_SENTENCE}|{_CONJUNCTION}|{_QUESTION}", re.IGNORECASE)
# "cancel it", but not "a tent": fewer words are no request of their own.
MIN_WORDS = 2
MIN_WORDS_TOGETHER = 6
# A letter is not taken apart: it is one matter, told at length.
MAX_CLAUSES = 6


def clauses(text: str) -> list[str]:
    """Returns the parts of a message, or nothing if it has only one."""
    if len(text.split()) < MIN_WORDS_TOGETHER:
        return []
    parts = [part.strip() for part in _BREAK.split(text)]
    parts = [part for part in parts if len(part.split()) >= MIN_WORDS]
    return parts if 2 <= len(parts) <= MAX_CLAUSES else []
