"""A detector's second look: who is asked, when, and what happens without it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from benchmarks.examples import nlu_examples
from components import second_encoder, second_look
from components.detector import ExampleDetector
from components.detector_data import read_detector_data
from components.second_encoder import MultilingualE5, keep, key_of, read_kept
from components.second_look import SecondLook

MEANT = ["she is gone for ever", "he is gone for ever", "they are gone"]
OTHERS = ["where is my order", "I want a refund", "cancel my order please"]
FOLDERS = ("sensitive", "person")
# The first look takes it for no example at all; it is far from clear.
TEXT = "my parcel is gone"


@pytest.fixture
def fresh() -> Iterator[None]:
    """Whether the encoder runs is found out once."""
    second_look.second_encoder.cache_clear()
    yield
    second_look.second_encoder.cache_clear()


def detector(unsure: float) -> ExampleDetector:
    config = {**ExampleDetector.get_default_config(), "unsure": unsure}
    made = ExampleDetector(config, None, None)
    kinds = ["bereavement"] * len(MEANT) + ["ordinary"] * len(OTHERS)
    made._fit([*MEANT, *OTHERS], kinds, designed=len(kinds) - 1)
    return made


def second(made: ExampleDetector) -> SecondLook:
    assert made._second_look is not None
    return made._second_look


def margin(made: ExampleDetector, text: str) -> float:
    [(_, found, _)] = list(made._margins(text))
    return found


def test_it_tells_what_it_was_taught(fresh: None) -> None:
    look = second(detector(unsure=0.1))
    assert min(look.margin(text) for text in MEANT) > 0.5
    assert max(look.margin(text) for text in OTHERS) < -0.5
    assert look.margin("he has gone from us for ever") > 0
    assert look.margin("WHERE IS MY ORDER") == look.margin("where is my order")


def test_what_the_first_is_unsure_of_is_the_mean_of_both(fresh: None) -> None:
    first, both = margin(detector(0.0), TEXT), margin(detector(9.0), TEXT)
    other = second(detector(9.0)).margin(TEXT)
    assert abs(first - other) > 0.01
    assert both == pytest.approx((first + other) / 2)


def test_what_is_clear_costs_no_second_look(
    fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = detector(unsure=0.3)
    asked: list[str] = []
    monkeypatch.setattr(SecondLook, "margin", lambda _, text: asked.append(text) or 0.0)
    distance = abs(margin(made, "where is my order") - made._config["certain"])
    assert distance > 0.3
    assert asked == []


def test_the_first_look_stands_where_the_encoder_does_not_run(
    fresh: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    second(detector(9.0)).save(tmp_path)
    alone = margin(detector(0.0), TEXT)

    def fails(path: str) -> None:
        raise OSError("not for this machine")

    second_look.second_encoder.cache_clear()
    monkeypatch.setattr(second_look, "load_encoder", fails)
    assert SecondLook.load(tmp_path) is None
    untaught = detector(9.0)
    assert untaught._second_look is None
    assert margin(untaught, TEXT) == alone
    assert second_look.version() == "none"


def test_a_model_without_a_second_look_has_none(fresh: None, tmp_path: Path) -> None:
    assert SecondLook.load(tmp_path) is None


def test_a_stored_one_says_the_same(fresh: None, tmp_path: Path) -> None:
    made = second(detector(0.1))
    made.save(tmp_path)
    loaded = SecondLook.load(tmp_path)
    assert loaded is not None
    assert loaded.margin(TEXT) == pytest.approx(made.margin(TEXT), abs=0.01)


def test_kept_vectors_are_not_encoded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept.npz"
    monkeypatch.setattr(second_encoder, "KEPT", kept)
    encoder = MultilingualE5()
    fresh_ones = encoder.encode(MEANT)
    asked: list[str] = []
    encode = encoder._encode
    monkeypatch.setattr(encoder, "_encode", lambda t: asked.extend(t) or encode(t))
    again = encoder.encode([*MEANT, "a tent"])
    assert asked == ["a tent"]
    assert np.abs(again[:-1] - fresh_ones).max() < 0.004
    # To write the file again changes nothing in it.
    before = read_kept(kept)
    keep(before, kept)
    assert all(np.array_equal(read_kept(kept)[key], before[key]) for key in before)


def test_vectors_of_another_release_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept.npz"
    keep({key_of(text): np.ones(384) for text in MEANT}, kept)
    assert len(read_kept(kept)) == len(MEANT)
    monkeypatch.setattr(second_encoder.metadata, "version", lambda _: "another")
    assert read_kept(kept) == {}


def test_nearly_all_examples_are_kept() -> None:
    """Else each training pays for it: commit what yours wrote."""
    known = read_kept(second_encoder.KEPT)
    everything = [list(read_detector_data(f"data/{one}")) for one in FOLDERS]
    for texts in [*everything, [example.text for example in nlu_examples()]]:
        missing = [text for text in texts if key_of(text) not in known]
        assert len(missing) < len(texts) / 20
