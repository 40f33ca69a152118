"""The items of an order: which one is meant, and what is wanted of it instead."""

from __future__ import annotations

import json
import re

from actions.numbers import numbers_in
from actions.shop import OrderItem
from authoring.designers_words import meant
from authoring.order_numbers import without_order_numbers

MOST = 20
# The designers' words for it are in data/words; these stand apart: "leave the mug out".
TAKEN_OUT = re.compile(r"(?i)\b(?:leave|take)\b.{1,40}\b(?:out|off)\b")
MORE = re.compile(r"(?i)\b(\w+) more\b|\b(another|an extra)\b")
FEWER = re.compile(r"(?i)\b(\w+) (?:less|fewer)\b")
# What makes a number in a whole sentence the wish: "change it to 3", "only two".
WISHED = re.compile(
    r"(?i)\b(?:to|make (?:it|them|that|(?:the|my)(?: \w+){1,3}?)|into|instead of \w+,?"
    r"|(?:only|just)(?: (?:want|need|wanted|needed|take))?)\s+(\w+)\b"
    r"|\b(\w+) (?:instead|rather|of (?:them|those|these))\b"
)
SIZES = {"small": "s", "medium": "m", "large": "l"}

Change = dict[str, int | str]


def fitting_item(items: tuple[OrderItem, ...], wanted: str) -> OrderItem | None:
    """Returns the one item whose name shares most words with what was said."""
    words = _words(wanted)
    shared = [len(words & _words(item.name)) for item in items]
    best = max(shared, default=0)
    if best == 0 or shared.count(best) > 1:
        return None
    return items[shared.index(best)]


def _words(text: str) -> set[str]:
    # three letters at least: "the" and "my" fit everything
    found = re.findall(r"\w{3,}", text.lower())
    return {word.removesuffix("s") for word in found} - {"the", "and"}


def item_named(items: tuple[OrderItem, ...], name: str | None) -> OrderItem | None:
    """Returns the item with just this name."""
    return next((item for item in items if item.name == name), None)


def answer_button(slot: str, value: str, title: str | None = None) -> dict[str, str]:
    """Returns a button that answers the question for a slot."""
    payload = json.dumps({slot: value}, ensure_ascii=False)
    return {"title": title or value, "payload": f"/inform{payload}"}


def change_in(
    text: str, item: OrderItem, variants: tuple[str, ...], *, is_answer: bool
) -> Change | None:
    """Reads what is wanted of an item: {"quantity": 3} or {"variant": "L, navy"}.

    A quantity of 0 leaves the item out. Answers may be a bare number; in a sentence
    it takes words that make the number a wish.
    """
    words = without_order_numbers(text).replace(item.name, " ")
    variant = variant_in(words, item.variant, variants)
    if variant is not None and variant != item.variant:
        return {"variant": variant}
    if meant("order_change", words) == "remove" or TAKEN_OUT.search(words):
        return {"quantity": 0}
    quantity = _quantity_in(words, item.quantity, is_answer)
    return None if quantity is None else {"quantity": quantity}


def _quantity_in(text: str, now: int, is_answer: bool) -> int | None:
    if found := MORE.search(text):
        return now + _first(found.group(1) or "one", otherwise=1)
    if found := FEWER.search(text):
        return max(0, now - _first(found.group(1), otherwise=1))
    wished = [word for groups in WISHED.findall(text) for word in groups if word]
    numbers = [n for word in wished for n in numbers_in(word)]
    if not numbers and is_answer:
        numbers = numbers_in(text)
    return numbers[-1] if numbers else None


def _first(text: str, *, otherwise: int) -> int:
    return next(iter(numbers_in(text)), otherwise)


def variant_in(text: str, now: str | None, variants: tuple[str, ...]) -> str | None:
    """Returns the size and colour that a text names, the rest as it is now."""
    if now is None or now not in variants:
        return None
    said = f" {text.lower()} "
    for word, size in SIZES.items():
        said = re.sub(rf"\b(?:extra[ -])?{word}\b", f" {size} ", said)
    choices = [variant.split(", ") for variant in variants]
    parts = now.split(", ")
    wanted = [
        _named(said, sorted({choice[place] for choice in choices}), part)
        for place, part in enumerate(parts)
    ]
    if wanted == parts:
        wanted = _next_size(said, parts, choices)
    label = ", ".join(wanted)
    return label if label in variants else None


def _named(said: str, values: list[str], now: str) -> str:
    """Returns the value that was said; of two, the one that it is not now."""
    found = [
        value
        for value in values
        if re.search(rf"(?<![\w'’]){re.escape(value.lower())}(?![\w'’])", said)
    ]
    others = [value for value in found if value != now]
    return others[0] if len(others) == 1 else now


def _next_size(said: str, parts: list[str], choices: list[list[str]]) -> list[str]:
    sizes = list(dict.fromkeys(choice[0] for choice in choices))
    step = {"bigger": 1, "smaller": -1}.get(meant("order_change", said) or "", 0)
    place = sizes.index(parts[0]) + step
    return [sizes[place], *parts[1:]] if 0 <= place < len(sizes) else parts
