"""Where a customer spells out a password, as opposed to talking about one."""

import re
from collections.abc import Iterator

from handoff_bridge.packet import password_phrases as phrases
from handoff_bridge.packet.password_words import (
    AFTER,
    DESCRIBES,
    FILLERS,
    TALK,
    UNITS,
)

_NAME = (
    r"(?:(?:user\s|login\s)?(?:pas{1,2}[\s\-]?wor[dt]s?|passwords?)|passwrd|passowrd|pswd|"
    r"pasword|passwd|paswd|pword|passcode|pass\s?phrase|psw|pwd?|"
    r"(?:anmelde|zugangs|login|benutzer|konto)?-?(?:kennwort|passwort)|pa(?:ß|ss)wort|"
    r"wachtwoord|"
    r"contrasen(?:y|i)?as?|mi\s(?:nueva\s)?(?:clave|contra)|clave\s(?:de\s(?:acceso|usuario|entrada)|secreta|personal)|"
    r"mots?\s{1,2}(?:de\s{1,2})?passe?s?|motdepasse|mdp)"
)
# Names of something else as well: a secret only in plainer company.
_WEAK_NAME = r"(?:(?:la|tu|su|nueva|con)\s{1,2}(?:clave|contra)|clave)"
_WORD = r"[\w@'\-]{1,40}(?:\.\w{1,20}){0,3}"
# "the password for my account is ...", "the password I use is ..."
_ABOUT = (
    r"(?:,?\s{1,3}(?:which|das|die|for|on|to|of|at|i|we|that|fur|zu|zum|von|vom|para|de|del|en|que|"
    rf"pour|sur|du|actual|nueva|antigua|actuel|nouveau)\b(?:\s{{1,3}}{_WORD}){{0,4}}?,?)?,?"
)
_IS = (
    r"(?:used\s{1,3}to\s{1,3}be|(?:has|'s)\s{1,3}been|solia\sser|is|was|equals|should\s{1,3}be|would\s{1,3}be|will\s{1,3}be|ist|war|lautete?|"
    r"heisst|heißt|soll|ware|es|era|sera|seria|sea|est|etait|soit|c'est)\b|'s\b"
)
_LABEL = r"[\"']?\s{0,3}(?:[:=]{1,3}|[=\-]>|>{1,2}|→|-(?=\s))"
# What may stand between the word and the password itself.
_FOLLOWS = (
    r"(?:\s(?:as\sfollows|the\sfollowing|folgendes|wie\sfolgt|el\ssiguiente|"
    r"la\ssiguiente|le\ssuivant))?"
)
_TOLD = re.compile(
    rf"\b{_NAME}(?P<which>\s(?:nueva|actual|anterior|antigua|vieja|actuel|new|old))?"
    rf"(?:(?P<label>{_LABEL})|\s?\((?=[^\s()]{{4,60}}\))|{_ABOUT}\s{{0,3}}"
    rf"(?P<verb>{_IS}){_FOLLOWS}(?P<colon>\s{{0,3}}[:=]{{1,2}})?)\s{{0,5}}",
    re.IGNORECASE,
)
_TOLD_WEAKLY = re.compile(
    rf"\b{_WEAK_NAME}(?:{_LABEL}|{_ABOUT}\s{{0,3}}(?:{_IS})\s{{0,3}}[:=]{{0,2}})\s{{0,5}}",
    re.IGNORECASE,
)
# A pass is a ticket as well, unless it stands beside a user's name or begins a line.
_PASS = re.compile(r"(?P<before>\w{0,20}[ \t]{0,3})\bpass\s{0,3}[:=]{1,2}\s{0,5}", re.I)
_TICKET = re.compile(
    r"(?:lift|ski|bus|day|season|boarding|gym|travel|mountain|festival|parking|annual|"
    r"city|rail|bike|guest|press|hall|free|week|month|year|the|a|one)\s{0,3}",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"\b(?:user(?:name)?|log[\s-]?in|e?-?mail|account|benutzer\w{0,5}|konto|usuario|"
    r"cuenta|correo|utilisateur|identifiant|compte|wi-?fi|wlan)\b|@",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    rf"\b(?:set|chang(?:e|ed|ing)|reset|updat(?:e|ed)|made|make|switch(?:ed)?|"
    rf"ge(?:andert|setzt)|ander[ne]?|setzen?|cambi(?:ar?|e|ado|en|o|arme)|"
    rf"pon(?:er|ga|me)?|actuali\w{{2,6}}|chang(?:er|ez|e)|mett(?:re|ez)|modifi\w{{1,4}})"
    rf"\s{{1,3}}(?:{_WORD}\s{{1,3}}){{0,3}}?{_NAME}\s{{1,3}}"
    rf"(?:to|auf|zu|a|en)\s{{0,3}}:?\s{{1,5}}",
    re.IGNORECASE,
)
_CHANGED_TO = re.compile(
    rf"\b{_NAME}\s{{1,3}}(?:to|auf|in|zu|a|por|en|par|pour)\s{{0,3}}:?\s{{1,5}}",
    re.IGNORECASE,
)
_OWN = (
    r"(?:my|the|our|mein|meine|das|unser|mi|la|el|mon|le|ma|a|new|old|neues|altes|"
    r"nueva|antigua|nouveau|ancien)"
)
_ANY_NAME = re.compile(rf"\b(?:{_NAME}|clave)\b", re.IGNORECASE)
# "jo@example.com:hunter2", as people pass on an account.
_PAIR = re.compile(
    r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,4}\s{0,2}[:/|;]\s{0,2}(?=\S{6})"
)
_PIN_NAME = (
    r"(?:(?:pin|nip)(?:[\s-]?(?:code|nummer|number|nr))?|geheim(?:zahl|nummer|code)|"
    r"codes?\s(?:pin|secret|confidentiel)|codigo\s(?:pin|secreto)|numero\ssecreto)"
)
_PIN = re.compile(
    rf"\b{_PIN_NAME}(?:{_ABOUT}\s{{0,3}}(?:{_IS})\s{{0,3}}[:=]?|{_LABEL}|\s?\(?(?=\d))"
    r"\s{0,4}(\d{4,6}|\d(?:\s\d){3})(?![.,:/-]?\d|\s?(?:[%€$£]|[cmk]m\b))",
    re.IGNORECASE,
)
_PIN_BEHIND = re.compile(
    rf"(?<![\d.,:/-])(\d{{4}})\s{{1,2}}(?:is|ist|es|est)\s{{1,2}}(?:{_OWN}\s{{1,3}})"
    rf"{{1,2}}{_PIN_NAME}\b",
    re.IGNORECASE,
)

MAX_QUOTED = 200
_TOKEN = re.compile(r"\S{1,256}")
_SPACE = re.compile(r"[ \t]{1,5}")
_BLANK = re.compile(r"\s{1,5}")
_ENDING = ".,;:?)]}>\"'"
# "AB-12345", "#10428": numbers of orders, tickets, parts.
_REFERENCE = re.compile(
    r"#\s?[A-Za-z]{0,4}-?\d{3,12}|(?:[A-Z]{1,4}|[a-z]{1,3})-\d{4,12}|[A-Z]{2}\d{5,12}"
)
# What an earlier redaction left; redacting twice changes nothing.
_REMOVED = re.compile(
    r"\[(?:[a-z ]{1,24} removed(?:, ends in \d{4})?|code)\]", re.IGNORECASE
)
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,4}")
# "m***@example.com", as a shop's page shows an address.
_MASKED = re.compile(r"\S{0,64}[*.]{2}@\S{1,63}")
_LINK = re.compile(
    r"(?:https?:|www\.)\S{1,256}|[\w-]{1,60}\.(?:com|de|es|fr|net|org)\b"
)
_QUANTITY = re.compile(
    r"\d{1,4}(?:st|nd|rd|th|x|h|hrs?|hours?|mins?|days?|times|am|pm|k|gb|mb|cm|mm|kg|g|"
    r"er|te|ste|eme|ere|a|o|fois|mal|uhr|dias?|jours?|tage?)",
    re.IGNORECASE,
)
_PRODUCT = re.compile(
    r"(?:ios|iphone|ipad|android|windows|win|macos|os|chrome|firefox|edge|safari|galaxy|"
    r"pixel|version|v|wpa|office|ps|xbox|s)-?\d[\w.]{0,8}|[a-z]\d|\d?[a-z]\d?[a-z]|"
    r"1password|2fa|covid-?19",
    re.IGNORECASE,
)
_SHORT = re.compile(r"(?=[a-z]{0,3}\d)(?=\d{0,3}[a-z])\w{2,4}", re.IGNORECASE)
# "password 482913": shorter numbers are years and counts.
_DIGITS_BESIDE = re.compile(rf"\b{_NAME}\s{{1,2}}(\d{{6,8}})(?![\d/.:-]?\d)", re.I)
# Not "!", which ends many a password.
_SENTENCE_END = re.compile(r"[.?;…](?=\s)|\n")
_OPENING = "\"'([{<¿¡*"
# "my login is sam22", "order hp10428": whom or what a token names, so no password.
_NAMED_OTHERWISE = re.compile(
    r"\b(?:user(?:\s?name)?|log[\s-]?in|account|benutzer(?:name)?|nutzer\w{0,6}|konto|usuario|cuenta|"
    r"utilisateur|identifiant|compte|order|bestell\w{0,9}|pedido|commande)(?:\s(?:is|ist|es|est))?"
    r"[\s:=\"'(]{1,3}$",
    re.IGNORECASE,
)
# How far before a token its name may begin.
_REACH = 40
_CLAUSE_END = re.compile(r"[/,…]|\.\.")
_LAST_WORDS = 5


def password_spans(text: str) -> list[tuple[int, int]]:
    """Return the places of passwords that the customer spelt out in a folded text."""
    spans = [*_told(text), *_in_sentences(text), *_pairs(text)]
    spans += _phrased(text)
    spans += [match.span(1) for match in _DIGITS_BESIDE.finditer(text)]
    spans += [match.span(1) for match in _PIN.finditer(text)]
    spans += [match.span(1) for match in _PIN_BEHIND.finditer(text)]
    return sorted(set(spans))


def _phrased(text: str) -> list[tuple[int, int]]:
    """Find passwords in free phrasings: "I always use marmalade as my password"."""
    spans: list[tuple[int, int]] = []
    if phrases.ANY_NAME.search(text):
        for pattern in phrases.NAMED:
            spans += _values(text, pattern)
        spans += [match.span("value") for match in phrases.DIGITS.finditer(text)]
        spans += _values(text, phrases.SET_IT, secret=True)
        spans += _values(text, phrases.RESET, alone=True)
        spans += _values(text, phrases.SET, alone=True)
    for match in phrases.LOG_IN.finditer(text):
        start, end = _whole_token(text, match.end())
        if _looks_secret(text[start:end]):
            spans.append((start, end))
    return spans


def _values(
    text: str, pattern: re.Pattern[str], alone: bool = False, secret: bool = False
) -> list[tuple[int, int]]:
    """The places that a pattern names.

    `alone`: plain words have to end a clause; `secret`: there may be none.
    """
    spans: list[tuple[int, int]] = []
    for match in pattern.finditer(text):
        span = phrases.value_of(match)
        if not span or _is_other(text, span[0]):
            continue
        bare = _bare(text[slice(*span)])
        end = span[0] + len(bare)
        if _looks_secret(bare):
            spans.append((span[0], end))
        elif secret or not _is_plain_secret(bare) or _counts(text, (span[0], end)):
            continue
        elif not alone or end < span[1] or _stands_alone(text, end):
            spans.append((span[0], end))
    return spans


def _is_plain_secret(bare: str) -> bool:
    """Whether a word is none that stands in talk about passwords."""
    word = _first_word(bare)
    if len(bare) < 3 or word in TALK or word in phrases.NO_VALUES or word in FILLERS:
        return False
    return not (DESCRIBES["is"].fullmatch(bare) and bare.endswith(("ing", "ed")))


def _told(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    plain_pass = bool(_LOGIN.search(text))
    for pattern in (_TOLD, _CHANGED, _CHANGED_TO, _PASS, _TOLD_WEAKLY):
        done = 0
        for match in pattern.finditer(text):
            # Inside a value already found: "password=password=..." stays linear.
            if match.end() < done:
                continue
            weak = pattern in (_TOLD_WEAKLY, _CHANGED_TO)
            if pattern is _PASS:
                weak = not plain_pass or bool(_TICKET.fullmatch(match["before"]))
            if span := _value(text, match, weak):
                spans.append(span)
                done = span[1]
    return spans


def _value(text: str, told: re.Match[str], weak: bool) -> tuple[int, int] | None:
    """Find the password that begins where `told` ends, after words such as "now".

    `weak`: the words before it may be about something else, so that it has to look
    like a password.
    """
    start = told.end()
    word = ""
    for _ in range(3):
        if quoted := _quoted(text, start):
            return quoted
        token = _TOKEN.match(text, start)
        if not token:
            return None
        word = _first_word(token[0])
        space = _BLANK.match(text, token.end())
        if word not in FILLERS or not space:
            break
        start = space.end()
    if not word or _is_other(text, start):
        return None
    span = _whole_token(text, start)
    bare = text[span[0] : span[1]]
    if _looks_secret(bare) or _is_long_number(text, span):
        return span
    if weak and _SHORT.fullmatch(bare) and not text[span[1] :].strip(_ENDING):
        return span
    if weak or word in TALK or bare.isdigit() and _counts(text, span):
        return None
    return _plain_words(text, span, told.groupdict())


def _plain_words(
    text: str, span: tuple[int, int], told: dict[str, str | None]
) -> tuple[int, int] | None:
    """A password of plain words: alone, or after a colon up to five of them."""
    start, end = span
    if not (told.get("label") or told.get("colon")):
        describes = DESCRIBES.get((told.get("verb") or "").lower())
        if not _stands_alone(text, end):
            return None
        return None if describes and describes.fullmatch(text[start:end]) else span
    for _ in range(_LAST_WORDS - 1):
        space = _SPACE.match(text, end)
        token = space and _TOKEN.match(text, space.end())
        if not token or ":" in token[0] or "@" in token[0] or "=" in token[0]:
            break
        following = _first_word(token[0])
        if following in TALK or following in AFTER:
            break
        end = token.start() + len(_bare(token[0]))
        if end < token.end():
            break
    return start, end


def _is_other(text: str, start: int) -> bool:
    """Whether a reference, an address or an earlier mark begins there."""
    patterns = (_REMOVED, _REFERENCE, _EMAIL, _LINK)
    found = [pattern.match(text, start) for pattern in patterns]
    return any(match and _ends_at(text, match.end()) for match in found)


def _ends_at(text: str, at: int) -> bool:
    return not text[at : at + 1].isalnum() and text[at : at + 1] not in ("!", "$", "_")


def _stands_alone(text: str, end: int) -> bool:
    rest = text[end : end + 60]
    if not rest.strip() or not rest[0].isspace() or "\n" in rest[:2]:
        return True
    words = rest.split()
    return words[0].startswith("(") or _first_word(words[0]) in AFTER


def _is_long_number(text: str, span: tuple[int, int]) -> bool:
    bare = text[span[0] : span[1]]
    return bare.isdigit() and len(bare) >= 4 and not _counts(text, span)


def _counts(text: str, span: tuple[int, int]) -> bool:
    """Whether a number is one of something: "2 days", "8 characters"."""
    return bool(
        UNITS.fullmatch(_first_word((text[span[1] : span[1] + 40].split() or [""])[0]))
    )


def _quoted(text: str, start: int) -> tuple[int, int] | None:
    mark = text[start : start + 1]
    if mark not in ('"', "'"):
        return None
    end = text.find(mark, start + 1, start + MAX_QUOTED)
    return (start + 1, end) if end > start + 1 else None


def _whole_token(text: str, start: int) -> tuple[int, int]:
    # Longer than the pattern's bound: everything up to the next blank goes.
    end = start
    while part := _TOKEN.match(text, end):
        end = part.end()
    length = len(_bare(text[start:end])) or end - start
    return start, start + length


def _in_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Find what looks like a password in a sentence that speaks of one."""
    if not _ANY_NAME.search(text):
        return
    start = 0
    for end in (*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)):
        if _ANY_NAME.search(text, start, end):
            for token in _TOKEN.finditer(text, start, end):
                bare = token[0].lstrip(_OPENING).rstrip(_ENDING)
                place = token.start() + token[0].index(bare)
                # "password=abc&user=jo" is taken apart elsewhere.
                is_secret = _looks_secret(bare) and not _ANY_NAME.search(bare)
                if is_secret and not _is_named_otherwise(text, place):
                    yield place, place + len(bare)
        start = end


def _is_named_otherwise(text: str, start: int) -> bool:
    """Whether the words before a token say that it is a user's name or an order."""
    return bool(_NAMED_OTHERWISE.search(text[max(start - _REACH, 0) : start]))


def _pairs(text: str) -> list[tuple[int, int]]:
    """Find the password behind an address: "jo@example.com / hunter2"."""
    spans = [_whole_token(text, match.end()) for match in _PAIR.finditer(text)]
    return [span for span in spans if _looks_secret(text[span[0] : span[1]])]


def _looks_secret(token: str) -> bool:
    if len(token) < 4 or not any(char.isalpha() for char in token):
        return False
    others = (_REFERENCE, _EMAIL, _MASKED, _QUANTITY, _PRODUCT, _LINK, _REMOVED)
    if any(pattern.fullmatch(token) for pattern in others) or _REMOVED.match(token):
        return False
    return any(char.isdigit() or char in "!@#$%^*~&+=_" for char in token.rstrip("!"))


def _bare(token: str) -> str:
    return token.rstrip(_ENDING)


def _first_word(token: str) -> str:
    word = _CLAUSE_END.split(token, maxsplit=1)[0]
    return _bare(word).rstrip("!").lstrip("\"'(¿¡*_-").lower()
