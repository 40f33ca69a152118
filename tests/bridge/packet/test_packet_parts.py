"""Each part of the packet by itself: request, open question, promises, reason, mood."""

from typing import Any

import pytest
from packet_chats import Action, Chat, damaged_return, texts

from handoff_bridge.packet.promises import TimeWords
from handoff_bridge.packet.reason import reason_sentence
from handoff_bridge.packet.schema import Article
from handoff_bridge.packet.sentiment import trend
from handoff_bridge.packet.summary import likely
from handoff_bridge.packet.wording import trimmed

LOOKED_UP: Action = ("action_check_order_status", "utter_order_status_shipped")
CANNOT: Action = ("action_cancel_order", "utter_cancel_order_shipped")
DONE: Action = ("action_cancel_order", "utter_cancel_order_done")
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
        # not what was done, nor what an article answered
        ([("cancel it", "cancel_order", (DONE,)),
          ("track HP-1", "check_order_status", ())], "track HP-1"),
        ([("when are you open", "ask_opening_hours", (HOURS,)),
          ("cancel it", "cancel_order", (CANNOT,))], "cancel it"),
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
    sentence = "could not give the order number 2 times"
    chat.hands_off("no_progress", seq, sentence=sentence)
    packet = chat.packet()
    assert [(t["what"], t["outcome"]) for t in packet["summary"]["tried"]] == [
        ("Asked for the order number", "no order number understood"),
        ("Asked for the order number", "no such order"),
    ]
    assert packet["reason"] == "Could not give the order number 2 times"


def test_a_promise_is_what_its_designer_marked_in_every_language() -> None:
    chat = Chat()
    marked = [
        "49,90 € gehen bis zum 12. Mai auf deine Karte zurück.",
        "Te llegará antes del 3 de marzo.",
        "Le remboursement suit dès que le colis est chez nous.",
        "Nobody hears from us before Friday.",
    ]
    for text in marked:
        chat.says(text, promise=True)
    chat.says("You'll get a new kettle within 2 days, by 12 May.")
    chat.says("We'll send it tomorrow.", "customer", promise=True)
    chat.says("You'll get an answer in 2 minutes.", "system", key="waiting_eta")
    chat.hands_off("customer_request", chat.asks("a human"))
    assert texts(chat.packet()["promises"]) == marked


def test_what_the_bridge_itself_promised_is_a_promise() -> None:
    chat = Chat()
    seq = chat.asks("a human")
    chat.hands_off("customer_request", seq)
    chat.add(
        "ticket_opened",
        handoff_id="H1",
        ticket_number="T-7",
        answer_by="2026-03-03T09:00:00Z",
    )
    line = chat.says("Du hast bis Dienstag Antwort.", "system", key="promise")
    [promise] = chat.packet()["summary"]["promised"]
    assert promise == {
        "text": "Du hast bis Dienstag Antwort.",
        "answer_by": "2026-03-03T09:00:00Z",
        "ticket": "T-7",
        "at": chat.events[line - 1]["at"],
        "seq": line,
    }


@pytest.mark.parametrize(
    ("outcome", "disposition", "is_promise"),
    [
        ("I'll look into it.", "follow_up", True),
        ("It is with the warehouse.", "ticket_opened", True),
        ("A new kettle is with you by 12 May.", "resolved", True),
        ("Sie haben den Kessel am 3. März.", "resolved", True),
        ("Le colis part dans trois jours.", "resolved", True),
        ("Your money is back on 2026-05-12.", "resolved", True),
        ("It is with you on Friday.", "resolved", True),
        ("A new kettle is on its way.", "resolved", False),
        ("You may keep both kettles.", "resolved", False),
        ("I've refunded 49.90 € of HP-10428.", "resolved", False),
        (None, "follow_up", False),
    ],
)
def test_an_agents_outcome_is_a_promise_if_it_says_a_time_or_leaves_a_task(
    outcome: str | None, disposition: str, is_promise: bool
) -> None:
    words = TimeWords.of(
        times=["Friday", "jours", "days"], months=["May", "März", "March"]
    )
    chat = damaged_return()
    chat.add(
        "handoff_updated",
        "agent",
        handoff_id="H1",
        state="returned",
        disposition=disposition,
        outcome=outcome,
    )
    promises = texts(chat.packet(times=words)["promises"])
    assert (outcome in promises) is is_promise


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
        (["bot_failure"], {"reason": "unreachable"}, {},
         "The assistant could not answer: it could not be reached"),
        (["agent_takeover"], {"agent": {"name": "Dana"}}, {},
         "Dana took over the chat"),
        (["bot_failure"], {"failed_action": "action_x_y", "what": "look-up"}, {},
         "The assistant failed at “look-up”"),
        (["customer_request", "bot_failure"],
         {"bot_failure": {"reason": "timeout"}, "wanted_language": "de"}, {},
         "Asked for a person (language wanted: de); also the assistant could not "
         "answer: it took too long"),
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


def test_a_sent_reason_is_said_and_else_the_label() -> None:
    labels = {"stuck": {"en": "Stuck", "de": "Kommt nicht weiter"}}
    reasons = {"stuck": "could not give the card's number 3 times"}

    def sentence(**given: Any) -> str:
        return reason_sentence(["customer_request", "stuck"], {}, **given)

    assert sentence(labels=labels, reasons=reasons) == (
        "Asked for a person; also could not give the card's number 3 times"
    )
    assert sentence(labels=labels) == "Asked for a person; also Stuck"
    german = sentence(labels=labels, reasons=reasons, language="de")
    assert german == "Asked for a person; also Kommt nicht weiter"


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
    ("told", "attempt", "outcome", "ok"),
    [
        ({"attempt": "Froze the card", "outcome": {"kind": "done"}},
         "Froze the card", "done", True),
        ({"attempt": "Looked", "outcome": {"kind": "answered", "label": "two left"}},
         "Looked", "two left", True),
        ({"attempt": "Tried", "outcome": {"kind": "refused", "label": "too late"}},
         "Tried", "refused, too late", False),
        ({"attempt": "Tried", "outcome": {"kind": "refused"}},
         "Tried", "refused", False),
        ({"attempt": "Tried", "outcome": {"kind": "nothing_to_do"}},
         "Tried", "nothing to do", True),
        ({"attempt": "Tried", "outcome": {"kind": "failed"}}, "Tried", "failed", False),
        ({"attempt": "Asked", "label": "Asked all", "outcome": {"kind": "unclear"}},
         "Asked", "unclear", False),
        ({"attempt": "Tried", "outcome": {"kind": "of_tomorrow"}},
         "Tried", "of tomorrow", True),
        # of logs from before labels were sent
        ({}, "Ran “open ticket”", "done", True),
        ({"result": "utter_ticket_opened"}, "Ran “open ticket”", "ticket opened", True),
        ({"outcome": "odd", "attempt": 3}, "Ran “open ticket”", "done", True),
    ],
)  # fmt: skip
def test_attempts_read_as_the_assistant_says(
    told: dict[str, Any], attempt: str, outcome: str, ok: bool
) -> None:
    chat = Chat()
    seq = chat.asks("open a ticket")
    chat.turn(seq, "open_ticket")
    chat.events[-1]["actions"] = [{"name": "action_open_ticket", **told}]
    chat.hands_off("customer_request", seq)
    packet = chat.packet()
    [tried] = packet["summary"]["tried"]
    assert (tried["what"], tried["outcome"]) == (attempt, outcome)
    assert [step["ok"] for step in packet["steps"]] == [ok]


def test_what_is_internal_is_neither_step_nor_attempt() -> None:
    chat = Chat()
    seq = chat.asks("open a ticket")
    chat.turn(seq, "open_ticket")
    chat.events[-1]["actions"] = [
        {"name": "action_note", "internal": True},
        {"name": "validate_ticket_form"},
        {"name": "action_ask_ticket_form_text"},
        {"name": "utter_greet"},
    ]
    chat.hands_off("customer_request", seq)
    packet = chat.packet()
    assert packet["steps"] == packet["summary"]["tried"] == []


def test_a_log_without_labels_shows_names_as_plain_words() -> None:
    chat = damaged_return()
    for event in chat.events:
        if event["type"] == "turn":
            event.pop("subject", None)
            del event["slot_labels"]
            event["intent"] = {"name": event["intent"]["name"], "confidence": 0.9}
            event["slots"].pop("one_time_code", None)
            event["actions"] = [
                {k: v for k, v in action.items() if k in ("name", "result")}
                for action in event["actions"]
            ]
    packet = chat.packet()
    assert packet["slots"] == {"order_number": "HP-10428"}
    assert [(t["what"], t["outcome"]) for t in packet["summary"]["tried"]] == [
        ("Ran “start return”", "backoffice unavailable"),
        ("Ran “start return”", "return item window over"),
        ("Ran “handoff”", "handoff customer request"),
    ]
    assert packet["summary"]["request"]


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [("short", 10, "short"), ("a  b\nc", 10, "a b c"), ("one two three", 9, "one two…"),
     ("x" * 30, 10, "x" * 9 + "…")],
)  # fmt: skip
def test_texts_are_trimmed(text: str, limit: int, cut: str) -> None:
    assert trimmed(text, limit) == cut
    assert len(texts([{"text": cut}])[0]) <= limit


def test_what_is_tried_twice_alike_is_told_once() -> None:
    chat = Chat()
    for text in ("is HP-99999 there?", "HP-99999, I said"):
        seq = chat.asks(text)
        chat.turn(
            seq,
            "inform",
            ("cancel_order_form", "utter_order_number_unknown"),
            active_loop="cancel_order_form",
            requested_slot="order_number",
        )
        chat.says("I can't find that one.")
    chat.hands_off("customer_request", seq)
    [attempt] = chat.packet()["summary"]["tried"]
    assert attempt["what"] == "Asked for the order number"
    assert (attempt["times"], attempt["seq"]) == (2, seq)


def test_a_form_that_was_left_in_the_middle_was_begun() -> None:
    chat = Chat()
    seq = chat.asks("I want to return it")
    chat.turn(
        seq,
        "return_item",
        ("return_item_form", "utter_ask_order_number"),
        active_loop="return_item_form",
        requested_slot="order_number",
    )
    chat.says("Which order is it?")
    chat.hands_off("customer_request", seq)
    summary = chat.packet()["summary"]
    [attempt] = summary["tried"]
    assert attempt["outcome"] == "not finished"
    assert summary["request_seq"] == seq
    assert summary["open_seq"] == seq


def test_an_answer_does_not_say_twice_that_it_was_one() -> None:
    chat = Chat()
    seq = chat.asks("how can I pay?")
    chat.turn(seq, "ask_payment_methods", ("utter_ask_payment_methods", None), slots={})
    chat.says("By card.")
    chat.hands_off("customer_request", seq)
    text = chat.packet()["summary"]["text"]
    assert "answered" not in text


@pytest.mark.parametrize("small_talk", [True, False])
def test_no_internal_name_stands_where_the_assistant_names_none(
    small_talk: bool,
) -> None:
    chat = Chat()
    seq = chat.asks("hi")
    intent = "greet" if small_talk else "nlu_fallback"
    chat.turn(seq, intent, slots={"aggrieved": True, "language": "en"})
    for event in chat.events:
        event["slot_labels"] = {}
    chat.hands_off("customer_request", seq)
    assert chat.packet()["slots"] == {}


def test_every_slot_leads_to_the_message_that_its_value_came_from() -> None:
    chat = Chat()
    first = chat.asks("HP-10428")
    chat.turn(first, "inform", slots={"order_number": "HP-10428"})
    chat.says("Noted.")
    second = chat.asks("12 Oak Lane")
    chat.turn(
        second, "inform", slots={"order_number": "HP-10428", "new_address": "12 Oak"}
    )
    chat.hands_off("customer_request", second)
    seqs = chat.packet()["slot_seqs"]
    assert seqs == {"order_number": first, "new_address": second}


@pytest.mark.parametrize(
    ("scores", "shown"),
    [
        ([0.7, 0.65, 0.55], [0.7, 0.65]),
        ([0.5, 0.49], [0.5]),
        ([0.49, 0.3], []),
        ([], []),
    ],
)
def test_only_articles_that_likely_fit_are_shown(
    scores: list[float], shown: list[float]
) -> None:
    articles = [
        Article(article_id=f"a{n}", title="A", score=score, answer="A.")
        for n, score in enumerate(scores)
    ]
    assert [article.score for article in likely(articles)] == shown


def test_a_code_that_was_typed_is_no_open_question() -> None:
    chat = Chat()
    seq = chat.asks("cancel HP-10428")
    form: Action = ("cancel_order_form", "utter_ask_one_time_code")
    asking = {"active_loop": "cancel_order_form", "requested_slot": "one_time_code"}
    chat.turn(seq, "cancel_order", form, **asking)
    chat.says("Please type the code.")
    seq = chat.asks("[code]", redacted=["code"])
    chat.turn(seq, "inform", form, **asking)
    chat.hands_off("repeated_fallback", seq)
    summary = chat.packet()["summary"]
    assert summary["open_question"] == "The assistant was asking for the one-time code."


def test_what_an_agent_had_done_is_told_to_the_next_one() -> None:
    chat = Chat()
    seq = chat.asks("it is dented")
    chat.turn(seq, "return_item")
    chat.hands_off("customer_request", seq)
    action = {"label": "Refund", "title": "HP-10428", "by": {"name": "Maria"}}
    chat.add("card_action", "agent", state="begun", **action)
    done = chat.add(
        "card_action", "agent", state="done", result="EUR 5 goes back.", **action
    )
    [attempt] = chat.packet()["summary"]["tried"]
    assert (attempt["what"], attempt["outcome"]) == (
        "Maria: Refund, HP-10428",
        "EUR 5 goes back.",
    )
    assert attempt["seq"] == done
