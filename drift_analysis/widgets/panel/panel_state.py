"""A frozen dataclass of plain values as what JSON knows, and back again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from drift_analysis.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["as_json", "of_json"]

Asked = TypeVar("Asked")


def as_json(asked: Any) -> dict[str, Any]:
    """Return every field of a dataclass as a value that JSON knows.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> from datetime import date
    >>> from drift_analysis.widgets.panel.panel_state import as_json
    >>> @dataclass(frozen=True)
    ... class Asked:
    ...     start: date | None = None
    ...     tags: tuple[str, ...] = ()
    >>> as_json(Asked(date(2026, 3, 1), ("a", "b")))
    {'start': '2026-03-01', 'tags': ['a', 'b']}
    """
    return {name: _plain(value) for name, value in asdict(asked).items()}


def of_json(kind: type[Asked], state: Mapping[str, Any], *, name: str) -> Asked:
    """Return what `as_json` was given; what is not mentioned is as at first.

    Fields are text, numbers, yes or no, days, literals, tuples of these, and null.

    Raises
    ------
    InputError
        If it is no such state.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> from datetime import date
    >>> from drift_analysis.widgets.panel.panel_state import of_json
    >>> @dataclass(frozen=True)
    ... class Asked:
    ...     first: int | None = None
    ...     second: int | str = "rest"
    >>> of_json(Asked, {"first": 7}, name="comparison")
    Asked(first=7, second='rest')
    """
    try:
        hints = get_type_hints(kind, localns={"date": date, "Literal": Literal})
        return kind(**{field: _typed(hints[field], value) for field, value in dict(state).items()})
    except InputError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError):
        what = f"This is no state of a {name}."
        raise InputError.of(what, "", "what its state was, unchanged.") from None


def _plain(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case tuple() | list():
            return [_plain(each) for each in value]
    return value


def _typed(hint: Any, value: Any) -> Any:
    """Return the value as one of the types that the hint allows, the first that fits."""
    kinds = get_args(hint) if get_origin(hint) in (UnionType, Union) else (hint,)
    for kind in kinds:
        if _fits(kind, value):
            return _made(kind, value)
    raise TypeError(hint)


def _fits(kind: Any, value: Any) -> bool:
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if get_origin(kind) is tuple:
        return isinstance(value, list | tuple)
    if kind is date:
        return isinstance(value, str) and _is_day(value)
    if isinstance(value, bool) or kind is bool:
        return isinstance(value, bool) and kind is bool
    return isinstance(value, kind) if kind is not NoneType else value is None


def _made(kind: Any, value: Any) -> Any:
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        each = (inner[0],) * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_typed(one, part) for one, part in zip(each, value, strict=True))
    return date.fromisoformat(value) if kind is date else value


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
