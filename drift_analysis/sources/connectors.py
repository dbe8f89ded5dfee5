"""Records as connectors save them: Airbyte's and Singer's messages, and Airbyte's tables.

Airbyte's protocol and its raw tables: a record is under ``record.data`` or ``_airbyte_data``, the
latter as an object or as JSON text; final tables have one column per key, in lower or upper
case on some destinations, and lists and objects as JSON text. Singer's specification: a record is
under ``record``, with ``time_extracted`` beside it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from .fields import Unfit, as_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Wrapped", "control_message", "unwrapped"]

_CONTROL = {
    "STATE": {"state", "value"},
    "SCHEMA": {"schema"},
    "ACTIVATE_VERSION": {"version"},
    "LOG": {"log"},
    "TRACE": {"trace"},
    "SPEC": {"spec"},
    "CATALOG": {"catalog"},
    "CONTROL": {"control"},
    "CONNECTION_STATUS": {"connectionStatus"},
}
"""Messages that hold no record, and the key that each has. Singer's BATCH is not among them: it
stands for records in other files."""

_META = "_airbyte_"
_DATA = "_airbyte_data"
_MOMENTS = ("_airbyte_extracted_at", "_airbyte_emitted_at")
_STRUCTURED = frozenset(
    {"author", "participants", "conversationTags", "attributes", "context"}
    | {"buttons", "attachment", "attachments", "landingPages", "goals"}
)
"""The keys of which a final table may hold the value as JSON text."""


class Wrapped(NamedTuple):
    """A record that a connector saved.

    `fetched_at` is when the connector read it, null where that is not told; `rest` is what else
    the connector says, under its name.
    """

    record: Any
    fetched_at: datetime | None
    rest: dict[str, Any]


def control_message(record: Mapping[str, Any]) -> str | None:
    """Name the type of a message that holds no record by design; null if it is none.

    Examples
    --------
    >>> control_message({"type": "STATE", "value": {"bookmarks": {}}})
    'STATE'
    """
    name = record.get("type")
    if isinstance(name, str) and name in _CONTROL and not _CONTROL[name].isdisjoint(record):
        return name
    return None


def unwrapped(record: Mapping[str, Any], known: Iterable[str]) -> Wrapped | None:
    """Take a record out of what a connector put around it; null if there is nothing around it.

    Parameters
    ----------
    record
        An object.
    known
        The keys of Drift's records, as Drift writes them.

    Examples
    --------
    >>> message = {"type": "RECORD", "stream": "users", "record": {"id": 7, "bot": True}}
    >>> unwrapped(message, []).record
    {'id': 7, 'bot': True}
    """
    inner = record.get("record")
    if record.get("type") == "RECORD" and isinstance(inner, dict):
        rest = {key: value for key, value in record.items() if key not in ("type", "record")}
        if isinstance(inner.get("data"), dict) and "stream" in inner:
            rest |= {key: value for key, value in inner.items() if key != "data"}
            return _dated(inner["data"], rest, "airbyte", ("emitted_at",))
        return _dated(inner, rest, "singer", ("time_extracted",))
    meta = {key.lower(): value for key, value in record.items() if _is_meta(key)}
    if not meta:
        return None
    if _DATA in meta:
        data = _parsed(meta.pop(_DATA))
        rest = {key: value for key, value in record.items() if not _is_meta(key)}
        return _dated(data, rest | meta, "airbyte", _MOMENTS)
    names = {name.lower(): name for name in known}
    columns = ((k, v) for k, v in record.items() if not _is_meta(k))
    data = dict(_column(names.get(k.lower(), k), v) for k, v in columns)
    return _dated(data, meta, "airbyte", _MOMENTS)


def _is_meta(key: str) -> bool:
    return key[:9].lower() == _META


def _column(name: str, value: Any) -> tuple[str, Any]:
    return name, _parsed(value) if name in _STRUCTURED else value


def _parsed(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return msgspec.json.decode(value)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return value
    return value


def _dated(data: Any, rest: dict[str, Any], name: str, moments: Iterable[str]) -> Wrapped:
    for key in moments:
        try:
            milliseconds = as_moment(rest[key], [])
        except (KeyError, Unfit):
            continue
        when = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)
        others = {k: v for k, v in rest.items() if k != key}
        return Wrapped(data, when, {name: others} if others else {})
    return Wrapped(data, None, {name: rest} if rest else {})
