"""Reads `brand.yml`, and refuses it whole if anything in it is wrong.

    python -m handoff_bridge.brand_file

prints what is wrong with `BRAND_FILE`, a line each, `file:line: sentence`, and ends
with status 1.
"""

import os
import sys
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from handoff_bridge.brand import (
    Brand,
    Goods,
    Passage,
    PictureContext,
    Pledge,
    Privacy,
    Product,
    ShopPage,
    Voice,
)
from handoff_bridge.colours import Colours, Palette
from handoff_bridge.settings import BRAND_FILE, PICTURES_DIR
from handoff_bridge.yaml_places import mark_of, sentence_of

PARTS: tuple[type[BaseModel], ...] = (
    *(Brand, Colours, Palette, Voice, Privacy),
    *(ShopPage, Passage, Pledge, Product, Goods),
)


class InvalidBrand(ValueError):
    """`brand.yml` is wrong; the message has a line for each mistake."""


def load_brand(path: Path = BRAND_FILE) -> Brand:
    """Reads and checks the file; a neutral brand where there is none.

    Raises InvalidBrand, with `file:line: sentence` for each mistake.
    """
    try:
        text = path.read_text("utf-8")
        node, content = yaml.compose(text), yaml.safe_load(text)
    except FileNotFoundError:
        node, content = None, None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InvalidBrand(f"{path}:{line}: no YAML: {error.problem}.") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise InvalidBrand(f"{path}:1: unreadable: {error}.") from error
    given = {} if content is None else content
    if isinstance(given, dict) and not {"logo", "symbol"} & set(given):
        given = {**given, "symbol": str(PICTURES_DIR / "symbol.svg")}
    pictures: PictureContext = {"folder": path.parent, "files": {}}
    try:
        brand = Brand.model_validate(given, context=pictures)
    except ValidationError as error:
        told = {_told(node, one) for one in error.errors(include_url=False)}
        lines = [f"{path}:{line}: {sentence}" for line, sentence in sorted(told)]
        raise InvalidBrand("\n".join(lines)) from error
    brand.keep_files(pictures["files"])
    return brand


def _told(node: yaml.Node | None, error: ErrorDetails) -> tuple[int, str]:
    """The line of a mistake, and a sentence about it."""
    place = [part for part in error["loc"] if part != "[key]"]
    if error["type"] == "contrast":
        place.append(error["ctx"]["key"])
    name = ".".join(map(str, place)) or "brand"
    return mark_of(node, place)[0], f"{name}: {sentence_of(error, PARTS)}"


if __name__ == "__main__":
    try:
        load_brand(Path(os.environ.get("BRAND_FILE") or "brand.yml"))
    except InvalidBrand as error:
        sys.exit(str(error))
