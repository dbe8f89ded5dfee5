"""The lift of playbooks: cases worked out by hand, a plain reference, and its laws."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import metrics.references.playbooks as slow
from builders import NOON, conversations, table
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import playbook_attribution, playbook_lift
from drift_analysis.schemas import PlaybookAttribution, PlaybookLift

COMPARED = ("difference", "difference_lo", "difference_hi", "ratio", "p", "q")


def counted(*rows: tuple[int | str, int, int | None], **more: int) -> pl.DataFrame:
    """Build an attribution from (playbook, none or unknown; conversations; meetings)."""
    named = [
        {
            "playbook_id": of if isinstance(of, int) else None,
            "attribution": of if isinstance(of, str) else "playbook",
            "conversations": n,
            "meetings": x,
        }
        for of, n, x in rows
    ]
    return table(PlaybookAttribution, named, bulk_sent=0, engaged=0, closed=0, **more)


def lifted(frame: pl.DataFrame, **options: Any) -> pl.DataFrame:
    return PlaybookLift.checked(playbook_lift(frame, outcome="meetings", **options))


def rows_of(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    sides = ("playbook_id", "conversations", "happened", "other_conversations", "other_happened")
    return frame.select(sides).rows()


@st.composite
def attributions(draw: st.DrawFn) -> pl.DataFrame:
    kinds: list[int | str] = draw(
        st.lists(st.sampled_from([1, 2, 3, 4, "none", "unknown"]), unique=True, max_size=6)
    )
    rows: list[tuple[int | str, int, int | None]] = []
    for kind in kinds:
        n = draw(st.integers(1, 300))
        rows.append((kind, n, draw(st.none() | st.integers(0, n))))
    return counted(*rows)


def test_a_playbook_is_compared_with_all_other_known_conversations() -> None:
    frame = counted((7, 70, 56), (8, 50, 30), ("none", 30, 18), ("unknown", 999, 999))

    found = lifted(frame)

    assert rows_of(found) == [(7, 70, 56, 80, 48), (8, 50, 30, 100, 74)]
    seven = found.row(0, named=True)
    assert (seven["happened_rate"], seven["other_rate"]) == (0.8, 0.6)
    assert seven["difference"] == pytest.approx(0.2)
    # Newcombe (1998), table: 56 of 70 against 48 of 80.
    assert seven["difference_lo"] == pytest.approx(0.0524, abs=5e-5)
    assert seven["difference_hi"] == pytest.approx(0.3339, abs=5e-5)
    assert seven["ratio"] == pytest.approx(4 / 3)
    assert found["n_unknown"].to_list() == [999, 999]
    assert found.select("outcome", "against").unique().rows() == [("meetings", "rest")]


def test_it_can_be_compared_with_none_or_with_one_playbook() -> None:
    frame = counted((7, 70, 56), (8, 50, 30), (9, 40, 10), ("none", 30, 18), ("unknown", 9, 9))

    none, eight = lifted(frame, against="none"), lifted(frame, against=8)

    assert rows_of(none) == [(7, 70, 56, 30, 18), (8, 50, 30, 30, 18), (9, 40, 10, 30, 18)]
    assert rows_of(eight) == [(7, 70, 56, 50, 30), (9, 40, 10, 50, 30)]
    assert eight["against"].unique().to_list() == ["8"]


@pytest.mark.parametrize("against", ["none", 5, "rest"])
def test_where_there_is_nothing_to_compare_with_there_is_no_lift(against: Any) -> None:
    found = lifted(counted((7, 70, 56), ("unknown", 10, 5)), against=against)

    assert rows_of(found) == [(7, 70, 56, 0, None)]
    assert found.select("other_rate", *COMPARED).row(0) == (None,) * 7
    assert found["happened_rate"].item() == 0.8


def test_what_was_not_loaded_is_on_neither_side() -> None:
    found = lifted(counted((7, 70, 56), (8, 50, None), ("none", 30, 18)))

    assert rows_of(found) == [(7, 70, 56, 30, 18), (8, 50, None, 100, 74)]
    assert found.select("happened_rate", *COMPARED).row(1) == (None,) * 7
    assert found["q"].to_list() == [found["p"][0], None]


def test_a_ratio_to_nothing_is_not_known_but_the_difference_is() -> None:
    found = lifted(counted((7, 10, 5), ("none", 10, 0))).row(0, named=True)

    assert (found["ratio"], found["difference"]) == (None, 0.5)
    # Of the ways to choose 5 of 20, 252 leave out all of the one side, as many all of the other.
    assert found["p"] == pytest.approx(2 * 252 / 15504)


@given(attributions(), st.sampled_from(["rest", "none", 1]))
@settings(deadline=None)
def test_the_lift_is_that_of_the_plain_reference(frame: pl.DataFrame, against: Any) -> None:
    found = lifted(frame, against=against)

    expected = slow.lift(frame.rows(named=True), "meetings", against)
    assert found["playbook_id"].to_list() == [row["playbook_id"] for row in expected]
    for mine, theirs in zip(found.iter_rows(named=True), expected, strict=True):
        sides = ("happened", "conversations", "other_conversations")
        assert [mine[name] for name in sides] == [theirs[name] for name in "xnm"]
        assert (mine["other_happened"] or 0) == theirs["y"]
        if "p" not in theirs:
            assert [mine[name] for name in COMPARED] == [None] * 6
            continue
        assert mine["difference"] == pytest.approx(theirs["difference"], abs=1e-12)
        bounds = (mine["difference_lo"], mine["difference_hi"])
        assert bounds == pytest.approx(theirs["bounds"], abs=1e-9)
        assert mine["p"] == pytest.approx(theirs["p"], rel=1e-9, abs=1e-300)
        assert mine["q"] == pytest.approx(theirs["q"], rel=1e-9, abs=1e-300)
        assert mine["ratio"] == pytest.approx(theirs["ratio"])


@given(attributions())
@settings(deadline=None, max_examples=20)
def test_neither_unknown_ones_nor_the_order_of_rows_nor_the_engine_matter(
    frame: pl.DataFrame,
) -> None:
    assume(frame.height)
    found = lifted(frame)

    shuffled = frame.sample(fraction=1, shuffle=True, seed=3)
    assert_frame_equal(lifted(shuffled), found)
    known = frame.filter(pl.col("attribution") != "unknown")
    assert_frame_equal(lifted(known).drop("n_unknown"), found.drop("n_unknown"))
    lazy = playbook_lift(frame.lazy(), outcome="meetings")
    assert isinstance(lazy, pl.LazyFrame)
    assert_frame_equal(lazy.collect(engine="streaming"), found)


def test_it_takes_what_the_attribution_gives() -> None:
    known = {"is_detail": True, "updated_at": NOON}
    frame = conversations(
        *({"conversation_id": n, "playbook_id": 7, "status": "open", **known} for n in range(4)),
        *({"conversation_id": n, "status": "bulk_sent", **known} for n in range(4, 8)),
        {"conversation_id": 9},
    )
    counts = playbook_attribution(frame, as_of=NOON + timedelta(hours=1))

    found = playbook_lift(counts)

    assert rows_of(found) == [(7, 4, 4, 4, 0)]
    assert found.select("outcome", "difference", "n_unknown").row(0) == ("engaged", 1, 1)
    assert playbook_lift(counts, outcome="meetings")["happened"].to_list() == [None]


def test_nothing_in_gives_the_whole_schema_out() -> None:
    assert_frame_equal(lifted(PlaybookAttribution.empty()), PlaybookLift.empty())


def test_options_that_mean_nothing_are_refused() -> None:
    frame = PlaybookAttribution.empty()

    with pytest.raises(InputError) as outcome:
        playbook_lift(frame, outcome="share")
    with pytest.raises(InputError) as against:
        playbook_lift(frame, against="best")  # type: ignore[arg-type]
    with pytest.raises(InputError):
        playbook_lift(frame, against=True)
    with pytest.raises(SchemaError):
        playbook_lift(frame.drop("engaged"))

    assert str(outcome.value) == (
        "outcome='share' is not a choice.\n"
        "Try: one of 'bulk_sent', 'engaged', 'human_handled', 'closed', 'emails_captured', "
        "'meetings', 'goals'."
    )
    assert str(against.value) == (
        "against='best' is not a choice.\nTry: one of 'rest', 'none', 'the id of a playbook'."
    )


def test_q_values_are_those_of_all_playbooks_of_the_result() -> None:
    rows = [
        {"playbook_id": n, "attribution": "playbook", "conversations": 50, "engaged": engaged}
        for n, engaged in enumerate((45, 20, 22), 1)
    ]
    found = playbook_lift(pl.DataFrame(rows, schema=PlaybookAttribution.schema()))
    p, q = found["p"].to_list(), found["q"].to_list()
    ranked = sorted(p)
    assert q == pytest.approx(
        [min(each * 3 / (k + 1) for k, each in enumerate(ranked) if each >= mine) for mine in p]
    )
    assert q != p
