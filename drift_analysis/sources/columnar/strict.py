"""Read records with Arrow, which refuses whatever a schema does not name."""

from __future__ import annotations

import re

import polars as pl
import pyarrow as pa
from pyarrow import json as arrow_json

__all__ = ["read_strictly"]

_OBJECT = re.compile(rb"\s*\{")
_POOL = pa.system_memory_pool()
"""It gives back what is no longer needed; Arrow's own pools keep some of it."""


def read_strictly(
    text: bytes, n: int, schema: pa.Schema, *, in_lines: bool = False
) -> pl.DataFrame | None:
    """Return one row per record, in order; null unless every value of every record is in it.

    Parameters
    ----------
    text, n
        That many objects of sound JSON, at least one, on lines of their own: Arrow's reader is
        not made for anything else.
    schema
        The keys that may stand in them, and the types of their values.
    in_lines
        Whether it is known that none of them takes several lines.
    """
    if not _OBJECT.match(text):  # Arrow ends the process if a null comes first
        return None
    read_options = arrow_json.ReadOptions(use_threads=False, block_size=len(text) + 1)
    parse_options = arrow_json.ParseOptions(
        explicit_schema=schema,
        newlines_in_values=not in_lines and text.count(b"\n") > n,
        unexpected_field_behavior="error",
    )
    try:
        table = arrow_json.read_json(pa.BufferReader(text), read_options, parse_options, _POOL)
        if not text.isascii():
            table.validate(full=True)  # that text is UTF-8
    except (pa.ArrowException, UnicodeDecodeError):  # a message of Arrow's may not be UTF-8 either
        return None
    return pl.DataFrame(table) if table.num_rows == n else None
