from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pytest

from drift_analysis.charts.kit.prepare import collected, drawn
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.schemas import TagFrequency

MIDNIGHT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def only(frame: pl.DataFrame, **options: str) -> object:
    return drawn(frame, *frame.columns, **options).item()


def test_only_the_named_columns_are_kept() -> None:
    frame = pl.DataFrame({"a": [1], "body": ["personal"], "b": [2]})

    assert drawn(frame, "b", "a").columns == ["b", "a"]


def test_ids_become_text_since_browsers_round_them() -> None:
    assert only(pl.DataFrame({"contact_id": [2**53 + 1]})) == "9007199254740993"


def test_lengths_become_seconds() -> None:
    assert only(pl.DataFrame({"wait": [timedelta(milliseconds=1500)]})) == 1.5


def test_moments_become_the_clock_of_the_zone() -> None:
    frame = pl.DataFrame({"at": [MIDNIGHT]})

    assert only(frame) == datetime(2026, 3, 1, 23, 30)  # noqa: DTZ001
    assert only(frame, tz="Asia/Tokyo") == datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001


def test_dates_and_naive_moments_stay() -> None:
    naive = MIDNIGHT.replace(tzinfo=None)

    assert only(pl.DataFrame({"day": [date(2026, 3, 1)]}), tz="Asia/Tokyo") == date(2026, 3, 1)
    assert only(pl.DataFrame({"at": [naive]}), tz="Asia/Tokyo") == naive


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_finite_becomes_null(value: float) -> None:
    assert only(pl.DataFrame({"x": [value]})) is None


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        (["open"], pl.Enum(["open"]), "open"),
        (["open"], pl.Categorical(), "open"),
        ([time(9, 30)], pl.Time(), "09:30:00"),
        ([5], pl.UInt64(), 5.0),
        ([5], pl.Int128(), 5.0),
        ([Decimal("1.5")], pl.Decimal(10, 2), 1.5),
    ],
)
def test_dtypes_become_what_a_browser_keeps(
    values: list[object], dtype: pl.DataType, expected: object
) -> None:
    got = only(pl.DataFrame({"x": values}, schema={"x": dtype}))

    assert str(got).startswith(str(expected)) if isinstance(expected, str) else got == expected


@pytest.mark.parametrize("values", [[[1]], [{"a": 1}], [b"bytes"]], ids=["list", "record", "bytes"])
def test_lists_records_and_bytes_are_refused(values: list[object]) -> None:
    with pytest.raises(InputError) as raised:
        only(pl.DataFrame({"x": values}))

    assert str(raised.value) == (
        "A chart can not draw lists, records or bytes.\n"
        "Columns: 'x'.\n"
        "Try: frame.explode(...) or frame.unnest(...) first, or leave the columns out."
    )


def test_dots_and_colons_leave_the_names() -> None:
    assert drawn(pl.DataFrame({"a.b:c[0]": [1]}), "a.b:c[0]").columns == ["a_b_c_0_"]


def test_names_that_become_one_are_refused() -> None:
    with pytest.raises(InputError) as raised:
        drawn(pl.DataFrame({"a.b": [1], "a:b": [2]}), "a.b", "a:b")

    assert str(raised.value) == (
        "Two columns have the same name in a chart.\n"
        "Columns: 'a.b', 'a:b'.\n"
        "Try: frame.rename(...) so that they differ in more than dots and colons."
    )


def test_a_lazy_frame_is_checked_and_computed() -> None:
    empty = TagFrequency.empty()

    assert collected(empty.lazy(), TagFrequency).equals(empty)
    with pytest.raises(SchemaError, match="TagFrequency: missing 'tag'"):
        collected(empty.drop("tag").lazy(), TagFrequency)


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(SchemaError, match="expected a polars DataFrame or LazyFrame"):
        collected([1, 2], TagFrequency)  # type: ignore[arg-type]
