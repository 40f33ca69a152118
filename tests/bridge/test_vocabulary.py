"""Names are the field's: the private words that stood here once do not come back."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "handoff_bridge" / "handoff_bridge"
PAGES = ROOT / "handoff_bridge" / "web" / "src"
DOCS = ROOT / "docs"
# Classes, functions and modules; each has a standard name now.
PRIVATE_NAMES = re.compile(
    r"\b(?:\w*Brain\w*|Teller|Notice|Attendance|Desk|Taken|Ending|Held|"
    r"somebody_there|everyone_offline|take_up|lease_oldest|owed?|"
    r"handing_off|may_read|DEEDS|MACHINERY|CHATTER|tether|companions|sweep)\b|"
    r"\bclass (?:Unit|Conversations|Said|Ask)\b|\bdef settle|"
    r"\bclass Shop\b"
)
# Headings of the packet as agents read it.
PACKET_HEADINGS = ("Why you", "So far", "Standing", "Steps Pine took")


def test_the_bridge_uses_none_of_the_private_names() -> None:
    sources = sorted(PACKAGE.rglob("*.py"))
    assert len(sources) > 100
    for path in sources:
        if path.name == "payment_card_words.py":
            continue  # `Said` there is what the words beside a number say
        found = PRIVATE_NAMES.search(path.read_text(encoding="utf-8"))
        assert not found, f"{path.relative_to(ROOT)}: {found and found[0]}"


def test_a_turn_is_rasas_and_a_row_of_the_queue_a_job() -> None:
    for path in sorted((PACKAGE / "service").rglob("*.py")):
        found = re.search(r"\bturns?: (?:\w+\[)?Job\b", path.read_text("utf-8"))
        assert not found, f"{path.relative_to(ROOT)}: {found and found[0]}"


def test_agents_read_none_of_them_either() -> None:
    pages = sorted(PAGES.rglob("*.tsx"))
    assert pages
    for path in pages:
        text = path.read_text(encoding="utf-8")
        for heading in PACKET_HEADINGS:
            assert f">{heading}<" not in text, path.relative_to(ROOT)


def test_the_docs_name_no_module_that_is_gone() -> None:
    named = re.compile(r"`((?:service|store|packet|conversation|edges)/\w+\.py)")
    for path in sorted(DOCS.rglob("*.md")):
        for module in named.findall(path.read_text(encoding="utf-8")):
            assert (PACKAGE / module).exists(), f"{path.name}: {module}"
