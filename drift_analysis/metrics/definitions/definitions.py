"""The definitions of the tools as data: one row per rule, with its source."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError, SchemaError
from drift_analysis.schemas import Definitions
from drift_analysis.schemas.definitions import AVERAGES, DEFINED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["OURS", "VALUES", "Profile", "definitions", "profiles_of", "require_metric"]

Profile = dict[str, str]
"""The value of each rule of a metric, in the order of the rules."""

OURS = "drift_analysis"
"""The tool whose definitions are those of the other metrics here."""

_TIMES: dict[str, tuple[str, ...]] = {
    "unfinished": ("censored", "left_out"),
    "hours": ("all", "business"),
    "average": AVERAGES,
}
_CLOSES: dict[str, tuple[str, ...]] = {
    "population": ("engaged", "all", "contacted", "replied"),
    "clock": ("created", "first_contact"),
}
_HOW: dict[str, tuple[str, ...]] = {"close": ("last", "first", "open_time")}

VALUES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "first_response": {
        "population": ("contacted", "all"),
        "clock": ("first_contact", "created", "handoff", "handoff_or_created"),
        "greetings": ("no_answer", "all_but_opening", "answers"),
        "bots": ("no_answer", "answers"),
        "automatic": ("answers", "no_answer"),
        "notes": ("no_answer", "answers"),
        "reopened": ("goes_on", "restarts"),
        **_TIMES,
    },
    "time_to_first_close": {**_CLOSES, **_HOW, **_TIMES},
    "time_to_last_close": {**_CLOSES, **_HOW, "reopened": ("goes_on", "kept"), **_TIMES},
    "reopens": {**_CLOSES, "average": ("mean",)},
}
"""The rules of each metric in their order, and the values that each can have."""


def definitions(metric: str | None = None) -> pl.DataFrame:
    """Return how each tool defines first response time, times to close, and reopens.

    Parameters
    ----------
    metric
        One of ``first_response``, ``time_to_first_close``, ``time_to_last_close`` and
        ``reopens``; all of them by default.

    Returns
    -------
    :
        A `Definitions` table: ``tool``, ``metric``, ``rule``, ``value``, ``is_documented``
        (whether the source says so, or it is read that way), ``source``, ``address``. The tools
        are ``drift_analysis`` (ours), ``drift``, ``zendesk``, ``intercom``, ``chatwoot`` and
        ``front``; one that does not report a number has no rows for it.

        It is a frame like any other: change values or add a tool of your own, and hand it to
        `reconcile`. What rules and values mean is in docs/metrics/reconcile.md.

    Raises
    ------
    InputError
        If there is no such metric.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.metrics.definitions.definitions import definitions
    >>> clocks = definitions("first_response").filter(pl.col("rule") == "clock")
    >>> clocks.select("tool", "value", "is_documented")
    shape: (6, 3)
    ┌────────────────┬────────────────────┬───────────────┐
    │ tool           ┆ value              ┆ is_documented │
    │ ---            ┆ ---                ┆ ---           │
    │ str            ┆ str                ┆ bool          │
    ╞════════════════╪════════════════════╪═══════════════╡
    │ drift_analysis ┆ first_contact      ┆ true          │
    │ drift          ┆ handoff            ┆ true          │
    │ zendesk        ┆ created            ┆ true          │
    │ intercom       ┆ first_contact      ┆ true          │
    │ chatwoot       ┆ handoff_or_created ┆ true          │
    │ front          ┆ first_contact      ┆ true          │
    └────────────────┴────────────────────┴───────────────┘
    """
    if metric is None:
        return _written().clone()
    require_metric(metric)
    return _written().filter(Definitions.metric.col == metric)


@cache
def _written() -> pl.DataFrame:
    text = files(__package__).joinpath("definitions.csv").read_bytes()
    rows = pl.read_csv(BytesIO(text), schema_overrides={"is_documented": pl.Boolean})
    return Definitions.checked(Definitions.conform(rows))


def require_metric(metric: str) -> None:
    """Check that there are definitions of a metric.

    Raises
    ------
    InputError
        If there are none.
    """
    if metric not in DEFINED:
        raise InputError.unknown_choice("metric", metric, DEFINED)


def profiles_of(
    table: pl.DataFrame | None,
    metric: str,
    wanted: Iterable[str] | None = None,
    *,
    argument: str = "profiles",
) -> dict[str, Profile]:
    """Return the profiles of a metric by their names, each with its rules in their order.

    `argument` is what the caller calls the names.

    Raises
    ------
    SchemaError
        If it is no `Definitions` table.
    InputError
        If there is no such profile, or one lacks a rule, has it twice, or gives it a value that
        it cannot have.
    """
    require_metric(metric)
    given = definitions() if table is None else table
    if not isinstance(given, pl.DataFrame):
        raise SchemaError.not_a_frame(Definitions.__name__, given)
    rows = Definitions.require(given).filter(Definitions.metric.col == metric)
    found: dict[str, list[tuple[str, str]]] = {}
    for tool, rule, value in rows.select("tool", "rule", "value").iter_rows():
        found.setdefault(tool, []).append((rule, value))
    names = list(found) if wanted is None else list(dict.fromkeys(wanted))
    for name in names:
        if name not in found:
            raise InputError.unknown_choice(argument, name, found)
    return {name: _profile(name, metric, found[name]) for name in names}


def _profile(name: str, metric: str, rules: list[tuple[str, str]]) -> Profile:
    """Put the rules of one profile in order, each with a value that it can have."""
    allowed = VALUES[metric]
    told = dict(rules)
    lacking = [rule for rule in allowed if rule not in told]
    surplus = [rule for rule, _ in rules if rule not in allowed]
    twice = [rule for rule in told if sum(rule == each for each, _ in rules) > 1]
    for what, wrong in (("lacks", lacking), ("cannot have", surplus), ("repeats", twice)):
        if wrong:
            raise InputError.of(
                f"The definition of {metric} by {name!r} {what} the rule {wrong[0]!r}.",
                f"Its rules are {', '.join(repr(rule) for rule in allowed)}.",
                "da.definitions() as a model.",
            )
    for rule, value in told.items():
        if value not in allowed[rule]:
            raise InputError.unknown_choice(f"{name}: {rule}", value, allowed[rule])
    return {rule: told[rule] for rule in allowed}
