"""In which language messages are answered, by the trained pipeline and the policy.

The conversations are replayed as the language policy sees them: with the browser's
language, an open form's question, and the messages before.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.io import read_yaml_file

from authoring.spoken import LANGUAGE_SLOT
from benchmarks.assistant import TrainedAssistant, trained_assistant
from benchmarks.cases import Case, halves
from benchmarks.examples import ROOT
from components.language_policy import LanguagePolicy

REACH = {"right": 0.95}
DEFAULT = "en"
DOMAIN = Domain.from_dict(
    {
        "intents": [],
        "slots": {
            name: {"type": "text", "mappings": [{"type": "custom"}]}
            for name in (LANGUAGE_SLOT, REQUESTED_SLOT)
        },
    }
)

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns a row for each half and language, with the cases that went wrong.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    assistant, rows = trained_assistant(), []
    for half, cases in halves("languages", quick):
        chosen = answered_in(assistant, cases)
        by_language = defaultdict(list)
        for case, code in zip(cases, chosen, strict=True):
            by_language[case["language"]].append((case, code))
        rows += [_row(half, *one) for one in by_language.items()]
    return rows


def answered_in(assistant: TrainedAssistant, cases: list[Case]) -> list[str]:
    """Returns the code of the language that the text of each case is answered in."""
    texts = sorted({text for case in cases for text in _texts(case)})
    parsed = dict(zip(texts, assistant.parse_all(texts), strict=True))
    policy = _policy()
    return [_replay(policy, case, parsed) for case in cases]


def _policy() -> LanguagePolicy:
    policies = read_yaml_file(ROOT / "config.yml")["policies"]
    [own] = [one for one in policies if one["name"].endswith(LanguagePolicy.__name__)]
    config = {**LanguagePolicy.get_default_config(), **own}
    context = ExecutionContext(GraphSchema({}))
    with TemporaryDirectory() as folder:
        storage = LocalModelStorage(Path(folder))
        return LanguagePolicy(config, storage, Resource("language"), context)


def _replay(policy: LanguagePolicy, case: Case, parsed: dict[str, Any]) -> str:
    tracker = DialogueStateTracker.from_events("replayed", [], DOMAIN.slots)
    texts = _texts(case)
    for place, text in enumerate(texts, 1):
        asked = case.get("slot") if place == len(texts) else None
        tracker.update(SlotSet(REQUESTED_SLOT, asked))
        tracker.update(_said(parsed[text], case.get("locale"), tracker))
        prediction = policy.predict_action_probabilities(tracker, DOMAIN)
        for event in [*prediction.events, ActionExecuted("action_listen")]:
            tracker.update(event)
    return str(tracker.get_slot(LANGUAGE_SLOT) or DEFAULT)


def _said(
    parsed: dict[str, Any], locale: str | None, tracker: DialogueStateTracker
) -> UserUttered:
    """Returns a message with what the bridge tells of its language."""
    now = tracker.get_slot(LANGUAGE_SLOT) or locale
    told = {"language": now, "locale": locale} if locale else {}
    return UserUttered(
        parsed["text"],
        parsed["intent"],
        parsed["entities"],
        parse_data=parsed,
        metadata=told,
    )


def _texts(case: Case) -> list[str]:
    return [*case.get("previous", []), case["text"]]


def _row(half: str, language: str, answered: list[tuple[Case, str]]) -> Row:
    wrong = [(case, code) for case, code in answered if code != case["expected"]]
    return {
        "what": f"{half}: answered in the right language, {language} ({len(answered)})",
        "right": round(1 - len(wrong) / len(answered), 3),
        "wrong": [(code, [case.get("locale"), *_texts(case)]) for case, code in wrong],
        "reach": REACH,
    }


if __name__ == "__main__":
    for line in run():
        print(line)
