"""The log-rank test against cases worked out by hand, fractions, lifelines, and its laws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lifelines
import polars as pl
import pytest
import scipy.stats
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lifelines.statistics import logrank_test, multivariate_logrank_test
from polars.testing import assert_frame_equal

import metrics.references.lives as slow
from drift_analysis.errors import InputError
from drift_analysis.metrics import log_rank
from drift_analysis.schemas import LogRank

if TYPE_CHECKING:
    from metrics.references.lives import Life

Row = tuple[int, bool, int]

rows_of = st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.integers(0, 3)), max_size=40)


def lived(rows: list[Row]) -> pl.DataFrame:
    schema = {"life": pl.Int64, "running": pl.Boolean, "team": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(pl.col("life").cast(pl.Duration("ms")))


def compared(frame: pl.DataFrame, by: str | None = None) -> pl.DataFrame:
    return log_rank(frame, duration="life", censored="running", group="team", by=by)


def only(rows: list[Row]) -> dict[str, Any]:
    return LogRank.checked(compared(lived(rows))).row(0, named=True)


def teams(rows: list[Row]) -> list[list[Life]]:
    return [[(t, r) for t, r, g in rows if g == team] for team in sorted({g for *_, g in rows})]


def test_three_ends_of_one_team_before_three_of_the_other() -> None:
    # Expected of the first: 3/6 + 2/5 + 1/4 = 1.15 of 3; variance 1/4 + 6/25 + 3/16 = 0.6775.
    found = only([(t, False, t // 4) for t in range(1, 7)])

    assert (found["n_groups"], found["n"], found["events"], found["df"]) == (2, 6, 6, 1)
    assert found["chi2"] == pytest.approx((3 - 1.15) ** 2 / 0.6775)
    assert found["p"] == pytest.approx(scipy.stats.chi2.sf(1.85**2 / 0.6775, 1), rel=1e-9)


def test_leukaemia_patients_of_freireich() -> None:
    # The remissions of Freireich et al. (1963), as lifelines and most textbooks have them:
    # 9 relapses of 21 with the drug, 21 of 21 without; Kalbfleisch and Prentice print 16.79.
    drug = [(6, 0), (6, 0), (6, 0), (6, 1), (7, 0), (9, 1), (10, 0), (10, 1), (11, 1), (13, 0)]
    drug += [(16, 0), (17, 1), (19, 1), (20, 1), (22, 0), (23, 0), (25, 1), (32, 1), (32, 1)]
    drug += [(34, 1), (35, 1)]
    none = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]

    found = only([*((t, bool(r), 1) for t, r in drug), *((t, False, 0) for t in none)])

    assert (found["n"], found["events"]) == (42, 30)
    assert found["chi2"] == pytest.approx(16.79, abs=0.005)


@given(rows_of)
@settings(deadline=None, max_examples=60)
def test_any_number_of_groups_is_tested_as_in_fractions(rows: list[Row]) -> None:
    assume(rows)
    found = only(rows)

    chi2, df = slow.log_rank(teams(rows))
    if df == 0:
        assert (found["chi2"], found["df"], found["p"]) == (None, None, None)
    else:
        assert (found["df"], found["n_groups"]) == (df, len(teams(rows)))
        assert found["chi2"] == pytest.approx(float(chi2), rel=1e-9, abs=1e-9)
        expected = scipy.stats.chi2.sf(float(chi2), df)
        assert found["p"] == pytest.approx(expected, rel=1e-8, abs=1e-12)


@given(rows_of)
@settings(deadline=None, max_examples=30)
def test_the_test_is_that_of_lifelines(rows: list[Row]) -> None:
    # One of each team is watched to the end: lifelines counts a team that nobody was left of as
    # a degree of freedom all the same.
    everyone = [(t + 1, r, g) for t, r, g in rows] + [
        (1, False, 0),
        *((12, True, g) for g in range(4)),
    ]
    times, running, team = zip(*everyone, strict=True)
    events = [not each for each in running]

    found = only(everyone)
    theirs = multivariate_logrank_test(times, team, events)
    two = only([(t, r, min(g, 1)) for t, r, g in everyone])
    parts = [[(t, not r) for t, r, g in everyone if min(g, 1) == part] for part in (0, 1)]
    pair = logrank_test(
        *([t for t, _ in part] for part in parts),
        *([e for _, e in part] for part in parts),
    )

    assert (found["chi2"], found["df"]) == (
        pytest.approx(theirs.test_statistic, rel=1e-9, abs=1e-9),
        3,
    )
    assert found["p"] == pytest.approx(theirs.p_value, rel=1e-9)
    assert two["chi2"] == pytest.approx(pair.test_statistic, rel=1e-9, abs=1e-9)


def test_twelve_groups_are_the_most_and_the_data_of_lifelines_tell_them_apart() -> None:
    regimes = lifelines.datasets.load_dd()
    names = sorted(regimes["un_region_name"].unique())
    number = regimes["un_region_name"].map(names.index)
    raw = zip(regimes["duration"], regimes["observed"] == 0, number, strict=True)
    rows = [(int(t), bool(r), int(g)) for t, r, g in raw]
    twelve = [row for row in rows if row[2] < 12]
    times, running, region = zip(*twelve, strict=True)

    found, too_many = only(twelve), only(rows)

    theirs = multivariate_logrank_test(times, region, [not each for each in running])
    assert (found["n_groups"], found["df"]) == (12, 11)
    assert found["chi2"] == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert found["p"] == pytest.approx(theirs.p_value, rel=1e-9)
    assert too_many["n_groups"] > 12
    assert (too_many["chi2"], too_many["df"], too_many["p"]) == (None, None, None)


def test_one_group_or_ends_all_at_once_have_no_test() -> None:
    alone = only([(1, False, 0), (2, False, 0)])
    at_once = only([(3, False, 0), (3, False, 1)])

    for found in (alone, at_once):
        assert (found["events"], found["chi2"], found["df"], found["p"]) == (2, None, None, None)


def test_a_group_that_left_before_the_first_end_is_no_part_of_the_test() -> None:
    # As in R's survdiff: nothing was expected of it.
    rows = [(1, False, 1), (2, False, 2), (3, False, 1), (4, False, 2)]

    assert only([(0, True, 0), *rows]) == {**only(rows), "n_groups": 3, "n": 5}


def test_what_is_not_known_is_not_compared() -> None:
    rows = lived([(1, False, 0), (2, False, 1), (3, True, 0), (4, False, 1)])
    unknown = pl.DataFrame(
        {"life": [5, None, 5, -1], "running": [False, False, None, False], "team": [None, 0, 1, 1]},
        schema={"life": pl.Int64, "running": pl.Boolean, "team": pl.Int64},
    ).with_columns(pl.col("life").cast(pl.Duration("ms")))

    assert_frame_equal(compared(pl.concat([rows, unknown])), compared(rows))


@given(rows_of, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=20)
def test_neither_other_groups_nor_the_order_of_rows_nor_the_engine_matter(
    rows: list[Row], random: Any
) -> None:
    inbox = [random.choice(["a", "b", None]) for _ in rows]
    frame = lived(rows).with_columns(inbox=pl.Series(inbox, dtype=pl.String))

    together = compared(frame, by="inbox")

    assert together["inbox"].to_list() == sorted(set(inbox), key=lambda each: (each is None, each))
    for name in set(inbox):
        alone = frame.filter(pl.col("inbox").eq_missing(name))
        mine = together.filter(pl.col("inbox").eq_missing(name)).drop("inbox")
        assert_frame_equal(mine, compared(alone))
    shuffled = frame.sample(fraction=1, shuffle=True, seed=random.randint(0, 99))
    assert_frame_equal(compared(shuffled, by="inbox"), together)
    lazy = log_rank(frame.lazy(), duration="life", censored="running", group="team", by="inbox")
    assert isinstance(lazy, pl.LazyFrame)
    assert_frame_equal(lazy.collect(engine="streaming"), together)


def test_nothing_in_gives_the_whole_schema_out() -> None:
    assert compared(lived([])).schema == LogRank.schema()
    frame = lived([(1, False, 0)]).with_columns(inbox=1)
    assert compared(frame, by="inbox").columns == ["inbox", *LogRank.column_names()]


def test_words_and_flags_are_groups_as_well() -> None:
    frame = lived([(1, False, 0), (2, False, 0), (3, False, 1), (4, True, 1)])
    words = frame.with_columns(pl.col("team").replace_strict({0: "day", 1: "night"}))
    flags = frame.with_columns(pl.col("team") == 1)

    assert_frame_equal(compared(words), compared(frame))
    assert_frame_equal(compared(flags), compared(frame))


@pytest.mark.parametrize("by", ["team", "chi2", "at_risk", "linear"])
def test_a_group_that_is_needed_here_is_refused(by: str) -> None:
    with pytest.raises(InputError) as caught:
        compared(lived([]).with_columns(chi2=1, at_risk=1, linear=1), by=by)

    assert str(caught.value) == (
        f"by={by!r} is a name that is needed here.\n"
        "Two columns cannot have one name.\n"
        "Try: frame.rename(...) first."
    )
