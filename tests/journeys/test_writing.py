"""What a customer meets while writing: photos with words, long texts, bad lines."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.bridge.support.photos import photo
from tests.journeys.support import (
    PINE,
    YOU,
    Desk,
    InboxPage,
    MakeContext,
    ShopPage,
    Tandem,
)

pytestmark = pytest.mark.journey

CAPTION = "The kettle arrived broken"
# As an iPhone writes it, whatever the file is called.
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(2000)

# Drops or pastes a photo made in the page, as the browser would.
GIVE = """async ([kind, name]) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 40;
  canvas.getContext("2d").fillRect(0, 0, 40, 40);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const data = new DataTransfer();
  data.items.add(new File([blob], name, { type: "image/png" }));
  const init = { bubbles: true, composed: true, cancelable: true };
  const event = kind === "drop"
    ? new DragEvent("drop", { ...init, dataTransfer: data })
    : new ClipboardEvent("paste", { ...init, clipboardData: data });
  const { shadowRoot } = document.querySelector("tandem-chat");
  shadowRoot.querySelector(".composer textarea").dispatchEvent(event);
}"""


@pytest.fixture
def kettle(tmp_path: Path) -> Path:
    path = tmp_path / "kettle.jpg"
    path.write_bytes(photo("JPEG", (640, 480)))
    return path


def add(shop: ShopPage, *paths: Path) -> Locator:
    """Chooses files; what is shown of them."""
    with shop.page.expect_file_chooser() as chooser:
        shop.chat.get_by_role("button", name="Add a photo").click()
    chooser.value.set_files(list(paths))
    return shop.chat.locator(".preview")


def is_focused(field: Locator) -> None:
    expect(field).to_be_focused()


def test_a_photo_and_its_caption_are_one_message_everywhere(
    shop: ShopPage, inbox: InboxPage, desk: Desk, kettle: Path
) -> None:
    preview = add(shop, kettle)
    # Enter sends from here, and does not open the chooser again.
    is_focused(shop.box)
    expect(preview).to_contain_text("Ready to send")
    shop.page.keyboard.type(CAPTION)
    shop.page.keyboard.press("Enter")
    expect(preview).to_have_count(0)
    shop.hears("I've added your photo")
    shop.hears("HP-10428")
    own = shop.messages(YOU)
    expect(own).to_have_count(1)
    expect(own).to_contain_text(CAPTION)
    expect(own.get_by_role("img", name="kettle.jpg, sent by You")).to_be_visible()
    with shop.page.expect_download() as download:
        shop.chat.get_by_role("button", name="Chat menu").click()
        shop.chat.get_by_role("menuitem", name="Download this chat").click()
    saved = download.value.path().read_text()
    assert saved.count("You: ") == 1
    assert f"You: {CAPTION} [kettle.jpg]" in saved

    shop.ask_for_a_person()
    inbox.claim()
    theirs = inbox.items(CAPTION)
    expect(theirs).to_have_count(1)
    expect(theirs.get_by_role("img")).to_be_visible()
    packet = desk.packet(desk.only_handoff()["handoff_id"])
    said = [m for m in packet["transcript"] if m["sender"] == "customer"]
    assert [(m["text"], len(m["attachments"])) for m in said] == [(CAPTION, 1)]
    assert len(packet["attachments"]) == 1


def test_a_photo_that_cannot_go_says_why_and_holds_up_nothing(
    shop: ShopPage, tmp_path: Path
) -> None:
    disguised = tmp_path / "IMG_0001.jpg"
    disguised.write_bytes(HEIC)
    preview = add(shop, disguised)
    expect(preview.get_by_role("alert")).to_contain_text("HEIC")
    expect(preview.get_by_role("alert")).to_contain_text("screenshot")
    shop.say("When are you open?")
    shop.hears("Our people answer")
    expect(preview).to_contain_text("HEIC")
    preview.get_by_role("button", name="Remove IMG_0001.jpg").click()
    expect(preview).to_have_count(0)
    is_focused(shop.box)


def test_a_photo_of_sixty_megapixels_goes(shop: ShopPage, tmp_path: Path) -> None:
    large = tmp_path / "large.jpg"
    large.write_bytes(photo("JPEG", (9_000, 6_700)))
    expect(add(shop, large)).to_contain_text("Ready to send")
    shop.box.press("Enter")
    picture = shop.log.get_by_role("img", name="large.jpg, sent by You")
    expect(picture).to_be_visible()
    shop.reload()
    # What the bridge has of it.
    assert picture.evaluate(
        "image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])"
    ) == [2048, 1525]


def test_a_photo_waits_for_the_connection_and_its_words_with_it(
    shop: ShopPage, kettle: Path
) -> None:
    context = shop.page.context
    context.set_offline(True)
    preview = add(shop, kettle)
    expect(preview.get_by_role("status")).to_have_text(
        "Goes on when the connection is back"
    )
    shop.box.fill(CAPTION)
    shop.box.press("Enter")
    expect(
        shop.chat.get_by_text("Goes out as soon as the file is through")
    ).to_be_visible()
    expect(shop.box).to_have_value(CAPTION)
    context.set_offline(False)
    expect(shop.messages(YOU, CAPTION).get_by_role("img")).to_be_visible()
    expect(shop.messages(YOU)).to_have_count(1)
    expect(shop.box).to_have_value("")
    shop.hears("I've added your photo")


def test_an_upload_that_is_cut_off_goes_on_by_itself(
    shop: ShopPage, kettle: Path
) -> None:
    uploads = re.compile("/api/v1/uploads")
    cut: list[str] = []

    def cut_off(route: object) -> None:
        cut.append("once")
        route.abort() if len(cut) == 1 else route.continue_()  # type: ignore[attr-defined]

    shop.page.route(uploads, cut_off)
    expect(add(shop, kettle)).to_contain_text("Ready to send")
    assert len(cut) == 2


def test_photos_are_dropped_and_pasted(shop: ShopPage) -> None:
    previews = shop.chat.locator(".preview")
    for count, kind in enumerate(("drop", "paste"), 1):
        shop.page.evaluate(GIVE, [kind, f"{kind}.png"])
        expect(previews).to_have_count(count)
        is_focused(shop.box)
    expect(previews.get_by_text("Ready to send")).to_have_count(2)
    shop.box.press("Enter")
    expect(shop.messages(YOU).get_by_role("img")).to_have_count(2)
    expect(shop.messages(YOU)).to_have_count(1)


def test_a_long_paste_is_neither_cut_nor_lost(shop: ShopPage, desk: Desk) -> None:
    text = " ".join(f"word{n:04}" for n in range(1_300))
    shop.box.fill(text)
    expect(shop.chat.get_by_text("6,699 characters too many")).to_be_visible()
    shop.box.press("Enter")
    expect(shop.box).to_have_value(text)
    shop.chat.get_by_role("button", name="Send as 3 messages").click()
    expect(shop.messages(YOU)).to_have_count(3)
    expect(shop.box).to_have_value("")
    said = shop.messages(YOU).locator(".bubble").all_inner_texts()
    assert " ".join(said) == text


def test_the_chat_works_where_the_browser_keeps_nothing(
    tandem: Tandem, desk: Desk, new_context: MakeContext, kettle: Path
) -> None:
    context = new_context()
    context.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
          Object.defineProperty(window, name, { get() { throw new Error("no"); } });"""
    )
    shop = ShopPage(context.new_page(), tandem.url("/")).open()
    expect(add(shop, kettle)).to_contain_text("Ready to send")
    shop.say("It arrived broken")
    shop.hears("I've added your photo", PINE)


def test_the_question_stands_with_the_line_that_it_belongs_to(
    shop: ShopPage, inbox: InboxPage
) -> None:
    shop.ask_for_a_person()
    inbox.claim()
    inbox.reply("The new kettle is on its way.")
    inbox.give_back()
    question = shop.log.get_by_role("region", name="Did Maria settle it?")
    expect(question).to_be_visible()
    before = "xpath=preceding-sibling::*[1]"
    expect(question.locator(before)).to_contain_text("Maria has left the chat")
    shop.say("When are you open?")
    shop.hears("Our people answer")
    shop.reload()
    expect(question.locator(before)).to_contain_text("Maria has left the chat")
    question.get_by_role("button", name="Yes").click()
    expect(shop.log.get_by_text("Thank you, that helps us.")).to_be_visible()
    shop.reload()
    shop.hears("Our people answer")
    expect(question).to_have_count(0)


def test_nobody_is_asked_about_a_chat_that_nobody_answered(
    shop: ShopPage, inbox: InboxPage
) -> None:
    shop.ask_for_a_person()
    inbox.claim()
    inbox.close_chat()
    shop.sees_line("Maria has closed this chat")
    expect(shop.log.locator(".survey")).to_have_count(0)


def test_a_message_to_a_closed_chat_starts_anew(
    shop: ShopPage, inbox: InboxPage
) -> None:
    shop.say("I want to return something")
    shop.hears("HP-10428")
    shop.ask_for_a_person()
    inbox.claim()
    inbox.reply("Done.")
    inbox.close_chat()
    shop.sees_line("Maria has closed this chat")
    shop.talks_to("Pine")
    shop.say("When are you open?")
    shop.hears("Our people answer")
    shop.talks_to("Pine")
    divider = shop.log.get_by_text("Your earlier chat ends here")
    expect(divider).to_have_count(1)
    expect(shop.log.locator(".survey")).to_have_count(0)
    shop.reload()
    expect(divider).to_be_visible()


def test_leaving_the_line_says_what_is_lost(shop: ShopPage) -> None:
    shop.ask_for_a_person()
    leave = shop.chat.get_by_role("button", name="Leave the line")
    leave.click()
    asks = shop.chat.get_by_role("alertdialog", name="Leave the line?")
    expect(asks).to_contain_text("Your place goes to somebody else")
    keep = asks.get_by_role("button", name="Keep my place")
    is_focused(keep)
    keep.click()
    is_focused(leave)
    shop.is_in_line()
    leave.click()
    leave.click()
    shop.sees_line("You've left the line")
    shop.talks_to("Pine")
    is_focused(shop.log)
