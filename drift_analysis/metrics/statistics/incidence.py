"""How things end when several ends compete and some have not come yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drift_analysis.schemas import CumulativeIncidence
from drift_analysis.schemas.base import as_given

from ..arguments import grouping, require_columns, require_duration, with_groups
from .life_tables import EVERYTHING, WORKING, incidences, observations, outcomes_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas.base import Frame

__all__ = ["cumulative_incidence"]


def cumulative_incidence(
    frame: Frame,
    *,
    duration: str,
    outcome: str,
    by: str | Sequence[str] | None = None,
    censored_as: str | None = "waiting",
) -> Frame:
    """Estimate the share that ended in each way by each time, by Aalen and Johansen.

    Several ends compete: a conversation that was closed without an answer will never be
    answered. Kaplan and Meier's curve of the answers alone would treat it as still waiting,
    and promise more answers than come.

    Parameters
    ----------
    frame, duration, by
        As for `survival_curve`.
    outcome
        The column that tells how it ended; null where it was still running.
    censored_as
        A word in that column that also means still running; `first_response` says ``waiting``.

    Returns
    -------
    :
        The columns of `by`, then a `CumulativeIncidence` table: ``outcome``, ``t``,
        ``at_risk``, ``events``, ``incidence``, and ``lo`` and ``hi`` (95 %, null where the
        incidence is 0 or 1). Every group has every outcome (of an Enum all its values, else
        those that occur) at every time of the group, so the incidences at a time and the share
        still running add up to 1. Sorted by group, outcome (an Enum in its own order) and time.

    Raises
    ------
    InputError
        As for `survival_curve`.

    References
    ----------
    O. Aalen and S. Johansen, Scandinavian Journal of Statistics 5 (1978). The variance is that
    of the delta method, and the band on the scale of log(-log F), as D. Collett, "Modelling
    survival data in medical research", and lifelines.

    Examples
    --------
    >>> from datetime import timedelta
    >>> import polars as pl
    >>> from drift_analysis.metrics.statistics.incidence import cumulative_incidence
    >>> waits = pl.DataFrame({
    ...     "wait": [timedelta(minutes=m) for m in (1, 2, 3, 4)],
    ...     "outcome": ["answered", "closed", "waiting", "answered"],
    ... })
    >>> curves = cumulative_incidence(waits, duration="wait", outcome="outcome")
    >>> curves.group_by("outcome", maintain_order=True).agg(pl.col("incidence").last())
    shape: (2, 2)
    ┌──────────┬───────────┐
    │ outcome  ┆ incidence │
    │ ---      ┆ ---       │
    │ str      ┆ f64       │
    ╞══════════╪═══════════╡
    │ answered ┆ 0.75      │
    │ closed   ┆ 0.25      │
    └──────────┴───────────┘
    """
    keys: list[str] = grouping(by, taken=[*CumulativeIncidence.column_names(), *WORKING])
    require_duration(require_columns(frame, [duration, outcome, *keys]), duration)
    ended_as = outcomes_in(frame.lazy(), outcome, censored_as)
    seen = observations(frame.lazy(), duration=duration, event=ended_as, keys=keys)
    rows = incidences(seen, keys or [EVERYTHING]).sort(*keys, "outcome", "t", nulls_last=True)
    return as_given(with_groups(CumulativeIncidence, rows, keys), frame)
