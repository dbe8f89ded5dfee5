from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from builders import NOON, messages
from charts.tables import (
    caption,
    datasets,
    encodings,
    intervals,
    row_count,
    rows_with,
    subtitle,
    title,
)
from drift_analysis import charts
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.schemas import StatusIntervals

LATER = NOON + timedelta(hours=24)


def stretch(n: int, status: str, first: float, last: float, **more: Any) -> dict[str, Any]:
    return {"conversation_id": n, "status": status, "hours": (first, last), **more}


TWO = (
    stretch(1, "open", 0, 2),
    stretch(1, "closed", 2, 24, censored=True),
    stretch(2, "open", 3, 4, possible=["open", "pending"]),
    stretch(2, "pending", 4, 24, censored=True),
)


def bars(spec: dict[str, Any]) -> list[tuple[int, str, float]]:
    rows = [row for rows in datasets(spec) if rows and "left_at" in rows[0] for row in rows]
    unique = {(row["row"], row["status"], row["opacity"]) for row in rows}
    return sorted(unique)


def test_each_conversation_has_a_row_and_uncertain_stretches_are_pale() -> None:
    spec = charts.status_timeline(intervals(*TWO), as_of=LATER).to_dict()

    assert bars(spec) == [
        (0, "closed", 1.0),
        (0, "open", 1.0),
        (1, "open", 0.35),
        (1, "pending", 1.0),
    ]
    assert "Pale: another status cannot be excluded" in caption(spec)


def test_what_goes_on_has_an_arrow_and_what_is_closed_has_none() -> None:
    spec = charts.status_timeline(intervals(*TWO), as_of=LATER).to_dict()

    every = [row for rows in datasets(spec) if rows and "arrow" in rows[0] for row in rows]
    assert {row["status"] for row in every if row["arrow"]} == {"pending"}


def test_the_axis_ends_soon_after_the_last_thing_that_happened() -> None:
    spec = charts.status_timeline(intervals(*TWO), as_of=LATER).to_dict()

    ends = {row["left_at"] for rows in datasets(spec) for row in rows if "left_at" in row}
    assert max(ends) == "2026-03-02T16:07:12"
    assert title(spec) == "How 2 conversations went: 1 closed, 1 goes on"
    assert subtitle(spec) == (
        "Status of each conversation over time · 2 Mar 2026 · + 19 h 53 min not drawn"
    )
    assert "Cut at 2 Mar 2026. As of 3 Mar 2026, 12:00 (UTC)." in caption(spec)


def test_the_clock_is_that_of_the_zone() -> None:
    spec = charts.status_timeline(intervals(*TWO), as_of=LATER, tz="Asia/Tokyo").to_dict()

    starts = {row["entered_at"] for rows in datasets(spec) for row in rows if "entered_at" in row}
    assert min(starts) == "2026-03-02T21:00:00"


def test_what_is_cut_off_is_written_beside_the_arrow() -> None:
    rows = (stretch(1, "open", 0, 24 * 89, censored=True), stretch(2, "open", 5, 24))
    spec = charts.status_timeline(
        intervals(*rows), as_of=NOON + timedelta(days=89), limit=40
    ).to_dict()

    assert rows_with(spec, "more")[0]["more"] == "+ 89 d"
    assert subtitle(spec).endswith("· 2 Mar 2026 · + 89 d not drawn")


def test_the_title_says_how_they_went() -> None:
    def says(*statuses: str, limit: int = 40) -> str:
        rows = [stretch(n, status, n, 24) for n, status in enumerate(statuses)]
        return title(charts.status_timeline(intervals(*rows), as_of=LATER, limit=limit).to_dict())

    assert says("open", "closed", "open") == "How 3 conversations went: 1 closed, 2 go on"
    assert says("closed", "closed") == "How 2 conversations went: all are closed"
    assert says("open", "open", "closed", limit=2) == (
        "How the 2 newest conversations went: 1 closed, 1 goes on"
    )
    assert says("open", "open", "open", limit=2) == (
        "How the 2 newest conversations went: all go on"
    )


def test_the_caption_explains_only_what_is_drawn() -> None:
    running = charts.status_timeline(intervals(stretch(1, "open", 0, 24)), as_of=LATER).to_dict()
    over = charts.status_timeline(intervals(stretch(1, "closed", 0, 24)), as_of=LATER).to_dict()

    assert caption(running) == (
        "n = 1 conversation. Open arrow: goes on. As of 3 Mar 2026, 12:00 (UTC)."
    )
    assert caption(over) == "n = 1 conversation. Thin: closed. As of 3 Mar 2026, 12:00 (UTC)."


def test_the_legend_of_messages_shows_the_marks_of_the_chart() -> None:
    wrote = messages({"created_at": NOON}, {"created_at": NOON, "author_kind": "bot"})
    spec = charts.status_timeline(intervals(*TWO), messages=wrote, as_of=LATER).to_dict()

    shapes = encodings(spec, "shape")
    assert len(shapes) == 2
    (legend,) = [shape["legend"] for shape in shapes if shape["legend"]]
    assert legend["values"] == ["contact", "bot"]
    assert "symbolType" not in legend
    assert all(len(shape["scale"]["range"]) == len(charts.AUTHOR_COLORS) for shape in shapes)


def test_half_a_page_is_half_a_page_wide() -> None:
    wrote = messages(
        *(
            {"conversation_id": 1_000_000_000, "created_at": NOON, "author_kind": kind}
            for kind in ("contact", "bot", "human", "unknown")
        )
    )
    rows = [
        stretch(1_000_000_000 + n, status, n, 24)
        for n, status in enumerate(("bulk_sent", "open", "pending", "closed"))
    ]
    bundle, metadata = charts.mimebundle(
        charts.status_timeline(intervals(*rows), messages=wrote, as_of=LATER, size="half").to_dict()
    )

    assert bundle["image/png"]
    assert 300 <= metadata["image/png"]["width"] <= 330


def test_stretches_that_look_the_same_become_one() -> None:
    split = [stretch(1, "open", hour, hour + 1) for hour in range(24)]
    spec = charts.status_timeline(intervals(*split), as_of=LATER).to_dict()

    assert len(rows_with(spec, "left_at")) == 1


def test_the_latest_conversations_are_drawn_in_the_order_of_their_start() -> None:
    many = [stretch(n, "open", 100 - n, 200) for n in range(50)]
    chart = charts.status_timeline(intervals(*many), as_of=NOON + timedelta(hours=200))
    spec = chart.to_dict()

    labels = [row["name"] for row in rows_with(spec, "row", "name")[:40]]
    shown = {row["name"] for rows in datasets(spec) for row in rows if list(row) == ["row", "name"]}
    assert shown == {str(n) for n in range(40)}
    assert len(labels) == 40
    assert "40 of 50 conversations, the latest by their start." in caption(spec)


def test_one_conversation_is_told_as_a_story() -> None:
    rows = (
        stretch(1, "open", 0, 2),
        stretch(1, "pending", 2, 5),
        stretch(1, "closed", 5, 24, censored=True),
    )
    spec = charts.status_timeline(intervals(*rows), as_of=LATER).to_dict()

    assert title(spec) == "One conversation: open for 2 h, pending for 3 h and now closed"


def test_messages_are_marks_and_what_they_say_stays_out() -> None:
    wrote = messages(
        {"conversation_id": 1, "author_kind": "contact", "created_at": NOON, "body": "secret"},
        {"conversation_id": 1, "author_kind": "human", "created_at": NOON + timedelta(hours=1)},
        {"conversation_id": 1, "author_kind": "bot", "type": "private_note", "is_visible": False},
        {"conversation_id": 9, "author_kind": "bot"},
    )
    chart = charts.status_timeline(intervals(*TWO), messages=wrote, as_of=LATER)
    spec = chart.to_dict()

    marks = [row for rows in datasets(spec) for row in rows if "author_kind" in row]
    assert sorted(mark["author_kind"] for mark in marks) == ["contact", "human"]
    assert "secret" not in chart.to_json()
    scale = encodings(spec, "color")[-1]["scale"]
    assert scale["domain"] == list(charts.AUTHOR_COLORS)


def test_no_messages_are_no_marks() -> None:
    wrote = messages({"conversation_id": 9}).clear()
    spec = charts.status_timeline(intervals(*TWO), messages=wrote, as_of=LATER).to_dict()

    assert "Contacts write above the row" not in caption(spec)
    assert encodings(spec, "shape") == []
    assert charts.mimebundle(spec)[0]["image/png"]


def test_a_single_moment_is_a_picture_too() -> None:
    spec = charts.status_timeline(intervals(stretch(1, "open", 0, 24)), as_of=LATER).to_dict()

    assert title(spec) == "One conversation: open for 1 d and now open"


def test_many_messages_and_stretches_become_few_rows() -> None:
    wrote = messages(
        *(
            {
                "message_id": n,
                "conversation_id": n % 40,
                "author_kind": ("contact", "bot", "human")[n % 3],
                "created_at": NOON + timedelta(minutes=n % 1_400),
            }
            for n in range(1, 12_001)
        )
    )
    flickering = intervals(
        *(
            stretch(n, ("open", "pending")[hour % 2], hour / 100, (hour + 1) / 100)
            for n in range(40)
            for hour in range(300)
        )
    )
    chart = charts.status_timeline(flickering, messages=wrote, as_of=LATER)

    assert row_count(chart.to_dict()) <= 2_000


@pytest.mark.parametrize("limit", [0, -1, 41])
def test_too_many_rows_are_refused(limit: int) -> None:
    with pytest.raises(InputError) as raised:
        charts.status_timeline(StatusIntervals.empty(), as_of=LATER, limit=limit)

    assert str(raised.value) == (
        f"limit={limit} is not from 1 to 40.\n"
        "More rows than that can not be read.\n"
        "Try: filter the intervals to the conversations in question."
    )


def test_nothing_is_a_calm_sentence() -> None:
    spec = charts.status_timeline(StatusIntervals.empty().lazy(), as_of=LATER).to_dict()

    assert spec["vconcat"][0]["mark"]["text"] == ["No conversations to draw."]
    assert title(spec) == "No conversations"


def test_messages_must_be_messages() -> None:
    with pytest.raises(SchemaError, match="Messages: missing"):
        charts.status_timeline(intervals(*TWO), messages=messages().drop("created_at"), as_of=LATER)
