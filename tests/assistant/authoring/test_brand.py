"""The names of brand.yml stand in what the assistant says, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from authoring.brand import read_brand
from authoring.importer import DesignersImporter

ROOT = Path(__file__).resolve().parents[3]
DOMAIN = """
version: "3.1"
slots:
  language:
    type: text
    mappings:
    - type: custom
responses:
  utter_who:
  - text: "I'm {assistant} of {company}, {agent}."
    buttons:
    - title: More about {company}
      payload: /more
"""
SPANISH = """
responses:
  utter_who:
  - text: "Soy {assistant} de {company}, {agent}."
    buttons: ["Más sobre {company}"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "translations" / "es").mkdir(parents=True)
    (tmp_path / "translations" / "es" / "who.yml").write_text(SPANISH, "utf-8")
    (tmp_path / "domain.yml").write_text(DOMAIN, "utf-8")
    return tmp_path


def said(project: Path) -> list[tuple[str, str]]:
    importer = DesignersImporter(domain_path=str(project / "domain.yml"))
    variations = importer.get_domain().responses["utter_who"]
    return [(one["text"], one["buttons"][0]["title"]) for one in variations]


def test_names_are_filled_in(project: Path):
    (project / "brand.yml").write_text("company: Torvald Bank\nassistant: Ada\n")
    assert said(project) == [
        ("I'm Ada of Torvald Bank, {agent}.", "More about Torvald Bank"),
        ("Soy Ada de Torvald Bank, {agent}.", "Más sobre Torvald Bank"),
    ]


def test_without_a_brand_the_names_are_neutral(project: Path):
    assert said(project)[0][0] == "I'm Assistant of Example Shop, {agent}."


def test_another_file_can_be_named(project: Path, monkeypatch: pytest.MonkeyPatch):
    other = project / "other.yml"
    other.write_text("assistant: Bo\n")
    monkeypatch.setenv("BRAND_FILE", str(other))
    assert said(project)[0][0].startswith("I'm Bo of")


def test_only_the_brand_names_our_shop():
    brand = read_brand(ROOT)
    files = [
        *ROOT.glob("domain/*.yml"),
        *ROOT.glob("translations/*/*.yml"),
        *ROOT.glob("kb/**/*.md"),
    ]
    assert len(files) > 50
    for path in files:
        text = path.read_text("utf-8")
        for name in ("assistant", "company"):
            assert brand[name] not in text, path.relative_to(ROOT)
