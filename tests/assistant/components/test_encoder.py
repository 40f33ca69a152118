"""The sentence encoder: what it remembers of what it was asked."""

import numpy as np
import pytest

from components.encoder import UniversalSentenceEncoder


@pytest.fixture(scope="module")
def encoder() -> UniversalSentenceEncoder:
    return UniversalSentenceEncoder()


def test_the_examples_of_a_training_are_encoded_once(
    encoder: UniversalSentenceEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [f"boot number {n}" for n in range(encoder.MANY)]
    first = encoder.encode(many)
    asked: list[str] = []
    encode = encoder._encode
    monkeypatch.setattr(encoder, "_encode", lambda t: asked.extend(t) or encode(t))
    again = encoder.encode([*reversed(many), "a tent", "a tent"])
    assert asked == ["a tent"]
    assert np.array_equal(again[: len(many)], first[::-1])
    assert np.array_equal(again[-1], again[-2])


def test_a_few_texts_at_once_are_not_kept(encoder: UniversalSentenceEncoder) -> None:
    known = len(encoder._examples)
    encoder.encode(["a stove", "a mug"])
    assert len(encoder._examples) == known
