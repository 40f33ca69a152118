"""What the designers write: enough examples, no contradictions, stories that hold."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.utils.io import read_yaml_file

from authoring.order_numbers import order_numbers
from benchmarks.examples import bullets, nlu_examples

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "assistant.tar.gz"
ENOUGH_EXAMPLES = 25
ENOUGH_STORIES = 30
# The bridge makes these, no customer types them.
MADE_BY_THE_BRIDGE = {"share_photo", "EXTERNAL_handback", "read_article"}


def intents_of_the_domain() -> set[str]:
    """Returns the names of all intents, whichever topic has them."""
    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml")
    )
    return set(importer.get_domain().as_dict()["intents"])


def patterns(name: str) -> list[re.Pattern[str]]:
    """Returns the regular expressions that find an entity."""
    blocks = read_yaml_file(ROOT / "data" / "nlu" / "verification.yml")["nlu"]
    return [
        re.compile(pattern, re.IGNORECASE)
        for block in blocks
        if block.get("regex") == name
        for pattern in bullets(block["examples"])
    ]


def found(name: str, text: str) -> list[str]:
    """Returns what the entity's patterns find in a text."""
    return [match.group() for p in patterns(name) for match in p.finditer(text)]


def run_rasa(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a rasa command on the project; everything it writes goes to `folder`.

    Rasa keeps a training cache and results in its working directory, so it works
    in an empty one and imports the components by path.
    """
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for name in ("data", "domain", "kb", "translations", "tests"):
        (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    for name in ("config.yml", "domain.yml", "endpoints.yml"):
        (folder / name).symlink_to(ROOT / name)
    return subprocess.run(
        [sys.executable, "-m", "rasa", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_intent_of_the_domain_has_enough_examples():
    counts = Counter(example.intent for example in nlu_examples())
    intents = intents_of_the_domain() - MADE_BY_THE_BRIDGE
    too_few = {i: counts[i] for i in intents if counts[i] < ENOUGH_EXAMPLES}
    assert not too_few


def test_every_intent_with_examples_is_in_the_domain():
    intents = intents_of_the_domain()
    assert {example.intent for example in nlu_examples()} <= intents


def test_no_example_appears_twice_or_under_two_intents():
    intents = defaultdict(list)
    for text, intent in nlu_examples():
        intents[" ".join(text.lower().split())].append(intent)
    # The encoder minds upper case, so shouting is an example of its own.
    torn = {text: set(names) for text, names in intents.items() if len(set(names)) > 1}
    assert not torn
    exact = Counter(nlu_examples())
    assert [example for example, count in exact.items() if count > 1] == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("HP-10428", "HP-10428"),
        ("hp10428", "hp10428"),
        ("its hp 10428 i think", "hp 10428"),
        ("#10428?", "#10428"),
        ("order 10428.", "10428"),
        ("order no.10428", "10428"),
        ("MY ORDER IS 10428", "10428"),
        ("HP10428.", "HP10428"),
        ("hp_10428 pls", "hp_10428"),
        ("HP\N{NON-BREAKING HYPHEN}10428", "HP\N{NON-BREAKING HYPHEN}10428"),
        ("HP\N{EN DASH}10428", "HP\N{EN DASH}10428"),
        ("HP - 10428", "HP - 10428"),
        ("my number is H P 1 0 4 2 8", "H P 1 0 4 2 8"),
        ("hp 10 428", "hp 10 428"),
        ("10 428", "10 428"),
        ("order １０４２８", "１０４２８"),
    ],
)
def test_an_order_number_is_found_however_it_is_written(text: str, number: str):
    assert [text[one.start : one.end] for one in order_numbers(text)] == [number]


@pytest.mark.parametrize(
    "text",
    [
        *("482913", "HP-104281", "555-12345", "10428.50", "Portland, OR 97205", "1042"),
        *("i paid 10 428 for it", "the hp 1 0 4 2 thing", "call me at 10 428 399"),
    ],
)
def test_other_numbers_are_no_order_numbers(text: str):
    assert order_numbers(text) == []


@pytest.mark.parametrize("text", ["003518", "code 003518.", "it says 003518, right?"])
def test_a_one_time_code_is_six_digits(text: str):
    assert found("one_time_code", text) == ["003518"]


@pytest.mark.parametrize("text", ["10428", "4829133", "HP-482913", "#482913", "48291"])
def test_other_numbers_are_no_codes(text: str):
    assert found("one_time_code", text) == []


def test_sentiment_examples_have_one_label_each():
    labels = defaultdict(set)
    folders = (ROOT / "data" / name for name in ("sentiment", "grievances"))
    for path in (path for one in folders for path in sorted(one.glob("*.yml"))):
        for block in read_yaml_file(path)["sentiment"]:
            for text in bullets(block["examples"]):
                # Angry is the stronger negative: a text may be in both.
                label = block["label"].replace("angry", "negative")
                labels[text].add(label)
    assert {text: found for text, found in labels.items() if len(found) > 1} == {}


def test_there_are_enough_test_stories_with_names_of_their_own():
    names = [
        story["story"]
        for path in (ROOT / "tests" / "assistant" / "stories").glob("test_*.yml")
        for story in read_yaml_file(path)["stories"]
    ]
    assert len(set(names)) == len(names) >= ENOUGH_STORIES


@pytest.mark.slow
def test_rasa_finds_nothing_to_warn_about(tmp_path: Path):
    run = run_rasa("data", "validate", "--fail-on-warnings", folder=tmp_path)
    assert run.returncode == 0, run.stderr[-3000:]


@pytest.mark.slow
@pytest.mark.timeout(1800)  # trains where nobody has yet
def test_the_test_stories_hold(tmp_path: Path):
    model = MODEL if MODEL.exists() else train(tmp_path)
    played = tmp_path / "played"
    played.mkdir()
    run = run_rasa(
        *("test", "core", "--stories", "tests/assistant/stories"),
        *("--model", str(model), "--out", str(played / "results")),
        *("--e2e", "--no-plot", "--fail-on-prediction-errors"),
        folder=played,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]


def train(folder: Path) -> Path:
    """Trains the project's assistant into a temporary folder."""
    place = folder / "trained"
    place.mkdir()
    run = run_rasa(
        *("train", "--out", str(folder), "--fixed-model-name", "assistant"),
        folder=place,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return folder / "assistant.tar.gz"
