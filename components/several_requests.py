"""Finds the different requests in one message. Pure.

Precision comes first: half of a story taken for a request would start something that
nobody asked for, while a request that is not heard is simply told again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from authoring.requests import is_request

REQUESTS = "requests"
ORDER_NUMBER = "order_number"

# A clause counts if it is this certain, ahead of the next guess by this much.
SURE = 0.6
LEAD = 0.35
# Said beside a request, or about the customer: no requests of their own.
NO_REQUESTS = frozenset(
    {
        "affirm",
        "ask_bot",
        "ask_why",
        "article_helped",
        "article_not_helpful",
        "deny",
        "goodbye",
        "greet",
        "inform",
        "mean_all",
        "mean_other",
        "nlu_fallback",
        "read_article",
        "resend_code",
        "share_photo",
        "stop",
        "switch_language",
        "thank",
        "unsure",
    }
)
# These bring in a person for the whole message, whatever else is in it.
FOR_A_PERSON = frozenset(
    {"request_human", "make_complaint", "raise_legal_issue", "report_safety_issue"}
)
# Doing the first includes the second.
INCLUDED = {("cancel_order", "request_refund"), ("return_item", "request_refund")}


@dataclass(frozen=True)
class Request:
    """One thing that the customer wants, and how the pipeline understood it."""

    intent: str
    text: str
    parsed: Mapping[str, Any]

    @property
    def order_numbers(self) -> list[str]:
        """The orders that are named in it."""
        return [
            str(entity.get("value"))
            for entity in self.parsed.get("entities") or []
            if entity.get("entity") == ORDER_NUMBER
        ]

    def as_dict(self) -> dict[str, Any]:
        """Returns the entry of the message property `requests`."""
        entry: dict[str, Any] = {"intent": self.intent, "text": self.text}
        if self.order_numbers:
            entry["order_numbers"] = self.order_numbers
        return entry


def distinct_requests(
    whole: Mapping[str, Any], parsed_clauses: Sequence[Mapping[str, Any]]
) -> list[Request]:
    """Returns the requests of a message in their order, none if there is but one.

    One alone is returned if it is for a person: that must not be drowned.
    """
    if _name(whole) in FOR_A_PERSON:
        return []
    found: list[Request] = []
    for parsed in parsed_clauses:
        request = Request(_name(parsed), str(parsed.get("text") or ""), parsed)
        if request.intent in FOR_A_PERSON and _is_sure(parsed):
            return [request]
        if _is_own_request(request) and not _is_known(request, found):
            found.append(request)
    # One of them has to be what the message is about, else both are chance.
    heard = {_name(whole), *_runners_up(whole)}
    if len(found) < 2 or not any(request.intent in heard for request in found):
        return []
    return found


def _is_own_request(request: Request) -> bool:
    return (
        request.intent not in NO_REQUESTS
        and _is_sure(request.parsed)
        and is_request(request.text)
    )


def _is_known(request: Request, found: Collection[Request]) -> bool:
    """The same again, with words added; another order's number makes another one."""
    return any(
        (other.intent, request.intent) in INCLUDED
        or request.intent == other.intent
        and (
            request.order_numbers == other.order_numbers
            or not request.order_numbers
            or not other.order_numbers
        )
        for other in found
    )


def _is_sure(parsed: Mapping[str, Any]) -> bool:
    ranking = [float(guess["confidence"]) for guess in parsed.get("intent_ranking", [])]
    if not ranking or ranking[0] < SURE:
        return False
    return len(ranking) < 2 or ranking[0] - ranking[1] >= LEAD


def _name(parsed: Mapping[str, Any]) -> str:
    return str((parsed.get("intent") or {}).get("name") or "")


def _runners_up(parsed: Mapping[str, Any]) -> list[str]:
    return [str(guess.get("name")) for guess in parsed.get("intent_ranking", [])[:4]]
