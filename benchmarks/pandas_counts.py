"""Metrics that only count, in pandas: whole columns, merged and grouped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from metrics_ours import TZ
from pandas_tables import KEY, LIFE, MESSAGE, read, visible
from world import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["COUNTS"]

_ADDRESS = r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}"
_QUARTER = pd.Timedelta(minutes=15)
Files = dict[str, list[str]]


def _attained(files: Files) -> pd.DataFrame:
    waits = read(files["waits"], ["wait", "outcome"])
    known = waits.dropna(subset="wait")
    answered = known.outcome == "answered"
    steps = known.assign(a=answered, ended=known.outcome != "waiting").groupby("wait")
    steps = steps.agg(left=("a", "size"), a=("a", "sum"), ended=("ended", "sum"))
    at_risk = steps.left[::-1].cumsum()[::-1]
    before = (1 - steps.ended / at_risk).cumprod().shift(fill_value=1.0)
    curve = (before * steps.a / at_risk).cumsum()
    rows = []
    for target in (pd.Timedelta(minutes=5), pd.Timedelta(hours=1)):
        met = int((answered & (known.wait <= target)).sum())
        undecided = int(((known.outcome == "waiting") & (known.wait < target)).sum())
        row = {"target": target, "attained": curve[curve.index <= target].iloc[-1]}
        row |= {"n": len(known), "n_met": met, "n_undecided": undecided}
        row["n_missed"] = len(known) - met - undecided
        rows.append(row | {"n_excluded": len(waits) - len(known)})
    return pd.DataFrame(rows)


def _contained(files: Files) -> pd.DataFrame:
    rows = read(files["containment"], ["outcome"])
    outcomes = ["contained", "unanswered", "handed_over", "human_only", "nobody"]
    counts = rows.outcome.value_counts().reindex(outcomes, fill_value=0)
    found = counts.rename_axis("outcome").rename("conversations").reset_index()
    found["n_judged"] = counts.sum()
    return found.assign(share=found.conversations / found.n_judged)


def _load(files: Files) -> pd.DataFrame:
    messages = read(files["messages"], MESSAGE)
    seen = visible(messages)
    written = seen[seen.author_kind == "contact"]
    first = written.groupby(KEY).created_at.min()
    since, end = messages.created_at.min(), pd.Timestamp(AS_OF)
    steps = pd.date_range(since.floor("15min"), end, freq="15min", inclusive="left")
    lengths = np.minimum(steps + _QUARTER, end) - np.maximum(steps, since)
    week = pd.MultiIndex.from_product([range(7), range(24)], names=["weekday", "hour"])
    found = pd.DataFrame(index=week)
    found["observed"] = pd.Series(lengths).groupby(_clock(pd.Series(steps))).sum()
    for name, moments in (("messages", written.created_at), ("conversations", first)):
        found[name] = moments.groupby(_clock(moments)).size()
        found[name] = found[name].fillna(0).astype(int)
        found[f"{name}_per_hour"] = found[name] / (found.observed / pd.Timedelta(hours=1))
    return found.reset_index()


def _clock(moments: pd.Series) -> list[pd.Series]:
    local = moments.dt.tz_convert(TZ).dt
    return [local.weekday.rename("weekday"), local.hour.rename("hour")]


def _attribution(files: Files) -> pd.DataFrame:
    rows = read(files["conversations"], [*LIFE, "playbook_id", "is_detail"])
    messages = read(files["messages"], [*MESSAGE, "text", "body"])
    messages = messages[messages.created_at <= AS_OF]
    seen = visible(messages)
    contact = seen[seen.author_kind == "contact"]
    wrote, human = rows[KEY].isin(contact[KEY]), seen[seen.author_kind == "human"][KEY]
    told = contact[contact.text.fillna(contact.body).str.contains(_ADDRESS, regex=True, na=False)]
    booked = read(files["meetings"], [KEY])[KEY]
    by_status = rows.status.isin(["open", "pending", "closed"])
    rows["engaged"] = wrote.where(rows[KEY].isin(messages[KEY]), by_status)
    rows["human_handled"] = rows.engaged & rows[KEY].isin(human)
    rows["closed"] = rows.engaged & (rows.status == "closed")
    rows["bulk_sent"] = rows.status == "bulk_sent"
    rows["emails_captured"] = rows[KEY].isin(told[KEY])
    rows["meetings"] = rows[KEY].isin(booked)
    rows["attribution"] = rows.is_detail.map({True: "none", False: "unknown"})
    rows.loc[rows.playbook_id.notna(), "attribution"] = "playbook"
    flags = ["engaged", "human_handled", "closed", "bulk_sent", "emails_captured", "meetings"]
    groups = rows.groupby(["attribution", "playbook_id"], dropna=False)
    found = groups[flags].sum().assign(conversations=groups.size()).reset_index()
    known = found.attribution != "unknown"
    found["share"] = (found.conversations / found.conversations[known].sum()).where(known)
    found["engagement_rate"] = found.engaged / found.conversations
    order = {"playbook": 1, "none": 2, "unknown": 3}
    found = found.assign(a=found.attribution.map(order), b=-found.conversations)
    found = found.sort_values(["a", "b", "playbook_id"]).drop(columns=["a", "b"])
    return found.astype({"playbook_id": "Int64"})


def _lift(files: Files) -> pd.DataFrame:
    names = ["playbook_id", "playbook_name", "attribution", "conversations", "engaged"]
    rows = read(files["attribution"], names)
    known = rows[rows.attribution != "unknown"]
    found = known[known.attribution == "playbook"].copy()
    found["other_conversations"] = known.conversations.sum() - found.conversations
    found["other_happened"] = known.engaged.sum() - found.engaged
    found["happened_rate"] = found.engaged / found.conversations
    found["other_rate"] = found.other_happened / found.other_conversations
    found["difference"] = found.happened_rate - found.other_rate
    found["ratio"] = found.happened_rate / found.other_rate
    found["n_unknown"] = rows.conversations[rows.attribution == "unknown"].sum()
    found = found.rename(columns={"engaged": "happened"}).drop(columns="attribution")
    order = found.assign(a=-found.conversations).sort_values(["a", "playbook_id"])
    return order.drop(columns="a").astype({"playbook_id": "Int64"})


COUNTS: dict[str, Callable[[Files], pd.DataFrame]] = {
    "sla_attainment": _attained,
    "containment_rates": _contained,
    "load_by_hour": _load,
    "playbook_attribution": _attribution,
    "playbook_lift": _lift,
}
"""By the name of a metric, what computes it."""
