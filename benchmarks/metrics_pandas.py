"""Compute metrics with pandas in the straightforward way: merge, group, apply.

Whatever needs the order of what happened is a loop over groups with a function for each; what is
only counted is a plain grouping over whole columns. It gives the same numbers, which metrics.py
checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
from metrics_ours import TZ
from pandas_closes import CLOSES
from pandas_counts import COUNTS
from pandas_history import HISTORY
from pandas_lives import LIVES
from pandas_tables import KEY, LIFE, MESSAGE, read, since_contact, survival, visible
from pandas_tags import TAGS
from world import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["PANDAS", "computed"]

Files = dict[str, list[str]]


def computed(metric: str, files: Mapping[str, list[str]]) -> pl.DataFrame:
    """Compute a metric over tables, given by their files."""
    found = PANDAS[metric](dict(files))
    return pl.from_pandas(found.reset_index(drop=True), nan_to_null=True)


def _closed_at(rows: pd.DataFrame, last: pd.Series) -> pd.Series:
    at = rows.updated_at.fillna(rows[KEY].map(last))
    return at.where((rows.status == "closed") & (at >= rows.started_at) & (at <= AS_OF))


def _turns(files: Files) -> pd.DataFrame:
    messages = read(files["messages"], MESSAGE)
    said = visible(messages)
    by_contact = said.author_kind == "contact"
    goes_on = by_contact.groupby(said[KEY]).shift(fill_value=False)
    said["turn"] = (by_contact & ~goes_on).groupby(said[KEY]).cumsum()
    said = said[said.turn > 0]
    key = [KEY, "turn"]
    turns = said.groupby(key).agg(started_at=("created_at", "min")).reset_index()
    kinds = {
        "n_messages": said[said.author_kind == "contact"].groupby(key).size(),
        "answered_at": said[said.author_kind != "contact"].groupby(key).created_at.min(),
        "bot_at": said[said.author_kind == "bot"].groupby(key).created_at.min(),
        "human_at": said[said.author_kind == "human"].groupby(key).created_at.min(),
    }
    for name, found in kinds.items():
        turns = turns.merge(found.rename(name), on=key, how="left")
    turns = turns.merge(read(files["conversations"], [KEY, "updated_at", "status"]), on=KEY)
    closed = _closed_at(turns, messages.groupby(KEY).created_at.max())
    turns["ended_at"] = turns.answered_at.fillna(closed).fillna(AS_OF)
    turns["wait"] = turns.ended_at - turns.started_at
    turns["bot_wait"] = turns.bot_at - turns.started_at
    turns["human_wait"] = turns.human_at - turns.started_at
    turns["end_reason"] = "as_of"
    turns.loc[closed.notna(), "end_reason"] = "closed"
    turns.loc[turns.answered_at.notna(), "end_reason"] = "answered"
    return turns.drop(columns=["answered_at", "bot_at", "human_at", "updated_at", "status"])


def _first_response(files: Files) -> pd.DataFrame:
    messages = read(files["messages"], MESSAGE)
    seen = visible(messages)
    answers = since_contact(seen)
    answers = answers[answers.author_kind == "human"].groupby(KEY).first()
    rows = read(files["conversations"], LIFE).sort_values(KEY)
    rows["started_at"] = rows[KEY].map(
        seen[seen.author_kind == "contact"].groupby(KEY).created_at.min()
    )
    last = messages.groupby(KEY).created_at.max()
    answered, closed = rows[KEY].map(answers.created_at), _closed_at(rows, last)
    at_risk = rows.started_at.notna()
    rows["ended_at"] = answered.fillna(closed).fillna(AS_OF).where(at_risk)
    rows["wait"] = rows.ended_at - rows.started_at
    rows["outcome"] = None
    rows.loc[at_risk, "outcome"] = "waiting"
    rows.loc[at_risk & closed.notna(), "outcome"] = "closed"
    rows.loc[at_risk & answered.notna(), "outcome"] = "answered"
    rows["responder_id"] = rows[KEY].map(answers.author_id)
    return rows.drop(columns=["created_at", "updated_at", "status"])


def _containment(files: Files) -> pd.DataFrame:
    messages = read(files["messages"], MESSAGE)
    talk = since_contact(visible(messages))
    counts = talk.groupby([KEY, "author_kind"]).size().unstack(fill_value=0)
    rows = (
        read(files["conversations"], LIFE)
        .sort_values(KEY)
        .merge(counts, left_on=KEY, right_index=True, how="left")
    )
    rows["last"] = rows[KEY].map(talk.groupby(KEY).author_kind.last())
    rows[["contact", "bot", "human", "unknown"]] = rows[
        ["contact", "bot", "human", "unknown"]
    ].fillna(0)
    both = rows.apply(_judged, axis=1, result_type="expand")
    rows["outcome"], rows["not_judged"] = both[0], both[1]
    names = {name: f"n_{name}" for name in ("contact", "bot", "human")}
    return rows.rename(columns=names)[[KEY, "outcome", "not_judged", *names.values()]]


def _judged(row: Any) -> tuple[str | None, str | None]:
    if row.contact == 0:
        return None, "not_engaged"
    if row.status != "closed":
        return None, "open"
    if row.unknown and not (row.bot and row.human):
        return None, "unknown_author"
    if row.bot and row.human:
        return "handed_over", None
    if row.human:
        return "human_only", None
    if not row.bot:
        return "nobody", None
    return ("unanswered" if row["last"] == "contact" else "contained"), None


def _workload(files: Files) -> pd.DataFrame:
    messages = read(files["messages"], MESSAGE)
    seen = visible(messages)
    first = since_contact(seen)
    first = first[first.author_kind == "human"].groupby(KEY).first()
    shown = seen[seen.author_kind == "human"].copy()
    shown["day"] = shown.created_at.dt.tz_convert(TZ).dt.date
    notes = messages[(messages.author_kind == "human") & (messages.type == "private_note")]
    users, days = shown.groupby("author_id"), shown.groupby(["author_id", "day"])
    found = pd.DataFrame(
        {
            "conversations": users[KEY].nunique(),
            "messages": users.size(),
            "notes": notes.groupby("author_id").size(),
            "first_responses": first.groupby("author_id").size(),
            "active_days": users.day.nunique(),
            "busiest_day": days[KEY].nunique().groupby("author_id").max(),
            "first_at": users.created_at.min(),
            "last_at": users.created_at.max(),
        }
    )
    found["notes"] = found.notes.fillna(0).astype(int)
    return found.rename_axis("user_id").reset_index()


def _times(files: Files) -> pd.DataFrame:
    stretches = read(files["intervals"], [KEY, "status", "possible", "duration", "censored"])
    lives = read(files["conversations"], [KEY, "inbox_id"])
    key, nothing = [KEY, "status"], pd.Timedelta(0)
    one = stretches.possible.str.len() == 1
    bounded = stretches.assign(low=stretches.duration.where(one, nothing), high=stretches.duration)
    bounded = (
        bounded.drop(columns="status").explode("possible").rename(columns={"possible": "status"})
    )
    spent = stretches.groupby(key).agg(duration=("duration", "sum"), censored=("censored", "any"))
    sums = bounded.groupby(key)[["low", "high"]].sum().join(spent, how="left").reset_index()
    visited = sums.censored.notna()
    sums["visited"], sums["censored"] = visited, sums.censored.eq(other=True)
    sums["duration"] = sums.duration.fillna(nothing)
    groups = sums.merge(lives, on=KEY).groupby(["inbox_id", "status"])
    found = groups.apply(_summary, include_groups=False)
    order = {name: k for k, name in enumerate(("open", "pending", "closed", "bulk_sent"))}
    return found.reset_index().sort_values(
        ["inbox_id", "status"], key=lambda x: x.map(order) if x.name == "status" else x
    )


def _summary(sums: pd.DataFrame) -> pd.Series:
    seen = sums[sums.visited]
    row: dict[str, Any] = {"n": len(seen), "n_censored": int(seen.censored.sum())}
    for bound, name in (("", "duration"), ("_min", "low"), ("_max", "high")):
        row[f"total{bound}"] = round(1000 * sums[name].sum().total_seconds())
        curve = survival(seen[name], seen.censored)
        for quantile, left in (("median", 0.5), ("p90", 0.1)):
            reached = curve.index[curve <= left + 1e-12]
            row[f"{quantile}{bound}"] = reached[0] if len(reached) else pd.NaT
    return pd.Series(row)


PANDAS: dict[str, Callable[[Files], pd.DataFrame]] = {
    "time_in_status": _times,
    "response_turns": _turns,
    "first_response": _first_response,
    "bot_containment": _containment,
    "workload": _workload,
    **HISTORY,
    **LIVES,
    **COUNTS,
    **CLOSES,
    **TAGS,
}
"""By the name of a metric, what computes it."""
