"""Files both ways: of agents and of customers, photos and PDFs."""

import secrets
from typing import Any

import httpx
import pytest

from tests.bridge.support import AgentClient, Customer, House
from tests.bridge.support.clients import BareClient
from tests.bridge.support.photos import pdf, photo
from tests.bridge.support.refusals import http_refused, refused

File = tuple[str, bytes, str]
PHOTO: File = ("kettle.jpg", photo("JPEG"), "image/jpeg")
INVOICE: File = ("Invoice 10428.pdf", pdf(), "application/pdf")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def upload(
    house: House, token: str, file: File, chat: str | None = None
) -> httpx.Response:
    """The customer's, or with `chat` an agent's."""
    params = {"conversation_id": chat} if chat else {}
    return await house.http.post(
        "/uploads", files={"file": file}, params=params, headers=bearer(token)
    )


async def uploaded(
    house: House, token: str, file: File, chat: str | None = None
) -> dict[str, Any]:
    response = await upload(house, token, file, chat)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


async def fetched(house: House, attachment_id: str, token: str) -> httpx.Response:
    return await house.http.get(f"/uploads/{attachment_id}", headers=bearer(token))


async def send(agent: AgentClient, chat: str, ids: list[str], text: str = "") -> Any:
    return await agent.act(
        "message_send", conversation_id=chat, text=text, attachments=ids
    )


async def test_agent_sends_a_photo_and_a_pdf(each_house: House) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    chat = row["conversation_id"]
    files = [
        await uploaded(house, maria.token, file, chat) for file in (PHOTO, INVOICE)
    ]
    ids = [file["attachment_id"] for file in files]
    ack = await send(maria, chat, ids, "Here you are.")
    assert ack["ok"], ack
    await customer.hears("Here you are.", "agent")
    [told] = [m for m in customer.all("bot_uttered") if m["seq"] == ack["seq"]]
    assert [told["sender"], told["agent"]["name"]] == ["agent", "Maria"]
    picture, document = told["attachments"]
    assert picture == {
        "attachment_id": ids[0],
        "content_type": "image/jpeg",
        "width": 40,
        "height": 20,
        "name": "kettle.jpg",
        "size": files[0]["size"],
    }
    assert document == {
        "attachment_id": ids[1],
        "content_type": "application/pdf",
        "name": "Invoice 10428.pdf",
        "size": len(INVOICE[1]),
    }
    assert (await customer.history())[-1]["attachments"] == told["attachments"]
    event = await maria.sees("Here you are.")
    assert event["attachments"] == told["attachments"]
    packet = (await house.get(f"/handoffs/{row['handoff_id']}", maria.token)).json()
    assert [one["attachment_id"] for one in packet["attachments"]] == ids


async def test_agents_file_needs_no_words(each_house: House) -> None:
    customer, maria, row = await each_house.claimed()
    chat = row["conversation_id"]
    file = await uploaded(each_house, maria.token, PHOTO, chat)
    ack = await send(maria, chat, [file["attachment_id"]])
    assert ack["ok"], ack
    shown = await customer.next("bot_uttered", seq=ack["seq"])
    assert "text" not in shown
    assert len(shown["attachments"]) == 1
    for text in ("", "  \n"):
        refused(await send(maria, chat, [], text), "bad_request")


async def test_assistant_hears_of_what_the_agent_sent(house: House) -> None:
    _, maria, row = await house.claimed()
    chat = row["conversation_id"]
    file = await uploaded(house, maria.token, INVOICE, chat)
    assert (await send(maria, chat, [file["attachment_id"]]))["ok"]
    end = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_return", **end))["ok"]
    [told] = house.assistant.handbacks
    assert [(one["sender"], one["text"]) for one in told["messages"]] == [
        ("agent", "[Invoice 10428.pdf]")
    ]


async def test_same_message_again_is_one_message(each_house: House) -> None:
    customer, maria, row = await each_house.claimed()
    chat = row["conversation_id"]
    ids = [
        (await uploaded(each_house, maria.token, file, chat))["attachment_id"]
        for file in (INVOICE, PHOTO)
    ]
    call = {"conversation_id": chat, "text": "", "client_id": secrets.token_hex(6)}
    first = await maria.call("message_send", {**call, "attachments": ids})
    assert await maria.call("message_send", {**call, "attachments": ids}) == first
    other = await maria.call("message_send", {**call, "attachments": ids[:1]})
    refused(other, "client_id_reused")
    shown = [m for m in await customer.history() if "attachments" in m]
    assert [[a["attachment_id"] for a in m["attachments"]] for m in shown] == [ids]


async def test_only_who_has_the_chat_sends_files_into_it(each_house: House) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    chat, sam = row["conversation_id"], await house.login("sam")
    foreign = await upload(house, sam["token"], PHOTO, chat)
    http_refused(foreign, 409, "not_owner")
    nowhere = await upload(house, maria.token, PHOTO, "nowhere")
    http_refused(nowhere, 404, "unknown_conversation")
    as_agent = await upload(house, customer.session_id, PHOTO, chat)
    http_refused(as_agent, 401, "token_invalid")
    as_customer = await upload(house, maria.token, PHOTO)
    http_refused(as_customer, 401, "unknown_session")
    other_page = await house.http.post(
        "/uploads",
        files={"file": PHOTO},
        params={"conversation_id": chat},
        headers={
            "Cookie": f"tandem_agent={maria.token}",
            "Origin": "https://x.example",
        },
    )
    http_refused(other_page, 403, "forbidden")


async def test_nobody_sends_what_another_has_sent_in(each_house: House) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    chat = row["conversation_id"]
    agents = (await uploaded(house, maria.token, PHOTO, chat))["attachment_id"]
    customers = (await uploaded(house, customer.session_id, PHOTO))["attachment_id"]
    refused(await send(maria, chat, [customers]), "unknown_attachment")
    refused(await customer.say("mine", attachments=[agents]), "unknown_attachment")
    _, sam, other = await second_chat(house)
    refused(await send(sam, other["conversation_id"], [agents]), "unknown_attachment")
    too_many = await send(maria, chat, [agents] * 6)
    refused(too_many, "bad_request")


async def second_chat(house: House) -> tuple[Customer, AgentClient, dict[str, Any]]:
    sam = await house.agent("sam")
    customer = await house.customer()
    await customer.ask_for_human()
    return customer, sam, await sam.claim(await sam.queued())


async def test_only_whom_it_concerns_may_fetch_an_agents_file(
    each_house: House,
) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    chat, stranger = row["conversation_id"], await house.customer()
    file = (await uploaded(house, maria.token, INVOICE, chat))["attachment_id"]
    early = await fetched(house, file, customer.session_id)
    http_refused(early, 404, "unknown_attachment")
    assert (await send(maria, chat, [file]))["ok"]
    assert (await fetched(house, file, customer.session_id)).content == INVOICE[1]
    assert (await fetched(house, file, maria.token)).content == INVOICE[1]
    foreign = await fetched(house, file, stranger.session_id)
    http_refused(foreign, 404, "unknown_attachment")
    http_refused(await house.http.get(f"/uploads/{file}"), 401, "unauthorized")


async def test_pdf_is_downloaded_and_opens_nothing(house: House) -> None:
    customer = await house.customer()
    file = await uploaded(house, customer.session_id, INVOICE)
    served = await fetched(house, file["attachment_id"], customer.session_id)
    assert served.headers["content-type"] == "application/pdf"
    told = served.headers["content-disposition"]
    assert told == "attachment; filename*=utf-8''Invoice%2010428.pdf"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert served.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (("a.pdf", photo("JPEG"), "application/pdf"), "not_a_pdf"),
        (("a.pdf", b"<html><script>1</script>", "text/html"), "not_a_pdf"),
        (("a.pdf", b"%PDF-1.7\n<script>1</script>", "application/pdf"), "not_a_pdf"),
        (("a.pdf", pdf()[:200], "application/pdf"), "not_a_pdf"),
        (("a.pdf", b"", "application/pdf"), "not_a_pdf"),
        (("a.pdf", pdf(0), "application/pdf"), "not_a_pdf"),
        (("a.jpg", pdf(), "image/jpeg"), "not_an_image"),
        (
            ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
            "not_an_image",
        ),
        (("a.exe", b"MZ" + bytes(500), "application/octet-stream"), "not_an_image"),
        (("a.docx", b"PK\x03\x04" + bytes(500), "application/msword"), "not_an_image"),
    ],
)
async def test_what_is_not_what_it_claims_is_refused(
    house: House, file: File, code: str
) -> None:
    customer = await house.customer()
    http_refused(await upload(house, customer.session_id, file), 415, code)
    assert list(house.settings.uploads_dir.glob("*")) == []


async def test_refusal_names_the_limit(house: House) -> None:
    customer = await house.customer()
    large = ("a.pdf", bytes(house.settings.max_upload_bytes + 1), "application/pdf")
    answer = await upload(house, customer.session_id, large)
    http_refused(answer, 413, "upload_too_large")
    assert "at most 8 MB" in answer.json()["message"]
    brand = (await house.http.get("/brand")).json()
    assert brand["max_upload_bytes"] == house.settings.max_upload_bytes


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\Users\\jo\\bill.pdf", "bill.pdf"),
        ("../../etc/bill.pdf", "bill.pdf"),
        ("Rechnung März.pdf", "Rechnung März.pdf"),
        ("fdp.\u202eexe.pdf", "fdp.exe.pdf"),
        ("4111 1111 1111 1111.pdf", "[card number removed, ends in 1111].pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
async def test_name_is_kept_without_what_does_not_belong_in_one(
    house: House, name: str, kept: str
) -> None:
    customer = await house.customer()
    file = (name, pdf(), "application/pdf")
    assert (await uploaded(house, customer.session_id, file))["name"] == kept


async def test_customers_pdf_reaches_the_agent(each_house: House) -> None:
    customer, maria, _ = await each_house.claimed()
    file = await uploaded(each_house, customer.session_id, INVOICE)
    ack = await customer.say("my invoice", attachments=[file["attachment_id"]])
    assert ack["ok"], ack
    event = await maria.sees("my invoice")
    assert event["attachments"][0]["name"] == "Invoice 10428.pdf"
    served = await fetched(each_house, file["attachment_id"], maria.token)
    assert served.content == INVOICE[1]


async def test_bot_says_that_it_reads_no_pdf(house: House) -> None:
    customer = await house.customer(locale="de")
    file = await uploaded(house, customer.session_id, INVOICE)
    picture = await uploaded(house, customer.session_id, PHOTO)
    ack = await customer.say("", attachments=[file["attachment_id"]])
    assert ack["ok"], ack
    await customer.hears("PDFs kann ich selbst nicht lesen.", "system")
    both = [file["attachment_id"], picture["attachment_id"]]
    await customer.say("schau", attachments=both, message_id="m-2")
    await customer.hears("You said: schau")
    [turn] = house.assistant.turns
    assert turn["photos"] == [picture["attachment_id"]]


async def test_stock_widgets_get_pictures_and_links(house: House) -> None:
    old = BareClient(house.url)
    token = await old.open()
    maria = await house.agent()
    await old.io.emit("user_uttered", {"message": "hi", "session_id": token})
    await old.until(lambda: [m for m in old.all("bot_uttered") if "You said" in str(m)])
    await old.io.emit("request_human", {"session_id": token})
    chat = (await maria.claim(await maria.queued()))["conversation_id"]
    ids = [
        (await uploaded(house, maria.token, file, chat))["attachment_id"]
        for file in (PHOTO, INVOICE)
    ]
    assert (await send(maria, chat, ids, "Look"))["ok"]
    await old.until(lambda: [m for m in old.all("bot_uttered") if ids[1] in str(m)])
    text, picture, document = old.all("bot_uttered")[-3:]
    assert text == {"text": "Maria: Look"}
    assert picture["attachment"]["type"] == "image"
    assert document["text"].startswith("Maria: Invoice 10428.pdf http://")
    links = [picture["attachment"]["payload"]["src"], document["text"].split()[-1]]
    paths = [link.partition("/api/v1")[2] for link in links]
    served = [await house.http.get(path) for path in paths]
    assert [one.status_code for one in served] == [200, 200]
    assert served[1].content == INVOICE[1]
    # One file's key opens no other, and none once the chat is over.
    other = paths[0].replace(ids[0], ids[1])
    http_refused(await house.http.get(other), 404, "unknown_attachment")
    forged = f"/uploads/{ids[0]}?key=x.y.z"
    http_refused(await house.http.get(forged), 404, "unknown_attachment")
    await old.io.call("leave", {"session_id": token, "end": True})
    for path in paths:
        http_refused(await house.http.get(path), 404, "unknown_attachment")
    await old.close()
