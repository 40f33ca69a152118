"""How the calibration error is counted."""

import pytest

from benchmarks.calibration import Judged, bins, calibration_error, likeliest
from benchmarks.thresholds import configured


def test_the_error_is_the_mean_gap_of_the_bins() -> None:
    # .9 said and half right, .3 said and right: gaps .4 and .7
    judged = [Judged(0.9, True), Judged(0.9, False), Judged(0.3, True)]
    assert [b.messages for b in bins(judged)] == [1, 2]
    assert calibration_error(judged) == pytest.approx((2 * 0.4 + 0.7) / 3)


def test_as_sure_as_right_is_no_error_and_certainty_has_a_bin() -> None:
    judged = [Judged(0.75, True)] * 3 + [Judged(0.75, False), Judged(1.0, True)]
    assert calibration_error(judged) == pytest.approx(0)


@pytest.mark.parametrize("own", [0.6, 0.2])
def test_the_fallbacks_own_entry_is_no_reading(own: float) -> None:
    added = {"name": "nlu_fallback", "confidence": configured()}
    guess = {"name": "ask_sizes", "confidence": own}
    assert likeliest({"intent_ranking": [added, guess]}) == ("ask_sizes", own)
    stranger = {"name": "nlu_fallback", "confidence": 0.7}
    assert likeliest({"intent_ranking": [stranger, guess]}) == ("nlu_fallback", 0.7)
