"""Help articles over HTTP: found, read and counted, by anybody, in any state."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from handoff_bridge.service.self_service import figures_of, interval
from handoff_bridge.store.help import MAX_SEARCHES, Read, add_missed, prune
from handoff_bridge.store.tables import help_reads, help_searches
from tests.bridge.conftest import free_port, settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.refusals import http_refused
from tests.bridge.test_articles import article, write

HOSTILE = "<script>alert(1)</script> {dir} <!--page--> <b>x</b> ‮evil"
HTML = {"accept-language": "en"}


def folder_of(tmp_path: Path) -> Path:
    return write(
        tmp_path / "articles",
        {
            "pump.md": article(
                "The pump", "It waits for water.\n\n## Details\n\n* Prime it."
            ),
            "de/pump.md": "---\ntitle: Die Pumpe\n---\nSie wartet auf Wasser.\n",
            "lamp.md": article("The lamp", "It glows.", keywords="E-1042"),
            "odd.md": article("'<i>odd</i> {lang}'", HOSTILE.replace("{dir}", "dir")),
            "topics.yml": "topics:\n- title: {en: Water, de: Wasser}\n"
            "  articles: [pump]\n",
        },
    )


@pytest.fixture
async def help_house(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> Any:
    """A bridge whose assistant is down, with articles of its own."""
    settings = settings_for(
        sqlite_url,
        free_port(),
        tmp_path,
        articles_dir=folder_of(tmp_path),
        allowed_origins=["https://shop.example"],
    )
    async with House.open(settings, assistant) as opened:
        yield opened


async def found(house: House, q: str = "", **more: Any) -> list[dict[str, Any]]:
    answer = await house.http.get("/articles", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    articles: list[dict[str, Any]] = answer.json()["articles"]
    return articles


async def page(house: House, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=house.url, trust_env=False) as client:
        return await client.get(path, headers=headers or HTML)


async def read(house: House, article_id: str = "pump", token: str = "") -> str:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = await house.http.post(
        f"/articles/{article_id}/reads", json={"place": "panel"}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    read_id: str = answer.json()["read_id"]
    return read_id


async def helped(house: House, read_id: str, yes: bool) -> httpx.Response:
    path = f"/articles/reads/{read_id}/answer"
    return await house.http.post(path, json={"helped": yes})


async def report(house: House) -> dict[str, Any]:
    token = (await house.login("dana"))["token"]
    answer = await house.get("/reports/self-service", token)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def reading(house: House) -> Any:
    assert house.bridge is not None
    return house.bridge.database.read()


# Search and reading.


async def test_articles_are_found_and_read_while_the_assistant_is_down(
    help_house: House,
) -> None:
    [one] = await found(help_house, "pump")
    assert one["id"] == "pump"
    assert one["address"] == "/help/pump"
    assert one["excerpt"] == [{"text": "It waits for water."}]
    [coded] = await found(help_house, "E-1042")
    assert coded["id"] == "lamp"
    answer = (await help_house.http.get("/articles/pump")).json()
    assert answer["html"].startswith("<p>It waits for water.</p>\n<h2>Details</h2>")
    assert (answer["language"], answer["languages"]) == ("en", ["en", "de"])


async def test_language_is_asked_for_or_the_browser_s_and_falls_back(
    help_house: House,
) -> None:
    [german] = await found(help_house, "wasser", language="de-AT")
    assert (german["title"], german["language"]) == ("Die Pumpe", "de")
    [untranslated] = await found(help_house, "lamp", language="de")
    assert untranslated["language"] == "en"
    for unknown in ("xx", "", "zh-Hant", "../en", "\N{PILE OF POO}"):
        assert (await found(help_house, "pump", language=unknown))[0]["id"] == "pump"
    header = {"Accept-Language": "ja, de;q=0.8, en;q=0.5"}
    answer = await help_house.http.get("/articles/pump", headers=header)
    assert answer.json()["title"] == "Die Pumpe"


async def test_without_words_all_are_listed_the_most_read_first(
    help_house: House,
) -> None:
    await read(help_house, "pump")
    assert [one["id"] for one in await found(help_house)][0] == "pump"
    assert len(await found(help_house, limit=2)) == 2


@pytest.mark.parametrize(
    "q", ["\0", ".*(+[", "%' OR 1=1 --", "🙂", "مرحبا", "½⑫", "‮pump", "x" * 200]
)
async def test_odd_words_find_what_they_find(help_house: House, q: str) -> None:
    await found(help_house, q)
    assert (await page(help_house, f"/help?q={httpx.QueryParams({'q': q})}")).is_success


async def test_words_beyond_the_bound_are_refused_or_cut(help_house: House) -> None:
    answer = await help_house.http.get("/articles", params={"q": "x" * 10_000})
    http_refused(answer, 400, "bad_request")
    long = await page(help_house, f"/help?q={'x' * 10_000}")
    assert long.status_code == 200
    assert "x" * 201 not in long.text


async def test_an_article_removed_since_it_was_found_says_so(
    help_house: House,
) -> None:
    [one] = await found(help_house, "lamp")
    (help_house.settings.articles_dir / "lamp.md").unlink()
    assert help_house.bridge is not None
    await help_house.bridge.help.refresh()
    gone = await help_house.http.get(f"/articles/{one['id']}")
    http_refused(gone, 404, "unknown_article")
    missing = await page(help_house, one["address"])
    assert missing.status_code == 404
    assert "This article is not here any more" in missing.text
    assert 'role="search"' in missing.text
    answer = await help_house.http.post(
        f"/articles/{one['id']}/reads", json={"place": "page"}
    )
    http_refused(answer, 404, "unknown_article")


async def test_a_broken_article_leaves_those_that_hold(help_house: House) -> None:
    (help_house.settings.articles_dir / "lamp.md").write_text("nothing of the kind")
    assert help_house.bridge is not None
    await help_house.bridge.help.refresh()
    assert [one["id"] for one in await found(help_house, "lamp")] == ["lamp"]


async def test_each_address_has_limits(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    settings = settings_for(
        sqlite_url,
        assistant.port,
        tmp_path,
        articles_dir=folder_of(tmp_path),
        message_limits="3/minute",
    )
    async with House.open(settings, assistant) as house:
        for _ in range(3):
            await found(house, "pump")
        http_refused(await house.http.get("/articles"), 429, "rate_limited")
        http_refused(await page(house, "/help"), 429, "rate_limited")


async def test_other_sites_may_ask_if_they_are_allowed(help_house: House) -> None:
    for origin, allowed in (
        ("https://shop.example", True),
        ("https://e.example", False),
    ):
        answer = await help_house.http.get("/articles", headers={"Origin": origin})
        assert ("access-control-allow-origin" in answer.headers) == allowed
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type",
        }
        path = "/articles/pump/reads"
        preflight = await help_house.http.options(path, headers=asked)
        assert (preflight.status_code == 200) == allowed


# Pages.


def attributes(html: str, tag: str) -> list[dict[str, str]]:
    return [
        dict(re.findall(r'([\w-]+)="([^"]*)"', found))
        for found in re.findall(rf"<{tag}\b([^>]*)>", html)
    ]


async def test_pages_are_whole_without_scripts(help_house: House) -> None:
    german = await page(help_house, "/help/pump?language=de")
    assert german.status_code == 200
    assert german.headers["cache-control"] == "no-cache"
    assert "Accept-Language" in german.headers["vary"]
    assert "script-src 'self'" in german.headers["content-security-policy"]
    [root] = attributes(german.text, "html")
    assert root == {"lang": "de", "dir": "ltr"}
    assert "<h1>Die Pumpe</h1>" in german.text
    assert "<p>Sie wartet auf Wasser.</p>" in german.text
    assert "Hat das Ihre Frage beantwortet?" in german.text
    assert "<title>Die Pumpe –" in german.text
    links = {
        one.get("hreflang", one.get("rel")): one
        for one in attributes(german.text, "link")
    }
    base = help_house.settings.public
    assert links["canonical"]["href"] == f"{base}/help/pump?language=de"
    assert links["en"]["href"] == f"{base}/help/pump?language=en"
    assert links["x-default"]["href"] == f"{base}/help/pump"
    assert "fr" not in links, "not translated"
    for inline in ("style=", "onclick", "<style", "<script>"):
        assert inline not in german.text


async def test_an_untranslated_article_is_marked_as_such(help_house: House) -> None:
    french = await page(help_house, "/help/pump?language=fr")
    [article_tag] = attributes(french.text, "article")
    assert article_tag["lang"] == "en"
    assert "pas encore traduit" in french.text
    base = help_house.settings.public
    assert f'rel="canonical" href="{base}/help/pump?language=en"' in french.text


async def test_the_index_has_search_topics_and_the_rest(help_house: House) -> None:
    index = await page(help_house, "/help?language=de")
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", index.text)
    assert headings == ["Wasser", "Weitere Artikel"]
    assert "canonical" in index.text
    results = await page(help_house, "/help?q=glow&language=en")
    assert 'name="robots" content="noindex"' in results.text
    assert "canonical" not in results.text
    assert "/help/lamp?language=en" in results.text
    nothing = await page(help_house, "/help?q=zebra&language=en")
    assert "No article was found for “zebra”" in nothing.text


async def test_hostile_text_is_drawn_as_text(help_house: House) -> None:
    for path in ("/help/odd", "/help", "/help?q=odd", f"/help?q={HOSTILE}"):
        html = (await page(help_house, path)).text
        assert "<script>alert" not in html, path
        assert "<i>" not in html and "<b>" not in html, path
    html = (await page(help_house, "/help/odd")).text
    assert "&lt;i&gt;odd&lt;/i&gt; {lang}" in html, "what is filled in holds no places"
    assert html.count('<main id="content"') == 1
    quoted = await page(help_house, '/help?q="><script>alert(1)</script>')
    assert "<script>alert" not in quoted.text
    assert 'value="&#34;&gt;&lt;script&gt;' in quoted.text


async def test_the_brand_s_colours_need_no_script(help_house: House) -> None:
    sheet = await page(help_house, "/brand.css")
    assert sheet.headers["content-type"].startswith("text/css")
    brand = (await help_house.http.get("/brand")).json()["colours"]
    accent = (
        f"--accent:light-dark({brand['light']['accent']},{brand['dark']['accent']})"
    )
    assert accent in sheet.text
    for token in ("accent-hover", "accent-soft", "on-accent", "focus", "own", "on-own"):
        assert f"--{token}:" in sheet.text


# What is counted.


async def test_readings_and_answers_are_counted_without_names(
    help_house: House,
) -> None:
    first, second = await read(help_house), await read(help_house)
    assert (await helped(help_house, first, True)).status_code == 200
    await helped(help_house, second, True)
    await helped(help_house, second, False)
    http_refused(await helped(help_house, "unknown", True), 404, "unknown_article")
    http_refused(
        await help_house.http.post("/articles/pump/reads", json={"place": "moon"}),
        400,
        "bad_request",
    )
    found_report = await report(help_house)
    [row] = found_report["articles"]
    assert row == {
        "id": "pump",
        "title": "The pump",
        "reads": 2,
        "helped": 1,
        "not_yet": 1,
    }
    figures = {one["key"]: one for one in found_report["figures"]}
    assert figures["articles_read"]["value"] == 2
    said = figures["articles_helped"]
    assert (said["value"], said["share"]) == (None, {"part": 1, "whole": 2})
    async with reading(help_house) as tx:
        rows = (await tx.execute(sa.select(help_reads))).mappings().all()
    assert all(row["conversation_id"] is None for row in rows)


async def test_a_reading_with_a_session_has_its_chat(
    help_house: House,
) -> None:
    customer = await help_house.customer()
    await read(help_house, token=customer.session_id)
    await read(help_house, token="nobody's")
    async with reading(help_house) as tx:
        chats = (await tx.execute(sa.select(help_reads.c.conversation_id))).scalars()
        assert [one is not None for one in chats.all()] == [True, False]


async def test_a_browser_without_scripts_answers_by_a_form(help_house: House) -> None:
    async with httpx.AsyncClient(base_url=help_house.url, trust_env=False) as client:
        path = "/help/pump/answer?language=de"
        answer = await client.post(path, data={"helped": "no"})
        assert answer.status_code == 303
        told = await client.get(answer.headers["location"])
        assert "Fragen Sie im Chat" in told.text
        for data in ({"helped": "maybe"}, {"helped": "x" * 5_000}, {}):
            refused = await client.post(path, data=data)
            assert refused.status_code == 400, data
    [row] = (await report(help_house))["articles"]
    assert (row["reads"], row["not_yet"]) == (1, 1)


async def test_searches_without_a_result_are_kept_without_secrets(
    help_house: House,
) -> None:
    for q in ("Zebra  stripes", "zebra stripes", "4111 1111 1111 1111 refused"):
        await found(help_house, q)
    for q in ("jo@example.com", "ring +44 20 7946 0958", "zz", "\0", "pump"):
        await found(help_house, q)
    searches = (await report(help_house))["searches"]
    assert [(one["text"], one["count"]) for one in searches] == [("zebra stripes", 2)]


async def test_no_flood_of_searches_is_kept(each_house: House) -> None:
    assert each_house.bridge is not None
    start = datetime(2026, 1, 1, tzinfo=UTC)
    async with each_house.bridge.database.write() as tx:
        for number in range(MAX_SEARCHES + 20):
            at = start + timedelta(seconds=number)
            await add_missed(tx, f"word {number}", "en", at)
        await prune(tx, start + timedelta(hours=1))
        rows = (await tx.execute(sa.select(help_searches.c.text))).scalars().all()
    assert len(rows) == MAX_SEARCHES
    assert "word 0" not in rows


async def test_readers_who_asked_nobody_are_told_from_those_who_did(
    each_house: House,
) -> None:
    house = each_house
    assert house.bridge is not None
    quiet, asks = await house.customer(), await house.customer()
    [article_id] = [one["id"] for one in await found(house, limit=1)]
    for customer in (quiet, asks):
        await read(house, article_id, customer.session_id)
    await asks.say("hello")
    await asks.hears("You said: hello")
    async with house.bridge.database.write() as tx:
        earlier = datetime.now(UTC) - timedelta(hours=25)
        await tx.execute(sa.update(help_reads).values(read_at=earlier))
    figures = {one["key"]: one for one in (await report(house))["figures"]}
    # Whoever wrote did so an hour too late to count.
    assert figures["read_and_asked_nobody"]["share"] == {"part": 2, "whole": 2}
    async with house.bridge.database.write() as tx:
        earlier = datetime.now(UTC) - timedelta(hours=24, seconds=-30)
        await tx.execute(sa.update(help_reads).values(read_at=earlier))
    figures = {one["key"]: one for one in (await report(house))["figures"]}
    assert figures["read_and_asked_nobody"]["share"] == {"part": 0, "whole": 0}


NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def read_of(chat: str | None, hours: float, said: bool | None = None) -> Read:
    at = NOW - timedelta(hours=hours)
    return Read("r", "a", "en", "page", chat, at, said)


@pytest.mark.parametrize(
    ("asked_hours_ago", "share"),
    [(None, (1, 1)), (30, (0, 1)), (47, (0, 1)), (49, (1, 1)), (23, (1, 1))],
)
def test_asking_counts_within_a_day_of_the_last_reading(
    asked_hours_ago: float | None, share: tuple[int, int]
) -> None:
    asked = [] if asked_hours_ago is None else [NOW - timedelta(hours=asked_hours_ago)]
    reads = [
        read_of("chat", 60),
        read_of("chat", 48),
        read_of(None, 48),
        read_of("new", 2),
    ]
    figure = figures_of(reads, {"chat": asked}, NOW)[2]
    assert figure.share is not None
    assert (figure.share.part, figure.share.whole) == share


def test_a_share_of_thirty_is_a_percentage_with_its_interval() -> None:
    few = [read_of(None, 1, True)] * 29
    assert figures_of(few, {}, NOW)[1].value is None
    many = figures_of([*few, read_of(None, 1, False)], {}, NOW)[1]
    assert many.value == 97
    assert many.share is not None and many.share.whole == 30
    assert (many.share.low, many.share.high) == interval(29, 30) == (83.3, 99.4)
    assert interval(0, 30)[0] == 0.0 and interval(30, 30)[1] == 100.0


async def test_old_readings_are_forgotten(help_house: House) -> None:
    await read(help_house)
    assert help_house.bridge is not None
    async with help_house.bridge.database.write() as tx:
        await prune(tx, datetime.now(UTC) + timedelta(days=91))
        assert not (await tx.execute(sa.select(help_reads))).all()
