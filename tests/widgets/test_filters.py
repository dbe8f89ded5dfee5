from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from builders import conversations
from drift_analysis.errors import InputError
from drift_analysis.metrics import tag_frequency
from drift_analysis.widgets import Absence, Filters, Pick
from drift_analysis.widgets.asked.choices import NAMES, NEEDS, counted
from drift_analysis.widgets.asked.facts import facts_of
from drift_analysis.widgets.asked.filters import same_tag
from drift_analysis.widgets.asked.selection import Selection
from drift_analysis.widgets.asked.state import State
from drift_analysis.widgets.explorer.code import code_of
from widgets.worlds import SPELLINGS, asked, dataset, four, one_asked, tag, worlds

if TYPE_CHECKING:
    import polars as pl

    from drift_analysis.schemas import Dataset

FOUR = four()


def found(given: Dataset[pl.DataFrame], filters: Filters, *, tz: str = "UTC") -> pl.DataFrame:
    return Selection(facts_of(given, tz=tz), filters).frame


def ids(filters: Filters, **options: Any) -> list[int]:
    return found(FOUR, filters, **options)["conversation_id"].to_list()


def passes(row: dict[str, Any], said: list[dict[str, Any]], filters: Filters) -> bool:
    """Say in plain Python whether a conversation passes."""
    day = row["created_at"].astimezone(UTC).date()
    names = None if row["tags"] is None else [same_tag(tag["name"]) for tag in row["tags"]]
    playbook = row["playbook_id"]
    if playbook is None:
        playbook = Absence.NONE if row["is_detail"] else Absence.UNKNOWN
    return (
        (filters.start is None or day >= filters.start)
        and (filters.end is None or day <= filters.end)
        and filters.status in (None, row["status"])
        and filters.inbox in (None, row["inbox_id"])
        and filters.playbook in (None, playbook)
        and (filters.tag is None or tags_fit(names, filters))
        and (filters.participant is None or filters.participant in (row["participants"] or []))
        and spoken_fits([one for one in said if one["is_visible"]], filters)
        and (filters.text is None or any(holds(one["text"], filters.text) for one in said))
        and (filters.find is None or is_found(row, filters.find))
        and (not filters.picked or any(fits(pick, day, row["status"]) for pick in filters.picked))
    )


def tags_fit(names: list[str] | None, filters: Filters) -> bool:
    if filters.tag is Absence.UNKNOWN or names is None:
        return filters.tag is Absence.UNKNOWN and names is None
    if filters.tag is Absence.NONE:
        return not names
    wanted = filters.tag if isinstance(filters.tag, tuple) else (filters.tag,)
    has = [one in names for one in wanted]
    return all(has) if filters.match == "all" else any(has)


def spoken_fits(said: list[dict[str, Any]], filters: Filters) -> bool:
    kinds = {one["author_kind"] for one in said}
    moments = [one["created_at"] for one in said]
    lasted = max(moments) - min(moments) if moments else None
    asked = [one["created_at"] for one in said if one["author_kind"] == "contact"]
    human = [one["created_at"] for one in said if one["author_kind"] == "human"]
    waits = not any(moment >= min(asked) for moment in human) if asked else None
    return (
        (filters.author is None or filters.author in kinds)
        and (filters.shortest is None or (lasted is not None and lasted >= filters.shortest))
        and (filters.longest is None or (lasted is not None and lasted < filters.longest))
        and filters.unanswered in (None, waits)
    )


def is_found(row: dict[str, Any], text: str) -> bool:
    begins = text.isdecimal() and str(row["conversation_id"]).startswith(text)
    in_name = row["playbook_id"] in (11, 12) and holds("Book a demo", text)
    return begins or in_name or any(holds(one["name"], text) for one in row["tags"] or [])


def holds(text: str | None, part: str) -> bool:
    """Compare without case, where a final sigma is a sigma."""
    return part.lower().replace("ς", "σ") in (text or "").lower().replace("ς", "σ")


def fits(pick: Pick, day: date, status: str) -> bool:
    return pick.first <= day <= pick.last and pick.status in (None, status)


def of(given: Dataset[pl.DataFrame], row: dict[str, Any]) -> list[dict[str, Any]]:
    said = given.messages.to_dicts()
    return [one for one in said if one["conversation_id"] == row["conversation_id"]]


@given(world=worlds(), filters=asked | one_asked)
@settings(max_examples=80, deadline=None)
def test_what_passes_each_filter_is_kept_and_the_code_keeps_the_same(
    world: Dataset[pl.DataFrame], filters: Filters
) -> None:
    rows = world.conversations.to_dicts()
    expected = [r["conversation_id"] for r in rows if passes(r, of(world, r), filters)]

    result = found(world, filters)

    assert result["conversation_id"].to_list() == expected
    assert result.schema == world.conversations.schema
    code = code_of(filters, tz="UTC", notes=["'''"]).partition("chart = ")[0]
    names: dict[str, Any] = {"dataset": world}
    exec(code, names)
    assert_frame_equal(names["frame"], result)


@given(world=worlds(), filters=asked | one_asked)
@settings(max_examples=20, deadline=None)
def test_counts_are_those_of_the_frame_with_that_filter_changed(
    world: Dataset[pl.DataFrame], filters: Filters
) -> None:
    facts = facts_of(world, tz="UTC")
    selection = Selection(facts, filters)

    assert selection.height == selection.frame.height == selection.mask.sum()
    for name, n in selection.without_each().items():
        off: Any = {name: () if name == "picked" else None}
        assert n == Selection(facts, replace(filters, **off)).height
    for name in NAMES:
        for value, n in counted(selection, name).items():
            values = value if name == "duration" else (value,)
            changed: Any = dict(zip(NEEDS[name], values, strict=True))
            assert n == Selection(facts, replace(filters, **changed)).height


@given(filters=asked)
@settings(max_examples=60, deadline=None)
def test_a_state_put_into_json_and_out_again_is_the_same(filters: Filters) -> None:
    state = State(filters=filters, sort="tags", descending=False, page=3, selected=2**60)

    assert State.of_json(json.loads(json.dumps(state.as_json()))) == state


@pytest.mark.parametrize(
    "wrong",
    [
        {"filters": {"status": 3}},
        {"filters": {"start": "soon"}},
        {"filters": {"picked": [["2026-03-01"]]}},
        {"filters": {"playbook": {"absence": "maybe"}}},
        {"filters": {"__class__": "x"}},
        {"filters": 3},
        {"page": "2"},
        {"pages": 2},
        "open",
    ],
)
def test_what_is_no_state_is_refused(wrong: Any) -> None:
    with pytest.raises(InputError) as caught:
        State.of_json(wrong)

    assert str(caught.value) == (
        "This is no state of an explorer.\nTry: what explorer.state was, unchanged."
    )


def test_a_column_that_cannot_be_sorted_by_is_refused() -> None:
    with pytest.raises(InputError, match="sort='body' is not a choice"):
        State.of_json({"sort": "body"})


def test_without_a_filter_everything_passes() -> None:
    selection = Selection(facts_of(FOUR, tz="UTC"), Filters())

    assert_frame_equal(selection.frame, FOUR.conversations)
    assert selection.without_each() == {}
    assert selection.left_out() == {}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param(Filters(start=date(2026, 3, 3)), [2, 3, 4], id="from a day on"),
        pytest.param(Filters(end=date(2026, 3, 3)), [1, 2], id="until a day, included"),
        pytest.param(Filters(status="closed"), [2, 3], id="status"),
        pytest.param(Filters(inbox=4), [3], id="inbox"),
        pytest.param(Filters(playbook=11), [1], id="playbook"),
        pytest.param(Filters(playbook=Absence.NONE), [2], id="known to have no playbook"),
        pytest.param(Filters(playbook=Absence.UNKNOWN), [4], id="playbook not known"),
        pytest.param(Filters(tag="PRICING"), [1, 2], id="tag in any spelling"),
        pytest.param(Filters(tag=Absence.NONE), [3], id="known to be untagged"),
        pytest.param(Filters(tag=Absence.UNKNOWN), [4], id="tags not known"),
        pytest.param(Filters(tag=("pricing", "x")), [1, 2], id="any of several tags"),
        pytest.param(Filters(tag=("pricing", "x"), match="all"), [], id="all of several tags"),
        pytest.param(Filters(author="human"), [1], id="a human wrote"),
        pytest.param(Filters(author="bot"), [], id="a bot wrote"),
        pytest.param(Filters(unanswered=False), [1], id="answered"),
        pytest.param(Filters(unanswered=True), [], id="unanswered"),
        pytest.param(Filters(shortest=timedelta(hours=21)), [1], id="as long as that"),
        pytest.param(Filters(longest=timedelta(hours=21)), [], id="not below its length"),
        pytest.param(Filters(text="write TO"), [1], id="a text in any case"),
        pytest.param(Filters(find="a DEMO"), [1], id="the name of the playbook"),
        pytest.param(Filters(find="3"), [3], id="the id begins so"),
        pytest.param(Filters(find="pric"), [1, 2], id="a part of a tag"),
        pytest.param(
            Filters(picked=(Pick(date(2026, 3, 4), date(2026, 3, 4), "pending"),)), [4], id="a bar"
        ),
        pytest.param(
            Filters(picked=(Pick(date(2026, 3, 2), date(2026, 3, 3)),)), [1, 2], id="a brush"
        ),
    ],
)
def test_each_filter_keeps_what_it_names(filters: Filters, expected: list[int]) -> None:
    assert ids(filters) == expected


def test_days_are_those_of_the_time_zone() -> None:
    late = Filters(start=date(2026, 3, 3), end=date(2026, 3, 3))

    assert ids(late) == [2]
    assert ids(late, tz="Pacific/Kiritimati") == [2]
    assert ids(late, tz="Pacific/Pago_Pago") == [3, 4]
    frame = conversations(
        {"conversation_id": 9, "created_at": datetime(2026, 3, 2, 23, 30, tzinfo=UTC)}
    )
    assert found(dataset(conversations=frame), late, tz="Asia/Tokyo").height == 1
    assert found(dataset(conversations=frame), late).height == 0


def test_what_is_unknown_is_counted_when_a_filter_leaves_it_out() -> None:
    def left_out(**asked: Any) -> dict[str, int]:
        return Selection(facts_of(FOUR, tz="UTC"), Filters(**asked)).left_out()

    assert left_out(tag="pricing", playbook=11) == {"playbook": 0, "tag": 0}
    assert left_out(tag="pricing") == {"tag": 1}
    assert left_out(playbook=Absence.NONE) == {"playbook": 1}
    assert left_out(playbook=Absence.UNKNOWN) == {}
    assert left_out(tag="pricing", status="open") == {"tag": 0}
    assert left_out(longest=timedelta(days=9)) == {"duration": 3}
    assert left_out(participant=5) == {"participant": 4}


@given(names=st.lists(st.sampled_from(SPELLINGS), min_size=1, max_size=6))
@settings(max_examples=50, deadline=None)
def test_a_tag_is_the_same_as_in_its_frequency(names: list[str]) -> None:
    rows = [{"conversation_id": n, "tags": tag(name)} for n, name in enumerate(names)]
    frame = conversations(*rows)
    facts = facts_of(dataset(conversations=frame), tz="UTC")

    for name, n in tag_frequency(frame).select("tag", "conversations").iter_rows():
        assert Selection(facts, Filters(tag=name)).height == n


@pytest.mark.parametrize(
    "wrong", [{"status": "opne"}, {"picked": (Pick(date(2026, 3, 1), date(2026, 3, 1), "opne"),)}]
)
def test_a_status_that_does_not_exist_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        Filters(**wrong)

    assert str(caught.value) == (
        "status='opne' is not a choice.\n"
        "Try: one of 'open', 'pending', 'closed', 'bulk_sent', 'unknown'."
    )


def test_a_text_that_is_too_long_to_search_for_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Filters(text="x" * 201)

    assert str(caught.value) == "text has 201 characters.\nTry: at most 200 of them."
