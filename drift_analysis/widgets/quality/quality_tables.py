"""The tables behind a quality panel, and the code that gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.metrics import audit, finding_ids, lacking_ids, metric_coverage
from drift_analysis.schemas import Conversations, Issues, Rejects

if TYPE_CHECKING:
    from drift_analysis.schemas import Dataset

    from .quality_asked import QualityAsked

__all__ = ["QualityTables", "code_of"]

_ID = Conversations.conversation_id.name
_TABLES = {
    "metrics": "da.metric_coverage(dataset).lazy()",
    "findings": "da.audit(dataset).lazy()",
    "rejects": 'dataset.rejects.lazy().drop("raw")',
    "issues": "dataset.issues.lazy()",
}
_NO_IDS = 'ids = pl.Series("conversation_id", [], dtype=pl.Int64)'


class QualityTables:
    """What is found in a data set; the coverage and the audit are computed once."""

    def __init__(self, dataset: Dataset[Any]) -> None:
        self._dataset = dataset
        self.coverage: pl.DataFrame = metric_coverage(dataset).lazy().collect()
        self._audit: pl.DataFrame = audit(dataset).lazy().collect()
        rejects = Rejects.require(dataset.rejects).lazy()
        self._rejects: pl.DataFrame = rejects.drop(Rejects.raw.name).collect()
        self._issues: pl.DataFrame = Issues.require(dataset.issues).lazy().collect()
        self._ids: dict[tuple[str, str], pl.Series] = {}

    def whole(self, view: str) -> pl.DataFrame:
        """Return the table of a view, unfiltered."""
        tables = {"metrics": self.coverage, "findings": self._audit, "rejects": self._rejects}
        return tables.get(view, self._issues)

    def listed(self, asked: QualityAsked) -> pl.DataFrame:
        """Return what the table of a view lists, whatever row is chosen."""
        kept = self.whole(asked.view)
        if asked.view in ("findings", "issues"):
            kept = kept.filter(pl.col("severity") >= asked.severity)
        if asked.metric is None or asked.view in ("rejects", "issues"):
            return kept
        if asked.view == "metrics":
            return kept.filter(pl.col("metric") == asked.metric)
        return kept.filter(pl.col("affects").cast(pl.List(pl.String)).list.contains(asked.metric))

    def unread(self, row: str) -> pl.DataFrame | None:
        """Return what was not read for a reason, or for the finding that counts it."""
        reason = row.removeprefix("rejected_")
        found = _about(self._rejects, "reason", reason)
        return None if found.is_empty() else found

    def frame(self, asked: QualityAsked) -> pl.DataFrame:
        """Return the table on show: of what was not read and noticed, what the row is about."""
        listed = self.listed(asked)
        name = {"rejects": "reason", "issues": "code"}.get(asked.view)
        return listed if name is None or asked.row is None else _about(listed, name, asked.row)

    def ids(self, asked: QualityAsked) -> pl.Series:
        """Return the conversations behind what is on show."""
        if asked.view == "issues":
            return self.frame(asked)[_ID].drop_nulls().unique().sort()
        if asked.row is None or asked.view == "rejects":
            return pl.Series(_ID, [], dtype=pl.Int64)
        if (asked.view, asked.row) not in self._ids:
            behind = lacking_ids if asked.view == "metrics" else finding_ids
            found: pl.DataFrame = behind(self._dataset, asked.row).lazy().collect()
            self._ids[asked.view, asked.row] = found.to_series()
        return self._ids[asked.view, asked.row]


def code_of(asked: QualityAsked, *, tz: str, is_dated: bool) -> str:
    """Write the code that gives ``frame``, ``chart`` and ``ids`` from a ``dataset``.

    Examples
    --------
    >>> from drift_analysis.widgets.quality.quality_asked import QualityAsked
    >>> from drift_analysis.widgets.quality.quality_tables import code_of
    >>> asked = QualityAsked(view="findings", severity="warning", row="list_only")
    >>> print(code_of(asked, tz="UTC", is_dated=True))
    import polars as pl
    <BLANKLINE>
    import drift_analysis as da
    <BLANKLINE>
    frame = (
        da.audit(dataset).lazy()
        .filter(pl.col("severity") >= 'warning')
        .collect()
    )
    chart = da.charts.completeness(da.metric_coverage(dataset), as_of=dataset.as_of, tz='UTC')
    ids = da.metrics.finding_ids(dataset, 'list_only').lazy().collect().to_series()
    <BLANKLINE>
    """
    behind = {"metrics": "lacking_ids", "findings": "finding_ids"}.get(asked.view)
    behind = behind if asked.row is not None else None
    ids = _NO_IDS
    if behind:
        ids = f"ids = da.metrics.{behind}(dataset, {asked.row!r}).lazy().collect().to_series()"
    if asked.view == "issues":
        ids = f'ids = frame["{_ID}"].drop_nulls().unique().sort()'
    kept = "".join(f"    .filter({condition})\n" for condition in _conditions(asked))
    chart = (
        f"chart = da.charts.completeness(da.metric_coverage(dataset), as_of=dataset.as_of, "
        f"tz={tz!r})\n"
    )
    needs = "import polars as pl\n\n" if "pl." in kept + ids else ""
    return (
        f"{needs}import drift_analysis as da\n\n"
        f"frame = (\n    {_TABLES[asked.view]}\n{kept}    .collect()\n)\n"
        f"{chart if is_dated else ''}{ids}\n"
    )


def _conditions(asked: QualityAsked) -> list[str]:
    found = []
    if asked.view in ("findings", "issues"):
        found.append(f'pl.col("severity") >= {asked.severity!r}')
    if asked.metric is not None and asked.view == "metrics":
        found.append(f'pl.col("metric") == {asked.metric!r}')
    if asked.metric is not None and asked.view == "findings":
        limits = 'pl.col("affects").cast(pl.List(pl.String)).list.contains'
        found.append(f"{limits}({asked.metric!r})")
    name = {"rejects": "reason", "issues": "code"}.get(asked.view)
    if name is not None and asked.row is not None:
        found.append(f'pl.col("{name}").cast(pl.String) == {asked.row!r}')
    return found


def _about(frame: pl.DataFrame, name: str, row: str) -> pl.DataFrame:
    return frame.filter(pl.col(name).cast(pl.String) == row)
