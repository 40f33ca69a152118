"""Nothing that we measure on is learnt from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.examples import (
    evaluation_data,
    fresh_languages,
    fresh_messages,
    short_answers,
)
from benchmarks.fairness import cases
from benchmarks.overlap import normalise, our_texts, overlaps, their_sentences


def write(folder: Path, name: str, *texts: str) -> None:
    lines = [json.dumps({"text": text, "intent": "x"}) for text in texts]
    (folder / name).write_text("\n".join(lines), encoding="utf-8")


def found(folder: Path, *texts: str, fresh: tuple[str, ...] = ()) -> list[str]:
    ours = [(text, "data/nlu") for text in texts]
    return [o.text for o in overlaps(ours, their_sentences(folder), fresh)]


def test_case_punctuation_and_placeholders_make_no_other_sentence(tmp_path: Path):
    write(tmp_path, "clinc150_val.jsonl", "where's my order {{Order Number}}?")
    assert found(tmp_path, "Wheres my ORDER HP-10428!!") == [
        "Wheres my ORDER HP-10428!!"
    ]
    assert found(tmp_path, "where is my order") == []


def test_two_words_are_nobodys_sentence(tmp_path: Path):
    write(tmp_path, "clinc150_val.jsonl", "opening hours")
    assert found(tmp_path, "opening hours") == []


@pytest.mark.parametrize(
    "name", ["bitext8k_train.jsonl", "hint3_sofmattress_v2_test.jsonl"]
)
def test_of_what_is_reported_not_even_two_words_may_be_learnt(
    tmp_path: Path, name: str
):
    write(tmp_path, name, "Delivery period", "cancel order")
    assert found(tmp_path, "delivery period") == ["delivery period"]
    assert found(tmp_path, "cancel order HP-10428") == []


def test_turns_of_dialogues_are_sentences_too(tmp_path: Path):
    dialogue = {"turns": [{"role": "customer", "text": "my parcel got lost"}]}
    (tmp_path / "tweetsumm_dev.jsonl").write_text(json.dumps(dialogue))
    assert found(tmp_path, "My parcel got lost.") == ["My parcel got lost."]


def test_fresh_messages_may_not_be_learnt_either(tmp_path: Path):
    assert found(tmp_path, "Bonjour!", fresh=("bonjour",)) == ["Bonjour!"]


def test_no_fresh_message_is_in_the_data():
    fresh = [
        message.text
        for code in fresh_languages()
        if code == "en"  # "bonjour" is a greeting anywhere
        for message in fresh_messages(code)
    ] + [case.text for case in cases()]
    fresh += [
        message.text for code in fresh_languages() for message in short_answers(code)
    ]
    assert overlaps(our_texts(), {}, fresh) == []


@pytest.mark.skipif(not evaluation_data().is_dir(), reason="no EVALUATION_DATA here")
def test_nobody_elses_sentence_is_in_the_data():
    assert overlaps(our_texts(), their_sentences(evaluation_data())) == []


def test_normalised_text_has_words_only():
    assert normalise("  It's <b>late</b>, {{Name}} – #10428! ") == "its late"
