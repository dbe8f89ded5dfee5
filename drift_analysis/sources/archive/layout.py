"""Where things lie in an archive, and the manifest that says which files count."""

from __future__ import annotations

import hashlib
from datetime import datetime  # noqa: TC003 (msgspec reads it when it decodes)
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from drift_analysis.errors import SourceError
from drift_analysis.schemas import Issues, Rejects, Table

from ..tables import TABLES
from .witness import Witness  # noqa: TC001 (msgspec reads it when it decodes)

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "ARCHIVED",
    "BUCKETS",
    "FORMAT",
    "HOMES",
    "MANIFEST",
    "SPILL",
    "STATES",
    "SYNC",
    "Manifest",
    "bucket",
    "partition",
    "read_manifest",
    "schema_version",
]

FORMAT = 1
"""The version of the layout itself."""

MANIFEST = "archive.json"
"""The one file that is replaced to switch from an old state of the archive to a new one."""

STATES = "_states"
"""The folder of rows that were merged into others; readers of Parquet skip a leading `_`."""

SYNC = "_sync"
"""The folder of what a sync with Drift knows; see `syncing`."""

SPILL = ".spill"
"""The folder of what is put aside while it is read."""

BUCKETS = 16
"""Into how many partitions a new archive puts its conversations."""

ARCHIVED: dict[str, type[Table]] = {**TABLES, "rejects": Rejects, "issues": Issues}
"""The tables of an archive, by their names in a `Dataset`."""


HOMES: dict[str, str] = {
    name: "conversation_id" if "conversation_id" in table.column_names() else table.primary_key()[0]
    for name, table in TABLES.items()
} | {"rejects": "index"}
"""The column that tells where in its table a row lies; of `Issues` there are but few."""


class Manifest(msgspec.Struct, frozen=True):
    """What an archive consists of; paths are relative to its folder.

    ``witness`` is what the last sync proved of its conversations, if it is in no file yet.
    """

    format: int
    as_of: datetime | None
    buckets: int
    schemas: dict[str, str]
    files: dict[str, list[str]]
    states: dict[str, list[str]]
    witness: Witness | None = None


def schema_version(table: type[Table]) -> str:
    """Name the version of a table's schema: a digest of its columns and their dtypes.

    Examples
    --------
    >>> from drift_analysis.schemas import Goals, Meetings
    >>> schema_version(Goals) == schema_version(Meetings)
    False
    """
    columns = "\n".join(f"{name}: {dtype!r}" for name, dtype in table.schema().items())
    return hashlib.sha256(columns.encode()).hexdigest()[:12]


def bucket(buckets: int) -> pl.Expr:
    """Tell the partition of a row: the same for all rows of a conversation, in every table."""
    return (pl.col("conversation_id").fill_null(0) % buckets).abs()


def partition(file: str) -> int:
    """Tell in which partition a file lies; those of tables that have none lie in the first.

    Examples
    --------
    >>> partition("messages/bucket=07/9c.parquet"), partition("users/51.parquet")
    (7, 0)
    """
    _, _, behind = file.partition("/bucket=")
    return int(behind.partition("/")[0]) if behind else 0


def read_manifest(root: Path) -> Manifest:
    """Read the manifest of an archive, and check that this library can read the rest.

    Raises
    ------
    SourceError
        If there is no archive, its manifest cannot be read, it has another format, or a table
        was written with another schema.
    """
    try:
        manifest = msgspec.json.decode((root / MANIFEST).read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        raise SourceError.of(
            f"{str(root)!r} is no archive.",
            f"There is no {MANIFEST} in it.",
            "the folder that write_archive(dataset, path) made, or load(path) for JSON.",
        ) from None
    except OSError as error:
        raise SourceError.of(
            f"The archive {str(root)!r} cannot be read.",
            f"The system says: {error.strerror}.",
            "with the right to read all of the folder.",
        ) from None
    except msgspec.DecodeError:
        raise SourceError.of(
            f"{str(root)!r} is no archive.",
            f"Its {MANIFEST} is not one that write_archive wrote.",
            "copying the archive again, or writing it anew from the exports.",
        ) from None
    _check(root, manifest)
    return manifest


def _check(root: Path, manifest: Manifest) -> None:
    anew = "writing a new archive from the exports, or the drift_analysis that wrote it."
    if manifest.format != FORMAT:
        raise SourceError.of(
            f"The archive {str(root)!r} has another format.",
            f"It has format {manifest.format}; this drift_analysis reads format {FORMAT}.",
            anew,
        )
    for name, table in ARCHIVED.items():
        have, want = manifest.schemas.get(name), schema_version(table)
        if have != want:
            raise SourceError.of(
                f"The archive {str(root)!r} was written with another schema of {name}.",
                f"Its schema version is {have or 'missing'}; this drift_analysis has {want}.",
                anew,
            )
    files = [*manifest.files.values(), *manifest.states.values()]
    missing = [name for names in files for name in names if not (root / name).is_file()]
    if missing:
        raise SourceError.of(
            f"The archive {str(root)!r} is not whole.",
            f"{len(missing)} of its files are missing, such as {missing[0]!r}.",
            "copying the archive again, or writing it anew from the exports.",
        )
