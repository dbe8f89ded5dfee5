from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ipywidgets
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import drift_analysis.widgets
from builders import conversations, messages
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.schemas import Conversations, Dataset
from drift_analysis.widgets import Absence, Explorer, Filters, Pick
from drift_analysis.widgets.asked.choices import short
from drift_analysis.widgets.asked.facts import facts_of
from drift_analysis.widgets.asked.selection import Selection
from drift_analysis.widgets.explorer.linked import LinkedChart
from drift_analysis.widgets.panes.table import ConversationTable
from drift_analysis.widgets.panes.transcript import MOST_MESSAGES, Transcript
from widgets.worlds import HOSTILE, MONDAY, dataset, four, many, playbooks, tag

FOUR = four()


def part(explorer: Explorer, kind: type[Any]) -> Any:
    """Return the one part of an explorer that is of a kind."""
    (found,) = (widget for widget in descendants(explorer) if isinstance(widget, kind))
    return found


def descendants(widget: ipywidgets.Widget) -> list[ipywidgets.Widget]:
    below = [descendants(child) for child in getattr(widget, "children", ())]
    return [widget, *(one for group in below for one in group)]


def control(explorer: Explorer, description: str) -> Any:
    return next(
        widget
        for widget in descendants(explorer)
        if getattr(widget, "description", None) == description
    )


def table_ids(explorer: Explorer) -> list[str]:
    return [row["id"] for row in part(explorer, ConversationTable).rows]


def tell(explorer: Explorer, *, bars: Any = None, brush: Any = None) -> None:
    """Say what the browser says when something is picked in the chart."""
    values = {"bars": {"vlPoint": {"or": bars}} if bars else {}, "brush": brush or {}}
    part(explorer, LinkedChart)._vl_selections = {
        name: {"value": value, "store": []} for name, value in values.items()
    }


def first_bar(explorer: Explorer) -> dict[str, Any]:
    rows = next(iter(part(explorer, LinkedChart).spec["datasets"].values()))
    return {name: rows[0][name] for name in ("first", "last", "status", "drawn")}


def test_at_first_everything_is_shown_the_newest_first() -> None:
    explorer = Explorer(FOUR)

    assert_frame_equal(explorer.frame, FOUR.conversations)
    assert table_ids(explorer) == ["4", "3", "2", "1"]
    assert part(explorer, ConversationTable).summary == "4 shown of 4 conversations"
    assert explorer.selected is None


options = st.fixed_dictionaries(
    {},
    optional={
        "Status": st.sampled_from(["", "open", "closed", "pending"]),
        "Inbox": st.sampled_from(["", 3, 4]),
        "Playbook": st.sampled_from(["", 11, 12, Absence.NONE, Absence.UNKNOWN]),
        "Tag": st.sampled_from(["", "pricing", Absence.NONE, Absence.UNKNOWN]),
        "From": st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 6)),
        "To": st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 6)),
    },
)


@given(steps=st.lists(options, max_size=3))
@settings(max_examples=8, deadline=None)
def test_whatever_is_chosen_in_any_order_the_frame_is_the_filtered_one(
    steps: list[dict[str, Any]],
) -> None:
    explorer = Explorer(FOUR)
    last: dict[str, Any] = {}
    for step in steps:
        for description, value in step.items():
            control(explorer, description).value = value
        last |= step

    named = {"From": "start", "To": "end"}
    asked: dict[str, Any] = {
        named.get(name, name.lower()): value for name, value in last.items() if value != ""
    }
    expected = Selection(facts_of(FOUR, tz="UTC"), Filters(**asked)).frame
    assert explorer.filters == Filters(**asked)
    assert_frame_equal(explorer.frame, expected)
    assert sorted(table_ids(explorer)) == sorted(map(str, expected["conversation_id"]))
    Conversations.checked(explorer.frame)


def test_filters_set_in_python_are_shown_by_the_controls_and_reset_turns_them_off() -> None:
    explorer = Explorer(FOUR, filters=Filters(status="closed", tag="PRICING"))

    assert control(explorer, "Status").label == "closed (1)"
    assert control(explorer, "Tag").value == "pricing"
    assert table_ids(explorer) == ["2"]

    control(explorer, "Reset").click()

    assert explorer.filters == Filters()
    assert control(explorer, "Status").label == "All statuses"
    assert len(table_ids(explorer)) == 4


def test_choices_count_and_tell_none_from_unknown() -> None:
    explorer = Explorer(FOUR)

    assert [label for label, _ in control(explorer, "Playbook").options] == [
        "All playbooks",
        "Book a demo (1)",
        "Playbook 12 (1)",
        "No playbook (1)",
        "Not known (1)",
    ]
    assert [label for label, _ in control(explorer, "Tag").options][2:] == [
        f"{short(HOSTILE)} (1)",
        "Untagged (1)",
        "Not known (1)",
    ]
    assert [label for label, _ in control(explorer, "Inbox").options] == [
        "All inboxes",
        "Inbox 3 (2)",
        "Inbox 4 (1)",
    ]


def test_what_does_not_occur_is_refused_and_nothing_changes() -> None:
    explorer = Explorer(FOUR, filters=Filters(status="open"))

    with pytest.raises(InputError) as caught:
        explorer.filters = Filters(inbox=99)

    assert str(caught.value) == (
        "inbox=99 does not occur in this data set.\n"
        "There are 2 to choose from.\n"
        "Try: inbox=None, or choose it in the explorer."
    )
    assert explorer.filters == Filters(status="open")
    assert control(explorer, "Status").value == "open"


def test_the_summary_says_what_is_left_out_as_unknown_and_what_is_picked() -> None:
    pick = Pick(date(2026, 3, 2), date(2026, 3, 3), "open")
    explorer = Explorer(FOUR, filters=Filters(tag="pricing"))
    table = part(explorer, ConversationTable)

    assert table.summary == (
        "2 shown of 4 conversations · 1 left out, since their tags are not known"
    )

    explorer.filters = Filters(playbook=11, picked=(pick,))

    assert table.summary == "1 shown of 4 conversations · picked: 2 Mar to 3 Mar 2026, open"


def test_when_nothing_is_left_it_says_which_filter_to_loosen() -> None:
    explorer = Explorer(FOUR, filters=Filters(status="closed", inbox=3, playbook=12))
    table = part(explorer, ConversationTable)

    assert table.rows == []
    assert part(explorer, LinkedChart).spec is None
    assert table.advice == ("No conversation fits all filters. Without the inbox there would be 1.")

    explorer.filters = Filters(status="open", inbox=4, tag=Absence.UNKNOWN)
    assert table.advice == "No conversation fits all filters. Reset them to see everything."

    explorer.filters = Filters(start=date(2026, 3, 4), end=date(2026, 3, 3))
    assert table.advice == "From is after To, so no day fits."

    explorer.filters = Filters(start=date(2027, 1, 1))
    assert table.advice == (
        "No conversation fits all filters. Without the first day there would be 4."
    )
    assert part(explorer, LinkedChart).spec is None

    explorer.filters = Filters()
    assert table.advice == ""
    assert part(explorer, LinkedChart).spec is not None


def test_an_empty_data_set_is_told_in_words() -> None:
    explorer = Explorer(dataset())

    assert part(explorer, ConversationTable).advice == "This data set holds no conversations."
    assert explorer.frame.is_empty()
    assert explorer.chart.to_dict()["vconcat"]


def test_a_click_on_a_bar_narrows_the_frame_and_keeps_the_chart() -> None:
    explorer = Explorer(FOUR)
    before = part(explorer, LinkedChart).spec

    tell(explorer, bars=[first_bar(explorer)])

    assert explorer.filters.picked == (Pick(date(2026, 3, 2), date(2026, 3, 2), "open"),)
    assert table_ids(explorer) == ["1"]
    assert part(explorer, LinkedChart).spec is before

    tell(explorer)

    assert len(table_ids(explorer)) == 4


def test_a_pick_stays_when_another_filter_changes() -> None:
    explorer = Explorer(FOUR)
    tell(explorer, brush={"start1": [1_772_409_600_000, 1_772_582_400_000]})
    assert table_ids(explorer) == ["2", "1"]

    control(explorer, "Status").value = "closed"

    assert table_ids(explorer) == ["2"]


def test_an_old_chart_cannot_pick_in_a_new_one() -> None:
    explorer = Explorer(FOUR)
    old = first_bar(explorer)
    control(explorer, "Inbox").value = 3

    tell(explorer, bars=[old])

    assert explorer.filters == Filters(inbox=3)


def test_what_is_picked_and_turned_off_elsewhere_is_gone_from_the_chart_too() -> None:
    explorer = Explorer(FOUR)
    bar = first_bar(explorer)
    tell(explorer, bars=[bar])
    before = part(explorer, LinkedChart).spec

    control(explorer, "Reset").click()

    assert part(explorer, LinkedChart).spec is not before
    tell(explorer, bars=[bar])
    tell(explorer, brush={"start1": [1_772_409_600_000, 1_772_582_400_000]})
    assert explorer.filters == Filters()

    explorer.filters = Filters(picked=(Pick(date(2026, 3, 2), date(2026, 3, 2), "open"),))
    params = {one["name"]: one for one in part(explorer, LinkedChart).spec["params"]}
    assert params["bars"]["value"][0]["first"] == bar["first"] == "2026-03-02"


def test_pages_hold_fifteen_rows_and_only_one_page_is_in_the_browser() -> None:
    explorer = Explorer(many(31))
    table = part(explorer, ConversationTable)

    assert (table.page, table.pages, len(table.rows)) == (1, 3, 15)
    assert table.rows[0]["id"] == str(2**53 + 30)

    table.page = 3

    assert explorer.page == 3
    assert [row["id"] for row in table.rows] == [str(2**53)]

    explorer.page = 99
    assert (explorer.page, table.page) == (3, 3)

    explorer.filters = Filters(end=MONDAY.date())
    assert (explorer.page, table.pages) == (1, 1)
    assert len(table.rows) == explorer.frame.height == 15


def test_a_click_on_a_row_opens_its_transcript() -> None:
    explorer = Explorer(FOUR)
    transcript = part(explorer, Transcript)
    assert transcript.note == "Choose a conversation to read it here."

    part(explorer, ConversationTable).selected = "1"

    assert explorer.selected == 1
    assert transcript.facts["id"] == "1"
    assert [bubble["text"] for bubble in transcript.bubbles] == [HOSTILE, "Write to [e-mail]"]
    assert explorer.messages["conversation_id"].to_list() == [1, 1]

    explorer.reveal = True
    assert transcript.bubbles[1]["text"] == "Write to ann@example.com"

    explorer.selected = 3
    assert part(explorer, ConversationTable).selected == "3"
    assert transcript.bubbles == []
    assert transcript.note == "No messages of this conversation were loaded."

    explorer.selected = None
    assert transcript.facts == {}
    assert part(explorer, ConversationTable).selected == ""
    assert explorer.messages.is_empty()


def test_the_life_of_a_conversation_stands_beside_its_messages_with_its_evidence() -> None:
    explorer = Explorer(FOUR, tz="Asia/Tokyo")
    explorer.selected = 2

    assert part(explorer, Transcript).history == [
        {
            "status": "closed",
            "since": "3 Mar 2026, 18:00",
            "evidence": "seen in the record",
            "possible": "open, pending",
            "lasted": "29 d so far",
        }
    ]

    explorer.selected = None
    assert part(explorer, Transcript).history == []


def test_a_transcript_says_when_its_conversation_does_not_fit_the_filters() -> None:
    explorer = Explorer(FOUR)
    transcript = part(explorer, Transcript)
    explorer.selected = 1
    assert transcript.note == ""

    explorer.filters = Filters(status="closed")
    assert transcript.note == "This conversation does not fit the filters."
    assert len(transcript.bubbles) == 2

    explorer.selected = 2
    assert transcript.note == "No messages of this conversation were loaded."

    explorer.selected = 4
    assert transcript.note == (
        "This conversation does not fit the filters. No messages of this conversation were loaded."
    )

    explorer.filters = Filters()
    assert transcript.note == "No messages of this conversation were loaded."

    explorer.filters, explorer.selected = Filters(status="closed"), None
    assert transcript.note == "Choose a conversation to read it here."


def test_spellings_of_one_tag_stand_in_the_table_once() -> None:
    spelled = conversations(
        {"conversation_id": 1, "tags": tag(" Pricing", "Demo", "pricing ", "Big  deal")},
        {"conversation_id": 2, "tags": []},
        {"conversation_id": 3, "tags": None},
    )

    rows = part(Explorer(dataset(conversations=spelled)), ConversationTable).rows
    tags = {row["id"]: row["tags"] for row in rows}

    assert [one["name"] for one in tags["1"]] == ["Pricing", "Demo", "Big deal"]
    assert (tags["2"], tags["3"]) == ([], None)


def test_a_conversation_that_is_not_there_cannot_be_selected() -> None:
    with pytest.raises(InputError) as caught:
        Explorer(FOUR).selected = 99

    assert str(caught.value) == (
        "selected=99 is not in this data set.\n"
        "Try: an id of explorer.frame['conversation_id'], or None."
    )


def test_of_a_long_conversation_the_end_is_shown() -> None:
    rows = [
        {"conversation_id": 1, "text": str(n), "created_at": MONDAY + timedelta(seconds=n)}
        for n in range(MOST_MESSAGES + 1)
    ]
    explorer = Explorer(replace(FOUR, messages=messages(*rows)))

    explorer.selected = 1

    transcript = part(explorer, Transcript)
    assert [transcript.bubbles[0]["text"], len(transcript.bubbles)] == ["1", 500]
    assert transcript.note == "Only the last 500 of 501 messages are shown."


def test_the_picture_is_of_what_is_shown_and_says_so() -> None:
    explorer = Explorer(FOUR, filters=Filters(status="closed", playbook=Absence.NONE))

    spec = explorer.chart.to_dict()

    rows = [row for name in spec["datasets"] for row in spec["datasets"][name] if "n" in row]
    assert [(row["first"], row["status"], row["n"]) for row in rows] == [
        ("2026-03-03", "closed", 1)
    ]
    picture, caption = spec["vconcat"]
    assert picture["title"]["text"] == ["1 conversation started, 3 Mar 2026"]
    assert " ".join(caption["mark"]["text"]) == (
        "1 shown of 4 conversations. Shown: status: closed; playbook: No playbook. "
        "Days are those of UTC. Status as last seen, 1 Apr 2026, 09:00 (UTC)."
    )
    assert "params" not in spec


def test_an_archive_that_is_read_lazily_shows_the_same() -> None:
    names = [name for name in Dataset.__dataclass_fields__ if name != "as_of"]
    tables: dict[str, Any] = {name: getattr(FOUR, name).lazy() for name in names}
    lazy = Dataset(**tables, as_of=FOUR.as_of)
    explorer = Explorer(lazy)

    explorer.selected = 1

    assert_frame_equal(explorer.frame, FOUR.conversations)
    assert len(part(explorer, Transcript).bubbles) == 2


def test_days_and_moments_are_those_of_the_time_zone() -> None:
    explorer = Explorer(FOUR, tz="Pacific/Pago_Pago", filters=Filters(end=date(2026, 3, 1)))
    table = part(explorer, ConversationTable)

    assert table_ids(explorer) == ["1"]
    assert table.rows[0]["started"] == "1 Mar 2026, 22:00"
    assert table.zone == "Pacific/Pago_Pago"


def test_a_time_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="tz='Mars/Olympus' is not a time zone"):
        Explorer(FOUR, tz="Mars/Olympus")


def test_a_table_that_breaks_its_promise_is_refused() -> None:
    with pytest.raises(SchemaError, match="Messages: missing 'text'"):
        Explorer(replace(FOUR, messages=FOUR.messages.drop("text")))


def test_no_part_shows_data_as_html_and_the_scripts_write_texts_only() -> None:
    hostile = replace(FOUR, playbooks=playbooks({"playbook_id": 11, "name": HOSTILE}))
    shown = descendants(Explorer(hostile))

    assert not [w for w in shown if isinstance(w, ipywidgets.HTML | ipywidgets.HTMLMath)]
    assert not [w for w in shown if isinstance(w, ipywidgets.Label)]
    for script in Path(drift_analysis.widgets.__file__).parent.glob("*.js"):
        text = script.read_text("utf-8")
        for forbidden in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval("):
            assert forbidden not in text


def test_only_the_page_on_show_and_no_body_is_sent_before_a_row_is_chosen() -> None:
    explorer = Explorer(FOUR)

    state = str([widget.get_state() for widget in descendants(explorer)])

    assert "ann@example.com" not in state
    assert "window.PWNED=1" not in str(part(explorer, Transcript).get_state())


def test_importing_the_package_loads_no_widgets() -> None:
    code = (
        "import sys, drift_analysis;"
        "assert not {'ipywidgets', 'anywidget', 'altair'} & sys.modules.keys()"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
