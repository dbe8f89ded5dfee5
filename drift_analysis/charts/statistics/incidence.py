"""In which way it ends, and when: rising curves with bands, and how many are left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.schemas import CumulativeIncidence
from drift_analysis.schemas.base import require_moment

from ..kit.curves import HALF, Line, curves
from ..kit.format import human_duration, human_share
from ..kit.frame import FEW, Picture, Space, by_size, calm, framed
from ..kit.groups import in_groups, one_group
from ..kit.text import wrap
from ..kit.theme import SERIES_COLORS, STATUS_COLORS
from ..kit.words import as_of_sentence, period, spoken
from .survival import MOST, curve_space, each_length, few_lengths
from .survival_words import incidence_words, nothing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ..kit.frame import Size

__all__ = ["cumulative_incidence"]

_ROUNDING = 1e-12


def cumulative_incidence(
    incidence: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    since: datetime | None = None,
    tz: str = "UTC",
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw the share that has ended in each way by each time, with its band.

    Several ends compete (Aalen-Johansen), so the curves together never promise more than there
    is; what is missing to 100 % still runs. Under the axis stands how many are left at each time.
    Below five, each length of time is drawn, hollow where it runs.

    Parameters
    ----------
    incidence
        A `CumulativeIncidence` table without groups. The four most frequent outcomes are drawn,
        the others are counted in the caption.
    as_of
        The moment that the table was computed for, with a time zone.
    since
        When the period began, for the subtitle.
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
        If `incidence` is no `CumulativeIncidence` table, or one of several groups.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> chart = charts.cumulative_incidence(schemas.CumulativeIncidence.empty(), as_of=noon)
    >>> chart.description
    'No picture: there is nothing to measure until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    when = (period(since, as_of, tz), as_of_sentence(as_of, tz))
    Space.of(size)
    table = one_group(in_groups(incidence, CumulativeIncidence), CumulativeIncidence)
    if table.is_empty():
        return calm("Nothing to measure.", nothing(when).but(title, subtitle), size)
    ways = _outcomes(table)
    rows = table.drop("name").join(ways.head(MOST).select("outcome", "series"), on="outcome")
    rows = rows.sort("series", "t").with_columns(share="incidence")
    n = int(table["at_risk"].max())  # type: ignore[arg-type]
    words = incidence_words(ways, MOST, n, when).but(title, subtitle)
    if n < FEW:
        return few_lengths(_ways_each(table, ways), words, size, "")
    drawn_ways = ways.head(MOST).to_dicts()
    width = by_size(size, full=106, half=76)
    lines = [
        Line(
            end=way["share"],
            said="\n".join([*wrap(spoken(way["outcome"]), width, size=12, lines=2), way["said"]]),
            color=color,
            half=way["half"],
            told=f"half by {human_duration(way['half'])}" if way["half"] is not None else "",
        )
        for way, color in zip(drawn_ways, _colors(drawn_ways), strict=True)
    ]
    risk = rows.filter(pl.col("series") == 0)
    risk = risk.select("t", "at_risk", row="series", said=pl.lit("still on"))
    space = curve_space(size, [""], right=by_size(size, full=128, half=96))
    return framed(curves(rows, lines, risk, space), words, space)


def _colors(ways: Sequence[dict[str, Any]]) -> list[str]:
    """Give each outcome a colour; what is called as a status has that of the status."""
    free = iter(SERIES_COLORS)
    return [STATUS_COLORS.get(way["outcome"]) or next(free) for way in ways]


def _outcomes(table: pl.DataFrame) -> pl.DataFrame:
    """Return the outcomes that occur, the most frequent first."""
    ways = table.group_by("outcome", maintain_order=True).agg(
        share=pl.col("incidence").last(),
        n=pl.col("events").sum().cast(pl.Int64),
        half=pl.col("t").filter(pl.col("incidence") >= HALF - _ROUNDING).min(),
    )
    occurs = ways.filter(pl.col("n") > 0)
    occurs = occurs if occurs.height else ways.head(1)
    said = [human_share(share) for share in occurs["share"]]
    ordered = occurs.with_columns(pl.Series("said", said, dtype=pl.String))
    return ordered.sort("share", "outcome", descending=[True, False]).with_row_index("series")


def _ways_each(table: pl.DataFrame, ways: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each length of time with how it ended; what is censored still runs."""
    ends = table.join(ways.select("outcome", "series"), on="outcome")
    ended = each_length(ends.with_columns(name="outcome"), pl.col("events"), pl.lit(0))
    times = (
        table.group_by("t")
        .agg(pl.col("at_risk").first(), pl.col("events").sum())
        .sort("t")
        .with_columns(
            gone=pl.col("at_risk") - pl.col("at_risk").shift(-1, fill_value=0),
            series=pl.lit(ways.height, pl.UInt32),
            name=pl.lit("still on"),
        )
        .with_columns(running=pl.col("gone").cast(pl.Int64) - pl.col("events").cast(pl.Int64))
    )
    return pl.concat([ended, each_length(times, pl.lit(0), pl.col("running"))])
