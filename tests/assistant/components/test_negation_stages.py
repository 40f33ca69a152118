"""Negated and doubted requests, through the trained pipeline."""

import pytest

from benchmarks.assistant import TrainedAssistant, intent_of


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "intent"),
    [
        (
            "don't cancel my order, I only want to know where it is",
            "check_order_status",
        ),
        ("I do not want to send the boots back", "stop"),
        ("yes but don't cancel it", "stop"),
        ("should I cancel my order?", "nlu_fallback"),
        ("why don't you cancel my order", "cancel_order"),
        ("no canceles el pedido, solo quiero saber dónde está", "check_order_status"),
        ("ich will nicht stornieren", "stop"),
        ("je ne sais pas si je dois renvoyer la veste", "nlu_fallback"),
        ("no thanks", "deny"),
        ("ja passt so", "affirm"),
        ("olvídalo, me quedo con él", "stop"),
        ("A mail about a new password came. Never asked for one.", "nlu_fallback"),
        ("la semana pasada tuve que restablecer la contraseña", "nlu_fallback"),
        ("die Stiefel behalte ich, keine Rücksendung", "stop"),
    ],
)
def test_only_what_is_wanted_is_understood(
    assistant: TrainedAssistant, text: str, intent: str
) -> None:
    parsed = assistant.parse(text)
    assert intent_of(parsed) == intent
    assert parsed["text"] == text


@pytest.mark.slow
def test_a_doubted_request_is_offered_as_a_button(assistant: TrainedAssistant) -> None:
    parsed = assistant.parse("not sure if I should reset my password")
    assert parsed["readings"] == ["reset_password"]
    assert parsed["polarity"] == {"negated": False, "doubtful": True}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("my brother pressed the wrong thing, my account lives on", "delete_account"),
        ("lo de anular el pedido fue un calentón de mi marido", "cancel_order"),
        ("das mit der Kündigung vom Konto war nur so dahergesagt", "delete_account"),
    ],
)
def test_a_refusal_in_words_of_no_list_begins_nothing(
    assistant: TrainedAssistant, text: str, intent: str
) -> None:
    assert intent_of(assistant.parse(text)) != intent


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("couldn't you simply cancel HP-10428 for me", "cancel_order"),
        ("las botas no me valen, os las mando de vuelta", "return_item"),
        ("ich will nie wieder was hören, löscht mein Konto", "delete_account"),
        ("je n'en peux plus de ces mails, désinscrivez-moi", "change_newsletter"),
    ],
)
def test_a_wish_in_negated_words_is_no_refusal(
    assistant: TrainedAssistant, text: str, intent: str
) -> None:
    assert intent_of(assistant.parse(text)) == intent


@pytest.mark.slow
def test_a_denied_number_is_not_found(assistant: TrainedAssistant) -> None:
    parsed = assistant.parse("track my order, not HP-10428 but HP-10430")
    assert [one["value"] for one in parsed["entities"]] == ["HP-10430"]
