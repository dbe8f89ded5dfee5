"""How long the conversations on show were in each status; found out when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from drift_analysis.metrics import status_intervals, time_in_status
from drift_analysis.metrics.statistics.survival import survival_quantiles
from drift_analysis.schemas import Conversations, StatusEvents, TimeInStatus

if TYPE_CHECKING:
    import polars as pl

    from drift_analysis.schemas import Dataset

    from ..asked.facts import Facts
    from ..asked.selection import Selection

__all__ = ["Stays"]

_MOST = 200_000  # stays that are summed up; more are thinned out evenly, and that is said


class Stays:
    """The time of every conversation in every status, by the estimate of `time_in_status`.

    Examples
    --------
    >>> from drift_analysis.sources import load
    >>> from drift_analysis.widgets import Filters
    >>> from drift_analysis.widgets.asked.facts import facts_of
    >>> from drift_analysis.widgets.asked.selection import Selection
    >>> from drift_analysis.widgets.explorer.stays import Stays
    >>> dataset = load("data/sample")
    >>> facts = facts_of(dataset, tz="UTC")
    >>> found, step = Stays(dataset, facts).of(Selection(facts, Filters()))
    >>> found.columns, step
    (['status', 'n', 'n_censored', 'p10', 'p50', 'p90'], 1)
    """

    def __init__(self, dataset: Dataset[Any], facts: Facts) -> None:
        self._facts = facts
        self._as_of = dataset.as_of
        self._events: pl.LazyFrame = StatusEvents.require(dataset.status_events).lazy()

    def of(self, selection: Selection) -> tuple[pl.DataFrame, int]:
        """Sum up the stays of what is selected.

        Returns
        -------
        :
            One row per ``status``: ``n`` conversations that were in it, ``n_censored`` that still
            are, and the time after which a tenth, half and nine tenths had left (``p10``,
            ``p50``, ``p90``; null: not reached). And a number: one stay in so many was looked at.
        """
        found = self._all
        if selection.height < selection.total:
            found = found.filter(selection.mask.gather(found["row"]))
        step = max(1, -(-found.height // _MOST))
        shares = [0.1, 0.5, 0.9]
        names = ["status", "n", "n_censored", "p10", "p50", "p90"]
        summed = survival_quantiles(
            found.gather_every(step),
            duration="duration",
            censored="censored",
            by="status",
            q=shares,
        )
        return summed.select(names).sort("status"), step

    @cached_property
    def _all(self) -> pl.DataFrame:
        """Return ``row``, ``status``, ``duration`` and ``censored`` of every stay."""
        t = TimeInStatus
        key = t.conversation_id.name
        rows = (
            self._facts.table.lazy().select(Conversations.conversation_id.col).with_row_index("row")
        )
        if self._as_of is None:
            times = t.empty().lazy()
        else:
            times = time_in_status(
                status_intervals(
                    self._facts.conversations.lazy(),
                    messages=self._facts.messages,
                    status_events=self._events,
                    as_of=self._as_of,
                )
            )
        lived = times.filter(t.n_visits.col > 0, t.duration.col.is_not_null())
        chosen = lived.select(key, t.status.name, t.duration.name, t.censored.name)
        return chosen.join(rows, on=key, how="left", maintain_order="left").drop(key).collect()
