"""Canned replies: read by agents, saved by supervisors, and refused where wrong."""

from pathlib import Path

import pytest

from handoff_bridge.conversation.canned_replies import VARIABLES, read_canned_replies
from handoff_bridge.errors import InvalidDocument
from handoff_bridge.routing_files import InvalidRouting, load_canned_replies
from handoff_bridge.settings import CANNED_REPLIES_FILE
from tests.bridge.support import House
from tests.bridge.test_versions import reasons, save, supervisor

REPLIES = """\
replies:
  hi:
    title: Greeting
    text:
      en: "Hi {customer_name}"
      de: "Hallo {customer_name}"
"""


async def test_agents_read_and_supervisors_save(each_house: House) -> None:
    house = each_house
    dana, maria = await supervisor(house), (await house.login("maria"))["token"]
    first = (await house.get("/canned-replies", maria)).json()
    assert first["version"] == 0
    assert first["text"] == CANNED_REPLIES_FILE.read_text("utf-8")
    assert first["variables"] == [*VARIABLES]

    refused = await save(house, "canned-replies", maria, version=0, text=REPLIES)
    assert refused.status_code == 403
    saved = (await save(house, "canned-replies", dana, version=0, text=REPLIES)).json()
    assert (saved["version"], saved["saved_by"]) == (1, "Dana")
    found = (await house.get("/canned-replies", maria)).json()
    assert found["document"]["replies"]["hi"] == {
        "title": "Greeting",
        "text": {"en": "Hi {customer_name}", "de": "Hallo {customer_name}"},
    }
    late = await save(house, "canned-replies", dana, version=0, text="replies:")
    assert (late.status_code, late.json()["error"]) == (409, "old_version")
    assert (await house.get("/canned-replies", maria)).json()["text"] == REPLIES
    listed = (await house.get("/canned-replies/versions", maria)).json()
    assert [one["version"] for one in listed["versions"]] == [1, 0]
    old = (await house.get("/canned-replies", maria, version=0)).json()
    assert old["text"] == first["text"]


async def test_unknown_variable_is_refused_with_its_place(house: House) -> None:
    token = await supervisor(house)
    wrong = REPLIES.replace("Hallo {customer_name}", "Hallo {name}")
    answer = await save(house, "canned-replies", token, version=0, text=wrong)
    [(line, reason)] = reasons(answer)
    assert line == 6
    assert "there is no variable {name}" in reason
    assert all(f"{{{one}}}" in reason for one in VARIABLES)
    assert (await house.get("/canned-replies", token)).json()["version"] == 0


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("  hi:", "  Hi there:", "is no shortcut"),
        ("      de:", "      deutsch!:", "is no language's code"),
        ("    title: Greeting\n", "", "replies.hi.title: it is missing"),
        ("    text:", "    texts:", "no such key; is it 'text'?"),
        ('"Hi {customer_name}"', '""', "at least 1 character"),
    ],
)
def test_what_is_wrong_is_told(written: str, instead: str, said: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        read_canned_replies(REPLIES.replace(written, instead))
    assert any(said in mistake.reason for mistake in refused.value.mistakes)


def test_reply_in_no_language_is_refused() -> None:
    with pytest.raises(InvalidDocument) as refused:
        read_canned_replies("replies:\n  hi:\n    title: Hi\n    text:\n")
    assert "it is in no language" in refused.value.mistakes[0].reason


def test_nothing_is_right_too() -> None:
    assert read_canned_replies("").replies == {}
    assert read_canned_replies("replies:\n").replies == {}


def test_the_shops_own_are_in_every_language_of_its_brand() -> None:
    replies = read_canned_replies(CANNED_REPLIES_FILE.read_text("utf-8")).replies
    assert len(replies) >= 8
    for shortcut, reply in replies.items():
        assert {*reply.text} == {"en", "de", "es", "fr"}, shortcut


def test_file_that_is_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "canned_replies.yml"
    assert load_canned_replies(path) == ""
    path.write_text(REPLIES.replace("customer_name", "customer"), "utf-8")
    with pytest.raises(InvalidRouting) as refused:
        load_canned_replies(path)
    assert [line.split(": ")[0] for line in str(refused.value).splitlines()] == [
        f"{path}:5",
        f"{path}:6",
    ]
