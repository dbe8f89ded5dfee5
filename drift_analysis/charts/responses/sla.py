"""Whether people are answered in time: the share within a target, by group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import SlaAttainment
from drift_analysis.schemas.base import require_moment

from ..kit.axes import share_axis
from ..kit.dots import dot_rows, rings
from ..kit.frame import FEW, Picture, Size, Space, calm, framed, limit_of
from ..kit.grouping import grouped
from ..kit.theme import ACCENT
from ..kit.words import as_of_sentence, period
from .sla_words import mean_of, no_attainment, share_told, sla_words, target_told

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["sla_attainment"]


def sla_attainment(
    attainment: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    goal: float | None = None,
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw the share that is answered within a target, by group: dot and interval.

    The dot is the share (Aalen-Johansen), the line its 95 % interval, the paler stretch by how
    much it may be too low because nobody was watched for as long as the target. The dashed line
    is the goal, or without one the mean of the groups, weighted by their waits. A group with
    fewer than five waits has no dot, but its counts.

    Parameters
    ----------
    attainment
        A `SlaAttainment` table: of one target, by group; or of several targets, without groups.
    as_of
        The moment that the table was computed for, with a time zone.
    goal
        The share that was aimed for, from 0 to 1.
    since
        When the period began, for the subtitle.
    tz
        The time zone of the dates in the words.
    limit
        How many groups to show: those with the most waits, 10 or in half size 5 if not given.
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
        If `attainment` is no `SlaAttainment` table.
    InputError
        If there are several groups and several targets, `goal` is not from 0 to 1, `as_of` has
        no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.sla_attainment(schemas.SlaAttainment.empty(), as_of=noon).description
    'No picture: nobody waited for an answer, until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    _require_share(goal)
    given, by = grouped(attainment, SlaAttainment)
    table = given.filter(pl.col("n") > 0)
    when = (period(since, as_of, tz), as_of_sentence(as_of, tz))
    if table.is_empty():
        words = no_attainment(given, when)
        return calm(f"{words.title}.", words.but(title, subtitle), size)
    _require_one(table)
    rows = _rows(table, limit_of(limit, size, full=10, half=5), is_grouped=bool(by))
    reference = goal if goal is not None else mean_of(table, is_grouped=bool(by))
    reference = None if rows["at"].is_null().all() else reference
    words = sla_words(rows, table, (goal, reference), when, is_grouped=bool(by))
    space = Space.for_rows(size, rows["label"].to_list(), rows=rows.height, right=92, foot=26)
    about = ("group" if by else "target", "share within the target, and n")
    picture = dot_rows(rows, _x, space, reference=reference, about=about)
    return framed(picture, words.but(title, subtitle), space)


def _require_share(goal: float | None) -> None:
    if goal is not None and not 0 <= goal <= 1:
        raise InputError.of(f"goal={goal!r} is not from 0 to 1.", "", "goal=0.8 for 80 %.")


def _require_one(table: pl.DataFrame) -> None:
    n_targets, n_groups = table["target"].n_unique(), table["label"].n_unique()
    if n_targets > 1 and n_groups > 1:
        raise InputError.of(
            "Several groups have several targets.",
            f"{n_groups} groups, {n_targets} targets.",
            "filter the table to one target, or to one group.",
        )


def _rows(table: pl.DataFrame, limit: int, *, is_grouped: bool) -> pl.DataFrame:
    """Keep the largest groups, the best first; targets stay in their order."""
    if is_grouped and table["target"].n_unique() == 1:
        few = pl.col("n") < FEW
        largest = table.sort("n", "label", descending=[True, False]).head(limit)
        shown = largest.sort(
            few, "attained", descending=[False, True], nulls_last=True, maintain_order=True
        )
    else:
        names = [f"within {target_told(target)}" for target in table["target"]]
        shown = table.with_columns(label=pl.Series(names)).sort("target").head(limit)
    enough = pl.col("n") >= FEW
    at = pl.when(enough).then("attained")
    rows = shown.with_columns(
        pl.when(enough).then(pl.col("lo", "hi")),
        at=at,
        beyond=pl.when(enough & (pl.col("unresolved") > 0)).then(
            (pl.col("attained") + pl.col("unresolved")).clip(0, 1)
        ),
        row=pl.int_range(pl.len()),
        color=pl.lit(ACCENT),
    )
    each = [rings(row["n_met"], row["n"]) if row["n"] < FEW else "" for row in rows.to_dicts()]
    return rows.with_columns(
        each=pl.Series(each, dtype=pl.String),
        value=pl.Series([share_told(row) for row in rows.to_dicts()], dtype=pl.String),
    )


def _x(field: str) -> alt.X:
    return alt.X(field, type="quantitative").scale(domain=[0, 1]).axis(share_axis()).title(None)
