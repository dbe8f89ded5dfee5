from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from drift_analysis.report.cells import NOTHING, as_text, reached, rows, share_span, span


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(None, NOTHING, id="unknown"),
        pytest.param(True, "yes", id="true"),
        pytest.param(False, "no", id="false"),
        pytest.param(0, "0", id="zero"),
        pytest.param(12_345, "12,345", id="count"),
        pytest.param(0.25, "25 %", id="share"),
        pytest.param(timedelta(hours=2, minutes=14), "2 h 14 min", id="length"),
        pytest.param(date(2026, 3, 2), "2 Mar 2026", id="day"),
        pytest.param([], NOTHING, id="empty list"),
        pytest.param(["a", None, 3], f"a, {NOTHING}, 3", id="list"),
        pytest.param("<b>", "<b>", id="text is left to the page to escape"),
    ],
)
def test_a_value_is_written_as_people_read_it(value: Any, text: str) -> None:
    assert as_text(value) == text


def test_a_moment_is_a_day_in_the_zone_of_the_review() -> None:
    late = pl.DataFrame({"at": [datetime(2026, 3, 1, 23, 30, tzinfo=UTC)]})

    assert rows(late, tz="Asia/Tokyo") == [["2 Mar 2026"]]
    assert rows(late, tz="UTC") == [["1 Mar 2026"]]


def test_the_least_and_the_most_are_one_text() -> None:
    one, two = timedelta(hours=1), timedelta(hours=2)

    assert span(one, two) == "1 h to 2 h"
    assert span(one, one) == "1 h"
    assert span(one, None) == "1 h to not reached"
    assert span(None, None) == NOTHING
    assert reached(None) == "not reached"
    assert share_span(0.1, 0.25) == "10 % to 25 %"
    assert share_span(None, 0.25) == NOTHING
