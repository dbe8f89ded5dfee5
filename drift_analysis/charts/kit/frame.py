"""What surrounds every picture: the finding above it, the proof below it, room for names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

import altair as alt
import polars as pl

from drift_analysis.errors import InputError

from .text import text_width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "FEW",
    "Drawing",
    "Picture",
    "Size",
    "Space",
    "Words",
    "by_size",
    "calm",
    "captioned",
    "framed",
    "limit_of",
    "names",
    "names_width",
]

FEW = 5
"""Below this many, a picture shows the points themselves and no share of them."""

Size = Literal["full", "half"]
"""The two sizes of the family: 640 x 320 and 310 x 240, words above and below not counted."""

Drawing = alt.Chart | alt.LayerChart | alt.FacetChart
"""What is drawn before the words are put around it."""

Picture = alt.VConcatChart
"""What every function here returns; it composes with ``|`` and ``&``."""

_SIZES = {"full": (640, 320), "half": (310, 240)}
_ROW, _LONG_ROW, _BESIDE = 26, 34, 12
_NAMES = {"full": 236, "half": 112}
_TITLE, _SUBTITLE, _CAPTION, _CALM, _NAME = 17, 13, 12, 16, 13


@dataclass(frozen=True, slots=True)
class Words:
    """What a picture says in words.

    Attributes
    ----------
    title
        The finding.
    subtitle
        Measure, unit, group and period.
    caption
        The proof, as sentences: n, what was left out and why, `as_of`, the definition.
    description
        The alternative text: kind of chart, axes, and the finding with numbers.
    """

    title: str
    subtitle: str
    caption: tuple[str, ...]
    description: str

    def but(self, title: str | None, subtitle: str | None) -> Words:
        """Return them with a title and a subtitle of the caller's own, where there are any."""
        return replace(
            self,
            title=title or self.title,
            subtitle=subtitle or self.subtitle,
        )


@dataclass(frozen=True, slots=True)
class Space:
    """The room that a picture has, in pixels: all of it, and what names and numbers take."""

    width: int
    height: int
    left: int = 0
    right: int = 0
    foot: int = 26

    @classmethod
    def of(cls, size: str, *, left: int = 0, right: int = 0, foot: int = 26) -> Space:
        """Look up a size by its name.

        Raises
        ------
        InputError
            If there is no such size.
        """
        if size not in _SIZES:
            raise InputError.unknown_choice("size", size, get_args(Size))
        return cls(*_SIZES[size], left=left, right=right, foot=foot)

    @classmethod
    def for_rows(
        cls, size: str, texts: Sequence[str], *, rows: int, right: int, foot: int
    ) -> Space:
        """Make room for names at the left edge, and grow where the rows need more height."""
        least = cls.of(size, left=names_width(texts, most=_NAMES[size]), right=right, foot=foot)
        is_long = any("\n" in name for name in names(texts, least))
        height = foot + rows * (_LONG_ROW if is_long else _ROW)
        return replace(least, height=max(least.height, height))

    @property
    def plot_width(self) -> int:
        """The width of the plot itself."""
        return self.width - self.left - self.right

    @property
    def plot_height(self) -> int:
        """The height of the plot itself."""
        return self.height - self.foot


def framed(picture: Drawing, words: Words, space: Space) -> Picture:
    """Put the finding above a picture and the proof below it.

    The words are part of the charts and not of their surroundings, so that they stay with the
    picture when it is put beside others, and in every format.
    """
    title = alt.TitleParams(
        text=wrap(words.title, space.width, size=_TITLE * 1.06),
        subtitle=wrap(words.subtitle, space.width, size=_SUBTITLE),
    )
    top = _from_the_edge(picture, space).properties(title=title, description=words.description)
    caption = captioned(words.caption, space.width)
    return alt.vconcat(top, caption, spacing=10).properties(description=words.description)


def captioned(sentences: Iterable[str], width: int) -> alt.Chart:
    """Write sentences as they stand under a picture."""
    lines = wrap(" ".join(sentences), width, size=_CAPTION)
    caption: alt.Chart = (
        alt.Chart(pl.DataFrame({"row": [0]}))
        .mark_text(style="caption", align="left", baseline="top", text=lines)
        .encode(x=alt.value(0), y=alt.value(0))
        .properties(width=width, height=15 * len(lines))
    )
    return caption


def _from_the_edge(picture: Drawing, space: Space) -> Drawing | alt.HConcatChart:
    """Let a picture begin where its names do, so that pictures put below each other align.

    Vega-Lite aligns plots, and takes what lies left of them for an overhang.
    """
    if not space.left:
        return picture
    margin = (
        alt.Chart(pl.DataFrame({"row": [0]}))
        .mark_text(text="")
        .properties(width=space.left, height=space.plot_height)
    )
    return alt.hconcat(margin, picture, spacing=0, bounds="flush")


def by_size(size: str, *, full: int, half: int) -> int:
    """Choose a number by the size of the picture."""
    return full if Space.of(size).width == _SIZES["full"][0] else half


def limit_of(limit: int | None, size: str, *, full: int, half: int) -> int:
    """Check how many rows are asked for; the size's own number if none are.

    Raises
    ------
    InputError
        If it is below 1.
    """
    if limit is None:
        return by_size(size, full=full, half=half)
    if limit < 1:
        raise InputError.of(f"limit={limit!r} is below 1.", "", "limit=8, or leave it out.")
    return limit


def calm(sentence: str, words: Words, size: str) -> Picture:
    """Say in one sentence, in place of axes, why there is nothing to draw."""
    space = Space.of(size)
    lines = wrap(sentence, space.width - 40, size=_CALM)
    picture = (
        alt.Chart(pl.DataFrame({"row": [0]}))
        .mark_text(style="calm", text=lines, baseline="middle")
        .encode(x=alt.value(space.width / 2), y=alt.value((space.height - 22 * len(lines)) / 2))
        .properties(width=space.width, height=space.height)
    )
    return framed(picture, words, space)


def names(texts: Iterable[str], space: Space) -> list[str]:
    """Break names into at most two lines that fit beside a picture."""
    width = space.left - _BESIDE
    return ["\n".join(wrap(text, width, size=_NAME, lines=2)) for text in texts]


def names_width(texts: Iterable[str], *, most: int) -> int:
    """Say how many pixels names need beside a picture, in two lines each, at most so many."""
    needed = (_name_width(text, most) for text in texts)
    return min(most, round(max(needed, default=0)) + _BESIDE + 2)


def _name_width(text: str, most: int) -> float:
    """Say how wide a name is in two lines; a word is not broken where there is room for it."""
    width = text_width(text, _NAME)
    if width <= most / 2:
        return width
    longest = max((text_width(word, _NAME) for word in text.split()), default=0.0)
    return max(min(width, width / 2 + 30), longest)
