"""The cards that the assistant shows the customer: `cards` in a reply's `custom`.

Read as the back office's are: one that cannot be read is left out alone, and the
message is said in any case. What is only for agents, a card's actions, is left out.
"""

import re
from dataclasses import dataclass

from pydantic import JsonValue

from handoff_bridge.conversation.cards import ShownCard
from handoff_bridge.packet.backoffice import read_cards
from handoff_bridge.packet.redaction import redact_value

MAX_CARDS = 5
MAX_ROWS = 12
CARDS = "cards"
OURS = (CARDS, "brief")


@dataclass(frozen=True)
class Shown:
    """`rest` is what else `custom` holds; `left_out` names what could not be read."""

    cards: list[ShownCard]
    rest: JsonValue
    left_out: list[str]
    # What is said instead of the text where the cards are drawn.
    brief: str | None = None


def read_shown(custom: JsonValue, reference: re.Pattern[str] | None) -> Shown:
    """The cards in `custom`, without card numbers and passwords.

    Args:
        custom: the assistant's own, of any shape.
        reference: what the shop's own numbers look like; they are no card's.
    """
    if not isinstance(custom, dict) or CARDS not in custom:
        return Shown([], custom, [])
    rest = {name: value for name, value in custom.items() if name not in OURS} or None
    told = custom[CARDS]
    if not isinstance(told, list):
        return Shown([], rest, [CARDS])
    left_out = [f"{CARDS}[{at}]" for at in range(MAX_CARDS, len(told))]
    clean = redact_value(told[:MAX_CARDS], reference=reference)
    cards, unread = read_cards(clean, masked=False)
    shown = [
        ShownCard(
            **card.model_dump(exclude={"rows", "actions", "actions_locked"}),
            rows=card.rows[:MAX_ROWS],
        )
        for card in cards
    ]
    said = redact_value(custom.get("brief"), reference=reference)
    brief = said if shown and said and isinstance(said, str) else None
    return Shown(shown, rest, unread + left_out, brief)
