"""What is incomplete or implausible in a data set, and what that does to the metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Audit, Issues, Rejects
from drift_analysis.schemas.audit import METRICS
from drift_analysis.schemas.base import as_given

from ..plans import plans_of
from .audit_gaps import of_gaps
from .audit_moments import of_clocks, of_the_log
from .audit_records import of_messages, of_names, of_records
from .findings import FINDINGS

if TYPE_CHECKING:
    from drift_analysis.schemas import Dataset
    from drift_analysis.schemas.base import Frame

    from .found import Found

__all__ = ["audit", "found_in"]

_ID = "conversation_id"
_EXAMPLES = 5
_NO_LOSS = ("no_table", "request_body")
_PERHAPS_A_LOSS = ("not_drift", "unknown_kind", "error_reply", "transcript")


def audit(dataset: Dataset[Frame]) -> Frame:
    """Find what is incomplete or implausible in a data set, and say which metrics it limits.

    It looks at the tables themselves, so that it can also be asked of data that was put
    together by hand. What was noticed only while reading (repaired values, rejects) is told from
    ``issues`` and ``rejects``.

    Parameters
    ----------
    dataset
        What `load` found: its tables may be frames or lazy frames.

    Returns
    -------
    :
        An `Audit` table, one row per finding: ``severity``, ``code``, ``table``, ``n``, ``of``
        and ``share`` (null: not counted against anything), ``detail``, ``affects`` (the metrics
        that it limits) and ``examples`` (up to five conversations, the lowest ids first). The
        gravest come first, then those with the largest share. Sound data has no row above
        ``info``.

    Raises
    ------
    SchemaError
        If a frame is not the table it should be.

    Examples
    --------
    >>> import drift_analysis as da
    >>> from drift_analysis.metrics import audit
    >>> dataset = da.load(b'{"data": [{"id": 1, "status": "open", "createdAt": 1767600000000}]}')
    >>> audit(dataset).select("severity", "code", "n", "of").rows()[0]
    ('warning', 'list_only', 1, 1)
    """
    data = plans_of(dataset)
    found = found_in(data)
    rows = [_row(code, each) for code, each in found.items()]
    rows += [_rejected(data.rejects), _noticed(data.issues)]
    result = pl.concat(rows).sort(
        "severity",
        "share",
        "n",
        "code",
        "table",
        descending=[True, True, True, False, False],
        nulls_last=True,
    )
    return as_given(result, dataset.conversations)


def found_in(data: Dataset[pl.LazyFrame]) -> dict[str, Found]:
    """Return what each rule finds in the tables themselves, by its code."""
    return {
        **of_records(data),
        **of_messages(data),
        **of_names(data),
        **of_clocks(data),
        **of_the_log(data),
        **of_gaps(data),
    }


def _row(code: str, found: Found) -> pl.LazyFrame:
    """Count what one rule found; no row where that is nothing."""
    finding = FINDINGS[code]
    has_ids = _ID in found.rows.collect_schema()
    ids = pl.col(_ID) if has_ids else pl.lit(None, pl.Int64)
    detail = pl.lit(finding.detail)
    return _shaped(
        found.rows.select(
            n=pl.len(),
            examples=_first_few(ids),
            detail=detail if found.more is None else pl.format("{} {}", detail, found.more),
        )
        .join(found.of.select(of=pl.len()), how="cross")
        .filter(pl.col("n") > 0)
        .with_columns(
            severity=pl.lit(finding.severity), code=pl.lit(code), table=pl.lit(finding.table)
        ),
        finding.affects,
    )


def _rejected(rejects: pl.LazyFrame) -> pl.LazyFrame:
    """Count what could not be read, by reason; a lost record may belong to any metric."""
    reason = Rejects.reason.col.cast(pl.String)
    severity = (
        pl.when(reason.is_in(_NO_LOSS))
        .then(pl.lit("info"))
        .when(reason.is_in(_PERHAPS_A_LOSS))
        .then(pl.lit("warning"))
        .otherwise(pl.lit("error"))
    )
    rows = (
        rejects.group_by(code=pl.format("rejected_{}", reason), severity=severity)
        .agg(n=pl.len(), detail=Rejects.detail.col.min())
        .join(rejects.select(of=pl.len()), how="cross")
        .with_columns(
            pl.format("Not read, and kept whole in `rejects`: {}", "detail").alias("detail"),
            table=pl.lit("rejects"),
            examples=pl.lit([], pl.List(pl.Int64)),
        )
    )
    return _shaped(rows, METRICS)


def _noticed(issues: pl.LazyFrame) -> pl.LazyFrame:
    """Add up what was noticed while reading, but for what is found in the tables themselves."""
    i = Issues
    rows = (
        issues.filter(~i.code.col.is_in(list(FINDINGS)))
        .group_by(i.code.name, i.table.name, i.detail.name)
        .agg(
            i.severity.col.cast(pl.String).first(),
            i.n.col.sum(),
            examples=_first_few(i.conversation_id.col),
        )
        .with_columns(of=pl.lit(None, pl.UInt32))
    )
    return _shaped(rows, ())


def _first_few(ids: pl.Expr) -> pl.Expr:
    return ids.drop_nulls().unique().sort().head(_EXAMPLES).implode()


def _shaped(rows: pl.LazyFrame, affects: tuple[str, ...]) -> pl.LazyFrame:
    a = Audit
    share = pl.when(a.of.col > 0).then(a.n.col / a.of.col)
    metrics = pl.lit(pl.Series([list(affects)], dtype=a.affects.dtype)).first()
    return a.conform(rows.with_columns(share=share, affects=metrics))
