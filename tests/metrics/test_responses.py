"""First responses and turns: oracles, the failures of other tools, a reference, and laws."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from builders import NOON, conversations, messages, table
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import Calendar, first_response, response_turns
from drift_analysis.schemas import (
    FirstResponse,
    Messages,
    ParticipantEvents,
    Reopens,
    ResponseTurns,
)
from metrics.references.responses import contact_turns, first_answer

if TYPE_CHECKING:
    from collections.abc import Callable

ORACLE = {
    case["id"]: case for case in json.loads(Path("tests/oracles/vectors_response.json").read_text())
}
AS_OF = NOON + timedelta(hours=2)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def said(minutes: float, author: str, **more: Any) -> dict[str, Any]:
    kind = "contact" if author == "contact" else "user"
    return {
        "created_at": at(minutes),
        "author_kind": author,
        "author_type": kind,
        "author_id": {"contact": 1, "bot": 2, "human": 3, "unknown": 4}[author],
        **more,
    }


def talk(*turns: tuple[float, str]) -> pl.DataFrame:
    return messages(*(said(minutes, author) for minutes, author in turns))


def added(*rows: tuple[float, int]) -> pl.DataFrame:
    return table(
        ParticipantEvents,
        [{"changed_at": at(minutes), "user_id": user} for minutes, user in rows],
        conversation_id=1,
        change="added",
        source="test",
    )


def response(frame: pl.DataFrame, **options: Any) -> dict[str, Any]:
    found = first_response(frame, **{"as_of": AS_OF, **options})
    return FirstResponse.checked(found).row(0, named=True)


def wait(frame: pl.DataFrame, **options: Any) -> timedelta | None:
    found: timedelta | None = response(frame, **options)["wait"]
    return found


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def timeline(case: str) -> tuple[pl.DataFrame, list[datetime]]:
    events = [(what, datetime.fromisoformat(when)) for what, when in ORACLE[case]["events"]]
    rows = [
        {"created_at": when.replace(tzinfo=UTC), "author_kind": what.split("_")[0]}
        for what, when in events
    ]
    return messages(*rows), [row["created_at"] for row in rows]


def test_a_wait_counts_from_creation_or_from_the_hand_over() -> None:
    expected = ORACLE["chatwoot_handoff"]["expect"]
    frame = talk((0, "contact"), (10 / 60, "bot"), (62 / 60, "human"))
    known = conversations({"conversation_id": 1})
    handed = added((10 / 60, 2), (20 / 60, 3))

    created = wait(frame, clock="created", conversations=known)
    handoff = wait(frame, clock="handoff", participant_events=handed)

    assert created == timedelta(seconds=expected["human_frt_from_created_s"])
    assert handoff == timedelta(seconds=expected["human_frt_from_handoff_s"])


def test_the_answer_of_a_bot_ends_a_turn_and_the_next_has_a_clock_of_its_own() -> None:
    frame, moments = timeline("chatwoot_bot_clears_wait")
    expected = ORACLE["chatwoot_bot_clears_wait"]["expect"]

    turns = response_turns(frame, as_of=moments[-1])

    assert turns["bot_wait"].to_list() == [timedelta(seconds=expected["bot_wait_turn1_s"]), None]
    assert turns["human_wait"].to_list() == [
        None,
        timedelta(seconds=expected["human_wait_turn2_s"]),
    ]
    naive = wait(frame, as_of=moments[-1])
    assert naive == timedelta(seconds=expected["naive_wrong_s"])


def test_every_reply_has_a_wait_of_its_own() -> None:
    case = ORACLE["front_case1"]
    frame, moments = timeline("front_case1")
    closed = conversations(
        {
            "conversation_id": 1,
            "status": "closed",
            "created_at": moments[0],
            "updated_at": moments[-1],
        }
    )

    turns = response_turns(frame, as_of=moments[-1], conversations=closed)

    waits = turns["human_wait"].dt.total_seconds().to_list()
    assert waits == case["expect"]["reply_waits_s"]
    assert sum(waits) == case["expect"]["total_reply_time_s"]
    assert wait(frame, as_of=moments[-1]) == timedelta(seconds=case["expect"]["first_reply_s"])
    assert turns["end_reason"].to_list() == ["answered", "answered"]


def test_thanks_that_nobody_answers_are_a_turn_that_the_close_ends() -> None:
    case = ORACLE["front_resolution_ex3_thankyou"]
    assert case["sequence"] == ["in", "out", "in(thanks)", "archive"]
    assert case["expect"] == {"resolution": "1->2", "unanswered_last_turn": True}
    frame = talk((0, "contact"), (4, "human"), (6, "contact"))
    closed = conversations({"conversation_id": 1, "status": "closed", "updated_at": at(9)})

    turns = response_turns(frame, as_of=AS_OF, conversations=closed)

    assert turns.select("turn", "end_reason", "wait", "human_wait").rows() == [
        (1, "answered", minutes(4), minutes(4)),
        (2, "closed", minutes(3), None),
    ]


@pytest.mark.parametrize("type_", ["private_note", "private_prompt", "suggestion", "edit", "other"])
def test_what_the_contact_cannot_see_is_no_answer(type_: str) -> None:
    frame = messages(said(0, "contact"), said(1, "human", type=type_), said(5, "human"))

    assert wait(frame) == minutes(5)
    assert response_turns(frame, as_of=AS_OF)["wait"].item() == minutes(5)


@pytest.mark.parametrize("type_", ["private_note", "edit"])
def test_what_is_no_chat_does_not_start_the_clock(type_: str) -> None:
    frame = messages(said(0, "contact", type=type_), said(1, "contact"), said(5, "human"))

    assert wait(frame) == minutes(4)


def test_a_bot_is_no_human_and_a_user_of_unknown_kind_is_neither() -> None:
    frame = talk((0, "contact"), (1, "bot"), (2, "unknown"), (5, "human"))

    assert [wait(frame, kind=kind) for kind in ("human", "bot", "any")] == [
        *(minutes(5), minutes(1), minutes(1)),
    ]
    assert wait(talk((0, "contact"), (2, "unknown"), (5, "bot")), kind="any") == minutes(2)


def test_an_answer_that_was_deleted_counts_until_it_was() -> None:
    deleted = {"is_deleted": True, "is_visible": False, "edited_at": at(30)}
    frame = messages(said(0, "contact"), said(1, "human", **deleted), said(5, "human"))

    assert wait(frame) == minutes(5)
    assert wait(frame, as_of=at(20)) == minutes(1)


def test_a_greeting_before_the_contact_speaks_is_no_answer() -> None:
    frame = talk((-9, "human"), (-8, "bot"), (0, "contact"), (3, "human"))

    assert wait(frame) == minutes(3)
    assert wait(frame, kind="any") == minutes(3)
    known = conversations({"conversation_id": 1, "created_at": at(-9)})
    assert wait(frame, clock="created", conversations=known) == minutes(12)
    assert response_turns(frame, as_of=AS_OF).select("turn", "started_at").row(0) == (1, at(0))


def test_of_two_messages_at_once_the_smaller_id_came_first() -> None:
    greeting = messages(said(0, "human", message_id=1), said(0, "contact", message_id=2))
    answer = messages(said(0, "human", message_id=2), said(0, "contact", message_id=1))

    assert response(greeting)["outcome"] == "waiting"
    assert wait(answer) == timedelta(0)
    assert response_turns(greeting, as_of=AS_OF)["end_reason"].to_list() == ["as_of"]
    assert response_turns(answer, as_of=AS_OF)["human_wait"].to_list() == [timedelta(0)]


def test_an_unanswered_wait_is_censored_and_not_dropped() -> None:
    found = response(talk((0, "contact"), (1, "bot")))

    assert found == {
        "conversation_id": 1,
        "started_at": NOON,
        "ended_at": AS_OF,
        "wait": minutes(120),
        "business_wait": None,
        "outcome": "waiting",
        "censored": True,
        "responder_id": None,
        "responder_kind": None,
        "not_at_risk": None,
    }


def test_an_answer_names_its_responder() -> None:
    found = response(talk((0, "contact"), (1, "bot"), (7, "human")))

    assert found["outcome"] == "answered"
    assert found["censored"] is False
    assert (found["responder_id"], found["responder_kind"]) == (3, "human")
    assert found["ended_at"] == at(7)


def test_a_close_without_an_answer_ends_the_wait_as_a_competing_end() -> None:
    closed = conversations({"conversation_id": 1, "status": "closed", "updated_at": at(30)})
    frame = talk((0, "contact"), (1, "bot"))

    found = response(frame, conversations=closed)

    assert (found["outcome"], found["wait"], found["censored"]) == ("closed", minutes(30), False)
    assert response(frame, conversations=closed, as_of=at(29))["outcome"] == "waiting"
    assert response(frame, conversations=closed, kind="bot")["outcome"] == "answered"


def test_a_close_without_a_time_is_placed_at_the_latest_message() -> None:
    closed = conversations({"conversation_id": 1, "status": "closed", "updated_at": None})

    found = response(talk((0, "contact"), (4, "bot")), conversations=closed)

    assert (found["outcome"], found["wait"]) == ("closed", minutes(4))


def test_a_close_from_before_the_contact_wrote_ends_nothing() -> None:
    stale = conversations(
        {"conversation_id": 1, "status": "closed", "created_at": at(-60), "updated_at": at(-5)}
    )

    assert response(talk((0, "contact")), conversations=stale)["outcome"] == "waiting"


def test_who_is_not_at_risk_is_told_why() -> None:
    known = conversations(*({"conversation_id": n} for n in (1, 2, 3, 4)))
    frame = messages(
        said(0, "contact", conversation_id=1),
        said(0, "bot", conversation_id=2),
        said(130, "contact", conversation_id=4),
    )

    found = first_response(frame, as_of=AS_OF, conversations=known)

    assert found.select("conversation_id", "outcome", "not_at_risk").rows() == [
        (1, "waiting", None),
        (2, None, "no_contact_message"),
        (3, None, "no_messages"),
        (4, None, "no_messages"),
    ]
    told = [name for name in found.columns if name not in ("conversation_id", "not_at_risk")]
    assert found.filter(pl.col("not_at_risk").is_not_null()).select(told).null_count().row(0) == (
        (3,) * len(told)
    )


def test_the_conversations_given_say_which_there_are() -> None:
    frame = messages(*(said(0, "contact", conversation_id=n) for n in (1, 2)))
    known = conversations(
        {"conversation_id": 2}, {"conversation_id": 3, "created_at": AS_OF + timedelta(1)}
    )

    alone = first_response(frame, as_of=AS_OF)
    with_known = first_response(frame, as_of=AS_OF, conversations=known)

    assert alone["conversation_id"].to_list() == [1, 2]
    assert with_known["conversation_id"].to_list() == [2]


def test_a_small_skew_of_clocks_is_no_wait_and_a_large_one_is_a_contradiction() -> None:
    frame = talk((-2, "contact"), (-0.5, "human"))

    def created(minute: float) -> dict[str, Any]:
        known = conversations({"conversation_id": 1, "created_at": at(minute)})
        return response(frame, clock="created", conversations=known)

    assert (created(0)["wait"], created(0)["not_at_risk"]) == (timedelta(0), None)
    assert (created(9)["wait"], created(9)["not_at_risk"]) == (None, "before_creation")
    assert created(9)["started_at"] is None
    # A minute is still little, whatever is beyond it is not.
    assert (created(0.5)["wait"], created(0.6)["wait"]) == (timedelta(0), None)


def test_a_hand_over_is_to_the_first_person_and_not_before_the_contact_writes() -> None:
    frame = talk((-5, "bot"), (0, "contact"), (1, "bot"), (9, "human"))

    def handed(*rows: tuple[float, int]) -> dict[str, Any]:
        return response(frame, clock="handoff", participant_events=added(*rows))

    assert handed((2, 3), (4, 8))["wait"] == minutes(7)
    assert handed((-3, 3))["wait"] == minutes(9)
    assert handed((9.5, 3))["wait"] == handed((10, 3))["wait"] == timedelta(0)
    assert handed((10.1, 3))["not_at_risk"] == "no_start"
    assert handed((2, 2))["not_at_risk"] == "no_start"
    assert handed((20, 3))["not_at_risk"] == "no_start"
    assert handed((130, 3))["not_at_risk"] == "no_start"
    assert handed()["not_at_risk"] == "no_start"


def test_a_hand_over_that_nobody_answers_is_still_waiting() -> None:
    frame = talk((0, "contact"), (1, "bot"))
    removed = added((1, 3)).with_columns(
        change=pl.lit("removed").cast(pl.Enum(["added", "removed"]))
    )

    found = response(frame, clock="handoff", participant_events=added((5, 3)))
    assert (found["outcome"], found["wait"]) == ("waiting", minutes(115))
    at_the_end = response(frame, clock="handoff", participant_events=added((120, 3)))
    assert (at_the_end["outcome"], at_the_end["wait"]) == ("waiting", timedelta(0))
    assert response(frame, clock="handoff", participant_events=removed)["outcome"] is None


def test_business_time_counts_beside_the_time_that_passed() -> None:
    office = Calendar("UTC", {0: [("12:30", "17:00")]})
    frame = talk((0, "contact"), (45, "human"))

    found = response(frame, calendar=office)

    assert (found["wait"], found["business_wait"]) == (minutes(45), minutes(15))


def test_turns_count_the_messages_of_the_contact_and_start_with_the_first() -> None:
    frame = talk(
        *((0, "contact"), (1, "contact"), (3, "unknown"), (4, "bot"), (5, "human")),
        *((8, "contact"), (11, "human"), (20, "contact"), (21, "contact")),
    )

    turns = response_turns(frame, as_of=at(60))

    assert turns.drop("conversation_id").rows() == [
        (1, at(0), at(3), 2, minutes(3), minutes(4), minutes(5), "answered"),
        (2, at(8), at(11), 1, minutes(3), None, minutes(3), "answered"),
        (3, at(20), at(60), 2, minutes(40), None, None, "as_of"),
    ]
    ResponseTurns.checked(turns)


authors = st.sampled_from(["contact", "bot", "human", "unknown"])
kinds = st.sampled_from(["chat", "chat", "chat", "private_note"])
chats = st.lists(
    st.tuples(st.integers(1, 3), st.integers(-3, 20), authors, kinds), min_size=1, max_size=20
)
closes = st.lists(st.tuples(st.booleans(), st.integers(0, 25)), min_size=3, max_size=3)


def as_messages(chat: list[tuple[int, int, str, str]]) -> pl.DataFrame:
    return messages(
        *(said(minute, author, conversation_id=c, type=type_) for c, minute, author, type_ in chat)
    )


def as_conversations(ends: list[tuple[bool, int]]) -> pl.DataFrame:
    return conversations(
        *(
            {
                "conversation_id": n,
                "status": "closed" if closed else "open",
                "created_at": at(-5),
                "updated_at": at(minute),
            }
            for n, (closed, minute) in enumerate(ends, 1)
        )
    )


@given(chats, closes, st.sampled_from(["human", "bot", "any"]), st.integers(0, 22))
@settings(deadline=None, max_examples=60)
def test_waits_are_those_that_a_reader_would_write_down(
    chat: list[tuple[int, int, str, str]], ends: list[tuple[bool, int]], kind: Any, until: int
) -> None:
    frame, known = as_messages(chat), as_conversations(ends)

    found = first_response(frame, kind=kind, as_of=at(until), conversations=known)

    read = [first_answer(chat, end, n, kind, until) for n, end in enumerate(ends, 1)]
    assert found.select("outcome", pl.col("wait").dt.total_minutes()).rows() == read
    assert (found["not_at_risk"].is_null() == found["wait"].is_not_null()).all()
    FirstResponse.checked(found)


def opened_again(*rows: tuple[int, float, float]) -> pl.DataFrame:
    """Build reopens: the conversation, when it had closed, and when it was opened again."""
    return table(
        Reopens,
        [
            {"conversation_id": c, "reopen": n, "closed_at": at(closed), "reopened_at": at(opened)}
            for n, (c, closed, opened) in enumerate(rows, 1)
        ],
        status="open",
        is_certain=True,
        reopened_by="contact",
        after=minutes(1),
        censored=True,
        watched=minutes(1),
    )


def test_the_clock_of_a_reopened_conversation_starts_with_what_the_contact_wrote_since() -> None:
    before = ((0, "contact"), (5, "human"))
    lives: dict[int, tuple[tuple[float, str], ...]] = {
        1: (*before, (20, "contact"), (21, "bot"), (32, "human")),
        2: (*before, (7, "contact"), (9, "human")),
        3: (*before, (40, "contact")),
        4: before,
        5: (*before, (20, "contact"), (22, "human"), (50, "contact"), (53, "human")),
        6: (*before, (20, "contact")),
    }
    frame = messages(
        *(said(m, who, conversation_id=c) for c, life in lives.items() for m, who in life)
    )
    # 1 was opened by the contact's message, which the log tells of a little later; 2 never; 3 by
    # an agent before the contact wrote; 4 by an agent alone; 5 twice; 6 closed again, 7 is unread.
    again = opened_again(
        (1, 10, 20.1), (3, 10, 30), (4, 10, 30), (5, 10, 20), (5, 30, 50), (6, 10, 20), (7, 10, 20)
    )
    closed = {"status": "closed", "updated_at": at(45)}
    known = conversations(
        *({"conversation_id": c, **(closed if c == 6 else {})} for c in range(1, 8))
    )
    options: dict[str, Any] = {"clock": "reopen", "conversations": known, "reopens": again}

    found = FirstResponse.checked(first_response(frame, as_of=AS_OF, **options))

    assert found.select("started_at", "wait", "outcome", "not_at_risk").rows() == [
        (at(20), minutes(12), "answered", None),
        (None, None, None, "no_start"),
        (at(40), minutes(80), "waiting", None),
        (None, None, None, "no_start"),
        (at(50), minutes(3), "answered", None),
        (at(20), minutes(25), "closed", None),
        (None, None, None, "no_messages"),
    ]
    bots = first_response(frame, kind="bot", as_of=AS_OF, **options)
    assert bots["wait"][0] == minutes(1)
    # At 45 minutes the second reopen of the fifth is not known yet.
    sooner = first_response(frame, as_of=at(45), **options)
    assert sooner.select("started_at", "wait").row(4) == (at(20), minutes(2))
    lazy = first_response(frame.lazy(), as_of=AS_OF, **options).collect(engine="streaming")
    assert_frame_equal(lazy, found)


@given(chats, closes, st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=3))
@settings(deadline=None, max_examples=40)
def test_a_reopened_wait_is_the_first_one_of_what_was_said_since_the_close(
    chat: list[tuple[int, int, str, str]], ends: list[tuple[bool, int]], gaps: list[tuple[int, int]]
) -> None:
    again = opened_again(*((c, close, close + gap) for c, (close, gap) in enumerate(gaps, 1)))

    found = first_response(
        as_messages(chat),
        clock="reopen",
        as_of=at(22),
        conversations=as_conversations(ends),
        reopens=again,
    )

    def read(n: int, end: tuple[bool, int]) -> tuple[str | None, int | None]:
        if n > len(gaps):
            return None, None
        since = [each for each in chat if each[1] > gaps[n - 1][0]]
        return first_answer(since, end, n, "human", 22)

    assert found.select("outcome", pl.col("wait").dt.total_minutes()).rows() == [
        read(n, end) for n, end in enumerate(ends, 1)
    ]


@given(chats, closes, st.integers(0, 22))
@settings(deadline=None, max_examples=60)
def test_turns_are_those_that_a_reader_would_mark(
    chat: list[tuple[int, int, str, str]], ends: list[tuple[bool, int]], until: int
) -> None:
    found = response_turns(as_messages(chat), as_of=at(until), conversations=as_conversations(ends))

    read = [
        (n, turn, at(start), at(stop), size, *(w if w is None else minutes(w) for w in waits), end)
        for n, close in enumerate(ends, 1)
        for turn, start, stop, size, *waits, end in contact_turns(chat, close, n, until)
    ]
    assert found.rows() == read
    ResponseTurns.checked(found)


Metric = pytest.mark.parametrize(
    "metric",
    [
        pytest.param(lambda f, c, t: first_response(f, as_of=t, conversations=c), id="response"),
        pytest.param(lambda f, c, t: response_turns(f, as_of=t, conversations=c), id="turns"),
    ],
)


@Metric
@given(chats, closes, st.integers(0, 22))
@settings(deadline=None, max_examples=25)
def test_neither_order_nor_repeats_nor_the_future_nor_the_engine_matter(
    metric: Callable[..., Any],
    chat: list[tuple[int, int, str, str]],
    ends: list[tuple[bool, int]],
    until: int,
) -> None:
    frame, known = as_messages(chat), as_conversations(ends)
    moment = at(until)
    expected = metric(frame, known, moment)

    shuffled = [f.sample(fraction=1, shuffle=True, seed=until) for f in (frame, known)]
    assert_frame_equal(metric(*shuffled, moment), expected)
    past = frame.filter(pl.col("created_at") <= moment)
    assert_frame_equal(metric(past, known, moment), expected)
    lazy = metric(frame.lazy(), known.lazy(), moment)
    assert_frame_equal(lazy.collect(), expected)
    assert_frame_equal(lazy.collect(engine="streaming"), expected)
    apart = [
        metric(frame.filter(pl.col("conversation_id") == n), known.slice(n - 1, 1), moment)
        for n in (1, 2, 3)
    ]
    assert_frame_equal(pl.concat(apart), expected)


@given(chats, closes)
@settings(deadline=None, max_examples=25)
def test_a_message_loaded_twice_changes_no_wait(
    chat: list[tuple[int, int, str, str]], ends: list[tuple[bool, int]]
) -> None:
    frame, known = as_messages(chat), as_conversations(ends)

    once = first_response(frame, as_of=AS_OF, conversations=known)
    twice = first_response(
        pl.concat([frame, frame]), as_of=AS_OF, conversations=pl.concat([known, known])
    )

    assert_frame_equal(twice, once)


@given(chats)
@settings(deadline=None, max_examples=40)
def test_the_first_turn_that_is_answered_tells_the_first_response(
    chat: list[tuple[int, int, str, str]],
) -> None:
    frame = as_messages(chat)
    turns = response_turns(frame, as_of=AS_OF)
    first = first_response(frame, kind="any", as_of=AS_OF).drop_nulls("wait")

    opening = turns.filter(pl.col("turn") == 1)
    assert opening.select("conversation_id", "started_at", "ended_at", "wait").equals(
        first.select("conversation_id", "started_at", "ended_at", "wait")
    )
    assert (turns["human_wait"].fill_null(turns["wait"]) >= turns["wait"]).all()
    chats_of_contacts = [row for row in chat if row[2:] == ("contact", "chat")]
    assert turns["n_messages"].sum() == len(chats_of_contacts)


def test_nothing_in_gives_the_whole_schema_out() -> None:
    assert_frame_equal(first_response(Messages.empty(), as_of=AS_OF), FirstResponse.empty())
    assert_frame_equal(response_turns(Messages.empty(), as_of=AS_OF), ResponseTurns.empty())


def refusal(error: type[Exception] = InputError, **options: Any) -> str:
    with pytest.raises(error) as caught:
        first_response(**{"messages": Messages.empty(), "as_of": AS_OF, **options})
    return str(caught.value)


def test_arguments_that_mean_nothing_are_refused() -> None:
    assert refusal(kind="person") == (
        "kind='person' is not a choice.\nTry: one of 'human', 'bot', 'any'."
    )
    assert refusal(clock="close") == (
        "clock='close' is not a choice.\n"
        "Try: one of 'first_contact', 'created', 'handoff', 'reopen'."
    )
    assert refusal(clock="reopen") == (
        "clock='reopen' needs the reopens.\n"
        "Messages do not tell when a conversation was opened again.\n"
        "Try: reopens=da.reopens(intervals)."
    )
    assert refusal(clock="created") == (
        "clock='created' needs the conversations.\n"
        "Messages do not tell when a conversation was created.\n"
        "Try: conversations=..."
    )
    assert refusal(clock="handoff") == (
        "clock='handoff' needs the participant events.\n"
        "Messages do not tell when a conversation was handed over.\n"
        "Try: participant_events=..."
    )
    assert refusal(clock="handoff", kind="bot", participant_events=added()) == (
        "clock='handoff' cannot measure kind='bot'.\n"
        "A conversation is handed over to a person.\n"
        "Try: kind='human'."
    )
    assert refusal(as_of=datetime(2026, 1, 1)).startswith("as_of has no time zone.")  # noqa: DTZ001
    assert refusal(SchemaError, messages=pl.DataFrame({"body": ["secret"]})).startswith(
        "Messages: missing 'message_id', 'conversation_id',"
    )
