"""When a message is certainly about one of some intents. Knows nothing of Rasa."""

from collections.abc import Collection, Mapping


def is_certain(
    ranking: Mapping[str, float], intents: Collection[str], probability: float
) -> bool:
    """Returns whether the intents are likely enough together.

    Several of them may share the probability of one message ("I'll sue, and this
    is a formal complaint"), so their sum counts.
    """
    together = sum(ranking.get(name, 0.0) for name in intents)
    return together >= probability - 1e-9  # 0.1 + 0.6 must be enough for 0.7
