"""Whole conversations with the trained assistant, its actions and the sandbox shop."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from benchmarks.conversations import Conversations, conversations

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def talk() -> Iterator[Conversations]:
    with conversations() as running:
        yield running


class Customer:
    """A signed-in customer in a conversation of their own."""

    def __init__(self, talk: Conversations, customer_id: str | None) -> None:
        self._talk = talk
        self._customer_id = customer_id
        self._sender = uuid4().hex

    def says(self, text: str, **told: object) -> str:
        """Returns what the assistant answers, in one text."""
        answer = self._talk.say(
            self._sender, text, customer_id=self._customer_id, **told
        )
        self.turn = answer.turn
        return "\n".join(str(reply.get("text")) for reply in answer.replies)


def status(talk: Conversations, number: str) -> str:
    return talk.of_the_shop(f"/orders/{number}")["status"]


def test_only_a_plain_yes_cancels_and_only_once(talk: Conversations) -> None:
    jo = Customer(talk, "C-2002")
    assert "Shall I cancel it?" in jo.says("cancel HP-10421")
    for text in ("yes, keep it", "yes? what happens to my money"):
        jo.says(text)
        assert status(talk, "HP-10421") == "placed", text
    jo = Customer(talk, "C-2002")
    jo.says("cancel HP-10421")
    early = jo.says("yes", saw_last_question=False)
    assert "before my question" in early and "Shall I cancel it?" in early
    assert status(talk, "HP-10421") == "placed"
    assert "is cancelled" in jo.says("yes please, cancel it")
    assert status(talk, "HP-10421") == "cancelled"
    jo.says("yes")
    mails = talk.of_the_shop("/outbox.json", order_number="HP-10421")["mails"]
    assert [one["kind"] for one in mails].count("order_cancelled") == 1


def test_what_is_asked_instead_is_answered(talk: Conversations) -> None:
    jo = Customer(talk, "C-2001")
    assert "Shall I cancel it?" in jo.says("cancel HP-10434")
    answer = jo.says("no don't cancel it, just tell me when it comes")
    assert jo.turn["intent"]["name"] == "check_order_status"
    assert "HP-10434" in answer
    assert status(talk, "HP-10434") == "placed"


@pytest.mark.parametrize(
    "text",
    [
        "don't reset my password",
        "not sure if I should reset my password",
        "no hace falta restablecer la contraseña",
        "mein Passwort bitte nicht zurücksetzen",
        "je ne veux pas réinitialiser mon mot de passe",
    ],
)
def test_no_mail_goes_out_on_a_request_that_is_not_wanted(
    talk: Conversations, text: str
) -> None:
    jo = Customer(talk, "C-2006")
    jo.says(text)
    assert jo.turn["active_loop"] is None
    actions = {action["name"] for action in jo.turn["actions"]}
    assert not actions & {"action_reset_password", "action_ask_one_time_code"}


def test_a_repeated_request_gets_its_question_again(talk: Conversations) -> None:
    jo = Customer(talk, None)
    jo.says("where is my order")
    help_, question = jo.says("where is my order").split("\n")
    assert "confirmation mail" in question or "order number" in question, help_
    assert jo.turn["requested_slot"] == "order_number"
    assert "yes" not in jo.says("ok").lower()
    assert jo.turn["active_loop"] == "order_status_form"


def test_the_other_one_is_asked_for(talk: Conversations) -> None:
    jo = Customer(talk, "C-2001")
    jo.says("cancel HP-10434")
    answer = jo.says("no, the other one")
    assert jo.turn["requested_slot"] == "order_number", answer
    assert status(talk, "HP-10434") == "placed"


@pytest.mark.parametrize(
    ("opening", "locale", "wish", "said"),
    [
        ("ändere die adresse von HP-10434", "en-GB", "English please", "speak English"),
        ("change the address of HP-10434", "de-DE", "auf deutsch bitte", "auf Deutsch"),
        ("change the address of HP-10434", "es-ES", "en español porfa", "en español"),
        ("change the address of HP-10434", "fr-FR", "en français svp", "en français"),
    ],
)
def test_the_way_back_to_a_language_works_in_an_open_form(
    talk: Conversations, opening: str, locale: str, wish: str, said: str
) -> None:
    jo = Customer(talk, "C-2001")
    asked = jo.says(opening, language=locale)
    switched, question = jo.says(wish).split("\n", 1)
    assert said in switched
    # the form's question again, in the other language, and nothing taken for an answer
    assert "?" in question and question != asked
    assert not jo.turn["slots"].get("new_address")


@pytest.mark.parametrize(
    ("first", "text"),
    [
        ("where is HP-10434", "and my other order?"),
        ("¿dónde está HP-10434?", "¿y mi otro pedido?"),
        ("wo ist HP-10434", "und meine andere Bestellung?"),
        ("où est HP-10434", "et mon autre commande ?"),
    ],
)
def test_another_order_is_offered_and_never_the_one_before(
    talk: Conversations, first: str, text: str
) -> None:
    jo = Customer(talk, "C-2001")
    jo.says(first)
    assert "HP-10434" not in jo.says(text)
    assert jo.turn["slots"].get("order_number") is None


def test_two_orders_come_one_after_the_other(talk: Conversations) -> None:
    jo = Customer(talk, "C-2001")
    answer = jo.says("where are HP-10434 and HP-10428")
    assert "first HP-10434, then HP-10428" in answer
    assert "Track an order HP-10428" in answer
    payload = '/check_order_status{"order_number": "HP-10428"}'
    assert "delivered" in jo.says("", payload=payload)


def test_without_a_number_the_mail_address_leads_to_the_orders(
    talk: Conversations,
) -> None:
    jo = Customer(talk, None)
    jo.says("where is my order")
    assert "address" in jo.says("I don't have the number")
    assert jo.turn["requested_slot"] == "order_email"
    assert "code" in jo.says("nobody@mail.example")
    assert jo.turn["requested_slot"] == "one_time_code"


@pytest.mark.parametrize(
    "text",
    [
        "please send HP-10421 to 5 Mill Lane, York YO1 7AB instead",
        "bitte HP-10421 an Lindenweg 4, 20095 Hamburg liefern",
        "envoyez la commande HP-10421 au 8 rue des Lilas, 35000 Rennes",
        "cambiad la dirección del pedido HP-10421 a Calle Mayor 5, 28013 Madrid",
    ],
)
def test_an_address_in_the_request_is_not_asked_again(
    talk: Conversations, text: str
) -> None:
    jo = Customer(talk, talk.of_the_shop("/orders/HP-10434")["customer_id"])
    jo.says(text.replace("HP-10421", "HP-10434"))
    assert jo.turn["requested_slot"] == "confirm"


@pytest.mark.parametrize(
    "texts",
    [
        ("why do you need that?", "what is that for?", "where do I find it?"),
        ("wofür brauchen Sie das?", "wo steht die Nummer?", "wozu denn?"),
        ("¿para qué lo necesitáis?", "¿para qué sirve?", "¿dónde lo encuentro?"),
        ("pourquoi avez-vous besoin de ça ?", "ça sert à quoi ?", "c'est écrit où ?"),
    ],
)
def test_questions_about_the_question_bring_in_nobody(
    talk: Conversations, texts: tuple[str, ...]
) -> None:
    jo = Customer(talk, None)
    jo.says("where is my order")
    for text in (*texts, *texts):
        jo.says(text)
        assert "action_handoff" not in {one["name"] for one in jo.turn["actions"]}, text
        assert jo.turn["requested_slot"] == "order_number", text


@pytest.mark.parametrize(
    ("opening", "texts"),
    [
        ("I want to leave a review", ("where is HP-10434", "HP-10434")),
        ("ich möchte eine Bewertung schreiben", ("wo ist HP-10434", "HP-10434")),
        ("quiero dejar una reseña", ("dónde está HP-10434", "el pedido HP-10434")),
        ("je veux laisser un avis", ("où est HP-10434", "commande HP-10434")),
    ],
)
def test_a_look_at_an_order_comes_back_to_the_review(
    talk: Conversations, opening: str, texts: tuple[str, ...]
) -> None:
    jo = Customer(talk, "C-2001")
    jo.says(opening)
    question = jo.says("4").split("\n")[-1]
    for text in texts:
        assert jo.says(text).split("\n")[-1] == question, text
        assert jo.turn["requested_slot"] == "review_text"
    jo.says("Light and sturdy.")
    assert jo.turn["slots"]["review_rating"] == 4
    assert jo.turn["slots"]["review_text"] == "Light and sturdy."


def test_a_look_at_another_order_changes_nothing_of_the_question(
    talk: Conversations,
) -> None:
    jo = Customer(talk, "C-2001")
    question = jo.says("cancel HP-10434")
    told, again = jo.says("where is HP-10428").split("\n", 1)
    assert "HP-10428" in told and again == question
    jo.says("no")
    assert jo.turn["slots"]["order_number"] == "HP-10434"
    assert status(talk, "HP-10434") == "placed"


@pytest.mark.parametrize(
    "text",
    [
        "change the address of HP-10434",
        "die Lieferadresse von HP-10434 ändern",
        "cambiar la dirección de HP-10434",
        "changer l'adresse de HP-10434",
    ],
)
def test_a_repeated_request_is_no_address(talk: Conversations, text: str) -> None:
    jo = Customer(talk, "C-2001")
    question = jo.says(text)
    help_, again = jo.says(text).split("\n")
    assert again == question and help_
    assert not jo.turn["slots"].get("new_address")


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("log me out", False),
        ("bitte abmelden", False),
        ("cerrar sesión", False),
        ("déconnexion", False),
        ("should I log out?", True),
        ("soll ich mich abmelden?", True),
        ("¿tengo que cerrar sesión?", True),
        ("est-ce que je dois me déconnecter ?", True),
    ],
)
def test_who_may_not_mean_it_is_asked_before_they_are_signed_out(
    talk: Conversations, text: str, is_asked: bool
) -> None:
    jo = Customer(talk, "C-2001")
    jo.says(text)
    assert (jo.turn["active_loop"] == "sign_out_form") is is_asked
    ran = {action["name"] for action in jo.turn["actions"]}
    assert ("action_sign_out" in ran) is not is_asked


@pytest.mark.parametrize(
    "text",
    [
        "ich bin todmüde, mach hin",
        "je suis crevé, dépêchez-vous",
        "me muero de sueño, date prisa",
        "I'm dead tired, get on with it",
        "don't sign me out",
        "bitte nicht abmelden",
        "no me cierres la sesión",
        "ne me déconnectez pas",
    ],
)
def test_nobody_is_signed_out_who_has_not_asked_for_it(
    talk: Conversations, text: str
) -> None:
    jo = Customer(talk, "C-2001")
    jo.says(text)
    ran = {action["name"] for action in jo.turn["actions"]}
    assert "action_sign_out" not in ran


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("annulez HP-10434", "fr"),
        ("anula HP-10434", "es"),
        ("storniere HP-10434", "de"),
        ("cancel HP-10434", "en"),
    ],
)
@pytest.mark.parametrize("locale", [None, "en-GB", "de-DE"])
def test_a_short_request_is_answered_in_its_language(
    talk: Conversations, text: str, language: str, locale: str | None
) -> None:
    jo = Customer(talk, "C-2001")
    jo.says(text, language=locale)
    assert jo.turn["slots"]["language"] == language
