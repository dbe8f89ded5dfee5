"""What waits for too long: the age of open work against how long finished work took."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from drift_analysis.schemas import Ageing
from drift_analysis.schemas.base import require_moment

from ..kit.axes import TimeScale
from ..kit.format import human_duration
from ..kit.frame import Picture, Space, by_size, calm, framed
from ..kit.groups import in_groups, one_group
from ..kit.prepare import drawn
from ..kit.words import as_of_sentence, spoken
from ..status.status import status_color
from .ageing_words import ageing_words, no_work

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ..kit.frame import Drawing, Size

__all__ = ["ageing"]

_STEP, _DOT = 11, 70
_ROWS = ("open", "pending")
_HEAD, _FOOT = 36, 26
_MARKS = (("finished_p50", "half of finished"), ("finished_p90", "9 in 10"))


def ageing(
    work: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    tz: str = "UTC",
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw the age of what is open or pending as dots, beside how long finished work took.

    The broken lines stand where half, and nine in ten, of the finished conversations had closed:
    a dot to the right of the second is late. Dots of about the same age are piled up; where they
    are too many, a dot is several conversations, which the caption says. A hollow dot may have
    been closed: the evidence does not exclude it.

    Parameters
    ----------
    work
        An `Ageing` table without groups. No conversation is named in the picture.
    as_of
        The moment that the table was computed for, with a time zone.
    tz
        The time zone of the dates in the words.
    title, subtitle
        Words of your own in place of the finding, and of the measure.
    size
        ``"full"`` (640 x 320) or ``"half"`` (310 x 240).

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError
        If `work` is no `Ageing` table, or one of several groups.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.ageing(schemas.Ageing.empty(), as_of=noon).description
    'No picture: nothing is open or pending. As of 1 Mar 2026, 12:00 (UTC).'
    """
    told = as_of_sentence(require_moment(as_of), tz)
    space = Space.of(size, left=by_size(size, full=70, half=58), right=14, foot=_FOOT)
    rows = one_group(in_groups(work, Ageing), Ageing)
    if rows.is_empty():
        return calm("Nothing is open or pending.", no_work(told).but(title, subtitle), size)
    scale = TimeScale(_seconds(rows))
    piles, each = _piles(rows, scale, space)
    words = ageing_words(rows, each, told).but(title, subtitle)
    return framed(_picture(rows, piles, scale, space), words, space)


def _seconds(rows: pl.DataFrame) -> list[float | None]:
    lengths = [rows[name] for name in ("age", "finished_p50", "finished_p90")]
    return [ms / 1000 for of in lengths for ms in of.dt.total_milliseconds() if ms is not None]


def _piles(rows: pl.DataFrame, scale: TimeScale, space: Space) -> tuple[pl.DataFrame, int]:
    """Pile up what has about the same age, and say how many conversations a dot is."""
    places = max(1, space.plot_width // _STEP)
    age = (pl.col("age").dt.total_milliseconds() / 1000).clip(scale.first)
    part = (age / scale.first).log() / (pl.lit(scale.last) / scale.first).log()
    placed = rows.select(
        pl.col("status").cast(pl.String),
        "is_certain",
        place=(part * places).floor().clip(0, places - 1).cast(pl.Int64),
    )
    highest = int(placed.group_by("status", "place").len()["len"].max())  # type: ignore[arg-type]
    n_rows = placed["status"].n_unique()
    room = max(1, ((space.plot_height - _HEAD) // n_rows - _STEP) // _STEP)
    each = -(-highest // room)
    pile = ["status", "place"]
    dots = (
        placed.sort("is_certain", descending=True)
        .with_columns(level=pl.int_range(pl.len()).over(pile) // each)
        .group_by(*pile, "level")
        .agg(pl.col("is_certain").all())
        .sort(*pile, "level")
    )
    middle = (pl.col("place") + 0.5) / places * (pl.lit(scale.last) / scale.first).log()
    return dots.with_columns(t=scale.first * middle.exp()), each


def _picture(rows: pl.DataFrame, piles: pl.DataFrame, scale: TimeScale, space: Space) -> Drawing:
    shown = [status for status in _ROWS if status in piles["status"]]
    band = (space.plot_height - _HEAD) / len(shown)
    floors = {status: _HEAD + band * (n + 1) for n, status in enumerate(shown)}
    x = partial(scale.x, width=space.plot_width)
    floor = pl.col("status").replace_strict(floors, return_dtype=pl.Float64)
    data = drawn(
        piles.with_columns(
            at=floor - _STEP * (pl.col("level") + 0.7),
            filled=pl.when("is_certain").then("t"),
            hollow=pl.when(~pl.col("is_certain")).then("t"),
        ),
        *("status", "at", "filled", "hollow"),
    )
    dots = alt.Chart(data).encode(y=_at("at", space), color=status_color("status"))
    lines = pl.DataFrame({"at": list(floors.values()), "name": [spoken(s) for s in shown]})
    base = alt.Chart(lines).encode(y=_at("at", space))
    name = base.mark_text(style="name", align="left", baseline="bottom", dy=-2)
    return alt.layer(
        base.mark_rule(style="hairline"),
        *_finished(rows, x, space),
        dots.mark_point(size=_DOT, filled=True, opacity=1).encode(x=x("filled")),
        dots.mark_point(size=_DOT, filled=False, strokeWidth=1.5).encode(x=x("hollow")),
        name.encode(x=alt.value(-space.left), text="name:N"),
    ).properties(width=space.plot_width, height=space.plot_height)


def _finished(rows: pl.DataFrame, x: Callable[[str], alt.X], space: Space) -> list[alt.Chart]:
    """Draw when half, and nine in ten, of the finished had closed, with the time at the line."""
    found = [(rows[name].to_list()[0], said) for name, said in _MARKS]
    known = [(length, said) for length, said in found if length is not None]
    if not known:
        return []
    lines = pl.DataFrame(
        {
            "t": [length.total_seconds() for length, _ in known],
            "said": [f"{said}: {human_duration(length)}" for length, said in known],
            "top": [0.0, 15.0][: len(known)],
            "foot": [float(space.plot_height)] * len(known),
        }
    )
    base = alt.Chart(lines.with_columns(pl.col("t").clip(1.0))).encode(x=x("t"))
    rule = base.mark_rule(style="reference").encode(y=_at("top", space), y2="foot:Q")
    axis: Any = x("t").to_dict()
    domain: list[float] = axis["scale"]["domain"]
    texts = []
    for row in lines.rows(named=True):
        # A text stands on the side that has more room.
        is_left = row["t"] ** 2 > domain[0] * domain[1]
        one = alt.Chart(pl.DataFrame([row]).with_columns(pl.col("t").clip(domain[0])))
        text = one.mark_text(
            style="note", align="right" if is_left else "left", dx=-5 if is_left else 5, dy=7
        )
        texts.append(text.encode(x=x("t"), y=_at("top", space), text="said:N"))
    return [rule, *texts]


def _at(field: str, space: Space) -> alt.Y:
    """Place marks at pixels from the top."""
    pixels = alt.Y(field, type="quantitative").scale(domain=[space.plot_height, 0], nice=False)
    return pixels.axis(None)
