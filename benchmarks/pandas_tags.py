"""Tags in pandas: what is counted, and a loop over tags for the tests of each against the rest."""

from __future__ import annotations

from math import erfc, exp, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pandas_tables import KEY, read, survival, uses

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TAGS"]

_Z = NormalDist().inv_cdf(0.975)
_ROUNDING = 1e-12
Files = dict[str, list[str]]


def _frequency(files: Files) -> pd.DataFrame:
    rows = read(files["conversations"], [KEY, "created_at", "tags"])
    had = uses(files)
    for each in (rows, had):
        each["period"] = each.created_at.dt.tz_localize(None).dt.to_period("M").dt.start_time
    months = pd.date_range(rows.period.min(), rows.period.max(), freq="MS")
    grid = pd.MultiIndex.from_product([months, had.same.unique()], names=["period", "tag"])
    counts = had.groupby(["period", "same"]).agg(
        conversations=(KEY, "size"),
        first_seen=("created_at", "min"),
        last_seen=("created_at", "max"),
    )
    found = counts.rename_axis(["period", "tag"]).reindex(grid).reset_index()
    found["conversations"] = found.conversations.fillna(0).astype(int)
    found["n_known"] = found.period.map(rows[rows.tags.notna()].groupby("period").size())
    found["n_unknown"] = found.period.map(rows[rows.tags.isna()].groupby("period").size())
    found["share"] = found.conversations / found.n_known
    ranked = found.groupby("period").conversations.rank("min", ascending=False)
    found["rank"] = ranked.astype(int)
    found = _spelled(found, had, "tag").sort_values(["period", "rank", "tag"])
    return found.assign(period=found.period.dt.date)


def _distinctive(files: Files) -> pd.DataFrame:
    had = uses(files)
    found = pd.DataFrame(
        {
            "first": had[had.inbox_id <= 4].groupby("same").size(),
            "second": had[had.inbox_id > 4].groupby("same").size(),
        }
    ).fillna(0)
    all_first, all_second = found["first"].sum(), found.second.sum()
    found["prior"] = 10 * (found["first"] + found.second) / (all_first + all_second)
    one, two = found["first"] + found.prior, found.second + found.prior
    other, another = all_first + 10 - one, all_second + 10 - two
    found["log_odds"] = np.log(one / other) - np.log(two / another)
    found["variance"] = 1 / one + 1 / two + 1 / other + 1 / another
    found["z"] = found.log_odds / np.sqrt(found.variance)
    found = found.astype({"first": int, "second": int})
    found = found.rename_axis("tag").reset_index()
    found = found.assign(a=-found.z).sort_values(["a", "tag"]).drop(columns="a")
    return _spelled(found, had, "tag")


def _pairs(files: Files) -> pd.DataFrame:
    had = uses(files)
    each, one = had.groupby("same").size(), had[[KEY, "same"]]
    pairs = one.merge(one, on=KEY, suffixes=("", "_b"))
    pairs = pairs[pairs.same < pairs.same_b].groupby(["same", "same_b"]).size()
    grid = pd.MultiIndex.from_product([each.index, each.index], names=["tag_a", "tag_b"])
    found = pairs.reindex(grid, fill_value=0).rename("n_ab").reset_index()
    found = found[found.tag_a < found.tag_b]
    found["n_a"], found["n_b"] = found.tag_a.map(each), found.tag_b.map(each)
    found["jaccard"] = found.n_ab / (found.n_a + found.n_b - found.n_ab)
    found = found.sort_values(["n_ab", "tag_a", "tag_b"], ascending=[False, True, True])
    return _spelled(found, had, "tag_a", "tag_b")


def _survivals(files: Files) -> pd.DataFrame:
    waits = read(files["closing"], [KEY, "wait", "censored"])
    waits = waits[waits.wait >= pd.Timedelta(0)]
    tags = read(files["conversations"], [KEY, "tags"]).dropna(subset="tags")
    known, had = waits[waits[KEY].isin(tags[KEY])], uses(files)
    everyone = survival(known.wait, known.censored)
    rows = []
    for tag, ids in had.groupby("same")[KEY]:
        tagged = known[known[KEY].isin(ids)]
        if len(tagged):
            rows.append({"tag": tag, "n": len(tagged), **_tested(tagged, known)})
    found = pd.DataFrame(rows).assign(
        n_rest=lambda each: len(known) - each.n,
        n_unknown=len(waits) - len(known),
        median_all=_first(everyone.index[everyone <= 0.5 + _ROUNDING]),
    )
    ordered = found.p.sort_values(ascending=False)
    ranks = np.arange(len(ordered), 0, -1)
    found["q"] = (ordered * len(ordered) / ranks).cummin()
    found = found.assign(a=-found.n).sort_values(["a", "tag"]).drop(columns="a")
    return _spelled(found, had, "tag")


def _spelled(found: pd.DataFrame, had: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return tags as most spell them."""
    names = had.drop_duplicates("same").set_index("same").tag
    return found.assign(**{column: found[column].map(names) for column in columns})


def _tested(tagged: pd.DataFrame, known: pd.DataFrame) -> dict[str, Any]:
    """Return the log-rank test of the tagged against all, and their median."""
    steps = _steps(known).join(_steps(tagged), rsuffix="_of", how="left")
    steps[["d_of", "left_of"]] = steps[["d_of", "left_of"]].fillna(0)
    n, m = (steps[name][::-1].cumsum()[::-1] for name in ("left", "left_of"))
    expected = steps.d * m / n
    variance = (expected * (1 - m / n) * (n - steps.d) / (n - 1))[n > 1].sum()
    score = steps.d_of.sum() - expected.sum()
    ratio, error = score / variance, 1 / sqrt(variance)
    return {
        "events": int(steps.d_of.sum()),
        "expected": expected.sum(),
        **_median(tagged),
        "hazard_ratio": exp(ratio),
        "hazard_ratio_lo": exp(ratio - _Z * error),
        "hazard_ratio_hi": exp(ratio + _Z * error),
        "chi2": score**2 / variance,
        "p": erfc(abs(score * error) / sqrt(2)),
    }


def _steps(rows: pd.DataFrame) -> pd.DataFrame:
    ended = rows.assign(d=~rows.censored).groupby("wait").d
    return ended.agg(left="size", d="sum").astype(float)


def _median(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the median, with the bounds of the log-log band."""
    steps = _steps(rows)
    n = steps.left[::-1].cumsum()[::-1]
    curve = (1 - steps.d / n).cumprod()
    spread = (steps.d / (n * (n - steps.d))).where(n > steps.d, 0).cumsum()
    inner = curve[(curve > _ROUNDING) & (curve < 1 - _ROUNDING)]
    reach = np.exp(_Z * np.sqrt(spread[inner.index]) / np.log(inner))
    bands = pd.concat([inner**reach, inner ** (1 / reach)], axis=1)
    lo, hi = bands.min(axis=1), bands.max(axis=1)
    lo = pd.concat([lo, curve[curve <= _ROUNDING]])
    found = {"median": curve, "median_lo": lo, "median_hi": hi}
    return {name: _first(each.index[each <= 0.5 + _ROUNDING]) for name, each in found.items()}


def _first(times: pd.Index) -> Any:
    return times[0] if len(times) else pd.NaT


TAGS: dict[str, Callable[[Files], pd.DataFrame]] = {
    "tag_frequency": _frequency,
    "tag_cooccurrence": _pairs,
    "tag_distinctive": _distinctive,
    "tag_survival": _survivals,
}
"""By the name of a metric, what computes it."""
