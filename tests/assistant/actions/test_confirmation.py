"""What a typed answer to a question for yes or no says."""

from time import perf_counter

import pytest

from actions.confirmation import Question, answer_to
from benchmarks.cases import halves

CANCEL = Question(
    "Order HP-10428: 2 x Tin mug, £24.00. Shall I cancel it? This can't be undone.",
    "Yes, cancel it",
    "No, keep it",
)
CLOSE = Question(
    "Closing the account of jo@example.com takes its list of orders and your points "
    "with it. For 14 days a link in your mail brings it back. Shall I close it?",
    "Yes, close it",
    "No, keep it",
)
SEND = Question(
    "Send order HP-10428 to 5 Mill Lane, York YO1 7AB. Is that right?",
    "Yes, change it",
    "No, leave it",
)
REMOVE = Question(
    "I'd take Storm lantern out of order HP-10428. The new total is £24.00. Shall I?",
    "Yes, change it",
    "No, leave it",
)
LIST = Question(
    "No more newsletters for jo@example.com: shall I take it off the list?",
    "Yes, take it off",
    "No, leave it",
)
KEEP = Question(
    "I'd keep this as your usual address: 5 Mill Lane, York. Is that right?",
    "Yes, keep it",
    "No, don't",
)
UNHEARD_OF = Question("Shall I polish it?", "Yes, polish it", "No, not now")


@pytest.mark.parametrize(
    ("question", "text"),
    [
        # the deed, in its own words and in others
        (CANCEL, "cancel it"),
        (CANCEL, "bin it"),
        (CANCEL, "i want the order cancelled"),
        (CLOSE, "shut it down"),
        (REMOVE, "get rid of the lantern"),
        (KEEP, "yes, keep it"),
        (UNHEARD_OF, "polish it please"),
        # a reason beside it, which may hold a no
        (CANCEL, "yes, i dont need it anymore"),
        (CANCEL, "yes. I found the very same one cheaper"),
        (CANCEL, "I don't need it, cancel it"),
        (CANCEL, "I don't want it, cancel it"),
        (CANCEL, "cancel it please, we bought some in town"),
        # typed in haste
        (CANCEL, "YESSSS"),
        (CANCEL, "yes cacel it thnaks"),
        (CANCEL, "👍🏽🙏"),
        # the statement, where the question is whether it is right
        (SEND, "that's the right address"),
        (SEND, "yup 5 mill lane york"),
        (CANCEL, "yes, no problem"),
    ],
)
def test_a_plain_yes_is_heard(question: Question, text: str) -> None:
    assert answer_to(question, text) == "yes"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        # something is said beside the yes
        (CANCEL, "yes tomorrow"),
        (CANCEL, "yes the other one"),
        (CANCEL, "yes but wait"),
        (CANCEL, "yes?"),
        (CANCEL, "yes..."),
        # words that are allowed, but only beside the deed
        (CANCEL, "yes I know"),
        (CANCEL, "yes I changed my mind"),
        # another deed, or the same one done to something else
        (CANCEL, "yes change it"),
        (CANCEL, "yes close the account"),
        (CLOSE, "yes cancel my order"),
        (CLOSE, "yes remove the newsletter"),
        # the sentence runs on
        (CANCEL, "yes I don't need it cancelled"),
        (CANCEL, "go ahead my order"),
        (CANCEL, "yes I don't need to do that"),
        (CANCEL, "yes I never use polite words but I keep it"),
        # a remark, but no deed, or one that is no clause of its own
        (CANCEL, "go ahead, I'm listening"),
        (CANCEL, "cancel the order I got from her"),
        # right, where the question is another
        (CANCEL, "that's the one"),
        # words of a yes that mean something else together
        (CANCEL, "yeah right"),
        (CANCEL, "ah ok"),
        # "jo" is a German yes
        (LIST, "jo@example.com"),
        # a reason that goes on and on
        (
            CANCEL,
            "yes I don't need odd people around here talking about bright tents ok",
        ),
        (CANCEL, "yes I don't need tents, people arrive today"),
        (CANCEL, "yes I found that this is not cheaper"),
    ],
)
def test_anything_else_is_asked_again(question: Question, text: str) -> None:
    assert answer_to(question, text) != "yes"


@pytest.mark.parametrize(
    "text",
    ["no", "keep it", "don't cancel it", "nah leave it", "I'd rather keep them", "👎",
     "actually I'd rather have them, please don't"],
)  # fmt: skip
def test_a_plain_no_is_heard(text: str) -> None:
    assert answer_to(CANCEL, text) == "no"


@pytest.mark.parametrize("text", ["yes no", "no yes", "no, go ahead yes", "yes, don't"])
def test_no_is_never_heard_over_a_yes(text: str) -> None:
    assert answer_to(CANCEL, text) == "unclear"


@pytest.mark.parametrize("text", ["sí, ¿qué?", "si quieres", "sí qué"])
def test_what_speaks_against_heeds_accents(text: str) -> None:
    asked = Question("¿Lo cancelo?", "Sí, cancélalo", "No, lo conservo")

    assert answer_to(asked, "sí, que lo canceles") == "yes"
    assert answer_to(asked, text) == "unclear"


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("yes cancel it, my gran gave me the very same pair", "yes"),
        ("cancel it please. The zip jams on every one of these", "yes"),
        ("yes, my gran gave me the very same pair", "unclear"),
        ("yes cancel it, my gran cancelled hers", "unclear"),
        ("yes cancel it, that makes 3 of them", "unclear"),
    ],
)
def test_a_reason_in_a_clause_of_its_own_needs_no_words_of_the_list(
    text: str, means: str
) -> None:
    assert answer_to(CANCEL, text) == means


AGAINST = {
    "en": " but wait, keep it| if I must| tomorrow| not| once it is here| except one",
    "es": " pero espera| si me conviene| mañana| no| cuando llegue| salvo una",
    "de": " aber warte| wenn es sein muss| morgen| doch nicht| sobald sie da ist",
    "fr": " mais attendez| si c'est possible| demain| pas| quand elle arrive| sauf une",
}


def test_no_yes_is_executed_with_something_against_it() -> None:
    from benchmarks.confirmations import _question

    cases = [
        case for case in dict(halves("confirmations"))["own"] if case["means"] == "yes"
    ]
    heard = [
        text
        for case in cases
        for end in AGAINST[case["language"]].split("|")
        if answer_to(
            _question(case["question"], case["language"]), text := case["text"] + end
        )
        == "yes"
    ]

    assert heard == []


def test_an_answer_is_read_at_once() -> None:
    long = (
        "yes I don't need it anymore because I found something else, please cancel it "
        * 6
    )
    answer_to(CANCEL, long)
    started = perf_counter()
    for _ in range(20):
        answer_to(CANCEL, long)

    assert (perf_counter() - started) / 20 < 0.1
