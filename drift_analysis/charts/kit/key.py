"""What colours and shades mean, in a line of its own under a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from .text import text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .frame import Space

__all__ = ["Key", "key_height", "key_marks"]

_SIDE, _GAP, _APART, _LINE, _FONT = 12, 6, 16, 18, 12


@dataclass(frozen=True, slots=True)
class Key:
    """One entry: what it says, its colour, and how strong that is."""

    said: str
    color: str
    opacity: float = 1.0


def key_height(entries: Sequence[Key], width: int) -> int:
    """Say how many pixels the lines of a key take."""
    return _LINE * (max((line for line, _, _ in _placed(entries, width)), default=0) + 1) + 4


def key_marks(entries: Sequence[Key], space: Space, *, below: int) -> list[alt.Chart]:
    """Draw a key under a picture, from its left edge on.

    Parameters
    ----------
    entries
        What it explains, in order.
    space
        The room of the picture.
    below
        How many pixels under the plot it begins.
    """
    placed = _placed(entries, space.width)
    top = space.plot_height + below + _SIDE / 2
    return [
        mark for line, x, key in placed for mark in _entry(key, x - space.left, top + _LINE * line)
    ]


def _entry(key: Key, x: float, y: float) -> tuple[alt.Chart, alt.Chart]:
    base = alt.Chart(pl.DataFrame({"said": [key.said]})).encode(y=alt.value(y))
    square = base.mark_point(
        shape="square", size=_SIDE**2, filled=True, color=key.color, opacity=key.opacity
    )
    text = base.mark_text(style="note", align="left", baseline="middle", dy=1)
    return (
        square.encode(x=alt.value(x + _SIDE / 2)),
        text.encode(x=alt.value(x + _SIDE + _GAP), text="said:N"),
    )


def _placed(entries: Sequence[Key], width: int) -> list[tuple[int, float, Key]]:
    """Place entries beside each other, and in a new line where the width ends."""
    placed: list[tuple[int, float, Key]] = []
    line, x = 0, 0.0
    for key in entries:
        wide = _SIDE + _GAP + text_width(key.said, _FONT)
        if x and x + wide > width:
            line, x = line + 1, 0.0
        placed.append((line, x, key))
        x += wide + _APART
    return placed
