"""How many are still waiting after a time, when some have not ended yet."""

from __future__ import annotations

from .base import Table, length
from .columns import count, rate, string

__all__ = ["CumulativeIncidence", "SurvivalCurve"]


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
