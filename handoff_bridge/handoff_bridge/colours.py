"""The brand's colours: what follows from one accent, and whether all can be read.

Colours are `#rrggbb`, in small letters once they are checked.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

from handoff_bridge.models import Written

# WCAG 2.2, level AA.
WCAG_TEXT, WCAG_SHAPE = 4.5, 3.0


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white); text needs 4.5 for level AA."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`one` by its `share` from 0 to 1, `other` by the rest."""
    parts = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in parts)


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _luminance(colour: str) -> float:
    shares = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colour(value: object) -> object:
    # Without quotes a colour is a comment to YAML.
    if not isinstance(value, str) or not re.fullmatch("#[0-9a-fA-F]{6}", value):
        raise ValueError('a colour is written as "#1f5f45", in quotes.')
    return value.lower()


Colour = Annotated[str, BeforeValidator(_colour)]


class Palette(Written):
    """The accent in one theme; all others follow from it where they are not given."""

    # As in web/src/shared/tokens.css.
    grounds: ClassVar[tuple[str, ...]]
    text: ClassVar[str]
    bold: ClassVar[str]
    # A whole bubble of a light accent would glare.
    bubble_share: ClassVar[float]

    accent: Colour
    hover: Colour | None = None
    soft: Colour | None = None
    line: Colour | None = None
    on_accent: Colour | None = None
    focus: Colour | None = None
    bubble: Colour | None = None
    on_bubble: Colour | None = None

    @model_validator(mode="before")
    @classmethod
    def _derive(cls, given: Any) -> Any:
        """Fills in what is not given, if the accent can be read."""
        accent = given.get("accent") if isinstance(given, Mapping) else None
        try:
            accent = str(_colour(accent))
        except ValueError:
            return given
        ground = cls.grounds[0]
        derived = {
            "hover": mix(accent, cls.bold, 0.8),
            "soft": mix(accent, ground, 0.12),
            "line": mix(accent, ground, 0.3),
            "on_accent": _readable(accent),
            "focus": accent,
            "bubble": mix(accent, "#000000", cls.bubble_share),
        }
        chosen = {**derived, **given}
        bubble = chosen["bubble"]
        if isinstance(bubble, str) and len(bubble) == 7:
            chosen.setdefault("on_bubble", _readable(str(bubble)))
        return chosen

    @model_validator(mode="after")
    def _is_readable(self) -> Self:
        colours: dict[str, str] = self.model_dump()
        for ground in self.grounds:
            self._check("accent", ground, WCAG_TEXT)
            self._check("focus", ground, WCAG_SHAPE)
        self._check("accent", colours["soft"], WCAG_TEXT)
        self._check("on_accent", colours["accent"], WCAG_TEXT)
        self._check("on_accent", colours["hover"], WCAG_TEXT)
        self._check("on_bubble", colours["bubble"], WCAG_TEXT)
        if contrast(self.text, colours["soft"]) < WCAG_TEXT:
            raise _too_low("soft", self.text, colours["soft"], WCAG_TEXT)
        return self

    def _check(self, key: str, ground: str, least: float) -> None:
        colour: str = getattr(self, key)
        if contrast(colour, ground) < least:
            raise _too_low(key, colour, ground, least)


def _readable(ground: str) -> str:
    return max("#ffffff", "#0b0f0d", key=lambda colour: contrast(colour, ground))


def _too_low(key: str, colour: str, ground: str, least: float) -> PydanticCustomError:
    found = contrast(colour, ground)
    return PydanticCustomError(
        "contrast",
        "{colour} on {ground} has a contrast of {found}; it needs {least}.",
        {
            "key": key,
            "colour": colour,
            "ground": ground,
            "found": f"{found:.1f}",
            "least": least,
        },
    )


class LightPalette(Palette):
    """Dark on light."""

    grounds = ("#ffffff", "#f6f5f0", "#f0eee7")
    text = "#1b211d"
    bold = "#000000"
    bubble_share = 1.0


class DarkPalette(Palette):
    """Light on dark."""

    grounds = ("#171d1a", "#101512", "#1d2421", "#232b27")
    text = "#e8ece8"
    bold = "#ffffff"
    bubble_share = 0.45


class Colours(Written):
    """Both themes."""

    light: LightPalette
    dark: DarkPalette


NEUTRAL = Colours.model_validate(
    {"light": {"accent": "#2f4f7f"}, "dark": {"accent": "#9dbcf0"}}
)
