"""Where a customer spells out a password, as opposed to talking about one."""

import re

_NAME = (
    r"(?:pas{1,2}[\s\-]?wor[dt]|passwrd|passowrd|passwd|passcode|passphrase|pwd?|"
    r"kennwort|wachtwoord|contraseña|mot\s{1,2}de\s{1,2}passe)"
)
_WORD = r"[\w@'’\-]{1,40}(?:\.\w{1,20}){0,3}"
# "the password for my account is ...", "the password I use is ..."
_ABOUT = rf"(?:\s{{1,3}}(?:for|on|to|of|at|i|we|für|zu)\b(?:\s{{1,3}}{_WORD}){{1,4}})?"
_IS = r"(?:is|was|equals|should\s{1,3}be|ist|war|lautet|es|est)\b|['’]s\b"
_LABEL = r"[\"'`”]?\s{0,3}(?:[:=＝：]{1,3}|[=\-]>)"

# What may stand between the word and the password itself.
_TOLD = re.compile(
    rf"\b(?:{_NAME}(?:{_LABEL}|{_ABOUT}\s{{0,3}}(?:{_IS})\s{{0,3}}[:=]{{0,2}})"
    rf"|pass\s{{0,3}}[:=]{{1,2}})\s{{0,5}}",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    rf"\b(?:set|chang(?:e|ed|ing)|reset|updated?|made|switch(?:ed)?|ge(?:ändert|setzt))"
    rf"\s{{1,3}}(?:{_WORD}\s{{1,3}}){{0,3}}?{_NAME}\s{{1,3}}(?:to|auf)\s{{1,5}}",
    re.IGNORECASE,
)
_BESIDE = re.compile(rf"\b{_NAME}\s{{0,3}}[\s,\-–—/]\s{{0,3}}", re.IGNORECASE)
_BEHIND = re.compile(
    rf"\s{{1,3}}(?:is|was|ist|war)\s{{1,3}}(?:my|the|our|mein|das|unser)\s{{1,3}}"
    rf"(?:\w{{1,15}}\s{{1,3}}){{0,2}}?{_NAME}\b",
    re.IGNORECASE,
)

_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "”": "”", "„": "“”", "‘": "’"}
_QUOTES |= {"«": "»", "»": "«", "‹": "›", "›": "‹", "「": "」", "’": "’"}
MAX_QUOTED = 200
_TOKEN = re.compile(r"\S{1,256}")
_SPACE = re.compile(r"\s{1,5}")
_ENDING = ".,;:?)]}>\"'”’"
_ORDER_NUMBER = re.compile(r"#?hp[\s\-]?\d{4,8}|#\d{4,8}", re.IGNORECASE)
# What an earlier redaction left; redacting twice changes nothing.
_REMOVED = re.compile(r"\[(?:[a-z ]{1,16} removed|code)\]")
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,4}")
_QUANTITY = re.compile(r"\d{1,4}(?:st|nd|rd|th|x|h|hours?|mins?|days?|times)", re.I)
_CLAUSE_END = re.compile(r"[/,…]|\.\.")

# "my password is now ...": the word to judge comes after these.
_FILLERS = frozenset(
    "now still just currently only simply actually probably always literally "
    "jetzt noch nur einfach".split()
)
# Words that talk about a password. A false alarm costs a word of the chat, a
# miss puts a password into the log: only what is usual stands here.
_TALK = frozenset(
    """
    a about accepted after again all already also an and another any as asked at
    because been before being blocked broken but by can can't cannot case
    causing changed complicated compromised correct could created deactivated
    declined denied did didn't difficult disabled does doesn't don't driving
    easy either empty ever expired expiring failing faulty fine for forgot
    forgotten from giving going gone good hacked hard has have help here hidden
    how i i'm i've if impossible in incorrect invalid is isn't it it's keeps known
    last leaked like linked locked long lost me missing more my myself necessary
    needed neither never new no none not nothing of off ok okay old on one or
    our out outdated over please probably refused rejected requested required
    reset resetting resolved right safe same saved secure sent set short so
    some something somewhere sorry stolen stored strong stuck such temporary
    terrible than that that's the their then there they this to too unable
    unclear unknown unsafe unusable up useless valid very wasn't way we weak
    what what's when where which who why will with without won't working wrong
    yes you your
    abgelaufen aber auch bitte das der die ein falsch gesperrt ich im kaputt
    leider mein nicht richtig ungültig und unbekannt vergessen verloren weg
    wie wo zu zurücksetzen
    incorrecta caducada olvidada incorrect expiré oublié verlopen vergeten
    """.split()
)


def password_spans(text: str) -> list[tuple[int, int]]:
    """Return the places of passwords that the customer spelt out."""
    spans = [*_told(text), *_beside(text), *_behind(text)]
    return sorted(set(spans))


def _told(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for pattern in (_TOLD, _CHANGED):
        done = 0
        for match in pattern.finditer(text):
            # Inside a value already found: "password=password=..." stays linear.
            if match.end() < done:
                continue
            if span := _value(text, match.end()):
                spans.append(span)
                done = span[1]
    return spans


def _value(text: str, start: int) -> tuple[int, int] | None:
    """Find the password that begins at `start`, after words such as "now"."""
    for _ in range(3):
        if quoted := _quoted(text, start):
            return quoted
        token = _TOKEN.match(text, start)
        if not token:
            return None
        word = _first_word(token[0])
        space = _SPACE.match(text, token.end())
        if word not in _FILLERS or not space:
            break
        start = space.end()
    if word in _TALK or not word or _ORDER_NUMBER.match(text, start):
        return None
    if _REMOVED.match(text, start):
        return None
    return _whole_token(text, start)


def _quoted(text: str, start: int) -> tuple[int, int] | None:
    closing = _QUOTES.get(text[start : start + 1], "")
    ends = [text.find(mark, start + 1, start + MAX_QUOTED) for mark in closing]
    ends = [end for end in ends if end > start + 1]
    return (start + 1, min(ends)) if ends else None


def _whole_token(text: str, start: int) -> tuple[int, int]:
    # Longer than the pattern's bound: everything up to the next blank goes.
    end = start
    while part := _TOKEN.match(text, end):
        end = part.end()
    length = len(_bare(text[start:end])) or end - start
    return start, start + length


def _beside(text: str) -> list[tuple[int, int]]:
    """Find "password hunter2", only where the neighbour looks like one."""
    spans: list[tuple[int, int]] = []
    for match in _BESIDE.finditer(text):
        token = _TOKEN.match(text, match.end())
        if token and _looks_secret(_bare(token[0])):
            spans.append(_whole_token(text, token.start()))
    return spans


def _behind(text: str) -> list[tuple[int, int]]:
    """Find "hunter2 is my password"."""
    spans: list[tuple[int, int]] = []
    for match in _BEHIND.finditer(text):
        before = text[max(match.start() - 256, 0) : match.start()].split()
        if before and _looks_secret(before[-1]):
            spans.append((match.start() - len(before[-1]), match.start()))
    return spans


def _looks_secret(token: str) -> bool:
    if len(token) < 4 or _ORDER_NUMBER.fullmatch(token) or _EMAIL.fullmatch(token):
        return False
    if _QUANTITY.fullmatch(token) or not any(char.isalpha() for char in token):
        return False
    return any(char.isdigit() or char in "!@#$%^*~" for char in token.rstrip("!"))


def _bare(token: str) -> str:
    return token.rstrip(_ENDING)


def _first_word(token: str) -> str:
    word = _CLAUSE_END.split(token, maxsplit=1)[0]
    return _bare(word).rstrip("!").lower().replace("’", "'")
