from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charts.samples import curve, lengths, outcomes
from charts.tables import AS_OF, caption, row_count, rows_with, subtitle, title
from drift_analysis import charts, metrics
from drift_analysis.charts.kit.curves import spread
from drift_analysis.charts.statistics.survival_words import medians
from drift_analysis.errors import InputError

TEN = range(1, 11)


def test_a_curve_falls_with_each_end_and_its_median_is_marked() -> None:
    chart = charts.survival_curve(curve(lengths(*TEN)), as_of=AS_OF, ended="closed")
    spec = chart.to_dict()

    steps = [(row["t"], round(row["share"], 1)) for row in rows_with(spec, "share")]
    assert steps[:3] == [(60.0, 1.0), (60.0, 0.9), (120.0, 0.8)]
    assert steps[-1] == (600.0, 0.0)
    (half,) = rows_with(spec, "told")
    assert (half["t"], half["half"], half["told"]) == (300.0, 0.5, "half by 5 min")
    assert rows_with(spec, "said", "series")[0]["said"] == "still on\n0 %"
    assert title(spec) == "Half have closed within 5 min"
    assert subtitle(spec) == (
        "Share that has not closed yet after each time, log scale · band: 95 % · until 31 Mar 2026"
    )
    assert caption(spec) == "n = 10. Kaplan-Meier. As of 31 Mar 2026, 12:00 (UTC)."
    assert chart.description == (
        "Falling step curves with bands; x: time, logarithmic; y: share that goes on, 0 to 100 %. "
        "Half have closed within 5 min. Medians: all 5 min (n 10)."
    )


def test_the_band_is_that_of_the_table_and_holds_to_the_end() -> None:
    table = curve(lengths(*TEN))
    rows = rows_with(charts.survival_curve(table, as_of=AS_OF).to_dict(), "share")

    assert [row["lo"] for row in rows[1:-1]] == table["lo"].to_list()[1:-1]
    assert (rows[0]["lo"], rows[-1]["hi"]) == (None, rows[-2]["hi"])


def test_under_the_axis_stands_how_many_are_left_at_each_tick() -> None:
    table = curve(lengths(0.5 / 60, *TEN, 70, running=(65, 80)))
    spec = charts.survival_curve(table, as_of=AS_OF).to_dict()

    numbers = {row["t"]: row["n"] for row in rows_with(spec, "at", "n")}
    assert numbers == {1.0: "14", 10.0: "13", 60.0: "13", 600.0: "4", 3600.0: "3"}
    assert {"at": pytest.approx(-40 / 260), "said": "still on"} in [
        row for rows in spec["datasets"].values() for row in rows
    ]


def test_a_median_that_is_not_reached_is_said_in_words() -> None:
    table = curve(lengths(1, 2, running=(5, 6, 7, 8, 9, 10)))
    chart = charts.survival_curve(table, as_of=AS_OF, ended="closed")

    assert title(chart.to_dict()) == "Half is not reached: 25 % have closed"
    assert "75 % still go on and count as far as they got. Kaplan-Meier." in caption(
        chart.to_dict()
    )
    assert "Medians: all not reached (n 8)." in str(chart.description)
    assert "told" not in {key for rows in chart.to_dict()["datasets"].values() for key in rows[0]}


def test_groups_have_a_curve_each_the_largest_first_and_small_ones_none() -> None:
    many = lengths(*range(101, 131), group="Sales")
    few = pl.concat([lengths(*TEN, group="Support"), many, lengths(1, 2, group="New")])
    spec = charts.survival_curve(curve(few), as_of=AS_OF, ended="closed").to_dict()

    ends = [row["said"] for row in rows_with(spec, "said", "series")]
    assert [end.replace("\u00a0", " ") for end in ends] == [
        "Sales\nhalf by 1 h 55 min",
        "Support\nhalf by 5 min",
    ]
    assert title(spec) == (
        "Half of “Support” have closed within 5 min, of “Sales” only within 1 h 55 min"
    )
    assert caption(spec).startswith("n = 40 in 2 groups. Kaplan-Meier. Left out: 1 group of fewer")


def test_what_never_reaches_half_is_slower_than_what_does() -> None:
    slow = lengths(1, running=tuple(range(50, 70)), group="Slow")
    table = curve(pl.concat([lengths(*TEN, *TEN, group="Fast"), slow]))

    spec = charts.survival_curve(table, as_of=AS_OF).to_dict()
    assert title(spec) == "Half of “Fast” have ended within 5 min, of “Slow” not so far"


def test_groups_whose_medians_may_be_the_same_do_not_differ() -> None:
    table = curve(pl.concat([lengths(*TEN, group="a"), lengths(*(2 * m for m in TEN), group="b")]))
    none = curve(pl.concat([lengths(1, running=(5, 6, 7, 8), group=group) for group in "ab"]))

    assert title(charts.survival_curve(table, as_of=AS_OF, ended="closed").to_dict()) == (
        "When half have closed does not clearly differ between the groups"
    )
    assert title(charts.survival_curve(none, as_of=AS_OF, ended="closed").to_dict()) == (
        "In no group have half closed so far"
    )


def test_no_more_than_four_groups_are_drawn_and_the_rest_is_counted() -> None:
    table = curve(pl.concat(lengths(*TEN, group=f"g{n}") for n in range(9)))

    spec = charts.survival_curve(table, as_of=AS_OF, limit=9).to_dict()
    half = charts.survival_curve(table, as_of=AS_OF, size="half").to_dict()
    assert len(rows_with(spec, "said", "series")) == 4
    assert len(rows_with(half, "said", "series")) == 2
    assert "5 groups with fewer not shown." in caption(spec)
    assert "g3" in str(rows_with(spec, "said", "series"))


def test_below_five_each_length_is_drawn() -> None:
    chart = charts.survival_curve(curve(lengths(1, 2, running=(90,))), as_of=AS_OF, ended="closed")
    spec = chart.to_dict()

    points = rows_with(spec, "filled")
    assert [(row["filled"], row["hollow"], row["name"], row["said"]) for row in points] == [
        (60.0, None, "closed", "1 min"),
        (120.0, None, "closed", "2 min"),
        (None, 5400.0, "still on", "1 h 30 min"),
    ]
    assert title(spec) == "2 of 3 have closed"
    assert "1 still goes on." in caption(spec)
    assert "Kaplan" not in caption(spec)


def test_many_lengths_become_few_steps() -> None:
    table = curve(lengths(*(1 + n / 7 for n in range(5_000))))

    assert row_count(charts.survival_curve(table, as_of=AS_OF).to_dict()) < 300


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        charts.survival_curve(curve(lengths(*TEN)), as_of=AS_OF, limit=0)

    assert str(raised.value) == "limit=0 is below 1.\nTry: limit=8, or leave it out."


def test_outcomes_rise_and_status_names_wear_their_colours() -> None:
    rows: list[tuple[float, str | None]] = [(m, "answered") for m in range(1, 7)]
    rows += [(7.0, "closed"), (8.0, "closed"), (9.0, None), (10.0, None)]
    chart = charts.cumulative_incidence(outcomes(*rows), as_of=AS_OF)
    spec = chart.to_dict()

    ends = [(row["series"], row["said"]) for row in rows_with(spec, "said", "series")]
    assert ends == [(0, "answered\n60 %"), (1, "closed\n20 %")]
    scales = [node for node in str(spec).split("'range': [") if node.startswith("'#0068A3'")]
    assert all(scale.startswith("'#0068A3', '#73716B'") for scale in scales)
    assert title(spec) == "Half are answered within 5 min"
    assert caption(spec) == (
        "n = 10. 20 % still go on and count as far as they got. Ends compete (Aalen-Johansen). "
        "As of 31 Mar 2026, 12:00 (UTC)."
    )
    assert "At the end: answered 60 %, closed 20 %." in str(chart.description)


def test_no_outcome_that_reaches_half_is_said_so() -> None:
    rows: list[tuple[float, str | None]] = [(1.0, "a"), (2.0, "b"), (3.0, "a")]
    spec = charts.cumulative_incidence(outcomes(*rows, *[(9.0, None)] * 7), as_of=AS_OF).to_dict()

    assert title(spec) == "20 % are a in the end, 10 % b"


def test_few_outcomes_are_drawn_themselves_and_what_runs_is_hollow() -> None:
    spec = charts.cumulative_incidence(
        outcomes((1, "answered"), (2, None), (3, "closed")), as_of=AS_OF
    ).to_dict()

    points = [(row["name"], row["filled"], row["hollow"]) for row in rows_with(spec, "filled")]
    assert points == [
        ("closed", 180.0, None),
        ("answered", 60.0, None),
        ("still on", None, 120.0),
    ]
    assert title(spec) == "Of 3: 1 closed and 1 answered"
    assert "1 still goes on." in caption(spec)


def test_rare_outcomes_are_counted_and_not_drawn() -> None:
    rows: list[tuple[float, str | None]] = [(n + 1.0, f"o{n % 6}") for n in range(30)]
    spec = charts.cumulative_incidence(outcomes(*rows), as_of=AS_OF).to_dict()

    assert len(rows_with(spec, "said", "series")) == 4
    assert "2 other outcomes not shown." in caption(spec)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 200), min_size=1, max_size=5))
def test_texts_beside_curves_never_lie_upon_each_other(centres: list[float]) -> None:
    placed = sorted(spread(centres, [32.0] * len(centres), 220.0))

    assert all(b - a >= 32 - 1e-9 for a, b in pairwise(placed))
    assert placed[-1] <= 220 - 16 + 1e-9


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**7), st.booleans()), min_size=1, max_size=30))
def test_medians_read_off_a_curve_are_those_of_the_metric(rows: list[tuple[int, bool]]) -> None:
    frame = pl.DataFrame(
        {"length": [ms for ms, _ in rows], "censored": [still for _, still in rows]}
    ).with_columns(pl.col("length").cast(pl.Duration("ms")))
    wanted = metrics.survival_quantiles(frame, duration="length", censored="censored", q=[0.5])
    found = medians(curve(frame).with_columns(series=pl.lit(0)))

    assert found.drop("series").row(0) == wanted.select("p50", "p50_lo", "p50_hi").row(0)
