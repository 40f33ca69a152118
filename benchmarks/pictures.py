"""Draws what a table cannot show. Writes PNG files, needs no screen."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib
import numpy as np
from sklearn.metrics import confusion_matrix

if TYPE_CHECKING:
    from benchmarks.calibration import Bin
    from benchmarks.scoring import Labels
    from benchmarks.thresholds import Point

matplotlib.use("Agg")
from matplotlib import pyplot


def draw_confusions(
    truth: Labels, said: Labels, order: Sequence[str], path: Path
) -> None:
    """Draws shares of each intent's examples; on the diagonal they are right."""
    labels = [name for name in order if name in set(truth) | set(said)]
    counts = confusion_matrix(list(truth), list(said), labels=labels)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = max(6.0, 0.27 * len(labels) + 3.5)
    figure, axes = pyplot.subplots(figsize=(size, size))
    axes.imshow(np.sqrt(shares), cmap="Blues", vmin=0, vmax=1)
    places = range(len(labels))
    axes.set_xticks(places, labels, rotation=90, fontsize=8)
    axes.set_yticks(places, labels, fontsize=8)
    axes.set_xlabel("understood as")
    axes.set_ylabel("meant")
    axes.set_title("Our own examples, each held out once: per cent of each intent")
    axes.set_xticks(np.arange(-0.5, len(labels)), minor=True)
    axes.set_yticks(np.arange(-0.5, len(labels)), minor=True)
    axes.grid(which="minor", color="0.9", linewidth=0.5)
    axes.tick_params(which="minor", length=0)
    for row, column in zip(*np.nonzero(counts), strict=True):
        share = shares[row, column]
        colour = "white" if share > 0.4 else "0.2"
        middle = {"ha": "center", "va": "center"}
        axes.text(column, row, f"{100 * share:.0f}", color=colour, fontsize=6, **middle)
    _save(figure, path)


def draw_curve(points: Sequence[Point], configured: float, path: Path) -> None:
    """Draws what each fallback threshold costs and brings."""
    figure, axes = pyplot.subplots(figsize=(7, 4))
    thresholds = [point.threshold for point in points]
    axes.plot(thresholds, [p.understood for p in points], "o-", label="understood")
    axes.plot(thresholds, [p.caught for p in points], "s-", label="strangers caught")
    axes.axvline(configured, color="0.5", linestyle="--", label="config.yml")
    axes.set_xlabel("fallback threshold")
    axes.set_ylabel("share")
    axes.set_title("Our own examples, each held out once")
    axes.grid(color="0.9")
    axes.legend()
    _save(figure, path)


def draw_reliability(sets: Mapping[str, Sequence[Bin]], path: Path) -> None:
    """Draws how often each confidence is right; larger dots are more messages."""
    figure, axes = pyplot.subplots(figsize=(5.5, 5.5))
    axes.plot([0, 1], [0, 1], color="0.5", linestyle="--", label="as sure as right")
    for what, bins in sets.items():
        confidences = [b.confidence for b in bins]
        accuracies = [b.accuracy for b in bins]
        [line] = axes.plot(confidences, accuracies, label=what)
        sizes = [5 + b.messages for b in bins]
        axes.scatter(confidences, accuracies, s=sizes, color=line.get_color())
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel("confidence of the likeliest reading")
    axes.set_ylabel("share that is right")
    axes.set_title("Is it right as often as it says?")
    axes.grid(color="0.9")
    axes.legend(loc="upper left")
    _save(figure, path)


def draw_growth(rates: Mapping[int, float], path: Path) -> None:
    """Draws committed messages a second by how many customers are connected."""
    figure, axes = pyplot.subplots(figsize=(6, 3.5))
    axes.plot(list(rates), list(rates.values()), "o-")
    axes.set_xscale("log")
    axes.set_xticks(list(rates), [str(count) for count in rates])
    axes.set_ylim(bottom=0)
    axes.set_xlabel("connected customers, ten of whom write")
    axes.set_ylabel("committed messages a second")
    axes.set_title("Customer to agent through one bridge")
    axes.grid(color="0.9")
    _save(figure, path)


def _save(figure: pyplot.Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)


if __name__ == "__main__":
    points = {int(count): rate for count, rate in json.load(sys.stdin).items()}
    draw_growth(points, Path(sys.argv[1]))
