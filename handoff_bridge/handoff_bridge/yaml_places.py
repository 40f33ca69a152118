"""YAML that people write: where each part stands, and what is wrong with it.

All that is not empty is text: what it means is the models' to say. So `NO` is Norway,
and no date, number or tag can stop the reading.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import yaml
from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import ErrorDetails

from handoff_bridge.errors import InvalidDocument, Mistake

NOTHING = ("", "~", "null", "Null", "NULL")
# An error of this type stands at `place` of its context, beneath the part checked.
DEEPER = "deeper"

type Place = Sequence[str | int]


def read_document[M: BaseModel](
    model: type[M], text: str, parts: Iterable[type[BaseModel]]
) -> M:
    """`text` as a `model`; `parts` are the models in it, to guess misspelt keys from.

    Raises InvalidDocument, with every mistake where it stands.
    """
    node = compose(text)
    try:
        return model.model_validate({} if node is None else _value(node, set()))
    except ValidationError as error:
        found = {_mistake(node, one, parts) for one in error.errors(include_url=False)}
        raise InvalidDocument(mistakes=sorted(found, key=_by_line)) from error


def compose(text: str) -> yaml.Node | None:
    """The nodes of a text with their marks. Raises InvalidDocument."""
    try:
        # Not libyaml: lists in lists without end crash the process there.
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise InvalidDocument(
            mistakes=[_at(place, f"no YAML: {error.problem}.")]
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        reason = "no YAML: nested too deeply, or with characters that cannot be read."
        raise InvalidDocument(mistakes=[_at((1, 1), reason)]) from error
    return node


def mistake_at(node: yaml.Node | None, place: Place, reason: str) -> Mistake:
    """A mistake at a place such as `("teams", "returns", "mode")`."""
    return _at(mark_of(node, place), f"{name_of(node, place)}: {reason}")


def mark_of(node: yaml.Node | None, place: Place) -> tuple[int, int]:
    """Line and column, from 1, of a place or of the innermost that it would be in."""
    found = 1, 1
    for part in place:
        pair = _step(node, part)
        if pair is None:
            break
        start, node = pair
        found = start.start_mark.line + 1, start.start_mark.column + 1
    return found


def name_of(node: yaml.Node | None, place: Place) -> str:
    """The place as people call it: a list's items by their names, else from 1."""
    said = []
    for part in place:
        pair = _step(node, part)
        node = pair[1] if pair else None
        named = _step(node, "name") if isinstance(part, int) else None
        if named and isinstance(named[1], yaml.ScalarNode) and named[1].value:
            said.append(named[1].value)
        else:
            said.append(str(part + 1) if isinstance(part, int) else part)
    return ".".join(said)


def sentence_of(error: ErrorDetails, parts: Iterable[type[BaseModel]]) -> str:
    """What is wrong, without the place."""
    said = error["msg"]
    match error["type"]:
        case "extra_forbidden":
            return "there is no such key" + _guess(str(error["loc"][-1]), parts)
        case "missing":
            return "it is missing."
        case "value_error":
            return str(error["ctx"]["error"])
        case "contrast" | "deeper":
            return said
        case _:
            return f"{said[0].lower()}{said[1:]}."


def _guess(key: str, parts: Iterable[type[BaseModel]]) -> str:
    known = {name for part in parts for name in part.model_fields}
    near = get_close_matches(key, known, n=1)
    return f"; is it '{near[0]}'?" if near else "."


def _mistake(
    node: yaml.Node | None, error: ErrorDetails, parts: Iterable[type[BaseModel]]
) -> Mistake:
    place = [part for part in error["loc"] if part != "[key]"]
    if error["type"] == DEEPER:
        place += error["ctx"]["place"]
    return (
        mistake_at(node, place, sentence_of(error, parts))
        if place
        else _at((1, 1), sentence_of(error, parts))
    )


def _at(mark: tuple[int, int], reason: str) -> Mistake:
    return Mistake(line=mark[0], column=mark[1], reason=reason)


def _by_line(mistake: Mistake) -> tuple[int, int, str]:
    return mistake.line, mistake.column, mistake.reason


def _step(
    node: yaml.Node | None, part: str | int
) -> tuple[yaml.Node, yaml.Node] | None:
    """Where a part of a node begins, and the part."""
    if isinstance(node, yaml.MappingNode):
        found = [pair for pair in node.value if pair[0].value == str(part)]
        return found[0] if found else None
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        item = node.value[part]
        return item, item
    return None


def _value(node: yaml.Node, seen: set[int]) -> JsonValue:
    """What a node holds. Each node stands once: what is repeated could be endless."""
    if id(node) in seen:
        raise _wrong(node, "write it out; & and * are not read here.")
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        found: dict[str, JsonValue] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _wrong(key, "a key has to be a word.")
            if key.value in found:
                raise _wrong(key, f"'{key.value}' is here already.")
            found[key.value] = _value(value, seen)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, seen) for item in node.value]
    is_plain = isinstance(node, yaml.ScalarNode) and node.style is None
    return None if is_plain and node.value in NOTHING else str(node.value)


def _wrong(node: yaml.Node, reason: str) -> InvalidDocument:
    mark = node.start_mark
    return InvalidDocument(mistakes=[_at((mark.line + 1, mark.column + 1), reason)])
