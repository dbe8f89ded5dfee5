"""Where the time goes: how long conversations stay in each status."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.errors import SchemaError
from drift_analysis.metrics.statistics.survival import survival_quantiles
from drift_analysis.schemas import LIFE_ORDER, TimeInStatus, TimeInStatusGroups
from drift_analysis.schemas.base import require_moment
from drift_analysis.schemas.status import STATUS

from ..kit.axes import TimeScale
from ..kit.format import exact_count, human_duration, human_share
from ..kit.frame import FEW, Drawing, Picture, Space, by_size, calm, framed
from ..kit.prepare import collected, drawn
from ..kit.rows import row_axis, row_names
from ..kit.theme import STATUS_COLORS
from ..kit.words import spoken

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ..kit.frame import Size

from .status_words import status_words

__all__ = ["status_color", "time_in_status"]

_ENOUGH_TICKS = 2
_QUANTILES = (0.1, 0.5, 0.9)
_NARROW = 130


def time_in_status(
    times: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    since: datetime | None = None,
    tz: str = "UTC",
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw how long conversations stay in each status: dot, line and bounds.

    The dot is the median, the thin line runs from the time after which 10 % are out of the
    status to that after which 90 % are, the pale stretch is where the median must lie whatever
    the evidence cannot exclude. What is still running counts as far as it got (Kaplan-Meier);
    a line that ends in an open arrow goes on. Below five conversations their own times are
    drawn, hollow where still running.

    Parameters
    ----------
    times
        A `TimeInStatus` table. It is reduced here to one row per status, so that no conversation
        ends up in a saved notebook.
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
        If `times` is no `TimeInStatus` table: one that was computed with ``by=`` has groups in
        place of conversations.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> chart = charts.time_in_status(schemas.TimeInStatus.empty(), as_of=noon)
    >>> chart.description
    'No picture: there are no conversations to measure until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    _require_each(times)
    known = collected(times, TimeInStatus)
    visited = known.filter(TimeInStatus.n_visits.col > 0)
    rows = _rows(visited)
    words = status_words(rows, known, title, subtitle, (since, as_of, tz))
    if rows.is_empty():
        return calm("No conversations to measure.", words, size)
    left = by_size(size, full=158, half=122)
    space = Space.of(size, left=left)
    return framed(_picture(rows, _few(visited, rows), space), words, space)


def _require_each(times: pl.DataFrame | pl.LazyFrame) -> None:
    """Tell a table of groups from one of conversations."""
    if TimeInStatusGroups.median.name in times.collect_schema():
        raise SchemaError.of(
            "TimeInStatus: this is a table of groups.",
            "It has 'median' and no times of conversations, of which the picture is made.",
            "time_in_status(intervals) without by=, one group at a time.",
        )


def status_color(field: str) -> alt.Color:
    """Colour by status: always the same colours, whichever statuses there are."""
    scale = alt.Scale(domain=list(STATUS_COLORS), range=list(STATUS_COLORS.values()))
    return alt.Color(field, type="nominal").scale(scale).legend(None)


def _rows(visited: pl.DataFrame) -> pl.DataFrame:
    """Reduce to one row per status, in the order of a life."""
    q = survival_quantiles(
        visited, duration="duration", censored="censored", by="status", q=_QUANTILES
    )
    bounds = visited.group_by("status").agg(
        bounded=pl.all_horizontal(pl.col("duration_min", "duration_max").is_not_null()).all()
    )
    for end in ("duration_min", "duration_max"):
        of_end = survival_quantiles(visited, duration=end, censored="censored", by="status")
        found = of_end.select("status", pl.coalesce("p50", "restricted_to").alias(end))
        bounds = bounds.join(found, on="status", how="left")
    enough = pl.col("n") >= FEW
    return (
        q.join(bounds, on="status")
        .with_columns(
            pl.col("status").cast(pl.Enum(LIFE_ORDER)),
            pl.when(enough).then(pl.col("p10", "p50")),
            pl.when(enough & pl.col("bounded")).then(pl.col("duration_min", "duration_max")),
            line_end=pl.when(enough).then(pl.coalesce("p90", "restricted_to")),
            arrow=pl.when(enough & pl.col("p90").is_null()).then("restricted_to"),
        )
        .sort("status")
        .with_row_index("row")
    )


def _picture(rows: pl.DataFrame, points: pl.DataFrame, space: Space) -> Drawing:
    lengths = ["p10", "p50", "line_end", "arrow", "duration_min", "duration_max"]
    ends = pl.concat([*rows.select(lengths).iter_columns(), points["duration"]], rechunk=True)
    scale = TimeScale((ends.dt.total_milliseconds() / 1000).to_list())
    x = partial(scale.x, width=space.plot_width)
    lifted = pl.selectors.float().clip(scale.first)
    labels = {
        "name": [spoken(status) for status in rows["status"]],
        "note": [_note(n, running, space) for n, running in _counts(rows)],
        "label": ["" if p50 is None else human_duration(p50) for p50 in rows["p50"]],
    }
    known = rows.with_columns(pl.Series(name, texts) for name, texts in labels.items())
    data = drawn(known, "row", "status", *labels, *lengths).with_columns(lifted)
    plain = alt.Chart(data).encode(y=row_axis(rows.height))
    base = plain.encode(color=status_color("status"))
    tooltip = [alt.Tooltip("name:N", title="status"), alt.Tooltip("label:N", title="median")]
    return alt.layer(
        base.mark_bar(height=18, opacity=0.28).encode(x=x("duration_min"), x2="duration_max:Q"),
        base.mark_rule(strokeWidth=1.5).encode(x=x("p10"), x2="line_end:Q"),
        base.mark_point(
            shape="triangle-right", size=90, filled=False, strokeWidth=1.5, xOffset=5
        ).encode(x=x("arrow")),
        base.mark_point(filled=True, size=130, opacity=1).encode(x=x("p50"), tooltip=tooltip),
        plain.mark_text(style="name", dy=-18).encode(x=x("p50"), text="label:N"),
        *_points(
            drawn(points, *points.columns).with_columns(lifted),
            *(x, rows.height),
            told=len(scale.ticks(space.plot_width)) < _ENOUGH_TICKS,
        ),
        *row_names(data, space),
    ).properties(width=space.plot_width, height=space.plot_height)


def _points(
    points: pl.DataFrame, x: Callable[[str], alt.X], rows: int, *, told: bool
) -> list[alt.Chart]:
    """Draw the few themselves: filled where it ended, hollow where it still runs."""
    if points.is_empty():
        return []
    base = alt.Chart(points).encode(y=row_axis(rows), color=status_color("status"))
    return [
        base.mark_point(size=90, opacity=1, filled=True).encode(x=x("ended")),
        base.mark_point(size=90, opacity=1, filled=False, strokeWidth=2).encode(x=x("running")),
        *([_said(points, x, rows)] if told else []),
    ]


def _said(points: pl.DataFrame, x: Callable[[str], alt.X], rows: int) -> alt.Chart:
    """Write how long at each point, where the axis has too few ticks to read it off."""
    said = [human_duration(1000 * seconds) for seconds in points["duration"]]
    text = alt.Chart(points.with_columns(said=pl.Series(said, dtype=pl.String)))
    marks = text.mark_text(style="name", dy=-16).encode(x=x("duration"), text="said:N")
    placed: alt.Chart = marks.encode(y=row_axis(rows))
    return placed


def _few(visited: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the times of the statuses that have too few for a median."""
    few = visited.join(
        rows.filter(pl.col("n") < FEW).select("row", status=pl.col("status").cast(STATUS)),
        on="status",
    )
    return few.select(
        "row",
        "status",
        "duration",
        ended=pl.when(~pl.col("censored")).then("duration"),
        running=pl.when("censored").then("duration"),
    )


def _note(n: int, running: int, space: Space) -> str:
    if n < FEW:
        return (
            f"n {n} · {running} still in it" if space.left > _NARROW else f"n {n} · {running} in it"
        )
    share = human_share(running / n)
    if space.left > _NARROW:
        return f"n {exact_count(n)} · {share} still in it"
    return f"n {exact_count(n)} · {share.replace('under ', '<').replace('over ', '>')} in it"


def _counts(rows: pl.DataFrame) -> list[tuple[int, int]]:
    return list(zip(rows["n"], rows["n_censored"], strict=True))
