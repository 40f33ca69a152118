"""Follows docs/designing.md to the letter in a copy of the project."""

import re
import shutil
from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.utils.io import read_yaml_file, write_yaml

from authoring.check import check

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "designing.md").read_text("utf-8")
FILES = dict(re.findall(r"^`([\w/.]+)`\n\n```\w+\n(.*?)^```$", PAGE, re.M | re.S))
PARTS = (
    "domain",
    "data",
    "kb",
    "translations",
    "actions",
    "channels",
    "tests/assistant/stories",
    # Else a training here would encode all examples once more, for minutes.
    "vectors",
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what designers write."""
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part)
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def write(project: Path, *names: str) -> None:
    for name in names:
        path = project / name
        assert not path.exists(), name
        path.parent.mkdir(exist_ok=True)
        path.write_text(FILES[name], "utf-8")


def errors(project: Path) -> list[str]:
    return [str(finding) for finding in check(project) if finding.is_error]


def importer_of(project: Path) -> TrainingDataImporter:
    return TrainingDataImporter.load_from_config(
        str(project / "config.yml"),
        str(project / "domain.yml"),
        [str(project / "data")],
    )


QUESTION = ("kb/courses.md",)


def test_a_question_is_one_file(copy: Path) -> None:
    write(copy, *QUESTION)
    assert errors(copy) == []
    importer = importer_of(copy)
    domain = importer.get_domain()
    assert "ask_courses" in domain.intents
    answer = domain.responses["utter_ask_courses"][-1]
    assert answer["text"].startswith("Yes, twice a month")
    assert answer["buttons"] == [
        {"title": "Talk to a person", "payload": "/request_human"}
    ]
    mappings = domain.as_dict()["slots"]["new_address"]["mappings"]
    assert "ask_courses" in mappings[0]["not_intent"]
    steps = importer.get_stories().story_steps
    [rule] = [s for s in steps if s.block_name.startswith("ask_courses ")]
    assert "utter_ask_courses" in [
        getattr(event, "action_name", None) for event in rule.events
    ]


def test_an_article_without_questions_is_no_intent(copy: Path) -> None:
    write(copy, *QUESTION)
    path = copy / QUESTION[0]
    path.write_text(re.sub(r"questions:\n(- .*\n)+", "", path.read_text()))
    assert "'questions' is missing" in errors(copy)[0]


def test_all_that_the_page_writes_fits_together(copy: Path) -> None:
    assert len(FILES) >= 7
    write(copy, *FILES)
    assert errors(copy) == []
    warned = "\n".join(str(finding) for finding in check(copy))
    for name in FILES:
        assert f"{name}:" not in re.sub(r".* not in (de|fr).*", "", warned)
    domain = importer_of(copy).get_domain()
    spanish = domain.responses["utter_ask_courses"][0]
    assert spanish["text"].startswith("Sí, dos veces")
    assert spanish["buttons"][0]["payload"] == "/request_human"
    assert "boot_fitting_form" in domain.forms


def test_every_command_of_the_page_exists() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    assert set(re.findall(r"`?make ([a-z-]+)", PAGE)) <= set(targets)


# More of them, and hearing other things than intents, takes a training minutes.
EXAMPLES = 12
SPARED = ("ExampleDetector", "SentimentClassifier")


def make_smaller(project: Path) -> None:
    """Leaves what tells intents apart, and some examples of each."""
    for path in (project / "data" / "nlu").glob("*.yml"):
        lines, seen = [], 0
        for line in path.read_text("utf-8").splitlines():
            seen = seen + 1 if line.startswith("    - ") else 0
            if seen <= EXAMPLES:
                lines.append(line)
        path.write_text("\n".join(lines) + "\n", "utf-8")
    config = read_yaml_file(project / "config.yml")
    config["pipeline"] = [
        step for step in config["pipeline"] if not step["name"].endswith(SPARED)
    ]
    write_yaml(config, project / "config.yml")


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_the_new_question_and_topic_are_understood(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rasa.core.agent import Agent as RasaAgent
    from rasa.core.channels.channel import UserMessage
    from rasa.model_training import train_nlu

    write(copy, *FILES)
    make_smaller(copy)
    monkeypatch.chdir(copy)  # where Rasa keeps its cache, and the articles are
    monkeypatch.syspath_prepend(str(ROOT))
    model = train_nlu("config.yml", "data/nlu", str(copy / "models"))
    processor = RasaAgent.load(model).processor
    assert processor
    for text, intent in (
        ("do you have a course on reading maps", "ask_courses"),
        ("I'd like to book a boot fitting for friday", "book_fitting"),
        ("how long does delivery take", "ask_delivery_time"),
    ):
        parsed = await processor.parse_message(UserMessage(text))
        assert parsed["intent"]["name"] == intent, text
    assert parsed["articles"][0]["article_id"] == "delivery_time"
