from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from builders import table
from charts.tables import (
    AS_OF,
    HOSTILE,
    calm_sentence,
    caption,
    row_count,
    rows_with,
    stays_text,
    title,
)
from drift_analysis import charts
from drift_analysis.schemas import Users, Workload

if TYPE_CHECKING:
    import polars as pl


def work(*conversations: int, first: int = 1) -> pl.DataFrame:
    rows = [
        {"user_id": n, "conversations": count, "first_responses": first, "busiest_day": n}
        for n, count in enumerate(conversations, start=1)
    ]
    seen = {"first_at": AS_OF - timedelta(days=9), "last_at": AS_OF}
    return table(Workload, rows, messages=9, notes=0, active_days=3, **seen)


def users(*names: str) -> pl.DataFrame:
    rows = [{"user_id": n, "name": name} for n, name in enumerate(names, start=1)]
    return table(Users, rows, source="invented")


def spec_of(given: pl.DataFrame, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = charts.workload(given, as_of=AS_OF, **options).to_dict()
    return found


def test_people_stand_by_their_conversations_and_have_names_only_if_given() -> None:
    rows = rows_with(spec_of(work(2, 10, 5)), "full_name")
    assert [(row["full_name"], row["value"]) for row in rows] == [
        ("user 2", "10 · 1 first"),
        ("user 3", "5 · 1 first"),
        ("user 1", "2 · 1 first"),
    ]
    named = rows_with(spec_of(work(2, 10, 5), users=users("Ada", "Grace")), "full_name")
    assert [row["full_name"] for row in named] == ["Grace", "user 3", "Ada"]


def test_the_finding_is_how_many_do_half() -> None:
    # 10 of 20 is half; 9 of 20 is not, 9 + 6 is.
    rest = "half of the work (conversations written in)"
    assert title(spec_of(work(10, 5, 5))) == f"1 of 3 people does {rest}"
    assert title(spec_of(work(9, 6, 5))) == f"2 of 3 people do {rest}"
    assert title(spec_of(work(9))) == "“user 1” wrote in 9 conversations"
    assert "Most on one day: 3 conversations (“user 3”)." in caption(spec_of(work(9, 6, 5)))


def test_the_others_are_one_row_their_mean() -> None:
    spec = spec_of(work(9, 6, 4, 2), limit=2)
    last = rows_with(spec, "full_name")[-1]
    assert (last["full_name"], last["value"]) == ("2 other people, each", "3 · 1 first")
    assert "Grey: the mean of the other people." in caption(spec)


def test_many_people_become_few_rows_and_nobody_a_calm_sentence() -> None:
    assert row_count(spec_of(work(*range(1, 3_000)))) <= 30
    assert calm_sentence(spec_of(Workload.empty())) == "No human wrote."


def test_hostile_names_stay_text() -> None:
    assert stays_text(spec_of(work(4, 3, 2, 1), users=users(*HOSTILE)), *HOSTILE)
