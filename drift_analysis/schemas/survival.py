"""How long things last, and how groups and cohorts differ, when some have not ended yet."""

from __future__ import annotations

from .base import Table, length, moment
from .columns import count, flag, number, rate, string

__all__ = ["CohortTrend", "CumulativeIncidence", "LogRank", "RestrictedMean", "SurvivalCurve"]


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


_NOT_YET = "none at risk, or nobody was watched to the horizon"


class CohortTrend(Table):
    """One row per period and group (whose columns stand first): the share that ended in time.

    A cohort is what began in the same period.
    """

    n = count("How many began in it and are at risk.")
    n_left_out = count("How many began in it and are not: their time or end is not known.")
    n_censored = count("How many of `n` were censored before the horizon.")
    horizon = length("How long each of them is watched.")
    share = rate("The share that ended within the horizon (Kaplan-Meier).", null=_NOT_YET)
    lo = rate("Lower 95 % bound (Greenwood, log-log).", null=f"{_NOT_YET}; share is 0 or 1")
    hi = rate("Upper 95 % bound (Greenwood, log-log).", null=f"{_NOT_YET}; share is 0 or 1")
    is_mature = flag("Whether the horizon had passed at `as_of` for all that began in the period.")
    matures_at = moment("When the horizon has passed for all that began in the period.")
