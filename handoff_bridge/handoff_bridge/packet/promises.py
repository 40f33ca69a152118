"""What the assistant promised the customer, from the sentences it sent.

Conservative: an agent acts on this list, so what may be a rule of the shop, a
question or a condition is left out.
"""

import re

from handoff_bridge.packet.events import RanAction
from handoff_bridge.packet.reading import Reading, sender
from handoff_bridge.packet.schema import Promise
from handoff_bridge.packet.words import trimmed

MAX_LENGTH = 240
_SENTENCE = re.compile(r"[^.!?\n]{1,400}(?:\.\d[^.!?\n]{0,100}){0,3}[.!?]?")
_THINGS = (
    r"(?:it|this|that|they|you|(?:the|your|a|an)\s(?:\w{1,20}\s){0,2}"
    r"(?:refund|money|parcel|order|replacement|label|e-?mail|link|code|confirmation))"
)
_WILL = r"(?:\s(?:will|is\sgoing\sto|are\sgoing\sto)|['’]ll)\s(?:\w{1,12}\s)?"
_HAPPENS = (
    rf"\b{_THINGS}{_WILL}(?:get|receive|have|hear|arrive|land|reach|"
    r"be\s(?:refunded|sent|replaced|delivered|credited|shipped|with\syou|back|there))\b"
)
_ACTS = (
    rf"\b(?:we|i|our\steam|a\scolleague){_WILL}(?:send|e-?mail|refund|replace|ship|"
    r"post|credit|call|write|let\syou|get\sback|dispatch|deliver|answer|reply|pay)\b"
)
_WITHIN = (
    r"\b(?:refund|money|repl(?:y|acement)|answer|e-?mail|label|parcel|link)\b.{0,80}"
    r"\b(?:within|in)\s(?:\d{1,3}|a|an|one|two|three|four|five|six|seven|ten)\s"
    r"(?:(?:business|working)\s)?(?:minute|hour|day|week)s?\b"
)
_COMES = (
    r"\bshould\s(?:reach\syou|be\son\syour\b.{1,40})\s?by\b|"
    r"\bgoes\sback\sto\syour\b.{1,40}\bby\b|\bwill\s(?:come|get)\sback\sto\syou\b|"
    r"\byour\srefund\b.{0,80}\bstarts\sas\ssoon\sas\b|"
    r"(?:\d|\brefund|\bmoney)\b.{0,20}\bfollows\b"
)
_PROMISE = re.compile(f"{_HAPPENS}|{_ACTS}|{_WITHIN}|{_COMES}", re.IGNORECASE)
# A rule, a condition, an offer or the opposite of a promise.
_NOT_ONE = re.compile(
    r"\b(?:if|unless|whenever|usually|normally|generally|can|could|may|might|"
    r"must|would|not|never|no|cannot|please|need\sto)\b|n['’]t\b|\?$",
    re.IGNORECASE,
)
# Answers about the shop's rules hold for everybody and promise nothing.
_RULES = ("utter_ask", "utter_article", "utter_place_order")


def promised(reading: Reading) -> list[Promise]:
    """List the promises that the customer has read, the last one at the end."""
    rules = _rule_replies(reading)
    return [
        Promise(text=sentence, at=event.at, seq=event.seq)
        for event in reading.messages
        # Lines with a key are the bridge's own, about waiting and joining.
        if sender(event) == "bot" and not event.key and event.seq not in rules
        for sentence in promises_in(event.text or "")
    ]


def promises_in(text: str) -> list[str]:
    """List the sentences of `text` that promise something."""
    sentences = [match[0].strip() for match in _SENTENCE.finditer(text)]
    return [
        trimmed(sentence, MAX_LENGTH)
        for sentence in sentences
        if _PROMISE.search(sentence) and not _NOT_ONE.search(sentence)
    ]


def _rule_replies(reading: Reading) -> set[int]:
    """Find the bot's messages that only recite rules."""
    reciting: set[int] = set()
    for read in reading.turns:
        names = [action.name for action in read.actions]
        spoken = [name for name in names if name.startswith("utter_")]
        if not spoken or not all(name.startswith(_RULES) for name in spoken):
            continue
        if any(action.result for action in _custom(read.actions)):
            continue
        reciting |= _replies_to(reading, read.seq)
    return reciting


def _custom(actions: list[RanAction]) -> list[RanAction]:
    return [action for action in actions if not action.name.startswith("utter_")]


def _replies_to(reading: Reading, seq: int) -> set[int]:
    found: set[int] = set()
    for event in reading.messages:
        if event.seq <= seq:
            continue
        if sender(event) == "customer":
            break
        found.add(event.seq)
    return found
