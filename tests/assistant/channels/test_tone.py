"""Cheerful variations are left out once the customer has a grievance."""

from pathlib import Path

import pytest
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import read_endpoint_config

from authoring.importer import DesignersImporter

ROOT = Path(__file__).parents[3]
SMALL_TALK = ("utter_greet", "utter_thank", "utter_goodbye", "utter_article_helped")


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    # endpoints.yml names them
    for name in ("ACTIONS_PORT", "SERVICE_TOKEN", "TRACKER_DB"):
        monkeypatch.setenv(name, "1")


@pytest.fixture(scope="module")
def domain() -> Domain:
    config, main, data = (
        str(ROOT / name) for name in ("config.yml", "domain.yml", "data")
    )
    return DesignersImporter(config, main, [data]).get_domain()


async def all_said(
    domain: Domain, response: str, language: str, aggrieved: bool
) -> set[str]:
    slots = [SlotSet("language", language), SlotSet("aggrieved", aggrieved)]
    tracker = DialogueStateTracker.from_events("x", slots, domain.slots)
    answers = NaturalLanguageGenerator.create(
        read_endpoint_config("endpoints.yml", "nlg"), domain
    )
    said = [await answers.generate(response, tracker, "bridge") for _ in range(60)]
    return {str(message["text"]) for message in said if message}


@pytest.mark.parametrize("language", ["en", "es", "de", "fr"])
@pytest.mark.parametrize("response", SMALL_TALK)
async def test_fewer_variations_are_said_after_a_grievance(
    domain: Domain, response: str, language: str
) -> None:
    ever = await all_said(domain, response, language, aggrieved=False)
    sober = await all_said(domain, response, language, aggrieved=True)
    assert sober and sober < ever


async def test_nobody_aggrieved_is_wished_joy(domain: Domain) -> None:
    assert await all_said(domain, "utter_goodbye", "de", aggrieved=True) == {
        "Alles Gute. Sie können hier jederzeit wieder schreiben."
    }


async def test_a_model_that_comes_after_the_start_is_answered_from(
    domain: Domain,
) -> None:
    tracker = DialogueStateTracker.from_events(
        "x", [SlotSet("aggrieved", True)], domain.slots
    )
    answers = NaturalLanguageGenerator.create(
        read_endpoint_config("endpoints.yml", "nlg"), Domain.empty()
    )
    answers.responses = domain.responses  # as Rasa does when it has loaded a model
    said = await answers.generate("utter_handoff", tracker, "bridge")
    assert said and said["text"]
