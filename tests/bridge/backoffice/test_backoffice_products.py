"""Products by the words of a customer, and reviews."""

from typing import Any

import pytest

from backoffice.catalogue import ALSO_CALLED, GOODS, SOLD_OUT, VARIANTS


def found(shop: Any, query: str) -> list[str]:
    answer = shop.get("/products", query=query).json()
    return [product["sku"] for product in answer["products"]]


@pytest.mark.parametrize(
    ("query", "skus"),
    [
        ("is the rain jacket in stock?", ["JKT-RN"]),
        ("do you have any tents", ["TNT-2P", "TNT-4P"]),
        ("the two-person tent", ["TNT-2P"]),
        ("camping kettel pls", ["KET-09"]),
        ("when is the HAMMOCK back??", ["HMK-01"]),
        ("a jacket", ["JKT-RN", "JKT-DN"]),
        ("sleeping bag", ["BAG-M5"]),
        ("headlamp", ["LMP-HD"]),
        ("ist die Regenjacke noch auf Lager", ["JKT-RN"]),
        ("hay hamaca?", ["HMK-01"]),
        ("la bouilloire est disponible ?", ["KET-09"]),
        ("Skerry four-person tent", ["TNT-4P"]),
    ],
)
def test_a_product_is_found_in_a_sentence(
    shop: Any, query: str, skus: list[str]
) -> None:
    assert found(shop, query) == skus


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("do you have lamps", "Lantern head torch"),
        ("habt ihr eine Lampe?", "Lantern head torch"),
        ("tenéis una lámpara", "Lantern head torch"),
        ("vous avez une lampe ?", "Lantern head torch"),
        ("a lid for the kettle", "Gull camping kettle 0.9 l"),
        ("Heringe fürs Zelt", "Skerry two-person tent"),
        ("pilas para la frontal", "Lantern head torch"),
        ("des lacets pour les bottes", "Cairn hiking boots"),
        ("camping table", "Gull camping kettle 0.9 l"),
        ("a wool jumper", "Harbour wool blanket"),
        ("have you got a waterproof", "Squall rain jacket"),
    ],
)
def test_what_may_be_something_else_is_only_offered(
    shop: Any, query: str, offered: str
) -> None:
    answer = shop.get("/products", query=query).json()

    assert answer["products"] == []
    assert offered in answer["nearest"]


@pytest.mark.parametrize(
    "query",
    [
        "is the tent waterproof",
        "ist das Zelt wasserdicht",
        "la tienda es impermeable?",
        "la tente est-elle imperméable",
    ],
)
def test_what_a_thing_is_like_does_not_make_it_another(shop: Any, query: str) -> None:
    assert "TNT-2P" in found(shop, query)
    assert found(shop, query) != ["JKT-RN"]


def test_every_product_is_found_by_its_own_name(shop: Any) -> None:
    assert {sku: found(shop, name) for sku, (name, _) in GOODS.items()} == {
        sku: [sku] for sku in GOODS
    }


def test_what_we_do_not_sell_is_not_found_but_names_are_offered(shop: Any) -> None:
    answer = shop.get("/products", query="do you sell surfboards").json()

    assert answer["asked"] == ["surfboards"]
    assert answer["products"] == []
    assert len(answer["nearest"]) == 3
    assert set(answer["nearest"]) <= {name for name, _ in GOODS.values()}


def test_a_question_that_names_nothing_asked_for_nothing(shop: Any) -> None:
    answer = shop.get("/products", query="is it in stock?").json()

    assert (answer["asked"], answer["products"]) == ([], [])


def test_what_is_sold_out_says_when_it_is_back(shop: Any, refusal: Any) -> None:
    shelves = shop.get("/products/jkt-rn").json()["variants"]

    assert {one["variant"]: one.get("back_on") for one in shelves if not one["left"]}
    sold_out = [one for one in shelves if one["left"] == 0]
    assert sold_out == [{"variant": "L, navy", "left": 0, "back_on": "2026-03-22"}]
    hammock = shop.get("/products/HMK-01").json()["variants"]
    assert hammock == [{"left": 0}]
    assert refusal(shop.get("/products/XXX")) == (404, "product_not_found")


def test_the_catalogue_names_only_what_it_sells() -> None:
    assert set(ALSO_CALLED) == set(GOODS)
    assert set(VARIANTS) <= set(GOODS)
    for sku, variant in SOLD_OUT:
        assert variant in VARIANTS.get(sku, (None,))


def test_a_buyers_review_shows_the_first_name_and_is_replaced(shop: Any) -> None:
    body = {"rating": 2, "text": "Dented.", "order_number": "HP-10428"}
    first = shop.post("/reviews", body).json()
    second = shop.post("/reviews", {**body, "rating": 4}).json()

    assert first["shown_as"] == second["shown_as"] == "Jo"
    assert (first["replaced"], second["replaced"]) == (False, True)
    assert first["review_number"] == second["review_number"]
    stored = shop.get("/reviews").json()["reviews"]
    assert [(one["rating"], one["order_number"]) for one in stored] == [(4, "HP-10428")]


def test_a_review_of_the_shop_shows_no_name(shop: Any) -> None:
    for text in ("Lovely.", "Slow."):
        review = shop.post("/reviews", {"rating": 5, "text": text}).json()
        assert "shown_as" not in review
        assert review["replaced"] is False
    assert len(shop.get("/reviews").json()["reviews"]) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"rating": 0, "text": "x"},
        {"rating": 6, "text": "x"},
        {"rating": 3, "text": "  "},
        {"rating": 3, "text": "x" * 2001},
    ],
)
def test_what_is_no_review_is_refused(shop: Any, refusal: Any, body: Any) -> None:
    assert refusal(shop.post("/reviews", body)) == (422, "bad_request")
    nobodys = {"rating": 3, "text": "x", "order_number": "HP-1"}
    assert refusal(shop.post("/reviews", nobodys)) == (404, "order_not_found")
    assert shop.get("/reviews").json() == {"reviews": []}
