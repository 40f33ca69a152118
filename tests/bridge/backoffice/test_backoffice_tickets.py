"""Tickets with an answer-by date, password resets, articles."""

from datetime import UTC, datetime
from typing import Any

import pytest

from backoffice.tickets import answer_by


@pytest.mark.parametrize(
    ("opened", "answered"),
    [
        ("Tue 10 14:00", "Tue 10 16:00"),
        ("Tue 10 16:00", "Tue 10 18:00"),
        ("Tue 10 16:30", "Wed 11 09:30"),
        ("Tue 10 17:59", "Wed 11 10:59"),
        ("Tue 10 18:00", "Wed 11 11:00"),
        ("Tue 10 23:10", "Wed 11 11:00"),
        ("Tue 10 05:00", "Tue 10 11:00"),
        ("Sat 14 17:00", "Mon 16 10:00"),
        ("Sat 14 20:00", "Mon 16 11:00"),
        ("Sun 15 12:00", "Mon 16 11:00"),
        ("Tue 31 20:00", "Wed 01 11:00"),
    ],
)
def test_an_answer_takes_two_opening_hours(opened: str, answered: str) -> None:
    day, clock_time = opened[4:].split()
    hour, minute = map(int, clock_time.split(":"))

    promised = answer_by(datetime(2026, 3, int(day), hour, minute, tzinfo=UTC))

    assert f"{promised:%a %d %H:%M}" == answered


def test_a_ticket_has_a_number_and_an_answer_by_date(shop: Any) -> None:
    body = {
        "subject": "The kettle again",
        "body": "The second one is dented too.",
        "order_number": "HP-10428",
        "customer_id": "C-2001",
        "conversation_id": "c-1",
    }

    assert shop.post("/tickets", body).json() == {
        "ticket_number": "TK-1001",
        "opened_at": "2026-03-10T14:00:00Z",
        "answer_by": "2026-03-10T16:00:00Z",
    }


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"order_number": "HP-1"}, 404, "order_not_found"),
        ({"customer_id": "C-1"}, 404, "customer_not_found"),
        ({"order_number": "HP-10421", "customer_id": "C-2001"}, 422, "bad_request"),
        ({"subject": " "}, 422, "bad_request"),
        ({"body": "b" * 5001}, 422, "bad_request"),
    ],
)
def test_a_ticket_for_nobody_is_refused(
    shop: Any, refusal: Any, fields: dict[str, str], status: int, code: str
) -> None:
    answer = shop.post("/tickets", {"subject": "Help", **fields})

    assert refusal(answer) == (status, code)


def test_a_password_reset_mails_a_link(shop: Any) -> None:
    answer = shop.post("/customers/C-2001/password_reset").json()

    assert answer == {
        "sent_to": "j•••@example.com",
        "expires_at": "2026-03-10T15:00:00Z",
    }
    mail = shop.mails(email="jo.marsh@example.com")[0]
    assert mail["kind"] == "password_reset"
    assert "https://shop.example/new-password/" in mail["body"]


def test_without_a_folder_there_are_no_articles(shop: Any) -> None:
    assert shop.get("/articles").json() == {"articles": []}


def test_articles_are_told_with_their_front_matter(shop: Any) -> None:
    folder = shop.settings.kb_dir
    folder.mkdir()
    (folder / "returns.md").write_text(
        "---\ntitle: Sending things back\nupdated: 2026-02-01\n---\nThirty days.\n",
        "utf-8",
    )
    (folder / "gift_cards.md").write_text("We have none.\n", "utf-8")

    assert shop.get("/articles").json()["articles"] == [
        {"article_id": "gift_cards", "title": "Gift cards", "text": "We have none."},
        {
            "article_id": "returns",
            "title": "Sending things back",
            "updated": "2026-02-01",
            "text": "Thirty days.",
        },
    ]
