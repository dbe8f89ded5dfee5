"""Playbook attribution: cases worked out by hand, a plain reference, and laws."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from statsmodels.stats.proportion import proportion_confint

from builders import NOON, conversations, messages, table
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import playbook_attribution, playbook_match_rates, playbook_names
from drift_analysis.schemas import (
    Conversations,
    Goals,
    Meetings,
    Messages,
    PlaybookAttribution,
    PlaybookMatchRates,
    PlaybookNames,
    Playbooks,
)

if TYPE_CHECKING:
    from collections.abc import Callable

AS_OF = NOON + timedelta(hours=10)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def started(*rows: dict[str, Any]) -> pl.DataFrame:
    return conversations(
        *(
            {"conversation_id": n, "is_detail": True, "updated_at": NOON, **row}
            for n, row in enumerate(rows, 1)
        )
    )


def said(conversation: int, hours: float, author: str, **more: Any) -> dict[str, Any]:
    return {
        "conversation_id": conversation,
        "created_at": at(hours),
        "author_kind": author,
        **more,
    }


def playbooks(*rows: tuple[int, int | None, str | None]) -> pl.DataFrame:
    named = [{"playbook_id": id_, "interaction_id": other, "name": n} for id_, other, n in rows]
    return table(Playbooks, named, source="test")


def attribution(frame: pl.DataFrame, **more: Any) -> pl.DataFrame:
    return PlaybookAttribution.checked(playbook_attribution(frame, **{"as_of": AS_OF, **more}))


def only(frame: pl.DataFrame, **more: Any) -> dict[str, Any]:
    found = attribution(frame, **more)
    assert found.height == 1
    return found.row(0, named=True)


def test_a_list_record_is_unknown_a_detail_record_without_a_playbook_is_none() -> None:
    frame = started(
        {"playbook_id": 8}, {"playbook_id": None}, {"playbook_id": None, "is_detail": False}
    )

    found = attribution(frame)

    assert found.select("playbook_id", "attribution", "conversations", "share").rows() == [
        (8, "playbook", 1, 0.5),
        (None, "none", 1, 0.5),
        (None, "unknown", 1, None),
    ]


def test_a_list_record_that_names_a_playbook_is_known() -> None:
    assert only(started({"playbook_id": 8, "is_detail": False}))["attribution"] == "playbook"


def test_most_conversations_come_first_then_the_smaller_id_then_none_and_unknown() -> None:
    ids = [9, 7, 9, 3, *([None] * 5)]
    frame = started(*({"playbook_id": id_} for id_ in ids), {"is_detail": False})

    found = attribution(frame)

    assert found.select("playbook_id", "attribution").rows() == [
        *((9, "playbook"), (3, "playbook"), (7, "playbook")),
        *((None, "none"), (None, "unknown")),
    ]


def test_unknown_rows_change_no_share() -> None:
    known = started({"playbook_id": 8}, {"playbook_id": 8, "status": "bulk_sent"}, {})
    more = conversations(*({"conversation_id": n} for n in (50, 51)))

    found = attribution(pl.concat([known, more]))

    assert_frame_equal(found.head(2), attribution(known))
    assert found["share"].sum() == pytest.approx(1)


def test_names_come_by_either_id_and_a_missing_playbook_keeps_its_id() -> None:
    frame = started(*({"playbook_id": id_} for id_ in (1, 20, 3, 4)))
    table_ = playbooks((1, 10, "one"), (2, 20, "two"), (3, None, "three"), (5, 3, "shadow"))

    found = attribution(frame, playbooks=table_).sort("playbook_id")

    assert found.select("playbook_id", "playbook_name").rows() == [
        *((1, "one"), (3, "three"), (4, None), (20, "two")),
    ]
    assert attribution(frame)["playbook_name"].null_count() == 4


def test_each_id_has_one_name_and_the_playbooks_own_id_wins() -> None:
    table_ = playbooks((1, 10, "one"), (3, None, "three"), (5, 3, "shadow"), (6, None, None))
    found = PlaybookNames.checked(playbook_names(table_))
    names = {1: "one", 10: "one", 3: "three", 5: "shadow", 6: None}
    assert dict(found.iter_rows()) == names
    assert_frame_equal(playbook_names(table_.lazy()).collect(engine="streaming"), found)


def test_match_rates_tell_which_id_it_is() -> None:
    frame = started(*({"playbook_id": id_} for id_ in (20, 20, 30, 1, 99, None)))
    table_ = playbooks((1, 10, "one"), (2, 20, "two"), (3, 30, "three"), (30, None, "thirty"))

    found = PlaybookMatchRates.checked(playbook_match_rates(frame, table_))

    assert found.rows() == [
        ("playbook_id", 2, 2, 0.4),
        ("interaction_id", 2, 3, 0.6),
        ("neither", 1, 1, 0.2),
    ]
    lazy = playbook_match_rates(frame.lazy(), table_.lazy())
    assert_frame_equal(lazy.collect(engine="streaming"), found)
    nothing = playbook_match_rates(started({}), table_)
    assert nothing["share"].to_list() == [None, None, None]
    assert nothing["conversations"].to_list() == [0, 0, 0]


def test_engagement_is_a_visible_message_of_the_contact() -> None:
    frame = started(*({"playbook_id": 8} for _ in range(4)))
    talk = messages(
        said(1, 1, "contact"),
        said(2, 1, "contact", type="private_note"),
        said(3, 1, "bot"),
        said(4, 1, "contact", is_deleted=True, is_visible=False, edited_at=at(2)),
    )

    found = only(frame, messages=talk)

    assert (found["engaged"], found["engagement_rate"]) == (1, 0.25)
    assert (found["engagement_lo"], found["engagement_hi"]) == pytest.approx(
        proportion_confint(1, 4, method="wilson"), abs=1e-12
    )


def test_without_messages_engagement_is_to_have_left_bulk_sent() -> None:
    statuses = ("open", "pending", "closed", "bulk_sent", "unknown")
    frame = started(*({"playbook_id": 8, "status": status} for status in statuses))

    found = only(frame)

    assert (found["engaged"], found["bulk_sent"], found["closed"]) == (3, 1, 1)
    assert found["human_handled"] is None
    assert found["emails_captured"] is None
    assert found["median_first_response"] is None


def test_a_conversation_without_loaded_messages_is_judged_by_its_status() -> None:
    frame = started({"playbook_id": 8}, {"playbook_id": 8}, {"playbook_id": 9})
    talk = messages(said(1, 1, "bot"))

    found = attribution(frame, messages=talk)

    assert found.select("playbook_id", "engaged", "human_handled").rows() == [
        (8, 1, 0),
        (9, 1, None),
    ]


def test_only_engaged_conversations_are_handled_or_closed() -> None:
    frame = started(*({"playbook_id": 8, "status": "closed"} for _ in range(3)))
    talk = messages(
        *(said(1, 1, "contact"), said(1, 2, "human")),
        *(said(2, 1, "human"), said(3, 1, "contact"), said(3, 2, "human", type="private_note")),
    )

    found = only(frame, messages=talk)

    assert (found["engaged"], found["human_handled"], found["closed"]) == (2, 1, 2)


@pytest.mark.parametrize(
    ("text", "captured"),
    [
        ("me@example.com", 1),
        ("write to first.last+news@mail.example.co.uk, please", 1),
        ("<a href='mailto:x'>ME@EXAMPLE.ORG</a>", 1),
        ("@example", 0),
        ("me@localhost", 0),
        ("at 9@10", 0),
        (None, 0),
    ],
)
def test_an_address_in_a_message_of_the_contact_is_captured(
    text: str | None, captured: int
) -> None:
    frame = started({"playbook_id": 8})

    for column in ("text", "body"):
        found = only(frame, messages=messages(said(1, 1, "contact", **{column: text})))
        assert found["emails_captured"] == captured


def test_an_address_counts_once_and_not_when_a_user_writes_it() -> None:
    frame = started({"playbook_id": 8}, {"playbook_id": 8})
    address = {"text": "me@example.com"}
    talk = messages(
        said(1, 1, "contact", **address),
        said(1, 2, "contact", **address),
        said(2, 1, "human", **address),
        said(2, 2, "contact", type="private_prompt", **address),
    )

    assert only(frame, messages=talk)["emails_captured"] == 1


def test_meetings_and_goals_count_conversations() -> None:
    frame = started({"playbook_id": 8}, {"playbook_id": 8}, {"playbook_id": 8})
    booked = table(
        Meetings,
        [
            {"event_id": "a", "conversation_id": 1, "scheduled_at": at(1), "status": "CANCELED"},
            {"event_id": "b", "conversation_id": 1, "scheduled_at": at(2)},
            {"event_id": "c", "conversation_id": 2, "scheduled_at": at(11)},
            {"event_id": "d", "conversation_id": 3},
            {"event_id": "e", "conversation_id": None, "scheduled_at": at(1)},
        ],
        source="test",
    )
    met = table(
        Goals,
        [{"conversation_id": 1, "goal_id": g} for g in "xy"],
        source="test",
    )

    found = only(frame, meetings=booked, goals=met)

    assert (found["meetings"], found["goals"]) == (2, 1)
    unlooked = only(frame)
    assert (unlooked["meetings"], unlooked["goals"]) == (None, None)
    assert only(frame, meetings=Meetings.empty(), goals=Goals.empty())["meetings"] == 0


def test_half_are_answered_after_the_median_and_a_close_competes() -> None:
    frame = started(
        {"playbook_id": 8},
        {"playbook_id": 8},
        {"playbook_id": 8, "status": "closed", "updated_at": at(1)},
        {"playbook_id": 8},
    )
    talk = messages(
        *(said(n, 0, "contact") for n in (1, 2, 3)), said(1, 1.5, "human"), said(2, 3, "human")
    )

    assert only(frame, messages=talk)["median_first_response"] == timedelta(hours=3)
    fewer = talk.filter(pl.col("created_at") < at(3))
    assert only(frame, messages=fewer)["median_first_response"] is None


def test_half_are_closed_after_the_median_and_open_ones_are_not_dropped() -> None:
    closed = [{"status": "closed", "updated_at": at(hours)} for hours in (2, 6)]
    frame = started(*({"playbook_id": 8, **row} for row in closed), {"playbook_id": 8})

    assert only(frame)["median_time_to_close"] == timedelta(hours=6)
    more = pl.concat([frame, started(*({"playbook_id": 8} for _ in range(9))).tail(6)])
    assert only(more)["median_time_to_close"] is None


def test_what_came_later_is_not_seen() -> None:
    frame = started(
        {"playbook_id": 8, "status": "closed", "updated_at": at(5)},
        {"playbook_id": 8, "status": "bulk_sent", "updated_at": at(5)},
        {"playbook_id": 8, "created_at": at(4), "updated_at": at(4)},
    )

    found = only(frame, as_of=at(3))

    assert (found["conversations"], found["closed"], found["engaged"]) == (2, 0, 0)
    assert found["bulk_sent"] == 1
    talk = messages(said(1, 4, "contact", text="me@example.com"), said(1, 2, "contact"))
    then = only(frame, as_of=at(3), messages=talk)
    assert (then["engaged"], then["emails_captured"]) == (1, 0)


ids = st.sampled_from([1, 2, 10, None])
words = st.sampled_from(["open", "pending", "closed", "bulk_sent", "unknown"])
rows_ = st.lists(st.tuples(ids, st.booleans(), words, st.integers(-1, 14)), min_size=1, max_size=12)
chats = st.lists(
    st.tuples(st.integers(1, 12), st.integers(0, 14), st.sampled_from(["contact", "bot", "human"])),
    max_size=25,
)

Row = tuple[int | None, bool, str, int]
Chat = tuple[int, int, str]


def as_frame(rows: list[Row]) -> pl.DataFrame:
    names = ("playbook_id", "is_detail", "status", "updated_at")
    return started(
        *({**dict(zip(names, row, strict=True)), "updated_at": at(row[3])} for row in rows)
    )


def as_messages(chat: list[Chat]) -> pl.DataFrame:
    return messages(*(said(*row) for row in chat))


def plainly(rows: list[Row], chat: list[Chat]) -> dict[tuple[str, int | None], list[int]]:
    """Count with a loop."""
    found: dict[tuple[str, int | None], list[int]] = {}
    for n, (playbook, is_detail, status, updated) in enumerate(rows, 1):
        key = "playbook" if playbook else "none" if is_detail else "unknown"
        counts = found.setdefault((key, playbook), [0, 0, 0, 0, 0])
        seen = {who for c, hour, who in chat if c == n and hour <= 10}
        then = status if updated <= 10 or status == "bulk_sent" else "unknown"
        engaged = "contact" in seen if seen else then in ("open", "pending", "closed")
        counts[0] += 1
        counts[1] += then == "bulk_sent"
        counts[2] += engaged
        counts[3] += engaged and "human" in seen
        counts[4] += engaged and then == "closed"
    return found


@given(rows_, chats)
@settings(deadline=None, max_examples=50)
def test_counts_are_those_of_a_loop(rows: list[Row], chat: list[Chat]) -> None:
    found = attribution(as_frame(rows), messages=as_messages(chat))

    counted = ("conversations", "bulk_sent", "engaged", "human_handled", "closed")
    mine = found.select("attribution", "playbook_id", pl.col(counted).fill_null(0)).rows()
    assert {(key, id_): list(rest) for key, id_, *rest in mine} == plainly(rows, chat)


@given(rows_, chats)
@settings(deadline=None, max_examples=25)
def test_neither_order_nor_repeats_nor_the_future_nor_the_engine_matter(
    rows: list[Row], chat: list[Chat]
) -> None:
    frame, talk = as_frame(rows), as_messages(chat)
    expected = attribution(frame, messages=talk)

    shuffled, mixed = (f.sample(fraction=1, shuffle=True, seed=3) for f in (frame, talk))
    assert_frame_equal(attribution(shuffled, messages=mixed), expected)
    twice, doubled = pl.concat([frame, frame]), pl.concat([talk, talk])
    assert_frame_equal(attribution(twice, messages=doubled), expected)
    past = talk.filter(pl.col("created_at") <= AS_OF)
    assert_frame_equal(attribution(frame, messages=past), expected)
    lazy = playbook_attribution(frame.lazy(), messages=talk.lazy(), as_of=AS_OF)
    assert_frame_equal(lazy.collect(), expected)
    assert_frame_equal(lazy.collect(engine="streaming"), expected)


@given(rows_, chats)
@settings(deadline=None, max_examples=25)
def test_playbooks_do_not_matter_to_one_another_except_for_their_share(
    rows: list[Row], chat: list[Chat]
) -> None:
    frame, talk = as_frame(rows), as_messages(chat)
    together = attribution(frame, messages=talk).drop("share")

    for id_ in (1, 2, 10):
        mine = together.filter(pl.col("playbook_id") == id_)
        alone = attribution(frame.filter(pl.col("playbook_id") == id_), messages=talk)
        assert_frame_equal(mine, alone.drop("share"))


def test_nothing_in_gives_the_whole_schema_out() -> None:
    empty = Conversations.empty()

    assert_frame_equal(attribution(empty), PlaybookAttribution.empty())
    assert_frame_equal(attribution(empty, messages=Messages.empty()), PlaybookAttribution.empty())


def refusal(call: Callable[[], object], error: type[Exception]) -> str:
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)


@pytest.mark.parametrize("name", ["messages", "playbooks", "meetings", "goals"])
def test_another_table_than_the_one_asked_for_is_refused(name: str) -> None:
    wrong: dict[str, Any] = {name: pl.DataFrame({"x": [1]})}

    message = refusal(lambda: attribution(Conversations.empty(), **wrong), SchemaError)

    assert message.startswith(f"{name.title()}: missing ")


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001

    assert refusal(lambda: attribution(Conversations.empty(), as_of=naive), InputError) == (
        "as_of has no time zone.\n"
        "A moment without one is another instant on every machine.\n"
        "Try: datetime(..., tzinfo=datetime.UTC), or as_of=dataset.as_of."
    )
