from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output

from builders import conversations
from drift_analysis.errors import InputError
from drift_analysis.widgets import Absence, Explorer, Filters
from drift_analysis.widgets.explorer import stays
from drift_analysis.widgets.explorer.breakdown import Breakdown
from widgets.worlds import HOSTILE, MONDAY, dataset, four, tag

FOUR = four()


def panel(explorer: Explorer) -> Breakdown:
    (_chart, found) = explorer.children[2].children
    assert isinstance(found, Breakdown)
    return found


def told(explorer: Explorer) -> list[tuple[str, str, bool]]:
    return [(row["name"], row["said"], row["is_on"]) for row in panel(explorer).rows]


def click(explorer: Explorer, number: Any) -> None:
    panel(explorer)._handle_custom_msg({"choose": number}, [])


def test_bars_count_what_each_value_would_leave_and_a_click_filters_by_it() -> None:
    explorer = Explorer(FOUR)
    assert told(explorer) == [
        ("Book a demo", "1", False),
        ("Playbook 12", "1", False),
        ("No playbook", "1", False),
        ("Not known", "1", False),
    ]
    assert [row["is_apart"] for row in panel(explorer).rows] == [False, False, True, True]

    click(explorer, 2)

    assert explorer.filters == Filters(playbook=Absence.NONE)
    assert told(explorer)[2] == ("No playbook", "1", True)
    assert len(told(explorer)) == 4

    click(explorer, 2)

    assert explorer.filters == Filters()
    for wrong in (4, -1, "0", None, 1.0):
        click(explorer, wrong)
    assert explorer.filters == Filters()


def test_the_bars_of_several_tags_are_marked_and_the_rest_is_told() -> None:
    names = [f"tag {number}" for number in range(9)]
    rows = [{"conversation_id": n, "tags": tag(*names[: n + 1])} for n in range(9)]
    explorer = Explorer(dataset(conversations=conversations(*rows)))
    explorer.tab = "tag"

    assert [row["name"] for row in panel(explorer).rows] == names[:5]
    assert [row["length"] for row in panel(explorer).rows[:2]] == [100.0, pytest.approx(800 / 9)]
    assert panel(explorer).note == "and 4 more in the filter above"

    explorer.filters = Filters(tag=("tag 0", "tag 8"))

    assert told(explorer)[-1] == ("tag 8", "1", True)
    assert [is_on for _, _, is_on in told(explorer)] == [True, *[False] * 4, True]

    explorer.filters = Filters(tag="tag 1", start=(MONDAY + timedelta(days=90)).date())
    assert told(explorer) == []
    assert panel(explorer).note == "Nothing to count: no conversation fits the other filters."


def test_the_time_in_each_status_is_that_of_what_is_shown() -> None:
    explorer = Explorer(FOUR, filters=Filters(status="closed"))
    explorer.tab = "status"

    (row,) = panel(explorer).rows

    assert (row["name"], row["said"]) == ("closed", "not reached")
    assert row["about"] == "2 conversations, 2 still in it; not reached to not reached"
    assert (row["from"], row["at"], row["to"]) == (None, None, None)
    click(explorer, 0)
    assert explorer.filters == Filters(status="closed")

    explorer.filters = Filters(status="closed", inbox=4, playbook=11)
    assert panel(explorer).rows == []
    assert panel(explorer).note == "No conversation fits all filters."
    assert panel(Explorer(replace(FOUR, as_of=None), state={"tab": "status"})).rows == []


def test_lengths_stand_where_their_logarithms_do(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {
            "conversation_id": n,
            "status": "closed",
            "created_at": MONDAY,
            "updated_at": MONDAY + timedelta(minutes=10**n),
        }
        for n in range(3)
    ]
    explorer = Explorer(dataset(conversations=conversations(*rows)), state={"tab": "status"})

    first, second = panel(explorer).rows
    assert (first["name"], first["said"]) == ("open", "10 min")
    assert [first["from"], first["at"], first["to"]] == pytest.approx([0, 47, 94])
    assert first["about"] == "3 conversations, 0 still in it; 1 min to 1 h 40 min"
    assert second["name"] == "closed"
    ticks = {tick["text"]: tick["at"] for tick in panel(explorer).ticks}
    assert ticks["1 min"] == pytest.approx(0)
    assert list(ticks) == ["1 min", "1 h"]

    monkeypatch.setattr(stays, "_MOST", 3)
    explorer.filters = Filters(status="closed")
    assert panel(explorer).note == "One stay in 2 was looked at."


def test_the_tab_is_part_of_the_state_and_no_step_to_undo() -> None:
    explorer = Explorer(FOUR, filters=Filters(status="open"))
    explorer.tab = "tag"
    assert explorer.state["tab"] == "tag"
    explorer.undo()
    assert (explorer.tab, explorer.filters) == ("tag", Filters(status="open"))
    explorer.reset()
    assert explorer.tab == "tag"
    with pytest.raises(InputError, match="tab='bodies' is not a choice"):
        explorer.state = {"tab": "bodies"}


class Tags(HTMLParser):
    """Takes note of what is markup."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.feed(page)

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append((name, attributes))


def test_where_no_kernel_runs_a_picture_and_a_sentence_stand_in_and_nothing_is_live() -> None:
    explorer = Explorer(FOUR, filters=Filters(tag=HOSTILE, text=HOSTILE))
    InteractiveShell.instance()
    try:
        with capture_output() as caught:
            display(explorer)  # type: ignore[no-untyped-call]
    finally:
        InteractiveShell.clear_instance()

    live, note, picture = (output.data for output in caught.outputs)
    assert "application/vnd.jupyter.widget-view+json" in live
    sentence = "1 shown of 4 conversations. Run this cell again to filter, click and read."
    assert [one["text/plain"] for one in (live, note, picture)] == [sentence] * 3
    assert Tags(note["text/html"]).seen == [("p", [("class", "drift-still")])]
    assert picture["image/png"].startswith("iVBOR")
    assert "onerror" not in str((live, note, caught.outputs[2].metadata))
