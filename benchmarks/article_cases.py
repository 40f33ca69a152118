"""Whether questions about the shop get their article, and others an honest line.

The cases are in `benchmarks/cases/articles.yml`; what they are about is an article, or
`nothing`. The trained assistant reads them as it reads a customer's first message.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from authoring.articles import read_articles
from benchmarks.assistant import TrainedAssistant, intent_of, trained_assistant
from benchmarks.cases import Case, halves
from benchmarks.examples import ROOT
from channels.article_answers import asked_point

NOTHING = "nothing"
FALLBACK = "nlu_fallback"
# What others call a subject, and the articles that answer it.
SUBJECTS: dict[str, set[str]] = {
    "delivery_to_named_country": {"delivery_abroad"},
    "discount_code_refused": {"code_not_accepted"},
    "bulk_order": {"bulk_orders"},
    "payment_method_not_taken": {"other_ways_to_pay"},
    "newsletter_discount": {"newsletter", "discount_codes"},
    "collect_in_store": {"collecting"},
    "care_washing": {"product_care"},
    "repair": {"repairs"},
    "crypto_or_cash": {"other_ways_to_pay"},
    "warranty_worn_parts": {"warranty_wear"},
    "why_one_time_code": {"one_time_code"},
    "return_period": {"return_policy"},
    "return_cost": {"return_policy"},
    "exchange_size": {"exchange"},
    "size_guide": {"sizes"},
    "privacy_data": {"privacy"},
    "loyalty_points": {"loyalty"},
    "contact": {"contact_channels"},
    "stock_when_back": {"stock"},
    "damaged_parcel": {"damaged_or_wrong_item"},
    "vat_invoice": {"invoices"},
    "delivery_cost": {"delivery_options"},
    "express": {"delivery_options", "delivery_time"},
}
# Topics that do what an article only tells of: as good an answer.
DONE_BY: dict[str, set[str]] = {
    "account": {"create_account", "edit_account", "delete_account"},
    "damaged_or_wrong_item": {"return_item", "request_refund"},
    "exchange": {"return_item", "change_order"},
    "invoices": {"find_invoice", "send_invoice"},
    "lost_parcel": {"check_order_status"},
    "newsletter": {"change_newsletter"},
    "order_changes": {"change_order"},
    "payment_declined": {"report_payment_problem"},
    "place_order": {"create_account"},
    "registration_problems": {"report_registration_problem"},
    "stock": {"check_availability"},
}
REACH = {"found": 0.9}

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns rows for each half: questions, by language, pairs, and `nothing`.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    assistant = trained_assistant()
    return [
        row
        for half, cases in halves("articles", quick)
        for row in _rows(half, cases, assistant)
    ]


def _rows(half: str, cases: list[Case], assistant: TrainedAssistant) -> Iterable[Row]:
    parsed = assistant.parse_all(case["text"] for case in cases)
    answers = Answers()
    groups: dict[str, list[tuple[Case, str]]] = defaultdict(list)
    for case, result in zip(cases, parsed, strict=True):
        answer = answers.answer(result)
        if "says" in case and case["says"] not in answers.said(case, result, answer):
            answer = f"{answer}, another sentence"
        groups[_kind(case)].append((case, answer))
    for kind, told in groups.items():
        missed = [
            (c["text"], c["about"], a) for c, a in told if not answers.is_right(c, a)
        ]
        itself = sum(a in _articles(c["about"]) for c, a in told)
        yield {
            "what": f"{kind}, {half} ({len(told)})",
            "found": 1 - len(missed) / len(told),
            **(
                {}
                if kind.startswith(NOTHING)
                else {"as an article": itself / len(told)}
            ),
            "missed": missed,
            "reach": REACH,
        }


def _kind(case: Case) -> str:
    kept = ", kept" if case.get("kept") else ""
    if case["about"] == NOTHING:
        return NOTHING + kept
    if "says" in case:
        return "the sentence asked for" + kept
    return "article against intent" if case.get("pair") else f"in {case['language']}"


def _articles(about: str) -> set[str]:
    return SUBJECTS.get(about, {about})


class Answers:
    """What the assistant would tell: the name of an article, or of an intent."""

    def __init__(self) -> None:
        """Reads which article answers which intent."""
        articles = read_articles(ROOT / "kb")
        self._articles = {a.article_id: a for a in articles}
        self._of_intent = {a.intent: a.article_id for a in articles if a.intent}

    def answer(self, parsed: dict[str, Any]) -> str:
        """Returns the article told, else the intent acted on."""
        intent = intent_of(parsed)
        if intent == FALLBACK:
            sure = [a for a in parsed["articles"] if a["certainty"] == "sure"]
            return sure[0]["article_id"] if sure else FALLBACK
        return self.of_intent(intent)

    def of_intent(self, intent: str) -> str:
        """Returns the article that answers an intent, else the intent."""
        return self._of_intent.get(intent, intent)

    def is_of(self, intents: Iterable[str], parsed: dict[str, Any]) -> bool:
        """Returns whether one of the intents, or its article, would be told."""
        wanted = {self._of_intent.get(intent, intent) for intent in intents}
        return self.answer(parsed) in wanted

    def said(self, case: Case, parsed: dict[str, Any], answer: str) -> str:
        """Returns what is said first: the point asked for, or the short answer."""
        article = self._articles.get(answer)
        if article is None:
            return ""
        language = case["language"]
        point = asked_point(parsed, article.response, language)
        return point or article.wording(language).answer

    def is_right(self, case: Case, answer: str) -> bool:
        """Returns whether that is what the case is about."""
        if case["about"] == NOTHING:
            return answer == FALLBACK
        accepted = set(_articles(case["about"]))
        if not case.get("pair"):
            for article in list(accepted):
                accepted |= DONE_BY.get(article, set())
        return answer in accepted
