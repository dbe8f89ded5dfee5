"""What goes with a playbook: by how much an outcome is more frequent than elsewhere."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.schemas import PlaybookLift
from drift_analysis.schemas.base import require_moment

from ..kit.axes import difference_axis
from ..kit.color import GREY
from ..kit.dots import dot_rows, rings
from ..kit.frame import FEW, Picture, Size, Space, by_size, calm, framed, limit_of
from ..kit.prepare import collected
from ..kit.theme import ACCENT
from ..kit.words import as_of_sentence, period
from .playbook_lift_words import CLEAR, lift_told, lift_words
from .playbook_rows import PLAYBOOK_LABEL

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["playbook_lift"]

_LEAST = 0.05


def playbook_lift(
    lift: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw by how much an outcome is more frequent with a playbook than elsewhere.

    Dot and line are the difference of the shares and its 95 % interval (Newcombe), the dashed
    line is no difference. Hollow is what may well be chance among so many playbooks (q from 5 %
    on, Benjamini-Hochberg). It is an association and no cause, which the picture says. A
    playbook with fewer than five conversations shows each of them as a ring.

    Parameters
    ----------
    lift
        A `PlaybookLift` table of one outcome.
    as_of
        The moment that the table was computed for, with a time zone.
    since
        When the period began, for the subtitle.
    tz
        The time zone of the dates in the words.
    limit
        How many playbooks to show: those with the most conversations, 10 or in half size 5 if
        not given.
    title, subtitle
        Words of your own in place of the finding, and of the measure.
    size
        ``"full"`` (640 x 320, or higher if there are many rows) or ``"half"`` (310 x 240).

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError
        If `lift` is no `PlaybookLift` table.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.playbook_lift(schemas.PlaybookLift.empty(), as_of=noon).description
    'No picture: there is nothing to compare until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    table = collected(lift, PlaybookLift)
    comparable = table.filter(pl.col("difference").is_not_null())
    full = by_size(size, full=1, half=0) == 1
    rows = _rows(comparable, limit_of(limit, size, full=10, half=5), full=full)
    when = (period(since, as_of, tz), as_of_sentence(as_of, tz))
    words = lift_words(rows, table, when).but(title, subtitle)
    if rows.is_empty():
        return calm("There is nothing to compare.", words, size)
    right = by_size(size, full=168, half=84)
    space = Space.for_rows(size, rows["label"].to_list(), rows=rows.height, right=right, foot=26)
    x = partial(_x, ends=_ends(rows), width=space.plot_width)
    about = ("playbook", "points, and n")
    return framed(dot_rows(rows, x, space, reference=0.0, about=about), words, space)


def _rows(comparable: pl.DataFrame, limit: int, *, full: bool) -> pl.DataFrame:
    """Keep the largest playbooks, the one ahead first and those with few last."""
    largest = comparable.sort("conversations", "playbook_id", descending=[True, False])
    few = pl.col("conversations") < FEW
    rows = (
        largest.head(limit)
        .with_columns(PLAYBOOK_LABEL, is_clear=(pl.col("q") < CLEAR) & ~few)
        .sort(few, "difference", descending=[False, True], maintain_order=True)
        .with_columns(
            at=pl.when(~few).then("difference"),
            lo=pl.when(~few).then("difference_lo"),
            hi=pl.when(~few).then("difference_hi"),
            color=pl.when("is_clear").then(pl.lit(ACCENT)).otherwise(pl.lit(GREY)),
            hollow=~pl.col("is_clear"),
            row=pl.int_range(pl.len()),
        )
    )
    told = rows.to_dicts()
    each = [
        rings(row["happened"], row["conversations"]) if row["conversations"] < FEW else ""
        for row in told
    ]
    return rows.with_columns(
        each=pl.Series(each, dtype=pl.String),
        value=pl.Series([lift_told(row, full=full) for row in told], dtype=pl.String),
    )


def _ends(rows: pl.DataFrame) -> tuple[float, float]:
    """Return where the axis ends: at what is drawn, with zero within and some room around."""
    lows, highs = rows["lo"].drop_nulls().to_list(), rows["hi"].drop_nulls().to_list()
    return min([-_LEAST, *lows]), max([_LEAST, *highs])


def _x(field: str, ends: tuple[float, float], width: int) -> alt.X:
    low, high = ends
    axis = difference_axis(low, high, width)
    scale = alt.Scale(domain=[low, high], nice=False)
    return alt.X(field, type="quantitative").scale(scale).axis(axis).title(None)
