"""Reading cards: any kind, any row, and what is shown to whom."""

import json
from typing import Any

import pytest
from packet_chats import damaged_return

from handoff_bridge.packet.backoffice import HIDDEN, Told, read_cards

TRANSACTION: dict[str, Any] = {
    "kind": "transaction",
    "id": "T-88",
    "title": "Coffee Roasters, Leeds",
    "status": "Disputed",
    "rows": [
        {
            "label": "Amount",
            "value": {"amount": "-12.40", "currency": "GBP"},
            "type": "money",
            "emphasis": True,
        },
        {"label": "Booked", "value": "2026-03-02T09:00:00+01:00", "type": "datetime"},
        {"label": "Value date", "value": "2026-03-03", "type": "date"},
        {"label": "Receipt", "value": "https://bank.example/r/88", "type": "link"},
        {"label": "Authorisation", "value": "7F-2291", "type": "code"},
        {"label": "Category", "value": "Eating out", "type": "text"},
    ],
    "actions": [{"id": "dispute", "label": "Dispute", "fields": []}],
}


def card(*rows: Any, **fields: Any) -> dict[str, Any]:
    return {"kind": "stay", "id": "S-1", "title": "Room 12", "rows": [*rows], **fields}


def read(told: Any, *, masked: bool = False) -> Any:
    """The first card as it goes over the wire."""
    return read_cards([told], masked=masked)[0][0].as_json()


def only_row(row: Any, *, masked: bool = False) -> Any:
    [found] = read(card(row), masked=masked)["rows"]
    return found


def test_card_of_another_trade_stays_as_it_was_told() -> None:
    [found], left_out = read_cards([TRANSACTION], masked=False)
    told = json.loads(json.dumps(TRANSACTION))
    told["rows"][1]["value"] = "2026-03-02T08:00:00.000Z"
    assert found.as_json() == told
    assert left_out == []


def test_several_alike_keep_how_many_and_what_one_costs() -> None:
    value = {"amount": 25.8, "currency": "EUR", "quantity": 2, "unit_amount": "12.90"}
    row = only_row({"label": "Enamel mug", "value": value, "type": "money"})
    assert row["value"] == {**value, "amount": "25.8"}


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("rating", 4.5, "4.5"),
        ("rating", True, "yes"),
        (None, "as it is", "as it is"),
        (["text"], "as it is", "as it is"),
        ("money", {"amount": "lots", "currency": "EUR"}, "lots, EUR"),
        ("money", {"amount": "1e9", "currency": "EUR"}, "1e9, EUR"),
        ("money", {"amount": True, "currency": "EUR"}, "EUR"),
        ("money", {"amount": "5", "currency": "euros"}, "5, euros"),
        ("money", "49.90", "49.90"),
        ("date", "next week", "next week"),
        ("datetime", "2026-03-02T09:00:00", "2026-03-02T09:00:00"),
        ("link", "javascript:alert(1)", "javascript:alert(1)"),
        ("link", "http://bank.example@evil.example/", "http://bank.example@evil.example/"),
        ("link", "https://a.example/b c", "https://a.example/b c"),
        ("link", "/orders", "/orders"),
        ("seats", ["12A", "12B", {"row": 3}], "12A, 12B"),
    ],
)  # fmt: skip
def test_what_is_not_of_its_type_is_shown_as_text(
    kind: Any, value: Any, shown: str
) -> None:
    row = only_row({"label": "It", "value": value, "type": kind})
    assert row == {"label": "It", "value": shown, "type": "text"}


@pytest.mark.parametrize(
    "broken",
    [
        None,
        "card",
        {},
        card(title=None),
        card(title="  "),
        card(id=["S-1"]),
        card(kind=False),
        {"kind": "stay", "id": "S-1", "title": "Room 12"},
        card(rows="none"),
    ],
)
def test_broken_card_is_left_out_alone(broken: Any) -> None:
    cards, left_out = read_cards([broken, TRANSACTION], masked=False)
    assert [found.id for found in cards] == ["T-88"]
    assert left_out == ["cards[0]"]


def test_broken_row_is_left_out_alone() -> None:
    odd = [None, 5, {}, {"label": "", "value": "x"}, {"label": "Empty", "value": None}]
    rows = [*odd, {"label": "Nights", "value": 3, "type": "text"}]
    [found], left_out = read_cards([card(*rows)], masked=False)
    assert [(row.label, row.value) for row in found.rows] == [("Nights", "3")]
    assert left_out == [f"cards[0].rows[{at}]" for at in range(5)]


@pytest.mark.parametrize("told", [None, {}, "cards", 7])
def test_answer_without_cards_has_none(told: Any) -> None:
    assert read_cards(told, masked=True) == ([], [])


def test_endless_answers_are_cut() -> None:
    rows = [{"label": f"Row {n}", "value": "x" * 5_000} for n in range(500)]
    cards, _ = read_cards([card(*rows, title="x" * 5_000)] * 100, masked=False)
    assert len(cards) == 20
    assert len(cards[0].rows) == 60
    assert len(str(cards[0].rows[0].value)) == len(cards[0].title) == 500


def test_odd_parts_of_a_card_cost_only_themselves() -> None:
    odd = {"status": ["a"], "photo": "file:///etc/passwd", "actions": [{"id": 1}, "x"]}
    assert read({**card(), **odd}) == card()
    assert read(card(number=5, photo="https://a.example/1.jpg"))["photo"]


def test_what_no_database_can_hold_is_replaced() -> None:
    row = only_row({"label": "No\x00te", "value": "a\ud800b", "type": "text"})
    assert (row["label"], row["value"]) == ("No\ufffdte", "a\ufffdb")


PRIVATE = {"label": "Lives at", "value": "12 Quay St, Whitby", "private": True}


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (PRIVATE, HIDDEN),
        ({**PRIVATE, "private": "yes"}, HIDDEN),
        ({**PRIVATE, "value": ["12 Quay St", "Whitby"]}, HIDDEN),
        ({**PRIVATE, "value": "Jo, jo.marsh@example.com"}, HIDDEN),
        ({**PRIVATE, "value": "jo.marsh@example.com"}, "j***@example.com"),
        (
            {"label": "Note", "value": "Write to jo.marsh@example.com first"},
            "Write to j***@example.com first",
        ),
        (
            {
                "label": "Reset",
                "value": "https://a.example/?to=jo.marsh@example.com",
                "type": "link",
            },
            "h***@example.com",
        ),
        (
            {
                "label": "Balance",
                "value": {"amount": "5", "currency": "EUR"},
                "type": "money",
                "private": True,
            },
            HIDDEN,
        ),
    ],
)
def test_private_values_and_mail_are_hidden(row: dict[str, Any], shown: str) -> None:
    found = only_row({"type": "text", **row}, masked=True)
    assert found == {
        "label": row["label"],
        "value": shown,
        "type": "text",
        "masked": True,
    }
    open_ = only_row({"type": "text", **row})
    assert "masked" not in open_
    assert open_["value"] != shown


def test_mail_is_hidden_wherever_it_stands() -> None:
    mail = "jo.marsh@example.com"
    row = {"label": f"Mail of {mail}", "value": "x", "type": "text"}
    told = card(row, title=mail, status=f"sent to {mail}")
    assert mail not in json.dumps(read(told, masked=True))
    assert json.dumps(read(told)).count(mail) == 3


def test_what_is_not_personal_is_shown_to_everybody() -> None:
    shown = read(TRANSACTION)
    # What can be done is for customers who have proved who they are.
    assert shown.pop("actions")
    assert read(TRANSACTION, masked=True) == shown | {"actions_locked": True}


def test_packet_has_its_cards() -> None:
    assert damaged_return().packet()["cards"] == []
    cards, _ = read_cards([TRANSACTION, {}], masked=True)
    [found] = damaged_return().packet(told=Told(cards))["cards"]
    assert (found["kind"], found["title"]) == ("transaction", "Coffee Roasters, Leeds")


FEE = {"name": "fee", "label": "Fee", "type": "money", "currency": "EUR"}


def test_an_action_whose_fields_cannot_all_be_read_is_left_out() -> None:
    whole = {"id": "pay", "label": "Pay", "fields": [FEE], "confirm": "Pays {fee}."}
    half = {**whole, "fields": [FEE, {"name": "x", "label": "X", "type": "colour"}]}
    assert read(card(actions=[half, whole]))["actions"] == [whole]


def test_odd_text_in_an_action_is_cleaned() -> None:
    option = {"value": "a", "label": "A\x00"}
    pick = {"name": "pick", "label": "Pi\ud800ck", "type": "choice"}
    told = {"id": "go", "label": "Go", "fields": [{**pick, "options": [option]}]}
    [action] = read(card(actions=[told]))["actions"]
    [field] = action["fields"]
    assert (field["label"], field["options"][0]["label"]) == ("Pi\ufffdck", "A\ufffd")
