"""The language of a conversation, kept for it whatever happens."""

from rasa_process import RasaProcess, texts

SPANISH = "quiero saber dónde está mi pedido"


def language(answer: dict) -> str | None:
    return answer["turn"]["slots"].get("language")


def test_a_spanish_question_is_answered_in_spanish(
    rasa: RasaProcess, sender: str
) -> None:
    answer = rasa.say(sender, SPANISH)
    assert texts(answer) == ["¿Qué pedido?"]
    assert language(answer) == "es"


def test_the_language_of_the_client_begins(rasa: RasaProcess, sender: str) -> None:
    answer = rasa.say(sender, "ok", language="es-MX")
    assert language(answer) == "es"
    assert texts(rasa.say(sender, "", payload="/greet")) == ["Hola."]


def test_what_the_client_says_to_the_assistant_is_no_hint(
    rasa: RasaProcess, sender: str
) -> None:
    answer = rasa.say(sender, "ok", metadata={"language": "es"})
    assert language(answer) is None


def test_neither_a_button_nor_a_number_changes_it(
    rasa: RasaProcess, sender: str
) -> None:
    rasa.say(sender, SPANISH)
    assert language(rasa.say(sender, "HP-10001", language="en-GB")) == "es"
    answer = rasa.say(sender, "Track", payload="/check_order_status")
    assert language(answer) == "es"


def test_it_outlasts_a_session_and_a_hand_back(rasa: RasaProcess, sender: str) -> None:
    rasa.say(sender, SPANISH)
    assert language(rasa.say(sender, "ok", new_session=True)) == "es"
    assert language(rasa.hand_back(sender, new_session=True)) == "es"
    assert texts(rasa.say(sender, "", payload="/greet")) == ["Hola."]


def test_english_comes_back_with_an_english_sentence(
    rasa: RasaProcess, sender: str
) -> None:
    rasa.say(sender, SPANISH)
    answer = rasa.say(sender, "sorry, can you tell me where my order is")
    assert language(answer) == "en"
    assert texts(answer)[-1] == "Which order?"


def test_a_language_that_nobody_taught_it_brings_a_human(
    rasa: RasaProcess, sender: str
) -> None:
    answer = rasa.say(sender, "vorrei sapere quando arriva il mio pacco")
    trigger = answer["turn"]["trigger"]
    assert trigger["triggers"][0]["name"] == "complexity"
    assert trigger["evidence"]["language"] == "it"
    assert language(answer) == "it"


def test_conversations_do_not_share_it(rasa: RasaProcess, sender: str) -> None:
    rasa.say(sender, SPANISH)
    other = rasa.say(f"{sender}-other", "where is my order please")
    assert texts(other) == ["Which order?"]
