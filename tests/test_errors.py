"""What the exceptions have in common."""

from __future__ import annotations

import pytest

from drift_analysis import errors


@pytest.mark.parametrize("name", [n for n in errors.__all__ if n != "DriftAnalysisError"])
def test_one_except_catches_them_all(name: str) -> None:
    assert issubclass(getattr(errors, name), errors.DriftAnalysisError)


def test_a_message_leaves_out_a_part_that_is_empty() -> None:
    assert str(errors.InputError.of("What.", "", "this.")) == "What.\nTry: this."


def test_a_missing_package_comes_with_the_line_that_installs_it() -> None:
    error = errors.MissingExtra.needed("python-pptx", "A deck", "deck")
    assert str(error) == (
        "A deck needs python-pptx, which is not installed.\nTry: pip install 'drift_analysis[deck]'"
    )
    assert isinstance(error, ImportError)


def test_what_is_incomplete_carries_what_was_got() -> None:
    error = errors.Incomplete("Not all.", partial=[1], missing=("page 2",))
    assert (error.partial, error.missing, str(error)) == ([1], ("page 2",), "Not all.")
