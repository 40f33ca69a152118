"""Sentiment: from the designers' files to a label and a score."""

from collections import Counter
from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.sentiment import SentimentClassifier, mood
from components.sentiment_data import InvalidSentimentData, read_examples
from components.sentiment_mix import joined
from components.sentiment_model import calm

PROJECT_DATA = Path(__file__).parents[3] / "data" / "sentiment"
GRIEVANCES = PROJECT_DATA.with_name("grievances")
CONFIG = {
    **SentimentClassifier.get_default_config(),
    "data": str(PROJECT_DATA),
    "grievances": str(GRIEVANCES),
}
# The limits of config.yml.
ANGRY, AGGRIEVED = -0.65, -0.4


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> SentimentClassifier:
    """Trained, stored and loaded again."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    resource = Resource("sentiment")
    SentimentClassifier(CONFIG, storage, resource).train(TrainingData())
    return SentimentClassifier.load(CONFIG, storage, resource, None)


def score(classifier: SentimentClassifier, text: str) -> float:
    [message] = classifier.process([Message({"text": text})])
    return message.get("sentiment")["score"]


@pytest.mark.parametrize(
    "text",
    [
        "you lot are unbelievable, I've waited a month and nobody cares!!",
        "I am really angry about this whole thing",
        "worst service I have ever had, absolutely disgusting",
        "WHAT IS WRONG WITH YOU PEOPLE",
    ],
)
def test_anger_is_below_the_limit_of_a_handoff(
    classifier: SentimentClassifier, text: str
) -> None:
    assert score(classifier, text) < -0.7


@pytest.mark.parametrize(
    "text",
    [
        "hmm, that is a bit annoying",
        "it's a bit late, isn't it",
        "I'd hoped for something better",
    ],
)
def test_slight_disappointment_is_no_anger(
    classifier: SentimentClassifier, text: str
) -> None:
    assert score(classifier, text) > ANGRY


@pytest.mark.parametrize(
    "text", ["where is my order", "HP-10428", "482913", "I'd like a refund", "/greet"]
)
def test_request_is_neutral(classifier: SentimentClassifier, text: str) -> None:
    assert abs(score(classifier, text)) < 0.2


@pytest.mark.parametrize(
    "text",
    [
        "blorp zim zam",
        "fiat iustitia et pereat mundus",
        "trousers piano gravity",
        "sdlkfj woeiru",
        "31",
        "🦉",
    ],
)
def test_nonsense_is_neutral(classifier: SentimentClassifier, text: str) -> None:
    assert score(classifier, text) > AGGRIEVED


@pytest.mark.parametrize(
    "text", ["WHERE IS MY RUCKSACK", "CANCEL HP-10455", "CAN I PAY BY CARD"]
)
def test_shouting_alone_is_no_anger(classifier: SentimentClassifier, text: str) -> None:
    assert score(classifier, text) > -0.3


def test_thanks_are_positive(classifier: SentimentClassifier) -> None:
    assert score(classifier, "thank you, that was really helpful") > 0.7


@pytest.mark.parametrize(
    "text",
    [
        "the lid of the kettle came cracked, what can I do",
        "the lantern I bought does not light",
        "el abrigo que me mandaron vino manchado",
        "an meiner Jacke klemmt der Reißverschluss",
        "il manque une sangle à mon sac à dos",
    ],
)
def test_trouble_told_for_the_first_time_is_no_grievance(
    classifier: SentimentClassifier, text: str
) -> None:
    [message] = classifier.process([Message({"text": text})])
    assert message.get("sentiment")["label"] == "negative"
    assert score(classifier, text) > AGGRIEVED


@pytest.mark.parametrize(
    "text",
    [
        "third mail about this and not one reply",
        "I was promised a refund two weeks ago, nothing came",
        "ya van tres veces que lo explico",
        "seit drei Wochen warte ich und keiner sagt mir etwas",
        "on m'avait dit lundi et toujours rien",
    ],
)
def test_what_happens_again_or_lasts_is_a_grievance(
    classifier: SentimentClassifier, text: str
) -> None:
    assert score(classifier, text) <= AGGRIEVED


@pytest.mark.parametrize(
    "text",
    [
        "can't complain, it keeps me warm",
        "nicht schlecht, der Kocher",
        "pas mal du tout vos chaussures",
        "nada mal el saco",
        "this rucksack is insane, so good",
        "jajajaja qué bueno",
        "mdr trop bien",
        "¿y eso cuándo llega?",
        "pourquoi deux colis ?",
        "my feet are killing me, which insoles do you have",
        "my landlord is an idiot, I need to change my address",
    ],
)
def test_look_alikes_are_no_grievance(
    classifier: SentimentClassifier, text: str
) -> None:
    assert score(classifier, text) > AGGRIEVED


@pytest.mark.parametrize(
    ("plain", "raised"),
    [
        ("where is my parcel", "WHERE IS MY PARCEL!!!"),
        ("can I pay by card?", "can I PAY by card???!"),
        ("hello", "hello......."),
        ("dónde está mi pedido", "¡¡DÓNDE ESTÁ MI PEDIDO!!"),
        ("I am disappointed", "I am DISAPPOINTED!!!"),
    ],
)
def test_a_raised_voice_changes_nothing(
    classifier: SentimentClassifier, plain: str, raised: str
) -> None:
    assert score(classifier, raised) == score(classifier, plain)


@pytest.mark.parametrize("text", ["...", "!!!", "?", "#", "@somebody"])
def test_a_text_of_marks_stays(text: str) -> None:
    assert calm(text) == text


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("I'm Lakisha Jackson, a tent please", "I'm Emma Baker, a tent please"),
        ("y'all got any tents left", "do you have any tents left"),
        ("soy Wayra y vivo en Cusco", "I'm Wayra and I live in Cusco"),
        ("ich heiße Aylin und wohne in Berlin", "I'm Aylin and I live in Berlin"),
        ("je m'appelle Aminata et j'habite à Lyon", "I'm Aminata and I live in Lyon"),
    ],
)
def test_who_speaks_and_how_is_no_mood(
    classifier: SentimentClassifier, text: str, other: str
) -> None:
    assert abs(score(classifier, text)) < 0.2
    assert abs(score(classifier, text) - score(classifier, other)) < 0.2


@pytest.mark.parametrize(
    "text",
    [
        "muchísimas gracias por la ayuda",
        "herzlichen Dank für die Hilfe",
        "merci infiniment pour votre aide",
        "you saved our holiday 😊",
    ],
)
def test_thanks_in_other_words_and_languages(
    classifier: SentimentClassifier, text: str
) -> None:
    assert score(classifier, text) > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "sois unos sinvergüenzas, devolvedme el dinero",
        "ihr seid doch alle Betrüger, ich will mein Geld!",
        "c'est une honte, vous vous fichez du monde",
    ],
)
def test_anger_in_other_languages(classifier: SentimentClassifier, text: str) -> None:
    assert score(classifier, text) < -0.6


def test_handles_and_addresses_have_no_mood(classifier: SentimentClassifier) -> None:
    bare = score(classifier, "where is my order")
    decorated = "@uselesscrooks where is my order http://worst.example/scam"
    assert score(classifier, decorated) == bare


def test_result_is_part_of_the_parse_data(classifier: SentimentClassifier) -> None:
    [message] = classifier.process([Message({"text": "thanks a lot"})])
    assert "sentiment" in message.as_dict(only_output_properties=True)


def test_all_unhappiness_counts_as_negative() -> None:
    shares = {"angry": 0.2, "negative": 0.2, "trouble": 0.2, "neutral": 0.4}
    assert mood(shares, 0.1)["label"] == "negative"


@pytest.mark.parametrize(
    ("shares", "grievance", "felt"),
    [
        ({"negative": 0.4, "neutral": 0.6}, 1.0, {"label": "negative", "score": -0.5}),
        ({"negative": 0.4, "neutral": 0.6}, 0.0, {"label": "neutral", "score": 0.0}),
        ({"angry": 0.1, "trouble": 0.9}, 0.5, {"label": "negative", "score": -0.6}),
        # what sounds like praise may be sarcasm
        (
            {"negative": 0.1, "positive": 0.9},
            0.8,
            {"label": "negative", "score": -0.4},
        ),
        ({"negative": 0.1, "positive": 0.9}, 0.0, {"label": "positive", "score": 1.0}),
    ],
)
def test_score_follows_the_grievance(
    shares: dict[str, float], grievance: float, felt: dict[str, object]
) -> None:
    assert mood(shares, grievance) == felt


def test_changed_examples_change_the_fingerprint(tmp_path: Path) -> None:
    examples = tmp_path / "a.yml"
    config = {"data": str(tmp_path / "none"), "grievances": str(tmp_path)}
    examples.write_text("sentiment: []")
    before = SentimentClassifier.fingerprint_addon(config)
    assert SentimentClassifier.fingerprint_addon(config) == before
    examples.write_text("sentiment: [ ]")
    assert SentimentClassifier.fingerprint_addon(config) != before


def test_joined_examples_feel_as_their_strongest_part() -> None:
    examples = {"hi": "neutral", "grr": "angry", "bad": "trouble", "ta": "positive"}
    messages = joined(examples, 200)
    assert messages == joined(examples, 200)
    for text, label in messages:
        assert ("grr" in text) == (label == "angry")
        assert not ("ta" in text.split() and label in ("angry", "trouble"))


def test_designers_wrote_each_example_once() -> None:
    lines = [
        line.strip()
        for path in [*PROJECT_DATA.glob("*.yml"), *GRIEVANCES.glob("*.yml")]
        for line in path.read_text().splitlines()
        if line.startswith("    - ")
    ]
    twice = [line for line, times in Counter(lines).items() if times > 1]
    assert twice == []


def test_anger_in_one_file_wins_over_negative_in_another(tmp_path: Path) -> None:
    for name, label in (("a", "angry"), ("b", "negative")):
        text = f"sentiment:\n- label: {label}\n  examples: |\n    - grr\n"
        (tmp_path / f"{name}.yml").write_text(text)
    assert read_examples(str(tmp_path)) == {"grr": "angry"}


@pytest.mark.parametrize(
    "content", ["[]", "sentiment: 1", "sentiment: [{label: furious, examples: x}]"]
)
def test_unreadable_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "broken.yml").write_text(content)
    with pytest.raises(InvalidSentimentData, match=r"broken\.yml"):
        read_examples(str(tmp_path))
