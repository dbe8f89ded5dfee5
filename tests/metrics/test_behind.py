from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import drift_analysis as da
from builders import conversations, messages, table
from drift_analysis import schemas
from drift_analysis.errors import InputError
from drift_analysis.metrics import audit, finding_ids, lacking_ids, metric_coverage
from drift_analysis.metrics.quality.findings import FINDINGS

if TYPE_CHECKING:
    import polars as pl

EMPTY: da.Dataset[pl.DataFrame] = da.load([])
DATA = replace(
    EMPTY,
    conversations=conversations(
        {"conversation_id": 3, "is_detail": True, "tags": []},
        {"conversation_id": 1},
        {"conversation_id": 2},
    ),
    messages=messages({"conversation_id": 2}, {"conversation_id": 9}, {"conversation_id": 9}),
    issues=table(
        schemas.Issues,
        [
            {"code": "odd", "conversation_id": 5},
            {"code": "odd", "conversation_id": 5},
            {"code": "odd"},
            {"code": "other", "conversation_id": 6},
        ],
        severity="info",
        table="messages",
        n=1,
        detail="Odd.",
    ),
)


def ids(frame: pl.DataFrame) -> list[int]:
    return frame["conversation_id"].to_list()


def test_all_conversations_behind_a_finding_are_listed_once_in_order() -> None:
    assert ids(finding_ids(DATA, "list_only")) == [1, 2]
    assert ids(finding_ids(DATA, "conversation_not_read")) == [9]
    assert ids(finding_ids(DATA, "odd")) == [5]
    assert ids(finding_ids(DATA, "days_without_conversations")) == []
    assert ids(finding_ids(DATA, "rejected_not_json")) == []


def test_conversations_that_lack_what_a_metric_needs_are_listed() -> None:
    assert ids(lacking_ids(DATA, "first_response")) == [1, 3]
    assert ids(lacking_ids(DATA, "tag_frequency")) == [1, 2]

    wrong: Any = "wrong"
    with pytest.raises(InputError, match="metric='wrong' is not a choice"):
        lacking_ids(DATA, wrong)


def test_the_ids_are_those_that_the_audit_and_the_coverage_count() -> None:
    sample = da.load("data/sample")
    for row in audit(sample).iter_rows(named=True):
        found = ids(finding_ids(sample, row["code"]))
        assert found[:5] == row["examples"]
    for row in metric_coverage(sample).iter_rows(named=True):
        assert len(ids(lacking_ids(sample, row["metric"]))) == row["of"] - row["n"]


def test_a_lazy_data_set_stays_a_plan() -> None:
    names = [name for name in da.Dataset.__dataclass_fields__ if name != "as_of"]
    tables: dict[str, Any] = {name: getattr(DATA, name).lazy() for name in names}
    lazy: da.Dataset[pl.LazyFrame] = da.Dataset(**tables, as_of=DATA.as_of)

    assert ids(finding_ids(lazy, "list_only").collect()) == [1, 2]
    assert ids(lacking_ids(lazy, "first_response").collect()) == [1, 3]
    assert {*FINDINGS} >= {"list_only"}
