"""brand.yml: what stands in it is seen, and what is wrong in it has file and line."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter
from typer.testing import CliRunner

from handoff_bridge.brand import Brand
from handoff_bridge.brand_file import InvalidBrand, load_brand
from handoff_bridge.cli import cli
from handoff_bridge.colours import DarkPalette, LightPalette, contrast, mix
from handoff_bridge.packet.redaction import redact, redact_object
from handoff_bridge.settings import BRAND_FILE
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant

ROOT = Path(__file__).resolve().parents[2]
OTHER = ROOT / "tests" / "bridge" / "support" / "bank" / "brand.yml"
SOURCES = ("handoff_bridge/handoff_bridge", "handoff_bridge/texts")
PAGES = "handoff_bridge/web"
KINDS = {".py", ".yml", ".ts", ".tsx", ".css", ".html", ".svg", ".js"}


def test_every_brand_here_is_sound() -> None:
    assert load_brand(BRAND_FILE).company == "Harbour & Pine"
    assert load_brand(OTHER).assistant == "Ada"


def test_missing_file_is_a_neutral_brand(tmp_path: Path) -> None:
    brand = load_brand(tmp_path / "brand.yml")
    assert brand.company and brand.assistant
    assert brand.languages[0] == "en"
    assert {brand.logo.rpartition("/")[2], str(brand.symbol).rpartition("/")[2]} == {
        *brand.files
    }


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("company:", "firm:", 1, "there is no such key"),
        ("company:", "compani:", 1, "is it 'company'"),
        ("company: Torvald Bank", "company: [1]", 1, "valid string"),
        ("company: Torvald Bank", "company: 'Torvald {Bank}'", 1, "no braces"),
        ('accent: "#7a1f5c"', "accent: #7a1f5c", 6, "in quotes"),
        ('accent: "#7a1f5c"', "accent: plum", 6, "in quotes"),
        ('"#7a1f5c"', '"#f0c0e0"', 6, "a contrast of 1.6; it needs 4.5"),
        ('"#e3a9cd"', '"#5a2a4a"', 8, "colours.dark.accent"),
        ('  dark:\n    accent: "#e3a9cd"\n', "", 4, "colours.dark: it is missing"),
        ("Europe/Stockholm", "Europe/Atlantis", 10, "no time zone 'Europe/Atlantis'"),
        ("[en, de, es]", "[en, tlh]", 9, "'tlh' is none of the languages here: en,"),
        (r"'TB\d{12}'", "'TB('", 11, "no regular expression: missing )"),
        (r"'TB\d{12}'", r"'\d+'", 11, "fits a card number"),
        ("logo: mark.svg", "logo: gone.svg", 3, "there is no file 'gone.svg'"),
        ("logo: mark.svg", "logo: brand.yml", 3, "neither .svg nor .png"),
        ("{name} from the bank", "{who}", 15, "nothing fills {who}; there are {"),
        ("  en:\n", "  ja:\n", 13, "'ja' is none of the languages"),
        ("icon: safety", "icon: bomb", 26, "'delivery', 'return' or 'safety'"),
        ("company: Torvald Bank", "company: [", 3, "no YAML"),
        ("company: Torvald Bank\n", "", 1, ""),
    ],
)
def test_mistake_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    text = OTHER.read_text("utf-8")
    assert old in text
    path = tmp_path / "brand.yml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    (tmp_path / "mark.svg").write_bytes((OTHER.parent / "mark.svg").read_bytes())
    if not said:
        assert load_brand(path).company == "Example Shop"
        return
    with pytest.raises(InvalidBrand) as refused:
        load_brand(path)
    told = str(refused.value).splitlines()
    assert said in told[0]
    assert told[0].startswith(f"{path}:{line}: ")


PRIVACY = """company: A
languages: [en, de]
privacy:
  link: https://a.example/privacy
  kept:
    en: We keep it.
    de: Wir heben es auf.
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("https://", "http://", 4, "no address that begins with https://"),
        ("https://a", "javascript:a", 4, "no address that begins with https://"),
        ("https://a", "https://a@b", 4, "no address that begins with https://"),
        ("    de: Wir heben es auf.\n", "", 3, "'kept' has no sentence in de"),
        ("de: Wir", "tlh: Wir", 7, "'tlh' is none of the languages"),
        ("We keep it", "We " + "k" * 200, 6, "at most 200"),
        ("link:", "url:", 4, "there is no such key"),
        ("  link: https://a.example/privacy\n", "", 3, "privacy.link: it is missing"),
    ],
)
def test_privacy_line_is_checked_where_it_stands(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    path = tmp_path / "brand.yml"
    path.write_text(PRIVACY, "utf-8")
    privacy = load_brand(path).privacy
    assert privacy is not None
    assert privacy.kept["de"] == "Wir heben es auf."
    path.write_text(PRIVACY.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidBrand) as refused:
        load_brand(path)
    told = str(refused.value)
    assert said in told
    assert f"{path}:{line}: " in told


async def words(house: House, language: str) -> dict[str, Any]:
    answer = await house.get(f"/texts/{language}/widget", "none")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_privacy_line_comes_with_the_widgets_words_alone(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    path = tmp_path / "brand.yml"
    path.write_text(PRIVACY, "utf-8")
    settings = settings_for(sqlite_url, assistant.port, tmp_path, brand_file=path)
    async with House.open(settings, assistant) as house:
        link = "https://a.example/privacy"
        told = {"link": link, "kept": "Wir heben es auf."}
        assert (await words(house, "de"))["privacy"] == told
        # Who speaks none of the brand's languages gets its first.
        told = {"link": link, "kept": "We keep it."}
        assert (await words(house, "fr"))["privacy"] == told
        brand = await house.get("/brand", "none")
        assert "privacy" not in brand.json()


async def test_brand_without_a_privacy_line_has_none(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    settings = settings_for(sqlite_url, assistant.port, tmp_path, brand_file=OTHER)
    async with House.open(settings, assistant) as house:
        assert "privacy" not in await words(house, "en")


@pytest.mark.parametrize("command", ["serve", "seed"])
def test_bridge_does_not_start_with_a_broken_brand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    path = tmp_path / "brand.yml"
    path.write_text("company: A\nassistent: B\n", "utf-8")
    settings = {
        "BRAND_FILE": str(path),
        "DATA_DIR": str(tmp_path),
        "SERVICE_TOKEN": "a-token-of-the-tests",
        "SECRET_KEY": "a-secret-key-of-the-tests",
        "IDENTITY_SECRET": "an-identity-secret-of-tests",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    ended = CliRunner().invoke(cli, [command])
    assert ended.exit_code == 2
    assert f"{path}:2: assistent: there is no such key; is it" in ended.output


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


@pytest.mark.parametrize("accent", ["#000000", "#7a1f5c", "#004fb3", "#8a4b00"])
def test_what_follows_from_an_accent_can_be_read(accent: str) -> None:
    TypeAdapter(LightPalette).validate_python({"accent": accent})


def test_grounds_are_those_of_the_pages() -> None:
    css = (ROOT / PAGES / "src/shared/tokens.css").read_text("utf-8")
    found = re.findall(r"--(ground[\w-]*|text): light-dark\((#\w+), (#\w+)\)", css)
    light = {name: one for name, one, _ in found}
    dark = {name: other for name, _, other in found}
    for palette, tokens in ((LightPalette, light), (DarkPalette, dark)):
        strong = tokens["ground-strong"]
        assert {*palette.grounds, strong} == {
            value for name, value in tokens.items() if name != "text"
        }
        assert palette.text == tokens["text"]


CARD = "4111111111111111"


def test_reference_number_is_no_card_number() -> None:
    brand = Brand.model_validate(
        {"reference": r"TX-\d{16}"}, context={"folder": ROOT, "files": {}}
    )
    pattern = brand.reference_pattern
    text = f"my card payment tx-{CARD} is wrong"
    assert redact(text).kinds == ("card",)
    assert redact(text, reference=pattern).kinds == ()
    assert redact(f"{text}, {CARD}", reference=pattern).kinds == ("card",)
    evidence = {"slots": {"card payment": f"TX-{CARD}", "card": CARD}}
    kept = redact_object(evidence, reference=pattern)
    assert f"TX-{CARD}" in str(kept)
    assert "ends in 1111" in str(kept)


def test_reference_that_fits_a_part_of_a_card_hides_no_card() -> None:
    for digits in (CARD, "4111 1111 1111 1111"):
        found = redact(f"card {digits}", reference=re.compile(r"\d{4}"))
        assert found.kinds == ("card",)


@pytest.fixture
async def other(sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path) -> Any:
    settings = settings_for(sqlite_url, assistant.port, tmp_path, brand_file=OTHER)
    async with House.open(settings, assistant) as opened:
        yield opened


async def test_brand_is_public(other: House) -> None:
    answer = (await other.http.get("/brand")).json()
    assert (answer["company"], answer["assistant"]) == ("Torvald Bank", "Ada")
    assert answer["colours"]["light"]["accent"] == "#7a1f5c"
    assert answer["shop_page"]["pledges"][0]["icon"] == "safety"
    assert not {"reference", "voice", "help_lines"} & set(answer)
    logo = await other.http.get(f"{other.url}{answer['logo']}")
    assert logo.headers["content-type"] == "image/svg+xml"
    assert "immutable" in logo.headers["cache-control"]
    assert logo.content == (OTHER.parent / "mark.svg").read_bytes()
    assert (await other.http.get("/brand/files/brand.yml")).status_code == 404


@pytest.mark.parametrize("path", ["/", "/inbox", "/reports", "/docs", "/widget.js"])
async def test_pages_carry_the_brand(other: House, path: str) -> None:
    page: httpx.Response = await other.http.get(f"{other.url}{path}")
    assert page.status_code == 200
    assert "Torvald Bank" in page.text
    for word in ("{company}", "{logo}", "Harbour", "Pine"):
        assert word not in page.text


async def test_customer_hears_the_brand(other: House, assistant: Any) -> None:
    customer = await other.customer()
    await customer.say("hello")
    await customer.hears("I'm Ada, Torvald Bank's automated assistant")
    german = await other.customer(locale="de")
    await german.say("hallo")
    await german.hears("ich bin Ada, der automatische Assistent von Torvald Bank")
    # A language of the bridge that is none of this brand's.
    french = await other.customer(locale="fr")
    await french.say("bonjour")
    await french.hears("I'm Ada")
    maria = await other.agent()
    await customer.ask_for_human()
    await maria.claim(await maria.queued())
    await customer.hears("Maria from the bank is here")


async def test_long_reference_number_reaches_assistant_and_log(
    other: House, assistant: ScriptedAssistant
) -> None:
    customer = await other.customer()
    typed = "visa transfer TB411111111111"
    await customer.say(typed)
    await customer.hears(f"You said: {typed}")


def sources() -> list[Path]:
    folders = [
        ROOT / folder for folder in (*SOURCES, f"{PAGES}/src", f"{PAGES}/public")
    ]
    found = [path for folder in folders for path in folder.rglob("*")]
    return [
        path
        for path in [*found, *(ROOT / PAGES).glob("*.html")]
        if path.suffix in KINDS
    ]


def test_no_source_names_the_brand() -> None:
    ours = load_brand()
    assert ours.shop_page and ours.shop_page.goods
    products = "|".join(re.escape(item.name) for item in ours.shop_page.goods.items)
    word = re.compile(rf"harbour|pine|(?-i:HP-)|{products}", re.IGNORECASE)
    assert len(sources()) > 100
    for path in sources():
        found = word.search(path.read_text("utf-8"))
        assert not found, f"{path.relative_to(ROOT)}: {found and found[0]}"
