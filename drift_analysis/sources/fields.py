"""Readers of single values: what fits a column is taken, what does not is refused by name.

A reader is given the value and a list to which it adds what it had to repair, by the names of
`REPAIRS`.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Any

__all__ = [
    "COLOR",
    "EXACT",
    "FIRST_MS",
    "LAST_MS",
    "REPAIRS",
    "Unfit",
    "as_color",
    "as_flag",
    "as_id",
    "as_ids",
    "as_moment",
    "as_number",
    "as_text",
    "as_text_id",
]

REPAIRS = {
    "number_as_text": "was text, and was read as the number it spells",
    "number_as_float": "had a fraction of zero, which was cut off",
    "moment_as_text": "was text, and was read as ISO 8601",
    "moment_without_zone": "had no time zone, and was read as UTC",
    "moment_in_seconds": "was in seconds, and was read as such",
}
"""What a reader may have to do to a value; each is reported as an issue."""

FIRST_MS, LAST_MS = 10**11, 9_214_646_400_000
"""From when, and until when, milliseconds since 1970 are taken for a moment."""

EXACT = 2**53
"""Up to where a number with a fraction tells whole numbers apart."""

COLOR = re.compile(r"#?([0-9a-fA-F]{6})")
"""A colour, as tags have one."""

_INT64 = 2**63
_FIRST_SECOND, _LAST_SECOND = 10**8, 9_214_646_400


class Unfit(Exception):
    """A value does not fit its column; says what was expected."""


def as_id(value: Any, repairs: list[str]) -> int:
    """Read an id: a whole number within Int64, also as text or with a fraction of zero.

    Text with an exponent is what a spreadsheet makes of a long number: it has lost digits.
    """
    if type(value) is int:
        if -_INT64 <= value < _INT64:
            return value
        raise Unfit("a whole number within 64 bits")
    return as_id(_whole(value, repairs, "a whole number"), repairs)


def as_ids(value: Any, repairs: list[str]) -> list[int]:
    """Read a list of ids."""
    if not isinstance(value, list):
        raise Unfit("a list of whole numbers")
    return [as_id(item, repairs) for item in value]


def as_moment(value: Any, repairs: list[str]) -> int:
    """Read a moment as milliseconds since 1970: from milliseconds, seconds or ISO 8601.

    Seconds are told by their size: as milliseconds they would lie in the first months of 1970.
    """
    if type(value) is int:
        if _FIRST_SECOND <= value < _LAST_SECOND:
            repairs.append("moment_in_seconds")
            return value * 1000
        return _within(value)
    if isinstance(value, str) and not _spells_number(value):
        return _within(_iso(value, repairs))
    if isinstance(value, float) and _FIRST_SECOND <= value < _LAST_SECOND:
        milliseconds = _within(round(value * 1000))
        repairs.append("moment_in_seconds")
        return milliseconds
    return as_moment(_whole(value, repairs, "a moment"), repairs)


def _within(milliseconds: int) -> int:
    if FIRST_MS <= milliseconds < LAST_MS:
        return milliseconds
    raise Unfit("a moment between 1973 and 2262")


def as_text(value: Any, _: list[str]) -> str:
    """Read text; a number is none."""
    if isinstance(value, str):
        return value
    raise Unfit("text")


def as_text_id(value: Any, _: list[str]) -> str:
    """Read an id that may be text or a number, as text."""
    if isinstance(value, str):
        return value
    if type(value) is int:
        return str(value)
    raise Unfit("text or a whole number")


def as_flag(value: Any, _: list[str]) -> bool:
    """Read true or false."""
    if isinstance(value, bool):
        return value
    raise Unfit("true or false")


def as_color(value: Any, _: list[str]) -> str:
    """Read a colour: six hex digits, with or without a hash before them."""
    found = COLOR.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise Unfit("six hex digits")
    return found[1]


def as_number(value: Any, repairs: list[str]) -> float:
    """Read a number, also as text."""
    if isinstance(value, str) and _spells_number(value):
        repairs.append("number_as_text")
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < EXACT:
        return float(value)
    raise Unfit("a number")


def _whole(value: Any, repairs: list[str], wanted: str) -> int:
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        repairs.append("number_as_float")
        return int(value)
    if isinstance(value, str) and _spells_number(value) and "e" not in value.lower():
        repairs.append("number_as_text")
        text = value.strip()
        return int(text) if text.lstrip("+-").isdecimal() else _whole(float(text), repairs, wanted)
    raise Unfit(wanted)


def _spells_number(text: str) -> bool:
    if not text.isascii() or len(text) > 40 or "_" in text:
        return False
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _iso(text: str, repairs: list[str]) -> int:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Unfit("a moment") from None
    repairs.append("moment_as_text")
    if moment.tzinfo is None:
        repairs.append("moment_without_zone")
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)
