"""One-time codes."""

import re
import sqlite3
from typing import Any

import pytest

NUMBER = "HP-10428"
EMAIL = "jo.marsh@example.com"
NOBODY = "jane@example.com"


def send(shop: Any, number: str = NUMBER) -> str:
    """Asks for a code and reads it in the outbox."""
    assert shop.post("/codes", {"order_number": number}).status_code == 200
    mail = shop.mails(order_number=number)[0]
    return re.search(r"\b\d{6}\b", mail["body"]).group()


def verify(shop: Any, code: str, number: str = NUMBER) -> Any:
    return shop.post("/codes/verify", {"order_number": number, "code": code})


def verify_email(shop: Any, code: str, email: str = EMAIL) -> Any:
    return shop.post("/codes/verify", {"email": email, "code": code})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_code_in_the_mail_verifies_the_customer(shop: Any) -> None:
    sent = shop.post("/codes", {"order_number": NUMBER}).json()
    code = re.search(r"\b\d{6}\b", shop.mails()[0]["body"]).group()

    answer = verify(shop, f" {code} ").json()

    assert sent == {
        "sent_to": "j•••@example.com",
        "expires_at": "2026-03-10T14:10:00Z",
    }
    assert answer == {
        "customer_id": "C-2001",
        "name": "Jo Marsh",
        "order_number": NUMBER,
        "verified_at": "2026-03-10T14:00:00Z",
    }


def test_a_code_is_used_up(shop: Any, refusal: Any) -> None:
    code = send(shop)
    verify(shop, code)

    assert refusal(verify(shop, code)) == (403, "code_expired")


def test_a_code_lives_ten_minutes(shop: Any, refusal: Any) -> None:
    code = send(shop)
    shop.clock.advance(minutes=9, seconds=59)
    assert refusal(verify(shop, wrong(code))) == (403, "code_wrong")

    shop.clock.advance(seconds=1)

    assert refusal(verify(shop, code)) == (403, "code_expired")


def test_the_fifth_wrong_code_is_the_last(shop: Any, refusal: Any) -> None:
    code = send(shop)
    for _ in range(4):
        assert refusal(verify(shop, wrong(code))) == (403, "code_wrong")

    assert refusal(verify(shop, wrong(code))) == (429, "too_many_attempts")
    assert refusal(verify(shop, code)) == (429, "too_many_attempts")
    assert verify(shop, send(shop)).status_code == 200


def test_the_right_code_counts_on_the_fifth_attempt(shop: Any) -> None:
    code = send(shop)
    for _ in range(4):
        verify(shop, wrong(code))

    assert verify(shop, code).status_code == 200


def test_a_new_code_ends_the_one_before(shop: Any, refusal: Any) -> None:
    old = send(shop)
    new = send(shop)
    if new == old:  # once in a million runs
        new = send(shop)

    assert refusal(verify(shop, old)) == (403, "code_wrong")
    assert verify(shop, new).status_code == 200


def test_a_code_opens_its_own_order_only(shop: Any, refusal: Any) -> None:
    code = send(shop)

    answer = verify(shop, code, "HP-10421")

    assert refusal(answer) == (403, "code_expired")  # none was sent for that one


def test_codes_for_an_order_are_not_sent_without_end(shop: Any, refusal: Any) -> None:
    for _ in range(10):
        send(shop)
        shop.clock.advance(seconds=1)

    answer = shop.post("/codes", {"order_number": NUMBER})

    assert refusal(answer) == (429, "too_many_codes")
    send(shop, "HP-10421")
    shop.clock.advance(minutes=10)
    send(shop)


def test_an_unknown_order_gets_no_code(shop: Any, refusal: Any) -> None:
    answer = shop.post("/codes", {"order_number": "HP-1"})
    check = verify(shop, "123456", "HP-1")

    assert refusal(answer) == (404, "order_not_found")
    assert refusal(check) == (404, "order_not_found")
    assert shop.mails() == []


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "１２３４５６"])
def test_what_is_no_code_is_a_wrong_code(shop: Any, refusal: Any, code: str) -> None:
    send(shop)

    assert refusal(verify(shop, code)) == (403, "code_wrong")


def test_the_code_itself_is_kept_in_the_mail_only(shop: Any) -> None:
    code = send(shop)
    shop.post(
        "/codes/verify", {"order_number": NUMBER, "code": code}, key="of-this-check"
    )

    with sqlite3.connect(shop.settings.database) as database:
        for table in ("codes", "stored_answers"):
            rows = database.execute(f"SELECT * FROM {table}").fetchall()
            assert rows
            assert code not in repr(rows)


def test_a_used_code_is_hidden_in_the_outbox_and_a_live_one_is_not(shop: Any) -> None:
    first, live = send(shop), send(shop)
    assert live in shop.mails(order_number=NUMBER)[0]["body"]
    verify(shop, live)
    mails = "".join(mail["body"] for mail in shop.mails(order_number=NUMBER))
    assert "••••••" in mails
    assert first not in mails and live not in mails


def test_a_code_to_the_mail_address_shows_whose_it_is(shop: Any, refusal: Any) -> None:
    assert shop.post("/codes", {"email": "Jo.Marsh@Example.com"}).status_code == 200
    [mail] = shop.mails()
    code = re.search(r"\b\d{6}\b", mail["body"]).group()

    assert refusal(verify(shop, code)) == (403, "code_expired")  # of no order
    assert verify_email(shop, code).json()["customer_id"] == "C-2001"
    assert code not in shop.mails()[0]["body"]


def test_nobodys_address_is_answered_like_a_customers(shop: Any) -> None:
    heard = {EMAIL: [], NOBODY: []}
    for email, answers in heard.items():
        check = {"email": email, "code": "12345"}  # never right
        answers.append(shop.post("/codes/verify", check))
        for _ in range(2):
            answers.append(shop.post("/codes", {"email": email}))
            answers += [shop.post("/codes/verify", check) for _ in range(6)]
        answers += [shop.post("/codes", {"email": email}) for _ in range(9)]
        shop.clock.advance(minutes=10)
        answers.append(shop.post("/codes/verify", check))
        answers.append(shop.post("/codes", {"email": email}))
        shop.clock.advance(minutes=-10)
    told, of_nobody = (
        [(one.status_code, one.json()) for one in answers] for answers in heard.values()
    )

    assert told == of_nobody
    assert {status for status, _ in told} == {200, 403, 429}
    assert {mail["to"] for mail in shop.mails()} == {EMAIL}


def test_an_order_does_not_tell_whose_its_address_is(shop: Any) -> None:
    for _ in range(10):
        send(shop)

    assert shop.post("/codes", {"email": EMAIL}).status_code == 200


def test_a_code_of_nobodys_address_opens_nothing(
    shop: Any, refusal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.codes.secrets.randbelow", lambda _: 123456)
    shop.post("/codes", {"email": NOBODY})

    assert refusal(verify_email(shop, "123456", NOBODY)) == (403, "code_wrong")
