"""Articles of the knowledge base, as the team wrote them in `kb/`."""

from pathlib import Path
from typing import Any

import yaml
from fastapi import APIRouter, Request

FENCE = "---"

router = APIRouter()


@router.get("/articles")
def list_articles(request: Request) -> dict[str, Any]:
    """All articles; none when there is no folder."""
    folder: Path = request.app.state.kb_dir
    return {"articles": [read_article(path) for path in sorted(folder.glob("*.md"))]}


def read_article(path: Path) -> dict[str, Any]:
    """Front matter and text; the file's name is the id, and the title if none is given.

    Raises:
        ValueError: the front matter is not a mapping.
    """
    text = path.read_text("utf-8")
    fields: Any = {}
    if text.startswith(FENCE + "\n"):
        head, _, text = text.removeprefix(FENCE + "\n").partition(f"\n{FENCE}\n")
        fields = yaml.safe_load(head) or {}
    if not isinstance(fields, dict):
        raise ValueError(f"{path.name}: the front matter is not a mapping")
    title = fields.pop("title", path.stem.replace("_", " ").capitalize())
    return {**fields, "article_id": path.stem, "title": title, "text": text.strip()}
