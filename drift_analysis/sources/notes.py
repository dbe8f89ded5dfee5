"""Count what was repaired or left out while reading, and put it into sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .fields import REPAIRS
from .forms import ONCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .forms import Note

__all__ = ["Notes"]

_SENTENCES = {
    "unknown_status": "A status that is new to us: kept in `status_raw`, and read as `unknown`.",
    "unknown_type": "A type that is new to us: kept in `type_raw`, and read as `other`.",
    "unknown_author": "A type of author that is new to us: kept in `author_type`.",
}


class Notes:
    """What is to be reported, counted by table, code and key."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], list[Any]] = {}

    def add(self, table: str, row: Mapping[str, Any], notes: Iterable[Note]) -> None:
        """Count the notes of one record."""
        for code, key in notes:
            found = self._counts.setdefault((table, code, key), [0, None, None])
            found[0] += 1
            found[1:] = (row.get("conversation_id"), row.get("message_id"))

    def issues(self) -> list[dict[str, Any]]:
        """Return one row of `Issues` per table, code and key."""
        return [
            _issue(table, code, key, *found)
            for (table, code, key), found in sorted(self._counts.items())
        ]


def _issue(
    table: str, code: str, key: str, n: int, conversation_id: int | None, message_id: int | None
) -> dict[str, Any]:
    severity, name, detail = _told(code, key)
    return {
        "severity": severity,
        "code": name,
        "table": table,
        "conversation_id": conversation_id if n == 1 else None,
        "message_id": message_id if n == 1 else None,
        "n": n,
        "detail": detail,
    }


def _told(code: str, key: str) -> tuple[str, str, str]:
    if code in REPAIRS:
        return "info", code, f"`{key}` {REPAIRS[code]}."
    if code == f"unfit:{ONCE}":
        sentence = f"`{key}` stands more than once, with different values: all are kept in `extra`."
        return "warning", "duplicate_key", sentence
    if code.startswith("unfit:"):
        return "warning", "unfit_value", f"`{key}` is not {code[6:]}: it has no column."
    return "warning", code, _SENTENCES[code]
