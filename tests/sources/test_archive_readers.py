from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pytest
from polars.testing import assert_frame_equal

import drift_analysis as da
from drift_analysis.sources.archive import piles
from drift_analysis.sources.archive.layout import ARCHIVED

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
DUCK: dict[Any, str] = {
    pl.Int64: "BIGINT",
    pl.UInt64: "UBIGINT",
    pl.UInt32: "UINTEGER",
    pl.UInt16: "USMALLINT",
    pl.Float64: "DOUBLE",
    pl.Boolean: "BOOLEAN",
    pl.String: "VARCHAR",
    pl.Enum: "VARCHAR",
    pl.Binary: "BLOB",
    pl.Datetime: "TIMESTAMP WITH TIME ZONE",
}


def in_duckdb(dtype: Any) -> str:
    """Name a dtype as DuckDB does, without the quotes around some names."""
    if isinstance(dtype, pl.List):
        return f"{in_duckdb(dtype.inner)}[]"
    if isinstance(dtype, pl.Struct):
        return f"STRUCT({', '.join(f'{f.name} {in_duckdb(f.dtype)}' for f in dtype.fields)})"
    return DUCK[type(dtype)]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose partitions have several files."""
    path = tmp_path_factory.mktemp("archive")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(piles, "FILE_BYTES", 20_000)
        da.load_archive(SAMPLE, path)
    assert len(list(path.glob("messages/bucket=01/*.parquet"))) > 1
    return path


@pytest.fixture(scope="module")
def sample() -> da.Dataset[pl.DataFrame]:
    return da.load(SAMPLE)


@pytest.mark.parametrize("hive", [True, False])
@pytest.mark.parametrize("name", [name for name in ARCHIVED if name != "issues"])
def test_duckdb_reads_all_rows_with_the_right_types(
    name: str, archive: Path, sample: da.Dataset[pl.DataFrame], *, hive: bool
) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        query = f"SELECT * FROM read_parquet('{archive}/{name}/**', hive_partitioning = {hive})"
        types = {row[0]: row[1] for row in connection.execute(f"DESCRIBE {query}").fetchall()}
        found = connection.execute(f"SELECT count(*) FROM ({query})").fetchone()

    own = {column: kind.replace('"', "") for column, kind in types.items()}
    schema = ARCHIVED[name].schema()
    more = {"_fetched_at": DUCK[pl.Datetime]} if name != "rejects" else {}
    if hive and "conversation_id" in schema:
        more |= {"bucket": "VARCHAR"}
    assert own == {column: in_duckdb(dtype) for column, dtype in schema.items()} | more
    assert found == (getattr(sample, name).height,)


def test_duckdb_finds_what_a_partition_holds(archive: Path) -> None:
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT count(*), count(*) FILTER (conversation_id % 16 <> bucket)"
            f" FROM read_parquet('{archive}/messages/*/*.parquet', hive_partitioning = true)"
        ).fetchone()

    assert found == (2546, 0)


@pytest.mark.parametrize("partitioning", ["hive", None])
@pytest.mark.parametrize("name", [name for name in ARCHIVED if name != "issues"])
def test_pyarrow_reads_the_same_rows(
    name: str, partitioning: str | None, archive: Path, sample: da.Dataset[pl.DataFrame]
) -> None:
    table = ARCHIVED[name]
    read = pa.dataset.dataset(archive / name, format="parquet", partitioning=partitioning)
    frame = pl.from_arrow(read.to_table(columns=table.column_names()))

    assert isinstance(frame, pl.DataFrame)
    assert {
        column: dtype
        for column, dtype in table.schema().items()
        if frame.schema[column] != dtype and not isinstance(dtype, pl.Enum)
    } == {}
    key = table.primary_key() or table.column_names()
    assert_frame_equal(frame.cast(table.schema()).sort(key), getattr(sample, name).sort(key))
