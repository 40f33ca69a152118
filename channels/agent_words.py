"""Puts a turn into an agent's words: attempts, outcomes, topics, labels. Pure.

The words are the designers' own, beside what they are about in `domain/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasa.shared.core.constants import DEFAULT_ACTION_NAMES

from authoring.agent_labels import (
    DID_NOT_WORK,
    WORKED,
    AgentLabels,
    filled,
    is_internal,
    plain_words,
)

Metadata = Mapping[str, Any]


def action_words(
    labels: AgentLabels,
    name: str,
    said: Sequence[Metadata],
    slots: Mapping[str, Any],
    *,
    is_form: bool,
    asked: str | None,
    failed: bool,
) -> dict[str, Any]:
    """Returns what an agent reads of one action; nothing of one without a label.

    Args:
        said: the metadata of its responses, in order.
        slots: as they stood when it ran.
        asked: the slot that was asked for before.
        failed: it left nothing, as one does that crashed.

    Returns:
        `attempt`: the sentence of an action that did, or tried, something. `label`: of
        a form, which tries nothing. `outcome`: `{kind, label?}`. `topic`, `noun`.
        `internal`: it does nothing that an agent need know.
    """
    found: dict[str, Any] = {}
    if outcome := next((o for one in said if (o := _outcome(one))), None):
        found["outcome"] = outcome
    kind = outcome["kind"] if outcome else None
    own = labels.forms.get(name) if is_form else labels.actions.get(name)
    attempt = next((one["attempt"] for one in said if one.get("attempt")), None)
    if is_form:
        found["label"] = str((own or {}).get("agent_label") or plain_words(name))
        if failed:
            attempt = found["label"]
        elif kind in DID_NOT_WORK:
            attempt = f"Asked for {labels.slot(asked) if asked else 'details'}"
    elif own and own.get("agent_label"):
        is_done = not failed and (kind is None or kind in WORKED)
        attempt = labels.sentence(name, done=is_done)
        found |= {"topic": own["topic"], "noun": own["agent_label"]["noun"]}
    elif name in DEFAULT_ACTION_NAMES or is_internal(name, own):
        found["internal"] = True
    if attempt:
        found["attempt"] = filled(attempt, slots)
    return found


def _outcome(metadata: Metadata) -> dict[str, str] | None:
    kind = metadata.get("outcome")
    if kind in (None, "none"):
        return None
    label = metadata.get("label")
    return {"kind": kind, **({"label": label} if label else {})}


def slot_words(
    labels: AgentLabels,
    slots: Mapping[str, Any],
    mentioned: Iterable[str],
    asked: str | None,
) -> dict[str, Any]:
    """Returns what an agent reads of the slots.

    Returns:
        `slot_labels`: of each that has one, `{label, fixed?, secret?}`, fixed if agents
        are not to set it. `asked_for`: what the assistant asks for; `asks_secret` if
        nobody may see the answer. `subject`: what the chat is about.
    """
    named = {
        name: {"label": own["agent_label"]}
        | {key: True for key in ("fixed", "secret") if own.get(key)}
        for name, own in labels.slots.items()
        if own.get("agent_label") and (name in slots or name in mentioned)
    }
    found: dict[str, Any] = {"slot_labels": named}
    if asked:
        found["asked_for"] = labels.slot(asked)
        if asked in labels.secrets():
            found["asks_secret"] = True
    for name, own in labels.slots.items():
        if own.get("subject") and slots.get(name):
            found.setdefault("subject", filled(own["subject"], slots))
    return found
