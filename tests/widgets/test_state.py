from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from builders import conversations
from drift_analysis.errors import InputError
from drift_analysis.schemas import Dataset
from drift_analysis.widgets import Absence, Explorer, Filters, Pick
from drift_analysis.widgets.asked.state import SORTS
from drift_analysis.widgets.panes.bar import Bar
from drift_analysis.widgets.panes.table import ConversationTable
from widgets.worlds import HOSTILE, dataset, four, many, tag

if TYPE_CHECKING:
    from pathlib import Path

FOUR = four()
TALKED = replace(
    FOUR,
    conversations=FOUR.conversations.with_columns(
        participants=pl.Series([[502], [502, 503], None, []], dtype=pl.List(pl.Int64))
    ),
)
days = st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 5))
lengths = st.none() | st.sampled_from([timedelta(), timedelta(hours=21), timedelta(days=2)])
picks = st.builds(Pick, st.just(date(2026, 3, 2)), st.dates(date(2026, 3, 2), date(2026, 3, 4)))
asked = st.builds(
    Filters,
    start=days,
    end=days,
    status=st.none() | st.sampled_from(["open", "closed"]),
    inbox=st.none() | st.sampled_from([3, 4]),
    playbook=st.none() | st.sampled_from([11, Absence.NONE, Absence.UNKNOWN]),
    tag=st.none() | st.just("pricing") | st.just(("pricing", HOSTILE)) | st.just(Absence.NONE),
    match=st.sampled_from(["any", "all"]),
    participant=st.none() | st.sampled_from([502, 503]),
    author=st.none() | st.sampled_from(["contact", "human"]),
    shortest=lengths,
    longest=lengths,
    unanswered=st.none() | st.booleans(),
    text=st.none() | st.sampled_from(["write", "'''", HOSTILE]),
    find=st.none() | st.sampled_from(["pric", "1", HOSTILE]),
    picked=st.just(()) | st.tuples(picks) | st.tuples(picks, picks),
)
one_asked = st.sampled_from([field.name for field in fields(Filters)]).flatmap(
    lambda name: asked.map(lambda many: Filters(**{name: getattr(many, name), "match": many.match}))
)
"""Every filter by itself, since many at once leave nothing."""
steps = asked | one_asked | st.sampled_from(["undo", "reset", "keep", "show"])


def lazily(given: Dataset[pl.DataFrame]) -> Dataset[Any]:
    """Return the data set as an archive gives it."""
    names = [field.name for field in fields(Dataset) if field.name != "as_of"]
    tables: dict[str, Any] = {name: getattr(given, name).lazy() for name in names}
    return Dataset(**tables, as_of=given.as_of)


def bar(explorer: Explorer) -> Bar:
    (found,) = (child for child in explorer.children if isinstance(child, Bar))
    return found


def press(explorer: Explorer, do: str, what: str = "") -> str:
    """Do what a button of the bar asks for, and return what is said after it."""
    bar(explorer)._handle_custom_msg({"do": do, "what": what}, [])
    return str(bar(explorer).said)


def ids(explorer: Explorer) -> list[int]:
    panes = explorer.children[-1].children
    (table,) = (child for child in panes if isinstance(child, ConversationTable))
    return [int(row["id"]) for row in table.rows]


@given(
    done=st.lists(steps, min_size=1, max_size=5),
    sort=st.sampled_from(SORTS),
    selected=st.none() | st.integers(1, 4),
)
@settings(max_examples=8, deadline=None)
def test_whatever_was_done_the_state_and_the_code_give_it_again_and_undo_takes_it_back(
    done: list[Filters | str], sort: str, selected: int | None
) -> None:
    archive = lazily(TALKED)
    explorer = Explorer(archive)
    seen, kept = [Filters()], Filters()
    for step in done:
        if isinstance(step, Filters):
            explorer.filters = step
        else:
            press(explorer, step, "mine") if step != "reset" else explorer.reset()
        if step == "keep":
            kept = explorer.filters
        if step == "show" and explorer.views:
            assert explorer.filters == kept
        seen.append(explorer.filters)
    explorer.sort, explorer.selected = sort, selected

    again = Explorer(archive, state=json.loads(json.dumps(explorer.state)))

    assert again.state == explorer.state
    assert ids(again) == ids(explorer)
    names: dict[str, Any] = {"dataset": archive}
    exec(explorer.code, names)
    assert_frame_equal(names["frame"], explorer.frame)
    assert names["chart"].to_dict() == explorer.chart.to_dict()
    assert explorer.ids.to_list() == explorer.frame["conversation_id"].to_list()
    while bar(explorer).can_undo:
        explorer.undo()
        assert explorer.filters in seen
    assert explorer.state == {**Explorer(archive).state, "selected": selected}


def test_reset_is_a_step_that_can_be_undone_and_picks_in_a_row_are_one() -> None:
    explorer = Explorer(FOUR, filters=Filters(status="closed"))
    for last in (3, 4):
        pick = Pick(date(2026, 3, 3), date(2026, 3, last))
        explorer.filters = Filters(status="closed", picked=(pick,))

    explorer.reset()
    assert explorer.filters == Filters()
    press(explorer, "undo")
    assert explorer.ids.to_list() == [2, 3]
    press(explorer, "undo")
    assert explorer.filters == Filters(status="closed")
    assert not bar(explorer).can_undo
    explorer.undo()
    assert explorer.filters == Filters(status="closed")


def test_a_state_is_small_and_a_wrong_one_changes_nothing() -> None:
    explorer = Explorer(FOUR, filters=Filters(tag=("pricing", HOSTILE), start=date(2026, 3, 1)))
    explorer.selected = 2

    state = explorer.state

    assert state == {
        "filters": {"start": "2026-03-01", "tag": ["pricing", HOSTILE.lower()]},
        "sort": "started",
        "descending": True,
        "page": 1,
        "selected": 2,
        "tab": "playbook",
    }
    for wrong in ({"selected": 99}, {"filters": {"inbox": 99}}, {"sort": "body"}, {"tab": "all"}):
        with pytest.raises(InputError):
            explorer.state = {**state, **wrong}
        assert explorer.state == state


def test_views_are_saved_shown_and_handed_on() -> None:
    explorer = Explorer(FOUR, filters=Filters(status="open"))
    assert press(explorer, "keep", HOSTILE) == f"The view was saved as {HOSTILE}."
    explorer.filters = Filters(inbox=4)

    press(explorer, "show", HOSTILE)

    assert explorer.filters == Filters(status="open")
    assert bar(explorer).views == [HOSTILE]
    other = Explorer(FOUR, views=explorer.views)
    other.show_view(HOSTILE)
    assert other.state == explorer.state
    assert press(explorer, "show", "gone").startswith("name='gone' is not a choice.")
    with pytest.raises(InputError):
        explorer.views = {"bad": {"page": "x"}}


def test_what_is_on_is_told_with_what_there_would_be_without_it_and_can_be_turned_off() -> None:
    explorer = Explorer(FOUR, filters=Filters(status="closed", tag="pricing", text="x"))

    assert bar(explorer).chips == [
        {"name": "status", "text": "status: closed", "without": 1},
        {"name": "tag", "text": "tag: pricing", "without": 0},
        {"name": "text", "text": "text: x", "without": 1},
    ]

    press(explorer, "off", "text")

    assert explorer.filters == Filters(status="closed", tag="pricing")
    for unknown in ("__init__", "match", ""):
        press(explorer, "off", unknown)
    press(explorer, "eval", "1")
    assert explorer.filters == Filters(status="closed", tag="pricing")


def test_the_table_is_sorted_in_python_over_all_pages() -> None:
    explorer = Explorer(FOUR)
    orders = {
        ("started", True): [4, 3, 2, 1],
        ("started", False): [1, 2, 3, 4],
        ("status", False): [1, 4, 3, 2],
        ("playbook", False): [1, 3, 2, 4],
        ("tags", True): [1, 2, 3, 4],
        ("lasted", True): [1, 4, 3, 2],
    }
    for (sort, descending), expected in orders.items():
        explorer.sort, explorer.descending = sort, descending
        assert ids(explorer) == expected
    explorer.filters = Filters(status="closed")
    assert ids(explorer) == [3, 2]

    long = Explorer(many(31))
    long.page = 3
    long.descending = False
    assert (long.page, ids(long)[0]) == (1, 2**53)


def test_rows_ids_and_chart_are_saved_beside_the_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    frame = conversations(
        {"conversation_id": 1, "tags": tag("=1+1", "b"), "extra": '{"mail": "a@example.com"}'},
        {"conversation_id": 2, "tags": tag("ann@example.com"), "participants": [5, 6]},
    )
    explorer = Explorer(dataset(conversations=frame))

    said = [press(explorer, "save", what) for what in ("chart", "csv", "csv", "parquet", "ids")]

    assert said == [
        "Saved as explorer-1.png.",
        "Saved as explorer-1.csv.",
        "Saved as explorer-2.csv.",
        "Saved as explorer-1.parquet.",
        "Saved as explorer-1.txt.",
    ]
    rows = pl.read_csv("explorer-1.csv")
    assert rows["tags"].to_list() == ["'=1+1; b", "[e-mail]"]
    assert rows["participants"].to_list() == [None, "5; 6"]
    assert rows["extra"].to_list() == [None, None]
    hidden = explorer.frame.with_columns(extra=pl.lit(None, pl.String))
    assert_frame_equal(pl.read_parquet("explorer-1.parquet"), hidden)
    assert (tmp_path / "explorer-1.txt").read_text() == "1\n2\n"

    explorer.reveal = True
    shown = pl.read_csv(explorer.save_rows("all.csv"))
    assert shown["tags"].to_list() == ["'=1+1; b", "ann@example.com"]
    assert shown["extra"].to_list() == ['{"mail": "a@example.com"}', None]
    with pytest.raises(InputError) as caught:
        explorer.save_rows("all.xlsx")
    assert str(caught.value) == ("'.xlsx' is no way to save rows.\nTry: one of .csv, .parquet.")
    assert press(explorer, "save", "nothing") == ""
