"""Every mistake of a designer is named with its file and line."""

import subprocess
import sys
from pathlib import Path

import pytest

from authoring.check import check, main

ROOT = Path(__file__).resolve().parents[3]

LABELLED = """\
- action_pitch_tent:
    agent_label: {done: "Pitched {tent}", tried: "Tried to pitch {tent}", noun: pitch}
"""
# A project without a mistake; every test breaks one line of it.
FILES = {
    "config.yml": """\
language: en
importers:
- name: authoring.importer.DesignersImporter
pipeline:
- name: components.language.LanguageDetector
  languages: [en, es]
- name: components.knowledge.KnowledgeBase
  decent: 0.3
  sure: 0.45
- name: components.detector.ExampleDetector
  data: data/sensitive
  words: data/words/sensitive.yml
- name: components.detector.ExampleDetector
  data: data/moon
  intent: ask_moon
  yields_to: [stop]
policies:
- name: components.escalation_policy.EscalationPolicy
  negative_threshold: -0.75
  same_intent: 3
  help_questions: [utter_bye]
""",
    "domain.yml": 'version: "3.1"\n',
    "domain/tent.yml": """\
intents:
- pitch_tent: {agent_label: pitch a tent}
- stop: {small_talk: true, interrupts_forms: true}
entities:
- tent
slots:
  tent:
    type: text
    agent_label: the tent
    mappings:
    - type: from_entity
      entity: tent
    - type: from_text
      not_intent: stop
      asked_only: true
forms:
  tent_form:
    agent_label: Asked which tent
    required_slots: [tent]
actions:
- action_pitch_tent:
    agent_label: {done: "Pitched {tent}", tried: "Tried to pitch {tent}", noun: pitch}
responses:
  utter_ask_tent_form_tent:
  - text: "Which tent?"
    buttons:
    - title: Never mind
      payload: /stop
    - title: The big one
      payload: '/pitch_tent{{"tent": "big"}}'
  utter_tent_pitched:
  - text: "The {tent} stands by {at}."
    metadata: {outcome: done, promise: true}
  utter_bye:
  - text: "Bye."
  utter_sensitive_frostbite:
  - text: "Keep warm."
    metadata: {outcome: none}
""",
    "data/nlu/tent.yml": """\
nlu:
- intent: pitch_tent
  examples: |
    - put up the [big one](tent)
    - pitch my tent
- intent: stop
  examples: |
    - stop it
""",
    "data/rules/tent.yml": """\
rules:
- rule: A tent is asked for
  steps:
  - intent: pitch_tent
  - action: tent_form
  - active_loop: tent_form
- rule: A tent is pitched
  condition:
  - active_loop: tent_form
  steps:
  - action: tent_form
  - active_loop: null
  - slot_was_set:
    - requested_slot: null
  - action: action_pitch_tent
- rule: Leaving
  steps:
  - intent: stop
  - action: utter_bye
""",
    "data/stories/tent.yml": """\
stories:
- story: Changing one's mind
  steps:
  - intent: pitch_tent
    entities:
    - tent
  - slot_was_set:
    - tent: big
  - action: tent_form
  - or:
    - intent: stop
    - intent: ask_moon
  - action: utter_bye
""",
    "data/sentiment/mood.yml": """\
sentiment:
- label: angry
  examples: |
    - this is a joke
""",
    "data/not_ours/others.yml": """\
not_ours:
- language: en
  examples: |
    - my tap drips
""",
    "data/sensitive/cold.yml": """\
sensitive:
- kind: frostbite
  examples: |
    - my toes are black
""",
    "data/polarity/en.yml": """\
polarity:
- kind: refused
  examples: |
    - leave the tent
- kind: wanted
  examples: |
    - can't you pitch it
""",
    "data/moon/asked.yml": """\
moon:
- kind: ask_moon
  examples: |
    - take me there
- kind: ordinary
  examples: |
    - honeymoon
""",
    "data/words/sensitive.yml": """\
groups:
  toes: [toes, feet]
plain:
  frostbite: ["my {toes} are frozen"]
cues: [frozen]
figurative: [cold feet]
""",
    "data/triggers.yml": """\
triggers:
- name: frostbite
  labels:
    en: Frostbite
    es: Congelación
  priority: 3
""",
    "brand.yml": """\
help_lines:
  unknown_country:
    en: [NO]
  elsewhere: example.com
  countries:
    NO:
      emergency: "112"
      lines:
      - {name: Kirkens SOS, number: "22 40 00 40"}
""",
    "translations/es/tent.yml": """\
responses:
  utter_ask_tent_form_tent:
  - text: "¿Qué tienda?"
    buttons: [Déjalo, La grande]
  utter_tent_pitched:
  - text: "La {tent} está lista a las {at}."
  utter_bye:
  - text: "Adiós."
  utter_sensitive_frostbite:
  - text: "Abríguese."
""",
    "kb/moon.md": """\
---
title: The moon
intent: ask_moon
questions:
- do you deliver to the moon
buttons:
- title: Stop
  payload: /stop
---
Not yet.
""",
    "kb/es/moon.md": "---\ntitle: La luna\nbuttons: [Parar]\n---\nTodavía no.\n",
    "data/nlu/moon.yml": "nlu:\n- intent: ask_moon\n  examples: |\n    - moon?\n",
    "data/words/tent_size.yml": "words:\n  big: [big, huge]\n",
    "data/words/tent_colour.yml": """\
words:
  green:
    en: [green]
    es: [verde]
shades:
  en: [dark]
  es: [oscuro]
""",
    "data/words/language.yml": """\
anywhere: [ok]
en:
  greetings: [good day]
  words: [where]
es:
  greetings: [buenos días]
  words: [dónde]
not_asked_for: [why]
""",
    "data/words/confirmation.yml": """\
yes: ["yes", sure]
"no": ["no"]
against: [but]
beside: [please]
with_deed: [want]
""",
    "actions/tent.py": """\
say(response="utter_tent_pitched", at=now)
say(f"utter_sensitive_{kind}")
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def change(project: Path, name: str, old: str, new: str) -> None:
    path = project / name
    text = path.read_text("utf-8")
    assert old in text, (name, old)
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_sound_project_has_no_findings(project: Path):
    assert [str(finding) for finding in check(project)] == []


TENT = "domain/tent.yml"
RULES = "data/rules/tent.yml"
STORIES = "data/stories/tent.yml"
NLU = "data/nlu/tent.yml"
CONFIG = "config.yml"
OTHERS = "data/not_ours/others.yml"
ASKED = "data/moon/asked.yml"
WISHES = "data/polarity/en.yml"
COLD, LIST = "data/sensitive/cold.yml", "data/words/sensitive.yml"
WHY, BRAND = "data/triggers.yml", "brand.yml"
ES = "translations/es/tent.yml"
MOON = "kb/moon.md"
SIZES = "data/words/tent_size.yml"
HUES, TELLING = "data/words/tent_colour.yml", "data/words/language.yml"
ANSWERS = "data/words/confirmation.yml"


@pytest.mark.parametrize(
    ("name", "old", "new", "place", "words"),
    [
        # slots and forms
        (TENT, "entity: tent", "entity: tend", f"{TENT}:12", "entity 'tend'; is it"),
        (TENT, "not_intent: stop", "not_intent: leave", f"{TENT}:14", "intent 'leave'"),
        (TENT, "asked_only: true", "asked_only: maybe", f"{TENT}:15", "'asked_only'"),
        (TENT, "[tent]", "[]", f"{TENT}:15", "never asked"),
        (TENT, "[tent]", "[tent, peg]", f"{TENT}:19", "slot 'peg'"),
        (
            TENT,
            "utter_ask_tent_form_tent",
            "utter_ask_tent_form_tend",
            f"{TENT}:19",
            "nothing asks for 'tent'",
        ),
        # what agents read
        (
            TENT,
            "- pitch_tent: {agent_label: pitch a tent}",
            "- pitch_tent",
            f"{TENT}:2",
            "warning: agents read 'pitch_tent' as it stands: it has no 'agent_label'",
        ),
        (TENT, "small_talk: true, ", "", f"{TENT}:3", "'stop' as it stands"),
        (TENT, "    agent_label: the tent\n", "", f"{TENT}:7", "'tent' as it stands"),
        (TENT, "agent_label: the tent", "agent_label: []", f"{TENT}:7", "be a text"),
        (
            TENT,
            "    agent_label: Asked which tent\n",
            "",
            f"{TENT}:17",
            "'tent_form' as it stands",
        ),
        (TENT, LABELLED, "- action_pitch_tent\n", f"{TENT}:21", "no 'agent_label' or"),
        (TENT, ", noun: pitch", "", f"{TENT}:21", "'done', 'tried' and 'noun'"),
        (TENT, "Tried to pitch {tent}", "{tend}", f"{TENT}:21", "slot 'tend'"),
        (TENT, "agent_label: pitch a", "agent_lable: a", f"{TENT}:2", "'agent_lable'"),
        (TENT, "pitch a tent}", "[a]}", f"{TENT}:2", "has to be a text"),
        (TENT, "small_talk: true", "small_talk: 1", f"{TENT}:3", "true or false"),
        (
            TENT,
            "small_talk: true",
            "small_talk: true, agent_label: stop",
            f"{TENT}:3",
            "a label that nobody reads",
        ),
        (TENT, "a tent}", "a tent, topic: [a]}", f"{TENT}:2", "a name, or false"),
        (TENT, "outcome: done", "outcome: well", f"{TENT}:33", "no outcome 'well'"),
        (TENT, "outcome: done, ", "label: up, ", f"{TENT}:33", "needs an 'outcome'"),
        (TENT, "outcome: done", "outcome: none", f"{TENT}:33", "is no promise"),
        (
            TENT,
            "  utter_bye:",
            "  utter_tent_kept:\n  - text: Kept.\n    metadata: {outcome: done}\n"
            "  utter_bye:",
            f"{TENT}:36",
            "name says 'nothing_to_do'",
        ),
        (TENT, "outcome: done", "outcome: done, label: 3", f"{TENT}:33", "be a text"),
        (TENT, "promise: true", "promise: soon", f"{TENT}:33", "'promise' has to be"),
        (TENT, "{outcome: done, promise: true}", "done", f"{TENT}:33", "keys and"),
        (
            TENT,
            "    metadata: {outcome: done, promise: true}\n",
            "",
            f"{TENT}:31",
            "warning: an action says 'utter_tent_pitched', and nothing tells",
        ),
        (
            TENT,
            "  utter_bye:",
            '  - text: "It stands."\n  utter_bye:',
            f"{TENT}:31",
            "the variations of 'utter_tent_pitched' differ",
        ),
        (WHY, "priority: 3", "priority: 3\n  reasons: x", f"{WHY}:7", "list of texts"),
        # lists of words
        (SIZES, "words:", "word:", f"{SIZES}:1", "no 'words'"),
        (HUES, "    es: [verde]\n", "", f"{HUES}:2", "'green' has no words in 'es'"),
        (HUES, "  es: [oscuro]\n", "", f"{HUES}:5", "'shades' has no words in 'es'"),
        (TELLING, "[dónde]", "[dónde, Where]", f"{TELLING}:7", "list of 'en' as well"),
        (TELLING, "[where]", "[where, ok]", f"{TELLING}:4", "list of 'anywhere'"),
        (TELLING, "anywhere:", "nowhere:", f"{TELLING}:1", "'anywhere' is missing"),
        (TELLING, "  words: [where]\n", "", f"{TELLING}:2", "'words' is missing"),
        (ANSWERS, "against: [but]\n", "", f"{ANSWERS}:1", "'against' is missing"),
        (ANSWERS, "beside:", "besides:", f"{ANSWERS}:4", "no list 'besides'"),
        (ANSWERS, "[want]", "want", f"{ANSWERS}:5", "no list of words"),
        # responses
        (TENT, "{at}", "{when}", f"{TENT}:32", "{when} in 'utter_tent_pitched'"),
        (TENT, 'text: "Bye."', 'texts: "Bye."', f"{TENT}:35", "no 'text'"),
        (TENT, "payload: /stop", "payload: /stopp", f"{TENT}:28", "intent 'stopp'"),
        (TENT, "payload: /stop", "payload: stop", f"{TENT}:28", "slash"),
        (TENT, '{{"tent"', '{{"size"', f"{TENT}:30", "entity 'size'"),
        (TENT, '"big"}}', '"big}}', f"{TENT}:30", "JSON"),
        (
            TENT,
            "  utter_bye:",
            "  utter_hm:\n  - text: Hm.\n  utter_bye:",
            f"{TENT}:34",
            "warning: nothing says 'utter_hm'",
        ),
        # twice
        (TENT, "entities:", "- stop\nentities:", f"{TENT}:4", "'stop' is in"),
        (
            TENT,
            "  utter_bye:",
            "  utter_bye:\n  - text: Hm.\n  utter_bye:",
            f"{TENT}:36",
            "twice",
        ),
        (
            "domain.yml",
            "\n",
            "\nresponses:\n  utter_bye:\n  - text: Bye.\n",
            f"{TENT}:34",
            "domain.yml:3 already",
        ),
        # rules and stories
        (RULES, "intent: pitch_tent", "intent: pitch", f"{RULES}:4", "intent 'pitch'"),
        (RULES, "action: action_pitch", "action: action_put", f"{RULES}:15", "action "),
        (RULES, "utter_bye", "utter_good_bye", f"{RULES}:19", "response 'utter_good"),
        (RULES, "action: tent_form", "action: tant_form", f"{RULES}:5", "form 'tant_"),
        (RULES, "loop: tent_form", "loop: tent", f"{RULES}:6", "form 'tent'"),
        (RULES, "requested_slot", "requested", f"{RULES}:14", "slot 'requested'"),
        (RULES, "- action: utter", "- actoin: utter", f"{RULES}:19", "step 'actoin'"),
        (RULES, "steps:", "stepps:", f"{RULES}:3", "key 'stepps'"),
        (RULES, "- rule: Leaving", "- rule:", f"{RULES}:16", "without a name"),
        (RULES, "Leaving", "A tent is pitched", f"{RULES}:16", "warning: a rule of"),
        (STORIES, "    - tent\n", "    - peg\n", f"{STORIES}:6", "entity 'peg'"),
        (STORIES, "- tent: big", "- size: big", f"{STORIES}:8", "slot 'size'"),
        (STORIES, "- intent: stop", "- intent: stay", f"{STORIES}:11", "'stay'"),
        # examples
        (NLU, "intent: stop", "intent: stopp", f"{NLU}:6", "intent 'stopp'"),
        (NLU, "intent: stop", "intention: stop", f"{NLU}:6", "a block needs"),
        (NLU, "- stop it", "", f"{NLU}:6", "no examples"),
        (NLU, "- pitch my", "pitch my", f"{NLU}:5", "begins with"),
        (NLU, "](tent)", "](tend)", f"{NLU}:4", "entity 'tend'"),
        (
            TENT,
            "entities:",
            "- wave\nentities:",
            f"{TENT}:4",
            "'wave' has no examples",
        ),
        # moods
        (
            TENT,
            '  - text: "Bye."\n',
            '  - text: "Bye."\n    metadata: {cheerful: true}\n',
            f"{TENT}:34",
            "not cheerful",
        ),
        (
            "data/sentiment/mood.yml",
            "angry",
            "furious",
            "data/sentiment/mood.yml:2",
            "'furious'",
        ),
        (
            "data/sentiment/mood.yml",
            "- this is a joke",
            "",
            "data/sentiment/mood.yml:2",
            "no examples",
        ),
        # what is not ours
        (OTHERS, "not_ours:", "ours:", f"{OTHERS}:1", "no list under 'not_ours'"),
        (OTHERS, "- my tap drips", "", f"{OTHERS}:2", "no examples"),
        (OTHERS, "- my tap", "my tap", f"{OTHERS}:4", "begins with '- '"),
        # what needs care
        (COLD, "sensitive:", "sensible:", f"{COLD}:1", "no list under 'sensitive'"),
        (COLD, "kind: frost", "sort: frost", f"{COLD}:2", "need a 'kind'"),
        (COLD, "- my toes are black", "", f"{COLD}:2", "no examples"),
        (COLD, "frostbite", "sunburn", f"{COLD}:2", "'utter_sensitive_sunburn'"),
        (LIST, "{toes}", "{ears}", f"{LIST}:1", "group 'ears'"),
        (LIST, "figurative", "figures", f"{LIST}:1", "group 'figurative'"),
        (LIST, "  frostbite:", "  sunburn:", f"{LIST}:4", "'sunburn' has no examples"),
        (ASKED, "kind: ask_moon", "kind: ask_sun", f"{ASKED}:2", "neither 'ask_moon'"),
        (WISHES, "kind: refused", "kind: denied", f"{WISHES}:2", "none of doubted"),
        (WISHES, "polarity:", "wishes:", f"{WISHES}:1", "no list under 'polarity'"),
        (ASKED, "moon:", "sun:", f"{ASKED}:1", "no list under 'moon'"),
        (CONFIG, "data/moon", "data/mars", f"{CONFIG}:13", "in 'data/mars'"),
        (CONFIG, "intent: ask_moon", "intent: ask_x", f"{CONFIG}:15", "intent 'ask_x'"),
        (CONFIG, "yields_to: [stop]", "yields_to: [halt]", f"{CONFIG}:16", "'halt'"),
        (WHY, "- name: frostbite", "- name: Frost!", f"{WHY}:2", "small letters"),
        (WHY, "en: Frostbite", "no: Frost", f"{WHY}:2", "English label"),
        (WHY, "    es: Congelación\n", "", f"{WHY}:2", "warning: 'frostbite' has no"),
        (WHY, "priority: 3", "priority: 300", f"{WHY}:2", "from 0 to 100"),
        (WHY, "priority: 3", "priority: 3\n  skill: A B", f"{WHY}:7", "a skill is"),
        (BRAND, "en: [NO]", "en: [SE]", f"{BRAND}:3", "no help lines for 'SE'"),
        (BRAND, "    en: [NO]", "    no: [NO]", f"{BRAND}:2", "a list for 'en'"),
        (BRAND, "  elsewhere: example.com\n", "", f"{BRAND}:2", "'elsewhere'"),
        (BRAND, 'emergency: "112"', "emergency: 112", f"{BRAND}:6", "in quotes"),
        (BRAND, '"22 40 00 40"', "024", f"{BRAND}:6", "in quotes"),
        (BRAND, "name: Kirkens SOS, ", "", f"{BRAND}:6", "needs a name"),
        # translations
        (ES, "utter_bye", "utter_adios", f"{ES}:7", "response 'utter_adios'"),
        (ES, "{at}", "{hora}", f"{ES}:6", "{at} and {tent}"),
        (ES, "{at}", "{at", f"{ES}:6", "brace"),
        (ES, ", La grande", "", f"{ES}:3", "2 buttons, this has 1"),
        (ES, 'text: "Adi', 'txt: "Adi', f"{ES}:8", "'text'"),
        (ES, "responses:", "answers:", f"{ES}:1", "no 'responses'"),
        (
            ES,
            '  utter_bye:\n  - text: "Adiós."\n',
            "",
            f"{TENT}:34",
            "warning: not in es: utter_bye",
        ),
        # articles
        (MOON, "title: The", "titel: The", f"{MOON}:2", "'titel'"),
        (MOON, "/stop", "/stopp", f"{MOON}:8", "intent 'stopp'"),
        ("kb/es/moon.md", "[Parar]", "[Sí, No]", "kb/es/moon.md:3", "button titles"),
        # limits
        (CONFIG, "decent: 0.3", "decent: 3", f"{CONFIG}:8", "between 0 and 1"),
        (CONFIG, "decent: 0.3", "decent: 0.6", f"{CONFIG}:8", "above 'sure'"),
        (
            CONFIG,
            "negative_threshold: -0.75",
            "negative_threshold: 0.75",
            f"{CONFIG}:19",
            "between -1 and 0",
        ),
        (CONFIG, "intent: 3", "intent: 0", f"{CONFIG}:20", "whole number"),
        (CONFIG, "same_intent", "same_intend", f"{CONFIG}:20", "threshold"),
        (CONFIG, "[utter_bye]", "[utter_by]", f"{CONFIG}:21", "is it 'utter_bye'"),
        # YAML
        (RULES, "- intent: stop", "- intent: [stop", f"{RULES}:19", "no YAML"),
        (CONFIG, "language: en", "- en", f"{CONFIG}:2", "no YAML"),
        (NLU, FILES[NLU], "- nlu\n", f"{NLU}:1", "no mapping"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(
    project: Path, name: str, old: str, new: str, place: str, words: str
):
    change(project, name, old, new)
    found = [str(finding) for finding in check(project)]
    assert [line for line in found if line.startswith(f"{place}: ") and words in line]


def test_a_missing_translation_of_an_article_is_a_warning(project: Path):
    (project / "kb" / "es" / "moon.md").unlink()
    [finding] = check(project)
    assert not finding.is_error
    assert str(finding) == "kb/moon.md:1: warning: articles not in es: moon."


def test_only_errors_stop(project: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(project)]) == 0
    change(project, TENT, "  utter_bye:", "  utter_hm:\n  - text: Hm.\n  utter_bye:")
    assert main([str(project)]) == 0
    assert "nothing says" in capsys.readouterr().out
    assert main([str(project), "--errors-only"]) == 0
    assert capsys.readouterr().out == ""
    change(project, RULES, "intent: stop", "intent: stopp")
    assert main([str(project), "--errors-only"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 1
    assert said[0].startswith(f"{RULES}:18: there is no intent 'stopp'")


def test_our_project_has_no_errors():
    assert [str(f) for f in check(ROOT) if f.is_error] == []


def test_it_loads_no_tensorflow():
    code = (
        "import sys; from authoring.check import main; status = main(['.']);"
        "assert 'tensorflow' not in sys.modules; sys.exit(status)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False
    )
    assert run.returncode == 0, run.stderr.decode()
