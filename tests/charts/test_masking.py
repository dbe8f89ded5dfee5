from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis.charts.kit.masking import masked


def hidden(text: str | None) -> str | None:
    frame = pl.DataFrame({"text": [text]}, schema={"text": pl.String})
    result: str | None = frame.select(masked(pl.col("text"))).item()
    return result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann.o'hara+x@mail.example.co.uk!", "[e-mail]!"),
        ("jürgen@exämple.de", "[e-mail]"),
        ("+1 (555) 010-9999", "[phone]"),
        ("030/1234567, thanks", "[phone], thanks"),
        ("0049 30 123456", "[phone]"),
        ("from 192.168.0.12", "from [address]"),
        ("2001:db8:0:0:0:ff00:42:8329", "[address]"),
        ("We have 120 seats, 3 teams, 2026", "We have 120 seats, 3 teams, 2026"),
        ("between 9:00 and 17:30", "between 9:00 and 17:30"),
        ("a @ b", "a @ b"),
    ],
)
def test_addresses_and_numbers_are_hidden_and_the_rest_is_kept(text: str, expected: str) -> None:
    assert hidden(text) == expected


def test_no_text_stays_no_text() -> None:
    assert hidden(None) is None


@given(
    before=st.text(alphabet="ab ,.\n", max_size=20),
    local=st.from_regex(r"[a-z0-9._]{1,12}", fullmatch=True),
    digits=st.text(alphabet="0123456789", min_size=7, max_size=14),
)
@settings(max_examples=100)
def test_whatever_stands_around_them_they_are_gone(before: str, local: str, digits: str) -> None:
    result = hidden(f"{before} {local}@example.com {before} {digits} {before}")

    assert result is not None
    assert "example.com" not in result
    assert digits not in result
