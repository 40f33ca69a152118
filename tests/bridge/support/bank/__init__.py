"""A bank on the same bridge: its assistant and its systems, as the YAML here says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.bridge.support.assistant import Answer, ScriptedAssistant, says
from tests.bridge.support.back_office import ScriptedBackOffice

FOLDER = Path(__file__).parent
BRAND = FOLDER / "brand.yml"


class BankAssistant(ScriptedAssistant):
    """Answers in the customer's language, German or Spanish, by a word it hears."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.words = _read("assistant.yml")
        self._spoken: dict[str, str] = {}
        self.script = self._answer
        self.handback_script = self._return

    async def _answer(self, body: dict[str, Any]) -> Answer:
        language = "es" if body.get("language", "").startswith("es") else "de"
        self._spoken[body["sender"]] = language
        heard = body["message"].casefold()
        for known in self.words["turns"]:
            if any(word in heard for word in known["hears"]):
                return _turn(known, language)
        return says(self.words["otherwise"][language], slots={"language": language})

    async def _return(self, body: dict[str, Any]) -> Answer:
        if not body["greet"]:
            return says()
        again = self.words["again"][self._spoken.get(body["sender"], "de")]
        return says(f"{again} {body.get('outcome', '')}".strip())


def bank_back_office() -> ScriptedBackOffice:
    """The bank's own systems."""
    told = _read("cards.yml")
    systems = ScriptedBackOffice()
    systems.customers = told["customers"]
    systems.cards = told["cards"]
    systems.named = told["references"]
    return systems


def _turn(known: Mapping[str, Any], language: str) -> Answer:
    turn = {**known["turn"]}
    turn["slots"] = {**turn.get("slots", {}), "language": language}
    if declared := known.get("trigger"):
        turn["trigger"] = {"trigger": declared["name"], "triggers": [declared]}
    answer = says(known["says"][language], **turn)
    if known.get("promise"):
        answer["replies"][0]["promise"] = True
    return answer


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return content
