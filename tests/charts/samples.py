"""Small tables for the pictures of status and survival, and one of each kind by name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from builders import NOON, table
from charts.tables import AS_OF, MINUTE
from drift_analysis import charts, metrics
from drift_analysis.schemas import (
    Ageing,
    CohortTrend,
    Flow,
    MetricCoverage,
    TimeInStatusGroups,
    Transitions,
    Variants,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from drift_analysis.charts.kit.frame import Picture

HOSTILE = "</script><script>alert(1)</script> a.b:c[0]'\"\\ {datum.x} \n" + 30 * "W"

DAY = timedelta(days=1)


def lengths(
    *minutes: float, running: tuple[float, ...] = (), group: str | None = None
) -> pl.DataFrame:
    """Build things that last, in minutes: those that ended, and those that still run."""
    rows = [(m, False) for m in minutes] + [(m, True) for m in running]
    frame = pl.DataFrame(
        {
            "length": [m * MINUTE for m, _ in rows],
            "censored": [still for _, still in rows],
            "group": pl.Series([group] * len(rows), dtype=pl.String),
        },
        schema_overrides={"length": pl.Duration("ms"), "censored": pl.Boolean},
    )
    return frame if group is not None else frame.drop("group")


def curve(frame: pl.DataFrame) -> pl.DataFrame:
    """Compute a `SurvivalCurve`, by group if there are groups."""
    by = "group" if "group" in frame.columns else None
    return metrics.survival_curve(frame, duration="length", censored="censored", by=by)


def outcomes(*rows: tuple[float, str | None]) -> pl.DataFrame:
    """Compute a `CumulativeIncidence` from minutes and outcomes; None still runs."""
    frame = pl.DataFrame(
        {"length": [m * MINUTE for m, _ in rows], "outcome": [how for _, how in rows]},
        schema={"length": pl.Duration("ms"), "outcome": pl.String},
    )
    return metrics.cumulative_incidence(frame, duration="length", outcome="outcome")


def groups(*rows: dict[str, Any], status: str = "open") -> pl.DataFrame:
    """Build `TimeInStatusGroups` from group, n and median in minutes (None: not reached)."""
    filled = []
    for row in rows:
        half = None if row["median"] is None else row["median"] * MINUTE
        bounds = {"median_min": half, "median_max": half}
        running = row.get("running", 0)
        shares = {"n_censored": running, "share_censored": running / row["n"]}
        spent = dict.fromkeys(("total", "mean"), MINUTE)
        filled.append({**spent, **bounds, **shares, "p90": half, **row, "median": half})
    names = pl.Series("group", [row["group"] for row in rows], dtype=pl.String)
    made = table(TimeInStatusGroups, filled, status=status)
    return made.select(names, pl.all())


def cohorts(*rows: dict[str, Any], group: str | None = None) -> pl.DataFrame:
    """Build a `CohortTrend` by week from n and share, with an interval of 10 points."""
    filled = []
    for row in rows:
        share = row["share"]
        bounds = {} if share is None else {"lo": max(0.0, share - 0.1), "hi": min(1.0, share + 0.1)}
        filled.append({"n_left_out": 0, "n_censored": 0, "is_mature": True, **bounds, **row})
    made = table(CohortTrend, filled, horizon=DAY, matures_at=AS_OF)
    first = date(2026, 3, 2)
    weeks = pl.Series("period", [first + timedelta(weeks=n) for n in range(len(rows))])
    made = made.select(weeks, pl.all())
    return made if group is None else made.with_columns(group=pl.lit(group))


def flows(*rows: dict[str, Any], every: int = 7, first: date = date(2026, 3, 2)) -> pl.DataFrame:
    """Build a `Flow` by week from counts; exact unless bounds are given, and consistent."""
    filled, arrived, closed = [], 0, 0
    for n, row in enumerate(rows):
        counts = {"arrivals": 0, "closes": 0, "reopens": 0, "open": 0, "pending": 0, **row}
        arrived, closed = arrived + counts["arrivals"], closed + counts["closes"]
        levels = {
            "open": counts["open"],
            "pending": counts["pending"],
            "backlog": counts["open"] + counts["pending"],
            "cumulative_arrivals": arrived,
            "cumulative_closes": closed,
        }
        exact = {f"{name}{end}": v for name, v in levels.items() for end in ("", "_min", "_max")}
        filled.append(
            {
                "period": first + timedelta(days=every * n),
                "is_complete": True,
                "net_flow": counts["arrivals"] + counts["reopens"] - counts["closes"],
                **exact,
                **counts,
            }
        )
    return table(Flow, filled)


def work(*hours: float, finished: tuple[float, float] | None = (2, 8), **more: Any) -> pl.DataFrame:
    """Build `Ageing` from ages in hours, and when half and nine in ten had finished."""
    rows = [
        {
            "conversation_id": n,
            "age": timedelta(hours=age),
            "arrived_at": NOON - timedelta(hours=age),
        }
        for n, age in enumerate(hours)
    ]
    known: dict[str, Any] = {"n_finished": 0} if finished is None else {"n_finished": 10}
    if finished is not None:
        known |= {
            "finished_p50": timedelta(hours=finished[0]),
            "finished_p90": timedelta(hours=finished[1]),
        }
    return table(Ageing, rows, **{"status": "open", "is_certain": True, **known, **more})


def steps(*rows: tuple[str | None, str | None, int, float]) -> pl.DataFrame:
    """Build `Transitions` from (from, to, n, minutes waited); shares are those of the row."""
    totals: dict[str | None, int] = {}
    for left, _, n, _ in rows:
        totals[left] = totals.get(left, 0) + n
    filled = [
        {
            "from_status": left,
            "to_status": entered,
            "n": n,
            "conversations": n,
            "share": n / totals[left],
            "n_certain": n,
            "n_loops": 0,
            "median_wait": None if left is None else minutes * MINUTE,
            "mean_wait": None if left is None else minutes * MINUTE,
        }
        for left, entered, n, minutes in rows
    ]
    return table(Transitions, filled)


def ways(*rows: tuple[list[str], int], is_open: bool = False) -> pl.DataFrame:
    """Build `Variants` from statuses and counts."""
    n = sum(count for _, count in rows)
    filled = [
        {
            "variant": " → ".join(statuses),
            "statuses": statuses,
            "is_open": is_open,
            "conversations": count,
            "share": count / n,
            "n_certain": 0,
            "rank": rank,
        }
        for rank, (statuses, count) in enumerate(rows, 1)
    ]
    return table(Variants, filled)


def coverage(**counts: int) -> pl.DataFrame:
    """Build `MetricCoverage` from how many of 200 have what a metric needs."""
    rows = [
        {"metric": name, "possible": n > 0, "n": n, "of": 200, "share": n / 200}
        for name, n in counts.items()
    ]
    return table(MetricCoverage, rows, needs="a detail reply", caveat="None.")


def pictures(name: str = "Sales") -> dict[str, Callable[..., Picture]]:
    """Return one picture of each kind, with `name` wherever a picture says a name."""
    spread = [float(2**n) for n in range(12)]
    many = pl.concat(
        [
            lengths(*spread, running=(700, 3_000), group=name),
            lengths(*(9 * m for m in spread), group="Support"),
        ]
    )
    ended = [name, "closed", None]
    some = [(m, ended[n % 3]) for n, m in enumerate(spread)]
    trend = pl.concat(
        cohorts(
            {"n": 20, "share": 0.3},
            {"n": 30, "share": 0.6},
            {"n": 9, "share": 0.5, "is_mature": False},
            group=group,
        )
        for group in (name, "Support")
    )
    weeks = [
        {"arrivals": 9 + n, "closes": 8, "reopens": n % 2, "open": 3 + n, "pending": 2}
        for n in range(9)
    ]
    bounded = {"open_min": 5, "open_max": 14, "cumulative_closes_max": 19, "closes": 3}
    days = [{"arrivals": n % 6} for n in range(60)]
    by = groups(
        {"group": name, "n": 40, "median": 300, "running": 4, "median_max": 400 * MINUTE},
        {"group": "Support", "n": 12, "median": 20, "p90": None},
        {"group": "New", "n": 2, "median": 3},
    )
    moved = steps((None, "open", 40, 0), ("open", "closed", 30, 90), ("open", None, 10, 500))
    took = ways((["open", "closed"], 30), (["open", "pending", "closed"], 9), (["open"], 1))
    known = coverage(time_in_status=200, first_response=150, tag_frequency=0)
    c = charts
    tables: dict[str, tuple[Callable[..., Picture], pl.DataFrame]] = {
        "survival_curve": (c.survival_curve, curve(many)),
        "cumulative_incidence": (c.cumulative_incidence, outcomes(*some)),
        "time_in_status_by": (c.time_in_status_by, by),
        "cohort_trend": (c.cohort_trend, trend),
        "flow": (c.flow, flows(*weeks[:-1], {**weeks[-1], **bounded})),
        "backlog": (c.backlog, flows(*weeks[:-1], {**weeks[-1], **bounded})),
        "net_flow": (c.net_flow, flows(*weeks, {"arrivals": 2, "is_complete": False})),
        "ageing": (c.ageing, work(1, 2, 2.1, 9, 40, status="open")),
        "calendar": (c.calendar, flows(*days, every=1)),
        "transitions": (c.transitions, moved),
        "variants": (c.variants, took),
        "completeness": (c.completeness, known),
    }
    return {kind: _drawing(draw, frame) for kind, (draw, frame) in tables.items()}


def _drawing(draw: Callable[..., Picture], frame: pl.DataFrame) -> Callable[..., Picture]:
    def drawing(**options: Any) -> Picture:
        how: Callable[[pl.DataFrame], pl.DataFrame | pl.LazyFrame]
        how = options.pop("how", lambda given: given)
        return draw(how(frame), **{"as_of": AS_OF, **options})

    return drawing
