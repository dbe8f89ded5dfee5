from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from builders import NOON, messages
from charts.tables import AS_OF, calm_sentence, caption, datasets, row_count, subtitle, title
from drift_analysis import charts, metrics
from drift_analysis.errors import InputError
from drift_analysis.schemas import LoadByHour

if TYPE_CHECKING:
    import polars as pl

WEEK = timedelta(weeks=1)


def load(*hours: float, weeks: float = 2) -> pl.DataFrame:
    """Count messages that came so many hours after Monday noon, each of its own conversation."""
    rows = [
        {"created_at": NOON + timedelta(hours=hour), "conversation_id": n}
        for n, hour in enumerate(hours)
    ]
    end = NOON + weeks * WEEK
    return metrics.load_by_hour(messages(*rows), tz="UTC", as_of=end, since=NOON)


def spec_of(table: pl.DataFrame, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = charts.load_by_hour(table, as_of=AS_OF, tz="UTC", **options).to_dict()
    return found


def cell(spec: dict[str, Any], day: str, hour: int) -> dict[str, Any]:
    every = (row for rows in datasets(spec) for row in rows if "day" in row)
    return next(r for r in every if (r["day"], r["hour"]) == (day, hour))


def test_a_cell_is_a_rate_per_hour_observed_and_the_busiest_is_framed() -> None:
    # Two Mondays: four conversations from 12 to 13 in two hours.
    spec = spec_of(load(0, 0.1, 0.2, 168.5, 24))

    busiest = cell(spec, "Mon", 12)
    assert (busiest["value"], busiest["is_told"]) == ("2 per hour · 4 in 2 h", True)
    assert cell(spec, "Tue", 12)["value"] == "0.5 per hour · 1 in 2 h"
    assert cell(spec, "Sun", 3)["value"] == "0 per hour · 0 in 2 h"
    assert title(spec) == "Busiest Mon 12 to 13 h: 2 conversations per hour, all week 0.015 (UTC)"
    assert subtitle(spec).startswith("Conversations per hour observed")


def test_messages_can_be_counted_and_those_outside_office_hours_are_told() -> None:
    spec = spec_of(load(0, 1, 2, 8, 120), count="messages")

    # 20 h on Monday, and noon on Saturday.
    assert "40 % outside Mon to Fri, 9 to 17 h." in caption(spec)
    assert "n = 5 messages of contacts, in 336 hours observed." in caption(spec)


def test_hours_that_were_hardly_or_never_observed_are_told_apart() -> None:
    spec = spec_of(load(0, 0.5, 1, weeks=1.5 / 168))

    assert cell(spec, "Mon", 13)["class"] is None
    assert "Grey dot: observed for less than 1 h (1 hour)." in caption(spec)
    assert "Empty: never observed (166 hours)." in caption(spec)


def test_nothing_and_too_short_a_time_are_calm_sentences() -> None:
    assert calm_sentence(spec_of(LoadByHour.empty())) == "No contact wrote."
    assert calm_sentence(spec_of(load())) == "No contact wrote."
    short = spec_of(load(0, 0.1, weeks=0.5 / 168))
    assert calm_sentence(short) == "No hour of the week was observed for an hour."


def test_rates_that_span_orders_of_magnitude_have_growing_classes() -> None:
    spec = spec_of(load(*[0] * 2_000, *range(1, 160)))

    assert cell(spec, "Mon", 12)["value"] == "1,000 per hour · 2000 in 2 h"
    assert cell(spec, "Mon", 12)["class"] == "from 500"
    assert cell(spec, "Tue", 12)["class"] == "under 5"


def test_it_is_a_week_however_much_there_is() -> None:
    assert row_count(spec_of(load(*range(300)))) <= 180


def test_an_unknown_count_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        spec_of(load(0), count="chats")
    assert "'chats'" in str(raised.value)
