"""In which group it takes longest: the time in one status, group by group."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.errors import InputError, SchemaError
from drift_analysis.schemas import LIFE_ORDER, TimeInStatusGroups
from drift_analysis.schemas.base import require_moment

from ..kit.axes import TimeScale
from ..kit.format import exact_count, human_duration, human_share
from ..kit.frame import FEW, Drawing, Picture, Space, by_size, calm, framed, limit_of, names
from ..kit.groups import GROUP, in_groups
from ..kit.prepare import drawn
from ..kit.rows import row_axis, row_names
from ..kit.words import as_of_sentence, period
from .status import status_color
from .status_groups_words import group_words, no_groups

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

    from ..kit.frame import Size

    Align = Literal["left", "right"]

__all__ = ["time_in_status_by"]

_MEDIAN, _N, _RUNNING = 10, 134, 210


def time_in_status_by(
    groups: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    status: str = "open",
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw how long one status lasts in each group: dot, line and bounds, the longest first.

    The dot is the median, the thin line runs from it to the time after which 90 % are out of the
    status, the pale stretch is where the median must lie whatever the evidence cannot exclude.
    What is still running counts as far as it got (Kaplan-Meier), and its share stands at the
    right. An open arrow at the edge goes on: that much is not reached yet. A group of fewer than
    five has no dot.

    Parameters
    ----------
    groups
        A `TimeInStatusGroups` table, as `time_in_status` returns it with ``by=``. Columns that
        the table does not have are those of groups.
    as_of
        The moment that the table was computed for, with a time zone.
    status
        The status to compare: one of ``"open"``, ``"pending"``, ``"closed"``, ``"bulk_sent"``,
        ``"unknown"``.
    since
        When the period began, for the subtitle.
    tz
        The time zone of the dates in the words.
    limit
        How many groups to draw; 10, or 6 in half size, if not given. The others are counted in
        the caption.
    title, subtitle
        Words of your own in place of the finding, and of the measure.
    size
        ``"full"`` (640 x 320, higher with many groups) or ``"half"`` (310 x 240).

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError
        If `groups` is no `TimeInStatusGroups` table; without ``by=`` it is one of conversations.
    InputError
        If `as_of` has no time zone, `limit` is below 1, or there is no such status, size or time
        zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> chart = charts.time_in_status_by(schemas.TimeInStatusGroups.empty(), as_of=noon)
    >>> chart.description
    'No picture: no conversation was open until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    if status not in LIFE_ORDER:
        raise InputError.unknown_choice("status", status, LIFE_ORDER)
    _require_groups(groups)
    when = (period(since, as_of, tz), as_of_sentence(as_of, tz))
    most = limit_of(limit, size, full=10, half=6)
    table = in_groups(groups, TimeInStatusGroups)
    every = _rows(table.filter(pl.col("status") == status, pl.col("n") > 0))
    if every.is_empty():
        words = no_groups(status, when).but(title, subtitle)
        return calm(words.title + ".", words, size)
    rows = every.head(most).with_row_index("row")
    words = group_words(rows, every, status, when).but(title, subtitle)
    right = by_size(size, full=214, half=104)
    texts = rows["name"].to_list()
    space = Space.for_rows(size, texts, rows=rows.height, right=right, foot=26)
    return framed(_picture(rows, space), words, space)


def _require_groups(groups: pl.DataFrame | pl.LazyFrame) -> None:
    """Tell a table of conversations from one of groups."""
    have = groups.collect_schema()
    if TimeInStatusGroups.median.name not in have and "n_visits" in have:
        raise SchemaError.of(
            "TimeInStatusGroups: this is a table of conversations.",
            "It has 'n_visits' and no 'median'.",
            "time_in_status(intervals, by=...), or charts.time_in_status for this table.",
        )


def _rows(table: pl.DataFrame) -> pl.DataFrame:
    """Sort the longest first: what is not reached, then medians, then what is too small."""
    enough = pl.col("n") >= FEW
    return (
        table.with_columns(
            enough=enough,
            is_not_reached=enough & pl.col("median").is_null(),
            bounded=pl.all_horizontal(pl.col("median_min", "median_max").is_not_null()),
        )
        .with_columns(
            pl.when("enough").then(pl.col("median", "p90")),
            pl.when(pl.col("enough") & pl.col("bounded")).then(pl.col("median_min", "median_max")),
        )
        .sort(
            *("enough", "is_not_reached", "median", "n", GROUP),
            descending=[True, True, True, True, False],
            nulls_last=True,
        )
    )


def _picture(rows: pl.DataFrame, space: Space) -> Drawing:
    lengths = ["median", "median_min", "median_max", "p90"]
    ends = pl.concat(list(rows.select(lengths).iter_columns()), rechunk=True)
    scale = TimeScale((ends.dt.total_milliseconds() / 1000).to_list())
    x = partial(scale.x, width=space.plot_width)
    edge = pl.lit(scale.last)
    goes_on = pl.col("enough") & pl.col("p90").is_null()
    labels = {
        "said": [_median(row) for row in rows.to_dicts()],
        "count": [exact_count(n) for n in rows["n"]],
        "running": [human_share(share) for share in rows["share_censored"]],
    }
    known = rows.with_columns(
        *(pl.Series(name, texts, dtype=pl.String) for name, texts in labels.items()),
        pl.Series("name", names(rows["name"], space)),
    )
    data = (
        drawn(known, "row", "status", "name", "enough", *labels, *lengths)
        .with_columns(pl.selectors.float().clip(scale.first))
        .with_columns(
            line_end=pl.when("enough").then(pl.coalesce("p90", edge)),
            arrow=pl.when(goes_on).then(edge),
        )
    )
    plain = alt.Chart(data).encode(y=row_axis(rows.height))
    base = plain.encode(color=status_color("status"))
    tooltip = [alt.Tooltip("name:N", title="group"), alt.Tooltip("said:N", title="median")]
    return alt.layer(
        base.mark_bar(height=14, opacity=0.28).encode(x=x("median_min"), x2="median_max:Q"),
        base.mark_rule(strokeWidth=1.5).encode(x=x("median"), x2="line_end:Q"),
        base.mark_point(shape="triangle-right", size=70, filled=False, strokeWidth=1.5).encode(
            x=x("arrow")
        ),
        base.mark_point(filled=True, size=110, opacity=1).encode(x=x("median"), tooltip=tooltip),
        *_columns(plain, space),
        *row_names(data.select("row", "name"), space),
    ).properties(width=space.plot_width, height=space.plot_height)


def _columns(plain: alt.Chart, space: Space) -> list[alt.Chart]:
    """Write median, n and the share that still runs at the right, under their names."""
    columns: list[tuple[str, str, int, Align]] = [("said", "median", _MEDIAN, "left")]
    if space.right >= _RUNNING:
        columns += [("count", "n", _N, "right"), ("running", "still in it", _RUNNING, "right")]
    cells = []
    for field, head, at, align in columns:
        place = alt.value(space.plot_width + at)
        text = plain.mark_text(style="name", align=align, baseline="middle")
        cells.append(text.encode(x=place, text=f"{field}:N"))
        name = alt.Chart(pl.DataFrame({"head": [head]})).mark_text(style="note", align=align)
        cells.append(name.encode(x=place, y=alt.value(-8), text="head:N"))
    return cells


def _median(row: dict[str, object]) -> str:
    if not row["enough"]:
        return f"fewer than {FEW}"
    return "not reached" if row["median"] is None else human_duration(row["median"])  # type: ignore[arg-type]
