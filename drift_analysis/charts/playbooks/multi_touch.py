"""Which playbook is credited with conversions, and whether the models agree."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.schemas import AttributionCredits
from drift_analysis.schemas.base import require_moment

from ..kit.axes import share_axis
from ..kit.color import GREY
from ..kit.format import human_share
from ..kit.frame import Drawing, Picture, Size, Space, by_size, calm, framed, limit_of, names
from ..kit.prepare import collected, drawn
from ..kit.rows import row_axis
from ..kit.theme import ACCENT
from ..kit.words import as_of_sentence, period
from .multi_touch_words import MODELS, TOUCHES, credits_words

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["multi_touch_attribution"]

_LINE, _FOOT = 15, 26
_FROM_DATA = ("markov", "shapley")
_LONGEST = 1.02


def multi_touch_attribution(
    credits_: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw what share of the conversions each touch is credited with, a line per model.

    The models of a touch stand below each other with their 95 % intervals (bootstrap), where
    they were computed: rules are grey, models that learn from the journeys are blue. The shares
    of a model add up to all conversions.

    Parameters
    ----------
    credits_
        An `AttributionCredits` table.
    as_of
        The moment that the table was computed for, with a time zone.
    since
        When the period began, for the subtitle.
    tz
        The time zone of the dates in the words.
    limit
        How many touches to show: those with the most credit, 5 or in half size 3 if not given.
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
        If `credits_` is no `AttributionCredits` table.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> chart = charts.multi_touch_attribution(schemas.AttributionCredits.empty(), as_of=noon)
    >>> chart.description
    'No picture: there are no conversions to credit, until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    table = collected(credits_, AttributionCredits)
    known = table.filter(pl.col("share").is_not_null())
    rows = _rows(known, limit_of(limit, size, full=5, half=3))
    when = (period(since, as_of, tz), as_of_sentence(as_of, tz))
    words = credits_words(rows, table, when).but(title, subtitle)
    if rows.is_empty():
        return calm(f"{words.title}.", words, size)
    n_rows = int(rows["row"].to_list()[-1]) + 1
    right = by_size(size, full=116, half=112)
    wanted = rows["label"].unique().to_list()
    space = Space.for_rows(size, wanted, rows=0, right=right, foot=_FOOT)
    height = max(space.height, n_rows * _LINE + _FOOT)
    space = Space(space.width, height, space.left, space.right, space.foot)
    return framed(_picture(rows, n_rows, space), words, space)


def _rows(known: pl.DataFrame, limit: int) -> pl.DataFrame:
    """Keep the touches with the most credit on average; a free row parts them."""
    n_models = known["model"].n_unique()
    ranked = known.group_by("touch").agg(mean=pl.col("share").mean())
    ranked = ranked.sort("mean", "touch", descending=[True, False]).head(limit)
    models = known.select("model").unique().sort("model").with_row_index("nth")
    rows = (
        known.join(ranked.with_row_index("place"), on="touch")
        .join(models, on="model")
        .sort("place", "nth")
        .with_columns(
            row=pl.col("place").cast(pl.Int64) * (n_models + 1) + pl.col("nth").cast(pl.Int64),
            label=pl.col("touch").replace(TOUCHES),
            model=pl.col("model").cast(pl.String),
        )
    )
    from_data = pl.col("model").is_in(_FROM_DATA)
    return rows.with_columns(
        said=pl.col("model").replace(MODELS),
        value=pl.Series([human_share(share) for share in rows["share"]], dtype=pl.String),
        color=pl.when(from_data).then(pl.lit(ACCENT)).otherwise(pl.lit(GREY)),
    )


def _picture(rows: pl.DataFrame, n_rows: int, space: Space) -> Drawing:
    columns = ["row", "share", "lo", "hi", "said", "value", "color", "label"]
    # The last of sixteen digits depend on the order in which credits were added up.
    data = drawn(rows, *columns).with_columns(pl.col("share", "lo", "hi").round_sig_figs(12))
    middles = rows.group_by("label", maintain_order=True).agg(pl.col("row").median().floor())
    labels = middles.select(
        pl.col("row").cast(pl.Int64),
        name=pl.Series(names(middles["label"], space), dtype=pl.String),
    )
    longest = rows.select(pl.max_horizontal(pl.col("share", "hi").max())).item()
    x = partial(_x, longest=min(1.0, longest * _LONGEST) or 1.0)
    plain = alt.Chart(data).encode(y=row_axis(n_rows))
    base = plain.encode(color=alt.Color("color:N", scale=None))
    tooltip = [
        alt.Tooltip("label:N", title="touch"),
        alt.Tooltip("said:N", title="model"),
        alt.Tooltip("value:N", title="share of the conversions"),
    ]
    model = plain.encode(x=alt.value(space.plot_width + 12))
    edge = plain.encode(x=alt.value(space.plot_width + space.right))
    name = alt.Chart(labels).encode(y=row_axis(n_rows), x=alt.value(-space.left))
    return alt.layer(
        base.mark_rule(strokeWidth=1.5).encode(x=x("lo"), x2="hi:Q"),
        base.mark_point(filled=True, size=64, opacity=1).encode(x=x("share"), tooltip=tooltip),
        model.mark_text(style="note", align="left").encode(text="said:N"),
        edge.mark_text(style="note", align="right").encode(text="value:N"),
        name.mark_text(
            style="strong", align="left", baseline="middle", lineBreak="\n", fontWeight="bold"
        ).encode(text="name:N"),
    ).properties(width=space.plot_width, height=space.plot_height)


def _x(field: str, longest: float) -> alt.X:
    scale = alt.Scale(domain=[0, longest], nice=False)
    axis = share_axis()
    step = 0.25 if longest > 0.6 else 0.1 if longest > 0.2 else 0.05 if longest > 0.1 else 0.02
    axis.values = [round(step * n, 4) for n in range(int(longest / step) + 1)]
    axis.labelExpr = "round(datum.value * 100) + ' %'"
    return alt.X(field, type="quantitative").scale(scale).axis(axis).title(None)
