"""Drift's own report beside ours: what agrees, what a rule explains, and what nothing does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from builders import NOON, conversations, messages, table
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import reconcile_report
from drift_analysis.schemas import ParticipantEvents, ReportMetrics, ReportReconciliation
from stretches import stretches

LATER = NOON + timedelta(hours=10)


def minutes(n: float | None) -> timedelta | None:
    return None if n is None else timedelta(minutes=n)


def report(*rows: tuple[int, float | None], column: str = "time_to_close") -> pl.DataFrame:
    return table(
        ReportMetrics,
        [{"conversation_id": n, column: minutes(value)} for n, value in rows],
        source="test",
    )


def closes(given: pl.DataFrame, **options: Any) -> pl.DataFrame:
    """Compare with four conversations: closed twice, open again, never closed, closed at once."""
    again = [("open", 0, 2), ("closed", 2, 5), ("open", 5, 6)]
    life = stretches(
        {
            1: [*again, ("closed", 6, 10)],
            2: [("open", 0, 2), ("closed", 2, 5), ("open", 5, 10)],
            3: [("open", 0, 10)],
            4: [("open", 0, 1), ("closed", 1, 10)],
        }
    )
    wrote = [{"conversation_id": n, "created_at": NOON + timedelta(minutes=5)} for n in range(1, 5)]
    options = {"metric": "time_to_last_close", "as_of": LATER, "intervals": life, **options}
    found: pl.DataFrame = reconcile_report(
        given,
        conversations=conversations(*({"conversation_id": n} for n in range(1, 5))),
        messages=messages(*wrote),
        **options,
    )
    return found


def shown(found: pl.DataFrame) -> list[tuple[Any, ...]]:
    rows = ReportReconciliation.checked(found).select(
        "conversation_id", "computed", "difference", "agrees", "explained_by", "instead"
    )
    return [
        tuple(v / timedelta(minutes=1) if isinstance(v, timedelta) else v for v in row)
        for row in rows.rows()
    ]


def test_what_agrees_and_what_another_rule_explains() -> None:
    assert shown(closes(report((1, 360), (2, None), (3, None), (4, 60)))) == [
        (1, 360, 0, True, None, None),
        (2, None, None, True, None, None),
        (3, None, None, True, None, None),
        (4, 60, 0, True, None, None),
    ]
    assert shown(closes(report((1, 120), (2, 120), (3, 20), (4, 55)))) == [
        (1, 360, 240, False, "close", "first"),
        (2, None, None, False, "close", "first"),
        (3, None, None, False, "unexplained", None),
        (4, 60, 5, False, "clock", "first_contact"),
    ]
    assert shown(closes(report((1, 180)))) == [(1, 360, 180, False, "close", "open_time")]


def test_a_reopen_that_drift_does_not_see() -> None:
    """What is open again keeps its last close, where the first is another."""
    life = stretches(
        {1: [("open", 0, 1), ("closed", 1, 2), ("open", 2, 3), ("closed", 3, 4), ("open", 4, 10)]}
    )
    found = closes(report((1, 180)), intervals=life)
    assert shown(found) == [(1, None, None, False, "reopened", "kept")]


def test_times_that_lie_within_the_tolerance_agree() -> None:
    near = report((4, 60.01))
    assert shown(closes(near))[0][3] is True
    strict = closes(near, tolerance=timedelta())
    assert strict.select("agrees", "explained_by").row(0) == (False, "unexplained")


def test_what_was_not_loaded_is_said_to_be_so() -> None:
    found = closes(report((9, 60), (8, None)))
    assert found.select("conversation_id", "is_loaded", "agrees", "explained_by").rows() == [
        (8, False, True, None),
        (9, False, False, "unexplained"),
    ]


def answers(given: pl.DataFrame, **options: Any) -> pl.DataFrame:
    rows = [(0, "contact", 1), (2, "bot", 2), (62, "human", 3)]
    found: pl.DataFrame = reconcile_report(
        given,
        metric="first_response",
        conversations=conversations({"conversation_id": 1}),
        messages=messages(
            *(
                {"created_at": NOON + timedelta(minutes=m), "author_kind": kind, "author_id": who}
                for m, kind, who in rows
            )
        ),
        as_of=LATER,
        **options,
    )
    return found


def test_answers_are_compared_with_the_time_since_an_agent_was_routed_in() -> None:
    column = "time_to_agent_response"
    added = table(
        ParticipantEvents,
        [{"conversation_id": 1, "changed_at": NOON + timedelta(minutes=20), "user_id": 3}],
        change="added",
        source="test",
    )
    known = answers(report((1, 42), column=column), participant_events=added)
    assert shown(known) == [(1, 42, 0, True, None, None)]
    unknown = answers(report((1, 62), column=column))
    assert shown(unknown) == [(1, None, None, False, "clock", "first_contact")]
    assert unknown["left_out"].to_list() == ["no_start"]
    bot = answers(report((1, 2), column=column), profile="intercom")
    assert shown(bot) == [(1, 62, 60, False, "bots", "answers")]


def test_plans_stay_plans_and_repeats_change_nothing() -> None:
    given = report((1, 120), (2, 120), (3, 20), (4, 55))
    found = closes(given)
    assert_frame_equal(closes(pl.concat([given.reverse(), given])), found)
    lazy: Any = closes(given.lazy())  # type: ignore[arg-type]
    assert isinstance(lazy, pl.LazyFrame)
    assert_frame_equal(lazy.collect(engine="streaming"), found)
    assert_frame_equal(closes(report()), ReportReconciliation.empty())


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        closes(report(), metric="reopens")
    assert str(caught.value) == (
        "metric='reopens' is not a choice.\n"
        "Try: one of 'first_response', 'time_to_first_close', 'time_to_last_close'."
    )
    with pytest.raises(InputError, match="metric='csat' is not a choice"):
        closes(report(), metric="csat")
    with pytest.raises(InputError, match="profile='freshdesk' is not a choice"):
        closes(report(), profile="freshdesk")
    with pytest.raises(SchemaError, match="ReportMetrics: missing"):
        closes(pl.DataFrame({"conversation_id": [1]}))
    for wrong in (5, timedelta(seconds=-1)):
        with pytest.raises(InputError) as caught:
            closes(report(), tolerance=wrong)
        assert str(caught.value) == (
            f"tolerance={wrong!r} is no length of time.\n"
            "It says how far two may lie apart.\n"
            "Try: timedelta(seconds=1)."
        )
