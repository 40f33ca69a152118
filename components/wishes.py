"""Tells by examples whether customers want what they name. Knows nothing of Rasa."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from components.detector_grammar import Grammar
from components.encoder import Encoder

WANTED = "wanted"


@dataclass(frozen=True)
class Wishes:
    """Taught with what is wanted, and with what is refused or doubted."""

    encoder: Encoder
    grammar: Grammar

    @classmethod
    def fit(cls, encoder: Encoder, taught: Mapping[str, str]) -> Wishes:
        """Trains on texts and their kinds, one of which is `wanted`."""
        texts = list(taught)
        wanted = np.array([kind == WANTED for kind in taught.values()])
        return cls(encoder, Grammar.fit(texts, encoder.encode(texts), wanted))

    def margin(self, text: str) -> float:
        """Returns how far a text is on the side of what is wanted; 1 is typical."""
        return self.grammar.margin(text, self.encoder.encode([text]))
