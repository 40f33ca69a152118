"""The outbox: mails for people and for tests."""

from typing import Any


def ask_codes(shop: Any, *numbers: str) -> None:
    for number in numbers:
        shop.post("/codes", {"order_number": number})


def test_the_newest_mail_comes_first(shop: Any) -> None:
    ask_codes(shop, "HP-10421", "HP-10428")

    mails = shop.mails()

    assert [mail["order_number"] for mail in mails] == ["HP-10428", "HP-10421"]
    assert mails[0]["mail_id"] > mails[1]["mail_id"]
    assert mails[0]["kind"] == "one_time_code"
    assert mails[0]["sent_at"] == "2026-03-10T14:00:00Z"


def test_mails_are_found_by_recipient_order_and_number(shop: Any) -> None:
    ask_codes(shop, "HP-10421", "HP-10428", "HP-10434")

    of_jo = shop.mails(email="Jo.Marsh@example.com")
    of_order = shop.mails(order_number="hp-10421")

    assert {mail["order_number"] for mail in of_jo} == {"HP-10428", "HP-10434"}
    assert [mail["to"] for mail in of_order] == ["ana.lima@example.com"]
    assert len(shop.mails(limit="2")) == 2
    assert shop.mails(email="nobody@example.com") == []


def test_the_page_says_when_there_is_no_mail(shop: Any) -> None:
    assert "No mail yet" in shop.get("/outbox").text


def test_the_page_shows_mails_and_escapes_them(shop: Any) -> None:
    address = "<script>alert(1)</script>, 4 Mill Lane"
    shop.send("PUT", "/orders/HP-10434/address", {"address": address})

    page = shop.get("/outbox")

    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<script" not in page.text
    assert "style=" not in page.text


def test_the_page_has_its_own_stylesheet(shop: Any) -> None:
    css = shop.get("/outbox.css")

    assert css.headers["Content-Type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in css.text


def test_the_page_opens_under_this_machines_own_names_alone(
    shop: Any, refusal: Any
) -> None:
    del shop.client.headers["Authorization"]
    port = shop.client.base_url.port
    names = ("127.0.0.1", "localhost", "[::1]")
    for host in [*names, *(f"{name}:{port}" for name in names)]:
        assert shop.client.get("/outbox", headers={"Host": host}).status_code == 200
    for host in ("evil.example", f"127.0.0.1.evil.example:{port}", "evil@x", "[", ""):
        for path in ("/outbox", "/outbox.css", "/healthz"):
            answer = shop.client.get(path, headers={"Host": host})
            assert refusal(answer) == (401, "unauthorized"), (host, path)
