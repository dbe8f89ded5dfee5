from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import sqrt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output
from polars.testing import assert_frame_equal

import drift_analysis as da
from builders import conversations, messages, table
from drift_analysis.errors import InputError
from drift_analysis.schemas import (
    Dataset,
    Meetings,
    PlaybookAttribution,
    PlaybookComparison,
    PlaybookTags,
)
from drift_analysis.widgets import (
    Comparison,
    PlaybookCompare,
    playbook_chart,
    playbook_comparison,
    playbook_sides,
    playbook_tags,
)
from drift_analysis.widgets.playbooks.playbook_curves import curve_panel
from drift_analysis.widgets.playbooks.playbook_rates import SHOWN
from widgets.worlds import HOSTILE, MONDAY, dataset, playbooks, tag

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def world() -> Dataset[pl.DataFrame]:
    """Return 30 conversations of playbooks 11 and 12, of none, and of an unknown playbook."""
    rows: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    for number in range(1, 31):
        began = MONDAY + timedelta(hours=7 * number)
        playbook = {0: 11, 1: 12, 2: None}.get(number % 4)
        is_detail = number % 4 != 3
        is_closed = number % 3 == 0
        rows.append(
            {
                "conversation_id": number,
                "status": "closed" if is_closed else "open",
                "created_at": began,
                "updated_at": began + timedelta(hours=number),
                "inbox_id": 3 + number % 2,
                "playbook_id": playbook,
                "tags": tag(*["Demo", HOSTILE][: number % 3]) if is_detail else None,
                "is_detail": is_detail,
            }
        )
        if number % 5:
            said.append({"conversation_id": number, "created_at": began})
        if number % 2:
            said.append(
                {
                    "conversation_id": number,
                    "created_at": began + timedelta(minutes=number),
                    "author_kind": "human",
                    "author_type": "user",
                }
            )
    met = [{"event_id": str(n), "conversation_id": n} for n in (4, 5)]
    return dataset(
        conversations=conversations(*rows),
        messages=messages(*said),
        playbooks=playbooks(
            {"playbook_id": 11, "name": "Book a demo"}, {"playbook_id": 12, "name": HOSTILE}
        ),
        meetings=table(Meetings, met, source="test"),
    )


WORLD = world()


def attribution(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=PlaybookAttribution.schema())


def made_by_the_code(compare: PlaybookCompare, data: Dataset[Any]) -> dict[str, Any]:
    return run(compare.code, data)


def run(code: str, data: Dataset[Any]) -> dict[str, Any]:
    names: dict[str, Any] = {"dataset": data}
    exec(code, names)
    return names


def press(view: Any, do: str, what: str = "") -> str:
    view._bar._handle_custom_msg({"do": do, "what": what}, [])
    return str(view._bar.said)


def test_rates_differences_and_lift_are_those_worked_out_by_hand() -> None:
    counts = attribution(
        {"playbook_id": 7, "attribution": "playbook", "conversations": 70, "engaged": 56},
        {"playbook_id": 8, "attribution": "playbook", "conversations": 50, "engaged": 30},
        {"playbook_id": None, "attribution": "none", "conversations": 30, "engaged": 18},
        {"playbook_id": None, "attribution": "unknown", "conversations": 9, "engaged": 9},
    )

    rest = playbook_comparison(counts, playbook_id=7).row(0, named=True)

    # 56 of 70 against 48 of 80: example (a) of table II in Newcombe 1998, method 10.
    assert (rest["other_happened"], rest["other_conversations"], rest["n_unknown"]) == (48, 80, 9)
    assert rest["difference"] == pytest.approx(0.2)
    assert rest["difference_lo"] == pytest.approx(0.0524, abs=5e-5)
    assert rest["difference_hi"] == pytest.approx(0.3339, abs=5e-5)
    assert rest["ratio"] == pytest.approx(0.8 / 0.6)
    assert rest["q"] == pytest.approx(rest["p"])
    # The bounds of the ratio r solve (p - l)^2 + r^2 (U - q)^2 = (p - r q)^2.
    for end, mine, theirs in (("lo", "lo", "hi"), ("hi", "hi", "lo")):
        r, p, q = rest[f"ratio_{end}"], rest["happened_rate"], rest["other_rate"]
        reach = sqrt((p - rest[f"happened_{mine}"]) ** 2 + (r * (rest[f"other_{theirs}"] - q)) ** 2)
        assert abs(p - r * q) == pytest.approx(reach)

    none = playbook_comparison(counts, playbook_id=7, against="none").row(0, named=True)
    other = playbook_comparison(counts, playbook_id=7, against=8).row(0, named=True)
    assert (none["other_conversations"], other["other_conversations"]) == (30, 50)
    meetings = playbook_comparison(counts, playbook_id=7).filter(outcome="meetings")
    assert meetings.select("happened", "difference", "p", "ratio_hi").row(0) == (None,) * 4
    assert playbook_comparison(counts, playbook_id=99).is_empty()


counted = st.integers(1, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@given(
    rows=st.lists(counted, min_size=2, max_size=4),
    against=st.sampled_from(["rest", "none", 1]),
    outcome=st.sampled_from(["engaged", "closed", "goals"]),
)
@settings(max_examples=10, deadline=None)
def test_every_outcome_is_compared_as_lift_does_and_both_intervals_agree(
    rows: list[tuple[int, int]], against: Any, outcome: str
) -> None:
    kinds = ["none", *["playbook"] * (len(rows) - 1)]
    counts = attribution(
        *(
            {
                "playbook_id": None if kind == "none" else place,
                "attribution": kind,
                "conversations": n,
                "engaged": some,
                "closed": n - some,
            }
            for place, (kind, (n, some)) in enumerate(zip(kinds, rows, strict=True))
        )
    )
    mine = len(rows) - 1
    if mine == against:
        against = "rest"

    found = playbook_comparison(counts, playbook_id=mine, against=against)

    PlaybookComparison.checked(found)
    shared = [
        "happened", "conversations", "other_conversations", "other_happened", "difference",
        "difference_lo", "difference_hi", "ratio", "p", "n_unknown",
    ]  # fmt: skip
    lift = da.playbook_lift(counts, outcome=outcome, against=against)
    assert_frame_equal(
        found.filter(outcome=outcome).select(shared), lift.filter(playbook_id=mine).select(shared)
    )
    for row in found.drop_nulls("ratio").to_dicts():
        assert row["ratio_lo"] <= row["ratio"] * (1 + 1e-9)
        assert (row["ratio_lo"] > 1 + 1e-9) == (row["difference_lo"] > 1e-9)
        if row["ratio_hi"] is not None:
            assert row["ratio"] <= row["ratio_hi"] * (1 + 1e-9)
            assert (row["ratio_hi"] < 1 - 1e-9) == (row["difference_hi"] < -1e-9)


def test_what_is_unknown_is_on_no_side_and_never_counts_as_none() -> None:
    sides = playbook_sides(WORLD.conversations, playbook_id=11)
    none = playbook_sides(WORLD.conversations, playbook_id=11, against="none")

    listed = WORLD.conversations.filter(~pl.col("is_detail"))["conversation_id"]
    assert listed.len() == 7
    assert not sides["conversation_id"].is_in(listed.implode()).any()
    assert not none["conversation_id"].is_in(listed.implode()).any()
    compare = PlaybookCompare(WORLD, second="none")
    assert compare.frame["n_unknown"].unique().to_list() == [7]
    assert compare._head.sentences[1] == (
        "Of 7 conversations the playbook is not known: on neither side, and never counted as none."
    )


def test_tags_are_compared_with_fishers_test_and_q_values() -> None:
    made = [("Demo",)] * 4 + [()] * 4 + [("Bug", "demo")] + [("Bug",)] * 3 + [()]
    rows = conversations(
        *(
            {
                "conversation_id": n,
                "playbook_id": 11 if n < 8 else 12,
                "tags": None if n == 12 else tag(*names),
                "is_detail": True,
            }
            for n, names in enumerate(made)
        )
    )
    sides = playbook_sides(rows, playbook_id=11, against=12)

    found = playbook_tags(da.tag_frequency(sides, by="side"))

    PlaybookTags.checked(found)
    # Bug: 0 of 8 and 4 of 4, so p = 1 / C(12, 4); Demo: 4 of 8 and 1 of 4, all tables count.
    assert found["tag"].to_list() == ["Bug", "Demo"]
    assert found["p"].to_list() == pytest.approx([1 / 495, 0.5757575], abs=1e-6)
    assert found["q"].to_list() == pytest.approx([2 / 495, 0.5757575], abs=1e-6)
    assert found.select(
        "conversations", "n_known", "other_conversations", "other_known"
    ).rows() == [
        (0, 8, 4, 4),
        (4, 8, 1, 4),
    ]
    assert found["n_unknown"].to_list() == [1, 1]
    alone = playbook_tags(da.tag_frequency(sides.filter(side="first"), by="side"))
    assert alone.select("other_known", "difference", "p", "q").row(0) == (0, None, None, None)


days = st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 12))
step = st.one_of(
    st.tuples(st.just("first"), st.sampled_from([11, 12])),
    st.tuples(st.just("second"), st.sampled_from([11, 12, "rest", "none"])),
    st.tuples(st.sampled_from(["start", "end"]), days),
    st.tuples(st.just("inbox"), st.sampled_from(["", 3, 4])),
)


@given(
    chosen=st.lists(step, min_size=1, max_size=3),
    outcome=st.sampled_from(SHOWN),
    tz=st.sampled_from(["UTC", "Pacific/Auckland"]),
)
@settings(max_examples=3, deadline=None)
def test_whatever_is_chosen_the_code_and_the_state_give_it_again_and_undo_takes_it_back(
    chosen: list[tuple[str, Any]], outcome: str, tz: str
) -> None:
    compare = PlaybookCompare(WORLD, tz=tz)
    states = [compare.state]
    for name, value in chosen:
        compare._controls.fields[name].value = value
        states.append(compare.state)
    compare._rates.selected = outcome if compare.frame.height else ""

    again = PlaybookCompare(WORLD, tz=tz, state=json.loads(json.dumps(compare.state)))

    assert again.state == compare.state
    assert compare.asked.first != compare.asked.second
    found = run(compare.code.partition("chart = ")[0], WORLD)
    for name in ("frame", "curves", "tags"):
        assert_frame_equal(found[name], getattr(compare, name))
        assert_frame_equal(getattr(again, name), getattr(compare, name))
    while compare._bar.can_undo:
        compare.undo()
        assert {**compare.state, "outcome": "engaged"} in states
    assert {**compare.state, "outcome": "engaged"} == states[0]


def test_the_code_also_gives_the_picture_and_ids_are_those_that_explain_knows() -> None:
    compare = PlaybookCompare(WORLD)
    compare.change(start=date(2026, 3, 4), inbox=3, outcome="human_handled")

    assert made_by_the_code(compare, WORLD)["chart"].to_dict() == compare.chart.to_dict()

    kept = compare._facts.within(date(2026, 3, 4), None, 3).drop("day")
    tables = {"messages": WORLD.messages, "meetings": WORLD.meetings, "as_of": WORLD.as_of}
    known = da.explain(da.playbook_attribution, kept, **tables)
    first = known.table.filter(playbook_id=compare.asked.first)
    rest = known.table.filter(
        (pl.col("attribution") != "unknown") & pl.col("playbook_id").ne_missing(compare.asked.first)
    )
    for side, rows in (("first", first), ("second", rest)):
        assert compare.ids_of(side).to_list() == known.ids(rows).to_list()  # type: ignore[arg-type]
        for outcome in ("engaged", "human_handled", "meetings"):
            expected = known.ids(rows, number=outcome).to_list()
            assert compare.ids_of(side, outcome).to_list() == expected  # type: ignore[arg-type]
    assert sorted(compare.ids) == sorted(
        [*known.ids(first, number="human_handled"), *known.ids(rest, number="human_handled")]
    )
    assert compare.ids_of("first", "goals").is_empty()


def test_curves_are_drawn_from_five_on_with_how_many_are_left() -> None:
    lasted = pl.DataFrame(
        {
            "side": ["a"] * 6 + ["b"] * 3,
            "lasted": [timedelta(minutes=m) for m in (1, 2, 10, 20, 60, 600, 1, 2, 3)],
            "runs": [False] * 5 + [True] + [False] * 2 + [True],
        }
    )
    curve = da.survival_curve(lasted, duration="lasted", censored="runs", by="side")

    panel = curve_panel(curve, ("a", "b"), heading="Waits", ended="ended")

    assert [one["name"] for one in panel["series"]] == ["a"]
    assert [(tick["text"], tick["left"]) for tick in panel["ticks"]] == [
        ("1 min", ["6"]), ("10 min", ["4"]), ("1 h", ["2"]), ("6 h", ["1"]),
        ("1 d", ["0"]),
    ]  # fmt: skip
    assert (
        panel["sentence"]
        == "a: half have ended within 10 min (n 6, 1 not yet); b: 2 of 3 have ended."
    )
    assert [point[0] for point in panel["series"][0]["points"]] == sorted(
        point[0] for point in panel["series"][0]["points"]
    )
    missing = curve_panel(curve.filter(side="b"), ("a", "b"), heading="", ended="ended")
    assert missing["series"] == []
    assert missing["sentence"].startswith("a: nothing to measure; ")


def test_what_is_compared_with_itself_changes_places() -> None:
    compare = PlaybookCompare(WORLD, first=11)
    fields = compare._controls.fields

    fields["second"].value = 12
    fields["first"].value = 12
    assert (compare.asked.first, compare.asked.second) == (12, 11)
    fields["second"].value = 12
    assert (compare.asked.first, compare.asked.second) == (11, 12)
    fields["second"].value = "rest"
    fields["second"].value = 11
    assert (compare.asked.first, compare.asked.second) == (12, 11)

    one = dataset(conversations=conversations({"conversation_id": 1, "playbook_id": 11}))
    alone = PlaybookCompare(one)
    alone._controls.fields["second"].value = 11
    assert (alone.asked.second, alone._controls.fields["second"].value) == ("rest", "rest")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"first": 99}, "first=99 cannot be compared here.\nThere are 2 to choose from."),
        ({"second": 11}, "second=11 cannot be compared here.\nThere are 3 to choose from."),
        ({"inbox": 5}, "inbox=5 cannot be compared here.\nThere are 3 to choose from."),
        ({"outcome": "love"}, "outcome='love' is not a choice."),
    ],
)
def test_what_does_not_occur_is_refused_and_nothing_changes(
    changes: dict[str, Any], told: str
) -> None:
    compare = PlaybookCompare(WORLD, first=11)
    with pytest.raises(InputError) as caught:
        compare.change(**changes)
    assert str(caught.value).startswith(told)
    with pytest.raises(InputError):
        compare.state = {**compare.state, **changes}
    assert compare.asked == Comparison(first=11)
    wrongs: list[Any] = [{"first": "11"}, {"start": "1 May"}, {"second": True}, {"nothing": 1}, 7]
    for wrong in wrongs:
        with pytest.raises(InputError, match="This is no state of a playbook-compare"):
            compare.state = wrong
    with pytest.raises(InputError, match="compared with itself"):
        playbook_comparison(PlaybookAttribution.empty(), playbook_id=1, against=1)
    for side, outcome in (("third", None), ("first", "love")):
        with pytest.raises(InputError):
            compare.ids_of(side, outcome)  # type: ignore[arg-type]


def test_without_playbooks_or_conversations_it_says_so() -> None:
    for data in (dataset(), replace(dataset(), as_of=None)):
        compare = PlaybookCompare(data)
        assert compare.frame.is_empty()
        assert compare.ids.is_empty()
        assert compare._head.sentences[0].startswith("There is nothing to compare")
        assert compare.chart.to_dict() == made_by_the_code(compare, data)["chart"].to_dict()
        compare._rates.selected = "engaged"
        assert compare._rates.selected == ""
        compare.reset()


def test_views_chips_and_files_are_those_of_every_panel(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    compare = PlaybookCompare(WORLD, first=12)
    compare.change(inbox=3, start=date(2026, 3, 5))
    assert [chip["text"] for chip in compare._bar.chips] == ["from 2026-03-05", "inbox: 3"]
    press(compare, "off", "inbox")
    assert compare.asked.inbox is None
    assert press(compare, "keep", HOSTILE) == f"The view was saved as {HOSTILE}."
    compare.reset()
    assert press(compare, "show", HOSTILE) == f"This is the view {HOSTILE}."
    assert compare.asked.start == date(2026, 3, 5)
    assert PlaybookCompare(WORLD, views=compare.views).views == compare.views
    assert press(compare, "show", "gone").startswith("name='gone' is not a choice.")
    said = [press(compare, "save", what) for what in ("chart", "csv", "parquet", "ids", "x")]
    assert said == [
        "Saved as playbook-compare-1.png.",
        "Saved as playbook-compare-1.csv.",
        "Saved as playbook-compare-1.parquet.",
        "Saved as playbook-compare-1.txt.",
        "",
    ]
    assert_frame_equal(pl.read_parquet("playbook-compare-1.parquet"), compare.frame)
    assert pl.read_csv("playbook-compare-1.csv").height == 7
    with pytest.raises(InputError, match="no way to save rows"):
        compare.save_rows("rows.xlsx")
    with pytest.raises(InputError, match="asked=int cannot be shown"):
        compare.asked = 3


def test_hostile_names_and_tags_are_texts_and_the_picture_that_stays_is_inert() -> None:
    compare = PlaybookCompare(WORLD, first=12, second=11)
    InteractiveShell.instance()
    try:
        with capture_output() as caught:
            display(compare)  # type: ignore[no-untyped-call]
    finally:
        InteractiveShell.clear_instance()

    live, note, picture = caught.outputs
    assert "application/vnd.jupyter.widget-view+json" in live.data
    sentence = "This playbook-compare stands still. Run this cell again to filter, click and read."
    assert note.data["text/html"] == f'<p class="drift-still">{sentence}</p>'
    assert picture.data["image/png"].startswith("iVBOR")
    assert HOSTILE in picture.metadata["image/png"]["alt"]
    cells = [cell for row in compare._tags.rows for cell in row["cells"]]
    assert HOSTILE in cells


def test_few_conversations_are_counted_and_not_compared() -> None:
    counts = attribution(
        {"playbook_id": 7, "attribution": "playbook", "conversations": 3, "engaged": 2},
        {"playbook_id": None, "attribution": "none", "conversations": 8, "engaged": 1},
    )
    frame = playbook_comparison(counts, playbook_id=7)

    spec = playbook_chart(frame, as_of=NOON, names=("a", "b")).to_dict()

    rows = [row for name in spec["datasets"] for row in spec["datasets"][name] if "each" in row]
    assert ("●●○", "2 of 3") in {(row["each"], row["value"]) for row in rows}
    assert "These are too few to compare." in spec["description"]
