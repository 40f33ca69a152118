"""Both mistakes of redaction are counted, each on its own and by language."""

import re

from benchmarks import redaction
from benchmarks.report import MISSED, REACHED


def test_secrets_and_harmless_texts_are_counted_apart() -> None:
    cases = [
        {"language": "en", "text": "pin 1", "secret": "1", "kind": "password"},
        {"language": "en", "text": "pin 2", "secret": "2", "kind": "password"},
        {"language": "de", "text": "drei", "secret": None, "kind": None},
    ]
    measured = redaction.measure(cases, lambda text: text.replace("1", "x"), "own")
    secrets, harmless = redaction.rows([measured])
    assert (secrets.figure, secrets.verdict) == ("1 of 2, 0.500", MISSED)
    assert secrets.what == "secrets kept out, own (en 1/2)"
    assert (harmless.figure, harmless.verdict) == ("1 of 1, 1.000", REACHED)
    assert measured["secrets"]["wrong"] == [{"text": "pin 2", "kept": "pin 2"}]


def test_the_bridges_rules_are_measured_in_its_own_environment() -> None:
    section = redaction.run()
    assert len(section.rows) >= 2
    counts = [int(re.search(r" of (\d+)", row.figure)[1]) for row in section.rows]
    assert min(counts) >= 100, counts
