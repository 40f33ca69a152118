"""What customers should never have typed, taken out before anything is stored.

Decides only where a secret stands in one message. It does not know the
conversation: whether a one-time code was asked for is told by the caller.
"""

import re
from dataclasses import dataclass
from typing import Literal

from handoff_bridge.packet.cards import card_spans
from handoff_bridge.packet.digits import Group, digit_runs
from handoff_bridge.packet.passwords import password_spans

Kind = Literal["card", "password", "code"]
Span = tuple[int, int, Kind]

KINDS: tuple[Kind, ...] = ("card", "password", "code")
MARKERS: dict[Kind, str] = {
    "card": "[card number removed]",
    "password": "[password removed]",
    "code": "[code]",
}
CODE_DIGITS = 6
# 123456, 123 456, 12-34-56 and 1 2 3 4 5 6: how people pass on a code.
_CODE_SHAPES = ((6,), (3, 3), (2, 2, 2), (2, 4), (4, 2), (1,) * 6)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Redaction:
    """One message: for the log and people, for the assistant, what is gone."""

    log_text: str
    brain_text: str
    kinds: tuple[Kind, ...] = ()


def clean_text(text: str) -> str:
    """Replace what databases and UTF-8 cannot hold: NUL and lone surrogates."""
    return _UNSTORABLE.sub("\ufffd", text)


def redact(text: str, *, expects_code: bool = False) -> Redaction:
    """Remove card numbers and passwords, and hide a one-time code from the log.

    Args:
        text: the customer's message as it came in.
        expects_code: the assistant has just asked for a one-time code. Only then
            are six digits a code; the assistant gets them, the log does not.
    """
    text = clean_text(text)
    codes = _code_spans(text) if expects_code else []
    spans: list[Span] = [(*span, "card") for span in card_spans(text)]
    # "one-time password: 123456", when that is what was asked for, is a code.
    secrets = [span for span in password_spans(text) if span not in codes]
    spans += _apart([(*span, "password") for span in secrets], spans)
    hidden = spans + _apart([(*span, "code") for span in codes], spans)
    found = {kind for _, _, kind in hidden}
    kinds = tuple(kind for kind in KINDS if kind in found)
    return Redaction(_replace(text, hidden), _replace(text, spans), kinds)


def _apart(spans: list[Span], taken: list[Span]) -> list[Span]:
    """Drop spans that overlap one another or one of `taken`."""
    kept: list[Span] = []
    last = 0
    covered = {at for start, end, _ in taken for at in range(start, end)}
    for span in sorted(spans):
        start, end, _ = span
        if start >= last and covered.isdisjoint(range(start, end)):
            kept.append(span)
            last = end
    return kept


def _replace(text: str, spans: list[Span]) -> str:
    parts, done = [], 0
    for start, end, kind in sorted(spans):
        parts += [text[done:start], MARKERS[kind]]
        done = end
    return "".join([*parts, text[done:]])


def _code_spans(text: str) -> list[tuple[int, int]]:
    return [span for run in digit_runs(text) for span in _codes(run)]


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
