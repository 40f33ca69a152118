"""The trained assistant's understanding, in process: no server, no dialogue."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor

from benchmarks.examples import ROOT
from channels.plain_text import as_plain_text

MODEL = ROOT / "models" / "assistant.tar.gz"


class TrainedAssistant:
    """What the running pipeline, its thresholds included, makes of a message."""

    def __init__(self, model: Path = MODEL) -> None:
        """Loads a model; raises FileNotFoundError if nobody has trained one."""
        if not model.exists():
            raise FileNotFoundError(f"{model} is missing: run `make train` first")
        self._agent = Agent.load(str(model))

    @property
    def processor(self) -> MessageProcessor:
        """Rasa's own way to a message's meaning."""
        assert self._agent.processor is not None  # a loaded agent has one
        return self._agent.processor

    def parse(self, text: str) -> dict[str, Any]:
        """Returns Rasa's parse data; text goes the same way in as a customer's."""
        return self.parse_all([text])[0]

    def parse_all(self, texts: Iterable[str]) -> list[dict[str, Any]]:
        """Returns the parse data of every text, in order."""
        return asyncio.run(self._parse_all(texts))

    async def _parse_all(self, texts: Iterable[str]) -> list[dict[str, Any]]:
        return [await self._agent.parse_message(as_plain_text(t)) for t in texts]


@cache
def trained_assistant() -> TrainedAssistant:
    """Returns the assistant, loaded once for all who ask; it takes seconds."""
    return TrainedAssistant()


def intent_of(parsed: dict[str, Any]) -> str:
    """Returns the name of the intent that the assistant acts on."""
    return parsed["intent"]["name"] or ""
