from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from charts.tables import (
    AS_OF,
    MINUTE,
    caption,
    encodings,
    minutes_open,
    row_count,
    rows_with,
    subtitle,
    times,
    title,
)
from drift_analysis import charts
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.schemas import TimeInStatus, TimeInStatusGroups
from drift_analysis.schemas.status import STATUS


def test_a_status_becomes_one_row_with_its_quantiles() -> None:
    spec = charts.time_in_status(times(*minutes_open(*range(1, 11))), as_of=AS_OF).to_dict()

    row, *others = rows_with(spec, "p50")
    assert others == []
    assert (row["status"], row["name"], row["label"]) == ("open", "open", "5 min")
    assert (row["p10"], row["p50"], row["line_end"], row["arrow"]) == (60, 300, 540, None)
    assert row["note"] == "n 10 · 0 % still in it"


def test_the_bounds_are_drawn_beside_the_estimate() -> None:
    rows = minutes_open(*range(1, 11), duration_min=MINUTE, duration_max=60 * MINUTE)
    spec = charts.time_in_status(times(*rows), as_of=AS_OF).to_dict()

    row = rows_with(spec, "p50")[0]
    assert (row["duration_min"], row["duration_max"]) == (60, 3600)


def test_where_there_are_no_bounds_none_are_drawn() -> None:
    rows = minutes_open(*range(1, 11), duration_min=None, duration_max=None)
    spec = charts.time_in_status(times(*rows), as_of=AS_OF).to_dict()

    row = rows_with(spec, "p50")[0]
    assert (row["duration_min"], row["duration_max"]) == (None, None)


def test_what_still_runs_ends_in_an_open_arrow_and_is_counted() -> None:
    rows = minutes_open(1, 2, 3) + minutes_open(30, 40, 50, censored=True)
    spec = charts.time_in_status(times(*rows), as_of=AS_OF).to_dict()

    row = rows_with(spec, "p50")[0]
    assert (row["line_end"], row["arrow"]) == (3000, 3000)
    assert row["note"] == "n 6 · 50 % still in it"
    assert "50 % still run and count as far as they got (Kaplan-Meier)" in caption(spec)


def test_a_median_that_is_not_reached_is_said_in_words() -> None:
    rows = minutes_open(1) + minutes_open(5, 6, 7, 8, censored=True)
    chart = charts.time_in_status(times(*rows), as_of=AS_OF)

    assert title(chart.to_dict()) == "Fewer than half have left open so far"
    assert "open not reached (n 5)" in str(chart.description)
    assert rows_with(chart.to_dict(), "p50")[0]["p50"] is None


def test_the_title_is_the_finding_and_the_words_say_the_rest() -> None:
    rows = minutes_open(*range(1, 11)) + minutes_open(*range(60, 660, 60), status="pending")
    since = datetime(2026, 3, 1, tzinfo=UTC)
    chart = charts.time_in_status(times(*rows), as_of=AS_OF, since=since, tz="Europe/Berlin")
    spec = chart.to_dict()

    assert title(spec) == "Half leave open within 5 min, pending within 5 h"
    assert subtitle(spec) == (
        "Time in each status, log scale · dot: median, line: 10 % to 90 %, pale: hard bounds"
        " · 1 Mar to 31 Mar 2026"
    )
    assert caption(spec) == (
        "n = 20 conversations; all stays of one in a status are added up. Drift keeps no history "
        "of status: bounds hold whatever the evidence cannot exclude. "
        "As of 31 Mar 2026, 14:00 (Europe/Berlin)."
    )
    assert chart.description == (
        "Dot plot with intervals, one row per status; x: time in it, logarithmic. "
        "Half leave open within 5 min, pending within 5 h. "
        "Medians: open 5 min (n 10), pending 5 h (n 10)."
    )


def test_a_median_that_is_not_reached_stands_beside_one_that_is() -> None:
    rows = minutes_open(*range(1, 11)) + minutes_open(
        5, 6, 7, 8, 9, status="pending", censored=True
    )
    spec = charts.time_in_status(times(*rows), as_of=AS_OF).to_dict()

    assert title(spec) == ("Half leave open within 5 min, fewer than half have left pending so far")
    assert "33 % still run and count as far as they got (Kaplan-Meier); an open arrow" in caption(
        spec
    )


def test_the_words_name_only_what_is_drawn() -> None:
    rows = minutes_open(*range(1, 11), duration_min=None, duration_max=None)
    rows += minutes_open(1, status="closed")
    spec = charts.time_in_status(times(*rows), as_of=AS_OF).to_dict()

    assert subtitle(spec) == (
        "Time in each status, log scale · dot: median, line: 10 % to 90 % · below 5: one dot per "
        "conversation · until 31 Mar 2026"
    )
    assert "bounds" not in caption(spec)


def test_a_few_times_are_written_where_the_axis_has_too_few_ticks() -> None:
    def written(*minutes: float) -> list[str]:
        spec = charts.time_in_status(times(*minutes_open(*minutes)), as_of=AS_OF).to_dict()
        found = [rows for rows in spec["datasets"].values() if rows and "said" in rows[0]]
        return [row["said"] for rows in found for row in rows]

    assert written(61, 62) == ["1 h 1 min", "1 h 2 min"]
    assert written(1, 61) == []


def test_names_and_notes_of_half_a_page_take_a_line_each() -> None:
    rows = minutes_open(*range(1, 12_346)) + minutes_open(1, censored=True)
    rows += minutes_open(1, 2, status="closed", censored=True)
    spec = charts.time_in_status(times(*rows), as_of=AS_OF, size="half").to_dict()

    notes = [row["note"] for row in rows_with(spec, "note")]
    assert notes == ["n 12,346 · <1 % in it", "n 2 · 2 in it"]


def test_a_table_of_groups_is_refused_and_told_how_to_do_without() -> None:
    with pytest.raises(SchemaError) as raised:
        charts.time_in_status(TimeInStatusGroups.empty(), as_of=AS_OF)

    assert str(raised.value) == (
        "TimeInStatus: this is a table of groups.\n"
        "It has 'median' and no times of conversations, of which the picture is made.\n"
        "Try: time_in_status(intervals) without by=, one group at a time."
    )


def test_own_words_take_the_place_of_the_finding() -> None:
    rows = times(*minutes_open(*range(1, 11)))
    spec = charts.time_in_status(rows, as_of=AS_OF, title="Mine", subtitle="Too").to_dict()

    assert (title(spec), subtitle(spec)) == ("Mine", "Too")


def test_statuses_stand_in_the_order_of_a_life_and_keep_their_colours() -> None:
    rows = [
        row
        for status in ("unknown", "closed", "pending", "open", "bulk_sent")
        for row in minutes_open(*range(1, 6), status=status)
    ]
    spec = charts.time_in_status(times(*rows), as_of=AS_OF).to_dict()

    drawn = rows_with(spec, "p50")
    assert [row["name"] for row in drawn] == ["bulk sent", "open", "pending", "closed", "unknown"]
    scales = [color["scale"] for color in encodings(spec, "color")]
    assert all(scale["domain"] == list(charts.STATUS_COLORS) for scale in scales)
    assert all(scale["range"] == list(charts.STATUS_COLORS.values()) for scale in scales)


def test_below_five_each_conversation_is_drawn() -> None:
    rows = minutes_open(1, 2, 3) + minutes_open(9, censored=True)
    spec = charts.time_in_status(times(*rows), as_of=AS_OF).to_dict()

    points = rows_with(spec, "ended")
    assert [(p["ended"], p["running"]) for p in points] == [
        (60, None),
        (120, None),
        (180, None),
        (None, 540),
    ]
    assert rows_with(spec, "p50")[0]["p50"] is None
    assert "1 of 4 stays still runs." in caption(spec)
    assert "Kaplan" not in caption(spec)
    assert rows_with(spec, "note")[0]["note"] == "n 4 · 1 still in it"
    assert title(spec) == "Too few conversations for a median: each one is drawn"
    assert subtitle(spec).endswith(
        "one dot per conversation, hollow: still in it · until 31 Mar 2026"
    )


def test_no_time_at_all_still_has_a_place_on_the_axis() -> None:
    rows = minutes_open(0, 0, 0, 0, 0, 0)
    spec = charts.time_in_status(times(*rows), as_of=AS_OF).to_dict()

    row = rows_with(spec, "p50")[0]
    assert (row["p50"], row["label"]) == (1.0, "0 s")


def test_what_only_may_have_been_is_left_out_and_counted() -> None:
    maybe = {"duration": timedelta(0), "duration_max": MINUTE, "n_visits": 0, "status": "pending"}
    spec = charts.time_in_status(times(*minutes_open(*range(1, 6)), maybe), as_of=AS_OF).to_dict()

    assert [row["status"] for row in rows_with(spec, "p50")] == ["open"]
    assert "Left out: 1 stay that only may have been." in caption(spec)


def test_nothing_is_a_calm_sentence() -> None:
    for nothing in (TimeInStatus.empty(), TimeInStatus.empty().lazy()):
        chart = charts.time_in_status(nothing, as_of=AS_OF)
        spec = chart.to_dict()

        assert spec["vconcat"][0]["mark"]["text"] == ["No conversations to measure."]
        assert title(spec) == "No time in any status"
        assert caption(spec) == "As of 31 Mar 2026, 12:00 (UTC)."
        assert "No picture" in str(chart.description)


def test_many_conversations_become_few_rows() -> None:
    many = TimeInStatus.checked(
        pl.DataFrame({"conversation_id": range(12_000)}).select(
            "conversation_id",
            status=pl.lit("open", STATUS),
            duration=pl.duration(seconds=pl.col("conversation_id") + 1, time_unit="ms"),
            duration_min=pl.duration(seconds=1, time_unit="ms"),
            duration_max=pl.duration(days=1, time_unit="ms"),
            n_visits=pl.lit(1, pl.UInt32),
            censored=pl.lit(value=False),
        )
    )

    assert row_count(charts.time_in_status(many, as_of=AS_OF).to_dict()) <= 10


def test_arguments_that_mean_nothing_are_refused() -> None:
    rows = times(*minutes_open(1))

    with pytest.raises(InputError, match="size='huge' is not a choice"):
        charts.time_in_status(rows, as_of=AS_OF, size="huge")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="as_of has no time zone"):
        charts.time_in_status(rows, as_of=AS_OF.replace(tzinfo=None))
    with pytest.raises(InputError, match="is not a time zone"):
        charts.time_in_status(rows, as_of=AS_OF, tz="Nowhere")
    with pytest.raises(SchemaError, match="TimeInStatus: missing 'status'"):
        charts.time_in_status(rows.drop("status"), as_of=AS_OF)
