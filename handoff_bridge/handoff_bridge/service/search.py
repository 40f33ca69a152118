"""Search over all conversations that an agent may read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.conversation.states import Owner
from handoff_bridge.errors import BadRequest
from handoff_bridge.packet.folding import fold
from handoff_bridge.protocol.conversations import (
    FoundConversation,
    FoundConversations,
    Hit,
    Piece,
)
from handoff_bridge.service.listing import fields_of, newest_rows
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.store import search
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.search import Place, Wanted

# More words make a search slower, and hardly another.
MAX_TERMS = 10
# Of the text around what was found, in characters.
BEFORE, WIDTH = 40, 160
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Asked:
    """What an agent asks for; see docs/protocol.md."""

    q: str | None
    owner: Owner | None
    since: datetime | None
    until: datetime | None
    before: str | None
    limit: int


class Search:
    """Reads only."""

    def __init__(self, held: ConversationRepository) -> None:
        """`held` gives the database, which is never written here, and the rules."""
        self._held = held

    async def find(self, agent: Agent, asked: Asked) -> FoundConversations:
        """A page, latest first. Agents find chats that were ever handed to humans.

        Raises BadRequest.
        """
        terms = [] if asked.q is None else terms_of(asked.q)
        wanted = Wanted(
            terms,
            asked.owner.value if asked.owner else None,
            _aware(asked.since),
            _aware(asked.until),
            _place(asked.before) if asked.before else None,
            # One more shows whether there is another page.
            asked.limit + 1,
            not agent.is_supervisor,
        )
        async with self._held.database.read(long=True) as tx:
            listed = await search.find(tx, wanted)
            page = listed[: asked.limit]
            ids = [one.conversation.conversation_id for one in page]
            context = await self._held.row_context(tx)
            rows = await newest_rows(tx, ids, context)
            hits = await search.hits(tx, terms, ids) if terms and ids else {}
        found = [
            FoundConversation(
                **fields_of(one, rows.get(key)), hit=best_hit(hits.get(key, []), terms)
            )
            for key, one in zip(ids, page, strict=True)
        ]
        is_last = len(listed) == len(page)
        return FoundConversations(
            conversations=found, before=None if is_last else _told(page[-1].place)
        )


def terms_of(q: str) -> list[str]:
    """What words have to begin with, plain and lower. Raises BadRequest for none."""
    words = _WORD.findall(fold(q).text.lower())
    if not words:
        raise BadRequest("q: needs a letter or a digit to look for.")
    return list(dict.fromkeys(words))[:MAX_TERMS]


def best_hit(entries: Sequence[LogEvent], terms: Sequence[str]) -> Hit | None:
    """The entry with most of the terms; of several what was said, and the newest.

    Entries come newest first.
    """
    marked = [(entry, *_marked(_text(entry), terms)) for entry in entries]
    if not marked:
        return None
    entry, pieces, _ = max(marked, key=lambda one: (one[2], one[0].type != "turn"))
    return Hit.model_validate(
        {
            "seq": entry.seq,
            "at": entry.at,
            "sender": entry.actor.type,
            "type": entry.type,
            "pieces": pieces,
        }
    )


def _text(entry: LogEvent) -> str:
    if entry.type != "turn":
        return str(entry.data.get("text") or "")
    references = entry.data.get("references")
    return " ".join(map(str, references)) if isinstance(references, list) else ""


def _marked(text: str, terms: Sequence[str]) -> tuple[list[Piece], int]:
    """The text around the first word that fits, and how many terms there are in all."""
    plain = fold(text)
    spans: list[tuple[int, int]] = []
    seen: set[str] = set()
    for word in _WORD.finditer(plain.text):
        fitting = [term for term in terms if word[0].lower().startswith(term)]
        if fitting:
            seen.update(fitting)
            length = max(map(len, fitting))
            spans.append(plain.span(word.start(), word.start() + length))
    begin = _begin(text, spans[0][0] if spans else 0)
    end = begin + WIDTH
    pieces = [Piece(text="…")] if begin else []
    at = begin
    for start, stop in spans:
        if stop > end:
            break
        pieces += [Piece(text=text[at:start]), Piece(text=text[start:stop], found=True)]
        at = stop
    pieces.append(Piece(text=text[at:end] + ("…" if end < len(text) else "")))
    return [piece for piece in pieces if piece.text], len(seen)


def _begin(text: str, first: int) -> int:
    """Where to begin to show a text: a little before what was found, at a word."""
    if first <= BEFORE:
        return 0
    space = text.find(" ", first - BEFORE, first)
    return first - BEFORE if space < 0 else space + 1


def _aware(time: datetime | None) -> datetime | None:
    """Without a zone it is UTC."""
    return time.replace(tzinfo=UTC) if time and time.tzinfo is None else time


def _told(place: Place) -> str:
    return f"{place.last_at.astimezone(UTC).isoformat()}~{place.conversation_id}"


def _place(told: str) -> Place:
    at, _, conversation_id = told.partition("~")
    try:
        last_at = datetime.fromisoformat(at)
    except ValueError:
        last_at = None
    if last_at is None or last_at.tzinfo is None or "\0" in conversation_id:
        raise BadRequest("before: is no place that an answer has named.")
    return Place(last_at, conversation_id)
