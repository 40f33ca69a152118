"""Keeps customers' text from being read as an intent. Pure."""

INTENT_PREFIX = "/"
# Looks the same, but Rasa gives it no meaning.
HARMLESS_SLASH = "\N{FULLWIDTH SOLIDUS}"
# Intents that only programs send: their names say nothing in a customer's mouth.
PROGRAMS_PREFIX = "EXTERNAL_"


def as_plain_text(text: str) -> str:
    """Returns the text so that Rasa cannot take it for `/intent{"slot": "x"}`.

    Rasa strips blanks of every alphabet before it looks for the slash. The words
    stay, as NLU may understand them; what stands in braces was meant to set slots.
    """
    stripped = text.strip()
    if not stripped.startswith(INTENT_PREFIX):
        return text
    words = stripped.lstrip(INTENT_PREFIX + " ").split("{", maxsplit=1)[0]
    if words.startswith(PROGRAMS_PREFIX):
        return HARMLESS_SLASH
    return f"{HARMLESS_SLASH} {words.replace('_', ' ')}".strip()
