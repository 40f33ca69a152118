"""What the designers' word lists know in English they know in each language."""

import pytest

from actions.numbers import numbers_in
from actions.review import rating_in
from authoring.designers_words import FOLDER, meant, read_words

# Of a shape of their own, or of all languages at once.
OTHERS = {"confirmation", "denial", "language", "negation", "sensitive"}
LISTS = sorted(path.stem for path in FOLDER.glob("*.yml") if path.stem not in OTHERS)
LANGUAGES = ["en", "es", "de", "fr"]


@pytest.mark.parametrize("name", LISTS)
def test_every_value_has_words_in_each_language(name):
    for value, words in read_words(name)["words"].items():
        assert list(words) == LANGUAGES, value
        assert all(words.values()), value


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("damaged", "the zip is knackered"),
        ("damaged", "its got a hole in it"),
        ("damaged", "la linterna ya no enciende"),
        ("damaged", "ha llegado hecha polvo"),
        ("damaged", "esta danada la costura"),
        ("damaged", "die lampe leuchtet nicht mehr"),
        ("damaged", "reissverschluss kapput"),
        ("damaged", "naht is aufgegangen"),
        ("damaged", "flasche läuft aus"),
        ("damaged", "la fermeture est pétée"),
        ("damaged", "elle marche plus"),
        ("damaged", "la gourde fuit"),
        ("damaged", "arrivee cassee"),
        ("does not fit", "boots r too tight"),
        ("does not fit", "me aprietan un montón"),
        ("does not fit", "no me entran"),
        ("does not fit", "die hose passt ned"),
        ("does not fit", "falsche grösse"),
        ("does not fit", "elles me serrent, trop etroites"),
        ("does not fit", "c pas la bonne taille"),
        ("wrong item", "not what i ordered"),
        ("wrong item", "me ha llegado otra cosa"),
        ("wrong item", "hab was anderes bekommen"),
        ("wrong item", "j'ai reçu autre chose"),
        ("changed mind", "dont need it anymore"),
        ("changed mind", "ya no me hace falta"),
        ("changed mind", "brauch ich doch nicht"),
        ("changed mind", "finalement j'en veux plus"),
    ],
)
def test_a_reason_is_heard_as_it_is_typed_on_a_phone(reason, said):
    assert meant("return_reason", said) == reason


@pytest.mark.parametrize(
    "said", ["it's not broken", "no está roto", "nicht kaputt", "il n'est pas cassé"]
)
def test_a_denied_damage_is_none(said):
    assert meant("return_reason", said) is None


@pytest.mark.parametrize(
    ("slot", "value", "said"),
    [
        ("order_number", "none", "no idea, lost it"),
        ("order_number", "none", "ni idea, no lo encuentro"),
        ("order_number", "none", "hab ich nicht"),
        ("order_number", "none", "jai pas le numero"),
        ("newsletter_wish", "unsubscribe", "no me mandéis más correos"),
        ("newsletter_wish", "unsubscribe", "tragt mich aus"),
        ("newsletter_wish", "unsubscribe", "je veux plus recevoir vos mails"),
        ("newsletter_wish", "subscribe", "apuntadme"),
        ("newsletter_wish", "subscribe", "tragt mich ein"),
        ("newsletter_wish", "subscribe", "inscrivez moi"),
        ("address_wish", "usual", "a partir de ahora esta"),
        ("address_wish", "usual", "ab jetzt diese"),
        ("address_wish", "usual", "désormais celle-ci"),
        ("address_wish", "add", "además de la otra"),
        ("address_wish", "add", "noch eine dazu"),
        ("address_wish", "add", "en plus de l'autre"),
        ("account_field", "phone", "el celular"),
        ("account_field", "phone", "meine handynummer"),
        ("account_field", "phone", "mon tel"),
        ("review_by_name", "without", "anónimo mejor"),
        ("review_by_name", "without", "bitte ohne"),
        ("review_by_name", "without", "sans mon nom"),
    ],
)
def test_an_answer_is_heard_in_each_language(slot, value, said):
    assert meant(slot, said) == value


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("3x", [3]),
        ("x2 please", [2]),
        ("cinco o seis", [5, 6]),
        ("fuenf", [5]),
        ("zwölf stück", [12]),
        ("une quinzaine, disons quinze", [15]),
        ("une s'il vous plaît", [1]),
        ("eine davon, bitte", [1]),
        ("just one", [1]),
        ("one question first", []),
        ("solo una cosa antes", []),
        ("3.5 kg", []),
        ("HP-10428", []),
    ],
)
def test_numbers_are_read_in_words_and_figures(said, numbers):
    assert numbers_in(said) == numbers


@pytest.mark.parametrize(
    ("said", "stars"),
    [
        ("4 out of 5", 4),
        ("4/5", 4),
        ("cuatro estrellas", 4),
        ("3 sobre 5", 3),
        ("vier von fünf", 4),
        ("2 sterne", 2),
        ("trois etoiles", 3),
        ("5 sur 5", 5),
        ("between 2 and 4", None),
    ],
)
def test_stars_are_read_in_each_language(said, stars):
    assert rating_in(said) == stars
