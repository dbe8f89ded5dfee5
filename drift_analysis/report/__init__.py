"""Pages that a person hands on: a review of an export, as one file that needs nothing else.

`Review` loads altair, so it is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .review import Review

__all__ = ["Review"]


def __getattr__(name: str) -> Any:
    if name == "Review":
        from .review import Review

        return Review
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return __all__
