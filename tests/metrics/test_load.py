"""Load by hour of the week: by hand, over changes of the clock, against a reference, laws."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from builders import NOON, conversations, messages
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import load_by_hour
from drift_analysis.schemas import LoadByHour, Messages
from metrics.references.load import minutes_observed

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def wrote(*rows: tuple[float, str], **more: Any) -> pl.DataFrame:
    return messages(
        *({"created_at": at(hour), "author_kind": author, **more} for hour, author in rows)
    )


def load(frame: pl.DataFrame, **more: Any) -> pl.DataFrame:
    options: Any = {"tz": "UTC", "since": MONDAY, "as_of": at(14 * 24), **more}
    found = LoadByHour.checked(load_by_hour(frame, **options))
    assert found.height == 168
    return found


def cell(found: pl.DataFrame, weekday: int, hour: int) -> dict[str, Any]:
    return found.row(24 * weekday + hour, named=True)


def test_counts_stand_beside_the_hours_that_were_observed() -> None:
    # Ten days from a Monday: two Mondays, one Friday.
    frame = wrote((9.5, "contact"), (9.6, "contact"), (7 * 24 + 9.9, "contact"), (105.5, "contact"))

    found = load(frame, as_of=at(10 * 24))

    assert cell(found, 0, 9) == {
        "weekday": 0,
        "hour": 9,
        "observed": timedelta(hours=2),
        "messages": 3,
        "conversations": 1,
        "messages_per_hour": 1.5,
        "conversations_per_hour": 0.5,
        "median_first_response": None,
    }
    friday = cell(found, 4, 9)
    assert (friday["observed"], friday["messages_per_hour"]) == (timedelta(hours=1), 1)
    assert (friday["conversations"], friday["conversations_per_hour"]) == (0, 0)
    assert found["observed"].sum() == timedelta(days=10)


def test_an_hour_that_was_never_observed_has_no_rate() -> None:
    found = load(wrote((9.5, "contact")), as_of=at(24))

    tuesday = cell(found, 1, 9)
    assert (tuesday["observed"], tuesday["messages"], tuesday["messages_per_hour"]) == (
        *(timedelta(0), 0, None),
    )


def test_a_busy_hour_is_counted_whole() -> None:
    frame = messages(*[{"created_at": at(9.5)}] * 2000)

    assert cell(load(frame, as_of=at(24)), 0, 9)["messages_per_hour"] == 2000


def test_hours_are_those_of_the_local_clock() -> None:
    found = load(wrote((23.5, "contact")), tz="Asia/Kolkata")

    assert found.filter(pl.col("messages") > 0).select("weekday", "hour").rows() == [(1, 5)]


@pytest.mark.parametrize(
    ("sunday", "hour", "observed"),
    [
        pytest.param((2026, 3, 29), 2, 0, id="skipped in spring"),
        pytest.param((2026, 10, 25), 2, 2, id="twice in autumn"),
        pytest.param((2026, 10, 25), 3, 1, id="once after it"),
    ],
)
def test_days_on_which_clocks_change_are_as_long_as_they_were(
    sunday: tuple[int, int, int], hour: int, observed: int
) -> None:
    begin = datetime(*sunday, tzinfo=ZoneInfo("Europe/Berlin"))
    end = begin + timedelta(days=1)

    found = load(Messages.empty(), tz="Europe/Berlin", since=begin, as_of=end)

    assert cell(found, 6, hour)["observed"] == timedelta(hours=observed)
    assert found["observed"].sum() == end.astimezone(UTC) - begin.astimezone(UTC)


def test_hours_at_the_ends_of_the_period_count_in_part() -> None:
    found = load(Messages.empty(), since=at(9.3), as_of=at(10.7))

    observed = [cell(found, 0, hour)["observed"] for hour in (9, 10)]
    assert observed == [timedelta(hours=0.7), timedelta(hours=0.7)]


def test_the_period_begins_with_the_first_message_if_nothing_else_is_said() -> None:
    found = load(wrote((9, "bot"), (9.5, "contact")), since=None, as_of=at(11))

    assert found["observed"].sum() == timedelta(hours=2)
    assert cell(found, 0, 9)["messages_per_hour"] == 1


def test_what_came_before_the_period_is_not_counted() -> None:
    found = load(wrote((8.5, "contact"), (9.5, "contact"), (9.6, "human")), since=at(9))

    assert (found["messages"].sum(), found["conversations"].sum()) == (1, 0)
    assert found["median_first_response"].null_count() == 168


def test_only_what_contacts_write_and_users_can_see_is_load() -> None:
    frame = wrote((9, "contact"), (9.1, "bot"), (9.2, "human"))
    note = wrote((9.3, "contact"), type="other").with_columns(message_id=pl.lit(9, pl.Int64))

    assert load(pl.concat([frame, note]))["messages"].sum() == 1


def test_the_median_wait_is_of_what_began_in_that_hour_and_knows_of_closes() -> None:
    def talk(n: int, wait: float | None) -> list[dict[str, Any]]:
        answer = [] if wait is None else [(9.5 + wait, "human")]
        rows = [(9.5, "contact"), *answer]
        return [{"conversation_id": n, "created_at": at(h), "author_kind": who} for h, who in rows]

    frame = messages(*talk(1, 0.1), *talk(2, 2), *talk(3, None))
    closed = conversations(
        *({"conversation_id": n, "created_at": MONDAY} for n in (1, 2)),
        {"conversation_id": 3, "created_at": MONDAY, "status": "closed", "updated_at": at(10)},
    )

    found = load(frame, conversations=closed)
    half = load(frame.filter(pl.col("conversation_id") < 3), conversations=closed)

    # One of three at once, one of three closed unanswered: half are answered after two hours.
    assert cell(found, 0, 9)["median_first_response"] == timedelta(hours=2)
    assert cell(half, 0, 9)["median_first_response"] == timedelta(hours=0.1)
    assert cell(found, 0, 9)["conversations"] == 3


zones = st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"])
starts = st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 10)).map(  # noqa: DTZ001
    lambda each: each.replace(second=0, microsecond=0, tzinfo=UTC)
)


@given(starts, st.integers(0, 20_000), zones)
@settings(deadline=None, max_examples=15)
def test_hours_observed_are_those_of_a_clock_on_the_wall(
    since: datetime, minutes: int, tz: str
) -> None:
    until = since + timedelta(minutes=minutes)

    found = load(Messages.empty(), tz=tz, since=since, as_of=until)

    walked = minutes_observed(since, until, tz)
    counted = found.select("weekday", "hour", pl.col("observed").dt.total_minutes()).rows()
    assert {(day, hour): n for day, hour, n in counted if n} == walked


moments = st.tuples(st.integers(0, 400), st.sampled_from(["contact", "contact", "human", "bot"]))
chats = st.lists(st.tuples(st.integers(1, 3), moments), max_size=15)


def chat_of(rows: list[tuple[int, tuple[int, str]]]) -> pl.DataFrame:
    return messages(
        *(
            {"conversation_id": c, "created_at": at(quarter / 4), "author_kind": author}
            for c, (quarter, author) in rows
        )
    )


@given(chats, st.integers(0, 110), zones)
@settings(deadline=None, max_examples=20)
def test_neither_order_nor_the_future_nor_the_engine_matter_and_nothing_is_lost(
    rows: list[tuple[int, tuple[int, str]]], until: int, tz: str
) -> None:
    frame = chat_of(rows)
    options: Any = {"tz": tz, "as_of": at(until)}
    expected = load_by_hour(frame, **options)

    past = frame.filter(pl.col("created_at") <= at(until))
    of_contacts = past.filter(pl.col("author_kind") == "contact")
    assert expected["messages"].sum() == of_contacts.height
    assert expected["conversations"].sum() == of_contacts["conversation_id"].n_unique()
    shuffled = frame.sample(fraction=1, shuffle=True, seed=until)
    assert_frame_equal(load_by_hour(shuffled, **options), expected)
    assert_frame_equal(load_by_hour(past, **options), expected)
    lazy = load_by_hour(frame.lazy(), **options)
    assert_frame_equal(lazy.collect(), expected)
    assert_frame_equal(lazy.collect(engine="streaming"), expected)


def test_nothing_in_gives_a_week_in_which_nothing_was_observed() -> None:
    found = load(Messages.empty(), since=None)

    assert found["observed"].unique().to_list() == [timedelta(0)]
    assert found["messages"].sum() == 0
    assert found["messages_per_hour"].null_count() == 168


def test_what_means_nothing_is_refused() -> None:
    with pytest.raises(InputError, match=r"^tz='Berlin' is not a time zone\."):
        load(Messages.empty(), tz="Berlin")
    with pytest.raises(InputError, match=r"^as_of has no time zone\."):
        load(Messages.empty(), as_of=NOON.replace(tzinfo=None))
    with pytest.raises(InputError, match=r"^since has no time zone\."):
        load(Messages.empty(), since=NOON.replace(tzinfo=None))
    with pytest.raises(SchemaError, match=r"^Messages: missing 'message_id'"):
        load(pl.DataFrame())
