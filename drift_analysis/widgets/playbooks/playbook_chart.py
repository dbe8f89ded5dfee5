"""The picture of a comparison of two playbooks, to hand on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from drift_analysis.charts import survival_curve
from drift_analysis.charts.kit.axes import share_axis
from drift_analysis.charts.kit.color import GREY
from drift_analysis.charts.kit.dots import dot_rows, rings
from drift_analysis.charts.kit.format import exact_count, human_share
from drift_analysis.charts.kit.frame import FEW, Picture, Space, Words, calm, framed
from drift_analysis.charts.kit.text import shortened
from drift_analysis.charts.kit.theme import ACCENT
from drift_analysis.charts.kit.words import as_of_sentence
from drift_analysis.charts.playbooks.playbook_lift_words import CLEAR
from drift_analysis.schemas import PlaybookComparison

from .playbook_rates import SIDES
from .playbook_words import ASSOCIATION, OUTCOME_NAMES, finding, unknown_told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = ["ENDINGS", "playbook_chart"]

ENDINGS = {"answered": "been answered by a human", "closed": "been closed"}
"""What has happened to those that left each curve, as it follows "have"."""


def playbook_chart(
    comparison: pl.DataFrame,
    curves: pl.DataFrame | None = None,
    *,
    as_of: datetime | None,
    names: tuple[str, str] = SIDES,
    tz: str = "UTC",
    notes: Sequence[str] = (),
) -> Picture:
    """Draw what came of a playbook's conversations and of others, and how long it took.

    Filled dots are the playbook's, hollow ones those that it is compared with; lines are 95 %
    intervals (Wilson). Blue is where the two differ by more than chance among all outcomes.
    Fewer than five conversations stand as rings.

    Parameters
    ----------
    comparison
        A `PlaybookComparison` table.
    curves
        A `SurvivalCurve` table with ``what`` and ``side``; without it there are rates only.
    as_of
        The moment that the tables were computed for, with a time zone.
    names
        What the two sides are called.
    tz
        The time zone of the dates in the words.
    notes
        Sentences to be said below, such as which filters are on.

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError
        If `comparison` is no such table.
    InputError
        If there is no such time zone.

    Examples
    --------
    >>> from drift_analysis.schemas import PlaybookComparison
    >>> from drift_analysis.widgets import playbook_chart
    >>> playbook_chart(PlaybookComparison.empty(), as_of=None).description
    'No picture: there is nothing to compare.'
    """
    told = "" if as_of is None else as_of_sentence(as_of, tz)
    table = PlaybookComparison.require(comparison).drop_nulls("happened")
    if table.is_empty() or as_of is None:
        words = Words(
            "Nothing to compare", "", (*notes, told), "No picture: there is nothing to compare."
        )
        return calm("There is nothing to compare.", words, "full")
    picture = _rates(table, names, (*notes, told))
    for what, ended in ENDINGS.items():
        part = None if curves is None else curves.filter(pl.col("what") == what).drop("what")
        if part is not None and not part.is_empty():
            picture &= survival_curve(part, as_of=as_of, ended=ended, tz=tz)
    return picture


def _rates(table: pl.DataFrame, names: tuple[str, str], told: Sequence[str]) -> Picture:
    first, second = (shortened(name, 30) for name in names)
    rows = [part for place, row in enumerate(table.to_dicts()) for part in _pair(place, row)]
    frame = pl.DataFrame(rows, schema=_ROW)
    space = Space.for_rows("full", frame["label"].to_list(), rows=0, right=190, foot=26)
    space = Space(space.width, 24 * frame.height + 60, space.left, space.right, space.foot)
    highest = max([0.05, *frame["hi"].drop_nulls()])
    x = partial(_x, highest=min(1.0, 1.05 * highest))
    top = table.row(0, named=True)
    words = Words(
        title=f"{first} against {second}",
        subtitle=f"Share of conversations, 95 % interval · filled: {first} · hollow: {second} · "
        "blue: they differ clearly (q below 5 %)",
        caption=(finding(top, names), unknown_told(top["n_unknown"]), ASSOCIATION, *told),
        description="Dots with intervals, two for each outcome; x: share of conversations. "
        + " ".join(finding(row, names) for row in table.to_dicts()),
    )
    about = ("outcome", "share, and how many")
    return framed(dot_rows(frame, x, space, about=about), words, space)


def _pair(place: int, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the two rows of an outcome; there is a gap before the next one."""
    sides = (("happened", "conversations", False), ("other", "other_conversations", True))
    return [
        _one(3 * place + is_other, row, (side, row[all_], is_other))
        for side, all_, is_other in sides
    ]


def _one(number: int, row: dict[str, Any], side: tuple[str, int, bool]) -> dict[str, Any]:
    name, n, is_other = side
    happened = row["other_happened" if is_other else "happened"]
    is_drawn = n >= FEW and happened is not None
    counts = f"{exact_count(happened or 0)} of {exact_count(n)}"
    return {
        "row": number,
        "label": "" if is_other else OUTCOME_NAMES[row["outcome"]],
        "at": row[f"{name}_rate"] if is_drawn else None,
        "lo": row[f"{name}_lo"] if is_drawn else None,
        "hi": row[f"{name}_hi"] if is_drawn else None,
        "value": f"{human_share(happened / n)} · {counts}" if is_drawn else counts,
        "color": ACCENT if row["q"] is not None and row["q"] < CLEAR else GREY,
        "hollow": is_other,
        "each": "" if is_drawn else rings(happened or 0, n if n < FEW else 0),
    }


_ROW = {
    "row": pl.Int64,
    "label": pl.String,
    "at": pl.Float64,
    "lo": pl.Float64,
    "hi": pl.Float64,
    "value": pl.String,
    "color": pl.String,
    "hollow": pl.Boolean,
    "each": pl.String,
}


def _x(field: str, *, highest: float) -> alt.X:
    scale = alt.Scale(domain=[0, highest], nice=False)
    return alt.X(field, type="quantitative").scale(scale).axis(share_axis()).title(None)
