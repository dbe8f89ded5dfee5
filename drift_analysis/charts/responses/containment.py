"""Who answers: bots alone, humans after them, humans only, or nobody."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.schemas import ContainmentRates
from drift_analysis.schemas.base import require_moment
from drift_analysis.schemas.responses import CONTAINMENT

from ..kit.axes import share_axis
from ..kit.color import GREY
from ..kit.dots import dot_rows, rings
from ..kit.frame import FEW, Drawing, Picture, Size, Space, calm, framed, limit_of, names
from ..kit.grouping import grouped
from ..kit.key import Key, key_height, key_marks
from ..kit.prepare import drawn
from ..kit.rows import row_axis, row_names
from ..kit.theme import AUTHOR_COLORS
from ..kit.words import as_of_sentence, period
from .containment_words import NAMES, alone_told, containment_words, outcome_told

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["containment_rates"]

_BOT, _HUMAN = AUTHOR_COLORS["bot"], AUTHOR_COLORS["human"]
_COLORS = {
    "contained": _BOT,
    "unanswered": _BOT,
    "handed_over": _HUMAN,
    "human_only": _HUMAN,
    "nobody": GREY,
}
_INKS = {
    "contained": 1.0,
    "unanswered": 0.42,
    "handed_over": 0.42,
    "human_only": 1.0,
    "nobody": 0.42,
}
_KEY = [Key(NAMES[name], _COLORS[name], _INKS[name]) for name in CONTAINMENT]
_FOOT = 26
_CLOSED = ["n_judged", "n_open", "n_not_engaged", "n_unknown"]


def containment_rates(
    rates: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw who answered the contacts of closed conversations.

    Without groups a row per outcome: dot and 95 % interval (Wilson). With groups a bar each that
    is parted by outcome, bots alone first, with the interval of that share. What is open is in
    no share, and counted in the caption. A group with fewer than five has no bar, but its counts.

    Parameters
    ----------
    rates
        A `ContainmentRates` table, with or without groups.
    as_of
        The moment that the table was computed for, with a time zone.
    since
        When the period began, for the subtitle.
    tz
        The time zone of the dates in the words.
    limit
        How many groups to show: those with the most closed conversations, 10 or in half size 5
        if not given.
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
        If `rates` is no `ContainmentRates` table.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.containment_rates(schemas.ContainmentRates.empty(), as_of=noon).description
    'No picture: no conversation can be judged until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    given, by = grouped(rates, ContainmentRates)
    judged = given.filter(pl.col("n_judged") > 0)
    groups = _groups(given)
    shown = groups.filter(pl.col("n_judged") > 0)
    shown = shown.sort("n_judged", "label", descending=[True, False])
    shown = shown.head(limit_of(limit, size, full=10, half=5))
    when = (period(since, as_of, tz), as_of_sentence(as_of, tz))
    words = containment_words(judged, (groups, shown), when, is_grouped=bool(by))
    words = words.but(title, subtitle)
    if shown.is_empty():
        return calm("No closed conversation can be judged.", words, size)
    if not by:
        rows = _outcomes(judged)
        space = Space.for_rows(size, rows["label"].to_list(), rows=rows.height, right=92, foot=26)
        about = ("who answered", "share, and n")
        return framed(dot_rows(rows, _x, space, about=about), words, space)
    rows = _ordered(shown, judged)
    space = Space.for_rows(size, rows["label"].to_list(), rows=rows.height, right=92, foot=26)
    lines = key_height(_KEY, space.width)
    space = replace(space, height=space.height + lines, foot=space.foot + lines)
    return framed(_bars(rows, judged, space), words, space)


def _groups(given: pl.DataFrame) -> pl.DataFrame:
    return given.group_by("label", maintain_order=True).agg(pl.col(_CLOSED).first())


def _outcomes(judged: pl.DataFrame) -> pl.DataFrame:
    """Return a row per outcome that the metric knows, in the order of the words."""
    order = pl.col("outcome").cast(pl.String)
    enough = pl.col("n_judged") >= FEW
    rows = judged.with_columns(pl.when(enough).then(pl.col("share", "lo", "hi"))).sort("outcome")
    each = [
        rings(row["conversations"], row["n_judged"]) if row["n_judged"] < FEW else ""
        for row in rows.to_dicts()
    ]
    return rows.with_columns(
        row=pl.int_range(pl.len()),
        at="share",
        each=pl.Series(each, dtype=pl.String),
        label=order.replace_strict(NAMES, return_dtype=pl.String),
        color=order.replace_strict(_COLORS, return_dtype=pl.String),
        value=pl.Series([outcome_told(row) for row in rows.to_dicts()], dtype=pl.String),
    )


def _ordered(shown: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Put the group first in which bots do most alone, and those with few last."""
    alone = judged.filter(pl.col("outcome") == "contained").select(
        "label", "conversations", "share", "lo", "hi"
    )
    few = pl.col("n_judged") < FEW
    rows = shown.join(alone, on="label", how="left", maintain_order="left").sort(
        few, "share", descending=[False, True], maintain_order=True
    )
    return rows.with_columns(
        pl.when(~few).then(pl.col("lo", "hi")),
        row=pl.int_range(pl.len()),
        value=pl.Series([alone_told(row) for row in rows.to_dicts()], dtype=pl.String),
    )


def _bars(rows: pl.DataFrame, judged: pl.DataFrame, space: Space) -> Drawing:
    enough = rows.filter(pl.col("n_judged") >= FEW).select("label", "row")
    parts = judged.join(enough, on="label").sort("row", "outcome")
    parts = parts.with_columns(end=pl.col("share").cum_sum().over("row").clip(0, 1))
    used = [name for name in CONTAINMENT if name in parts["outcome"]]
    told = [NAMES[name] for name in used]
    parts = parts.with_columns(
        start=(pl.col("end") - pl.col("share")).clip(0, 1),
        who=pl.col("outcome").cast(pl.String).replace_strict(NAMES, return_dtype=pl.String),
        said=pl.Series([outcome_told(row) for row in parts.to_dicts()], dtype=pl.String),
        full_name="label",
    )
    data = drawn(parts, "row", "start", "end", "who", "said", "full_name")
    named = rows.with_columns(pl.Series("name", names(rows["label"], space), dtype=pl.String))
    marks = drawn(named, "row", "lo", "hi", "name", "value")
    y = partial(row_axis, rows.height)
    color = alt.Scale(domain=told, range=[_COLORS[name] for name in used])
    # Of type ordinal, since a scale of opacity would take the first two for its ends.
    ink = alt.Scale(type="ordinal", domain=told, range=[_INKS[name] for name in used])
    tooltip = [
        alt.Tooltip("full_name:N", title="group"),
        alt.Tooltip("who:N", title="who answered"),
        alt.Tooltip("said:N", title="share, and n"),
    ]
    base = alt.Chart(marks).encode(y=y())
    edge = base.encode(x=alt.value(space.plot_width + space.right))
    return alt.layer(
        alt.Chart(data)
        .mark_bar(height=15)
        .encode(
            x=_x("start"),
            x2="end:Q",
            y=y(),
            color=alt.Color("who", type="nominal").scale(color).legend(None),
            opacity=alt.Opacity("who", type="nominal").scale(ink).legend(None),
            tooltip=tooltip,
        ),
        base.mark_rule(style="interval").encode(x=_x("lo"), x2="hi:Q"),
        edge.mark_text(style="note", align="right").encode(text="value:N"),
        *row_names(marks, space),
        *key_marks(_KEY, space, below=_FOOT),
    ).properties(width=space.plot_width, height=space.plot_height)


def _x(field: str) -> alt.X:
    return alt.X(field, type="quantitative").scale(domain=[0, 1]).axis(share_axis()).title(None)
