"""Everything that drift_analysis raises on purpose.

* DriftAnalysisError
  * SchemaError       a frame does not keep the promise of its table
  * InputError        an argument cannot mean anything
  * SourceError       a file, a folder or bytes could not be turned into records
  * ApiError          Drift answered, and the answer was no
    * Incomplete      not everything could be had; carries what was got
  * MissingExtra      an optional package is not installed

Every message has three parts: what and where, the evidence (names, counts and
positions, never a body, a name or an address), and a line that begins with ``Try:``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ApiError",
    "DriftAnalysisError",
    "Incomplete",
    "InputError",
    "MissingExtra",
    "SchemaError",
    "SourceError",
]


class DriftAnalysisError(Exception):
    """Base of every error below: catch this one to catch them all."""

    @classmethod
    def of(cls, what: str, evidence: str, remedy: str) -> Self:
        """Put a message together from its three parts.

        Examples
        --------
        >>> print(InputError.of("No such month.", "Got 13.", "a number from 1 to 12."))
        No such month.
        Got 13.
        Try: a number from 1 to 12.
        """
        return cls("\n".join(part for part in (what, evidence, f"Try: {remedy}") if part))


class SchemaError(DriftAnalysisError, ValueError):
    """A frame does not keep the promise that its table makes."""

    @classmethod
    def missing_columns(cls, table: str, missing: Iterable[str], present: Iterable[str]) -> Self:
        """Columns that the table promises are not there."""
        return cls.of(
            f"{table}: missing {_names(missing)}.",
            f"The frame has {_names(present)}.",
            f"frame.rename(...) first, or drift_analysis.schemas.{table}.describe() "
            "for what is expected.",
        )

    @classmethod
    def wrong_dtypes(cls, table: str, wrong: Iterable[tuple[str, object, object]]) -> Self:
        """Columns are there, but hold another kind of value."""
        lines = "\n".join(f"  {name}: expected {want}, got {got}" for name, want, got in wrong)
        return cls.of(
            f"{table}: some columns have the wrong dtype.",
            lines,
            f"drift_analysis.schemas.{table}.conform(frame) to cast them.",
        )

    @classmethod
    def not_a_frame(cls, table: str, got: object) -> Self:
        """Something else than a polars frame was given."""
        return cls.of(
            f"{table}: expected a polars DataFrame or LazyFrame.",
            f"Got {type(got).__name__}.",
            "pl.from_pandas(...) or da.load(...) to get one.",
        )

    @classmethod
    def broken_rules(cls, table: str, counts: dict[str, int]) -> Self:
        """Values break rules of the table; says how many rows, never which values."""
        lines = "\n".join(f"  {rule}: {rows} row(s)" for rule, rows in sorted(counts.items()))
        return cls.of(
            f"{table}: values break rules of the table.",
            lines,
            f"drift_analysis.schemas.{table}.broken_rows(frame) to see them.",
        )

    @classmethod
    def unfit_values(cls, table: str, columns: Iterable[str]) -> Self:
        """Values cannot be cast to the dtype of their column."""
        return cls.of(
            f"{table}: some values do not fit their column.",
            f"Columns that may be at fault: {_names(columns)}.",
            f"drift_analysis.schemas.{table}.describe() for what is expected.",
        )


class InputError(DriftAnalysisError, ValueError):
    """An argument cannot mean anything here."""

    @classmethod
    def naive_moment(cls, name: str) -> Self:
        """Say that a moment came without a time zone."""
        return cls.of(
            f"{name} has no time zone.",
            "A moment without one is another instant on every machine.",
            f"datetime(..., tzinfo=datetime.UTC), or {name}=dataset.as_of.",
        )

    @classmethod
    def no_moment(cls, name: str, got: object) -> Self:
        """Say that a moment was expected; an empty data set has none to offer."""
        return cls.of(
            f"{name} is no moment.",
            f"Got {type(got).__name__}; a data set that holds nothing has no `as_of`.",
            f"{name}=datetime(..., tzinfo=datetime.UTC).",
        )

    @classmethod
    def unknown_choice(cls, name: str, got: object, choices: Iterable[str]) -> Self:
        """Say that an option has a value that is not among its choices."""
        return cls.of(f"{name}={got!r} is not a choice.", "", f"one of {_names(choices)}.")


class SourceError(DriftAnalysisError, ValueError):
    """A file, a folder or bytes could not be turned into records."""


class ApiError(DriftAnalysisError, RuntimeError):
    """Drift answered, and the answer was no; or it did not answer at all.

    Attributes
    ----------
    status
        The HTTP status of the last answer; null when there was none.
    """

    status: int | None = None


class Incomplete(ApiError):
    """Not everything could be had.

    Attributes
    ----------
    partial
        What was got before: the same kind of value that would have been returned.
    missing
        What is missing, as sentences with counts and positions.
    """

    def __init__(self, message: str, *, partial: Any = None, missing: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.partial = partial
        self.missing = missing


class MissingExtra(DriftAnalysisError, ImportError):
    """An optional package is not installed."""

    @classmethod
    def needed(cls, package: str, what: str, extra: str) -> Self:
        """Name the package, what needs it, and the line that installs it."""
        return cls.of(
            f"{what} needs {package}, which is not installed.",
            "",
            f"pip install 'drift_analysis[{extra}]'",
        )


def _names(names: Iterable[str]) -> str:
    """List names for a sentence, in quotes."""
    return ", ".join(repr(name) for name in names) or "nothing"
