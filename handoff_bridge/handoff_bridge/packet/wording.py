"""Plain words for names that nobody has given a label, and texts cut to a length."""

import re

# Why the assistant did not answer, as agents read it.
FAILURES = {
    "timeout": "it took too long",
    "unreachable": "it could not be reached",
    "empty": "it had no answer",
    "failed_action": "it did not work",
    "error": "it failed",
    "failed": "it did not work",
}


def phrase(name: str) -> str:
    """Write "action_open_ticket" as "open ticket"."""
    bare = re.sub(r"^(?:action|utter|validate)_", "", name)
    return bare.replace("_", " ").strip()


def plural(noun: str, number: int) -> str:
    """Write "return" for one, "returns" for more."""
    return noun if number == 1 else f"{noun}s"


def trimmed(text: str, limit: int) -> str:
    """Fold blanks and cut at a word, with an ellipsis."""
    folded = " ".join(text.split())
    if len(folded) <= limit:
        return folded
    cut = folded[: limit - 1]
    # A text without blanks is cut where it is.
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut[limit // 2 :] else cut}…"
