"""What each person did: by hand, against a reference, and laws."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from builders import messages
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import workload
from drift_analysis.schemas import Messages, Workload
from metrics.references.load import work

EVENING = datetime(2026, 3, 2, 22, tzinfo=UTC)
AS_OF = EVENING + timedelta(days=9)


def said(minutes: int, who: int | None, conversation: int = 1, **more: Any) -> dict[str, Any]:
    """Users 1 to 4 are people, 5 is a bot, 0 is the contact."""
    kinds: dict[int | None, str] = {0: "contact", 5: "bot"}
    return {
        "created_at": EVENING + timedelta(minutes=minutes),
        "author_id": who,
        "author_kind": kinds.get(who, "human"),
        "conversation_id": conversation,
        **more,
    }


def done(*rows: dict[str, Any], **more: Any) -> pl.DataFrame:
    options: Any = {"tz": "Europe/Berlin", "as_of": AS_OF, **more}
    return Workload.checked(workload(messages(*rows), **options))


def test_each_person_has_a_row_and_bots_have_none() -> None:
    found = done(
        said(0, 0), said(1, 5), said(2, 1), said(3, 2), said(4, 1),
        said(10, 0, 2), said(90, 1, 2),
    )  # fmt: skip

    columns = ["user_id", "conversations", "messages", "first_responses", "active_days"]
    assert found.select(*columns, "busiest_day").rows() == [(1, 2, 3, 2, 2, 1), (2, 1, 1, 0, 1, 1)]
    assert found["first_at"].to_list() == [EVENING + timedelta(minutes=m) for m in (2, 3)]
    assert found["last_at"].to_list() == [EVENING + timedelta(minutes=m) for m in (90, 3)]


def test_days_are_those_of_the_local_clock() -> None:
    rows = [said(2, 1), said(90, 1, 2)]

    assert done(*rows)["active_days"].item() == 2
    assert done(*rows, tz="America/New_York")["busiest_day"].item() == 2


def test_notes_are_work_but_no_messages() -> None:
    found = done(said(0, 0), said(1, 1, type="private_note"))

    assert found.row(0) == (1, 0, 0, 1, 0, 0, 0, None, None)


def test_a_message_that_was_deleted_counts_until_it_was() -> None:
    gone = said(1, 1, is_deleted=True, is_visible=False, edited_at=EVENING + timedelta(hours=1))

    assert done(gone).is_empty()
    assert done(gone, as_of=EVENING + timedelta(minutes=30))["messages"].item() == 1


def test_humans_without_an_id_share_a_row_and_users_of_unknown_kind_have_none() -> None:
    found = done(said(0, 0), said(1, None), said(2, 7, author_kind="unknown"))

    assert found.select("user_id", "messages", "first_responses").rows() == [(None, 1, 1)]


def test_work_from_before_the_period_is_not_counted() -> None:
    rows = [said(0, 0), said(1, 1), said(20, 0, 2), said(30, 1, 2)]

    found = done(*rows, since=EVENING + timedelta(minutes=10))

    assert found.select("conversations", "messages", "first_responses").row(0) == (1, 1, 1)


types = st.sampled_from(["chat", "chat", "private_note", "edit"])
people = st.sampled_from([0, 0, 1, 2, 5, None])
chats = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 4000), people, types), max_size=20)


@given(chats, st.integers(0, 4500), st.sampled_from(["UTC", "Europe/Berlin"]))
@settings(deadline=None, max_examples=50)
def test_work_is_what_a_reader_would_add_up(
    chat: list[tuple[int, int, int | None, str]], until: int, tz: str
) -> None:
    rows = [said(minute, who, c, type=type_) for c, minute, who, type_ in chat]

    found = done(*rows, tz=tz, as_of=EVENING + timedelta(minutes=until))

    mine = {
        user: work([(c, m, "human", t) for c, m, who, t in chat if who == user], EVENING, until, tz)
        for user in (1, 2, None)
    }
    columns = ("conversations", "messages", "notes", "active_days", "busiest_day")
    counted = found.select("user_id", *columns).rows()
    assert {user: tuple(rest) for user, *rest in counted} == {
        user: each for user, each in mine.items() if any(each)
    }


@given(chats, st.integers(0, 4500))
@settings(deadline=None, max_examples=25)
def test_neither_order_nor_the_future_nor_the_engine_matter(
    chat: list[tuple[int, int, int | None, str]], until: int
) -> None:
    frame = messages(*(said(minute, who, c, type=type_) for c, minute, who, type_ in chat))
    options: Any = {"tz": "Europe/Berlin", "as_of": EVENING + timedelta(minutes=until)}
    expected = workload(frame, **options)

    shuffled = frame.sample(fraction=1, shuffle=True, seed=until)
    assert_frame_equal(workload(shuffled, **options), expected)
    past = frame.filter(pl.col("created_at") <= options["as_of"])
    assert_frame_equal(workload(past, **options), expected)
    lazy = workload(frame.lazy(), **options)
    assert_frame_equal(lazy.collect(), expected)
    assert_frame_equal(lazy.collect(engine="streaming"), expected)


def test_nothing_in_gives_the_whole_schema_out() -> None:
    assert_frame_equal(workload(Messages.empty(), tz="UTC", as_of=AS_OF), Workload.empty())


def test_what_means_nothing_is_refused() -> None:
    with pytest.raises(InputError, match=r"^tz='Berlin' is not a time zone\."):
        done(tz="Berlin")
    with pytest.raises(InputError, match=r"^as_of has no time zone\."):
        done(as_of=AS_OF.replace(tzinfo=None))
    with pytest.raises(InputError, match=r"^since has no time zone\."):
        done(since=AS_OF.replace(tzinfo=None))
    with pytest.raises(SchemaError, match=r"^Messages: missing 'message_id'"):
        workload(pl.DataFrame(), tz="UTC", as_of=AS_OF)
