"""Dialogues about orders on the running assistant: which one; nothing asked twice."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from typing import Any

from rasa.shared.utils.io import read_yaml_file

from benchmarks.cases import FOLDER, QUICKLY, Case
from benchmarks.conversations import Conversations, conversations
from channels.turn_report import Answer

REACH = {"right": 0.9}

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns a row for each half: what was tuned on, and what was only measured.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    cases = read_yaml_file(FOLDER / "order_dialogues.yml")
    halves = (("tuned on", cases[::2]), ("kept back", cases[1::2]))
    with conversations() as talk:
        return [
            _row(half, some[::QUICKLY] if quick else some, talk)
            for half, some in halves
        ]


def _row(half: str, cases: list[Case], talk: Conversations) -> Row:
    heard = [(case, _answers(case, talk)) for case in cases]
    wrong = [(case, faults(case, answers), answers) for case, answers in heard]
    wrong = [one for one in wrong if one[1]]
    all_of = Counter(case["kind"] for case in cases)
    wrong_of = Counter(case["kind"] for case, _, _ in wrong)
    return {
        "what": f"dialogues about orders, {half} ({len(cases)})",
        "right": 1 - len(wrong) / len(cases),
        **{kind: 1 - wrong_of[kind] / count for kind, count in sorted(all_of.items())},
        "wrong": [(case, found, _told(answers)) for case, found, answers in wrong],
        "reach": REACH,
    }


def _answers(case: Case, talk: Conversations) -> list[Answer]:
    sender = uuid.uuid4().hex
    told = {"customer_id": case.get("customer"), "language": case["language"]}
    email = ""
    if "email_of" in case:
        email = talk.of_the_shop(f"/customers/{case['email_of']}")["email"]
    answers = []
    for text in case["says"]:
        if text == "{code}":
            text = _code(case, email, talk)
        answers.append(talk.say(sender, text.replace("{email}", email), **told))
    return answers


def _code(case: Case, email: str, talk: Conversations) -> str:
    about = {"email": email} if email else {"order_number": case["order"]}
    mails = talk.of_the_shop("/outbox.json", **about)["mails"]
    codes = [re.search(r"\b\d{6}\b", one["body"]) for one in mails]
    return next((found.group() for found in codes if found), "no code")


def faults(case: Case, answers: list[Answer]) -> list[str]:
    """Returns which of the things that a case wants are not so."""
    turn, said = answers[-1].turn, _said(answers[-1])
    slots, asked = turn["slots"], [one.turn["requested_slot"] for one in answers]
    told = case.get("told", {})
    checks = {
        "names": all(number in said for number in case.get("names", ())),
        "buttons": all(number in said for number in case.get("buttons", ())),
        "not_about": case.get("not_about") is None
        or case["not_about"] != slots.get("order_number"),
        "asked": case.get("asked") in (None, asked[-1]),
        "never_asked": not set(asked).intersection(case.get("never_asked", ())),
        "told": all(part in str(slots.get(slot)) for slot, part in told.items()),
        "closed": not case.get("closed") or turn["active_loop"] is None,
    }
    return [name for name, is_so in checks.items() if not is_so]


def _said(answer: Answer) -> str:
    """Returns what an answer says and offers."""
    return "\n".join(
        f"{reply.get('text')} {reply.get('buttons')}" for reply in answer.replies
    )


def _told(answers: list[Answer]) -> list[dict[str, Any]]:
    return [
        {
            "intent": (one.turn["intent"]["name"], one.turn["intent"]["confidence"]),
            "asked": one.turn["requested_slot"],
            "replies": [str(reply.get("text"))[:70] for reply in one.replies],
        }
        for one in answers
    ]
