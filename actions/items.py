"""The items of an order: which one is meant, and what is wanted of it instead."""

from __future__ import annotations

import json
import re
from typing import TypedDict

from actions.numbers import numbers_in
from actions.shop import OrderItem
from authoring.designers_words import (
    CLAUSE_END,
    all_meant,
    meant,
    numbers_meant,
    without,
    without_accents,
    without_denials,
    words_of,
)
from authoring.order_numbers import without_order_numbers

MOST = 20
# They fit everything too, though they have three letters.
SMALL_WORDS = frozenset(
    {"the", "and", "los", "las", "der", "die", "das", "den", "dem", "les"}
)
LONG = 5  # letters of a word that may have an ending
WISHES = "order_change"  # data/words


class Change(TypedDict, total=False):
    """What is wanted of an item: another quantity, or another variant of it."""

    quantity: int
    variant: str


def fitting_item(items: tuple[OrderItem, ...], wanted: str) -> OrderItem | None:
    """Returns the one item whose names share most words with what was said.

    "Not the mug, the kettle" means the kettle, and of two items so does "not the mug".
    """
    clauses = CLAUSE_END.split(wanted)
    denied = [clause for clause in clauses if _only_denies(clause, items)]
    rejected = [_best(items, clause) for clause in denied]
    left = tuple(item for item in items if item not in rejected)
    found = _best(left, " ".join(one for one in clauses if one not in denied))
    return found or (left[0] if rejected and len(left) == 1 else None)


def _best(items: tuple[OrderItem, ...], said: str) -> OrderItem | None:
    words = _words(said)
    shared = [sum(_is_among(word, _names(item)) for word in words) for item in items]
    best = max(shared, default=0)
    if best == 0 or shared.count(best) > 1:
        return None
    return items[shared.index(best)]


def _only_denies(clause: str, items: tuple[OrderItem, ...]) -> bool:
    """Whether a clause names an item and denies it, and says nothing else of it."""
    rest = without_denials(clause)
    words, names = _words(rest), set().union(*map(_names, items))
    is_denied = len(rest.split()) < len(words_of(clause))
    return is_denied and bool(words) and all(_is_among(word, names) for word in words)


def _names(item: OrderItem) -> set[str]:
    return _words(f"{item.name} {item.also_called}")


def _words(text: str) -> set[str]:
    # three letters at least: "my" fits everything
    found = set(re.findall(r"\w{3,}", without_accents(text.lower()))) - SMALL_WORDS
    return {word.removesuffix("s") for word in found}


def _is_among(word: str, names: set[str]) -> bool:
    """Whether it is one of the names, or one with an ending: "Flaschen"."""
    return word in names or any(
        len(name) >= LONG and word.startswith(name) for name in names
    )


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
    quantity = _quantity_in(words, item.quantity)
    if quantity is None and meant(WISHES, words) == "remove":
        quantity = 0
    if quantity is None and is_answer:
        quantity = next(reversed(numbers_in(words)), None)
    return None if quantity is None else {"quantity": quantity}


def _quantity_in(text: str, now: int) -> int | None:
    if more := numbers_meant(WISHES, "more", text):
        return now + more[-1]
    if fewer := numbers_meant(WISHES, "fewer", text):
        return max(0, now - fewer[-1])
    return next(reversed(numbers_meant(WISHES, "wished", text)), None)


def variant_in(text: str, now: str | None, variants: tuple[str, ...]) -> str | None:
    """Returns the size and colour that a text names, the rest as it is now."""
    if now is None or now not in variants:
        return None
    # "too large" asks for no L; what is denied is no wish
    said = without(WISHES, ("bigger", "smaller"), text)
    said = f" {said} {' '.join(all_meant('variant', said))} "
    choices = [variant.split(", ") for variant in variants]
    parts = now.split(", ")
    wanted = [
        _named(said, sorted({choice[place] for choice in choices}), part)
        for place, part in enumerate(parts)
    ]
    if wanted == parts:
        wanted = _next_size(text, parts, choices)
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
    step = {"bigger": 1, "smaller": -1}.get(meant(WISHES, said) or "", 0)
    place = sizes.index(parts[0]) + step
    return [sizes[place], *parts[1:]] if 0 <= place < len(sizes) else parts
