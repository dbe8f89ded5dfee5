from __future__ import annotations

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
from drift_analysis.widgets.filters import left_out, narrow, same_tag, without_each
from widgets.worlds import MONDAY, four, tag

if TYPE_CHECKING:
    import polars as pl

FRAME = four().conversations
STATUSES = ("open", "pending", "closed", "bulk_sent")
SPELLINGS = ("Pricing", " pricing ", "PRICING", "demo", "De  mo", "Straße", "STRASSE", "ΣΑΣ", "σας")

days = st.dates(date(2026, 3, 1), date(2026, 3, 9))
picked = st.builds(
    lambda first, length, status: Pick(first, first + timedelta(days=length), status),
    days,
    st.integers(0, 3),
    st.none() | st.sampled_from(STATUSES),
)
asked = st.builds(
    Filters,
    start=st.none() | days,
    end=st.none() | days,
    status=st.none() | st.sampled_from(STATUSES),
    inbox=st.none() | st.integers(3, 5),
    playbook=st.none() | st.integers(11, 13) | st.sampled_from(Absence),
    tag=st.none() | st.sampled_from(SPELLINGS) | st.sampled_from(Absence),
    picked=st.lists(picked, max_size=2).map(tuple),
)


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 8))):
        is_detail = draw(st.booleans())
        names = draw(st.lists(st.sampled_from(SPELLINGS), max_size=3))
        hours = draw(st.integers(-30, 190))
        rows.append(
            {
                "conversation_id": number,
                "created_at": MONDAY + timedelta(hours=hours),
                "status": draw(st.sampled_from(STATUSES)),
                "inbox_id": draw(st.none() | st.integers(3, 5)),
                "playbook_id": draw(st.none() | st.integers(11, 13)) if is_detail else None,
                "tags": tag(*names) if is_detail else None,
                "is_detail": is_detail,
            }
        )
    return conversations(*rows)


def passes(row: dict[str, Any], filters: Filters) -> bool:
    """Say in plain Python whether a conversation passes."""
    day = row["created_at"].astimezone(UTC).date()
    names = None if row["tags"] is None else [same_tag(tag["name"]) for tag in row["tags"]]
    playbook = row["playbook_id"]
    if playbook is None:
        playbook = Absence.NONE if row["is_detail"] else Absence.UNKNOWN
    tags: list[Any] = [Absence.UNKNOWN] if names is None else names or [Absence.NONE]
    return (
        (filters.start is None or day >= filters.start)
        and (filters.end is None or day <= filters.end)
        and filters.status in (None, row["status"])
        and filters.inbox in (None, row["inbox_id"])
        and filters.playbook in (None, playbook)
        and (filters.tag is None or filters.tag in tags)
        and (not filters.picked or any(fits(pick, day, row["status"]) for pick in filters.picked))
    )


def fits(pick: Pick, day: date, status: str) -> bool:
    return pick.first <= day <= pick.last and pick.status in (None, status)


def ids(filters: Filters, **options: Any) -> list[int]:
    return narrow(FRAME, filters, **options)["conversation_id"].to_list()


@given(frame=frames(), filters=asked)
@settings(max_examples=100, deadline=None)
def test_a_frame_is_narrowed_to_what_passes_each_filter(
    frame: pl.DataFrame, filters: Filters
) -> None:
    expected = [row["conversation_id"] for row in frame.to_dicts() if passes(row, filters)]

    result = narrow(frame, filters)

    assert result["conversation_id"].to_list() == expected
    assert result.schema == frame.schema
    assert_frame_equal(narrow(frame.lazy(), filters).collect(), result)


@given(frame=frames(), filters=asked)
@settings(max_examples=50, deadline=None)
def test_counts_without_a_filter_are_those_of_the_frame_without_it(
    frame: pl.DataFrame, filters: Filters
) -> None:
    for name, n in without_each(frame, filters, tz="UTC").items():
        off: Any = () if name == "picked" else None
        values = {field: getattr(filters, field) for field in filters.__dataclass_fields__}
        assert n == narrow(frame, Filters(**{**values, name: off})).height


def test_without_a_filter_everything_passes() -> None:
    assert_frame_equal(narrow(FRAME, Filters()), FRAME)
    assert without_each(FRAME, Filters(), tz="UTC") == {}
    assert left_out(FRAME, Filters(), tz="UTC") == {}


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
    assert narrow(frame, late, tz="Asia/Tokyo").height == 1
    assert narrow(frame, late).height == 0


def test_what_is_unknown_is_counted_when_a_filter_leaves_it_out() -> None:
    assert left_out(FRAME, Filters(tag="pricing", playbook=11), tz="UTC") == {
        "playbook": 0,
        "tag": 0,
    }
    assert left_out(FRAME, Filters(tag="pricing"), tz="UTC") == {"tag": 1}
    assert left_out(FRAME, Filters(playbook=Absence.NONE), tz="UTC") == {"playbook": 1}
    assert left_out(FRAME, Filters(playbook=Absence.UNKNOWN), tz="UTC") == {}
    assert left_out(FRAME, Filters(tag="pricing", status="open"), tz="UTC") == {"tag": 0}


@given(names=st.lists(st.sampled_from(SPELLINGS), min_size=1, max_size=6))
@settings(max_examples=50, deadline=None)
def test_a_tag_is_the_same_as_in_its_frequency(names: list[str]) -> None:
    rows = [{"conversation_id": n, "tags": tag(name)} for n, name in enumerate(names)]
    frame = conversations(*rows)

    for name, n in tag_frequency(frame).select("tag", "conversations").iter_rows():
        assert narrow(frame, Filters(tag=name)).height == n


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
