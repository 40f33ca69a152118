"""Both days as one picture, in SVG."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from handoff_bridge.protocol.http import (
    WAIT_BINS,
    Simulated,
    SimulatedDay,
    SimulatedGroup,
)

WIDTH, LEFT, RIGHT, ROW = 760, 170, 90, 40
COLOURS = {"now": "#8a94a6", "proposal": "#2f6fde"}
INK, SOFT = "#1d2433", "#667085"
BARS_HIGH = 150


def drawing(both: Simulated) -> str:
    """Waits by team and language, how they are spread, and how busy agents are."""
    svg = Element("svg", xmlns="http://www.w3.org/2000/svg", width=str(WIDTH))
    SubElement(svg, "rect", width="100%", height="100%", fill="#ffffff")
    day = both.day or "a made-up day"
    _text(svg, 16, 28, f"Waits for a person on {day}", size=16, fill=INK)
    _legend(svg, 48)
    below = _waits(svg, both, 80)
    below = _spread(svg, both, below + 40)
    below = _occupancy(svg, both, below + 40)
    svg.set("height", str(below + 16))
    svg.set("viewBox", f"0 0 {WIDTH} {below + 16}")
    indent(svg)
    return tostring(svg, encoding="unicode") + "\n"


def rows(
    both: Simulated,
) -> Iterator[tuple[str, SimulatedGroup | None, SimulatedGroup | None]]:
    """What is compared: everybody, each team, each language, by what it is called."""
    yield "everybody", both.now.all, both.proposal.all
    for kind, nobody in (("teams", "no team"), ("languages", "no language")):
        before, after = (_by_name(getattr(one, kind)) for one in _days(both))
        names = [*before, *(name for name in after if name not in before)]
        if names == [None]:
            continue
        for name in names:
            yield name or nobody, before.get(name), after.get(name)


def _days(both: Simulated) -> tuple[SimulatedDay, SimulatedDay]:
    return both.now, both.proposal


def _by_name(groups: Sequence[SimulatedGroup]) -> dict[str | None, SimulatedGroup]:
    return {one.name: one for one in groups}


def minutes(secs: float | None) -> str:
    """As people read it: 1:05."""
    if secs is None:
        return "-"
    whole = round(secs)
    return f"{whole // 60}:{whole % 60:02}"


def _waits(svg: Element, both: Simulated, top: int) -> int:
    """A bar to the median, a thin one to the 90th percentile."""
    _text(svg, 16, top, "Median, and the 90th percentile", fill=SOFT)
    found = list(rows(both))
    longest = max(
        (one.p90_secs or 0.0 for _, *pair in found for one in pair if one), default=0.0
    )
    scale = (WIDTH - LEFT - RIGHT) / (longest or 1.0)
    at = top + 14
    for name, *pair in found:
        _text(svg, 16, at + 20, name, fill=INK)
        for one, colour, y in zip(pair, COLOURS.values(), (at, at + 16), strict=True):
            if one is None or one.median_secs is None:
                continue
            ninth = scale * (one.p90_secs or 0.0)
            _bar(svg, LEFT, y + 5, ninth, 2, colour)
            _bar(svg, LEFT, y, scale * one.median_secs, 12, colour)
            told = f"{minutes(one.median_secs)} / {minutes(one.p90_secs)}"
            _text(svg, LEFT + ninth + 6, y + 10, told, size=11, fill=SOFT)
        at += ROW
    return at


def _spread(svg: Element, both: Simulated, top: int) -> int:
    _text(svg, 16, top, "Customers by how long they waited", fill=SOFT)
    counts = [day.all.waits for day in _days(both)]
    scale = (BARS_HIGH - 20) / max(1, *counts[0], *counts[1])
    step = (WIDTH - 32) / len(counts[0])
    foot = top + BARS_HIGH
    labels = [*(f"to {minutes(secs)}" for secs in WAIT_BINS), "longer"]
    for number, label in enumerate(labels):
        left = 16 + number * step
        for column, (count, colour) in enumerate(
            zip((one[number] for one in counts), COLOURS.values(), strict=True)
        ):
            high = scale * count
            x = left + 8 + column * (step / 2 - 8)
            _bar(svg, x, foot - high, step / 2 - 12, high, colour)
            if count:
                _text(svg, x, foot - high - 4, str(count), size=11, fill=SOFT)
        _text(svg, left + 8, foot + 16, label, size=11, fill=SOFT)
    return foot + 16


def _occupancy(svg: Element, both: Simulated, top: int) -> int:
    _text(svg, 16, top, "How much of their places agents had taken", fill=SOFT)
    at, scale = top + 14, WIDTH - LEFT - RIGHT
    for pair in zip(both.now.agents, both.proposal.agents, strict=True):
        _text(svg, 16, at + 20, pair[0].name, fill=INK)
        for one, colour, y in zip(pair, COLOURS.values(), (at, at + 16), strict=True):
            wide = scale * min(1.0, one.occupancy)
            _bar(svg, LEFT, y, wide, 12, colour)
            told = f"{one.occupancy:.0%}, {one.chats} chats"
            _text(svg, LEFT + wide + 6, y + 10, told, size=11, fill=SOFT)
        at += ROW
    return at


def _legend(svg: Element, y: int) -> None:
    for x, (name, colour) in zip((16, 110), COLOURS.items(), strict=True):
        _bar(svg, x, y - 10, 12, 12, colour)
        _text(svg, x + 18, y, name, fill=INK)


def _bar(svg: Element, x: float, y: float, wide: float, high: float, fill: str) -> None:
    box = {"x": x, "y": y, "width": max(0.0, wide), "height": max(0.0, high)}
    places = {name: f"{value:.1f}" for name, value in box.items()}
    SubElement(svg, "rect", places, fill=fill)


def _text(
    svg: Element, x: float, y: float, said: str, *, size: int = 13, fill: str
) -> None:
    attributes = {"x": f"{x:.1f}", "y": f"{y:.1f}", "font-size": str(size)}
    font = {"font-family": "system-ui, sans-serif", "fill": fill}
    SubElement(svg, "text", attributes | font).text = said
