"""Write files, and say in our own words why one could not be written."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from drift_analysis.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["writing", "written"]


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an error of the file system into one of ours.

    Raises
    ------
    InputError
        If what is done within cannot write.
    """
    try:
        yield
    except OSError as error:
        raise InputError.of(
            f"{path} cannot be written to.",
            f"The system says: {error.strerror}.",
            "another folder.",
        ) from error


def written(path: str | Path, content: bytes) -> Path:
    """Write a whole file, and return its path."""
    path = Path(path)
    with writing(path):
        path.write_bytes(content)
    return path
