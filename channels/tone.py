"""Says nothing cheerful to a customer who is aggrieved.

Designers mark a variation of a response with `metadata: {cheerful: true}`; its
translations count as marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain

from components.escalation_policy import AGGRIEVED_SLOT

CHEERFUL = "cheerful"


class ToneAwareAnswers(TemplatedNaturalLanguageGenerator):
    """Rasa's own; cheerful variations are left out after a grievance."""

    def __init__(self, domain: Domain, endpoint_config: Any = None) -> None:
        """Takes what Rasa gives; there are no options."""
        super().__init__(domain.responses)

    def _random_response_for(
        self, utter_action: str, output_channel: str, filled_slots: dict[str, Any]
    ) -> dict[str, Any] | None:
        choose = super()._random_response_for
        if filled_slots.get(AGGRIEVED_SLOT):
            # Of the responses at hand: a loaded model brings its own after the start.
            variations = self.responses.get(utter_action, [])
            sober = [one for one in variations if not is_cheerful(one)]
            of_these = TemplatedNaturalLanguageGenerator({utter_action: sober})
            choose = of_these._random_response_for
        return choose(utter_action, output_channel, filled_slots)


def is_cheerful(variation: Mapping[str, Any]) -> bool:
    """Whether the designers say so of a variation, in its metadata."""
    return bool((variation.get("metadata") or {}).get(CHEERFUL))
