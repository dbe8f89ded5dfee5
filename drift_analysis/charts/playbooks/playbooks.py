"""Which playbook earns its place: how often those it reaches answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.metrics.statistics.proportions import wilson
from drift_analysis.schemas import PlaybookAttribution
from drift_analysis.schemas.base import require_moment

from ..kit.axes import share_axis
from ..kit.color import GREY
from ..kit.format import plural
from ..kit.frame import FEW, Drawing, Picture, Space, calm, framed, limit_of, names
from ..kit.prepare import collected, drawn
from ..kit.rows import row_axis, row_names
from ..kit.theme import ACCENT
from ..kit.words import as_of_sentence, period

if TYPE_CHECKING:
    from datetime import datetime

    from ..kit.frame import Size

from .playbooks_words import each_told, playbooks_words, rate_of_all, rate_told

__all__ = ["playbook_attribution"]

_VALUE = 44
_APART = {"none": "no playbook", "unknown": "playbook unknown"}


def playbook_attribution(
    attribution: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw how often the conversations of each playbook are answered: dot and interval.

    The dot is the share in which the contact engaged, the line its 95 % interval (Wilson). The
    dashed line is the rate of all playbooks together. Conversations without a playbook, and
    those of which it is unknown, stand apart below. A playbook with fewer than five
    conversations shows each of them as a ring, filled where the contact engaged.

    Parameters
    ----------
    attribution
        A `PlaybookAttribution` table.
    as_of
        The moment that the table was computed for, with a time zone.
    since
        When the period began, for the subtitle.
    tz
        The time zone of the dates in the words.
    limit
        How many playbooks to show: those with the most conversations, 8 or in half size 4 if
        not given. The rest become one row.
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
        If `attribution` is no `PlaybookAttribution` table.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> chart = charts.playbook_attribution(schemas.PlaybookAttribution.empty(), as_of=noon)
    >>> chart.description
    'No picture: there are no conversations until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    table = collected(attribution, PlaybookAttribution)
    rows = _rows(table, limit_of(limit, size, full=8, half=4))
    span = period(since, as_of, tz)
    words = playbooks_words(rows, table, span, as_of_sentence(as_of, tz)).but(title, subtitle)
    if rows.is_empty():
        return calm("No conversations to attribute.", words, size)
    n_rows = int(rows["row"].to_list()[-1]) + 1
    space = Space.for_rows(size, rows["label"].to_list(), rows=n_rows, right=92, foot=26)
    return framed(_picture(rows, space), words, space)


def _rows(table: pl.DataFrame, limit: int) -> pl.DataFrame:
    """Order playbooks by their rate, fold the small ones, and set the others apart."""
    known = table.filter(pl.col("attribution") == "playbook", pl.col("conversations") > 0)
    ranked = known.sort("conversations", "playbook_id", descending=[True, False], nulls_last=True)
    shown, tail = ranked.head(limit), ranked.tail(-limit)
    label = pl.coalesce(
        "playbook_name", pl.format("playbook {} (not in the list)", "playbook_id")
    ).alias("label")
    counts = ["conversations", "engaged"]
    parts = [
        _rated(shown.select(label, *counts, kind=pl.lit("playbook"))).sort(
            pl.col("conversations") < FEW, "rate", descending=[False, True], maintain_order=True
        )
    ]
    if not tail.is_empty():
        name = pl.lit(f"{plural(tail.height, 'other playbook')}")
        parts.append(
            _rated(
                tail.select(pl.col(counts).sum()).select(
                    name.alias("label"), *counts, kind=pl.lit("others")
                )
            )
        )
    apart = table.filter(pl.col("attribution") != "playbook", pl.col("conversations") > 0)
    kind = pl.col("attribution").cast(pl.String)
    parts.append(
        _rated(apart.select(kind.replace(_APART).alias("label"), *counts, kind=kind)).sort("kind")
    )
    rows = pl.concat(parts)
    gap = (pl.col("kind").is_in(["none", "unknown"])).cast(pl.Int64) * int(not known.is_empty())
    return rows.with_columns(row=pl.int_range(pl.len()) + gap)


def _rated(rows: pl.DataFrame) -> pl.DataFrame:
    lo, hi = wilson("engaged", "conversations")
    enough = pl.col("conversations") >= FEW
    return rows.with_columns(
        pl.col("conversations", "engaged").cast(pl.Int64),
        rate=pl.col("engaged") / pl.col("conversations"),
        lo=lo,
        hi=hi,
    ).with_columns(pl.when(enough).then(pl.col("rate", "lo", "hi")))


def _picture(rows: pl.DataFrame, space: Space) -> Drawing:
    n_rows = int(rows["row"].to_list()[-1]) + 1
    texts = {
        "name": names(rows["label"], space),
        "full_name": rows["label"].to_list(),
        "value": [rate_told(row) for row in rows.to_dicts()],
        "each": [each_told(row) for row in rows.to_dicts()],
        "color": [ACCENT if kind == "playbook" else GREY for kind in rows["kind"]],
    }
    data = drawn(
        rows.with_columns(pl.Series(name, values) for name, values in texts.items()),
        *("row", "rate", "lo", "hi", *texts),
    )
    together = rate_of_all(rows)
    is_few = bool((rows["conversations"] < FEW).all())
    x = partial(_x, is_few=is_few)
    # Rings are no shares: they stand on an axis of shares nowhere.
    rings = alt.value(2) if is_few else alt.value(space.plot_width + space.right - _VALUE)
    base = alt.Chart(data).encode(y=row_axis(n_rows), color=alt.Color("color:N", scale=None))
    plain = alt.Chart(data).encode(y=row_axis(n_rows))
    tooltip = [
        alt.Tooltip("full_name:N", title="playbook"),
        alt.Tooltip("value:N", title="engaged, and n"),
    ]
    dashed = pl.DataFrame({"rate": [together]}, schema={"rate": pl.Float64})
    reference = alt.Chart(dashed).mark_rule(style="reference").encode(x=x("rate"))
    edge = plain.encode(x=alt.value(space.plot_width + space.right))
    return alt.layer(
        *([] if together is None else [reference]),
        base.mark_rule(strokeWidth=1.5).encode(x=x("lo"), x2="hi:Q"),
        base.mark_point(filled=True, size=110, opacity=1).encode(x=x("rate"), tooltip=tooltip),
        base.mark_text(align="left" if is_few else "right", fontSize=13).encode(
            x=rings, text="each:N"
        ),
        edge.mark_text(style="note", align="right").encode(text="value:N"),
        *row_names(data, space, n_rows),
    ).properties(width=space.plot_width, height=space.plot_height)


def _x(field: str, *, is_few: bool) -> alt.X:
    shares = alt.X(field, type="quantitative").scale(domain=[0, 1])
    return shares.axis(None if is_few else share_axis()).title(None)
