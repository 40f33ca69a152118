"""Messages with several requests: how many are found, how many are made up."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.utils.io import read_yaml_file

from benchmarks.assistant import MODEL, trained_assistant
from benchmarks.examples import ROOT
from channels.plain_text import as_plain_text
from channels.several_requests import requests_in
from components.clauses import clauses

FILE = ROOT / "benchmarks" / "several_requests.yml"
REACH = {"recall": 0.70, "false splits": 0.01}

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns rows: own messages with several, own with one, training examples.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    if not MODEL.exists():
        raise FileNotFoundError(f"{MODEL} is missing: run `make train` first")
    return asyncio.run(_measure(quick))


async def _measure(quick: bool) -> list[Row]:
    processor = trained_assistant().processor
    messages = read_yaml_file(FILE)
    several, found, exact, missed = messages["several"], 0, 0, []
    for message in several:
        intents = await _intents(processor, message["text"])
        found += len(intents) > 1
        exact += sorted(intents) == sorted(message["intents"])
        if sorted(intents) != sorted(message["intents"]):
            missed.append((message["text"], intents))
    rows = [
        _row("own messages with several requests", len(several), recall=found)
        | {"all intents right": round(exact / len(several), 3), "missed": missed}
    ]
    for what, texts in (
        ("own messages with one request", messages["one"]),
        ("training examples", _examples(quick)),
    ):
        # only a message with a place to split at can be split
        divisible = [text for text in texts if clauses(text)]
        wrong = [t for t in divisible if len(await _intents(processor, t)) > 1]
        rows.append(
            _row(what, len(texts), **{"false splits": len(wrong)}) | {"split": wrong}
        )
    return rows


async def _intents(processor: Any, text: str) -> list[str]:
    parsed = await processor.parse_message(UserMessage(as_plain_text(text)))
    return [r.intent for r in await requests_in(processor, parsed)]


def _examples(quick: bool) -> list[str]:
    from rasa.shared.nlu.training_data.loading import load_data

    data = load_data(str(ROOT / "data" / "nlu"))
    texts = [str(example.get("text")) for example in data.intent_examples]
    return texts[::100] if quick else texts


def _row(what: str, count: int, **hits: int) -> Row:
    shares = {name: round(hit / count, 4) for name, hit in hits.items()}
    return {"what": f"{what} ({count})", **shares, "reach": REACH}


if __name__ == "__main__":
    for line in run():
        print(line)
