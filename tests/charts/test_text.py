from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis.charts.kit.text import shortened, text_width, wrap

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80)


@settings(max_examples=100, deadline=None)
@given(WORDS, st.integers(40, 300))
def test_every_line_fits(text: str, width: int) -> None:
    assert all(text_width(line, 12) <= width for line in wrap(text, width, size=12, lines=2))


@settings(max_examples=100, deadline=None)
@given(WORDS)
def test_nothing_is_lost_but_blanks(text: str) -> None:
    lines = wrap(text, 100, size=12)

    assert "".join("".join(lines).split()) == "".join(text.split())


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    lines = wrap("one two three four five six", 60, size=12, lines=2)

    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_a_number_stays_with_its_unit() -> None:
    assert wrap("all within 41 % of it", 68, size=12) == ["all within", "41\u00a0% of it"]
    assert wrap("ends after 2 h 14 min", 80, size=12)[-1] == "2\u00a0h\u00a014\u00a0min"


def test_wide_letters_take_more_room() -> None:
    assert text_width("漢字", 10) > text_width("WW", 10) > text_width("ab", 10)
    assert text_width("ab", 10) > text_width("rt", 10) > text_width("il", 10)


def test_a_name_in_a_sentence_is_quoted_and_short() -> None:
    assert shortened("  pricing \n page ") == "“pricing page”"
    assert shortened("x" * 60) == "“" + "x" * 39 + "…”"
