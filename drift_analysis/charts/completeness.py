"""What the data can say: for how many conversations each metric can be computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.schemas import MetricCoverage
from drift_analysis.schemas.base import require_moment

from .kit.axes import share_axis
from .kit.format import exact_count, human_share, plural
from .kit.frame import Picture, Space, Words, by_size, calm, framed, limit_of, names
from .kit.prepare import collected, drawn
from .kit.rows import row_axis, row_names
from .kit.text import wrap
from .kit.theme import ACCENT
from .kit.words import as_of_sentence, spoken, subtitled

if TYPE_CHECKING:
    from datetime import datetime

    from .kit.frame import Drawing, Size

__all__ = ["completeness"]

_FULL = 0.995


def completeness(
    coverage: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    tz: str = "UTC",
    title: str | None = None,
    subtitle: str | None = None,
    limit: int | None = None,
    size: Size = "full",
) -> Picture:
    """Draw for how many conversations there is evidence for each metric, the most first.

    Those that lack least are one row where there are many.

    Parameters
    ----------
    coverage
        A `MetricCoverage` table, as `metric_coverage` returns it.
    as_of
        The moment to which the data are complete, with a time zone: ``dataset.as_of``.
    tz
        The time zone of the dates in the words.
    title, subtitle
        Words of your own in place of the finding, and of the measure.
    limit
        How many rows to draw: those that lack most, and one for all others; 12 or in half size 8
        if not given.
    size
        ``"full"`` (640 x 320, higher for many rows) or ``"half"`` (310 x 240).

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError
        If `coverage` is no `MetricCoverage` table.
    InputError
        If `as_of` has no time zone, `limit` is below 1, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.completeness(schemas.MetricCoverage.empty(), as_of=noon).description
    'No picture: there are no conversations. As of 1 Mar 2026, 12:00 (UTC).'
    """
    most = limit_of(limit, size, full=12, half=8)
    told = as_of_sentence(require_moment(as_of), tz)
    table = collected(coverage, MetricCoverage)
    if not table["of"].sum():
        reason = f"No picture: there are no conversations. {told}"
        words = Words("No conversations", "", (told,), reason).but(title, subtitle)
        return calm("There are no conversations.", words, size)
    rows = table.sort("share", "metric", descending=[True, False], nulls_last=True)
    rows = rows.with_columns(
        name=pl.Series([spoken(metric) for metric in rows["metric"]], dtype=pl.String)
    )
    shown = _folded(rows, most).with_row_index("row")
    right = by_size(size, full=118, half=46)
    space = Space.for_rows(size, shown["name"].to_list(), rows=shown.height, right=right, foot=26)
    return framed(_picture(shown, space), _words(rows, told).but(title, subtitle), space)


def _folded(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """Make one row of the metrics that lack least, with the least share of theirs."""
    n = rows.height - most + 1
    if n < 2:
        return rows.with_columns(is_folded=pl.lit(value=False))
    others = rows.head(n).tail(1)
    name = f"{n} other metrics" if most > 1 else f"all {n} metrics"
    needs = pl.lit("something else each")
    others = others.with_columns(name=pl.lit(name), needs=needs, is_folded=pl.lit(value=True))
    return pl.concat([others, rows.slice(n).with_columns(is_folded=pl.lit(value=False))])


def _picture(rows: pl.DataFrame, space: Space) -> Drawing:
    is_narrow = space.right < 100
    texts = {
        "name": names(rows["name"], space),
        "said": [_value(row, is_narrow=is_narrow) for row in rows.to_dicts()],
        "needs": [wrap(needs, 360, size=12, lines=1)[0] for needs in rows["needs"]],
    }
    known = rows.with_columns(
        pl.Series(name, said, dtype=pl.String) for name, said in texts.items()
    )
    known = known.with_columns(whole=pl.lit(1.0))
    data = drawn(known, "row", "share", "whole", *texts)
    base = alt.Chart(data).encode(y=row_axis(rows.height))
    tooltip = [alt.Tooltip("name:N", title="metric"), alt.Tooltip("needs:N", title="needs")]
    text = base.mark_text(style="name", align="left", baseline="middle")
    return alt.layer(
        base.mark_bar(style="track", height=14).encode(x=_x("whole")),
        base.mark_bar(color=ACCENT, height=14).encode(x=_x("share"), tooltip=tooltip),
        text.encode(x=alt.value(space.plot_width + 8), text="said:N"),
        *row_names(data.select("row", "name"), space),
    ).properties(width=space.plot_width, height=space.plot_height)


def _words(rows: pl.DataFrame, told: str) -> Words:
    n = int(rows["of"].max())  # type: ignore[arg-type]
    possible = rows.filter("possible")
    full = rows.filter(pl.col("share") >= _FULL).height
    none = rows.height - possible.height
    finding = f"{possible.height} of {rows.height} metrics can be computed, {full} for nearly all"
    caption = (
        f"n = {plural(n, 'conversation')}; names of playbooks: of those that name one.",
        f"Without any evidence: {', '.join(rows.filter(~pl.col('possible'))['name'])}."
        if none
        else "",
        told,
    )
    shares = ", ".join(f"{row['name']} {human_share(row['share'])}" for row in rows.to_dicts())
    description = f"Bar chart, one row per metric; x: share of conversations. {finding}. {shares}."
    measure = subtitled(["Share of conversations with what a metric needs"])
    return Words(finding, measure, caption, description)


def _value(row: dict[str, object], *, is_narrow: bool) -> str:
    share = human_share(row["share"])  # type: ignore[arg-type]
    if is_narrow:
        return share.replace("under ", "<").replace("over ", ">")
    if row["is_folded"]:
        return share if share.startswith("over") else f"{share} or more"
    return f"{share} · {exact_count(int(str(row['n'])))}"


def _x(field: str) -> alt.X:
    shares = alt.X(field, type="quantitative").scale(domain=[0, 1], nice=False)
    return shares.axis(share_axis()).title(None)
