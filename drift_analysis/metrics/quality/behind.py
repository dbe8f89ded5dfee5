"""Which conversations are behind a finding of the audit, and which lack what a metric needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import Conversations, Issues
from drift_analysis.schemas.audit import METRICS
from drift_analysis.schemas.base import as_given

from ..plans import plans_of
from .audit import found_in
from .coverage import enough_in
from .findings import FINDINGS

if TYPE_CHECKING:
    from drift_analysis.schemas import Dataset
    from drift_analysis.schemas.base import Frame

__all__ = ["finding_ids", "lacking_ids"]

_ID = Conversations.conversation_id.name


def finding_ids(dataset: Dataset[Frame], code: str) -> Frame:
    """List all conversations that a finding of `audit` is about; it shows only the first five.

    Parameters
    ----------
    dataset
        What `load` found: its tables may be frames or lazy frames.
    code
        The ``code`` of an `Audit` table.

    Returns
    -------
    :
        ``conversation_id`` (Int64), each once, in order. None for a finding that is about no
        conversation: a day without any, a record that was not read, or a code that is not there.

    Raises
    ------
    SchemaError
        If a frame is not the table it should be.

    Examples
    --------
    >>> import drift_analysis as da
    >>> from drift_analysis.metrics import finding_ids
    >>> dataset = da.load(b'{"data": [{"id": 1, "status": "open", "createdAt": 1767600000000}]}')
    >>> finding_ids(dataset, "list_only").to_series().to_list()
    [1]
    """
    data = plans_of(dataset)
    rows = data.issues.filter(Issues.code.col == code)
    if code in FINDINGS:
        found = found_in(data).get(code)
        rows = found.rows if found is not None else rows.clear()
    if _ID not in rows.collect_schema():
        rows = data.issues.clear()
    return as_given(_ids(rows), dataset.conversations)


def lacking_ids(dataset: Dataset[Frame], metric: str) -> Frame:
    """List the conversations for which a metric cannot be computed, since they lack what it needs.

    Parameters
    ----------
    dataset
        What `load` found: its tables may be frames or lazy frames.
    metric
        A ``metric`` of `metric_coverage`.

    Returns
    -------
    :
        ``conversation_id`` (Int64), each once, in order: as many as ``of`` less ``n``.

    Raises
    ------
    SchemaError
        If a frame is not the table it should be.
    InputError
        If there is no such metric.

    Examples
    --------
    >>> import drift_analysis as da
    >>> from drift_analysis.metrics import lacking_ids
    >>> dataset = da.load(b'{"data": [{"id": 1, "status": "open", "createdAt": 1767600000000}]}')
    >>> lacking_ids(dataset, "tag_frequency").to_series().to_list()
    [1]
    """
    if metric not in METRICS:
        raise InputError.unknown_choice("metric", metric, METRICS)
    found, among = enough_in(plans_of(dataset), metric)
    return as_given(_ids(among.join(found, on=_ID, how="anti")), dataset.conversations)


def _ids(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.select(pl.col(_ID).drop_nulls().unique().sort())
