"""What a person hands on: a review of an export as a page, as slides, on paper, in numbers.

`Review` loads altair, so all of it is imported when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .audience import Audience
    from .numbers import save_numbers
    from .review import Review

__all__ = ["Audience", "Review", "save_numbers"]

_WHERE = {"Audience": "audience", "Review": "review", "save_numbers": "numbers"}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return __all__
