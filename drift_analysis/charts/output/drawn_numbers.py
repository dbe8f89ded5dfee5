"""The numbers that a chart draws, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["in_one", "numbers_of"]


def numbers_of(spec: dict[str, Any]) -> dict[str, pl.DataFrame]:
    """Return the tables that the marks of a specification draw, those with most cells first.

    Rows of the same columns are one table, each once: pictures split them by how their texts
    stand. What has one column places a line or a word, and is left out.

    Raises
    ------
    InputError
        If there are none: a chart may hold a link to its data, or nothing but words.

    Examples
    --------
    >>> from drift_analysis.charts.output.drawn_numbers import numbers_of
    >>> rows = [{"tag": "demo", "n": 2}]
    >>> numbers_of({"layer": [{"data": {"values": rows}}], "datasets": {"a": rows}})["numbers"]
    shape: (1, 2)
    ┌──────┬─────┐
    │ tag  ┆ n   │
    │ ---  ┆ --- │
    │ str  ┆ i64 │
    ╞══════╪═════╡
    │ demo ┆ 2   │
    └──────┴─────┘
    """
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in _rows(spec):
        if len(row) > 1:
            found.setdefault(tuple(row), []).append(row)
    if not found:
        raise InputError.of(
            "This chart draws no numbers of its own.",
            "It holds no rows of data.",
            "the frame that it was made of: da.report.save_numbers(frame, path).",
        )
    tables = [
        pl.DataFrame(rows, infer_schema_length=None, strict=False)
        .unique(maintain_order=True)
        .with_columns(pl.col(pl.String).str.replace_all("\n", " ", literal=True))
        for rows in found.values()
    ]
    tables.sort(key=lambda table: -table.height * table.width)
    return {f"numbers {n}" if n > 1 else "numbers": table for n, table in enumerate(tables, 1)}


def in_one(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Put tables below each other; where there are several, the first column says which it is.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.charts.output.drawn_numbers import in_one
    >>> in_one({"a": pl.DataFrame({"x": [1]}), "b": pl.DataFrame({"y": [2]})}).rows()
    [(1, 1, None), (2, None, 2)]
    """
    if len(tables) == 1:
        return next(iter(tables.values()))
    taken = {name for table in tables.values() for name in table.columns}
    heading = "table"
    while heading in taken:
        heading += "_"
    return pl.concat(
        [
            table.select(pl.lit(n).alias(heading), pl.all())
            for n, table in enumerate(tables.values(), 1)
        ],
        how="diagonal_relaxed",
    )


def _rows(node: Any) -> Iterator[dict[str, Any]]:
    """Give the rows of named data sets, and of those that stand where they are drawn."""
    if isinstance(node, list):
        for each in node:
            yield from _rows(each)
    if isinstance(node, dict):
        data = node.get("data")
        held = [*node.get("datasets", {}).values()]
        held += [data["values"]] if isinstance(data, dict) and "values" in data else []
        for rows in held:
            yield from (row for row in rows if isinstance(row, dict))
        for name, value in node.items():
            if name not in ("data", "datasets"):
                yield from _rows(value)
