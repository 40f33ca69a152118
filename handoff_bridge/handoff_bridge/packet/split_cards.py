"""Where a folded text spells out one card number in parts, with words in between.

"4012 8888 and then 8888 1881", "4012 doce 0566 ...": the parts are joined only if
nothing but such words stands between them and the whole is a number that issuers give.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handoff_bridge.packet.payment_card_words import Said, said_of

# Only what people write as a word in the middle of a number.
_NUMBERS = {
    word: str(value)
    for value, words in {
        0: "zero oh null cero",
        1: "one eins uno un",
        2: "two zwei zwo dos deux",
        3: "three drei tres trois",
        4: "four vier cuatro quatre",
        5: "five funf fuenf cinco cinq",
        6: "six sechs seis",
        7: "seven sieben siete sept",
        8: "eight acht ocho huit",
        9: "nine neun nueve neuf",
        10: "ten zehn diez dix",
        11: "eleven elf once onze",
        12: "twelve zwolf zwoelf doce douze",
        13: "thirteen dreizehn trece treize",
        14: "fourteen vierzehn catorce quatorze",
        15: "fifteen funfzehn fuenfzehn quince quinze",
        16: "sixteen sechzehn dieciseis seize",
        17: "seventeen siebzehn diecisiete",
        18: "eighteen achtzehn dieciocho",
        19: "nineteen neunzehn diecinueve",
        20: "twenty zwanzig veinte vingt",
        30: "thirty dreissig treinta trente",
        40: "forty vierzig cuarenta quarante",
        50: "fifty funfzig fuenfzig cincuenta cinquante",
        60: "sixty sechzig sesenta soixante",
        70: "seventy siebzig setenta",
        80: "eighty achtzig ochenta",
        90: "ninety neunzig noventa",
    }.items()
    for word in words.split()
}
_ANY_NUMBER = re.compile(rf"\d|\b(?:{'|'.join(_NUMBERS)})\b", re.IGNORECASE)
# Fewer figures and number words make no card's number.
_LEAST_NUMBERS = 8
# "the last four are", "die letzten 8 Ziffern": a count, and no part of the number.
_ORDER = (
    r"first|last|next|other|final|remaining|ersten|letzten|nachsten|anderen|restlichen|"
    r"primer[oa]s|ultim[oa]s|siguientes|otr[oa]s|premiers|derniers|suivants|autres"
)
_FEW = (
    r"(?:\d{1,2}|two|three|four|six|eight|zwei|drei|vier|sechs|acht|dos|tres|cuatro|"
    r"seis|ocho|deux|trois|quatre|six|huit)"
)
_COUNT = re.compile(
    rf"\b(?:{_ORDER})\s{_FEW}(?=\s|:)|\b{_FEW}\s(?:{_ORDER})\b|"
    r"\b\d{1,2}\s(?:digits?|numbers?|figures?|ziffern|zahlen|stellen|digitos|numeros|"
    r"cifras|chiffres)\b",
    re.IGNORECASE,
)
_PART = re.compile(r"\d{1,40}|[^\W\d_]{1,40}")
# What may join two parts, and what says by itself that these are parts.
_JOINS = frozenset(
    """
    and then it the of is are by with in at to as my number card digits numbers s its
    comes come after that this followed here on was that's it's
    und dann danach es die der das ist sind mit auf am ans von meiner karte kommt kommen
    folgt gefolgt hinten noch ziffern zahlen
    y e luego despues entonces el la los las es son con en por de del mi tarjeta
    seguido seguida viene vienen sigue siguen digitos numeros cifras lo al
    et puis ensuite apres le les l c est sont ca se par avec sur ma carte suivi suivie
    viennent vient chiffres numeros a elle il
    zum schluss enfin fin lastly zuletzt visa mastercard amex
    x dash hyphen space blank slash dot point comma strich bindestrich leer leerzeichen
    schragstrich punkt komma guion espacio barra punto coma tiret trait espace virgule
    """.split()
)
_SAYS_PARTS = frozenset(
    """
    half part rest remaining second first last next other ends end ending finishes
    finally starts begins begin start final one ones continues
    halfte teil rest zweite zweiten letzte letzten endet ende ersten restlichen weiter
    mitad parte resto segunda ultimos ultimas ultimo termina acaba terminada final
    siguientes otra otros empieza continua
    moitie partie reste seconde deuxieme derniers dernieres finit termine fin suite
    terminant finissant fini suivants autre autres
    """.split()
)
_LONGEST_GAP = 60
_MOST_WORDS = 8
MIN_DIGITS, MAX_DIGITS = 13, 19


@dataclass(frozen=True)
class Part:
    """Some digits, and whether the words before say that they go on a number."""

    start: int
    end: int
    digits: str
    by_words: bool = False
    said: bool = False


def part_runs(text: str) -> list[list[Part]]:
    """Returns the rows of parts that nothing divides but words that join."""
    if len(_ANY_NUMBER.findall(text)) < _LEAST_NUMBERS:
        return []
    counts = {at for m in _COUNT.finditer(text) for at in range(*m.span())}
    runs: list[list[Part]] = []
    words: list[str] = []
    for match in _PART.finditer(text):
        word = match[0].lower()
        digits = word if word.isdigit() else _NUMBERS.get(word, "")
        if match.start() in counts:
            # "last four" keeps its first word.
            digits, word = "", word if word in _SAYS_PARTS else "of"
        if not digits:
            words.append(word)
            continue
        before = runs[-1][-1].end if runs else 0
        joined = bool(runs) and _joins(text[before : match.start()], words)
        said = joined and any(word in _SAYS_PARTS for word in words)
        by_words = bool(words) or not word.isdigit()
        part = Part(match.start(), match.end(), digits, joined and by_words, said)
        if joined:
            runs[-1].append(part)
        else:
            runs.append([part])
        words = []
    return [run for run in runs if any(part.by_words for part in run)]


def windows(run: list[Part]) -> Iterator[list[Part]]:
    """Yields the parts that together are as long as a card's number, longest first."""
    for first in range(len(run)):
        total, last = 0, first
        while last < len(run) and total + len(run[last].digits) <= MAX_DIGITS:
            total += len(run[last].digits)
            last += 1
        while total >= MIN_DIGITS:
            if any(part.by_words for part in run[first + 1 : last]):
                yield run[first:last]
            last -= 1
            total -= len(run[last].digits)


def is_offered(text: str, parts: Sequence[Part]) -> bool:
    """Whether the words make a card's number of it even if a digit is wrong."""
    said = said_of(text, parts[0].start, parts[-1].end)
    return said == Said.CARD or (
        said == Said.CARD_NEAR and any(part.said for part in parts[1:])
    )


def is_reference(text: str, parts: Sequence[Part]) -> bool:
    """Whether the words call it the number of something else."""
    return said_of(text, parts[0].start, parts[-1].end) == Said.REFERENCE


def _joins(between: str, words: list[str]) -> bool:
    if len(between) > _LONGEST_GAP or len(words) > _MOST_WORDS:
        return False
    return all(word in _JOINS or word in _SAYS_PARTS for word in words)
