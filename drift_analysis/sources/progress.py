"""Tell how far a long work is: to a bar, or to whatever the caller wants to call."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Progress", "reported"]

Progress: TypeAlias = "bool | Callable[[int, int], object] | None"
"""True for a bar, or something to call with what is done and the total."""


@contextmanager
def reported(
    progress: Progress, label: str, *, unit: str = "B"
) -> Iterator[Callable[[int, int], object] | None]:
    """Yield what is to be called with what is done and the total, if anything is.

    For True that is a bar of tqdm, in a terminal or in a notebook.

    Examples
    --------
    >>> with reported(print, "Reading") as report:
    ...     report(1, 2)
    1 2
    """
    if progress is not True:
        yield progress or None
        return
    from tqdm.auto import tqdm

    with tqdm(desc=label, unit=unit, unit_scale=unit == "B") as bar:

        def show(done: int, total: int) -> None:
            if total != bar.total:  # only so does the bar of a notebook learn how long it is
                bar.reset(total)
            bar.update(done - bar.n)

        yield show
