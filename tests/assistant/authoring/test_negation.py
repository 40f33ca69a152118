"""What is not wanted is told apart from what is, in every language."""

import pytest

from authoring.designers_words import is_denied, meant
from authoring.negation import asks, polarity


def wanted(text: str) -> str:
    return " ".join(polarity(text).wanted.split()).strip(" ,.;")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("don't cancel it, just say when it comes", "just say when it comes"),
        ("can I move the date without cancelling", "can I move the date"),
        ("I don't want a refund but a new one", "I but a new one"),
        ("no, leave it, where is my parcel?", "where is my parcel?"),
        ("no lo canceles, dime dónde está", "dime dónde está"),
        ("no quiero devolverlo, sino cambiar la talla", "sino cambiar la talla"),
        ("bitte die Jacke nicht stornieren, wo ist sie?", "wo ist sie?"),
        ("storniere das nicht, sag mir wann es kommt", "sag mir wann es kommt"),
        ("n'annulez pas, dites-moi où elle est", "n', dites-moi où elle est"),
        ("je ne veux pas de remboursement mais un échange", "je ne mais un échange"),
    ],
)
def test_what_is_asked_instead_is_left(text: str, left: str) -> None:
    assert polarity(text).is_negated
    assert " ".join(wanted(text).replace(" ,", ",").split()) == left.replace(" ,", ",")
    assert polarity(text).asks_more


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("who said anything about a refund? where is it", "? where is it"),
        ("hands off my address, how long is delivery", ", how long is delivery"),
        ("leave the address alone but send the invoice", "but send the invoice"),
        ("not the refund, the parcel", ", the parcel"),
        ("rather than returning it could u send the bill", "could u send the bill"),
        ("en vez de cancelar cambia la talla", "cambia la talla"),
        ("la contraseña no, borra la cuenta", "la , borra la cuenta"),
        ("wo es ist ist mir wurscht, stornieren", ", stornieren"),
        ("die Rechnung hab ich gefunden, wo ist das Paket", ", wo ist das Paket"),
        ("jveux pas renvoyer mais changer", "j mais changer"),
        ("I was going to cancel but can I swap it", "I but can I swap it"),
    ],
)
def test_every_kind_of_refusal_leaves_the_rest(text: str, left: str) -> None:
    assert " ".join(polarity(text).wanted.split()) == left


@pytest.mark.parametrize(
    "text",
    [
        "I wanted to return the tent but never mind",
        "iba a pedir el reembolso pero ya da igual",
        "wollte die Jacke zurückschicken, hat sich aber erledigt",
        "j'allais annuler, mais laissez tomber",
        "I had wanted a refund. Forget it.",
        "was going to return it but it was just dirty",
    ],
)
def test_a_withdrawal_undoes_what_stands_before_it(text: str) -> None:
    assert not polarity(text).wanted.strip(" .")


@pytest.mark.parametrize("text", ["no thanks", "nein danke", "ok c'est bon", "ya no"])
def test_a_bare_answer_is_left_to_be_understood(text: str) -> None:
    assert polarity(text).wanted == text


@pytest.mark.parametrize(
    "text",
    [
        "please do not cancel my order HP-10428",
        "leave it",
        "no refund needed",
        "don't send me a reset link",
        "no hace falta cambiar la dirección",
        "déjalo",
        "ich möchte keine Rücksendung",
        "lass es",
        "surtout ne changez pas mon adresse",
        "laissez tomber",
    ],
)
def test_nothing_is_left_of_a_mere_refusal(text: str) -> None:
    assert polarity(text).is_negated
    assert not polarity(text).asks_more


@pytest.mark.parametrize(
    "text",
    [
        "my parcel hasn't arrived",
        "I can't return it in time",
        "why don't you just cancel it",
        "if you don't refund me I'll call my bank",
        "they don't refund me",
        "I don't know how to reset my password",
        "no refund yet",
        "I did not get the code",
        "no puedo cancelar el pedido",
        "no me llega el reembolso",
        "por qué no lo canceláis",
        "warum storniert ihr das nicht",
        "ich kann die Bestellung nicht stornieren",
        "ich habe noch keine Rückerstattung bekommen",
        "je n'arrive pas à annuler",
        "toujours pas de remboursement",
        "vous ne remboursez pas",
        "don't forget to cancel it",
        "no se te olvide mandarme la factura",
        "vergesst nicht die Bestellung zu stornieren",
        "n'hésitez pas à m'envoyer la facture",
        "j'ai oublié mon mot de passe",
        "olvidé mi contraseña",
        "I was going to return it but can't find the label",
        "die Adresse stimmt nicht",
    ],
)
def test_a_complaint_with_a_negation_is_no_refusal(text: str) -> None:
    assert polarity(text).wanted == text
    assert not polarity(text).is_negated


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("not sure whether I should send it back", True),
        ("should I reset my password?", True),
        ("no sé si debería cancelarlo", True),
        ("soll ich die Jacke zurückschicken?", True),
        ("je ne sais pas si je dois annuler", True),
        ("I might cancel, I'll sleep on it", True),
        ("devolver las botas... no sé", True),
        ("Stiefel zurückgeben oder nicht", True),
        ("je me tâte pour fermer mon compte", True),
        ("no sé cómo devolverlo", False),
        ("je sais pas comment annuler", False),
        ("send it back", False),
        ("could you maybe cancel my order", False),
        ("not sure how to return the tent", False),
        ("puedes cancelarlo", False),
        ("kannst du das stornieren", False),
        ("pouvez-vous annuler", False),
    ],
)
def test_a_doubt_is_heard(text: str, doubtful: bool) -> None:
    assert polarity(text).is_doubtful is doubtful


def test_the_text_keeps_its_length_for_the_places_of_entities() -> None:
    text = "İ don’t cancel it, track HP-10428"
    assert len(polarity(text).wanted) == len(text)
    assert polarity(text).wanted.index("HP") == text.index("HP")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("it's not damaged, just too small", "does not fit"),
        ("the zip is broken", "damaged"),
        ("no está roto, es otro artículo", "wrong item"),
        ("nicht kaputt, gefällt mir nicht", "changed mind"),
        ("il n'est pas cassé", None),
        ("der Kocher funktioniert nicht", "damaged"),
    ],
)
def test_a_denied_value_is_not_meant(text: str, reason: str | None) -> None:
    assert meant("return_reason", text) == reason


@pytest.mark.parametrize(
    ("text", "value", "denied"),
    [
        ("not HP-10428 but HP-10430", "HP-10428", True),
        ("not HP-10428 but HP-10430", "HP-10430", False),
        ("no HP-10430", "HP-10430", False),
        ("I never received HP-10428", "HP-10428", False),
    ],
)
def test_a_number_is_denied_only_at_once(text: str, value: str, denied: bool) -> None:
    assert is_denied(text, text.index(value), reach=1) is denied


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("nobody here wants HP-10428 cancelled", "."),
        ("schickt mir bloß keinen Link, das alte geht", ", das alte geht"),
        ("Mailt mir die Rechnung bloß nicht, wo ist sie?", ", wo ist sie?"),
        ("an der Adresse ändern wir nichts", ""),
        ("la dirección déjala como está, cuándo llega", ", cuándo llega"),
        ("personne ici ne veut annuler ma commande", ""),
        ("Cancel? God no. Where is it?", ". Where is it?"),
        ("annuler ? mais pas du tout ! où est-elle", "! où est-elle"),
    ],
)
def test_a_refusal_is_heard_wherever_its_words_stand(text: str, left: str) -> None:
    found = polarity(text)
    assert found.is_negated
    assert " ".join(found.wanted.split()) in (left, left.strip("."))


@pytest.mark.parametrize(
    "text",
    [
        "couldn't you refund me?",
        "vous ne pourriez pas m'envoyer la facture ?",
        "¿no podríais cambiarme la talla?",
        "könntet ihr mir nicht die Rechnung schicken?",
        "I wouldn't mind swapping it for a large",
    ],
)
def test_a_polite_question_is_no_refusal(text: str) -> None:
    assert not polarity(text).is_negated


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("got a mail about a new password, never asked for one", True),
        ("la semana pasada cambié la contraseña", True),
        ("an HP-10428 hab ich nichts geändert", True),
        ("un mail pour le mot de passe, c'était pas moi", True),
        ("reset my password", False),
    ],
)
def test_what_is_only_told_is_heard(text: str, told: bool) -> None:
    assert polarity(text).is_told is told


def test_what_is_left_is_read_clause_by_clause() -> None:
    found = polarity("rien à changer, annulez la HP-10428. je n'ai rien demandé hier")
    assert found.parts
    assert asks("annulez la HP-10428")
    assert not asks("I never asked for a new password")
    assert not polarity("cancel my order, where is it?").parts
