import pytest
from rasa_sdk import Tracker

from actions.lines import bullets, line

DOMAIN = {
    "responses": {
        "utter_line": [
            {"text": "{amount} paid"},
            {
                "text": "{amount} bezahlt",
                "condition": [{"type": "slot", "name": "language", "value": "de"}],
            },
        ]
    }
}


def tracker(language):
    return Tracker("c", {"language": language}, {}, [], False, None, {}, "")


@pytest.mark.parametrize(
    ("language", "said"), [(None, "5 paid"), ("de", "5 bezahlt"), ("fr", "5 paid")]
)
def test_a_line_speaks_the_conversations_language(language, said):
    assert line(DOMAIN, tracker(language), "utter_line", amount=5) == said


def test_a_line_without_words_still_tells_its_values():
    assert line({}, tracker(None), "utter_line", amount=5, on="May") == "5, May"


def test_lines_stand_under_one_another():
    assert bullets(["a", "b"]) == "• a\n• b"
