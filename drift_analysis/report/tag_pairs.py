"""Which tags go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import plural
from drift_analysis.schemas import TagCooccurrence

from .parts import Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["section", "tells"]

_FEWEST, _CHANCE, _SHOWN = 5, 0.05, 25


def tells(m: Measures) -> bool:
    """Whether two tags are frequent enough to be compared."""
    return not _often(metrics.tag_cooccurrence(m.conversations)).is_empty()


def section(m: Measures) -> Section:
    """How many more conversations have two tags than would by chance."""
    t, pairs = TagCooccurrence, metrics.tag_cooccurrence(m.conversations)
    return Section(
        name="tag-pairs",
        question="Which tags go together?",
        sentences=_findings(_often(pairs)),
        chart=charts.tag_cooccurrence(pairs, since=m.since, as_of=m.as_of, tz=m.tz),
        numbers=_often(pairs)
        .head(_SHOWN)
        .select(
            t.tag_a.col.alias("Tag"),
            t.tag_b.col.alias("And"),
            t.n_ab.col.alias("Both"),
            t.n_a.col.alias("The first"),
            t.n_b.col.alias("The other"),
            t.lift.col.round(1).cast(pl.String).alias("Times chance"),
            (t.q.col < _CHANCE).alias("More or less than chance"),
        ),
        data=pairs,
        definition="Of the conversations whose tags are known. Times chance: how many have both, "
        "against how many would if the one had nothing to do with the other. More or less than "
        "chance: q below 5 % among all pairs (Fisher's exact test, Benjamini and Hochberg). The "
        f"table has pairs of tags that are on {_FEWEST} conversations or more each, the most "
        "frequent first.",
    )


def _often(pairs: pl.DataFrame) -> pl.DataFrame:
    """Keep the pairs of tags that are both frequent enough to be drawn."""
    t = TagCooccurrence
    return pairs.filter((t.n_a.col >= _FEWEST) & (t.n_b.col >= _FEWEST))


def _findings(often: pl.DataFrame) -> tuple[str, ...]:
    t = TagCooccurrence
    if often.is_empty():
        return (f"No two tags are on {_FEWEST} conversations or more each.",)
    clear = often.filter(t.q.col < _CHANCE)
    more = clear.filter(t.lift.col > 1).height
    stand = "stands" if more == 1 else "stand"
    return (
        f"Of {plural(often.height, 'pair')} of tags that are on {_FEWEST} conversations or more "
        f"each, {more or 'none'} {stand} together more often than chance would have it, and "
        f"{clear.height - more or 'none'} less often.",
        "So many pairs were looked at together: what is pale may be chance.",
    )
