"""Why a human is needed, as one sentence for an agent."""

from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue

from handoff_bridge.conversation.triggers import DEFAULT_LANGUAGE, label_of
from handoff_bridge.packet.tried import FAILURES
from handoff_bridge.packet.words import phrase, plural, slot_words

Evidence = Mapping[str, JsonValue]

_RESTRICTED = {
    "make_complaint": "made a formal complaint",
    "raise_legal_issue": "raised a legal matter",
    "report_safety_issue": "reported a safety problem",
}


def reason_sentence(
    triggers: Sequence[str],
    evidence: Evidence,
    failures: Mapping[str, int] | None = None,
    labels: Mapping[str, Mapping[str, str]] | None = None,
    language: str | None = None,
) -> str:
    """Say why, the trigger that named the handoff first.

    Args:
        triggers: all that held, in order of precedence.
        evidence: what the trigger rests on; flat, or by the trigger's name.
        failures: what the assistant failed at and how often, in an agent's words.
        labels: by trigger, then by language, as they were sent.
        language: the agent's; the bridge's own sentences are English.
    """
    parts: list[str] = []
    for trigger in triggers:
        own = (labels or {}).get(trigger, {})
        write = WRITERS.get(trigger)
        if write is None or _speaks(own, language):
            part = label_of(trigger, own, language)
        else:
            part = write(_of(evidence, trigger), failures or {})
        if part not in parts:
            parts.append(part)
    sentence = "; also ".join(parts) or "needs a person"
    return sentence[0].upper() + sentence[1:]


def _speaks(labels: Mapping[str, str], language: str | None) -> bool:
    """Whether a label is in the agent's language and a sentence of ours is not."""
    code = (language or DEFAULT_LANGUAGE).split("-")[0]
    return code != DEFAULT_LANGUAGE and (language in labels or code in labels)


def _of(evidence: Evidence, trigger: str) -> Evidence:
    own = evidence.get(trigger)
    return {**evidence, **own} if isinstance(own, Mapping) else evidence


def _customer_request(evidence: Evidence, failures: Mapping[str, int]) -> str:
    code = evidence.get("wanted_language")
    language = f" (language wanted: {code})" if code else ""
    if not failures:
        return f"asked for a person{language}"
    noun, number = max(failures.items(), key=lambda item: item[1])
    return f"asked for a person after {number} failed {plural(noun, number)}{language}"


def _repeated_fallback(evidence: Evidence, failures: Mapping[str, int]) -> str:
    number = _number(evidence, "fallbacks")
    times = f" {number} times in a row" if number > 1 else ""
    return f"was not understood{times}"


def _negative_sentiment(evidence: Evidence, failures: Mapping[str, int]) -> str:
    messages = _number(evidence, "negative_messages")
    failed = _number(evidence, "recent_failures")
    if messages > 1:
        return f"sounds upset, {messages} messages in a row"
    return "sounds upset after the assistant failed" if failed else "sounds upset"


def _no_progress(evidence: Evidence, failures: Mapping[str, int]) -> str:
    if slot := evidence.get("asked_for"):
        times = _number(evidence, "refusals")
        often = f" {times} times" if times > 1 else ""
        return f"could not give {slot_words(str(slot))}{often}"
    if intent := evidence.get("repeated_intent"):
        times = _number(evidence, "times")
        often = f" {times} times" if times > 1 else " again"
        return f"asked to {phrase(str(intent))}{often}"
    if "unhelpful_article" in evidence:
        article = phrase(str(evidence["unhelpful_article"] or "")) or "found"
        return f"was not helped by the article “{article}”"
    return "is not getting any further"


def _restricted_topic(evidence: Evidence, failures: Mapping[str, int]) -> str:
    topic = str(evidence.get("topic") or evidence.get("intent") or "")
    return _RESTRICTED.get(topic, "raised something only a person may handle")


def _bot_failure(evidence: Evidence, failures: Mapping[str, int]) -> str:
    if action := evidence.get("failed_action"):
        return f"the assistant failed at “{phrase(str(action))}”"
    reason = FAILURES.get(str(evidence.get("reason") or ""))
    return f"the assistant could not answer{f': {reason}' if reason else ''}"


def _agent_takeover(evidence: Evidence, failures: Mapping[str, int]) -> str:
    agent = evidence.get("agent")
    name = agent.get("name") if isinstance(agent, Mapping) else agent
    return f"{name or 'a colleague'} took over the chat"


def _complexity(evidence: Evidence, failures: Mapping[str, int]) -> str:
    if code := evidence.get("language"):
        return f"writes in a language the assistant does not speak ({code})"
    return "asks for more than the assistant can settle"


def _number(evidence: Evidence, name: str) -> int:
    value = evidence.get(name)
    return int(value) if isinstance(value, int | float) else 0


WRITERS: dict[str, Callable[[Evidence, Mapping[str, int]], str]] = {
    "restricted_topic": _restricted_topic,
    "customer_request": _customer_request,
    "agent_takeover": _agent_takeover,
    "bot_failure": _bot_failure,
    "negative_sentiment": _negative_sentiment,
    "no_progress": _no_progress,
    "complexity": _complexity,
    "repeated_fallback": _repeated_fallback,
}
