"""The classifier's second look: when it is asked, and what both readings come to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components import second_encoder, second_look
from components.intent_second_look import IntentSecondLook
from components.message_readers import read_alike

EXAMPLES = {
    "track": ["where is my order", "track my parcel", "has it shipped", "order status"],
    "cancel": ["cancel my order", "i don't want it", "stop the order", "call it off"],
}
TEXT = "when does my delivery get here"


@pytest.fixture(autouse=True)
def kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(second_encoder, "KEPT", tmp_path / "vectors.npz")
    second_look.second_encoder.cache_clear()
    yield
    second_look.second_encoder.cache_clear()


def looker(folder: Path, **options: float) -> IntentSecondLook:
    """Trained, stored and loaded again."""
    config = {**IntentSecondLook.get_default_config(), **options}
    storage, resource = LocalModelStorage(folder), Resource("second")
    context = ExecutionContext(None, node_name="second")
    taught = [
        Message({"text": text, "intent": intent})
        for intent, texts in EXAMPLES.items()
        for text in texts
    ]
    made = IntentSecondLook.create(config, storage, resource, context)
    made.train(TrainingData(taught))
    return IntentSecondLook.load(config, storage, resource, context)


def classified(text: str, **ranking: float) -> Message:
    """A message as the classifier leaves it."""
    guesses = [{"name": name, "confidence": each} for name, each in ranking.items()]
    return Message({"text": text, "intent": guesses[0], "intent_ranking": guesses})


def ranking_of(message: Message) -> dict[str, float]:
    return {one["name"]: one["confidence"] for one in message.get("intent_ranking")}


def looked(made: IntentSecondLook, text: str, **ranking: float) -> Message:
    [message] = made.process([classified(text, **ranking)])
    return message


def test_the_mean_of_both_decides(tmp_path: Path) -> None:
    made = looker(tmp_path, weight=0.5)
    message = looked(made, TEXT, cancel=0.6, track=0.3)
    assert message.get("intent")["name"] == "track"
    second = {
        name: 2 * mean - before
        for (name, mean), before in zip(
            ranking_of(message).items(), (0.3, 0.6), strict=True
        )
    }
    assert sum(second.values()) == pytest.approx(1)
    assert second["track"] > 0.7


def test_what_is_clear_is_not_read_again(tmp_path: Path) -> None:
    made = looker(tmp_path, unsure=0.9)
    clear = looked(made, TEXT, cancel=0.91, track=0.05)
    assert ranking_of(clear) == {"cancel": 0.91, "track": 0.05}
    unclear = looked(made, TEXT, cancel=0.89, track=0.05)
    assert ranking_of(unclear) != {"cancel": 0.89, "track": 0.05}


def test_the_ranking_gets_no_longer(tmp_path: Path) -> None:
    message = looked(looker(tmp_path), TEXT, cancel=0.5)
    assert len(ranking_of(message)) == 1


def test_a_part_is_read_as_the_whole(tmp_path: Path) -> None:
    def first(messages: list[Message]) -> list[Message]:
        return [classified(one.get("text"), cancel=0.6, track=0.3) for one in messages]

    message = classified(f"hi there, {TEXT}", cancel=0.6, track=0.3)
    message.set("readers", (first,))
    looker(tmp_path).process([message])
    [part] = read_alike(message, [TEXT])
    assert part.get("intent")["name"] == "track"


def test_without_its_encoder_the_first_word_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(path: str) -> None:
        raise OSError("not for this machine")

    before: dict[str, Any] = {"cancel": 0.6, "track": 0.3}
    second_look.second_encoder.cache_clear()
    monkeypatch.setattr(second_look, "load_encoder", fails)
    untaught = looker(tmp_path)
    assert ranking_of(looked(untaught, TEXT, **before)) == before
    assert IntentSecondLook.fingerprint_addon({}) == "none"
