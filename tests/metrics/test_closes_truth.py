"""Simulated organisations: closes, reopens, steps and flow against what truly happened."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

import drift_analysis as da
from drift_analysis.sample import Sample, generate, write

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

History = list[tuple[datetime, str]]


def histories(sample: Sample) -> dict[int, History]:
    """Return when each conversation got which status, as only the simulation knows."""
    told: dict[int, History] = {}
    for conversation, at, status in sample.status_history:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
        told.setdefault(conversation, []).append((moment, status))
    return told


def lived(
    sample: Sample, folder: Path, *, complete: bool
) -> tuple[da.Dataset[pl.DataFrame], pl.DataFrame]:
    write(sample, folder)
    data = da.load(folder)
    first = data.conversations["created_at"].min()
    intervals = da.status_intervals(
        data.conversations,
        messages=data.messages,
        status_events=data.status_events,
        as_of=data.as_of,  # type: ignore[arg-type]
        log_start=first if complete else None,  # type: ignore[arg-type]
    )
    return data, intervals


def closes(history: History) -> list[datetime]:
    return [at for at, status in history if status == "closed"]


def midnight_counts(truth: dict[int, History], end: datetime) -> dict[str, int]:
    """Count what was true just before a moment."""
    past = [[status for at, status in history if at < end] for history in truth.values()]
    return {
        "open": sum(each[-1:] == ["open"] for each in past),
        "pending": sum(each[-1:] == ["pending"] for each in past),
        "backlog": sum(each[-1:] in (["open"], ["pending"]) for each in past),
        "cumulative_arrivals": sum(set(each) - {"bulk_sent"} != set() for each in past),
        "cumulative_closes": sum("closed" in each for each in past),
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_a_complete_log_gives_what_truly_happened(seed: int, tmp_path: Path) -> None:
    sample = generate(200, seed=seed, weeks=6, log_after_weeks=0, oddities=False)
    data, intervals = lived(sample, tmp_path / "export", complete=True)
    truth = histories(sample)
    found = {row["conversation_id"]: row for row in da.time_to_close(intervals).to_dicts()}
    engaged = {
        n for n, history in truth.items() if {status for _, status in history} != {"bulk_sent"}
    }
    assert set(found) == engaged
    for n, row in found.items():
        known = closes(truth[n])
        is_closed = truth[n][-1][1] == "closed"
        assert row["n_closes"] == len(known)
        assert row["first_close_at"] == (known[0] if known else None)
        assert row["last_close_at"] == (known[-1] if is_closed else None)
    back = [
        (n, at, status)
        for n, history in truth.items()
        for (_, before), (at, status) in pairwise(history)
        if before == "closed" and status in ("open", "pending")
    ]
    reopened = da.reopens(intervals, messages=data.messages)
    rows = reopened.select("conversation_id", "reopened_at", "status").rows()
    assert rows == sorted(back)
    assert back
    assert reopened["is_certain"].all()
    steps = Counter(
        step
        for history in truth.values()
        for step in pairwise([None, *(status for _, status in history), None])
    )
    counted = da.transitions(intervals).select("from_status", "to_status", "n").rows()
    assert {(was, now): n for was, now, n in counted} == steps
    assert da.variants(intervals)["conversations"].sum() == 200


@pytest.mark.parametrize("seed", [1, 2])
def test_the_truth_lies_within_the_bounds(seed: int, tmp_path: Path) -> None:
    sample = generate(200, seed=seed, weeks=6, oddities=False)
    _, intervals = lived(sample, tmp_path / "export", complete=False)
    truth, as_of = histories(sample), sample.fetched_at
    uncertain = 0
    for row in da.time_to_close(intervals).to_dicts():
        history = truth[row["conversation_id"]]
        known = closes(history)
        if known:
            assert row["first_close_at_min"] <= known[0]
            assert known[0] <= (row["first_close_at_max"] or as_of)
            uncertain += row["first_close_at_min"] < known[0]
        if history[-1][1] == "closed":
            assert row["last_close_at_min"] <= known[-1] <= row["last_close_at_max"]
        ends = [*(at for at, _ in history[1:]), as_of]
        active = sum(
            (
                end - at
                for (at, status), end in zip(history, ends, strict=True)
                if status != "closed"
            ),
            timedelta(),
        )
        assert row["active_time_min"] <= active <= row["active_time_max"]
    assert uncertain
    wide = 0
    for row in da.flow(intervals).to_dicts():
        day = datetime.combine(row["period"], datetime.min.time(), tzinfo=UTC)
        end = day + timedelta(days=1) if row["is_complete"] else as_of + timedelta(days=1)
        for name, true in midnight_counts(truth, end).items():
            assert row[f"{name}_min"] <= true <= row[f"{name}_max"], (row["period"], name)
        wide += row["backlog_min"] < row["backlog_max"]
    assert wide


def test_those_who_reopen_are_the_ones_who_did(tmp_path: Path) -> None:
    sample = generate(300, seed=3, weeks=6, log_after_weeks=0, oddities=False)
    data, intervals = lived(sample, tmp_path / "export", complete=True)
    authors = da.reopens(intervals, messages=data.messages).select(
        "conversation_id", "reopened_at", "reopened_by"
    )
    wrote = {life.id: [m.at for m in life.messages if m.kind == "contact"] for life in sample.lives}
    told = histories(sample)
    for n, at, by in authors.rows():
        before = max(moment for moment in closes(told[n]) if moment < at)
        since, until = (round(each.timestamp() * 1000) for each in (before, at))
        assert (by == "contact") == any(since < said <= until for said in wrote[n])
    assert set(authors["reopened_by"]) <= {"contact", "agent"}
