"""Files both ways, drafts that stay, and previews that are what is sent."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.bridge.support.photos import pdf, photo
from tests.journeys.support import (
    Desk,
    InboxPage,
    MakeContext,
    ShopPage,
    Tandem,
)

pytestmark = pytest.mark.journey

OUTCOME = "Der Kessel HP-10428 wird ersetzt."

# Drops or pastes a file made in the page, as the browser would.
GIVE = """([selector, kind, name, type]) => {
  const data = new DataTransfer();
  data.items.add(new File(["%PDF-not really"], name, { type }));
  const init = { bubbles: true, cancelable: true };
  const event = kind === "drop"
    ? new DragEvent("drop", { ...init, dataTransfer: data })
    : new ClipboardEvent("paste", { ...init, clipboardData: data });
  document.querySelector(selector).dispatchEvent(event);
}"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A photo, a PDF, and two that are not what they say."""
    contents = {
        "kettle.jpg": photo("JPEG", (640, 480)),
        "large.jpg": photo("JPEG", (5000, 3000)),
        "Invoice 10428.pdf": pdf(),
        "not one.pdf": b"<html>hello</html>",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: tmp_path / name for name in contents}


def attach(inbox: InboxPage, *paths: Path) -> None:
    with inbox.page.expect_file_chooser() as chooser:
        inbox.page.get_by_role("button", name=re.compile("^Attach files")).click()
    chooser.value.set_files(list(paths))


def claimed(shop: ShopPage, inbox: InboxPage) -> None:
    shop.ask_for_a_person()
    inbox.claim()
    shop.talks_to("Maria")


def test_files_go_both_ways(
    shop: ShopPage, inbox: InboxPage, files: dict[str, Path]
) -> None:
    claimed(shop, inbox)
    attach(inbox, files["kettle.jpg"], files["Invoice 10428.pdf"], files["large.jpg"])
    expect(inbox.page.locator(".composer-file progress")).to_have_count(0)
    inbox.reply_box.fill("The kettle, and its invoice.")
    inbox.reply_box.press("Enter")
    inbox.reads("The kettle, and its invoice.")
    expect(inbox.page.locator(".composer-file")).to_have_count(0)

    message = shop.messages("Maria", "The kettle, and its invoice.")
    picture = message.get_by_role("img", name="kettle.jpg, sent by Maria")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 640
    large = message.get_by_role("img", name="large.jpg, sent by Maria")
    assert large.evaluate("image => image.decode().then(() => image.naturalWidth)") == (
        2048
    )
    document = message.get_by_role("link", name="Invoice 10428.pdf")
    expect(document).to_contain_text("PDF, ")
    with shop.page.expect_download() as download:
        document.click()
    assert download.value.suggested_filename == "Invoice 10428.pdf"
    assert download.value.path().read_bytes() == files["Invoice 10428.pdf"].read_bytes()

    shop.send_photo(files["Invoice 10428.pdf"])
    theirs = inbox.log.get_by_role("link", name="Invoice 10428.pdf").last
    with inbox.page.expect_download() as download:
        theirs.click()
    assert download.value.path().read_bytes() == files["Invoice 10428.pdf"].read_bytes()


def test_a_file_that_does_not_go_up_costs_nothing(
    shop: ShopPage, inbox: InboxPage, files: dict[str, Path]
) -> None:
    claimed(shop, inbox)
    inbox.reply_box.fill("Here it is.")
    lost: list[Route] = []
    uploads = re.compile("/api/v1/uploads")
    inbox.page.route(uploads, lambda route: (lost.append(route), route.abort()))
    attach(inbox, files["kettle.jpg"])
    said = inbox.page.get_by_role("list", name="Files with this reply")
    expect(said).to_contain_text("The file did not get through.")
    inbox.reply_box.press("Enter")
    expect(inbox.reply_box).to_have_value("Here it is.")
    assert lost
    inbox.page.unroute(uploads)
    said.get_by_role("button", name="Try again").click()
    expect(said.get_by_role("status")).to_be_visible()
    # What is up survives a reload, as the words do.
    inbox.reload()
    expect(said).to_contain_text("kettle.jpg")
    expect(inbox.reply_box).to_have_value("Here it is.")

    attach(inbox, files["not one.pdf"])
    expect(said).to_contain_text("That file is not a PDF, or it is damaged.")
    inbox.reply_box.press("Enter")
    expect(inbox.reply_box).to_have_value("Here it is.")
    said.get_by_role("button", name="Remove not one.pdf").click()
    inbox.reply_box.press("Enter")
    shop.hears("Here it is.", "Maria")
    expect(
        shop.log.get_by_role("img", name="kettle.jpg, sent by Maria")
    ).to_be_visible()


def test_files_are_dropped_and_pasted_into_replies_alone(
    shop: ShopPage, inbox: InboxPage
) -> None:
    claimed(shop, inbox)
    listed = inbox.page.locator(".composer-file")
    for count, kind in enumerate(("drop", "paste"), 1):
        give = [".composer textarea", kind, f"{kind}.pdf", "application/pdf"]
        inbox.page.evaluate(GIVE, give)
        expect(listed).to_have_count(count)
    inbox.page.get_by_role("button", name="Note", exact=True).click()
    inbox.page.evaluate(GIVE, [".composer", "drop", "a.pdf", "application/pdf"])
    expect(inbox.page.get_by_text("Files go to the customer")).to_be_visible()
    inbox.page.get_by_role("button", name="Reply", exact=True).click()
    expect(listed).to_have_count(2)


def test_what_is_filled_in_of_a_dialog_stays(shop: ShopPage, inbox: InboxPage) -> None:
    claimed(shop, inbox)
    page = inbox.page
    opened = {
        "Return to Pine": "What came of it",
        "Close": "Note for your team",
        "Transfer…": "Note for whoever takes it",
    }
    for button, field in opened.items():
        text = f"typed into {button}"
        for leave in ("escape", "beside", "reload"):
            page.get_by_role("button", name=button, exact=True).click()
            box = inbox.dialog.get_by_role("textbox", name=field)
            if leave != "escape":
                expect(box).to_have_value(text)
            box.fill(text)
            if leave == "escape":
                page.keyboard.press("Escape")
            elif leave == "beside":
                page.mouse.click(5, 5)
            else:
                page.reload()
            expect(inbox.dialog).to_be_hidden()
        page.get_by_role("button", name=button, exact=True).click()
        expect(box).to_have_value(text)
        page.keyboard.press("Escape")


def previewed(page: Page) -> list[str]:
    preview = page.get_by_role("complementary", name="Preview")
    expect(preview.locator("[aria-busy=false]")).to_be_visible()
    expect(preview).to_contain_text(OUTCOME)
    return preview.locator(".preview-line, .bubble").all_inner_texts()


def test_the_preview_is_what_a_german_customer_gets(
    tandem: Tandem, inbox: InboxPage, desk: Desk, new_context: MakeContext
) -> None:
    shop = ShopPage(new_context(locale="de-DE").new_page(), tandem.url("/"))
    shop.page.goto(shop.url)
    shop.launcher.click()
    shop.say("Hallo, wo ist meine Bestellung HP-10428?")
    shop.hears("HP-10428")
    shop.person_button.click()
    inbox.claim()
    shop.talks_to("Maria")
    before = shop.texts.count()
    inbox.page.get_by_role("button", name="Return to Pine").click()
    inbox.dialog.get_by_role("radio", name="Resolved").check()
    inbox.dialog.get_by_role("textbox", name="What came of it").fill(OUTCOME)
    promised = previewed(inbox.page)
    assert "verlassen" in promised[0]
    inbox.dialog.get_by_role("button", name="Return to Pine").click()
    shop.hears(OUTCOME)
    expect(shop.texts).to_have_count(before + len(promised))
    told = [re.sub(r"\s\d\d:\d\d$", "", text) for text in shop.texts.all_inner_texts()]
    assert told[before:] == promised
    expect(inbox.page.get_by_text("Pine has this chat again.")).to_be_visible()

    # A colleague has it now: nobody is told otherwise.
    shop.person_button.click()
    other = new_context(viewport={"width": 1400, "height": 900}).new_page()
    sam = InboxPage(other, inbox.url).open("sam@example.com")
    sam.claim()
    expect(inbox.page.get_by_text("Sam has this chat.")).to_be_visible()


def test_a_chat_that_its_customer_ended_takes_no_more_replies(
    shop: ShopPage, inbox: InboxPage
) -> None:
    claimed(shop, inbox)
    inbox.reply_box.fill("I have found your order")
    shop.chat.get_by_role("button", name="Chat menu").click()
    shop.chat.get_by_role("menuitem", name="End chat").click()
    shop.chat.get_by_role("alertdialog").get_by_role("button", name="End chat").click()
    ended = inbox.page.get_by_text("The customer has ended this chat, so")
    expect(ended).to_be_visible()
    expect(inbox.reply_box).to_have_count(0)
    kept = inbox.page.get_by_role("region", name="Your unsent reply")
    expect(kept).to_contain_text("I have found your order")
    expect(inbox.page.locator(".typing")).to_have_count(0)
    inbox.close_chat()
    expect(kept).to_contain_text("I have found your order")


def test_too_long_a_text_is_told_and_kept(shop: ShopPage, inbox: InboxPage) -> None:
    claimed(shop, inbox)
    # As the bridge counts: an emoji is one, whatever it takes in the page.
    inbox.reply_box.fill("🫖" * 5_001)
    expect(inbox.page.get_by_role("alert")).to_contain_text("5,001 of 5,000")
    inbox.reply_box.press("Enter")
    expect(inbox.reply_box).to_have_value("🫖" * 5_001)
    inbox.reply_box.fill("🫖" * 5_000)
    inbox.reply_box.press("Enter")
    shop.hears("🫖" * 5_000, "Maria")
    shop.box.fill("🫖" * 5_001)
    expect(shop.chat.get_by_text("1 character too many")).to_be_visible()
    shop.box.press("Enter")
    expect(shop.box).to_have_value("🫖" * 5_001)
