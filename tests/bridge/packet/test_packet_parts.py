"""Each part of the packet by itself: request, open question, promises, reason, mood."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from packet_chats import Action, Chat, texts

from backoffice.orders import item_shape
from backoffice.tables import OrderItem as TableOrderItem
from handoff_bridge.packet.mood import trend
from handoff_bridge.packet.outcomes import OUTCOMES, outcome_of
from handoff_bridge.packet.people import customer_part
from handoff_bridge.packet.promises import promises_in
from handoff_bridge.packet.reason import WRITERS, reason_sentence
from handoff_bridge.packet.words import DEEDS, MACHINERY, said, trimmed

TOPICS = Path(__file__).parents[3] / "domain"
LOOKED_UP: Action = ("action_check_order_status", "utter_order_status_shipped")
CANNOT: Action = ("action_cancel_order", "utter_cancel_order_shipped")
HOURS: Action = ("utter_ask_opening_hours", None)
WAYS_TO_PAY: Action = ("utter_ask_payment_methods", None)
Said = tuple[str, str, tuple[Action, ...]]


def packet_of(*said_: Said, trigger: str = "customer_request") -> dict[str, Any]:
    chat = Chat()
    seq = 0
    for text, intent, actions in said_:
        seq = chat.asks(text)
        chat.turn(seq, intent, *actions)
        chat.says("An answer.")
    chat.hands_off(trigger, seq)
    return chat.packet()


@pytest.mark.parametrize(
    ("said_", "wanted"),
    [
        # the first one that is not settled
        ([("track HP-1", "check_order_status", (LOOKED_UP,)),
          ("cancel it", "cancel_order", (CANNOT,)),
          ("a human!", "request_human", ())], "cancel it"),
        # not the question in between
        ([("cancel it", "cancel_order", (CANNOT,)),
          ("when are you open", "ask_opening_hours", (HOURS,)),
          ("a human!", "request_human", ())], "cancel it"),
        # all settled: the last one
        ([("track HP-1", "check_order_status", (LOOKED_UP,)),
          ("how do I pay", "ask_payment_methods", (WAYS_TO_PAY,)),
          ("a human!", "request_human", ())], "how do I pay"),
        # the first time it was asked
        ([("cancel it", "cancel_order", (CANNOT,)),
          ("so cancel it", "cancel_order", (CANNOT,))], "cancel it"),
        # nothing understood
        ([("hi", "greet", ()), ("blorp", "nlu_fallback", ()),
          ("blarp", "nlu_fallback", ())], "blorp"),
        # nothing but the wish for a person
        ([("hi", "greet", ()), ("human please", "request_human", ())], "human please"),
    ],
)  # fmt: skip
def test_the_request_is_what_is_still_wanted(said_: list[Said], wanted: str) -> None:
    assert packet_of(*said_)["summary"]["request"] == wanted


def test_a_long_request_is_trimmed_at_a_word() -> None:
    text = "my tent leaks " * 60
    packet = packet_of((text, "return_item", ()))
    request = packet["summary"]["request"]
    assert len(request) <= 280 and request.endswith((" my…", " tent…", " leaks…"))
    assert packet["transcript"][0]["text"] == text


def test_the_question_that_handed_off_is_open() -> None:
    chat = Chat()
    seq = chat.asks("third time I ask, where is my money?")
    chat.turn(seq, "check_refund_status", ("action_handoff", "utter_handoff"))
    chat.says("I'm sorry this has been such a nuisance.")
    chat.hands_off("negative_sentiment", seq)
    open_question = chat.packet()["summary"]["open_question"]
    assert open_question == "third time I ask, where is my money?"


def test_what_the_form_asks_is_open_if_nothing_else_is() -> None:
    chat = Chat()
    wish = chat.asks("return my tent")
    form = {"active_loop": "return_item_form", "requested_slot": "photo"}
    chat.turn(wish, "return_item", ("return_item_form", None), **form)
    chat.says("A photo speeds things up.")
    person = chat.asks("a human please")
    chat.turn(person, "request_human", ("action_handoff", "utter_handoff"), **form)
    chat.hands_off("customer_request", person)
    summary = chat.packet()["summary"]
    assert summary["open_question"] == "The assistant was asking for a photo."


def test_what_is_written_while_waiting_is_open_until_an_agent_answers() -> None:
    chat = Chat()
    seq = chat.asks("human")
    chat.turn(seq, "request_human", ("action_handoff", "utter_handoff"))
    chat.says("I'm bringing in a colleague.")
    chat.hands_off("customer_request", seq)
    chat.says("You're first in line.", "system", key="waiting")
    chat.asks("it is about HP-10428, can I still change it?")
    summary = chat.packet()["summary"]
    assert summary["open_question"] == "it is about HP-10428, can I still change it?"
    chat.says("Yes, I'll do it.", "agent", by={"name": "Maria"})
    assert "open_question" not in chat.packet()["summary"]


def test_answers_a_form_could_not_use_are_tried_once_each() -> None:
    chat = Chat()
    for text, response in (
        ("cancel my order", "utter_ask_order_number"),
        ("the blue one", "utter_order_number_unclear"),
        ("when are you open", "utter_ask_order_number"),
        ("HP-99999", "utter_order_number_unknown"),
    ):
        seq = chat.asks(text)
        chat.turn(
            seq,
            "inform",
            ("cancel_order_form", response),
            active_loop="cancel_order_form",
            requested_slot="order_number",
        )
        chat.says("Which order is it?")
    chat.hands_off("no_progress", seq, refusals=2, asked_for="order_number")
    packet = chat.packet()
    assert [(t["what"], t["outcome"]) for t in packet["summary"]["tried"]] == [
        ("Asked for the order number", "no order number understood"),
        ("Asked for the order number", "no such order"),
    ]
    assert packet["reason"] == "Could not give the order number 2 times"


@pytest.mark.parametrize(
    "sentence",
    [
        "You'll get an email within 2 days.",
        "You’ll receive your refund soon.",
        "You'll get a mail as soon as it moves.",
        "We'll send a new kettle tomorrow.",
        "I'll let you know.",
        "Your refund will arrive by Friday.",
        "Your refund of 49.90 EUR for order HP-10428 starts as soon as it is back.",
        "Your refund of 49.90 EUR should be on your card by 3 March.",
        "49.90 EUR goes back to your card by 3 March.",
        "49.90 EUR follows once it's with us.",
        "Order HP-10428 is on its way and should reach you by 6 March.",
        "A colleague will call you.",
        "Maria will come back to you about this.",
        "The money is back within three working days.",
    ],
)
def test_promises_are_recognised(sentence: str) -> None:
    assert promises_in(f"Right. {sentence} What else?") == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "You can return it within 30 days.",
        "If you send it back, we'll refund it.",
        "Shall I send you a link?",
        "I won't send anything.",
        "You may get an email.",
        "I've sent a link to j***@example.com.",
        "Your order was delivered on 3 March.",
        "I'm bringing in a colleague.",
        "A colleague can look at it.",
        "Please type the code here.",
        "I need your order number.",
        "We're open until 18:00.",
        "",
    ],
)
def test_what_only_sounds_like_a_promise_is_none(sentence: str) -> None:
    assert promises_in(sentence) == []


def test_rules_of_the_shop_and_lines_of_the_bridge_promise_nothing() -> None:
    chat = Chat()
    chat.says("You'll get an answer soon.", key="waiting")
    chat.says("You'll get an answer soon.", "system")
    seq = chat.asks("what about refunds?")
    chat.turn(seq, "ask_refund_policy", ("utter_ask_refund_policy", None))
    chat.says("You'll get your money within 5 working days.")
    chat.hands_off("customer_request", seq)
    assert chat.packet()["summary"]["promised"] == []


@pytest.mark.parametrize(
    ("triggers", "evidence", "failures", "sentence"),
    [
        (["customer_request"], {"intent": "request_human"}, {}, "Asked for a person"),
        (["customer_request"], {"wanted_language": "de"}, {},
         "Asked for a person (language wanted: de)"),
        (["customer_request"], {}, {"return": 1},
         "Asked for a person after 1 failed return"),
        (["customer_request"], {}, {"return": 12, "cancellation": 1},
         "Asked for a person after 12 failed returns"),
        (["repeated_fallback"], {"fallbacks": 2}, {},
         "Was not understood 2 times in a row"),
        (["repeated_fallback"], {}, {}, "Was not understood"),
        (["negative_sentiment"], {"negative_messages": 3}, {},
         "Sounds upset, 3 messages in a row"),
        (["negative_sentiment"], {"negative_messages": 1, "recent_failures": 1}, {},
         "Sounds upset after the assistant failed"),
        (["no_progress"], {"unhelpful_article": "gift_cards"}, {},
         "Was not helped by the article “gift cards”"),
        (["no_progress"], {"refusals": 3, "asked_for": "one_time_code"}, {},
         "Could not give the one-time code 3 times"),
        (["no_progress"], {"repeated_intent": "cancel_order", "times": 3}, {},
         "Asked to cancel order 3 times"),
        (["no_progress"], {}, {}, "Is not getting any further"),
        (["restricted_topic"], {"topic": "make_complaint"}, {},
         "Made a formal complaint"),
        (["restricted_topic"], {"topic": "report_safety_issue"}, {},
         "Reported a safety problem"),
        (["restricted_topic"], {}, {}, "Raised something only a person may handle"),
        (["bot_failure"], {"reason": "unreachable"}, {},
         "The assistant could not answer: it could not be reached"),
        (["agent_takeover"], {"agent": {"name": "Dana"}}, {},
         "Dana took over the chat"),
        (["complexity"], {}, {}, "Asks for more than the assistant can settle"),
        (["complexity"], {"language": "it"}, {},
         "Writes in a language the assistant does not speak (it)"),
        (["restricted_topic", "negative_sentiment"],
         {"restricted_topic": {"topic": "make_complaint"}, "negative_messages": 1}, {},
         "Made a formal complaint; also sounds upset"),
        (["something_new"], {}, {}, "Something new"),
        ([], {}, {}, "Needs a person"),
    ],
)  # fmt: skip
def test_the_reason_is_a_sentence(
    triggers: list[str],
    evidence: dict[str, Any],
    failures: dict[str, int],
    sentence: str,
) -> None:
    assert reason_sentence(triggers, evidence, failures) == sentence


def test_every_trigger_has_a_sentence_even_without_evidence() -> None:
    sentences = {reason_sentence([trigger], {}) for trigger in WRITERS}
    assert len(sentences) == len(WRITERS)
    assert all("_" not in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("scores", "way"),
    [
        ([], "flat"),
        ([-0.9], "flat"),
        ([0.1, 0.0], "flat"),
        ([0.5, -0.5], "down"),
        ([0.2, 0.1, -0.4, -0.8], "down"),
        ([-0.8, -0.5, 0.1, 0.6], "up"),
        ([-0.8, -0.8, -0.9], "flat"),
    ],
)
def test_the_trend_compares_the_latest_messages_with_those_before(
    scores: list[float], way: str
) -> None:
    assert trend(scores) == way


@pytest.mark.parametrize(
    ("action", "response", "words", "ok"),
    [
        ("action_check_order_status", "utter_order_status_delivered",
         "delivered", True),
        ("action_check_order_status", "utter_order_status_out_for_delivery",
         "out for delivery", True),
        ("action_check_order_status", None, "done", True),
        ("action_open_ticket", "utter_open_ticket_refused", "refused", False),
        ("action_open_ticket", "utter_ticket_opened", "ticket opened", True),
        ("action_open_ticket", "utter_something_failed", "something failed", False),
    ],
)  # fmt: skip
def test_unlisted_responses_are_read_by_their_names(
    action: str, response: str | None, words: str, ok: bool
) -> None:
    outcome = outcome_of(action, response)
    assert (outcome.words, outcome.ok) == (words, ok)


def test_unknown_actions_are_named() -> None:
    assert said("action_open_ticket", {}, done=True) == "Ran “open ticket”"
    assert said("action_open_ticket", {}, done=False) == "Tried “open ticket”"


def test_what_is_put_into_words_exists_in_the_assistant() -> None:
    topics = [yaml.safe_load(path.read_text()) for path in TOPICS.glob("*.yml")]
    responses, actions, intents = (
        {
            next(iter(name)) if isinstance(name, dict) else name
            for topic in topics
            for name in topic.get(section, [])
        }
        for section in ("responses", "actions", "intents")
    )
    assert set(OUTCOMES) <= responses
    assert set(DEEDS) <= actions
    assert {deed.intent for deed in DEEDS.values()} <= intents
    # Every action that works for the customer has words of its own.
    working = {name for name in actions if not name.startswith("validate_")}
    helpers = MACHINERY
    asks = {name for name in working if name.startswith("action_ask_")}
    assert working - helpers - asks == set(DEEDS)
    assert not helpers & set(DEEDS)


def test_the_packet_takes_an_order_line_as_the_shop_tells_it() -> None:
    line = TableOrderItem(
        sku="JKT-RN", name="Rain jacket", variant="M, navy", quantity=1, price_cents=1
    )
    order = {"number": "HP-1", "status": "packed", "items": [item_shape(line)]}
    [card] = customer_part(None, None, [], [order], []).orders or []
    [item] = card.items or []
    assert item.variant == "M, navy"


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [("short", 10, "short"), ("a  b\nc", 10, "a b c"), ("one two three", 9, "one two…"),
     ("x" * 30, 10, "x" * 9 + "…")],
)  # fmt: skip
def test_texts_are_trimmed(text: str, limit: int, cut: str) -> None:
    assert trimmed(text, limit) == cut
    assert len(texts([{"text": cut}])[0]) <= limit
