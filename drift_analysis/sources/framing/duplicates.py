"""Notice keys that stand more than once in one object, of which a reader would keep the last."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Duplicates", "Repeated", "duplicates_in", "repeated_key"]


class Repeated:
    """The different values of a key that stands more than once in one object."""

    def __init__(self, values: list[Any]) -> None:
        self.values = values


class Duplicates(NamedTuple):
    """A record in which each ambiguous value is a `Repeated`, and the keys of those."""

    value: dict[str, Any]
    keys: list[str]


def duplicates_in(raw: bytes, value: Any) -> Duplicates | None:
    """Return a record with its ambiguous values marked; null if it has none.

    A key that is lost takes its colon with it, so that counting colons tells nearly always that
    all is well; only what is left is read again. Equal values of a repeated key are one value.

    Examples
    --------
    >>> found = duplicates_in(b'{"id": 1, "status": "open", "status": "closed"}',
    ...     {"id": 1, "status": "closed"})
    >>> found.keys, found.value["status"].values
    (['status'], ['open', 'closed'])
    """
    if b"\\u003" not in raw and raw.count(b":") == msgspec.json.encode(value).count(b":"):
        return None
    keys: list[str] = []

    def as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return _as_object(pairs, keys)

    try:
        marked = json.loads(raw, object_pairs_hook=as_object)
    except (ValueError, RecursionError):
        return None
    return Duplicates(marked, keys) if keys else None


def repeated_key(text: bytes, found: Mapping[str, msgspec.Raw]) -> str | None:
    """Return a key that stands more than once in an object of which `found` are the parts.

    Without white space, an object is as long as its parts with their quotes, colons and commas.
    """
    if len(text.strip()) == _length((key, bytes(value)) for key, value in found.items()):
        return None
    try:
        compact = ((key, _compact(bytes(value))) for key, value in found.items())
        if len(_compact(text)) == _length(compact):
            return None
        pairs = json.loads(
            text.decode(errors="replace"), object_pairs_hook=list, parse_int=str, parse_float=str
        )
    except (msgspec.MsgspecError, RecursionError):
        return None
    return next((str(key) for key, n in Counter(key for key, _ in pairs).items() if n > 1), None)


def _length(parts: Iterable[tuple[str, bytes]]) -> int:
    return 1 + sum(len(key.encode()) + len(value) + 4 for key, value in parts)


def _compact(text: bytes) -> bytes:
    return msgspec.json.format(text, indent=-1)


def _as_object(pairs: list[tuple[str, Any]], keys: list[str]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    given: dict[str, dict[str, Any]] = {}
    for key, item in pairs:
        given.setdefault(key, {})[json.dumps(item, default=_marked)] = item
    for key, items in given.items():
        if len(items) > 1:
            value[key] = Repeated(list(items.values()))
            keys.append(key)
    return value


def _marked(repeated: Repeated) -> Any:
    return {"Repeated": repeated.values}
