"""On which days they come: a calendar of arrivals, weeks as columns."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.errors import SchemaError
from drift_analysis.schemas import Flow
from drift_analysis.schemas.base import require_moment

from ..kit.format import exact_count, human_date
from ..kit.frame import Picture, Space, Words, by_size, calm, framed
from ..kit.groups import in_groups, one_group
from ..kit.prepare import drawn
from ..kit.text import text_width
from ..kit.theme import ACCENT
from ..kit.words import as_of_sentence, period
from .calendar_words import calendar_words

if TYPE_CHECKING:
    from datetime import datetime

    from ..kit.frame import Drawing, Size

__all__ = ["calendar"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LEFT, _HEAD, _KEY = 36, 18, 30
_LEAST, _MOST = 8, 22
_PALEST = 0.12


def calendar(
    days: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    tz: str = "UTC",
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw how many conversations arrived on each day, a column per week, as on a calendar.

    The stronger a day's colour, the more arrived; a day without any is empty, and one that is not
    over has a frame. The last 53 weeks are drawn, in half size the last 26.

    Parameters
    ----------
    days
        A `Flow` table without groups, by the day: ``flow(intervals, every="1d", tz=...)``.
    as_of
        The moment that the table was computed for, with a time zone.
    tz
        The time zone in which the days were cut; it stands in the title.
    title, subtitle
        Words of your own in place of the finding, and of the measure.
    size
        ``"full"`` (640 wide, as high as seven days) or ``"half"`` (310 wide).

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError
        If `days` is no `Flow` table, one of several groups, or not by the day.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.calendar(schemas.Flow.empty(), as_of=noon).description
    'No picture: nothing has arrived until 1 Mar 2026.'
    """
    told = as_of_sentence(require_moment(as_of), tz)
    table = one_group(in_groups(days, Flow), Flow).sort("period")
    if table.is_empty():
        span = period(None, as_of, tz)
        reason = f"No picture: nothing has arrived {span}."
        words = Words("Nothing has arrived", span, (told,), reason).but(title, subtitle)
        return calm("Nothing has arrived.", words, size)
    _require_days(table["period"])
    rows = _rows(table, by_size(size, full=53, half=26))
    words = calendar_words(rows, table.height, as_of, (tz, told)).but(title, subtitle)
    weeks = int(rows["week"].max()) + 1  # type: ignore[arg-type]
    wide = Space.of(size).width - _LEFT
    step = max(_LEAST, min(_MOST, wide // weeks))
    height = 7 * step + _HEAD + _KEY
    space = Space(Space.of(size).width, height, left=_LEFT, foot=0)
    return framed(_picture(rows, step, space), words, space)


def _require_days(periods: pl.Series) -> None:
    apart = periods.diff().drop_nulls().unique().to_list()
    if apart and apart != [timedelta(days=1)]:
        raise SchemaError.of(
            "Flow: the periods are no days.",
            f"They are {max(apart).days} days apart.",
            'flow(intervals, every="1d").',
        )


def _rows(table: pl.DataFrame, weeks: int) -> pl.DataFrame:
    """Number weeks and weekdays, and keep the last weeks."""
    monday = pl.col("period").dt.truncate("1w")
    last = table.select(monday.max()).item()
    first = last - timedelta(weeks=weeks - 1)
    kept = table.filter(monday >= first)
    return kept.with_columns(
        week=(monday - monday.min()).dt.total_days() // 7,
        weekday=pl.col("period").dt.weekday().cast(pl.Int64) - 1,
        n=pl.col("arrivals").cast(pl.Int64),
    )


def _picture(rows: pl.DataFrame, step: int, space: Space) -> Drawing:
    most = max(1, int(rows["n"].max()))  # type: ignore[arg-type]
    side = step - (2 if step > 10 else 1)
    # By the root, so that one outlier does not make all others look alike.
    seen = pl.when(pl.col("n") > 0).then(_PALEST + (1 - _PALEST) * (pl.col("n") / most).sqrt())
    shown = rows.with_columns(
        x=pl.col("week") * step,
        y=_HEAD + pl.col("weekday") * step,
        opacity=seen,
        day=pl.Series([human_date(day) for day in rows["period"]], dtype=pl.String),
    ).with_columns(x2=pl.col("x") + side, y2=pl.col("y") + side)
    data = drawn(shown, "x", "y", "x2", "y2", "opacity", "n", "day", "is_complete")
    base = alt.Chart(data).encode(x=_px("x", space), x2="x2:Q", y=_py("y", space), y2="y2:Q")
    tooltip = [alt.Tooltip("day:N", title="day"), alt.Tooltip("n:Q", title="arrived")]
    some = pl.col("n") > 0
    counted = base.properties(data=data.filter(some)).mark_rect(color=ACCENT)
    opacity = alt.Opacity("opacity", type="quantitative").scale(None).legend(None)
    today = base.properties(data=data.filter(~pl.col("is_complete")))
    return alt.layer(
        base.properties(data=data.filter(~some)).mark_rect(style="hairline", filled=False),
        counted.encode(opacity=opacity, tooltip=tooltip),
        today.mark_rect(style="interval", filled=False),
        *_names(rows, step, space),
        *_key(most, step, space),
    ).properties(width=space.plot_width, height=space.plot_height)


def _names(rows: pl.DataFrame, step: int, space: Space) -> list[alt.Chart]:
    """Name every other weekday at the left, and the months above their first weeks."""
    named = range(0, 7, 2) if step > 10 else (0, 3, 6)
    days = pl.DataFrame(
        {"y": [_HEAD + (n + 0.5) * step for n in named], "said": [_DAYS[n] for n in named]}
    )
    months = pl.DataFrame(
        _months(rows, step), schema={"x": pl.Int64, "said": pl.String}, orient="row"
    )
    text = alt.Chart(days).mark_text(style="note", align="left", baseline="middle")
    above = alt.Chart(months).mark_text(style="note", align="left", baseline="bottom")
    return [
        text.encode(x=alt.value(-space.left), y=_py("y", space), text="said:N"),
        above.encode(x=_px("x", space), y=alt.value(_HEAD - 5), text="said:N"),
    ]


def _months(rows: pl.DataFrame, step: int) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for day, week in rows.select("period", "week").iter_rows():
        at = week * step
        is_first = not found or day.day == 1
        if is_first and (not found or at - found[-1][0] >= text_width(found[-1][1], 12) + 6):
            year = f" {day.year}" if day.month == 1 and step > 10 else ""
            found.append((at, _MONTHS[day.month - 1] + year))
    return found


def _key(most: int, step: int, space: Space) -> list[alt.Chart]:
    """Say how dark how many are."""
    counts = sorted({1, max(1, round(most / 4)), most})
    side = min(step, 14)
    room = 46
    rows = pl.DataFrame(
        {
            "x": [n * room for n in range(len(counts))],
            "opacity": [_PALEST + (1 - _PALEST) * (n / most) ** 0.5 for n in counts],
            "said": [exact_count(n) for n in counts],
        }
    ).with_columns(x2=pl.col("x") + side, xt=pl.col("x") + side + 5)
    top = _HEAD + 7 * step + 10
    base = alt.Chart(rows)
    opacity = alt.Opacity("opacity", type="quantitative").scale(None).legend(None)
    square = base.mark_rect(color=ACCENT).encode(
        x=_px("x", space), x2="x2:Q", y=alt.value(top), y2=alt.value(top + side), opacity=opacity
    )
    text = base.mark_text(style="note", align="left", baseline="middle").encode(
        x=_px("xt", space), y=alt.value(top + side / 2), text="said:N"
    )
    return [square, text]


def _px(field: str, space: Space) -> alt.X:
    pixels = alt.X(field, type="quantitative").scale(domain=[0, space.plot_width], nice=False)
    return pixels.axis(None)


def _py(field: str, space: Space) -> alt.Y:
    pixels = alt.Y(field, type="quantitative").scale(domain=[space.plot_height, 0], nice=False)
    return pixels.axis(None)
