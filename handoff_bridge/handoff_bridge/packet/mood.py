"""The customer's mood over the conversation, and where it is going."""

from collections.abc import Mapping
from statistics import mean
from typing import Any

from handoff_bridge.packet.reading import Reading, ReadTurn

LABELS = ("negative", "neutral", "positive")
# Of the scale from -1 to 1. Less is noise of a small sentiment model.
MIN_CHANGE = 0.2
# The last so many messages are compared with those before.
RECENT = 2


def sentiment(reading: Reading) -> dict[str, Any]:
    """Return the mood now, its trend over the matter at hand, and all points."""
    points = [
        _point(read, heard)
        for read in reading.spoken
        if (heard := read.turn.get("sentiment")) and heard.get("score") is not None
    ]
    scores = [p["score"] for p in points if reading.in_matter(p["seq"])]
    mood: dict[str, Any] = {"trend": trend(scores), "points": points}
    return {"current": points[-1]["label"], **mood} if points else mood


def _point(read: ReadTurn, mood: Mapping[str, Any]) -> dict[str, Any]:
    score = max(-1.0, min(1.0, float(mood["score"])))
    label = mood.get("label")
    return {
        "score": score,
        "label": label if label in LABELS else "neutral",
        "at": read.at,
        "seq": read.seq,
    }


def trend(scores: list[float]) -> str:
    """Say "down", "flat" or "up" of scores in order of time."""
    if len(scores) < 2:
        return "flat"
    recent = min(RECENT, len(scores) - 1)
    change = mean(scores[-recent:]) - mean(scores[:-recent])
    if abs(change) < MIN_CHANGE:
        return "flat"
    return "up" if change > 0 else "down"
