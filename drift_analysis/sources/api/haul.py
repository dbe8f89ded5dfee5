"""Take what can be had, and keep account of what is missing."""

from __future__ import annotations

import threading
import warnings
from typing import TYPE_CHECKING, Any

from drift_analysis.errors import ApiError, Incomplete
from drift_analysis.sources.assemble import assemble
from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.load import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import polars as pl

    from drift_analysis.schemas import Dataset

    from .paging import Reply

__all__ = ["Haul", "tables"]

_DOWN = 3
"""After so many failures in a row, Drift is taken to be down, and no more is asked for."""

_SHOWN = 5
"""How many missing parts a message names; `Incomplete.missing` has them all."""


class Haul:
    """Take replies from one resource after another; a failure of one does not end the others.

    A token that is refused (401) ends all of them, and so do three failures in a row. What is
    not there for one id (404) is missing, and ends nothing. Several threads may take at once.
    """

    def __init__(self, origin: str) -> None:
        self.missing: list[str] = []
        self._origin = origin
        self._error: ApiError | None = None
        self._is_refused = False
        self._in_a_row = 0
        self._taken = 0
        self._lock = threading.Lock()

    @property
    def is_over(self) -> bool:
        """Whether there is no use in asking for more."""
        return self._in_a_row >= _DOWN or self._is_refused

    def take(
        self, what: str, replies: Iterable[Reply], keep: Callable[[Reply], object]
    ) -> ApiError | None:
        """Hand each reply to `keep`, until they end or fail; what fails is missing.

        Returns
        -------
        :
            The error that ended them; null when all came.
        """
        if self.is_over:
            self.missing.append(f"{what}: not asked for any more.")
            return Incomplete("")
        taken = 0
        try:
            for reply in replies:
                keep(reply)
                taken += 1
        except ApiError as error:
            after = f", after {taken} page(s)" if taken else ""
            with self._lock:
                self._error = error
                self._is_refused |= error.status == 401
                self._in_a_row += error.status != 404
                self._taken += taken
                self.missing.append(f"{what}{after}: {str(error).splitlines()[1]}")
            return error
        with self._lock:
            self._in_a_row = 0
            self._taken += taken
        return None

    def require_all(self, partial: Any) -> None:
        """Raise if anything is missing.

        Raises
        ------
        ApiError
            If Drift refused, and nothing at all was got before.
        Incomplete
            If a part is missing; `partial` is what was got.
        """
        error = self._error
        if error is None:
            return
        if not self._taken and not isinstance(error, Incomplete):
            raise error
        shown = [f"  {part}" for part in self.missing[:_SHOWN]]
        if len(self.missing) > _SHOWN:
            shown.append(f"  and {len(self.missing) - _SHOWN} more, all in `.missing`.")
        message = str(
            Incomplete.of(
                f"Not everything could be had from {self._origin}. Missing:",
                "\n".join(shown),
                str(error).rpartition("Try: ")[2],
            )
        )
        short = Incomplete(message, partial=partial, missing=tuple(self.missing))
        short.status = error.status
        raise short


def tables(replies: Iterable[Reply], *, caller: int) -> Dataset[pl.DataFrame]:
    """Turn replies into tables, as if they had been saved and loaded.

    `caller` counts the frames up to the user's line, which a warning points at.

    Warns
    -----
    UserWarning
        If records in them were rejected.
    """
    documents = (Document(r.path, r.body, fetched_at=r.fetched_at) for r in replies)
    dataset = assemble(read(documents))
    if lost := dataset.rejects.height:
        message = (
            f"{lost} record(s) of Drift's were rejected; fetch(...) and load(...) locate them."
        )
        warnings.warn(message, stacklevel=caller + 1)
    return dataset
