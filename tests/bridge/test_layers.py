"""Imports point inward, and the two environments never import each other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "handoff_bridge" / "handoff_bridge"
# What each room may import of the others, beside the plain modules below.
MAY_IMPORT = {
    "articles": set(),
    "conversation": set(),
    "routing": {"conversation"},
    "packet": {"conversation"},
    "protocol": {"conversation", "packet", "routing"},
    "store": {"conversation"},
    "service": {
        *("simulation", "store", "protocol", "conversation", "routing", "packet"),
        "articles",
    },
    "simulation": {"protocol", "conversation", "routing"},
    "edges": {
        *("service", "store", "protocol", "conversation", "routing", "packet"),
        "articles",
    },
    "channels": {"service", "conversation", "protocol"},
    "launch": set(),
    "drill": {"launch"},
}
PLAIN = {
    *("brand", "colours", "errors", "models", "private_files", "public_http"),
    *("settings", "settings_checks", "texts", "yaml_places"),
}
# The innermost rooms decide and do nothing else.
PURE = ("conversation", "routing", "packet", "protocol")
OUTSIDE = {
    *("asyncio", "sqlalchemy", "fastapi", "starlette", "socketio", "httpx", "aiohttp"),
    *("requests", "socket", "os", "subprocess", "time", "random", "uvicorn"),
}


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if ".venv" not in path.parts)


def imports(path: Path) -> Iterator[str]:
    """Dotted names of everything that a file imports, wherever it does."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""


def rooms_of(path: Path) -> Iterator[str]:
    for name in imports(path):
        package, _, rest = name.partition(".")
        if package == "handoff_bridge":
            yield rest.partition(".")[0]


def test_rooms_are_the_ones_named_here() -> None:
    found = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert found == set(MAY_IMPORT)


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_room_imports_inward_only(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room} | PLAIN
    for path in files(PACKAGE / room):
        assert set(rooms_of(path)) - allowed == set(), path.relative_to(ROOT)


def test_plain_modules_know_no_outer_room() -> None:
    for name in PLAIN:
        assert set(rooms_of(PACKAGE / f"{name}.py")) - PLAIN == set(), name


@pytest.mark.parametrize("room", PURE)
def test_inner_rooms_do_no_input_or_output(room: str) -> None:
    for path in files(PACKAGE / room):
        used = {name.partition(".")[0] for name in imports(path)}
        assert used & OUTSIDE == set(), path.relative_to(ROOT)
        text = path.read_text(encoding="utf-8")
        found = re.search(r"\b(?:datetime\.now|utcnow|time\.time|open)\(", text)
        assert not found, f"{path.relative_to(ROOT)}: {found and found[0]}"


def test_only_the_store_and_the_wiring_make_connections() -> None:
    for path in files(PACKAGE):
        if "create_async_engine" in path.read_text(encoding="utf-8"):
            assert path.parent.name == "store", path.relative_to(ROOT)


def test_bridge_never_imports_rasa() -> None:
    ours = [*files(PACKAGE), *files(ROOT / "backoffice")]
    theirs = {"rasa", "rasa_sdk", "actions", "channels", "components", "serving"}
    for path in ours:
        used = {name.partition(".")[0] for name in imports(path)}
        assert used & theirs == set(), path.relative_to(ROOT)


def test_assistant_never_imports_the_bridge() -> None:
    for folder in ("actions", "channels", "components", "serving"):
        for path in files(ROOT / folder):
            used = {name.partition(".")[0] for name in imports(path)}
            assert used & {"handoff_bridge", "backoffice"} == set(), path


def test_outer_folder_of_the_bridge_is_no_package() -> None:
    assert not (ROOT / "handoff_bridge" / "__init__.py").exists()
