"""Replies that agents keep at hand: what `canned_replies.yml` may say."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue

from handoff_bridge.conversation.triggers import LANGUAGE
from handoff_bridge.models import Written
from handoff_bridge.yaml_places import read_document

# What a text may have in braces; pages fill it in for the chat that is open.
VARIABLES = (
    "customer_name",
    "agent_name",
    "company",
    "assistant",
    "reference",
    "answer_by",
)
_BRACES = re.compile(r"\{([^{}\n]*)\}")
_SHORTCUT = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")


def _shortcut(value: str) -> str:
    if not _SHORTCUT.fullmatch(value):
        raise ValueError(
            f"'{value}' is no shortcut: small letters, digits, - and _, 30 at most."
        )
    return value


def _language(value: str) -> str:
    if not LANGUAGE.fullmatch(value):
        raise ValueError(f"'{value}' is no language's code, such as de or pt-BR.")
    return value


def _known_variables(value: str) -> str:
    for name in _BRACES.findall(value):
        if name not in VARIABLES:
            known = ", ".join(f"{{{one}}}" for one in VARIABLES)
            raise ValueError(f"there is no variable {{{name}}}; there are: {known}.")
    return value


def _some(value: dict[str, str]) -> dict[str, str]:
    if not value:
        raise ValueError("it is in no language; write one, such as en.")
    return value


def _nothing_is_none(value: JsonValue) -> JsonValue:
    return {} if value is None else value


Shortcut = Annotated[str, AfterValidator(_shortcut)]
ReplyLanguage = Annotated[str, AfterValidator(_language)]
ReplyText = Annotated[
    str, Field(min_length=1, max_length=4000), AfterValidator(_known_variables)
]


class CannedReply(Written):
    """A reply in each language that it was written in."""

    title: Annotated[str, Field(min_length=1, max_length=100)]
    text: Annotated[
        dict[ReplyLanguage, ReplyText],
        BeforeValidator(_nothing_is_none),
        AfterValidator(_some),
    ]


class CannedReplies(Written):
    """All of them, by what is typed after a slash."""

    replies: Annotated[
        dict[Shortcut, CannedReply],
        Field(max_length=500),
        BeforeValidator(_nothing_is_none),
    ] = {}


def read_canned_replies(text: str) -> CannedReplies:
    """What a text says. Raises InvalidDocument."""
    return read_document(CannedReplies, text, (CannedReplies, CannedReply))
