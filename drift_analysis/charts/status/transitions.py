"""How conversations move on: the steps from status to status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from drift_analysis.schemas import LIFE_ORDER, Transitions
from drift_analysis.schemas.base import require_moment

from ..kit.format import exact_count, human_duration, human_share
from ..kit.frame import Picture, Space, by_size, calm, framed
from ..kit.groups import in_groups, one_group
from ..kit.text import text_width
from ..kit.theme import ACCENT
from ..kit.words import as_of_sentence, spoken
from .transitions_words import nothing_moved, transition_words

if TYPE_CHECKING:
    from datetime import datetime

    from ..kit.frame import Drawing, Size

__all__ = ["transitions"]

_BEGAN, _STAYS = "began", "still in it"
_LEFT, _HEAD = 76, 34
_PALEST, _DARKEST = 0.06, 0.42


def transitions(
    steps: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    since: datetime | None = None,
    tz: str = "UTC",
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw the steps from status to status as a matrix: counts, shares and median waits.

    A row is the status that was left, a column the one that was entered; the first row are
    beginnings, the last column is what still runs. The stronger the colour, the larger the share
    of all that left the row's status. Below the count stands the median time before the step.

    Parameters
    ----------
    steps
        A `Transitions` table without groups.
    as_of
        The moment that the table was computed for, with a time zone.
    since
        When the period began, for the subtitle.
    tz
        The time zone of the dates in the words.
    title, subtitle
        Words of your own in place of the finding, and of the measure.
    size
        ``"full"`` (640 x 320) or ``"half"`` (310 x 240, without the waits).

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError
        If `steps` is no `Transitions` table, or one of several groups.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.transitions(schemas.Transitions.empty(), as_of=noon).description
    'No picture: there are no conversations until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    told = as_of_sentence(as_of, tz)
    space = Space.of(size, left=by_size(size, full=_LEFT, half=66), foot=4)
    table = one_group(in_groups(steps, Transitions), Transitions)
    if table.is_empty():
        return calm("No conversations.", nothing_moved(since, as_of, tz).but(title, subtitle), size)
    words = transition_words(table, (since, as_of, tz), told, size).but(title, subtitle)
    return framed(_matrix(table, space), words, space)


def _matrix(table: pl.DataFrame, space: Space) -> Drawing:
    left = [s for s in LIFE_ORDER if s in table["from_status"]]
    entered = [s for s in LIFE_ORDER if s in table["to_status"]]
    stays = [_STAYS] if table["to_status"].null_count() else []
    rows, columns = [_BEGAN, *left], [*entered, *stays]
    wide = space.plot_width / len(columns)
    high = (space.plot_height - _HEAD) / len(rows)
    cells = [_cell(step, rows, columns, (wide, high)) for step in table.to_dicts()]
    base = alt.Chart(pl.DataFrame(cells)).encode(x=_px("x", space), y=_py("y", space))
    opacity = alt.Opacity("opacity", type="quantitative").scale(None).legend(None)
    rect = base.mark_rect(color=ACCENT).encode(x2="x2:Q", y2="y2:Q", opacity=opacity)
    is_low = high < 34 or any(text_width(cell["note"], 12) > wide for cell in cells)
    texts = [
        base.mark_text(style="strong", baseline="middle", dy=0 if is_low else -7).encode(
            x=_px("xm", space), y=_py("ym", space), text="count:N"
        )
    ]
    if not is_low:
        texts.append(
            base.mark_text(style="note", baseline="middle", dy=9).encode(
                x=_px("xm", space), y=_py("ym", space), text="note:N"
            )
        )
    return alt.layer(rect, *texts, *_heads(rows, columns, (wide, high), space)).properties(
        width=space.plot_width, height=space.plot_height
    )


def _cell(
    step: dict[str, Any],
    rows: list[str],
    columns: list[str],
    sides: tuple[float, float],
) -> dict[str, Any]:
    wide, high = sides
    x = columns.index(step["to_status"] or _STAYS) * wide
    y = _HEAD + rows.index(step["from_status"] or _BEGAN) * high
    share, wait = step["share"], step["median_wait"]
    said = "" if wait is None else human_duration(wait)
    return {
        "x": x + 1,
        "x2": x + wide - 1,
        "xm": x + wide / 2,
        "y": y + 1,
        "y2": y + high - 1,
        "ym": y + high / 2,
        "opacity": _PALEST + (_DARKEST - _PALEST) * share,
        "count": exact_count(step["n"]),
        "note": said or human_share(share),
    }


def _heads(
    rows: list[str], columns: list[str], sides: tuple[float, float], space: Space
) -> list[alt.Chart]:
    """Name rows and columns, and say which is which."""
    wide, high = sides
    top = [
        {"x": (n + 0.5) * wide, "said": said} for n, said in enumerate(_side_by_side(columns, wide))
    ]
    side = [{"y": _HEAD + (n + 0.5) * high, "said": spoken(name)} for n, name in enumerate(rows)]
    above = alt.Chart(pl.DataFrame(top)).mark_text(
        style="note", align="center", baseline="line-bottom", lineBreak="\n"
    )
    beside = alt.Chart(pl.DataFrame(side)).mark_text(style="note", align="left", baseline="middle")
    corner = alt.Chart(pl.DataFrame({"said": ["from ↓ to →"]}))
    corner_text = corner.mark_text(style="note", align="left")
    return [
        above.encode(x=_px("x", space), y=alt.value(8), text="said:N"),
        beside.encode(x=alt.value(-space.left), y=_py("y", space), text="said:N"),
        corner_text.encode(x=alt.value(-space.left), y=alt.value(8), text="said:N"),
    ]


def _side_by_side(columns: list[str], wide: float) -> list[str]:
    """Write each head in a line; where they would touch, every other one a line lower."""
    heads = [spoken(name) for name in columns]
    is_tight = any(text_width(head, 12) > wide - 4 for head in heads)
    return [f" \n{head}" if is_tight and n % 2 == 0 else head for n, head in enumerate(heads)]


def _py(field: str, space: Space) -> alt.Y:
    pixels = alt.Y(field, type="quantitative").scale(domain=[space.plot_height, 0], nice=False)
    return pixels.axis(None)


def _px(field: str, space: Space) -> alt.X:
    pixels = alt.X(field, type="quantitative").scale(domain=[0, space.plot_width], nice=False)
    return pixels.axis(None)
