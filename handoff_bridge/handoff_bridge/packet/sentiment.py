"""The customer's mood over the conversation, and where it is going."""

from statistics import mean

from handoff_bridge.packet.reading import Reading, ReadTurn
from handoff_bridge.packet.schema import Label, MoodPoint, Sentiment, Trend

LABELS: dict[str, Label] = {
    "negative": "negative",
    "neutral": "neutral",
    "positive": "positive",
}
# Of the scale from -1 to 1. Less is noise of a small sentiment model.
MIN_CHANGE = 0.2
# The last so many messages are compared with those before.
RECENT = 2


def sentiment(reading: Reading) -> Sentiment:
    """Return the mood now, its trend over the matter at hand, and all points."""
    points = [
        _point(read, heard.score, heard.label)
        for read in reading.spoken
        if (heard := read.turn.sentiment) and heard.score is not None
    ]
    scores = [point.score for point in points if reading.in_matter(point.seq)]
    current = points[-1].label if points else None
    return Sentiment(current=current, trend=trend(scores), points=points)


def _point(read: ReadTurn, score: float, label: str | None) -> MoodPoint:
    return MoodPoint(
        score=max(-1.0, min(1.0, score)),
        label=LABELS.get(label or "", "neutral"),
        at=read.at,
        seq=read.seq,
    )


def trend(scores: list[float]) -> Trend:
    """Say "down", "flat" or "up" of scores in order of time."""
    if len(scores) < 2:
        return "flat"
    recent = min(RECENT, len(scores) - 1)
    change = mean(scores[-recent:]) - mean(scores[:-recent])
    if abs(change) < MIN_CHANGE:
        return "flat"
    return "up" if change > 0 else "down"
