"""Every refusal: one shape, a code of its own, a sentence for people."""

import ast
import re
from pathlib import Path

import pytest

from handoff_bridge.errors import BridgeError, all_errors

PACKAGE = Path(__file__).resolve().parents[2] / "handoff_bridge" / "handoff_bridge"
EVERY = [BridgeError, *all_errors()]


@pytest.mark.parametrize("error", EVERY, ids=lambda error: error.__name__)
def test_error_has_the_one_shape(error: type[BridgeError]) -> None:
    assert error().as_dict() == {
        "ok": False,
        "error": error.code,
        "message": error.sentence,
    }
    assert re.fullmatch(r"[A-Z].*[a-z).]\.", error.sentence)
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", error.code)
    assert 400 <= error.status < 600
    assert error("Something more exact.").as_dict()["message"] == (
        "Something more exact."
    )


def test_code_is_the_classs_name_in_snake_case() -> None:
    for error in all_errors():
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", error.__name__).lower()
        assert error.code == snake


def test_codes_are_unique() -> None:
    codes = [error.code for error in EVERY]
    assert len(codes) == len(set(codes))


def test_every_error_is_raised_somewhere() -> None:
    named: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        is_list = path.parent.name == "protocol" and path.name != "parsing.py"
        if path.name == "errors.py" or is_list:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                named.add(node.id)
    unused = {error.__name__ for error in EVERY} - named
    assert unused == set()
