"""The pure decision: when does a conversation need a human?"""

import pytest
from tracker_events import (
    Events,
    accepted,
    asked,
    asked_back,
    did,
    ended_by,
    nonsense,
    refused,
    said,
    session_started,
    slot,
    turned,
    uttered,
)

from components.escalation import escalation_decision
from components.escalation_thresholds import InvalidThresholds, Thresholds

DEFAULTS = Thresholds()
FAILED = [said(), did("action_x"), uttered("utter_order_status_unavailable")]
HANDBACK = [said("EXTERNAL_handback"), did("action_greet_after_handback")]


def trigger(events: Events, thresholds: Thresholds = DEFAULTS) -> str | None:
    decision = escalation_decision(events, thresholds)
    return decision and decision.trigger


@pytest.mark.parametrize(
    ("intent", "expected"),
    [
        ("request_human", "customer_request"),
        ("make_complaint", "restricted_topic"),
        ("raise_legal_issue", "restricted_topic"),
        ("report_safety_issue", "restricted_topic"),
        ("check_order_status", None),
        ("ask_bot", None),
        ("goodbye", None),
        ("nlu_fallback", None),
    ],
)
def test_intent_hands_off_at_once(intent: str, expected: str | None) -> None:
    assert trigger([said(intent)]) == expected


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [
        (
            {"nlu_fallback": 0.2, "make_complaint": 0.45, "raise_legal_issue": 0.25},
            "restricted_topic",
        ),
        ({"nlu_fallback": 0.4, "make_complaint": 0.3, "raise_legal_issue": 0.25}, None),
        ({"report_safety_issue": 0.69, "return_item": 0.1}, None),
        ({"report_safety_issue": 0.7, "return_item": 0.3}, "restricted_topic"),
        ({"nlu_fallback": 0.4, "request_human": 0.55}, "customer_request"),
        ({"nlu_fallback": 0.4, "make_complaint": 0.2, "request_human": 0.2}, None),
    ],
)
def test_shared_probability_counts(
    ranking: dict[str, float], expected: str | None
) -> None:
    intent = max(ranking, key=lambda name: ranking[name])
    assert trigger([said(intent, ranking=ranking)]) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], None),
        (nonsense(), None),
        ([*nonsense(), said("nlu_fallback")], "repeated_fallback"),
        ([*nonsense(), said("greet"), said("nlu_fallback")], None),
        ([*nonsense(), said("greet")], None),
        (
            [said(), did("action_default_fallback"), said("nlu_fallback")],
            "repeated_fallback",
        ),
        # a form took it as an address
        (
            [
                *nonsense(),
                *asked("new_address"),
                said("nlu_fallback"),
                slot("new_address", "florp"),
            ],
            None,
        ),
        # a form had asked, and nothing in it was an answer
        (
            [*asked(), said("nlu_fallback"), did("x"), said("nlu_fallback")],
            "repeated_fallback",
        ),
        # not judged before the form has looked at it
        (
            [
                *asked(),
                *refused(intent="nlu_fallback"),
                said("nlu_fallback"),
                slot("order_number", "y"),
            ],
            None,
        ),
        (
            [
                *asked(),
                *refused(intent="nlu_fallback"),
                *refused(intent="nlu_fallback"),
            ],
            "repeated_fallback",
        ),
    ],
)
def test_nonsense_in_a_row(events: Events, expected: str | None) -> None:
    assert trigger(events) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([said(mood=-0.95)], True),
        ([said(mood=-0.7)], True),
        ([said(mood=-0.69)], False),
        ([said(mood=-0.5)], False),
        ([said(mood=0.9)], False),
        # a grievance weighs more after a failure
        ([*FAILED, said(mood=-0.5)], True),
        ([*nonsense(), said(mood=-0.5)], True),
        ([*FAILED, said(mood=-0.31)], False),
        ([*FAILED, *FAILED, said(mood=-0.31)], True),
        # failures alone are no mood
        ([*FAILED, *FAILED[1:], said(mood=-0.2)], False),
        # long ago
        (
            [*FAILED, said("greet"), said("thank"), said("greet"), said(mood=-0.5)],
            False,
        ),
        # not understood: a menu would make it worse
        ([said("nlu_fallback", mood=-0.3)], True),
        ([said("nlu_fallback", mood=-0.29)], False),
        ([*nonsense(), said("nlu_fallback", mood=-0.29)], False),
        # a no to nothing that was asked: its answer would make it worse too
        ([said("article_not_helpful", mood=-0.3)], True),
        ([said("article_not_helpful", mood=-0.29)], False),
        ([*asked("confirm"), said("deny", mood=-0.5)], False),
        # an article will answer it, though not within a form
        ([said("nlu_fallback", mood=-0.5, article="fees")], False),
        ([*asked("name"), said("nlu_fallback", mood=-0.5, article="fees")], True),
        # what a form asked for was understood
        ([*asked("name"), said("nlu_fallback", mood=-0.5), slot("name", "x")], False),
        # it adds up
        ([said("greet", mood=-0.4), said("thank", mood=-0.4)], False),
        ([said("greet", mood=-0.4), said("thank", mood=-0.4), said(mood=-0.4)], True),
        ([said("greet", mood=-0.4), said("thank"), said(mood=-0.4)], False),
        ([said("greet", mood=-0.5), said("thank", mood=-0.5)], True),
    ],
)
def test_mood_is_weighed_with_failures(events: Events, expected: bool) -> None:
    decision = escalation_decision(events, DEFAULTS)
    triggers = decision.triggers if decision else ()
    assert ("negative_sentiment" in triggers) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([said(), said()], None),
        ([said(), said(), said()], "no_progress"),
        ([said(), said("inform"), said(), said("greet"), said()], "no_progress"),
        ([said("inform"), said("inform"), said("inform")], None),
        ([said("affirm"), said("affirm"), said("affirm")], None),
        # three orders are three requests
        ([said(entities={"order_number": f"HP-1000{n}"}) for n in range(3)], None),
        ([said(entities={"order_number": "HP-10001"})] * 3, "no_progress"),
        # told once, then left out
        ([said(entities={"order_number": "HP-10001"}), said(), said()], "no_progress"),
        # too far apart
        (
            [
                said(),
                *[said("greet"), said("thank")] * 2,
                said("affirm"),
                said(),
                said(),
            ],
            None,
        ),
        ([*asked(), *refused(), *refused()], None),
        ([*asked(), *refused(), *refused(), *refused()], "no_progress"),
        # an accepted answer is progress, another question starts again
        (
            [*asked(), *refused(), *refused(), *accepted(), *refused("one_time_code")],
            None,
        ),
        # neither does a question about what is asked, which was answered,
        ([*asked(), *asked_back("why"), *asked_back("help") * 2], None),
        ([*asked(), *refused() * 2, *asked_back("why")], None),
        # nor a request for something else, which leaves the form
        ([*asked(), *refused() * 2, *turned("check_order_status")], None),
        # a question in between refuses nothing
        (
            [
                *asked(),
                *refused(),
                *refused(),
                said("ask_opening_hours"),
                did("utter_ask_opening_hours"),
            ],
            None,
        ),
    ],
)
def test_no_progress(events: Events, expected: str | None) -> None:
    assert trigger(events) == expected


@pytest.mark.parametrize(
    "boundary",
    [HANDBACK, [said(catch_up=True)], [session_started()], [{"event": "restart"}]],
)
@pytest.mark.parametrize(
    "before", [nonsense(), [said("request_human"), did("action_handoff")]]
)
def test_what_came_before_a_boundary_does_not_count(
    before: Events, boundary: Events
) -> None:
    assert trigger([*before, *boundary]) is None
    assert trigger([*before, *boundary, said("nlu_fallback")]) is None


def test_counting_starts_again_after_a_handoff() -> None:
    events = [*nonsense(), said("nlu_fallback"), did("action_handoff")]
    assert trigger([*events, said("nlu_fallback")]) is None


def test_all_triggers_are_listed_in_order_of_precedence() -> None:
    ranking = {"make_complaint": 0.7, "request_human": 0.3}
    limits = Thresholds(request_probability=0.3)
    events = [
        *nonsense(),
        said("make_complaint", mood=-0.9, ranking=ranking, message_id="m-7"),
    ]
    decision = escalation_decision(events, limits)
    assert decision is not None
    assert decision.as_slot() == {
        "trigger": "restricted_topic",
        "triggers": ["restricted_topic", "customer_request", "negative_sentiment"],
        "evidence": {
            "topic": "make_complaint",
            "intent": "request_human",
            "sentiment": -0.9,
            "weighed_sentiment": -1.0,
            "recent_failures": 1,
            "negative_messages": 1,
        },
        "message_id": "m-7",
    }


@pytest.mark.parametrize("mood", [0.0, -0.29])
def test_two_messages_of_nonsense_are_nothing_but_that(mood: float) -> None:
    events = [said("nlu_fallback", mood=mood), *nonsense()[1:]]
    assert trigger(events) is None
    decision = escalation_decision(
        [*events, said("nlu_fallback", mood=mood)], Thresholds()
    )
    assert decision is not None
    assert decision.triggers == ("repeated_fallback",)


def test_evidence_of_a_stuck_form_names_the_question() -> None:
    decision = escalation_decision([*asked(), *refused() * 3], DEFAULTS)
    assert decision is not None
    assert decision.evidence == {"refusals": 3, "asked_for": "order_number"}


def test_thresholds_come_from_the_configuration() -> None:
    strict = Thresholds.from_config({"fallbacks_in_a_row": 1, "same_intent": 2})
    assert trigger(nonsense(), strict) == "repeated_fallback"
    assert trigger([said(), said()], strict) == "no_progress"
    listed = Thresholds.from_config({"request_intents": ["ask_bot"]})
    assert trigger([said("ask_bot")], listed) == "customer_request"


@pytest.mark.parametrize(
    "config",
    [
        {"falbacks": 2},
        {"fallbacks_in_a_row": 0},
        {"negative_threshold": 0.5},
        {"mildly_negative_threshold": -2},
    ],
)
def test_impossible_thresholds_are_refused(config: dict[str, float]) -> None:
    with pytest.raises(InvalidThresholds):
        Thresholds.from_config(config)


HELPED_OR_NOT = [
    said("nlu_fallback"),
    did("action_offer_readings"),
    uttered("utter_article_sizes"),
    uttered("utter_did_this_help"),
    slot("offered_article", "sizes"),
]


@pytest.mark.parametrize("intent", ["deny", "article_not_helpful"])
def test_no_after_an_article_brings_in_a_person(intent: str) -> None:
    decision = escalation_decision([*HELPED_OR_NOT, said(intent)], DEFAULTS)
    assert decision is not None
    assert decision.trigger == "no_progress"
    assert decision.evidence == {"unhelpful_article": "sizes"}


@pytest.mark.parametrize(
    "events",
    [
        [*HELPED_OR_NOT, said("article_helped")],
        [*HELPED_OR_NOT, said("affirm")],
        [*HELPED_OR_NOT, said("ask_bot"), said("deny")],
        [said("greet"), uttered("utter_greet"), said("deny")],
        # answered from an article is understood: one more is the first
        [*HELPED_OR_NOT, said("nlu_fallback")],
        [*HELPED_OR_NOT[:-1], slot("offered_article", "x"), *nonsense()],
    ],
)
def test_anything_else_after_an_article_does_not(events: Events) -> None:
    assert trigger(events) is None


def test_anger_in_an_opinion_that_was_asked_for_brings_in_nobody() -> None:
    angry = said("inform", mood=-0.95)
    assert trigger([*asked("review_text"), angry]) is None
    assert trigger([*asked("review_rating"), angry]) == "negative_sentiment"


def test_a_formal_complaint_within_an_opinion_still_does() -> None:
    events = [*asked("review_text"), said("make_complaint", mood=-0.95)]
    assert trigger(events) == "restricted_topic"


def test_one_product_after_the_other_is_not_going_in_circles() -> None:
    assert trigger([said("check_availability")] * 5) is None
    assert trigger([said("find_invoice")] * 5) == "no_progress"


PERSISTING = Thresholds(unsettled_phrases=("still", "otra vez", "is back"))
CLOSED = [ended_by("Maria")]
LEAKS = said("nlu_fallback", text="No, it STILL leaks!", mood=-0.1)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([*CLOSED, LEAKS], "reopened"),
        ([*CLOSED, said(text="otra vez lo mismo", mood=-0.1)], "reopened"),
        ([*CLOSED, *HANDBACK, LEAKS], "reopened"),
        ([*CLOSED, said("article_not_helpful", mood=-0.4)], "reopened"),
        ([*CLOSED, said("deny", mood=-0.1, text="no thanks")], None),
        ([*CLOSED, said(text="still here, and happy", mood=0.4)], None),
        ([*CLOSED, said(text="in the stillness", mood=-0.2)], None),
        # the first message only, and only after a person
        ([*CLOSED, said("greet"), LEAKS], None),
        ([LEAKS], None),
        ([*CLOSED, ended_by(None), LEAKS], None),
    ],
)
def test_what_a_person_ended_may_not_be_settled(
    events: Events, expected: str | None
) -> None:
    assert trigger(events, PERSISTING) == expected
