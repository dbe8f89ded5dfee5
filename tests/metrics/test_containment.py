"""What bots handle alone: by hand, against a reference, and laws."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from builders import NOON, conversations, messages, table
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import bot_containment, containment_rates
from drift_analysis.schemas import BotContainment, ContainmentRates, Conversations, Messages
from metrics.references.containment import contained

AS_OF = NOON + timedelta(hours=2)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def talk(*said: tuple[float, str], **more: Any) -> pl.DataFrame:
    rows = [{"created_at": at(minute), "author_kind": author, **more} for minute, author in said]
    return messages(*rows)


def judged(frame: pl.DataFrame, **more: Any) -> dict[str, Any]:
    known = conversations({"conversation_id": 1, "status": "closed", "updated_at": at(60), **more})
    found = bot_containment(known, messages=frame, as_of=AS_OF)
    return BotContainment.checked(found).row(0, named=True)


def outcome(*authors: str) -> str:
    found = judged(talk(*enumerate(authors)))
    return str(found["outcome"] or found["not_judged"])


def test_a_bot_that_has_the_last_word_contains_a_closed_conversation() -> None:
    assert judged(talk((0, "bot"), (1, "contact"), (2, "bot"), (3, "contact"), (4, "bot"))) == {
        "conversation_id": 1,
        "outcome": "contained",
        "not_judged": None,
        "n_contact": 2,
        "n_bot": 2,
        "n_human": 0,
    }


def test_a_question_that_the_bot_left_open_is_not_contained() -> None:
    assert outcome("contact", "bot", "contact") == "unanswered"


def test_a_human_after_a_bot_and_a_bot_after_a_human_are_both_handed_over() -> None:
    assert outcome("contact", "bot", "human") == "handed_over"
    assert outcome("contact", "human", "bot") == "handed_over"


def test_humans_alone_and_nobody_are_told_apart() -> None:
    assert outcome("contact", "human") == "human_only"
    assert outcome("contact") == "nobody"


def test_a_greeting_is_no_part_in_the_conversation() -> None:
    assert outcome("bot", "contact", "human") == "human_only"
    assert outcome("human", "contact", "bot") == "contained"
    assert outcome("bot", "contact") == "nobody"
    assert outcome("bot", "human") == "not_engaged"


def test_a_user_of_unknown_kind_leaves_open_only_what_depends_on_it() -> None:
    assert outcome("contact", "unknown") == "unknown_author"
    assert outcome("contact", "bot", "unknown") == "unknown_author"
    assert outcome("contact", "human", "unknown") == "unknown_author"
    assert outcome("contact", "bot", "unknown", "human") == "handed_over"


def test_notes_and_deleted_messages_are_not_seen_and_handle_nothing() -> None:
    note = talk((2, "human"), type="private_note").with_columns(message_id=pl.lit(7, pl.Int64))
    gone = talk((3, "human"), is_deleted=True, is_visible=False, edited_at=at(5)).with_columns(
        message_id=pl.lit(8, pl.Int64)
    )
    frame = talk((0, "contact"), (1, "bot"))

    assert judged(pl.concat([frame, note, gone]))["outcome"] == "contained"


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        pytest.param({"status": "open"}, "open", id="open"),
        pytest.param({"status": "pending"}, "open", id="pending"),
        pytest.param({"status": "bulk_sent"}, "open", id="bulk_sent"),
        pytest.param({"status": "unknown"}, "unknown_status", id="new to us"),
        pytest.param({"updated_at": AS_OF + timedelta(1)}, "unknown_status", id="closed later"),
    ],
)
def test_what_is_not_closed_is_not_judged(known: dict[str, Any], reason: str) -> None:
    found = judged(talk((0, "contact"), (1, "bot"), (2, "human")), **known)

    assert (found["outcome"], found["not_judged"]) == (None, reason)


def test_without_messages_nothing_is_known_and_nothing_is_0() -> None:
    found = judged(Messages.empty())

    assert list(found.values()) == [1, None, "no_messages", None, None, None]


def containment(*outcomes: str) -> pl.DataFrame:
    rows = [
        {"conversation_id": n, "outcome" if each in OUTCOMES else "not_judged": each}
        for n, each in enumerate(outcomes)
    ]
    return table(BotContainment, rows)


OUTCOMES = ("contained", "unanswered", "handed_over", "human_only", "nobody")


def test_rates_are_of_what_can_be_judged_and_the_rest_is_counted() -> None:
    frame = containment(
        *(["contained"] * 10 + ["handed_over"] * 9 + ["nobody"]),
        *("open", "not_engaged", "no_messages", "unknown_status", "unknown_author"),
    )

    found = ContainmentRates.checked(containment_rates(frame))

    assert found.select("outcome", "conversations", "share").rows() == [
        ("contained", 10, 0.5),
        ("unanswered", 0, 0.0),
        ("handed_over", 9, 0.45),
        ("human_only", 0, 0.0),
        ("nobody", 1, 0.05),
    ]
    # Wilson's interval of 10 of 20, and of 0 of 20 (Newcombe).
    assert found.select(pl.col("lo", "hi").round(4)).rows()[:2] == [(0.2993, 0.7007), (0, 0.1611)]
    totals = ("n_judged", "n_open", "n_not_engaged", "n_unknown")
    assert found.select(totals).unique().rows() == [(20, 1, 1, 3)]


def test_every_group_has_every_outcome_and_null_is_a_group() -> None:
    frame = containment("contained", "open").with_columns(inbox=pl.Series([None, 1]))

    found = containment_rates(frame, by="inbox")

    assert found.select("inbox", "outcome", "conversations", "share", "n_open").rows() == [
        *((1, each, 0, None, 1) for each in OUTCOMES),
        *(
            (None, each, int(each == "contained"), float(each == "contained"), 0)
            for each in OUTCOMES
        ),
    ]


authors = st.sampled_from(["contact", "contact", "bot", "bot", "human", "unknown"])
types = st.sampled_from(["chat", "chat", "chat", "private_note"])
chats = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 20), authors, types), max_size=20)
statuses = st.sampled_from(["closed", "closed", "open", "pending", "bulk_sent", "unknown"])
ends = st.lists(st.tuples(statuses, st.integers(0, 25)), min_size=3, max_size=3)


def as_messages(chat: list[tuple[int, int, str, str]]) -> pl.DataFrame:
    return messages(
        *(
            {"conversation_id": c, "created_at": at(m), "author_kind": author, "type": type_}
            for c, m, author, type_ in chat
        )
    )


def as_conversations(closes: list[tuple[str, int]]) -> pl.DataFrame:
    return conversations(
        *(
            {"conversation_id": n, "status": status, "updated_at": at(minute)}
            for n, (status, minute) in enumerate(closes, 1)
        )
    )


@given(chats, ends, st.integers(0, 25))
@settings(deadline=None, max_examples=80)
def test_outcomes_are_those_that_a_reader_would_write_down(
    chat: list[tuple[int, int, str, str]], closes: list[tuple[str, int]], until: int
) -> None:
    found = bot_containment(as_conversations(closes), messages=as_messages(chat), as_of=at(until))

    read = [contained(chat, *close, n, until) for n, close in enumerate(closes, 1)]
    assert found.select("outcome", "not_judged").rows() == read
    BotContainment.checked(found)


@given(chats, ends, st.integers(0, 25))
@settings(deadline=None, max_examples=25)
def test_neither_order_nor_the_future_nor_others_nor_the_engine_matter(
    chat: list[tuple[int, int, str, str]], closes: list[tuple[str, int]], until: int
) -> None:
    known, frame, moment = as_conversations(closes), as_messages(chat), at(until)
    expected = bot_containment(known, messages=frame, as_of=moment)

    shuffled = [f.sample(fraction=1, shuffle=True, seed=until) for f in (known, frame)]
    assert_frame_equal(bot_containment(shuffled[0], messages=shuffled[1], as_of=moment), expected)
    past = frame.filter(pl.col("created_at") <= moment)
    assert_frame_equal(bot_containment(known, messages=past, as_of=moment), expected)
    lazy = bot_containment(known.lazy(), messages=frame.lazy(), as_of=moment)
    assert_frame_equal(lazy.collect(), expected)
    assert_frame_equal(lazy.collect(engine="streaming"), expected)
    apart = [bot_containment(known.slice(n, 1), messages=frame, as_of=moment) for n in range(3)]
    assert_frame_equal(pl.concat(apart), expected)
    repeated = pl.concat([known, known])
    assert_frame_equal(bot_containment(repeated, messages=frame, as_of=moment), expected)


@given(chats, ends)
@settings(deadline=None, max_examples=25)
def test_every_conversation_is_counted_once(
    chat: list[tuple[int, int, str, str]], closes: list[tuple[str, int]]
) -> None:
    found = bot_containment(as_conversations(closes), messages=as_messages(chat), as_of=AS_OF)

    rates = containment_rates(found)
    lazy = containment_rates(found.lazy())
    left_out = rates.select("n_open", "n_not_engaged", "n_unknown").row(0)
    assert rates["conversations"].sum() + sum(left_out) == 3
    assert rates["conversations"].sum() == rates["n_judged"][0]
    assert_frame_equal(lazy.collect(engine="streaming"), rates)


def test_nothing_in_gives_the_whole_schema_out() -> None:
    none = bot_containment(Conversations.empty(), messages=Messages.empty(), as_of=AS_OF)

    assert_frame_equal(none, BotContainment.empty())
    assert_frame_equal(containment_rates(none), ContainmentRates.empty())


def test_what_means_nothing_is_refused() -> None:
    none = Conversations.empty()

    with pytest.raises(InputError, match=r"^as_of has no time zone\."):
        bot_containment(none, messages=Messages.empty(), as_of=AS_OF.replace(tzinfo=None))
    with pytest.raises(SchemaError, match=r"^Messages: missing 'message_id'"):
        bot_containment(none, messages=pl.DataFrame(), as_of=AS_OF)
    with pytest.raises(InputError, match=r"^by='share' is a name that is needed here\."):
        containment_rates(BotContainment.empty(), by="share")
    with pytest.raises(InputError, match=r"^There is no column 'inbox'\."):
        containment_rates(BotContainment.empty(), by="inbox")
