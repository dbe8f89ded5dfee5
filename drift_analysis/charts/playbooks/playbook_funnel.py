"""How far conversations get: from the start to a person, a meeting or a close, by playbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.metrics.statistics.proportions import wilson
from drift_analysis.schemas import PlaybookAttribution
from drift_analysis.schemas.base import require_moment

from ..kit.color import GREY
from ..kit.format import exact_count, human_share
from ..kit.frame import FEW, Drawing, Picture, Size, Space, by_size, calm, framed, limit_of, names
from ..kit.prepare import collected, drawn
from ..kit.rows import row_axis, row_names
from ..kit.theme import ACCENT
from ..kit.words import as_of_sentence, period
from .playbook_funnel_words import STEPS, funnel_words
from .playbook_rows import playbook_rows

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["playbook_funnel"]

_GAP, _TEXT, _WIDE = 10, 44, 40


def playbook_funnel(
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
    """Draw how far the conversations of each playbook get, a column per step.

    The steps are: started, the contact engaged, a human took part, a meeting was booked; where
    meetings were not loaded, closed in place of it. Each share is of the row's conversations,
    with its 95 % interval (Wilson) where there is room. Conversations without a playbook, and
    those of which it is unknown, stand apart below. Below five conversations counts stand alone.

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
    >>> chart = charts.playbook_funnel(schemas.PlaybookAttribution.empty(), as_of=noon)
    >>> chart.description
    'No picture: there are no conversations until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    table = collected(attribution, PlaybookAttribution)
    steps = _steps(table)
    rows = playbook_rows(table, steps, limit_of(limit, size, full=8, half=4))
    when = (period(since, as_of, tz), as_of_sentence(as_of, tz))
    words = funnel_words(rows, steps, when, is_wide=by_size(size, full=1, half=0) > 0).but(
        title, subtitle
    )
    if rows.is_empty():
        return calm("No conversations to follow.", words, size)
    n_rows = int(rows["row"].to_list()[-1]) + 2
    space = Space.for_rows(size, rows["label"].to_list(), rows=n_rows, right=0, foot=0)
    return framed(_picture(rows, steps, n_rows, space), words, space)


def _steps(table: pl.DataFrame) -> list[str]:
    """Choose the steps that were loaded, and one to end with."""
    used = table.filter(pl.col("conversations") > 0)
    loaded = [name for name in STEPS if not used.is_empty() and not used[name].has_nulls()]
    return [name for name in loaded if name != "closed" or "meetings" not in loaded]


def _picture(rows: pl.DataFrame, steps: list[str], n_rows: int, space: Space) -> Drawing:
    wide = space.plot_width / len(steps)
    longest = max(rows["conversations"])
    is_wide = wide - _GAP - _TEXT >= _WIDE
    room = wide - _GAP - (_TEXT if is_wide else 0)
    bars = pl.concat(
        _step(rows, step, (place * wide, room), longest) for place, step in enumerate(steps)
    )
    columns = ["row", "start", "end", "lo", "hi", "after", "value", "color", "full_name", "step"]
    data = drawn(bars, *columns)
    base = alt.Chart(data).encode(y=row_axis(n_rows))
    tooltip = [
        alt.Tooltip("full_name:N", title="playbook"),
        alt.Tooltip("step:N"),
        alt.Tooltip("value:N", title="share"),
    ]
    named = rows.with_columns(
        pl.Series("name", names(rows["label"], space), dtype=pl.String), row=pl.col("row") + 1
    )
    heads = pl.DataFrame(
        {
            "row": [0] * len(steps),
            "start": [place * wide for place in range(len(steps))],
            "step": [STEPS[step] for step in steps],
        }
    )
    head = alt.Chart(heads).encode(y=row_axis(n_rows), x=_x("start", space))
    return alt.layer(
        base.mark_bar(height=14 if is_wide else 5, yOffset=0 if is_wide else 8).encode(
            x=_x("start", space),
            x2="end:Q",
            color=alt.Color("color:N", scale=None),
            tooltip=tooltip,
        ),
        *(
            [base.mark_rule(style="interval").encode(x=_x("lo", space), x2="hi:Q")]
            if is_wide
            else []
        ),
        base.mark_text(
            style="note", align="left", dx=4 if is_wide else 0, dy=0 if is_wide else -4
        ).encode(x=_x("after" if is_wide else "start", space), text="value:N"),
        head.mark_text(
            style="strong" if is_wide else "note", align="left", baseline="middle"
        ).encode(text="step:N"),
        *row_names(drawn(named, "row", "name"), space, n_rows),
    ).properties(width=space.plot_width, height=space.plot_height)


def _step(rows: pl.DataFrame, step: str, place: tuple[float, float], longest: int) -> pl.DataFrame:
    """Place the bars of one step: the first as long as it is many, the others as a share."""
    few = pl.col("conversations") < FEW
    is_first = step == "conversations"
    share = pl.col(step) / (longest if is_first else pl.col("conversations"))
    start, room = place
    lo, hi = wilson(step, "conversations")
    drawn_share = share if is_first else pl.when(~few).then(share)
    bound = pl.when(~few & pl.lit(not is_first))
    told = [
        exact_count(row[step])
        if is_first or row["conversations"] < FEW
        else human_share(row[step] / row["conversations"])
        for row in rows.to_dicts()
    ]
    apart = pl.col("kind").is_in(["none", "unknown", "others"])
    placed = rows.select(
        row=pl.col("row") + 1,
        start=pl.lit(start),
        end=start + room * drawn_share.fill_null(0.0),
        lo=bound.then(start + room * lo),
        hi=bound.then(start + room * hi),
        value=pl.Series(told, dtype=pl.String),
        color=pl.when(apart | pl.lit(is_first)).then(pl.lit(GREY)).otherwise(pl.lit(ACCENT)),
        full_name="label",
        step=pl.lit(STEPS[step]),
    )
    # A number stands behind the interval, so that neither hides the other.
    return placed.with_columns(after=pl.max_horizontal("end", "hi"))


def _x(field: str, space: Space) -> alt.X:
    scale = alt.Scale(domain=[0, space.plot_width], nice=False)
    return alt.X(field, type="quantitative").scale(scale).axis(None)
