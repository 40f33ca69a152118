"""Why a human is needed, as one sentence for an agent.

The assistant sends its reasons with its triggers; here are only the bridge's own.
"""

from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue

from handoff_bridge.conversation.triggers import (
    DEFAULT_LANGUAGE,
    Trigger,
    label_of,
)
from handoff_bridge.packet.wording import FAILURES, phrase, plural

Evidence = Mapping[str, JsonValue]


def reason_sentence(
    triggers: Sequence[str],
    evidence: Evidence,
    failures: Mapping[str, int] | None = None,
    labels: Mapping[str, Mapping[str, str]] | None = None,
    reasons: Mapping[str, str] | None = None,
    language: str | None = None,
) -> str:
    """Say why, the trigger that named the handoff first.

    Args:
        triggers: all that held, in order of precedence.
        evidence: what the trigger rests on; flat, or by the trigger's name.
        failures: what the assistant failed at and how often, in an agent's words.
        labels: by trigger, then by language, as they were sent.
        reasons: sentences by trigger, in English, as they were sent.
        language: the agent's; the bridge's own sentences are English.
    """
    parts: list[str] = []
    for trigger in triggers:
        own = (labels or {}).get(trigger, {})
        part = None
        if not _speaks(own, language):
            part = (reasons or {}).get(trigger)
            if part is None and (write := WRITERS.get(trigger)):
                part = write(_of(evidence, trigger), failures or {})
        part = part or label_of(trigger, own, language)
        if part not in parts:
            parts.append(part)
    sentence = "; also ".join(parts) or "needs a person"
    return sentence[0].upper() + sentence[1:]


def _speaks(labels: Mapping[str, str], language: str | None) -> bool:
    """Whether a label is in the agent's language and a sentence is not."""
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


def _bot_failure(evidence: Evidence, failures: Mapping[str, int]) -> str:
    if action := evidence.get("failed_action"):
        what = evidence.get("what") or phrase(str(action))
        return f"the assistant failed at “{what}”"
    reason = FAILURES.get(str(evidence.get("reason") or ""))
    return f"the assistant could not answer{f': {reason}' if reason else ''}"


def _agent_takeover(evidence: Evidence, failures: Mapping[str, int]) -> str:
    agent = evidence.get("agent")
    name = agent.get("name") if isinstance(agent, Mapping) else agent
    return f"{name or 'a colleague'} took over the chat"


WRITERS: dict[str, Callable[[Evidence, Mapping[str, int]], str]] = {
    Trigger.CUSTOMER_REQUEST: _customer_request,
    Trigger.AGENT_TAKEOVER: _agent_takeover,
    Trigger.BOT_FAILURE: _bot_failure,
}
