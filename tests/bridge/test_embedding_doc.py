"""docs/embedding.md names what the widget's code takes, and nothing else."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from handoff_bridge.service.identities import Identities

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "embedding.md").read_text("utf-8")
WIDGET = ROOT / "handoff_bridge" / "web" / "src" / "widget"
SECRET = "an-identity-secret-of-the-tests-0"


def members(path: str, name: str) -> list[str]:
    """The names in an interface, in their order."""
    source = (WIDGET / path).read_text("utf-8")
    body = re.search(rf"interface {name} \{{(.*?)\n\}}", source, re.DOTALL)
    assert body, name
    return re.findall(r'^  (?:readonly )?"?([\w-]+)"?[?(:]', body[1], re.MULTILINE)


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading's cell."""
    table = PAGE.partition(f"\n| {heading} |")[2].partition("\n\n")[0]
    lines = table.splitlines()[2:]
    assert lines, heading
    return [[cell.strip(" `") for cell in re.split(r"\s\|\s?", li)] for li in lines]


def first(heading: str) -> list[str]:
    return [re.sub(r"\(.*", "", row[0].lstrip("| `")) for row in rows(heading)]


def test_every_setting_is_in_the_table_and_no_other() -> None:
    settings = members("config.ts", "Settings")
    assert len(settings) >= 5
    assert sorted(first("attribute")) == sorted(f"data-{name}" for name in settings)
    assert sorted(row[1] for row in rows("attribute")) == sorted(settings)


def test_every_member_of_the_api_is_in_the_table_and_no_other() -> None:
    api = members("loader/api.ts", "TandemChatApi")
    assert len(api) >= 12
    assert sorted(first("member")) == sorted(api)


def test_every_event_is_in_the_table_with_its_details() -> None:
    source = (WIDGET / "shell.ts").read_text("utf-8")
    assert sorted(first("event")) == sorted(members("shell.ts", "ChatEvents"))
    for event, detail, *_ in rows("event"):
        name = event.lstrip("| `")
        told = set(re.findall(r"\w+", detail))
        declared = re.search(rf'^  "?{name}"?: (.*);$', source, re.MULTILINE)
        assert declared
        assert told == set(re.findall(r"(\w+)\??:", declared[1])), name


def example(language: str) -> str:
    code = re.search(
        rf"```{language}\n(?=[^`]*chat.?identity)(.*?)```", PAGE, re.I | re.S
    )
    assert code, language
    return code[1]


def signed_in_python() -> str:
    names: dict[str, object] = {}
    exec(example("python"), names)
    customer = SimpleNamespace(id="C-7", name="Jo")
    token = names["chat_identity"](customer)  # type: ignore[operator]
    return str(token)


def signed_in_node() -> str:
    script = example("js") + 'console.log(chatIdentity({id: "C-7", name: "Jo"}));'
    return output(["node", "--input-type=module", "-e", script])


def signed_in_php() -> str:
    return output(["php", "-r", example("php") + 'echo chat_identity("C-7", "Jo");'])


def output(command: list[str]) -> str:
    if not shutil.which(command[0]):
        pytest.skip(f"no {command[0]} on this machine")
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("sign", [signed_in_python, signed_in_node, signed_in_php])
def test_examples_sign_what_the_bridge_believes(
    sign: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_SECRET", SECRET)
    found = Identities(SECRET, lambda: datetime.now(UTC)).read(sign())
    assert (found.customer_id, found.name) == ("C-7", "Jo")


def test_page_names_no_place_that_is_not_there() -> None:
    for path, _, anchor in (
        target.partition("#") for target in re.findall(r"\]\(([^)]+)\)", PAGE)
    ):
        text = (ROOT / "docs" / path).read_text("utf-8") if path else PAGE
        titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        slugs = {re.sub(r"[^\w -]", "", t.lower()).replace(" ", "-") for t in titles}
        assert not anchor or anchor in slugs, (path, anchor)


def test_examples_of_settings_are_what_they_say() -> None:
    for name in re.findall(r"TandemChatSettings = \{ (.*?) \}", PAGE):
        keys = re.findall(r"(\w+): ", name)
        assert set(keys) <= set(members("config.ts", "Settings")), json.dumps(keys)
