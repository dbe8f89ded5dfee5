"""Trends of cohorts: cases worked out by hand, fractions, and the laws of maturity."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import metrics.references.lives as slow
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import cohort_trend, survival_curve
from drift_analysis.metrics.time.periods import begins_at
from drift_analysis.schemas import CohortTrend

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)

Row = tuple[int, int, bool]
"""The day on which it began, how many days it was watched, and whether it still ran then."""

rows_of = st.lists(st.tuples(st.integers(0, 27), st.integers(0, 12), st.booleans()), max_size=30)
ends_of = st.lists(st.tuples(st.integers(0, 27), st.integers(0, 40)), max_size=30)


def lived(rows: list[Row]) -> pl.DataFrame:
    schema = {"began": pl.Int64, "life": pl.Int64, "running": pl.Boolean}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(
        (pl.lit(MONDAY) + pl.duration(days="began")).alias("began"),
        pl.duration(days="life").alias("life"),
    ).cast({"began": pl.Datetime("ms", "UTC"), "life": pl.Duration("ms")})


def trend(frame: Any, until: int = 60, days: int = 3, **options: Any) -> Any:
    return cohort_trend(
        frame,
        **{
            "start": "began",
            "duration": "life",
            "censored": "running",
            "horizon": days * DAY,
            "every": "1w",
            "as_of": MONDAY + until * DAY,
            **options,
        },
    )


def checked(rows: list[Row], **options: Any) -> pl.DataFrame:
    found: pl.DataFrame = trend(lived(rows), **options)
    CohortTrend.checked(found.drop("period"))
    return found


def test_cohorts_are_compared_after_the_same_time_and_young_ones_are_marked() -> None:
    # Began on days 0, 1 and 6, ended after 1, 2 and 9 days; began on day 7, runs since.
    found = checked([(0, 1, False), (1, 2, False), (6, 9, False), (7, 10, True)], until=17)

    assert found.select("period", "n", "share", "is_mature").rows() == [
        (date(2026, 1, 5), 3, pytest.approx(2 / 3), True),
        (date(2026, 1, 12), 1, 0.0, True),
    ]
    assert found["matures_at"].to_list() == [MONDAY + 10 * DAY, MONDAY + 17 * DAY]
    assert found["horizon"].unique().to_list() == [3 * DAY]


def test_a_cohort_matures_when_the_horizon_has_passed_for_the_last_of_its_period() -> None:
    rows = [(0, 1, False)]

    before = trend(lived(rows), until=9)
    moment = trend(lived(rows), until=10)

    assert (before["is_mature"].item(), before["share"].item()) == (False, 1)
    assert moment["is_mature"].item() is True


def test_the_share_is_not_known_while_nothing_was_watched_to_the_horizon() -> None:
    found = checked([(0, 1, False), (0, 2, True)], until=2).row(0, named=True)

    assert (found["n"], found["n_censored"]) == (2, 1)
    assert (found["share"], found["lo"], found["hi"]) == (None, None, None)


def test_the_band_is_that_of_the_survival_curve() -> None:
    rows = [(0, 1, False), (0, 2, True), (1, 2, False), (2, 9, False), (3, 3, True)]
    curve = survival_curve(lived(rows), duration="life", censored="running")
    at_three = curve.filter(pl.col("t") == 3 * DAY).row(0, named=True)

    found = checked(rows).row(0, named=True)

    assert found["share"] == pytest.approx(1 - at_three["survival"])
    assert (found["lo"], found["hi"]) == pytest.approx((1 - at_three["hi"], 1 - at_three["lo"]))


def test_what_is_not_known_is_left_out_and_counted() -> None:
    rows = lived([(0, 1, False), (0, 1, False), (0, 1, True), (0, -1, False), (0, 1, False)])
    unclear = rows.with_columns(
        life=pl.Series([DAY, None, None, -DAY, DAY]),
        running=pl.Series([False, False, True, False, None]),
    )
    no_start = rows.head(1).with_columns(began=pl.lit(None, rows.schema["began"]))

    found = trend(pl.concat([unclear.cast(rows.schema), no_start])).row(0, named=True)

    assert (found["n"], found["n_left_out"], found["share"]) == (1, 4, 1)


def test_periods_in_which_nothing_began_are_there_without_a_share() -> None:
    found = checked([(0, 1, False), (15, 1, False)])

    assert found.select("period", "n", "n_left_out", "share").rows() == [
        (date(2026, 1, 5), 1, 0, 1.0),
        (date(2026, 1, 12), 0, 0, None),
        (date(2026, 1, 19), 1, 0, 1.0),
    ]


@given(rows_of, st.integers(1, 9), st.integers(5, 45))
@settings(deadline=None, max_examples=50)
def test_every_cohort_is_that_of_fractions(rows: list[Row], horizon: int, as_of: int) -> None:
    found = checked(rows, days=horizon, until=as_of)

    weeks: dict[int, list[tuple[int, bool]]] = {}
    for began, life, running in rows:
        if began <= as_of:
            later = began + life > as_of
            cut = (min(life, as_of - began), running or later)
            weeks.setdefault(began // 7, []).append(cut)
    assert found.height == (max(weeks) - min(weeks) + 1 if weeks else 0)
    for row in found.iter_rows(named=True):
        week = (row["period"] - MONDAY.date()).days // 7
        lives = weeks.get(week, [])
        share = slow.share_within(lives, horizon) if lives else None
        assert row["n"] == len(lives)
        assert row["n_censored"] == sum(running and life < horizon for life, running in lives)
        assert row["share"] == (None if share is None else pytest.approx(float(share), abs=1e-12))
        assert row["is_mature"] == (7 * week + 7 + horizon <= as_of)


@given(ends_of, st.integers(10, 40), st.integers(0, 30))
@settings(deadline=None, max_examples=30)
def test_once_mature_a_share_never_changes(
    ends: list[tuple[int, int]], as_of: int, more: int
) -> None:
    rows = lived([(began, life, False) for began, life in ends])

    then, later = trend(rows, until=as_of), trend(rows, until=as_of + more)

    mature = then.filter("is_mature")
    again = later.join(mature.select("period"), on="period", how="semi", maintain_order="left")
    assert_frame_equal(again.filter(pl.col("n") > 0), mature.filter(pl.col("n") > 0))


@given(ends_of, st.integers(0, 45))
@settings(deadline=None, max_examples=30)
def test_computing_with_an_old_as_of_equals_not_knowing_the_rest(
    ends: list[tuple[int, int]], as_of: int
) -> None:
    all_of_it = [(began, life, False) for began, life in ends]
    known = [
        (began, min(life, as_of - began), began + life > as_of)
        for began, life in ends
        if began <= as_of
    ]

    assert_frame_equal(trend(lived(all_of_it), until=as_of), trend(lived(known), until=as_of))


@given(rows_of, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=20)
def test_neither_other_groups_nor_the_order_of_rows_nor_the_engine_matter(
    rows: list[Row], random: Any
) -> None:
    inbox = [random.choice([1, 2, None]) for _ in rows]
    frame = lived(rows).with_columns(inbox_id=pl.Series(inbox, dtype=pl.Int64))

    together = trend(frame, by="inbox_id")

    assert together.columns == ["period", "inbox_id", *CohortTrend.column_names()]
    for name in set(inbox):
        alone = trend(frame.filter(pl.col("inbox_id").eq_missing(name)))
        mine = together.filter(pl.col("inbox_id").eq_missing(name)).drop("inbox_id")
        assert_frame_equal(mine.filter(pl.col("n") > 0), alone.filter(pl.col("n") > 0))
    shuffled = frame.sample(fraction=1, shuffle=True, seed=random.randint(0, 99))
    assert_frame_equal(trend(shuffled, by="inbox_id"), together)
    lazy = trend(frame.lazy(), by="inbox_id")
    assert isinstance(lazy, pl.LazyFrame)
    assert_frame_equal(lazy.collect(engine="streaming"), together)


def test_days_begin_in_the_zone_that_was_asked_for() -> None:
    early = lived([(0, 1, False)]).with_columns(pl.col("began") + pl.duration(hours=2))

    found = trend(early, every="1d", tz="America/New_York")

    assert found["period"].item() == date(2026, 1, 4)
    assert found["matures_at"].item() == datetime(2026, 1, 5, 5, tzinfo=UTC) + 3 * DAY


@pytest.mark.parametrize(
    ("tz", "day", "begins"),
    [
        ("UTC", date(2026, 1, 5), datetime(2026, 1, 5, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 7, 1), datetime(2026, 6, 30, 22, tzinfo=UTC)),
        # At midnight the clocks went on to one.
        ("Africa/Cairo", date(2024, 4, 26), datetime(2024, 4, 25, 22, tzinfo=UTC)),
        # At midnight they went back to eleven, so midnight came twice.
        ("Africa/Cairo", date(2024, 11, 1), datetime(2024, 10, 31, 22, tzinfo=UTC)),
        ("America/Havana", date(2025, 11, 2), datetime(2025, 11, 2, 4, tzinfo=UTC)),
        # Samoa had no 30 December 2011.
        ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_its_first_moment(tz: str, day: date, begins: datetime) -> None:
    assert pl.select(begins_at(pl.lit(day), tz)).item() == begins


def test_moments_of_other_zones_and_units_are_the_same_moments() -> None:
    frame = lived([(0, 1, False), (8, 5, False)])
    other = frame.with_columns(
        pl.col("began").dt.convert_time_zone("Asia/Tokyo").dt.cast_time_unit("us"),
        pl.col("life").dt.cast_time_unit("us"),
    )

    assert_frame_equal(trend(other), trend(frame))


def test_nothing_in_gives_the_whole_schema_out() -> None:
    found = trend(lived([]))

    assert found.schema == {"period": pl.Date(), **CohortTrend.schema()}
    assert found.height == 0


def refusal(**options: Any) -> str:
    with pytest.raises((InputError, SchemaError)) as caught:
        trend(lived([]).with_columns(share=1), **options)
    return str(caught.value)


def test_arguments_that_mean_nothing_are_refused() -> None:
    naive = lived([]).with_columns(pl.col("began").dt.replace_time_zone(None))

    with pytest.raises(InputError) as caught:
        trend(naive)

    assert str(caught.value) == (
        "'began' holds no moments with a time zone.\n"
        "Its dtype is Datetime(time_unit='ms', time_zone=None).\n"
        "Try: pl.col('began').dt.replace_time_zone('UTC') for moments without one."
    )
    assert refusal(start="life").startswith("'life' holds no moments with a time zone.")
    assert refusal(start="created").startswith("There is no column 'created'.")
    assert refusal(duration="began").startswith("duration='began' holds no lengths of time.")
    assert refusal(censored="life").startswith("censored='life' does not tell true from false.")
    assert refusal(horizon=timedelta()).startswith("horizon=datetime.timedelta(0) is not a length")
    assert refusal(every="1h").startswith("every='1h' is not the length of a period.")
    assert refusal(tz="Mars/Olympus").startswith("tz='Mars/Olympus' is not a time zone.")
    naive_moment = datetime(2026, 1, 1)  # noqa: DTZ001
    assert refusal(as_of=naive_moment).startswith("as_of has no time zone.")
    assert refusal(by="share").startswith("by='share' is a name that is needed here.")
