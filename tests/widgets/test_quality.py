from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal, assert_series_equal

import drift_analysis as da
from builders import conversations, messages, table
from drift_analysis import schemas
from drift_analysis.errors import InputError
from drift_analysis.metrics.quality.findings import FINDINGS
from drift_analysis.schemas.audit import METRICS
from drift_analysis.schemas.loading import REASONS
from drift_analysis.widgets import QualityPanel
from drift_analysis.widgets.quality.quality_advice import (
    FINDING_ADVICE,
    METRIC_ADVICE,
    REJECT_ADVICE,
    advice_of,
)
from drift_analysis.widgets.quality.quality_asked import LEAST, VIEWS
from widgets.worlds import HOSTILE, dataset

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SECRET = b"the body of ann@example.com"


def rejected(reason: str, **columns: Any) -> dict[str, Any]:
    return {"reason": reason, "source": "export.json", "detail": "Why.", "raw": SECRET, **columns}


DATA: da.Dataset[pl.DataFrame] = replace(
    dataset(
        conversations=conversations(
            {"conversation_id": 1, "is_detail": True, "tags": []},
            {"conversation_id": 2},
            {"conversation_id": 3},
        ),
        messages=messages({"conversation_id": 2}),
    ),
    rejects=table(
        schemas.Rejects,
        [
            rejected("not_json", line=3, byte_offset=1200),
            rejected("not_json", source="ann@example.com.json"),
            rejected("no_table", index=7, record_type=HOSTILE),
        ],
    ),
    issues=table(
        schemas.Issues,
        [
            {"code": HOSTILE, "severity": "error", "conversation_id": 3, "n": 2},
            {"code": "odd", "severity": "info", "n": 1},
        ],
        table="messages",
        detail="Odd of bob@example.com.",
    ),
)


def first_cells(panel: QualityPanel) -> list[str]:
    return [row["cells"][0] for row in panel._sheet.rows]


def made(panel: QualityPanel, data: da.Dataset[Any]) -> dict[str, Any]:
    names: dict[str, Any] = {"dataset": data}
    exec(panel.code, names)  # the code that an analyst copies
    return names


def test_at_first_it_says_what_each_metric_can_say() -> None:
    panel = QualityPanel(DATA)

    assert_frame_equal(panel.frame, da.metric_coverage(DATA))
    assert panel._sheet.rows[0]["cells"][:3] == ["time in status", "3 of 3", "100 %"]
    assert panel._head.sentences == [
        f"{panel.frame['possible'].sum()} of 26 metrics can be computed. "
        f"{da.audit(DATA).height} findings, "
        f"{da.audit(DATA).filter(severity='error').height} errors among them. 3 records not read."
    ]
    assert panel.ids.is_empty()
    assert panel._behind.layout.display == "none"


def test_a_row_opens_the_conversations_behind_it_and_what_to_do() -> None:
    panel = QualityPanel(DATA)

    panel._sheet.selected = "tag_frequency"

    assert panel.ids.to_list() == [2, 3]
    assert panel._behind.heading == "Behind: tag frequency"
    assert panel._behind.sentences == [
        "2 conversations without what it needs.",
        "Try: fetch the detail replies: `da.sync`, or `client.fetch_conversations(details=True)`.",
    ]
    assert [row["cells"] for row in panel._behind.rows] == [["2"], ["3"]]

    panel._fields["view"].value = "findings"
    assert panel.asked.row is None
    panel._sheet.selected = "list_only"
    assert panel.ids.to_list() == [2, 3]
    assert panel._behind.sentences[0] == "2 conversations behind it."
    panel._sheet.selected = ""
    assert panel._behind.layout.display == "none"
    panel.undo()
    assert panel.asked.row == "list_only"


def test_findings_are_kept_by_severity_and_by_the_metric_that_they_limit() -> None:
    panel = QualityPanel(DATA)
    panel.change(view="findings", row="list_only")

    panel._fields["severity"].value = "error"
    assert panel.frame["severity"].unique().to_list() == ["error"]
    assert panel.state["row"] is None
    panel._fields["severity"].value = "info"
    panel._fields["metric"].value = "tag_frequency"

    assert all("tag_frequency" in affects for affects in panel.frame["affects"].to_list())
    assert "list only" in first_cells(panel)
    assert "clock skew" not in first_cells(panel)
    panel._fields["metric"].value = ""
    assert_frame_equal(panel.frame, da.audit(DATA))


def test_what_was_not_read_is_located_and_never_shown() -> None:
    panel = QualityPanel(DATA)
    panel.change(view="rejects")
    assert [row["cells"] for row in panel._sheet.rows] == [
        ["not json", "2", "2", "not recognised"],
        ["no table", "1", "1", HOSTILE],
    ]

    panel._sheet.selected = "not_json"

    assert [row["cells"] for row in panel._behind.rows] == [
        ["export.json", "line 3, byte 1,200", "Why."],
        ["[e-mail]", "all of it", "Why."],
    ]
    assert panel._behind.sentences[1].startswith("Try: look at the place")
    assert panel.frame.height == 2
    panel.change(view="findings", row="rejected_not_json")
    assert len(panel._behind.rows) == 2
    assert "raw" not in panel.frame.columns
    assert panel.ids.is_empty()
    panel.reveal = True
    assert panel._behind.rows[1]["cells"][0] == "ann@example.com.json"
    everything = json.dumps([panel._sheet.get_state(), panel._behind.get_state()], default=str)
    assert "the body" not in everything


def test_what_was_noticed_leads_to_its_conversations() -> None:
    panel = QualityPanel(DATA)
    panel.change(view="issues")
    assert first_cells(panel) == [HOSTILE.replace("_", " "), "odd"]
    assert panel._sheet.rows[1]["cells"][4] == "Odd of [e-mail]."

    panel.change(row=HOSTILE)

    assert panel.ids.to_list() == [3]
    assert panel.frame.height == 1
    assert panel._behind.sentences[1] == (
        "Try: look at these records in the source, and at `dataset.issues`."
    )


def test_long_lists_are_cut_and_say_so() -> None:
    many = dataset(conversations=conversations(*({"conversation_id": n} for n in range(1, 251))))
    panel = QualityPanel(many)

    panel.change(row="first_response")

    assert len(panel._behind.rows) == 200
    assert panel._behind.note == "The first 200 of 250; all are in .frame and .ids."
    assert panel.ids.len() == 250


def test_every_row_that_can_be_has_its_own_advice() -> None:
    assert FINDING_ADVICE.keys() == FINDINGS.keys()
    assert REJECT_ADVICE.keys() == set(REASONS)
    assert METRIC_ADVICE.keys() == set(METRICS)
    assert advice_of("findings", "rejected_not_json") == advice_of("rejects", "not_json")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"view": "wrong"}, "view='wrong' is not a choice."),
        ({"severity": "bad"}, "severity='bad' is not a choice."),
        ({"metric": "x"}, "metric='x' is not a choice."),
        ({"row": "x"}, "There is no such row among 26 rows.\nTry: row=None, or a value of frame"),
    ],
)
def test_what_cannot_be_shown_is_refused(change: dict[str, Any], message: str) -> None:
    panel = QualityPanel(DATA)

    with pytest.raises(InputError) as caught:
        panel.change(**change)

    assert str(caught.value).startswith(message)
    assert panel.asked == panel._first


rows = [*METRICS, *FINDINGS, *REASONS, "odd", HOSTILE]
changes = st.one_of(
    st.fixed_dictionaries({"view": st.sampled_from(list(VIEWS))}),
    st.fixed_dictionaries({"severity": st.sampled_from(list(LEAST))}),
    st.fixed_dictionaries({"metric": st.none() | st.sampled_from(METRICS)}),
    st.fixed_dictionaries({"row": st.none() | st.sampled_from(rows)}),
)


@given(st.lists(changes, min_size=2, max_size=8))
@settings(max_examples=5, deadline=None)
def test_whatever_is_changed_the_code_and_the_state_give_it_again_and_undo_takes_it_back(
    steps: list[dict[str, Any]],
) -> None:
    panel = QualityPanel(DATA)
    seen = [panel.asked]
    for step in steps:
        try:
            panel.change(**step)
        except InputError as problem:  # a row of another view
            assert "no such row" in str(problem)  # noqa: PT017
        if panel.asked != seen[-1]:
            seen.append(panel.asked)
    again = made(panel, DATA)

    assert_frame_equal(again["frame"], panel.frame)
    assert_series_equal(again["ids"], panel.ids)
    assert again["chart"].to_dict() == panel.chart.to_dict()
    other = QualityPanel(DATA, state=json.loads(json.dumps(panel.state)))
    assert other.asked == panel.asked
    assert_frame_equal(other.frame, panel.frame)
    undone = [panel.asked]
    while panel._bar.can_undo:
        panel.undo()
        undone.append(panel.asked)
    assert undone == seen[::-1]


def test_an_empty_data_set_is_told_in_words_and_a_lazy_one_shows_the_same() -> None:
    empty = replace(dataset(), as_of=None)
    panel = QualityPanel(empty)
    assert panel.chart.description == "No picture: This data set holds no conversations."
    for view in VIEWS:
        panel.change(view=view)
        assert_frame_equal(made(panel, empty)["frame"], panel.frame)
    assert panel._sheet.note == "Nothing was noticed while reading."

    names = [name for name in da.Dataset.__dataclass_fields__ if name != "as_of"]
    tables: dict[str, Any] = {name: getattr(DATA, name).lazy() for name in names}
    lazy = QualityPanel(da.Dataset(**tables, as_of=DATA.as_of))
    lazy.change(view="findings", row="list_only")
    assert lazy.ids.to_list() == [2, 3]
    assert_frame_equal(made(lazy, DATA)["frame"], lazy.frame)


def test_rows_and_ids_are_saved_without_bodies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    panel = QualityPanel(DATA)
    panel.change(view="rejects")

    for what in ("csv", "parquet", "ids"):
        panel._bar._act(None, {"do": "save", "what": what}, None)

    text = (tmp_path / "quality-panel-1.csv").read_text()
    assert "not_json" in text
    assert "example.com" not in text
    assert SECRET not in (tmp_path / "quality-panel-1.parquet").read_bytes()
