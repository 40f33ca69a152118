"""An article's Markdown as HTML that may stand on any page of ours.

Raw HTML stays text, pictures become their descriptions, and links lead to `http`,
`https`, `mailto`, or relative to other pages of the bridge.
"""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

SCHEMES = ("http", "https", "mailto")
# What browsers overlook in an address.
_IGNORED = re.compile(r"[\x00-\x20\x7f]")
# Another article, as designers link to it: by its file.
_ARTICLE = re.compile(r"([a-z][a-z0-9_]*)\.md(#.*)?")


def is_safe_link(address: str) -> bool:
    """Whether an article may link there."""
    plain = _IGNORED.sub("", address).replace("\\", "/")
    if plain.startswith("//"):
        return False
    try:
        scheme = urlsplit(plain).scheme
    except ValueError:
        return False
    # A colon before any slash begins a scheme, however odd.
    first = re.split(r"[/?#]", plain, maxsplit=1)[0]
    return scheme.lower() in SCHEMES if ":" in first else True


class _Renderer(RendererHTML):
    """Links of the outside open elsewhere; those to articles lead to their pages."""

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: Any, env: Any
    ) -> str:
        token = tokens[idx]
        address = str(token.attrGet("href") or "")
        if article := _ARTICLE.fullmatch(address):
            token.attrSet("href", f"/help/{article[1]}{article[2] or ''}")
        elif ":" in re.split(r"[/?#]", address, maxsplit=1)[0]:
            token.attrSet("target", "_blank")
            token.attrSet("rel", "noopener noreferrer")
        return self.renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return escapeHtml(tokens[idx].content)


_markdown = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
_markdown.enable("table")
_markdown.validateLink = is_safe_link  # type: ignore[method-assign,assignment]


def render(text: str) -> str:
    """HTML; its headings begin at the second level, the title being the first."""
    tokens = _markdown.parse(text)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) - min(levels) + 2)}"
    html: str = _markdown.renderer.render(tokens, _markdown.options, {})
    return html


def plain(text: str) -> str:
    """The words alone, for search and excerpts."""
    words = []
    for token in _markdown.parse(text):
        for part in token.children or ():
            if part.type in ("text", "code_inline"):
                words.append(part.content)
            elif part.type in ("softbreak", "hardbreak"):
                words.append(" ")
        if token.type == "inline":
            words.append(" ")
        elif token.type in ("fence", "code_block"):
            words.append(f"{token.content} ")
    return " ".join("".join(words).split())
