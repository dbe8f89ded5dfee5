"""Journeys: by hand, against a reference, and laws."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from builders import conversations, table
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import journeys
from drift_analysis.schemas import Conversations, Goals, Journeys, Meetings, Playbooks
from metrics.references.journeys import journeys_of

START = datetime(2026, 1, 1, tzinfo=UTC)
MONTH = timedelta(days=30)
NOBODY = pl.DataFrame(schema={"conversation_id": pl.Int64})


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def met(*rows: tuple[int, float, int | None], **more: Any) -> pl.DataFrame:
    """Build conversations, numbered from 1, of (contact, day, playbook)."""
    return conversations(
        *(
            {
                "conversation_id": n,
                "contact_id": contact,
                "created_at": day(at),
                "playbook_id": playbook,
                "is_detail": True,
                **more,
            }
            for n, (contact, at, playbook) in enumerate(rows, 1)
        )
    )


def booked(*rows: tuple[int, float | None]) -> pl.DataFrame:
    """Build conversions of (conversation, day)."""
    moments = [None if at is None else day(at) for _, at in rows]
    return pl.DataFrame(
        {"conversation_id": [n for n, _ in rows], "converted_at": moments},
        schema={"conversation_id": pl.Int64, "converted_at": pl.Datetime("ms", "UTC")},
    )


def found(frame: pl.DataFrame, converted: Any = NOBODY, **more: Any) -> list[tuple[Any, ...]]:
    options: Any = {"lookback": MONTH, "as_of": day(365), **more}
    rows = Journeys.checked(journeys(frame, converted=converted, **options))
    assert rows["n"].to_list() == [1] * rows.height
    return rows.select("contact_id", "touches", "converted", "is_mature").rows()


def test_touches_come_in_the_order_in_which_they_were_met() -> None:
    frame = met((1, 5, 8), (1, 2, 7), (1, 9, 7), (2, 1, 9))

    assert found(frame, booked((3, 10))) == [
        (1, ["7", "8", "7"], True, True),
        (2, ["9"], False, True),
    ]


def test_the_moments_stand_beside_the_touches() -> None:
    frame = journeys(
        met((1, 2, 7), (1, 5, 8)), converted=booked((2, 6)), lookback=MONTH, as_of=day(365)
    )

    assert frame["touched_at"].to_list() == [[day(2), day(5)]]
    assert frame["converted_at"].to_list() == [day(6)]


def test_a_conversion_ends_a_journey_and_the_next_touch_begins_another() -> None:
    frame = met((1, 1, 7), (1, 3, 8), (1, 6, 9), (1, 7, 7))

    assert found(frame, booked((2, 4), (4, 8))) == [
        (1, ["7", "8"], True, True),
        (1, ["9", "7"], True, True),
    ]


def test_only_touches_within_the_lookback_have_part_in_a_conversion() -> None:
    frame = met((1, 0, 7), (1, 10, 8), (1, 35, 9))

    assert found(frame, booked((3, 40))) == [
        (1, ["7"], False, True),
        (1, ["8", "9"], True, True),
    ]


def test_a_long_pause_begins_a_new_journey() -> None:
    frame = met((1, 0, 7), (1, 30, 8), (1, 61, 9))

    assert found(frame) == [(1, ["7", "8"], False, True), (1, ["9"], False, True)]


def test_a_journey_is_judged_when_the_lookback_has_passed_or_it_converted() -> None:
    frame = met((1, 0, 7), (2, 0, 7))

    assert found(frame, booked((2, 3)), as_of=day(29)) == [
        (1, ["7"], False, False),
        (2, ["7"], True, True),
    ]
    assert found(frame, as_of=day(30))[0] == (1, ["7"], False, True)


def test_a_conversion_without_a_touch_in_the_lookback_has_a_row_without_touches() -> None:
    assert found(met((1, 0, 7)), booked((1, 31))) == [(1, ["7"], False, True), (1, [], True, True)]


def test_none_and_unknown_are_touches_of_their_own() -> None:
    frame = met((1, 0, None), (1, 1, None), (1, 2, 7)).with_columns(
        is_detail=pl.Series([True, False, False])
    )

    assert found(frame) == [(1, ["none", "unknown", "7"], False, True)]


def test_a_playbook_is_called_by_its_name_where_that_is_known() -> None:
    named = table(
        Playbooks,
        [{"playbook_id": 7, "interaction_id": 70, "name": "Demo"}, {"playbook_id": 8}],
        source="test",
    )

    assert found(met((1, 0, 7), (1, 1, 70), (1, 2, 8), (1, 3, 9)), playbooks=named) == [
        (1, ["Demo", "Demo", "8", "9"], False, True)
    ]


def test_conversations_without_a_contact_are_in_no_journey() -> None:
    frame = met((1, 0, 7), (2, 0, 7)).with_columns(contact_id=pl.Series([1, None], dtype=pl.Int64))

    assert found(frame, booked((2, 1))) == [(1, ["7"], False, True)]


def test_a_conversation_converts_once_and_not_before_it_began() -> None:
    twice = booked((1, 5), (1, 3), (2, -4))
    frame = journeys(met((1, 1, 7), (2, 1, 8)), converted=twice, lookback=MONTH, as_of=day(365))

    assert frame["converted_at"].to_list() == [day(3), day(1)]


def test_meetings_convert_when_they_were_booked_and_goals_when_the_conversation_began() -> None:
    frame = met((1, 1, 7), (2, 1, 8))
    meetings = table(
        Meetings,
        [{"event_id": "a", "conversation_id": 1, "scheduled_at": day(2)}, {"event_id": "b"}],
        source="test",
    )
    goals = table(Goals, [{"conversation_id": 2, "goal_id": "g"}], source="test")

    def converted_at(given: pl.DataFrame, **more: Any) -> list[datetime | None]:
        options: Any = {"lookback": MONTH, "as_of": day(365), **more}
        rows = journeys(frame, converted=given, **options)
        moments: list[datetime | None] = rows["converted_at"].to_list()
        return moments

    assert converted_at(meetings) == [day(2), None]
    assert converted_at(meetings, as_of=day(1.5)) == [None, None]
    assert converted_at(goals) == [None, day(1)]


def test_an_expression_tells_which_conversations_converted() -> None:
    frame = met((1, 0, 7), (1, 2, 8), (1, 4, 9)).with_columns(won=pl.Series([False, True, None]))

    assert found(frame, pl.col("won")) == [
        (1, ["7", "8"], True, True),
        (1, ["9"], False, True),
    ]


contacts = st.integers(1, 3)
walks = st.lists(st.tuples(contacts, st.integers(0, 60), st.integers(7, 9)), max_size=15)
ends = st.lists(st.tuples(st.integers(1, 15), st.integers(0, 70)), max_size=5)


def spread(rows: list[tuple[int, int, int]]) -> list[tuple[int, float, int | None]]:
    """Let no two touches of a contact be at the same moment."""
    return [(who, at, playbook) for (who, at), playbook in {r[:2]: r[2] for r in rows}.items()]


@given(walks, ends, st.integers(1, 25), st.integers(0, 90))
@settings(deadline=None, max_examples=80)
def test_journeys_are_those_that_a_reader_would_write_down(
    rows: list[tuple[int, int, int]], won: list[tuple[int, int]], lookback: int, until: int
) -> None:
    walk = spread(rows)
    frame = journeys(
        met(*walk), converted=booked(*won), lookback=timedelta(days=lookback), as_of=day(until)
    )

    first: dict[int, int] = {}
    for n, at in won:
        if n <= len(walk) and walk[n - 1][1] <= until:
            moment = max(at, int(walk[n - 1][1]))
            first[n] = min(moment, first.get(n, moment))
    read = journeys_of(
        [(who, int(at), str(playbook)) for who, at, playbook in walk],
        [(walk[n - 1][0], at) for n, at in first.items()],
        lookback,
        until,
    )
    columns = ["contact_id", "touches", "converted", "converted_at", "is_mature"]
    assert frame.select(columns).rows() == [
        (who, list(touches), won_, None if end is None else day(end), final)
        for who, touches, won_, end, final in read
    ]
    Journeys.checked(frame)


@given(walks, ends, st.integers(0, 90))
@settings(deadline=None, max_examples=25)
def test_neither_order_nor_repeats_nor_the_future_nor_the_engine_matter(
    rows: list[tuple[int, int, int]], won: list[tuple[int, int]], until: int
) -> None:
    frame, conversions = met(*spread(rows)), booked(*won)
    options: Any = {"lookback": timedelta(days=9), "as_of": day(until)}
    expected = journeys(frame, converted=conversions, **options)

    shuffled = frame.sample(fraction=1, shuffle=True, seed=until)
    assert_frame_equal(journeys(shuffled, converted=conversions, **options), expected)
    twice = pl.concat([frame, frame])
    repeated = pl.concat([conversions, conversions])
    assert_frame_equal(journeys(twice, converted=repeated, **options), expected)
    past = frame.filter(pl.col("created_at") <= day(until))
    known = conversions.filter(pl.col("converted_at") <= day(until))
    assert_frame_equal(journeys(past, converted=known, **options), expected)
    lazy = journeys(frame.lazy(), converted=conversions.lazy(), **options)
    assert_frame_equal(lazy.collect(), expected)
    assert_frame_equal(lazy.collect(engine="streaming"), expected)
    apart = [
        journeys(frame.filter(pl.col("contact_id") == who), converted=conversions, **options)
        for who in (1, 2, 3)
    ]
    assert_frame_equal(pl.concat(apart), expected)
    assert expected["touches"].list.len().sum() == past.height


def test_nothing_in_gives_the_whole_schema_out() -> None:
    none = journeys(Conversations.empty(), converted=NOBODY, lookback=MONTH, as_of=START)

    assert_frame_equal(none, Journeys.empty())


def refusal(error: type[Exception] = InputError, **options: Any) -> str:
    defaults = {"converted": NOBODY, "lookback": MONTH, "as_of": START}
    with pytest.raises(error) as caught:
        journeys(**{"conversations": Conversations.empty(), **defaults, **options})
    return str(caught.value)


def test_what_means_nothing_is_refused() -> None:
    remedy = (
        "Try: a Meetings table, a frame with 'conversation_id', or pl.col('status') == 'closed'."
    )
    assert refusal(converted="meetings") == (
        f"converted= does not say which conversations converted.\nGot str.\n{remedy}"
    )
    assert refusal(converted=pl.DataFrame({"contact_id": [1]})) == (
        "converted= does not say which conversations converted.\n"
        f"The frame has 'contact_id', and no Int64 column 'conversation_id'.\n{remedy}"
    )
    assert refusal(converted=booked().with_columns(pl.col("converted_at").dt.date())) == (
        "converted= does not say which conversations converted.\n"
        f"Its 'converted_at' is Date, and not Datetime('ms', 'UTC').\n{remedy}"
    )
    assert refusal(converted=pl.col("status")).splitlines()[1] == (
        "The expression gives Enum(categories=['open', 'pending', 'closed', 'bulk_sent', "
        "'unknown']), and not true or false."
    )
    assert refusal(converted=pl.all() == 1).splitlines()[1] == (
        "The expression cannot be worked out on the conversations."
    )
    assert refusal(converted=pl.col("won")).endswith(f"and no 'won'.\n{remedy}")
    assert refusal(lookback=30) == (
        "lookback=30 is no length of time above 0.\n"
        "It says how long, not when or how many.\n"
        "Try: timedelta(hours=1)."
    )
    assert refusal(as_of=START.replace(tzinfo=None)).startswith("as_of has no time zone.")
    assert refusal(SchemaError, conversations=pl.DataFrame()).startswith(
        "Conversations: missing 'conversation_id',"
    )
