"""The shop's brand: all that `brand.yml` may say, each part checked by itself.

`brand_file` reads it.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal, TypedDict, cast

from pydantic import (
    AfterValidator,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
)

from handoff_bridge.colours import NEUTRAL, Colours
from handoff_bridge.models import Written, Zone
from handoff_bridge.settings import PICTURES_DIR, TEXTS_DIR

FILES = "/api/v1/brand/files/"
MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
MAX_PICTURE_BYTES = 512 * 1024
# Numbers that payment processors publish for tests; no reference may look like one.
CARD_NUMBERS = ("4111111111111111", "4111 1111 1111 1111", "378282246310005")
# The bridge's sentences that a brand may word itself, and what each may name.
VOICE = {
    "introduction": set[str](),
    "joined": {"name"},
    "joined_team": {"name", "team"},
    "returned": {"name"},
    "closed": {"name"},
    "left_queue": set[str](),
}
NAMES = {"assistant", "company"}
SECURE = re.compile(r"https://[^\s/?#@]+([/?#]\S*)?")


class PictureContext(TypedDict):
    """Where pictures are looked for, and those that were found, by their names."""

    folder: Path
    files: dict[str, bytes]


def _name(value: str) -> str:
    if "{" in value or "}" in value:
        raise ValueError("a name has no braces.")
    return value


def _language(value: str) -> str:
    if value not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise ValueError(f"'{value}' is none of the languages here: {known}.")
    return value


def _pattern(value: str) -> str:
    try:
        pattern = re.compile(value)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}.") from error
    if pattern.fullmatch("") or any(map(pattern.fullmatch, CARD_NUMBERS)):
        raise ValueError("it fits a card number, or nothing at all.")
    return value


def _picture(value: str, info: ValidationInfo) -> str:
    """Keeps the file's content, and gives the address at which it is served."""
    context = cast(PictureContext, info.context)
    path = context["folder"] / value
    if path.suffix not in MEDIA_TYPES:
        raise ValueError(f"'{value}' is neither .svg nor .png.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"there is no file '{value}'.") from error
    if not (b"<svg" in content or content.startswith(b"\x89PNG")):
        raise ValueError(f"'{value}' is no picture.")
    if len(content) > MAX_PICTURE_BYTES:
        raise ValueError(f"'{value}' is larger than {MAX_PICTURE_BYTES // 1024} KiB.")
    name = sha256(content).hexdigest()[:16] + path.suffix
    context["files"][name] = content
    return FILES + name


def _secure(value: str) -> str:
    if not SECURE.fullmatch(value):
        raise ValueError(f"'{value}' is no address that begins with https://.")
    return value


def _languages() -> list[str]:
    found = sorted(path.stem for path in TEXTS_DIR.glob("*.yml"))
    return sorted(found, key=lambda code: code != "en")


LANGUAGES = _languages()
Name = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_name)]
Text = Annotated[str, Field(min_length=1, max_length=500)]
Language = Annotated[str, AfterValidator(_language)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Picture = Annotated[str, AfterValidator(_picture)]
SecureLink = Annotated[str, Field(max_length=300), AfterValidator(_secure)]
# It stands in small print, under the chat.
ShortText = Annotated[str, Field(min_length=1, max_length=200)]


def _sentence(value: str, info: ValidationInfo) -> str:
    allowed = VOICE[info.field_name or ""] | NAMES
    try:
        named = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
    except ValueError as error:
        raise ValueError(f"{error}.") from error
    if unknown := named - allowed:
        known = ", ".join(f"{{{name}}}" for name in sorted(allowed))
        raise ValueError(f"nothing fills {{{min(unknown)}}}; there are {known}.")
    return value


Sentence = Annotated[Text, AfterValidator(_sentence)]


class Voice(Written):
    """The bridge's sentences in one language, where the brand has its own words."""

    introduction: Sentence | None = None
    joined: Sentence | None = None
    joined_team: Sentence | None = None
    returned: Sentence | None = None
    closed: Sentence | None = None
    left_queue: Sentence | None = None


class Passage(Written):
    """A heading, a paragraph and a picture."""

    title: Text
    text: Text
    eyebrow: Text | None = None
    link: Text | None = None
    picture: Picture | None = None


class Pledge(Written):
    """What the shop promises, with an icon."""

    icon: Literal["delivery", "return", "safety"]
    title: Text
    text: Text


class Product(Written):
    """Something for sale; the price as it is read."""

    name: Text
    about: Text
    price: Text
    picture: Picture | None = None


class Goods(Written):
    """What is for sale."""

    title: Text
    text: Text
    link: Text
    items: list[Product]


class ShopPage(Written):
    """The demo shop's page: all of its words and pictures."""

    tagline: Text
    description: Text
    hero: Passage
    pledges: list[Pledge] = []
    goods: Goods | None = None
    story: Passage | None = None
    policies: list[Passage] = []
    policies_link: Text | None = None
    imprint: Text | None = None


class Privacy(Written):
    """Where the shop says what becomes of a chat, and what is kept in a sentence."""

    link: SecureLink
    kept: Annotated[dict[Language, ShortText], Field(min_length=1)]


class Brand(Written):
    """The whole file."""

    company: Name = "Example Shop"
    assistant: Name = "Assistant"
    logo: Picture = str(PICTURES_DIR / "logo.svg")
    symbol: Picture | None = None
    colours: Colours = NEUTRAL
    languages: Annotated[list[Language], Field(min_length=1)] = LANGUAGES
    time_zone: Zone = "UTC"
    reference: Pattern | None = None
    voice: dict[Language, Voice] = {}
    privacy: Privacy | None = None
    # In one language for all, or by language.
    starters: list[Text] | dict[Language, list[Text]] = []
    # Of the agents that `seed` adds, in their order.
    demo_teams: list[Name] = []
    shop_page: ShopPage | None = None
    # `make check` looks at them with the assistant, which says them.
    help_lines: dict[str, Any] = {}

    _files: dict[str, bytes] = PrivateAttr(default_factory=dict)

    @property
    def files(self) -> Mapping[str, bytes]:
        """The pictures by the names in their addresses."""
        return self._files

    @field_validator("privacy")
    @classmethod
    def _in_every_language(
        cls, value: Privacy | None, info: ValidationInfo
    ) -> Privacy | None:
        """Nobody may be the one who is not told. `languages` are read before it."""
        spoken = info.data.get("languages", [])
        if value and (missing := [one for one in spoken if one not in value.kept]):
            raise ValueError(f"'kept' has no sentence in {', '.join(missing)}.")
        return value

    def keep_files(self, files: Mapping[str, bytes]) -> None:
        """Takes the pictures that were found while it was read."""
        self._files.update(files)

    def starters_in(self, language: str) -> list[str]:
        """First steps in the chat; none where the brand has none in this language."""
        if isinstance(self.starters, list):
            return self.starters
        return self.starters.get(language, [])

    @property
    def reference_pattern(self) -> re.Pattern[str] | None:
        """What the shop's reference numbers look like."""
        return re.compile(self.reference, re.IGNORECASE) if self.reference else None
