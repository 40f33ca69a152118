"""The chat on pages of other people: what they do to it, and what it does to them."""

import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from playwright.sync_api import Page, expect

from benchmarks.ports import free_ports
from tests.bridge.conftest import SERVICE_TOKEN
from tests.bridge.support.house import PASSWORD
from tests.bridge.support.photos import photo
from tests.bridge.test_articles import article, write
from tests.journeys.support import MakeContext, ShopPage
from tests.journeys.support.embedding import EmbeddingSite, serving
from tests.journeys.support.lone_bridge import lone_bridge

pytestmark = pytest.mark.journey

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
# As the tests' bridges have it.
IDENTITY_SECRET = "an-identity-secret-of-the-tests-0"
LEEWAY_SECS = 60
NAME = "Chat with Harbour & Pine"
CLOSE = "Close the chat window"
# What a page hears of the chat, in the order of hearing.
LISTEN = """
window.heard = [];
window.TandemChat = window.TandemChat || [];
for (const event of ["ready", "opened", "closed", "message", "handoff", "unread"])
  TandemChat.push(["on", event, (detail) => heard.push([event, detail])]);
"""


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(
        tmp_path_factory.mktemp("articles"),
        {"lamp.md": article("The lamp glows", "It glows **by day** as well.")},
    )


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, articles: Path
) -> Iterator[EmbeddingSite]:
    """A shop on a site of ALLOWED_ORIGINS, and a bridge."""
    port = next(free_ports())
    folder = tmp_path_factory.mktemp("embedding")
    with (
        lone_bridge(
            folder,
            allowed_origins=[f"http://127.0.0.1:{port}"],
            articles_dir=articles,
        ) as bridge,
        serving(port, bridge) as started,
    ):
        yield started


@pytest.fixture
def page(new_context: MakeContext) -> Page:
    return new_context().new_page()


def opened(page: Page, url: str) -> ShopPage:
    """A customer who has opened the chat on a page and been greeted."""
    shop = ShopPage(page, url)
    page.goto(url)
    shop.launcher.click()
    expect(shop.texts.first).to_be_visible()
    return shop


def answers(shop: ShopPage, text: str) -> None:
    """The scripted assistant repeats what it hears."""
    shop.say(text)
    expect(shop.log.get_by_text(f"you said: {text}")).to_be_visible()


def say_unasked(bridge: str, text: str) -> None:
    """The assistant says something of itself, in the chat that spoke last."""
    with httpx.Client(base_url=f"{bridge}/api/v1", trust_env=False) as http:
        login = {"email": "dana@example.com", "password": PASSWORD}
        token = http.post("/auth/login", json=login).json()["token"]
        agent = {"Authorization": f"Bearer {token}"}
        live = http.get("/conversations/live", headers=agent).json()["conversations"]
        last = max(live, key=lambda row: row["last_at"])
        said = {
            "conversation_id": last["conversation_id"],
            "message_id": secrets.token_hex(8),
            "reply": {"text": text},
        }
        ours = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
        http.post("/bot/messages", json=said, headers=ours).raise_for_status()


def test_page_with_a_strict_policy(
    site: EmbeddingSite, page: Page, tmp_path: Path
) -> None:
    socket = site.bridge.replace("http", "ws")
    policy = (
        f"default-src 'none'; script-src {site.bridge}; "
        f"connect-src {site.bridge} {socket}; img-src {site.bridge} blob:; "
        "base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    page.add_init_script(
        "window.refused = []; document.addEventListener('securitypolicyviolation',"
        " ({violatedDirective, blockedURI, sample}) =>"
        " refused.push([violatedDirective, blockedURI, sample]))"
    )
    url = site.add("/strict", site.tag, Content_Security_Policy=policy)
    shop = opened(page, url)
    answers(shop, "hello")
    (tmp_path / "photo.jpg").write_bytes(photo("JPEG"))
    shop.send_photo(tmp_path / "photo.jpg")
    expect(shop.log.locator(".photo img")).to_be_visible()
    shop.chat.get_by_role("button", name="Chat menu").click()
    shop.chat.get_by_role("menuitem", name="Help articles").click()
    shop.chat.get_by_role("link", name="The lamp glows").or_(
        shop.chat.get_by_role("button", name="The lamp glows")
    ).first.click()
    expect(shop.chat.locator(".article-text strong")).to_have_text("by day")
    # The page's own icon is what the policy forbids.
    refused = page.evaluate("refused.filter(([, uri]) => uri !== 'data')")
    assert refused == []


DELAYED = """
const later = document.querySelector('script[type="text/delayed"]');
fetch(later.src).then((answer) => answer.text()).then((text) => (0, eval)(text));
"""
INSERTED = """
const script = document.createElement("script");
script.src = "{bridge}/widget.js";
script.dataset.language = "de";
document.head.append(script);
"""


@pytest.mark.parametrize("way", ["inserted", "delayed", "imported", "settings"])
def test_tag_managers(site: EmbeddingSite, page: Page, way: str) -> None:
    address = f"{site.bridge}/widget.js"
    head = {
        "inserted": f"<script>{INSERTED.replace('{bridge}', site.bridge)}</script>",
        # Run as text later: there is no current script, but there is the tag.
        "delayed": f'<script type="text/delayed" src="{address}" data-language="de">'
        f"</script><script>{DELAYED}</script>",
        "imported": '<script>TandemChatSettings = {language: "de"}</script>'
        f'<script type="module">import "{address}"</script>',
        "settings": '<script>TandemChatSettings = {language: "de-AT", '
        f'starters: ["Wo ist meine Bestellung?"]}}</script>{site.tag}',
    }[way]
    base = '<base href="https://elsewhere.example/shop/">'
    page.goto(site.add(f"/{way}", base + head))
    launcher = page.get_by_role("button", name="Chat mit Harbour & Pine")
    launcher.click()
    chat = page.locator("tandem-chat").get_by_role("dialog")
    expect(chat.locator(".bubble").first).to_be_visible()
    if way == "settings":
        starter = chat.get_by_role("button", name="Wo ist meine Bestellung?")
        expect(starter).to_be_visible()


def test_two_tags_are_one_chat(site: EmbeddingSite, page: Page) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    shop = opened(page, site.add("/twice", site.tag, site.tag))
    answers(shop, "hello")
    expect(page.locator("tandem-chat")).to_have_count(1)
    assert len(sockets) == 1


REPLACED = {
    "body": "document.body = document.createElement('body')",
    "content": "document.body.innerHTML = '<h1>Another page</h1>'",
    "everything": "document.documentElement.innerHTML = '<body>Another page'",
    "document": "document.documentElement.replaceWith(document.createElement('html'))",
    "removed": "document.querySelector('tandem-chat').remove()",
}


@pytest.mark.parametrize("what", REPLACED)
def test_single_page_shop_that_replaces(
    site: EmbeddingSite, page: Page, what: str
) -> None:
    shop = opened(page, site.add("/spa", site.tag))
    answers(shop, "hello")
    shop.box.fill("half a sentence")
    page.evaluate(REPLACED[what])
    expect(shop.box).to_have_value("half a sentence")
    expect(shop.box).to_be_focused()
    shop.box.press("Enter")
    expect(shop.log.get_by_text("you said: half a sentence")).to_be_visible()
    expect(shop.log.get_by_text("you said: hello")).to_have_count(1)


HOSTILE = """
* { all: revert; box-sizing: content-box !important; margin: 7px !important;
    letter-spacing: 9px !important; line-height: 3 !important; direction: rtl;
    text-transform: uppercase !important; font: 40px fantasy !important;
    --accent: lime !important; --space-4: 90px !important; --font: fantasy !important;
    visibility: hidden; float: left; pointer-events: none !important;
    text-align: right !important; }
html { font-size: 40px; --accent: lime; --size-2: 50px; word-spacing: 20px }
body, body *, tandem-chat { transform: rotate(9deg); filter: blur(2px) }
body { zoom: 2; opacity: 0; transform: scale(0.5); overflow: hidden }
tandem-chat, html > tandem-chat { display: none !important; zoom: 3 !important;
    position: static !important; opacity: 0.1 !important; z-index: -1 !important;
    direction: rtl !important; unicode-bidi: bidi-override !important;
    contain: strict !important; writing-mode: vertical-rl !important;
    visibility: hidden !important; clip-path: circle(1px) !important }
button, textarea, p, div { background: red !important; display: block !important }
[hidden] { display: block !important }
.launcher, .panel, .tandem { display: none !important }
"""
LOOK = """(host) => [...host.shadowRoot.querySelectorAll("*")].map((element) => {
  const style = getComputedStyle(element);
  const {x, y, width, height} = element.getBoundingClientRect();
  return [element.tagName + "." + element.getAttribute("class"),
    Object.fromEntries([...style].filter((name) => !name.startsWith("--"))
      .map((name) => [name, style.getPropertyValue(name)])),
    ["--accent", "--space-4", "--font"].map((name) => style.getPropertyValue(name)),
    [x, y, width, height].map(Math.round)];
})"""


def look(page: Page) -> Any:
    """Every computed style and place inside the shadow root."""
    return page.locator("tandem-chat").evaluate(LOOK)


def test_page_s_styles_stay_outside(
    site: EmbeddingSite, new_context: MakeContext
) -> None:
    looks = []
    for path, style in (("/plain", ""), ("/hostile", f"<style>{HOSTILE}</style>")):
        shop = ShopPage(new_context().new_page(), site.add(path, style + site.tag))
        shop.page.goto(shop.url)
        expect(shop.launcher).to_be_visible()
        closed = look(shop.page)
        shop.launcher.click()
        expect(shop.texts.first).to_be_visible()
        expect(shop.chat.get_by_text("When are you open?")).to_be_visible()
        expect(shop.log.locator(".typing")).to_have_count(0)
        shop.page.mouse.move(0, 0)
        looks.append((closed, look(shop.page)))
    for plain, hostile in zip(*looks, strict=True):
        assert len(plain) == len(hostile) > 3
        for before, after in zip(plain, hostile, strict=True):
            assert after == before


def test_our_styles_stay_inside(site: EmbeddingSite, page: Page) -> None:
    style = "document.querySelector('h1, input')"
    read = f"JSON.stringify([...getComputedStyle({style})].map((name) => [name, \
getComputedStyle({style}).getPropertyValue(name)]))"
    page.goto(site.add("/bare"))
    before = page.evaluate(read)
    opened(page, site.add("/inside", site.tag))
    assert page.evaluate(read) == before
    assert page.evaluate("document.adoptedStyleSheets.length") == 0


SHORTCUTS = """
window.taken = [];
for (const name of ["keydown", "keyup", "keypress", "input", "beforeinput", "paste",
                    "drop", "wheel"])
  for (const target of [document, window])
    target.addEventListener(name, ({type}) => taken.push(type));
"""


def test_page_s_shortcuts_do_not_hear_what_is_typed(
    site: EmbeddingSite, page: Page
) -> None:
    shop = opened(page, site.add("/keys", f"<script>{SHORTCUTS}</script>{site.tag}"))
    page.evaluate("taken.length = 0")
    shop.box.press_sequentially("s /k?")
    shop.box.press("ControlOrMeta+a")
    shop.box.press("ControlOrMeta+c")
    shop.box.press("ControlOrMeta+v")
    expect(shop.box).to_have_value("s /k?")
    shop.box.press("Enter")
    shop.log.hover()
    page.mouse.wheel(0, 100)
    shop.box.press("Escape")
    expect(shop.chat).to_be_hidden()
    assert set(page.evaluate("taken")) <= {"keyup"}  # of Escape, on the launcher
    page.get_by_label("Search the shop").press("k")
    assert "keydown" in page.evaluate("taken")


KEPT = """JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"""


def test_nothing_is_stored_or_asked_for_before_the_chat_is_opened(
    site: EmbeddingSite, page: Page
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    url = site.add("/quiet", site.tag)
    shop = ShopPage(page, url)
    page.goto(url)
    expect(shop.launcher).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(shop.launcher).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert {one for one in asked if one.startswith(("http", "ws"))} == {
        url,
        f"{site.bridge}/widget.js",
    }
    assert page.evaluate(KEPT) == '[{},{},""]'
    shop.launcher.click()
    expect(shop.texts.first).to_be_visible()
    assert "session_id" in page.evaluate(KEPT)
    assert page.context.cookies() == []


def test_chat_that_goes_on_is_there_before_it_is_opened(
    site: EmbeddingSite, page: Page
) -> None:
    shop = opened(page, site.add("/again", site.tag))
    answers(shop, "hello")
    shop.box.press("Escape")
    page.goto(site.add("/next", f"<script>{LISTEN}</script>{site.tag}"))
    page.wait_for_function("heard.some(([name]) => name === 'ready')")
    say_unasked(site.bridge, "Your parcel has come.")
    badge = page.get_by_role("button", name=f"{NAME}, 1 new message")
    expect(badge).to_be_visible()
    expect(page.locator(".launcher-badge")).to_have_text("1")
    assert page.evaluate("[TandemChat.unread, TandemChat.isOpen]") == [1, False]
    assert [name for name, _ in page.evaluate("heard")] == [
        "ready",
        "message",
        "unread",
    ]
    badge.click()
    expect(shop.log.get_by_text("Your parcel has come.")).to_be_visible()
    assert page.evaluate("[TandemChat.unread, TandemChat.isOpen]") == [0, True]


def test_launcher_says_what_it_does(site: EmbeddingSite, page: Page) -> None:
    url = site.add("/launcher", site.tag)
    page.goto(url)
    shop = ShopPage(page, url)
    expect(shop.launcher).to_have_attribute("aria-expanded", "false")
    shop.launcher.press("Enter")
    expect(shop.box).to_be_focused()
    expect(shop.launcher).to_be_hidden()
    shop.box.press("Escape")
    expect(shop.launcher).to_be_focused()


def test_chat_that_does_not_load_is_told_and_tried_again(
    site: EmbeddingSite, page: Page
) -> None:
    url = site.add("/blocked", site.tag)
    page.goto(url)
    page.context.set_offline(True)
    shop = ShopPage(page, url)
    shop.launcher.click()
    expect(page.get_by_text("The chat couldn't be loaded")).to_be_visible()
    page.context.set_offline(False)
    shop.launcher.click()
    expect(shop.texts.first).to_be_visible()
    expect(page.get_by_text("The chat couldn't be loaded")).to_be_hidden()


@pytest.mark.parametrize("way", ["reload", "page"])
def test_page_that_loads_keeps_the_focus(
    site: EmbeddingSite, page: Page, way: str
) -> None:
    """Whether the panel was open before, or the page opens it by itself."""
    asks = "<script>window.TandemChat = [['open']]</script>" if way == "page" else ""
    focus = "<script>document.querySelector('input').focus()</script>"
    url = site.add(f"/focus-{way}", asks + site.tag, focus)
    shop = ShopPage(page, url)
    if way == "reload":
        opened(page, url)
        page.reload()
    else:
        page.goto(url)
    expect(shop.texts.first).to_be_visible()
    expect(page.get_by_label("Search the shop")).to_be_focused()


def test_page_opens_closes_and_listens(site: EmbeddingSite, page: Page) -> None:
    page.goto(site.add("/api", f"<script>{LISTEN}</script>{site.tag}"))
    shop = ShopPage(page, page.url)
    page.evaluate("TandemChat.open()")
    expect(shop.texts.first).to_be_visible()
    answers(shop, "a secret of mine")
    page.evaluate("TandemChat.toggle()")
    expect(shop.chat).to_be_hidden()
    page.evaluate("TandemChat.toggle()")
    shop.ask_for_a_person()
    heard = page.evaluate("heard")
    assert [name for name, _ in heard][:2] == ["ready", "opened"]
    assert [name for name, _ in heard].count("closed") == 1
    messages = [detail for name, detail in heard if name == "message"]
    assert {message["who"] for message in messages} >= {"bot"}
    assert "secret" not in str(heard)
    assert ["handoff", {"owner": "queue"}] in heard
    page.evaluate("TandemChat.on('ready', () => heard.push('late'))")
    page.wait_for_function("heard.includes('late')")
    page.evaluate(
        "() => {const loud = () => heard.push('loud'); TandemChat.on('closed', loud);"
        " TandemChat.off('closed', loud); TandemChat.close()}"
    )
    expect(shop.chat).to_be_hidden()
    assert "loud" not in page.evaluate("heard")


def identity(customer_id: str, secs: float = 600) -> str:
    """What the shop's own server signs; it counts for so long, clocks allowed for."""
    claims = {"customer_id": customer_id, "exp": time.time() - LEEWAY_SECS + secs}
    return jwt.encode(claims, IDENTITY_SECRET, algorithm="HS256")


def signed_tag(site: EmbeddingSite, token: str) -> str:
    return site.tag.replace(" defer", f' data-identity="{token}" defer')


def test_signing_out_counts_even_if_the_chat_has_not_loaded(
    site: EmbeddingSite, page: Page
) -> None:
    tag = signed_tag(site, identity("C-7"))
    shop = opened(page, site.add("/signed", tag))
    answers(shop, "mine alone")
    shop.box.press("Escape")
    assert "of.C-7." in page.evaluate(KEPT)
    # The page that signs them out goes before anything else has come.
    page.route("**/assets/chat-*", lambda route: route.abort())
    out = "<script>window.TandemChat = [['logout']]</script>"
    page.goto(site.add("/out", out + tag))
    kept = page.evaluate("Object.keys(localStorage)")
    assert kept == ["tandem.chat.ending"]
    page.unroute_all()
    page.goto(site.add("/public", site.tag))
    page.wait_for_function("localStorage.length === 0")
    page.goto(site.url("/signed"))
    shop.launcher.click()
    expect(shop.texts.first).to_be_visible()
    expect(shop.log).not_to_contain_text("mine alone")


def test_identity_that_runs_out_is_asked_for_again(
    site: EmbeddingSite, page: Page
) -> None:
    listen = """
    window.TandemChat = [["on", "identity-expired", () => heard.push("event")]];
    window.heard = [];
    document.addEventListener("tandem:identity-expired", () => heard.push("document"));
    """
    page.goto(site.add("/expiring", f"<script>{listen}</script>{site.tag}"))
    shop = ShopPage(page, page.url)
    page.evaluate("(token) => TandemChat.identify(token)", identity("C-8", secs=5))
    shop.launcher.click()
    answers(shop, "hello")
    page.wait_for_function("heard.length === 2")
    assert sorted(page.evaluate("heard")) == ["document", "event"]
    page.evaluate("(token) => TandemChat.identify(token)", identity("C-8"))
    expect(shop.log.get_by_text("you said: hello")).to_be_visible()


SANDBOXED = '<iframe title="Frame" sandbox="allow-scripts" src="{url}" \
width="600" height="700"></iframe>'


def test_page_of_another_origin_is_told_what_to_change(
    site: EmbeddingSite, page: Page
) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    site.add("/foreign", site.tag)
    page.goto(site.url("/foreign", "localhost"))
    shop = ShopPage(page, page.url)
    shop.launcher.click()
    origin = site.url("", "localhost")
    expect(shop.chat.get_by_role("alert")).to_contain_text(
        f"pages of {origin} are not allowed to"
    )
    expect(shop.chat).not_to_contain_text("No connection")
    expect(shop.chat).not_to_contain_text("can't reach")
    assert any(f"ALLOWED_ORIGINS={origin} " in line for line in told)
    shop.page.keyboard.press("Escape")
    expect(shop.launcher).to_be_focused()


def test_page_without_an_origin_is_told_so(site: EmbeddingSite, page: Page) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    framed = site.add("/framed", site.tag)
    page.goto(site.add("/frame", body=SANDBOXED.format(url=framed)))
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name=NAME).click()
    expect(frame.get_by_role("alert")).to_contain_text("no web address of its own")
    assert any("allow-same-origin" in line for line in told)


def test_bridge_that_is_down_is_not_taken_for_a_refusal(
    site: EmbeddingSite, page: Page
) -> None:
    page.route("**/api/v1/embedding", lambda route: route.abort())
    dead = f"ws://127.0.0.1:{next(free_ports())}/"
    page.add_init_script(
        f"const Real = WebSocket; WebSocket = class {{"
        f" constructor() {{ return new Real('{dead}'); }} }};"
    )
    page.route("**/socket.io/**", lambda route: route.abort())
    shop = ShopPage(page, site.add("/down", site.tag))
    page.goto(shop.url)
    shop.launcher.click()
    expect(shop.chat).to_contain_text("No connection")
    page.unroute_all()


ROUTER = """
window.routed = [];
addEventListener("popstate", () => routed.push(location.pathname));
window.go = (path) => { history.pushState({page: path}, "", path); };
"""


def test_back_on_a_phone_closes_the_chat(
    site: EmbeddingSite, new_context: MakeContext
) -> None:
    page = new_context(**PHONE).new_page()
    page.goto(site.add("/before"))
    router = site.add_script("/router.js", ROUTER)
    shop = opened(page, site.add("/phone", site.tag + router))
    page.go_back()
    expect(shop.chat).to_be_hidden()
    assert page.url == site.url("/phone")
    page.go_forward()
    expect(shop.chat).to_be_visible()
    shop.chat.get_by_role("button", name=CLOSE).click()
    expect(shop.chat).to_be_hidden()
    page.wait_for_function("!history.state")
    # The shop's own router has heard of none of that.
    assert page.evaluate("routed") == []
    # From the page: the test's own way back may not know of the move before yet.
    page.evaluate("history.back()")
    # Not by a load: the browser may bring the page back as it was.
    expect(page).to_have_url(site.url("/before"))


def test_router_of_the_shop_keeps_its_history(
    site: EmbeddingSite, new_context: MakeContext
) -> None:
    page = new_context(**PHONE).new_page()
    site.add("/other")
    router = site.add_script("/router.js", ROUTER)
    page.goto(site.add("/router", router + site.tag))
    page.evaluate("go('/one')")
    shop = ShopPage(page, page.url)
    shop.launcher.click()
    expect(shop.texts.first).to_be_visible()
    assert page.evaluate("history.state.page") == "/one"
    # The page closes the chat and navigates: going back would undo that.
    place = page.evaluate("navigation.currentEntry.index")
    page.evaluate("TandemChat.close()")
    page.wait_for_function("!history.state.tandemChat")
    assert page.evaluate("navigation.currentEntry.index") == place
    page.evaluate("go('/two')")
    expect(shop.chat).to_be_hidden()
    assert page.url == site.url("/two")
    page.go_back()
    page.wait_for_function("location.pathname === '/one'")
    expect(shop.chat).to_be_hidden()
    assert page.evaluate("[routed, history.state]") == [["/one"], {"page": "/one"}]
