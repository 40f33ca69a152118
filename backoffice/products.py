"""What is on the shelf, found by the words a customer has for it."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Annotated, Any

from fastapi import APIRouter, Query
from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.catalogue import (
    ALSO_CALLED,
    DESCRIBING,
    GOODS,
    PARTS,
    PERHAPS_CALLED,
)
from backoffice.errors import ProductNotFound
from backoffice.shapes import CURRENCY, money, shown
from backoffice.tables import Stock
from backoffice.views import View

# From here on two words are one word with a slip of the finger (0 to 100).
LIKE = 82
# What fits this much worse than the best is not meant.
NEARLY_AS_GOOD = 0.95
MOST_FOUND = 5
NEAREST = 3
SHORTEST_WORD = 3
# A shorter word with a slip may be another word: a lamp is no "lampe".
SHORTEST_SLIP = 5
# So many of a product's own words are it, even if none of them is by itself.
ENOUGH_WORDS = 2
# Words of the question around the thing, in the languages that customers write.
AROUND = frozenset(
    """
    the and for you your have has had got get any some are there this that these those
    with what when which where how many much does did can could would will still just
    more another one stock available availability sell selling sold out back again
    size sizes colour color colours colors left check please hello hey need want buy
    looking item product order now today soon order ordering
    haben sie ist sind der die das ein eine einen gibt noch wieder lager verfügbar
    auf wann größe farbe bitte ich hätte gern möchte kaufen vorrätig
    hay tiene tienen tenéis está están los las una uno disponible disponibles stock
    cuándo talla color quiero comprar por favor para
    avez vous est sont les des une encore disponible disponibles quand taille couleur
    voudrais acheter pour dans
    """.split()
)

router = APIRouter()


@dataclass(frozen=True)
class Names:
    """The words that stand for each product, and how telling each of them is."""

    of_product: dict[str, frozenset[str]]
    weight: dict[str, float]


@router.get("/products")
def search(
    view: View, query: Annotated[str, Query(min_length=1, max_length=500)]
) -> dict[str, Any]:
    """The products surely meant; if there are none, the names that come nearest.

    `asked` are the words that were looked for: without any, nothing was named.
    """
    asked = words_of(query)
    meant = products_meant(asked)
    sure = meant if surely_meant(meant, asked) else []
    found = [_shape(view.session, sku) for sku in sure[:MOST_FOUND]]
    likely = [GOODS[sku][0] for sku in meant[:MOST_FOUND]] or nearest_names(asked)
    nearest = [] if found else likely
    return {"asked": asked, "products": found, "nearest": nearest}


@router.get("/products/{sku}")
def get_product(sku: str, view: View) -> dict[str, Any]:
    """One product and its shelf."""
    known = sku.strip().upper()
    if known not in GOODS:
        raise ProductNotFound("We sell nothing with this number.")
    return _shape(view.session, known)


def words_of(text: str) -> list[str]:
    """The words that can name a product."""
    return [
        word
        for word in re.findall(r"[^\W_]+", text.lower())
        if len(word) >= SHORTEST_WORD and word not in AROUND and not word.isdecimal()
    ]


def products_meant(asked: list[str]) -> list[str]:
    """The products that most of the words fit, the more telling the better."""
    names = _names()
    fits = {
        sku: sum(_weight_of_best(word, own, names) for word in map(_plain, asked))
        for sku, own in names.of_product.items()
    }
    # What a word certainly names comes before what others may mean as well.
    named = {sku: fit for sku, fit in fits.items() if _is_named(sku, asked)}
    fits = named or fits
    best = max(fits.values(), default=0.0)
    return [sku for sku, fit in fits.items() if fit and fit >= best * NEARLY_AS_GOOD]


def surely_meant(found: list[str], asked: list[str]) -> bool:
    """Whether the words name these products, and not what only goes with them."""
    with_it = any(_plain(word) in _PARTS for word in asked)
    return not with_it and any(_is_named(sku, asked) for sku in found)


def _is_named(sku: str, asked: list[str]) -> bool:
    """Whether one word says what it is, or two of its words are there together."""
    names = _names()
    own = names.of_product[sku]
    telling = own - _VAGUE
    words = [_plain(word) for word in asked]
    return (
        any(_weight_of_best(word, telling, names) for word in words)
        or len({word for word in words if word in own}) >= ENOUGH_WORDS
    )


def nearest_names(asked: list[str]) -> list[str]:
    """Some names to offer, the most alike first."""
    names = [name for name, _ in GOODS.values()]
    found = process.extract(
        " ".join(asked), names, scorer=fuzz.token_set_ratio, limit=NEAREST
    )
    return [name for name, _score, _index in found]


def _weight_of_best(word: str, own: frozenset[str], names: Names) -> float:
    exactly = 100 if len(word) < SHORTEST_SLIP else LIKE
    found = process.extractOne(word, own, scorer=fuzz.ratio, score_cutoff=exactly)
    if found is None:
        return 0.0
    name, score, _index = found
    return names.weight[name] * score / 100


@lru_cache(maxsize=1)
def _names() -> Names:
    of_product = {
        sku: _plain_words(f"{name} {ALSO_CALLED[sku]} {PERHAPS_CALLED.get(sku, '')}")
        for sku, (name, _price) in GOODS.items()
    }
    used = Counter(word for own in of_product.values() for word in own)
    weight = {word: log(1 + len(GOODS) / count) for word, count in used.items()}
    return Names(of_product, weight)


def _plain_words(text: str) -> frozenset[str]:
    return frozenset(map(_plain, words_of(text)))


def _plain(word: str) -> str:
    """Without accents and the s of the plural: "Stöcke" and "stocke" are one word."""
    letters = unicodedata.normalize("NFKD", word.lower())
    bare = "".join(char for char in letters if not unicodedata.combining(char))
    return bare.removesuffix("s")


_PARTS = frozenset(map(_plain, PARTS))
# Said of a product they do not tell it from others.
_VAGUE = _plain_words(" ".join([*PERHAPS_CALLED.values(), *DESCRIBING]))


def _shape(session: Session, sku: str) -> dict[str, Any]:
    name, price_cents = GOODS[sku]
    shelves = session.scalars(
        select(Stock).where(Stock.sku == sku).order_by(Stock.stock_id)
    )
    return shown(
        sku=sku,
        name=name,
        price=money(price_cents),
        currency=CURRENCY,
        variants=[
            shown(variant=one.variant, left=one.left, back_on=one.back_on)
            for one in shelves
        ],
    )
