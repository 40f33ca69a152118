import pytest

from actions.care_lines import AT_RISK, country_of, help_lines


@pytest.mark.parametrize(
    ("metadata", "country"),
    [
        ({"timezone": "Europe/Berlin"}, "DE"),
        ({"timezone": "Europe/Vienna", "locale": "de-DE"}, "AT"),
        ({"timezone": "US/Eastern"}, "US"),
        ({"timezone": "UTC", "locale": "en-AU"}, "AU"),
        ({"timezone": "Nowhere/Else", "locale": "fr_CA"}, "CA"),
        ({"language": "es-MX"}, "MX"),
        ({"locale": "de"}, None),
        ({"locale": "??", "timezone": 5}, None),
        ({}, None),
    ],
)
def test_the_browser_tells_the_country(metadata, country):
    assert country_of(metadata) == country


@pytest.mark.parametrize(
    ("country", "language", "number"),
    [
        ("US", "en", "988"),
        ("CA", "fr", "988"),
        ("GB", "en", "116 123"),
        ("IE", "en", "116 123"),
        ("DE", "de", "0800 111 0 111"),
        ("AT", "de", "142"),
        ("CH", "fr", "La Main Tendue: 143"),
        ("FR", "fr", "3114"),
        ("ES", "es", "024"),
        ("AU", "en", "13 11 14"),
    ],
)
def test_every_country_has_its_line(country, language, number):
    response, values = help_lines("self_harm", language, country)
    assert response == "utter_care_lines"
    assert number in values["lines"]


@pytest.mark.parametrize("country", [None, "JP"])
@pytest.mark.parametrize(
    ("language", "numbers"),
    [
        ("en", ["988", "116 123", "13 11 14"]),
        ("es", ["024", "988"]),
        ("de", ["0800 111 0 111", "142", "143"]),
        ("fr", ["3114", "143"]),
        ("it", ["988", "116 123"]),
    ],
)
def test_an_unknown_country_hears_those_of_the_language(country, language, numbers):
    response, values = help_lines("self_harm", language, country)
    assert response == "utter_care_lines_anywhere"
    for number in numbers:
        assert number in values["lines"]
    assert values["elsewhere"]


def test_a_threat_has_lines_of_its_own_and_the_emergency_number():
    response, values = help_lines("threat", "de", "DE")
    assert (response, values["emergency"]) == ("utter_care_lines", "112")
    assert "116 006" in values["lines"]
    # Without such a line the emergency number alone.
    response, values = help_lines("threat", "en", "CA")
    assert (response, values) == ("utter_care_lines_emergency", {"emergency": "911"})


def test_where_no_life_is_at_risk_there_is_none():
    assert AT_RISK == ("self_harm", "threat")
    assert help_lines("bereavement", "en", "GB") is None
