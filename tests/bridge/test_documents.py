"""README and .env.example say what is true of the code."""

import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from pydantic_settings import BaseSettings

from handoff_bridge import channels
from handoff_bridge.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
CODE = (
    "actions",
    "backoffice",
    "channels",
    "components",
    "handoff_bridge/handoff_bridge",
)
# Set by the launcher for the processes it starts, or by the machine; nobody's to set.
NOT_SETTINGS = {
    *("BRIDGE_LOCAL_HOST", "SANIC_HOST", "MAKELEVEL"),
    *("PYTHONUNBUFFERED", "RASA_TELEMETRY_ENABLED", "CI"),
    *("SQLALCHEMY_SILENCE_UBER_WARNING", "TF_CPP_MIN_LOG_LEVEL"),
}


def settings_listed() -> set[str]:
    return set(re.findall(r"^([A-Z][A-Z0-9_]*)=", EXAMPLE, re.MULTILINE))


def text_of(paths: Iterable[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def settings_read() -> set[str]:
    python = text_of(path for folder in CODE for path in (ROOT / folder).rglob("*.py"))
    yaml = text_of([ROOT / "endpoints.yml", ROOT / "credentials.yml"])
    # A bare environ is a web server's, not the process's.
    environment = r"\b(?:os\.environ|environment|env)"
    by_name = environment + r'(?:\.get\(|\.setdefault\(|\[)\s*"([A-Z]\w*)"'
    found = set(re.findall(by_name, python) + re.findall(r"\$\{([A-Z]\w*)\}", yaml))
    fields = {name.upper() for name in Settings.model_fields}
    return (found | fields | settings_of_channels()) - NOT_SETTINGS


def settings_of_channels() -> set[str]:
    """Each platform's module has settings of its own."""
    return {
        f"{one.model_config['env_prefix']}{name}".upper()
        for module in walk_packages(channels.__path__, f"{channels.__name__}.")
        for one in vars(import_module(module.name)).values()
        if isinstance(one, type) and issubclass(one, BaseSettings)
        if one.__module__ == module.name
        for name in one.model_fields
    }


def test_every_setting_that_is_read_is_in_the_example() -> None:
    assert settings_read() - settings_listed() == set()


def test_every_setting_of_the_example_is_read_somewhere() -> None:
    assert settings_listed() - settings_read() == set()


def test_every_setting_of_the_example_has_a_line_that_explains_it() -> None:
    lines = EXAMPLE.splitlines()
    unexplained = [
        line
        for before, line in zip(lines, lines[1:], strict=False)
        if re.match(r"[A-Z]", line) and not re.match(r"# [^-]", before)
    ]
    assert unexplained == []


def test_every_make_target_that_the_readme_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)(?=`|$)", README, re.MULTILINE))
    assert {"run", "test"} <= named
    assert named - targets == set()


def test_every_make_target_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = re.findall(r"^[a-z-]+:(?!=).*$", makefile, re.MULTILINE)
    assert [rule for rule in rules if "## " not in rule] == []


def test_every_path_in_the_file_map_exists() -> None:
    file_map = README.partition("## Where things are")[2].partition("\n## ")[0]
    rows = [line for line in file_map.splitlines() if line.startswith("| `")]
    named = [path for row in rows for path in re.findall(r"`([^`]+)`", row)]
    assert len(named) > 15
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_image_that_the_readme_shows_exists() -> None:
    shown = re.findall(r"!\[[^\]]*\]\(([^)]+)\)|<img[^>]+src=\"([^\"]+)\"", README)
    paths = [first or second for first, second in shown]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_versions_in_the_readme_are_the_locked_ones() -> None:
    for folder, name, said in (
        (".", "rasa", "3.6.21"),
        (".", "rasa-sdk", "3.6.2"),
        ("handoff_bridge", "fastapi", "0.165"),
        ("handoff_bridge", "python-socketio", "5.18"),
        ("handoff_bridge", "sqlalchemy", "2.1"),
    ):
        locked = (ROOT / folder / "requirements.txt").read_text(encoding="utf-8")
        assert re.search(
            rf"^{name}(\[\w+\])?=={re.escape(said)}\b", locked, re.MULTILINE
        )
        assert said in README
