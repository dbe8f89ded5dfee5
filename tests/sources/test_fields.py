from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift_analysis.sources.fields import (
    Unfit,
    as_flag,
    as_id,
    as_ids,
    as_moment,
    as_number,
    as_text,
    as_text_id,
)

if TYPE_CHECKING:
    from collections.abc import Callable

T = 1_567_922_759_384

READ = [
    (as_id, 7, 7, []),
    (as_id, -(2**63), -(2**63), []),
    (as_id, 2**63 - 1, 2**63 - 1, []),
    (as_id, "7", 7, ["number_as_text"]),
    (as_id, " 17035536800 ", 17035536800, ["number_as_text"]),
    (as_id, "9007199254740993", 9007199254740993, ["number_as_text"]),
    (as_id, "7.0", 7, ["number_as_text", "number_as_float"]),
    (as_id, 123.0, 123, ["number_as_float"]),
    (as_ids, [1, "2"], [1, 2], ["number_as_text"]),
    (as_ids, [], [], []),
    (as_moment, T, T, []),
    (as_moment, T // 1000, T // 1000 * 1000, ["moment_in_seconds"]),
    (as_moment, 1567922759.384, T, ["moment_in_seconds"]),
    (as_moment, float(T), T, ["number_as_float"]),
    (as_moment, str(T), T, ["number_as_text"]),
    (as_moment, "1567922759", 1567922759000, ["number_as_text", "moment_in_seconds"]),
    (as_moment, "2019-09-08T06:05:59.384Z", T, ["moment_as_text"]),
    (as_moment, "2019-09-08T08:05:59.384+02:00", T, ["moment_as_text"]),
    (as_moment, "2019-09-08 06:05:59.384", T, ["moment_as_text", "moment_without_zone"]),
    (as_text, "", "", []),
    (as_text_id, 12, "12", []),
    (as_text_id, "a", "a", []),
    (as_flag, False, False, []),
    (as_number, 42.35, 42.35, []),
    (as_number, 42, 42.0, []),
    (as_number, "-71.06", -71.06, ["number_as_text"]),
]


@pytest.mark.parametrize(("read", "value", "expected", "repairs"), READ)
def test_what_fits_is_read_and_what_was_repaired_is_named(
    read: Callable[[Any, list[str]], Any], value: Any, expected: Any, repairs: list[str]
) -> None:
    done: list[str] = []
    assert read(value, done) == expected
    assert done == repairs


REFUSED = [
    (as_id, 2**63),
    (as_id, -(2**63) - 1),
    (as_id, "9223372036854775808"),
    (as_id, 1e17),
    (as_id, 1.5),
    (as_id, "1.5"),
    (as_id, "1_000"),
    (as_id, "١٢"),
    (as_id, "nan"),
    (as_id, ""),
    (as_id, "1" * 50),
    (as_id, True),
    (as_id, [1]),
    (as_ids, 1),
    (as_ids, [1, None]),
    (as_moment, 0),
    (as_moment, -T),
    (as_moment, 10**10),
    (as_moment, T * 1000),
    (as_moment, 9_214_646_400_000),
    (as_moment, 1.5),
    (as_moment, True),
    (as_moment, "soon"),
    (as_moment, "0001-01-01T00:00:00+14:00"),
    (as_text, 1),
    (as_text_id, 1.0),
    (as_text_id, True),
    (as_flag, 1),
    (as_flag, "true"),
    (as_number, "x"),
    (as_number, True),
    (as_number, 2**60),
    (as_id, 9007199254740992.0),
    (as_id, "9007199254740993.0"),
    (as_moment, 9214646399.9999),
    (as_moment, "1970-01-15T00:00:00Z"),
    (as_moment, "0001-01-01T00:00:00+14:00"),
    (as_moment, "2262-01-01T00:00:00Z"),
]


@pytest.mark.parametrize(("read", "value"), REFUSED)
def test_what_does_not_fit_is_refused(read: Callable[[Any, list[str]], Any], value: Any) -> None:
    with pytest.raises(Unfit):
        read(value, [])


@given(st.integers(-(2**63), 2**63 - 1))
def test_an_id_as_text_is_the_same_id(number: int) -> None:
    assert as_id(str(number), []) == as_id(number, []) == number


@given(st.datetimes(datetime(1974, 1, 1), datetime(2261, 1, 1)))  # noqa: DTZ001
def test_a_moment_is_the_same_in_every_spelling(naive: datetime) -> None:
    when = naive.replace(microsecond=naive.microsecond // 1000 * 1000, tzinfo=UTC)
    ms = round(when.timestamp() * 1000)
    assert as_moment(ms, []) == as_moment(when.isoformat(), []) == as_moment(float(ms), []) == ms
    assert as_moment(ms // 1000, []) == ms // 1000 * 1000
