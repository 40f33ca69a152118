"""What an agent has to know before the first line: request, tried, promised, open."""

from collections.abc import Sequence

from handoff_bridge.packet.attempts import attempts, is_settled
from handoff_bridge.packet.events import Event
from handoff_bridge.packet.facts import SECRET_MARKER
from handoff_bridge.packet.reading import Reading, ReadTurn, sender
from handoff_bridge.packet.schema import Article, Attempt, Promise, Summary
from handoff_bridge.packet.wording import phrase, trimmed

MAX_REQUEST = 280
MAX_IN_TEXT = 160
# Of articles, from 0 to 1, by some twenty chats in two languages that were read as an
# agent: below, and further behind the best one, most had nothing to do with it.
LEAST_SCORE = 0.5
BEHIND_THE_BEST = 0.1


def summary(
    reading: Reading, promises: list[Promise], name: str | None = None
) -> Summary:
    """Build the summary of the matter at hand. `name` is the customer's."""
    wanted, wanted_seq = request(reading)
    tried = attempts(reading)
    question, question_seq = open_question(reading)
    return Summary(
        request=wanted,
        request_seq=wanted_seq,
        tried=tried,
        promised=promises,
        open_question=question,
        open_seq=question_seq,
        text=_text(wanted, tried, promises, question, _subject(reading), name),
    )


def _subject(reading: Reading) -> str | None:
    told = [read.turn.subject for read in reading.turns if read.turn.slots is not None]
    return told[-1] if told else None


def request(reading: Reading) -> tuple[str, int | None]:
    """Find what the customer came for, in their own words, and where they say it.

    The first request of the matter that is not settled; the last one if all are.
    """
    read = _requesting(reading)
    text, seq = (read.text, read.seq) if read else _first_words(reading)
    return trimmed(text, MAX_REQUEST), seq


def suggested_articles(reading: Reading) -> list[Article]:
    """List the articles that the assistant found for the request, and likely fit it."""
    read = _requesting(reading) or _turn_at(reading, _first_words(reading)[1] or 0)
    articles = read.turn.articles if read else []
    return likely([Article(**a.model_dump()) for a in articles if a.article_id])


def likely(articles: Sequence[Article]) -> list[Article]:
    """Those that are worth an agent's look; others only take their time."""
    best = max((article.score for article in articles), default=0.0)
    floor = max(LEAST_SCORE, best - BEHIND_THE_BEST)
    return [article for article in articles if article.score >= floor]


def _requesting(reading: Reading) -> ReadTurn | None:
    asked: dict[str, ReadTurn] = {}
    for read in _before_handoff(reading):
        if read.text and read.topic:
            asked.setdefault(read.topic, read)
    unsettled = [r for r in asked.values() if not is_settled(reading, r)]
    return next(iter(unsettled or list(asked.values())[-1:]), None)


def open_question(reading: Reading) -> tuple[str | None, int | None]:
    """Find what nobody has answered: the customer's question, or the form's.

    With the number of the message that it came with.
    """
    asked = [e for e in reading.messages if sender(e) == "customer" and e.text]
    for event in reversed(asked):
        if _is_answered(reading, event):
            break
        read = _turn_at(reading, event.seq)
        is_code = event.text == SECRET_MARKER
        if not is_code and not (read and read.is_small_talk):
            return trimmed(event.text or "", MAX_REQUEST) or None, event.seq
    return _form_question(reading)


def _form_question(reading: Reading) -> tuple[str | None, int | None]:
    if any(sender(e) == "agent" and e.seq > reading.asked for e in reading.messages):
        return None, None
    turns = [read for read in reading.matter if not read.failure]
    latest = turns[-1].turn if turns else None
    if latest is None or not latest.requested_slot:
        return None, None
    slot = latest.asked_for or f"the {phrase(latest.requested_slot)}"
    return f"The assistant was asking for {slot}.", turns[-1].seq


def _first_words(reading: Reading) -> tuple[str, int | None]:
    """Fall back on any text: what means something, what led here, a greeting."""
    texts = [
        (e.text, e.seq, _turn_at(reading, e.seq))
        for e in reading.messages
        if sender(e) == "customer"
        and e.text
        and reading.in_matter(e.seq)
        and e.text != SECRET_MARKER
    ]
    telling = [one for one in texts if not one[2] or not one[2].is_small_talk]
    asking = [one for one in texts if one[2] and reading.handed_off(one[2])]
    text, seq, _ = next(iter([*telling, *asking, *texts]), ("", None, None))
    return text, seq


def _before_handoff(reading: Reading) -> list[ReadTurn]:
    # The customer's message counts: its turn may be logged after the request
    # for a human, which is made while the turn still runs.
    return [read for read in reading.matter if read.seq < reading.asked]


def _turn_at(reading: Reading, seq: int) -> ReadTurn | None:
    return next((read for read in reading.turns if read.seq == seq), None)


def _is_answered(reading: Reading, event: Event) -> bool:
    read = _turn_at(reading, event.seq)
    goodbye = bool(read and (reading.handed_off(read) or read.failure))
    return any(
        later.seq > event.seq
        and (sender(later) == "agent" or _bot_answer(reading, later, goodbye))
        for later in reading.messages
    )


def _bot_answer(reading: Reading, event: Event, goodbye: bool) -> bool:
    """Whether the bot answers here, and does not just say goodbye or wait."""
    if sender(event) != "bot" or event.key:
        return False
    if event.seq > reading.over:
        return True
    return not goodbye and event.seq < reading.asked


def _text(
    wanted: str,
    tried: list[Attempt],
    promises: list[Promise],
    question: str | None,
    subject: str | None,
    name: str | None,
) -> str:
    who = name or "The customer"
    lines = [f"{who} wrote: {_quote(wanted)}" if wanted else f"{who} wrote no request"]
    if tried:
        lines.append(said(tried[-1]))
    if subject and not any(subject.split()[-1] in line for line in lines):
        lines.insert(1, f"It is about {subject}")
    if promises:
        lines.append(f"Last promise: {_quote(promises[-1].text)}")
    if question and question != wanted:
        lines.append(f"Still open: {_quote(question)}")
    return " ".join(line if _closed(line) else f"{line}." for line in lines)


def said(attempt: Attempt) -> str:
    """An attempt as one clause: what it came to, unless that says the same."""
    what, outcome = attempt.what, attempt.outcome
    return what if what.casefold().startswith(outcome) else f"{what}: {outcome}"


def _quote(text: str) -> str:
    return f"“{trimmed(text, MAX_IN_TEXT)}”"


def _closed(line: str) -> bool:
    return line.removesuffix("”").endswith((".", "!", "?", "…"))
