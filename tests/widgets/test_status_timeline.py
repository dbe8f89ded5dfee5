from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal, assert_series_equal

import drift_analysis as da
from builders import changes, conversations, messages
from drift_analysis.errors import InputError
from drift_analysis.schemas import Dataset, FirstResponse, StatusIntervals
from drift_analysis.widgets import StatusTimeline, Timeline, timeline_order, timeline_sample
from drift_analysis.widgets.timeline.timeline_lanes import lanes_shown
from widgets.worlds import HOSTILE, MONDAY, dataset, users


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def world() -> Dataset[pl.DataFrame]:
    """Return 45 conversations, some logged by webhooks, some of which little is known."""
    rows: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    told = []
    for number in range(1, 46):
        began = MONDAY + hours(5 * number)
        is_closed = number % 3 == 0
        ended = began + hours(number)
        rows.append(
            {
                "conversation_id": 2**53 + number,
                "status": "closed" if is_closed else "open",
                "created_at": began,
                "updated_at": ended,
                "fetched_at": MONDAY + timedelta(days=20),
            }
        )
        said.append({"conversation_id": 2**53 + number, "created_at": began, "text": HOSTILE})
        if number % 2:
            said.append(
                {
                    "conversation_id": 2**53 + number,
                    "created_at": began + hours(number / 2),
                    "author_kind": "human",
                    "author_type": "user",
                    "author_id": 502,
                    "text": "Write to ann@example.com",
                }
            )
        if number % 4 == 0:
            told += [(2**53 + number, began, "open")]
            told += [(2**53 + number, ended, "closed")] * is_closed
    return dataset(
        conversations=conversations(*rows),
        messages=messages(*said),
        status_events=changes(*told),
        users=users({"user_id": 502, "name": HOSTILE}),
    )


WORLD = world()
IDS = WORLD.conversations["conversation_id"]


def made_by_the_code(timeline: StatusTimeline, data: Dataset[Any]) -> dict[str, Any]:
    names: dict[str, Any] = {"dataset": data}
    exec(timeline.code, names)
    return names


def test_each_order_is_the_one_worked_out_by_hand() -> None:
    begin = [MONDAY, MONDAY + hours(1), MONDAY + hours(2)]
    stretches = [
        (1, "open", begin[0], begin[0] + hours(4), ["open"]),
        (1, "pending", begin[0] + hours(4), begin[0] + hours(10), ["open", "pending"]),
        (2, "open", begin[1], begin[1] + hours(1), ["open"]),
        (2, "closed", begin[1] + hours(1), begin[0] + hours(10), ["closed", "open"]),
        (3, "closed", begin[2], begin[2] + hours(1), ["closed"]),
        (3, "open", begin[2] + hours(1), begin[0] + hours(10), ["open"]),
    ]
    intervals = pl.DataFrame(
        [
            {
                "conversation_id": who,
                "visit": place % 2 + 1,
                "status": status,
                "possible": possible,
                "entered_at": first,
                "left_at": last,
                "duration": last - first,
                "censored": place % 2 == 1,
                "evidence": "record",
            }
            for place, (who, status, first, last, possible) in enumerate(stretches)
        ],
        schema=StatusIntervals.schema(),
    )
    waits = pl.DataFrame(
        [{"conversation_id": 2, "wait": hours(3)}, {"conversation_id": 3, "wait": hours(2)}],
        schema=FirstResponse.schema(),
    )

    orders = {
        sort: timeline_order(intervals, waits, sort=sort)["conversation_id"].to_list()
        for sort in ("latest", "waiting", "open", "uncertain")
    }

    assert orders == {
        "latest": [3, 2, 1],
        "waiting": [2, 3, 1],
        "open": [1, 3, 2],
        "uncertain": [2, 1, 3],
    }
    found = timeline_order(intervals, waits).sort("conversation_id")
    assert found["open_for"].to_list() == [hours(10), None, hours(7)]
    assert found["uncertain"].to_list() == [hours(6), hours(8), hours(0)]
    assert found["waited"].to_list() == [None, hours(3), hours(2)]
    with pytest.raises(InputError, match="sort='size' is not a choice"):
        timeline_order(intervals, waits, sort="size")


def test_a_sample_is_the_same_for_the_same_seed_in_whatever_order_records_come() -> None:
    first = timeline_sample(WORLD.conversations, n=10, seed=3)

    assert first.len() == first.n_unique() == 10
    assert first.to_list() == sorted(first)
    assert_series_equal(
        timeline_sample(
            WORLD.conversations.sort("created_at", descending=True).lazy(), n=10, seed=3
        ),
        first,
    )
    assert timeline_sample(WORLD.conversations, n=10, seed=4).to_list() != first.to_list()
    assert (
        timeline_sample(WORLD.conversations, ids=IDS[:2].to_list()).to_list() == IDS[:2].to_list()
    )
    with pytest.raises(InputError) as caught:
        timeline_sample(WORLD.conversations, ids=[1, IDS[0]])
    assert str(caught.value) == (
        "1 of the 2 ids are not in this data set.\n"
        "Try: ids of its conversations['conversation_id']."
    )
    with pytest.raises(InputError, match="n=0 is below 1"):
        timeline_sample(WORLD.conversations, n=0)


changes_asked = st.fixed_dictionaries(
    {},
    optional={
        "sort": st.sampled_from(["latest", "waiting", "open", "uncertain"]),
        "sample": st.sampled_from([20, 30, 400]),
        "seed": st.integers(0, 3),
        "page": st.integers(1, 4),
        "conversation": st.none() | st.sampled_from(IDS.to_list()),
    },
)


@given(
    steps=st.lists(changes_asked, min_size=1, max_size=3),
    ids=st.none() | st.just(IDS.to_list()[:7]),
)
@settings(max_examples=4, deadline=None)
def test_whatever_is_asked_the_code_and_the_state_give_it_again_and_undo_takes_it_back(
    steps: list[dict[str, Any]], ids: list[int] | None
) -> None:
    timeline = StatusTimeline(WORLD, ids)
    states = [timeline.state]
    for step in steps:
        timeline.change(**step)
        states.append(timeline.state)

    again = StatusTimeline(WORLD, state=json.loads(json.dumps(timeline.state)))

    assert again.state == timeline.state
    assert again._lanes.lanes == timeline._lanes.lanes
    found: dict[str, Any] = {"dataset": WORLD}
    exec(timeline.code.partition("chart = ")[0], found)
    assert_frame_equal(found["frame"], timeline.frame)
    assert_series_equal(found["ids"], timeline.ids)
    whole = da.status_intervals(
        WORLD.conversations,
        messages=WORLD.messages,
        status_events=WORLD.status_events,
        as_of=WORLD.as_of,  # type: ignore[arg-type]
    )
    assert_frame_equal(
        timeline.frame, whole.filter(pl.col("conversation_id").is_in(timeline.ids.implode()))
    )
    while timeline._bar.can_undo:
        timeline.undo()
        assert timeline.state in states


def test_the_code_also_gives_the_picture_which_states_the_sample() -> None:
    timeline = StatusTimeline(WORLD, tz="Asia/Tokyo")
    timeline.change(sample=30, seed=2, sort="uncertain", page=2)

    spec = timeline.chart.to_dict()

    assert made_by_the_code(timeline, WORLD)["chart"].to_dict() == spec
    told = "page 2 of 2, sample of 30 of 45 (seed 2), most uncertain first"
    assert told in json.dumps(spec["vconcat"][0])
    assert timeline._head.sentences[0] == (
        "A sample of 30 of 45 conversations, drawn by chance (seed 2), most uncertain first."
    )


def test_lanes_say_what_is_uncertain_what_goes_on_and_what_it_rests_on() -> None:
    noon = MONDAY + hours(3)
    frame = conversations(
        {
            "conversation_id": 7,
            "status": "open",
            "created_at": MONDAY,
            "updated_at": noon,
            "fetched_at": noon,
        }
    )
    said = [{"conversation_id": 7, "created_at": MONDAY + hours(n)} for n in (0, 2)]
    data = dataset(conversations=frame, messages=messages(*said))
    as_of = MONDAY + timedelta(days=30)
    lives = da.status_intervals(frame, messages=data.messages, as_of=as_of)

    shown = lanes_shown(lives, data.messages, [7], as_of=as_of, tz="UTC")

    (lane,) = shown["lanes"]
    assert (lane["id"], lane["open"], lane["status"]) == ("7", True, "open")
    assert lane["bars"][0]["from"] == 0
    assert lane["bars"][-1]["to"] == 1
    assert {bar["certain"] for bar in lane["bars"]} <= {True, False}
    assert any("could also be" in bar["text"] for bar in lane["bars"] if not bar["certain"])
    assert all(bar["text"].endswith("certain") for bar in lane["bars"] if bar["certain"])
    assert lane["marks"][0] == {"at": 0.0, "kind": "contact"}
    assert 0.9 < lane["marks"][1]["at"] < 1
    assert lane["more"] == "+ 30 d"
    assert [tick["at"] for tick in shown["ticks"]] == [0, 0.2, 0.4, 0.6, 0.8, 1]


def test_a_click_opens_the_intervals_and_the_transcript_which_is_masked() -> None:
    timeline = StatusTimeline(WORLD)
    timeline._lanes.selected = str(2**53 + 9)

    assert timeline.asked.conversation == 2**53 + 9
    assert timeline._detail.heading == f"Conversation {2**53 + 9}"
    told = [row["cells"][0] for row in timeline._detail.rows]
    lives = timeline.frame.filter(conversation_id=2**53 + 9)
    assert told == lives["status"].cast(pl.String).to_list()
    assert timeline._detail.sentences[0].startswith("Time in each status: open: ")
    history = timeline._transcript.history
    assert [row["cells"][3] for row in timeline._detail.rows] == [
        one["evidence"] for one in history
    ]
    assert [one["text"] for one in timeline._transcript.bubbles] == [HOSTILE, "Write to [e-mail]"]
    assert timeline.messages.height == 2

    timeline._transcript.reveal = True
    assert timeline.reveal
    assert timeline._transcript.bubbles[1]["text"] == "Write to ann@example.com"
    timeline._lanes.selected = ""
    assert timeline.asked.conversation is None
    assert timeline._detail.sentences == [
        "Choose a lane to see what each of its stretches rests on."
    ]


def test_controls_sort_sample_page_and_find() -> None:
    timeline = StatusTimeline(WORLD)
    controls = timeline._controls

    timeline._lanes.page = 3
    assert (timeline.asked.page, len(timeline._lanes.lanes)) == (3, 5)
    controls._sort.value = "open"
    assert (timeline.asked.sort, timeline.asked.page) == ("open", 1)
    assert not timeline.frame.is_empty()
    controls._sample.value = 20
    assert timeline.ids.len() == 20
    before = timeline.ids
    controls.fields[-1].click()
    assert timeline.asked.seed == 1
    assert timeline.ids.to_list() != before.to_list()
    outside = next(one for one in IDS if one not in timeline.ids)
    controls._find.value = str(outside)
    assert timeline.asked.conversation == outside
    assert timeline._detail.heading == f"Conversation {outside}"
    for wrong in ("12", "Ann"):
        controls._find.value = wrong
        assert controls._find.placeholder == "no such conversation"
        assert timeline.asked.conversation == outside
    timeline.reset()
    assert timeline.asked == Timeline()


def test_one_conversation_is_opened_at_once() -> None:
    timeline = StatusTimeline(WORLD, pl.Series([IDS[4]]))

    assert timeline.asked.conversation == IDS[4]
    assert [lane["id"] for lane in timeline._lanes.lanes] == [str(IDS[4])]
    assert timeline._head.sentences[0] == "1 conversation, latest first."


def test_what_is_not_there_is_refused_and_an_empty_data_set_is_told_in_words() -> None:
    timeline = StatusTimeline(WORLD)
    with pytest.raises(InputError) as caught:
        timeline.change(conversation=3)
    assert str(caught.value) == (
        "conversation=3 is not in this data set.\n"
        "Try: an id of its conversations['conversation_id']."
    )
    for wrong in ({"sort": "size"}, {"page": "1"}, {"ids": 3}, {"sample": 0}):
        with pytest.raises(InputError):
            timeline.state = wrong
    assert timeline.asked == Timeline()
    timeline.change(page=99)
    assert timeline.asked.page == 3

    for data in (dataset(), replace(dataset(), as_of=None)):
        empty = StatusTimeline(data)
        assert empty._head.sentences == ["There are no conversations to draw."]
        assert empty.frame.is_empty()
        assert empty.chart.to_dict()["description"].startswith("No picture")
        assert_frame_equal(made_by_the_code(empty, data)["frame"], empty.frame)
