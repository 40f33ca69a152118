"""`make evaluate`: its figures, its thresholds, and what it says of missing sets."""

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from benchmarks import evaluate, pictures, public_sets, scoring, thresholds
from benchmarks.examples import Example
from benchmarks.pipeline import Answer, Texts, Understanding
from benchmarks.report import Row
from benchmarks.section import Section, missing

NONE = scoring.NONE
TRUTH = ["a", "a", "b", NONE, NONE]
SAID = ["a", "b", "b", "a", "b"]
CONFIDENCES = np.array([0.9, 0.8, 0.3, 0.6, 0.1])


def test_figures_are_as_counted_by_hand() -> None:
    assert scoring.accuracy(TRUTH, SAID) == pytest.approx(2 / 5)
    assert scoring.in_scope_accuracy(TRUTH, SAID) == pytest.approx(2 / 3)
    assert scoring.strangers_caught(TRUTH, SAID) == 0
    cut = scoring.with_threshold(SAID, CONFIDENCES, 0.5)
    assert cut.tolist() == ["a", "b", NONE, "a", NONE]
    assert scoring.in_scope_accuracy(TRUTH, cut) == pytest.approx(1 / 3)
    assert scoring.strangers_caught(TRUTH, cut) == pytest.approx(1 / 2)
    # in scope .9 .8 .3, out .6 .1: five of the six pairs are in order
    assert scoring.separation(TRUTH, CONFIDENCES) == pytest.approx(5 / 6)
    # a: precision 1, recall 1/2; b: precision 1/2, recall 1
    assert scoring.macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx(2 / 3)
    # tp 1, tn 1, fp 1, fn 0: (1*1 - 1*0) / sqrt(2 * 1 * 2 * 1)
    assert scoring.mcc(["a", "b", "b"], ["a", "b", "a"]) == pytest.approx(0.5)


def test_worst_confusions_come_first() -> None:
    worst = scoring.confusions(list("aabbc"), list("bbabc"), 1)
    assert worst == [("a", "b", 2)]


def test_threshold_keeps_the_share_it_is_asked_to_keep() -> None:
    confidences = np.linspace(0, 1, 101)
    threshold = scoring.keeping(confidences, 0.95)
    assert np.mean(confidences >= threshold) == pytest.approx(0.95, abs=0.01)


def test_highest_threshold_that_keeps_the_accuracy() -> None:
    def chosen(least: float) -> float:
        return scoring.highest_keeping_accuracy(TRUTH, SAID, CONFIDENCES, least)

    assert chosen(0.6) == pytest.approx(0.3)
    assert chosen(0.3) == pytest.approx(0.9)
    assert chosen(0.99) == 0


def answer(intent: str, confidence: float, stranger: float = 0.0) -> Answer:
    return Answer(intent, confidence, stranger, intent)


def test_fallback_threshold_balances_customers_and_strangers() -> None:
    truth = ["a", "a", "b", NONE, NONE, NONE]
    answers = [
        answer("a", 0.9),
        answer("a", 0.62),
        answer("b", 0.41),
        answer("a", 0.52),
        answer("b", 0.33),
        answer("b", 0.4, stranger=0.6),
    ]
    points = {point.threshold: point for point in thresholds.curve(truth, answers)}
    assert points[0.2] == (0.2, 1, pytest.approx(1 / 3))
    assert points[0.4] == (0.4, 1, pytest.approx(2 / 3))
    assert points[0.55] == (0.55, pytest.approx(2 / 3), 1)
    # 0.35 and 0.4 do equally well: the higher one catches more that is new
    assert thresholds.choose(truth, answers) == pytest.approx(0.4)


def test_asking_customers_again_costs_more_than_missing_a_stranger() -> None:
    truth = ["a", "b", NONE]
    answers = [answer("a", 0.9), answer("b", 0.45), answer("a", 0.6)]
    assert thresholds.choose(truth, answers) == pytest.approx(0.45)


def test_threshold_in_the_configuration_is_a_candidate() -> None:
    assert thresholds.configured() in thresholds.CANDIDATES


@pytest.mark.parametrize(
    "measure",
    [
        public_sets.bitext,
        public_sets.sofmattress,
        public_sets.clinc150,
        evaluate.feelings,
    ],
)
def test_a_missing_set_is_named_with_its_licence(
    measure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVALUATION_DATA", str(tmp_path))
    section = measure(False)
    assert not section.rows
    assert ".jsonl" in section.note and "EVALUATION_DATA" in section.note
    assert any(licence in section.note for licence in ("CC BY", "CDLA", "ODbL"))


def test_a_set_is_read_with_its_strangers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVALUATION_DATA", str(tmp_path))
    lines = '{"text": " hi \\n there", "intent": "x"}\n{"text": "?", "intent": "oos"}\n'
    (tmp_path / "set.jsonl").write_text(lines)
    assert public_sets.read("set.jsonl") == [
        Example("hi there", "x"),
        Example("?", NONE),
    ]


def test_pipeline_learns_from_rows_and_answers_others() -> None:
    said = {
        "greet": ["hi", "hello there", "good morning", "hey you"],
        "cancel_order": [
            "cancel it",
            "cancel my order",
            "stop the order",
            "call it off",
        ],
        NONE: ["green soup", "the weather is odd", "tell me a tale", "asdf"],
    }
    examples = [Example(t, name) for name, texts in said.items() for t in texts]
    texts = Texts(examples)
    rows = [row for row in range(len(examples)) if row not in (1, 5)]
    answers = Understanding(texts, rows).answers(texts, [1, 5])
    assert [a.intent for a in answers] == ["greet", "cancel_order"]
    assert all(0 < a.confidence < 1 and a.stranger < a.confidence for a in answers)


def test_pictures_are_drawn(tmp_path: Path) -> None:
    pictures.draw_confusions(list("aab"), list("abb"), list("ab"), tmp_path / "c.png")
    points = [thresholds.Point(0.2, 0.9, 0.5), thresholds.Point(0.4, 0.8, 0.7)]
    pictures.draw_curve(points, 0.4, tmp_path / "new" / "t.png")
    for name in ("c.png", "new/t.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


def said_by_evaluate(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> tuple[str, list[str]]:
    written: list[str] = []
    found = Section("Made up", [Row("figure", "0.5", ">= 0.4", "reached")])
    gone = missing("Gone", "clinc150_val.jsonl")
    monkeypatch.setattr(
        evaluate, "SECTIONS", {"made": lambda quick: found, "gone": lambda quick: gone}
    )
    monkeypatch.setattr(evaluate, "write", lambda name, *rest: written.append(name))
    monkeypatch.setattr(sys, "argv", ["evaluate", *arguments])
    console = Console(file=io.StringIO(), width=120)
    evaluate.main(console)
    return console.file.getvalue(), written


def test_sections_are_shown_and_written(monkeypatch: pytest.MonkeyPatch) -> None:
    shown, written = said_by_evaluate(monkeypatch, [])
    assert "Made up" in shown and "reached" in shown
    assert "clinc150_val.jsonl" in shown and "CC BY 3.0" in shown
    assert written == ["Made up", "Gone"]


def test_the_quick_form_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _, written = said_by_evaluate(monkeypatch, ["--quick", "--only", "made"])
    assert written == []


def test_mistakes_have_to_stay_below_their_target() -> None:
    def row(caught: float, false: float) -> Row:
        [told] = evaluate._told(
            [
                {
                    "what": "replayed",
                    "dialogues": 28,
                    "caught": caught,
                    "false handoffs": false,
                    "reach": {"caught": 0.85, "false handoffs": 0.1},
                }
            ]
        )
        return told

    assert row(0.9, 0.06).figure == "caught 0.900, false handoffs 0.060"
    assert row(0.9, 0.06).target == "caught >= 0.85, false handoffs <= 0.1"
    assert row(0.9, 0.06).verdict == "reached"
    assert row(0.9, 0.2).verdict == row(0.8, 0.06).verdict == "missed"
