"""Pages, their headers, health and the API's own documentation."""

import gzip
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
import yaml
from fastapi import FastAPI

from handoff_bridge.brand_file import load_brand
from handoff_bridge.edges import pages
from handoff_bridge.edges.headers import SafeHeaders
from handoff_bridge.settings import TEXTS_DIR
from handoff_bridge.texts import launcher_words
from tests.bridge.conftest import free_port, settings_for
from tests.bridge.support import House, ScriptedAssistant, serving
from tests.bridge.support.refusals import http_refused


@pytest.fixture
def built(tmp_path: Path) -> httpx.AsyncClient:
    """The pages as a build leaves them."""
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    for name in ("shop", "inbox", "reports", "admin", "docs"):
        (dist / f"{name}.html").write_text(f"<title>{name}</title>")
    (dist / "widget.js").write_text("export {}")
    (dist / "assets" / "app.css").write_text("body {}")
    return pages_of(dist)


def pages_of(dist: Path) -> httpx.AsyncClient:
    app = FastAPI(docs_url=None)
    pages.add_pages(app, dist, load_brand(), max_upload_bytes=1000)
    transport = httpx.ASGITransport(SafeHeaders(app))
    return httpx.AsyncClient(transport=transport, base_url="http://bridge")


def policy_of(response: Any) -> dict[str, str]:
    policy = response.headers["content-security-policy"]
    return {
        rule.split(maxsplit=1)[0]: rule.split(maxsplit=1)[1]
        for rule in (part.strip() for part in policy.split(";"))
    }


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/", "shop"),
        ("/inbox", "inbox"),
        ("/reports", "reports"),
        ("/admin", "admin"),
        ("/docs", "docs"),
    ],
)
async def test_page_keeps_to_itself(
    built: httpx.AsyncClient, address: str, name: str
) -> None:
    page = await built.get(address)
    assert page.status_code == 200
    assert page.text == f"<title>{name}</title>"
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"
    policy = policy_of(page)
    assert policy["default-src"] == policy["script-src"] == policy["style-src"]
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    ours = "'self'" if address == "/" else "'none'"
    assert policy["frame-ancestors"] == ours
    assert policy["object-src"] == policy["base-uri"] == "'none'"
    # No other hosts, and no scheme that stands for all of them.
    named = set(" ".join(policy.values()).split())
    assert named == {"'self'", "'none'", "blob:", "data:"}
    assert "unsafe" not in page.headers["content-security-policy"]


async def test_widget_is_a_script_for_any_page(built: httpx.AsyncClient) -> None:
    script = await built.get("/widget.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert (await built.get("/assets/app.css")).status_code == 200


async def test_pages_that_are_not_built_say_so(tmp_path: Path) -> None:
    page = await pages_of(tmp_path / "missing").get("/inbox")
    assert page.status_code == 503
    assert "make setup" in page.text


async def test_every_answer_has_the_headers(house: House) -> None:
    await house.login("maria")
    for path in ("/healthz", "/api/v1/auth/me", "/openapi.json", "/nothing"):
        answer = await house.http.get(f"{house.url}{path}")
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert policy_of(answer)["frame-ancestors"] == "'self'", path
        asked = answer.headers["permissions-policy"].split(", ")
        assert {"camera=()", "geolocation=()", "microphone=()"} <= set(asked), path


async def test_documentation_needs_nothing_from_elsewhere(house: House) -> None:
    docs = await house.http.get(f"{house.url}/docs")
    assert docs.status_code == 200
    named = re.findall(r'(?:src|href)="([^"]+)"', docs.text)
    assert len(named) >= 3
    for address in named:
        assert address.startswith("/"), address
        asset = await house.http.get(f"{house.url}{address}")
        assert asset.status_code == 200, address
    assert "://" not in re.sub(r"<!--.*?-->", "", docs.text)
    schema = (await house.http.get(f"{house.url}/openapi.json")).json()
    assert "/api/v1/handoffs/{handoff_id}" in schema["paths"]
    assert "/inbox" not in schema["paths"]


async def test_metrics_are_not_on_the_public_address(house: House) -> None:
    answer = await house.http.get(f"{house.url}/metrics")
    http_refused(answer, 404, "not_found")


async def test_alive_says_nothing_but_that(house: House) -> None:
    answer = await house.http.get(f"{house.url}/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


def healthy(path: str) -> FastAPI:
    app = FastAPI()
    app.get(path)(lambda: {"status": "ok"})
    return app


async def test_ready_once_all_have_answered_then_the_database_decides(
    sqlite_url: str,
    assistant: ScriptedAssistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ports = {"actions_port": free_port(), "backoffice_port": free_port()}
    settings = settings_for(sqlite_url, assistant.port, tmp_path, **ports)
    async with House.open(settings, assistant) as house:

        async def ready() -> tuple[int, Any]:
            answer = await house.http.get(f"{house.url}/readyz")
            return answer.status_code, answer.json()

        both = ["action_server", "back_office"]
        assert await ready() == (503, {"ok": False, "degraded": both})
        async with serving(healthy("/health"), ports["actions_port"]):
            one = {"ok": False, "degraded": ["back_office"]}
            assert await ready() == (503, one)
            async with serving(healthy("/healthz"), ports["backoffice_port"]):
                assert await ready() == (200, {"ok": True, "degraded": []})
        assert await ready() == (200, {"ok": True, "degraded": both})
        # The address of the database leads nowhere from here on.
        monkeypatch.setattr("handoff_bridge.store.database.sa.text", no_database)
        status, body = await ready()
        assert (status, body["ok"]) == (503, False)
        assert body["degraded"] == ["database", *both]


async def test_full_disk_is_not_ready(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    """On a disk of one megabyte, filled up while the bridge runs."""
    ports = {"actions_port": free_port(), "backoffice_port": free_port()}
    small = tmp_path / "small"
    with small_disk(small):
        settings = settings_for(
            sqlite_url, assistant.port, small, **ports, min_free_bytes=0
        )
        async with (
            House.open(settings, assistant) as house,
            serving(healthy("/health"), ports["actions_port"]),
            serving(healthy("/healthz"), ports["backoffice_port"]),
        ):

            async def ready() -> tuple[int, Any]:
                answer = await house.http.get(f"{house.url}/readyz")
                return answer.status_code, answer.json()

            assert await ready() == (200, {"ok": True, "degraded": []})
            with suppress(OSError):
                (small / "filler").write_bytes(bytes(2**20))
            assert await ready() == (503, {"ok": False, "degraded": ["disk"]})
            (small / "filler").unlink()
            assert await ready() == (200, {"ok": True, "degraded": []})


async def test_nearly_full_disk_is_not_ready(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    settings = settings_for(sqlite_url, assistant.port, tmp_path, min_free_bytes=2**62)
    async with House.open(settings, assistant) as house:
        answer = await house.http.get(f"{house.url}/readyz")
        assert answer.status_code == 503
        assert "disk" in answer.json()["degraded"]


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("This user may not mount a small disk.")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def no_database(_statement: str) -> None:
    raise OSError("no route to the database")


async def test_assets_with_a_hash_are_kept_for_ever_and_others_are_not(
    tmp_path: Path,
) -> None:
    assets = tmp_path / "assets"
    assets.mkdir()
    for name in ("shop-NhWkE4zc.js", "shop-B_fPecmW.css", "logo.svg", "theme.js"):
        (assets / name).write_text("x")
    served = pages_of(tmp_path)
    for name in ("shop-NhWkE4zc.js", "shop-B_fPecmW.css"):
        kept = (await served.get(f"/assets/{name}")).headers["cache-control"]
        assert kept == "public, max-age=31536000, immutable"
    for name in ("logo.svg", "theme.js"):
        assert "cache-control" not in (await served.get(f"/assets/{name}")).headers


async def test_page_from_before_an_update_gets_the_file_of_now(tmp_path: Path) -> None:
    assets = tmp_path / "assets"
    assets.mkdir()
    for name in ("chat-NhWkE4zc.js", "chat-form-B_fPecmW.js", "chat-form-AAAAAAAA.css"):
        (assets / name).write_text(name)
    served = pages_of(tmp_path)
    for asked, given in (
        ("chat-old-hash.js", "chat-NhWkE4zc.js"),
        ("chat-form-abcd1234.js", "chat-form-B_fPecmW.js"),
    ):
        answer = await served.get(f"/assets/{asked}")
        assert (answer.status_code, answer.text) == (200, given)
        # That address belongs to another file.
        assert answer.headers["cache-control"] == "no-cache"
    for unknown in ("inbox-abcd1234.js", "chat.js", "chat-abcd1234.map"):
        assert (await served.get(f"/assets/{unknown}")).status_code == 404
    (assets / "chat-zzzzzzzz.js").write_text("two builds in one folder")
    assert (await served.get("/assets/chat-old-hash.js")).status_code == 404


async def on_the_wire(house: House, path: str) -> tuple[int, str]:
    """What an answer weighs as browsers get it, and what is in it."""
    asked = {"Accept-Encoding": "gzip"}
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        session.get(f"{house.url}{path}", headers=asked) as answer,
    ):
        sent = await answer.read()
    assert answer.status == 200, path
    packed = answer.headers.get("content-encoding") == "gzip"
    return len(sent), (gzip.decompress(sent) if packed else sent).decode()


async def test_the_widget_is_small_on_the_wire(house: House) -> None:
    """The loader on every page, and the chat with what it imports on opening."""
    small, loader = await on_the_wire(house, "/widget.js")
    assert 2_000 < small <= 8_000
    [chat] = re.findall(r"assets/chat-[\w-]{8}\.js", loader)
    large, code = await on_the_wire(house, f"/{chat}")
    for part in re.findall(r'from"\./([\w-]+\.js)"', code):
        large += (await on_the_wire(house, f"/assets/{part}"))[0]
    assert 20_000 < large <= 55_000


async def test_the_chat_s_module_is_for_any_page_and_kept(house: House) -> None:
    _, loader = await on_the_wire(house, "/widget.js")
    [chat] = re.findall(r"assets/chat-[\w-]{8}\.js", loader)
    answer = await house.http.get(
        f"{house.url}/{chat}", headers={"Origin": "https://elsewhere.example"}
    )
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "immutable" in answer.headers["cache-control"]


async def test_page_is_told_whether_its_origin_may_use_the_chat(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    shop = "https://shop.example"
    settings = settings_for(
        sqlite_url, assistant.port, tmp_path, allowed_origins=[shop]
    )
    async with House.open(settings, assistant) as house:
        for origin, allowed in (
            (shop, True),
            (house.url, True),
            ("https://shop.example:444", False),
            ("http://shop.example", False),
            ("https://shop.example.evil.example", False),
            ("null", False),
        ):
            answer = await house.http.get("/embedding", headers={"Origin": origin})
            assert answer.json() == {"allowed": allowed, "origin": origin}
            named = answer.headers["access-control-allow-origin"]
            assert named in ("*", origin), origin
            assert "access-control-allow-credentials" not in answer.headers
        assert (await house.http.get("/embedding")).json() == {"allowed": True}


def test_launcher_speaks_the_brand_s_languages(tmp_path: Path) -> None:
    brand = tmp_path / "brand.yml"
    brand.write_text("company: Ex & Co\nlanguages: [fr, en]\n")
    words = launcher_words(load_brand(brand))
    assert [*words] == ["fr", "en"]
    assert words["en"]["name"] == "Chat with Ex & Co"
    assert words["fr"]["direction"] == "ltr"


@pytest.mark.parametrize("path", sorted(TEXTS_DIR.glob("*.yml")))
def test_launcher_s_words_are_whole(path: Path) -> None:
    words = yaml.safe_load(path.read_text("utf-8"))["launcher"]
    assert {*words} == {"label", "name", "unread", "failed"}
    assert "{company}" in words["name"]
    assert all("{count}" in form for form in words["unread"].values())
