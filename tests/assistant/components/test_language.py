"""The language of a message and of a conversation."""

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.io import read_yaml_file
from test_classifier import ROOT

from components.language import LanguageDetector
from components.language_choice import (
    LIKELY,
    POSSIBLE,
    SURE,
    Heard,
    InvalidLanguages,
    Limits,
    is_believed,
    next_language,
    word_count,
)

NOTHING = Heard()
ENGLISH = Heard("en", 0.9, SURE)
SPANISH = Heard("es", 0.9, SURE)
SPANISH_WORD = Heard("es", 0.9, POSSIBLE)
MAYBE_SPANISH = Heard("es", 0.9, LIKELY)
MAYBE_GERMAN = Heard("de", 0.9, LIKELY)
ITALIAN = Heard("it", 0.99, SURE, foreign=True)
MAYBE_ITALIAN = Heard("it", 0.99, LIKELY, foreign=True)


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    """The detector as the designers have set it."""
    pipeline = read_yaml_file(ROOT / "config.yml")["pipeline"]
    [found] = [part for part in pipeline if "LanguageDetector" in part["name"]]
    return LanguageDetector({k: v for k, v in found.items() if k != "name"})


def heard_in(detector: LanguageDetector, text: str) -> Heard:
    [message] = detector.process([Message({"text": text})])
    return Heard.read(message.as_dict(only_output_properties=True)["language"])


@pytest.mark.parametrize(
    ("text", "code", "certainty"),
    [
        # a word of the list beside an order is a request, in whichever browser
        ("annulez HP-10421", "fr", LIKELY),
        ("suivez la HP-10421", "fr", LIKELY),
        ("rembourse 10421", "fr", LIKELY),
        ("anula HP-10421", "es", LIKELY),
        ("rastrea el 10421", "es", LIKELY),
        ("devuelve HP-10421", "es", LIKELY),
        ("storniere HP-10421", "de", LIKELY),
        ("Sendungsstatus HP-10421", "de", LIKELY),
        ("retourniere 10421", "de", LIKELY),
        ("cancel HP-10421", "en", LIKELY),
        # alone, or too short to be sure of, it is not
        ("annulez", "fr", POSSIBLE),
        ("storniere", "de", POSSIBLE),
        ("wo HP-10421", "de", POSSIBLE),
    ],
)
def test_a_clear_word_beside_an_order_tells_its_language(
    detector: LanguageDetector, text: str, code: str, certainty: str
) -> None:
    heard = heard_in(detector, text)
    assert (heard.code, heard.certainty) == (code, certainty)


def test_what_is_not_wanted_tells_the_language_as_well(
    detector: LanguageDetector,
) -> None:
    data = {"text": "ne me", "typed_text": "ne me déconnectez pas"}
    [message] = detector.process([Message(data)])
    assert message.get("language")["code"] == "fr"


@pytest.mark.parametrize("text", ["HP-10421", "10421 ok", "status HP-10421"])
def test_an_order_tells_no_language(detector: LanguageDetector, text: str) -> None:
    assert heard_in(detector, text).code is None


@pytest.mark.parametrize(
    ("current", "latest", "before", "home", "expected"),
    [
        # the beginning
        (None, NOTHING, NOTHING, None, None),
        (None, NOTHING, NOTHING, "fr", "fr"),
        (None, MAYBE_SPANISH, NOTHING, "fr", "es"),
        (None, ENGLISH, NOTHING, "fr", "en"),
        (None, SPANISH_WORD, NOTHING, None, "es"),
        (None, SPANISH_WORD, NOTHING, "fr", "fr"),
        (None, MAYBE_ITALIAN, NOTHING, None, None),
        (None, ITALIAN, NOTHING, "de", "it"),
        # later on: one sentence, or two messages in a row
        ("en", NOTHING, NOTHING, "fr", "en"),
        ("en", SPANISH, ENGLISH, None, "es"),
        ("en", MAYBE_SPANISH, ENGLISH, None, "en"),
        ("en", MAYBE_SPANISH, NOTHING, None, "en"),
        ("en", MAYBE_SPANISH, MAYBE_SPANISH, None, "es"),
        ("en", MAYBE_SPANISH, MAYBE_GERMAN, None, "en"),
        ("en", SPANISH_WORD, SPANISH_WORD, "es", "en"),
        # back to the browser's language with fewer words
        ("en", MAYBE_SPANISH, NOTHING, "es", "es"),
        ("en", MAYBE_ITALIAN, MAYBE_ITALIAN, None, "it"),
        ("it", ENGLISH, ITALIAN, None, "en"),
    ],
)
def test_the_language_goes_on_until_another_is_sure(
    current, latest, before, home, expected
):
    assert next_language(current, latest, before, home) == expected


def test_one_sure_message_or_two_likely_ones_are_believed():
    assert is_believed(ITALIAN, NOTHING)
    assert not is_believed(MAYBE_ITALIAN, NOTHING)
    assert is_believed(MAYBE_ITALIAN, ITALIAN)
    assert not is_believed(NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("where did my parcel end up?", "en"),
        ("¿cuándo llega mi paquete?", "es"),
        ("quiero devolver las botas", "es"),
        ("wann kommt mein paket an", "de"),
        ("ICH MÖCHTE MEIN GELD ZURÜCK", "de"),
        ("j'aimerais renvoyer mes bottes", "fr"),
    ],
)
def test_a_sentence_settles_the_language(detector, text, code):
    found = heard_in(detector, text)
    assert (found.code, found.certainty, found.foreign) == (code, SURE, False)


@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "HP-10428",
        "jean.dupont@example.fr",
        "123456",
        "#10428?",
        "/affirm",
        '/switch_language{"language": "es"}',
        "https://example.de/wo-ist-mein-paket",
        "👍",
        "",
        "Storm lantern",
        "im not sure",
        "thx",
        "lol",
        "yes",
        "José García",
    ],
)
@pytest.mark.parametrize("current", ["en", "es", "de", "fr"])
def test_what_says_nothing_changes_nothing(detector, text, current):
    assert next_language(current, heard_in(detector, text), NOTHING) == current


@pytest.mark.parametrize(
    ("text", "code"),
    [("hola", "es"), ("Hallo!", "de"), ("bonjour", "fr"), ("gracias", "es")],
)
def test_a_greeting_sets_the_language_only_at_the_beginning(detector, text, code):
    found = heard_in(detector, text)
    assert next_language(None, found, NOTHING) == code
    assert next_language("en", found, NOTHING) == "en"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hi, my parcel", "en"),
        ("wo paket", "de"),
        ("botas rotas", "es"),
        ("lampe cassée", "fr"),
    ],
)
def test_two_words_begin_a_chat_whatever_the_browser_says(detector, text, code):
    other = "fr" if code == "en" else "en"
    assert next_language(None, heard_in(detector, text), NOTHING, other) == code


@pytest.mark.parametrize(
    "text", ["wait", "y", "parcel?", "paquete", "kaputt", "colis", "no", "refund"]
)
@pytest.mark.parametrize("home", ["en", "es", "de", "fr"])
def test_one_word_leaves_it_to_the_browser(detector, text, home):
    assert next_language(None, heard_in(detector, text), NOTHING, home) == home


@pytest.mark.parametrize("text", ["wait", "parcel?", "hi, my parcel", "y", "hi"])
def test_first_words_in_english_are_not_taken_for_another_language(detector, text):
    assert next_language(None, heard_in(detector, text), NOTHING) in (None, "en")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("quando arriva il mio ordine per favore?", "it"),
        ("quero saber quando chega a minha encomenda", "pt"),
        ("wanneer komt mijn pakketje eindelijk aan", "nl"),
        ("kiedy przyjdzie moja paczka", "pl"),
        ("когда придет моя посылка", "ru"),
        ("我的包裹什么时候到", "zh"),
        ("متى يصل طردي", "ar"),
    ],
)
def test_a_sentence_in_a_language_we_do_not_speak_is_known_for_it(detector, text, code):
    found = heard_in(detector, text)
    assert (found.code, found.certainty, found.foreign) == (code, SURE, True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("English please", "en"),
        ("auf Deutsch bitte", "de"),
        ("¿hablas español?", "es"),
        ("hablas espanol", "es"),
        ("vous parlez anglais ?", "en"),
        ("not Spanish, German", "de"),
        ("do you speak italian", "it"),
        ("English, not German", "en"),
        ("where is my order", None),
        ("no hablo inglés", None),
        ("I don't speak English", None),
        ("je ne parle pas anglais", None),
        ("mein Englisch ist schlecht", None),
        ("why are you writing in German", None),
        ("por qué me escribes en inglés", None),
    ],
)
def test_the_language_that_a_message_names(detector, text, code):
    assert heard_in(detector, text).named == code


def test_rare_languages_are_taken_for_mistakes(detector):
    assert heard_in(detector, "zenbat balio du honek guztira gaur").code is None


def test_words_are_counted_in_scripts_without_blanks_too():
    assert word_count("where is it") == 3
    assert word_count("我的订单在哪里") == 4
    assert word_count("") == 0


@pytest.mark.parametrize(
    "config", [{"langauges": ["en"]}, {"languages": []}, {"sure": 0.2}]
)
def test_impossible_options_are_refused(config):
    with pytest.raises(InvalidLanguages):
        Limits.from_config(config)


def test_who_began_in_english_is_thanked_in_english(detector):
    current = next_language(None, heard_in(detector, "hello"), NOTHING)
    assert next_language(current, heard_in(detector, "gracias"), NOTHING) == "en"


def test_slots_for_names_and_places_exist():
    config = read_yaml_file(ROOT / "config.yml")
    [policy] = [part for part in config["policies"] if "Language" in part["name"]]
    slots = {
        name
        for path in (ROOT / "domain").glob("*.yml")
        for name in read_yaml_file(path).get("slots", {})
    }
    assert set(policy["names_and_places"]) <= slots
