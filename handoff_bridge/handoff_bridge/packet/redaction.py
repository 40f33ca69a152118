"""What customers should never have typed, taken out before anything is stored.

Decides only where a secret stands in one message. It does not know the
conversation: whether a one-time code was asked for is told by the caller.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from handoff_bridge.models import JsonObject
from handoff_bridge.packet.digits import Group, digit_runs
from handoff_bridge.packet.expiry_dates import expiry_spans
from handoff_bridge.packet.folding import fold
from handoff_bridge.packet.passwords import password_spans
from handoff_bridge.packet.payment_cards import cards_in
from handoff_bridge.packet.security_codes import security_code_spans

Kind = Literal["card", "security_code", "password", "code"]

KINDS: tuple[Kind, ...] = ("card", "security_code", "password", "code")
MARKERS: dict[Kind, str] = {
    "card": "[card number removed, ends in {last_four}]",
    "security_code": "[security code removed]",
    "password": "[password removed]",
    "code": "[code]",
}
CODE_DIGITS = 6
# 123456, 123 456, 12-34-56 and 1 2 3 4 5 6: how people pass on a code.
_CODE_SHAPES = ((6,), (3, 3), (2, 2, 2), (2, 4), (4, 2), (1,) * 6)
_CODE_GAPS = frozenset(" \t\n.-_")
# A message that is a code and says no more than that it is one.
_ONLY_CODE = re.compile(
    r"\W{0,5}(?:[^\W\d_]{1,12}\W{1,3}){0,3}(?:\d[\s.\-]{0,2}){6}\W{0,5}"
    r"(?:(?:thanks|please|danke|bitte|gracias|merci)\W{0,3})?"
)
_SAYS_CODE = frozenset(
    """
    the my code is it it's its here ok okay yes der mein ist hier ja es lautet el mi
    codigo aqui si le mon voici oui c'est c est s and again nochmal otra encore
    """.split()
)
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]{1,12}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\-.]")


@dataclass(frozen=True)
class Span:
    """A secret in a text."""

    start: int
    end: int
    kind: Kind
    last_four: str = ""

    @property
    def marker(self) -> str:
        """What stands in its place."""
        return MARKERS[self.kind].format(last_four=self.last_four)


@dataclass(frozen=True)
class Redaction:
    """One message: for the log and people, for the assistant, what is gone."""

    log_text: str
    brain_text: str
    kinds: tuple[Kind, ...] = ()
    # One-time codes as they stand in `brain_text`: not to be kept by anybody.
    codes: tuple[str, ...] = ()


def clean_text(text: str) -> str:
    """Replace what databases and UTF-8 cannot hold: NUL and lone surrogates."""
    return _UNSTORABLE.sub("\ufffd", text)


def redact(
    text: str,
    *,
    expects_code: bool = False,
    reference: re.Pattern[str] | None = None,
) -> Redaction:
    """Remove cards and passwords, and hide a one-time code from the log.

    Args:
        text: the customer's message as it came in.
        expects_code: the assistant has just asked for a one-time code. Only then
            are six digits a code; the assistant gets them, the log does not.
        reference: what the shop's own numbers look like; they are no card's.
    """
    text = clean_text(text)
    plain = fold(text)
    cards = cards_in(plain.text, reference)
    codes = _code_spans(plain.text) if expects_code else []
    spans = [Span(card.start, card.end, "card", card.last_four) for card in cards]
    named = []
    if _DIGIT.search(plain.text):
        named = security_code_spans(plain.text, cards)
        named += expiry_spans(plain.text, cards)
    spans += _apart([Span(*span, "security_code") for span in named], spans)
    # "one-time password: 123456", when that is what was asked for, is a code.
    secrets = [span for span in password_spans(plain.text) if span not in codes]
    spans += _apart([Span(*span, "password") for span in secrets], spans)
    hidden = _apart([Span(*span, "code") for span in codes], spans)
    spans = [_original(span, plain.span(span.start, span.end)) for span in spans]
    hidden = [_original(span, plain.span(span.start, span.end)) for span in hidden]
    found = {span.kind for span in [*spans, *hidden]}
    return Redaction(
        _replace(text, [*spans, *hidden]),
        _replace(text, spans),
        tuple(kind for kind in KINDS if kind in found),
        tuple(text[span.start : span.end] for span in hidden),
    )


def is_only_a_code(text: str) -> bool:
    """Whether a message is six digits, and no other words than that it is a code."""
    plain = fold(text).text
    if not _ONLY_CODE.fullmatch(plain.lower()):
        return False
    words = set(_LETTERS.findall(plain.lower()))
    return words <= _SAYS_CODE | {
        "thanks",
        "please",
        "danke",
        "bitte",
        "gracias",
        "merci",
    }


def redact_object(
    value: JsonObject,
    *,
    expects_code: bool = False,
    reference: re.Pattern[str] | None = None,
) -> JsonObject:
    """Redact an object of JSON, as `redact_value` does."""
    return {
        redact(key).log_text: redact_value(
            item, expects_code=expects_code, reference=reference, name=_named("", key)
        )
        for key, item in value.items()
    }


def _named(name: str, key: str) -> str:
    return f"{name} {_spelled(key)}"[-80:]


def redact_value(
    value: JsonValue,
    *,
    expects_code: bool = False,
    reference: re.Pattern[str] | None = None,
    name: str = "",
) -> JsonValue:
    """Redact every text and number in a JSON value, its names included.

    A name says what its value is: `{"cvc": 123}` is a security code.
    """
    if isinstance(value, dict):
        return {
            redact(key).log_text: redact_value(
                item,
                expects_code=expects_code,
                reference=reference,
                name=_named(name, key),
            )
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [
            redact_value(
                item, expects_code=expects_code, reference=reference, name=name
            )
            for item in value
        ]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    return _redact_leaf(value, name.strip(), expects_code, reference)


def _redact_leaf(
    value: str | int | float,
    name: str,
    expects_code: bool,
    reference: re.Pattern[str] | None,
) -> str | int | float:
    text = (
        f"{value:.0f}"
        if isinstance(value, float) and value == int(value)
        else str(value)
    )
    redaction = redact(text, expects_code=expects_code, reference=reference)
    if not redaction.kinds and name:
        label = f"{name}: "
        named = redact(label + text, expects_code=expects_code, reference=reference)
        if named.kinds and named.log_text.startswith(label):
            return named.log_text[len(label) :]
    return redaction.log_text if redaction.kinds else value


def _spelled(key: str) -> str:
    """`cardNumber` and `card_number` as words."""
    return _CAMEL.sub(" ", key)


def _original(span: Span, place: tuple[int, int]) -> Span:
    return Span(*place, span.kind, span.last_four)


def _apart(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """Drop spans that overlap one another or one of `taken`."""
    kept: list[Span] = []
    last = 0
    covered = {at for span in taken for at in range(span.start, span.end)}
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        places = range(span.start, span.end)
        if span.start >= last and covered.isdisjoint(places):
            kept.append(span)
            last = span.end
    return kept


def _replace(text: str, spans: Sequence[Span]) -> str:
    parts, done = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        parts += [text[done : span.start], span.marker]
        done = span.end
    return "".join([*parts, text[done:]])


def _code_spans(text: str) -> list[tuple[int, int]]:
    return [span for run in digit_runs(text, _CODE_GAPS) for span in _codes(run)]


def _codes(run: list[Group]) -> list[tuple[int, int]]:
    sizes = tuple(len(group) for group in run)
    if sum(sizes) == CODE_DIGITS:
        return [(run[0].start, run[-1].end)]
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(run):
        shape = next(
            (s for s in _CODE_SHAPES if sizes[index : index + len(s)] == s), ()
        )
        if shape:
            spans.append((run[index].start, run[index + len(shape) - 1].end))
        index += len(shape) or 1
    return spans
