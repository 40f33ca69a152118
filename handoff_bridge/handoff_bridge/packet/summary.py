"""What an agent has to know before the first line: request, tried, promised, open."""

from handoff_bridge.packet.attempts import attempts, is_settled
from handoff_bridge.packet.events import Event
from handoff_bridge.packet.reading import Reading, ReadTurn, sender
from handoff_bridge.packet.schema import Article, Attempt, Promise, Summary
from handoff_bridge.packet.wording import phrase, trimmed

MAX_REQUEST = 280
MAX_IN_TEXT = 160


def summary(
    reading: Reading, promises: list[Promise], name: str | None = None
) -> Summary:
    """Build the summary of the matter at hand. `name` is the customer's."""
    wanted = request(reading)
    tried = attempts(reading)
    question = open_question(reading) or None
    return Summary(
        request=wanted,
        tried=tried,
        promised=promises,
        open_question=question,
        text=_text(wanted, tried, promises, question, _subject(reading), name),
    )


def _subject(reading: Reading) -> str | None:
    told = [read.turn.subject for read in reading.turns if read.turn.slots is not None]
    return told[-1] if told else None


def request(reading: Reading) -> str:
    """Find what the customer came for, in their own words.

    The first request of the matter that is not settled; the last one if all are.
    """
    read = _requesting(reading)
    return trimmed(read.text if read else _first_words(reading), MAX_REQUEST)


def suggested_articles(reading: Reading) -> list[Article]:
    """List the articles that the assistant found for the request."""
    read = _requesting(reading) or _turn_of(reading, _first_words(reading))
    articles = read.turn.articles if read else []
    return [Article(**a.model_dump()) for a in articles if a.article_id]


def _requesting(reading: Reading) -> ReadTurn | None:
    asked: dict[str, ReadTurn] = {}
    for read in _before_handoff(reading):
        if read.text and read.topic:
            asked.setdefault(read.topic, read)
    unsettled = [r for r in asked.values() if not is_settled(reading, r)]
    return next(iter(unsettled or list(asked.values())[-1:]), None)


def _turn_of(reading: Reading, text: str) -> ReadTurn | None:
    return next((read for read in reading.turns if text and read.text == text), None)


def open_question(reading: Reading) -> str | None:
    """Find what nobody has answered: the customer's question, or the form's."""
    asked = [e for e in reading.messages if sender(e) == "customer" and e.text]
    for event in reversed(asked):
        if _is_answered(reading, event):
            break
        read = _turn_at(reading, event.seq)
        if not (read and read.is_small_talk):
            return trimmed(event.text or "", MAX_REQUEST)
    return _form_question(reading)


def _form_question(reading: Reading) -> str | None:
    if any(sender(e) == "agent" and e.seq > reading.asked for e in reading.messages):
        return None
    turns = [read for read in reading.matter if not read.failure]
    latest = turns[-1].turn if turns else None
    if latest is None or not latest.requested_slot:
        return None
    slot = latest.asked_for or f"the {phrase(latest.requested_slot)}"
    return f"The assistant was asking for {slot}."


def _first_words(reading: Reading) -> str:
    """Fall back on any text: what means something, what led here, a greeting."""
    texts = [
        (e.text, _turn_at(reading, e.seq))
        for e in reading.messages
        if sender(e) == "customer" and e.text and reading.in_matter(e.seq)
    ]
    telling = [t for t, read in texts if not read or not read.is_small_talk]
    asking = [t for t, read in texts if read and reading.handed_off(read)]
    return next(iter([*telling, *asking, *(text for text, _ in texts)]), "")


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
        lines.append(f"{tried[-1].what}: {tried[-1].outcome}")
    if subject and not any(subject.split()[-1] in line for line in lines):
        lines.insert(1, f"It is about {subject}")
    if promises:
        lines.append(f"Last promise: {_quote(promises[-1].text)}")
    if question and question != wanted:
        lines.append(f"Still open: {_quote(question)}")
    return " ".join(line if _closed(line) else f"{line}." for line in lines)


def _quote(text: str) -> str:
    return f"“{trimmed(text, MAX_IN_TEXT)}”"


def _closed(line: str) -> bool:
    return line.removesuffix("”").endswith((".", "!", "?", "…"))
