"""The assistant reads articles as the bridge does: one table of cases for both."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from authoring.articles import InvalidArticle, read_articles

TABLE = Path(__file__).resolve().parents[2] / "article_cases.yml"
CASES = YAML(typ="safe").load(TABLE.read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_articles_are_taken_or_refused_as_the_bridge_does(tmp_path: Path, case: dict):
    for name, text in case["files"].items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "latin-1" if case.get("latin") else "utf-8")
    if "wrong" not in case:
        assert read_articles(tmp_path)
        return
    with pytest.raises(InvalidArticle) as caught:
        read_articles(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / case['wrong']}:")
