"""Read a file of messages with one reader, and print what it took.

    python benchmarks/readers.py READER PATH

The readers beside ours are given the schema, and read what it names.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["READERS"]

_TEXTS = ("userAgent", "href", "title", "referrer", "timezone", "locale")
_PLACE = ("city", "region", "country", "countryName", "postalCode")
SHAPE: dict[str, Any] = {
    **dict.fromkeys(("id", "conversationId", "orgId", "createdAt", "editedMessageId"), "int"),
    **dict.fromkeys(("body", "type", "editType"), "text"),
    "author": {"type": "text", "id": "int", "bot": "flag"},
    "buttons": [
        dict.fromkeys(("label", "value", "type", "style"), "text")
        | {"reaction": {"type": "text", "message": "text"}}
    ],
    "attachments": [{"id": "int", "fileName": "text", "mimeType": "text", "url": "text"}],
    "attributes": {"developer_app_id": "text", "integrationSource": "text"},
    "context": dict.fromkeys(("ip", *_TEXTS), "text")
    | {"location": dict.fromkeys(_PLACE, "text") | {"latitude": "number", "longitude": "number"}},
}
"""The keys of a message, and the types of their values."""


def _ours(path: str) -> Callable[[], Any]:
    import drift_analysis as da
    import drift_analysis.sources.columnar.batch  # what a first load would import

    return lambda: da.load(path).messages


def _polars(path: str) -> Callable[[], Any]:
    import polars as pl

    types = {"int": pl.Int64, "text": pl.String, "flag": pl.Boolean, "number": pl.Float64}

    def dtype(shape: Any) -> Any:
        if isinstance(shape, dict):
            return pl.Struct({key: dtype(inner) for key, inner in shape.items()})
        return pl.List(dtype(shape[0])) if isinstance(shape, list) else types[shape]

    schema = {key: dtype(inner) for key, inner in SHAPE.items()}
    return lambda: pl.scan_ndjson(path, schema=schema).collect()


def _pyarrow(path: str) -> Callable[[], Any]:
    import pyarrow as pa
    from pyarrow import json as reader

    types = {"int": pa.int64(), "text": pa.string(), "flag": pa.bool_(), "number": pa.float64()}

    def dtype(shape: Any) -> Any:
        if isinstance(shape, dict):
            return pa.struct([(key, dtype(inner)) for key, inner in shape.items()])
        return pa.list_(dtype(shape[0])) if isinstance(shape, list) else types[shape]

    schema = pa.schema([(key, dtype(inner)) for key, inner in SHAPE.items()])
    parse = reader.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    return lambda: reader.read_json(path, reader.ReadOptions(block_size=4 << 20), parse)


def _duckdb(path: str) -> str:
    types = {"int": "BIGINT", "text": "VARCHAR", "flag": "BOOLEAN", "number": "DOUBLE"}

    def dtype(shape: Any) -> str:
        if isinstance(shape, dict):
            return f"STRUCT({', '.join(f'{key} {dtype(inner)}' for key, inner in shape.items())})"
        return f"{dtype(shape[0])}[]" if isinstance(shape, list) else types[shape]

    columns = ", ".join(f"{key}: '{dtype(inner)}'" for key, inner in SHAPE.items())
    return (
        f"select * from read_json('{path}', format='newline_delimited', columns={{{columns}}}, "
        "maximum_object_size=104857600)"
    )


def _duckdb_frame(path: str) -> Callable[[], Any]:
    import duckdb
    import polars  # noqa: F401 - what .pl() would import

    return lambda: duckdb.sql(_duckdb(path)).pl()


def _duckdb_table(path: str) -> Callable[[], Any]:
    import duckdb

    def read() -> Any:
        duckdb.sql(f"create table messages as {_duckdb(path)}")
        return range(duckdb.sql("select count(*) from messages").fetchall()[0][0])

    return read


def _pandas(path: str) -> Callable[[], Any]:
    import pandas as pd

    return lambda: pd.read_json(path, lines=True)


READERS: dict[str, Callable[[str], Callable[[], Any]]] = {
    "drift_analysis": _ours,
    "polars": _polars,
    "duckdb to polars": _duckdb_frame,
    "duckdb own table": _duckdb_table,
    "pyarrow": _pyarrow,
    "pandas": _pandas,
}
"""By name, what makes ready to read a path; what it gives reads it."""


def peak() -> float:
    """Return the most memory, in MB, that this process has held (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


def main() -> None:
    """Read, and print the seconds, the processor's seconds, the peak of memory in MB, the rows."""
    name, path = sys.argv[1:]
    read = READERS[name](path)
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    found = read()
    seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    told = {"seconds": seconds, "cpu": cpu, "peak": peak(), "rows": len(found)}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
