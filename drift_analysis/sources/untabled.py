"""Say why a record becomes no row of any table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .framing.records import Problem
from .kinds import is_webhook

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NAME", "without_table"]

NAME = re.compile(r"[A-Za-z_]\w{0,40}")
"""What looks like the name of a key; anything else may be personal, and is never repeated."""

_SHOWN = 8
_PROBLEMS = {
    "error reply": Problem("error_reply", "It is an error that Drift answered with."),
    "transcript message": Problem("missing_field", "`conversationId` is missing.", "message"),
}


def without_table(kind: str | None, record: Mapping[str, Any]) -> Problem:
    """Say why a record of this kind becomes no row."""
    if kind is None and is_webhook(record):
        name = record["type"]
        named = f"`{name}`" if isinstance(name, str) and NAME.fullmatch(name) else "a new type"
        return Problem("unknown_kind", f"It is a webhook of {named}, which is not known.")
    if kind is None:
        keys = ", ".join(f"`{name}`" for name in _names(record)) or "no keys"
        return Problem("unknown_kind", f"Its keys fit no kind of record: {keys}.")
    if kind in _PROBLEMS:
        return _PROBLEMS[kind]._replace(record_type=_PROBLEMS[kind].record_type or kind)
    if kind.endswith("request"):
        return Problem("request_body", f"It is the body of a {kind}, not a reply.", kind)
    return Problem("no_table", f"It is of the kind `{kind}`, for which there is no table.", kind)


def _names(record: Mapping[str, Any]) -> list[str]:
    """The first keys of a record that look like names; others may be personal."""
    return [key for key in record if NAME.fullmatch(key)][:_SHOWN]
