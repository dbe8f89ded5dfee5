"""How many are still waiting after a time, and how groups differ, when some have not ended yet."""

from __future__ import annotations

from .base import Table, length
from .columns import count, number, rate, string

__all__ = ["CumulativeIncidence", "LogRank", "RestrictedMean", "SurvivalCurve"]


class SurvivalCurve(Table):
    """One row per group and time at which something ended or was censored.

    The columns of the group stand before these. The first row of a group is at 0.
    """

    t = length("The time since the start.")
    at_risk = count("How many had not ended, and were not censored, just before it.")
    events = count("How many ended at it.")
    censored = count("How many were censored at it.")
    survival = rate("The share that has not ended after it (Kaplan-Meier).")
    lo = rate("Lower 95 % bound (Greenwood, log-log).", null="not defined where survival is 0 or 1")
    hi = rate("Upper 95 % bound (Greenwood, log-log).", null="not defined where survival is 0 or 1")


class CumulativeIncidence(Table):
    """One row per group, outcome and time: the share that ended so by then.

    The columns of the group stand before these. The first row of a group is at 0.
    """

    outcome = string("How it ended.")
    t = length("The time since the start.")
    at_risk = count("How many had not ended, and were not censored, just before it.")
    events = count("How many ended so at it.")
    incidence = rate("The share that ended so until then (Aalen-Johansen).")
    lo = rate("Lower 95 % bound (delta method, log-log).", null="incidence is 0 or 1")
    hi = rate("Upper 95 % bound (delta method, log-log).", null="incidence is 0 or 1")


class LogRank(Table):
    """One row per group of `by` (whose columns stand first): whether those compared differ."""

    n_groups = count("Groups that are compared.")
    n = count("How many there are in all of them.")
    events = count("How many of them ended.")
    chi2 = number(
        "The log-rank statistic.",
        null="fewer than two groups, more than twelve, or nothing to tell them apart by",
    )
    df = count("Its degrees of freedom.", null="no statistic")
    p = rate(
        "How often chance alone gives a statistic as large, if all groups end alike.",
        null="no statistic",
    )


class RestrictedMean(Table):
    """One row per group of `by` (whose columns stand first): the mean within a horizon."""

    n = count("How many there are.")
    n_censored = count("How many were censored before the horizon.")
    horizon = length("The longest that a time counts.")
    restricted_mean = length(
        "The mean time, where more than the horizon counts as the horizon.",
        null="nobody was watched to the horizon",
    )
    variance = number(
        "The variance of that mean (Greenwood).", unit="s²", null="nobody was watched to it"
    )
    lo = length("Lower 95 % bound (normal).", null="nobody was watched to the horizon")
    hi = length("Upper 95 % bound (normal).", null="nobody was watched to the horizon")
