"""Load what Drift's reporting API said of conversations: numbers whose names the request had."""

from __future__ import annotations

import json
import math
import warnings
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.errors import InputError, SourceError
from drift_analysis.schemas import ReportMetrics

from .fields import Unfit, as_id, as_moment
from .framing.files import documents, name_of
from .framing.frames import frames
from .kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .framing.files import Source
    from .framing.records import Framed

__all__ = ["load_report_metrics"]


def _count(value: Any, repairs: list[str]) -> int:
    number = as_id(value, repairs)
    if 0 <= number < 2**32:
        return number
    raise Unfit("a count")


def _length(value: Any, repairs: list[str]) -> int:
    number = as_id(value, repairs)
    if number >= 0:
        return number
    raise Unfit("a length of time")


_COLUMNS: dict[str, tuple[str, Callable[[Any, list[str]], int]]] = {
    "createdAt": ("created_at", as_moment),
    "updatedAt": ("updated_at", as_moment),
    "firstCloseAt": ("first_close_at", as_moment),
    "firstAgentMessageAt": ("first_agent_message_at", as_moment),
    "timeToCloseMillis": ("time_to_close", _length),
    "timeToAgentResponseMillis": ("time_to_agent_response", _length),
    "numAgentMessages": ("agent_messages", _count),
    "numBotMessages": ("bot_messages", _count),
    "numEndUserMessages": ("contact_messages", _count),
    "lastAgentId": ("last_agent_id", as_id),
    "endUserId": ("contact_id", as_id),
    "relatedPlaybookId": ("playbook_id", as_id),
}


def load_report_metrics(
    source: Source, *, metrics: Sequence[str], strict: bool = False
) -> pl.DataFrame:
    """Load saved replies of Drift's reporting API.

    A reply holds, for each conversation, numbers without names: those that the request asked
    for, in its order. What Drift does not have is ``NaN``, as text or bare, and becomes null.
    Such a reply is read by this function alone; to `load` it is a reject.

    Parameters
    ----------
    source
        As for `load`: a path, a folder, bytes, or parsed JSON.
    metrics
        The list ``metrics`` of the request, such as ``["timeToCloseMillis", "createdAt"]``.
        A name without a column is kept in ``extra``.
    strict
        Whether a row that cannot be read becomes an error.

    Returns
    -------
    :
        A `ReportMetrics` table, one row per conversation, sorted by ``conversation_id``:
        ``created_at``, ``updated_at``, ``first_close_at``, ``first_agent_message_at``,
        ``time_to_close``, ``time_to_agent_response``, ``agent_messages``, ``bot_messages``,
        ``contact_messages``, ``last_agent_id``, ``contact_id``, ``playbook_id``, ``extra``,
        ``source``. Of a conversation that is there several times, the last is kept. A value that
        does not fit its column is in ``extra``, too.

    Raises
    ------
    InputError
        If `metrics` is no list of names, or names one twice.
    SourceError
        If there is no such file, or no row of a report in it; with `strict`, if a row has no id
        or another number of values than `metrics` has names.

    Warns
    -----
    UserWarning
        If rows could not be read.

    Examples
    --------
    >>> from drift_analysis.sources import load_report_metrics
    >>> reply = {"count": 1, "data": [{"conversationId": 1, "metrics": [4941610, "NaN"]}]}
    >>> names = ["timeToCloseMillis", "timeToAgentResponseMillis"]
    >>> found = load_report_metrics(reply, metrics=names)
    >>> found.select("conversation_id", "time_to_close", "time_to_agent_response")
    shape: (1, 3)
    ┌─────────────────┬──────────────────┬────────────────────────┐
    │ conversation_id ┆ time_to_close    ┆ time_to_agent_response │
    │ ---             ┆ ---              ┆ ---                    │
    │ i64             ┆ duration[ms]     ┆ duration[ms]           │
    ╞═════════════════╪══════════════════╪════════════════════════╡
    │ 1               ┆ 1h 22m 21s 610ms ┆ null                   │
    └─────────────────┴──────────────────┴────────────────────────┘
    """
    names = _names(metrics)
    rows: dict[int, dict[str, Any]] = {}
    lost = read = 0
    for place, record in _records(source):
        read += 1
        row = _row(record, names)
        if row is None:
            lost += 1
            if strict:
                raise _unfit(place, names)
        else:
            rows[row["conversation_id"]] = row | {"source": place}
    if not read:
        raise SourceError.of(
            f"{name_of(source)}: no row of a report in it.",
            "A row has the keys `conversationId` and `metrics`.",
            "the reply of POST /reports/conversations; load(...) for everything else.",
        )
    if lost:
        total = "row of the report was" if lost == 1 else "rows of the report were"
        message = f"{name_of(source)}: {lost} {total} rejected; strict=True says where."
        warnings.warn(message, stacklevel=2)
    table = pl.DataFrame(list(rows.values()), schema=ReportMetrics.schema(), orient="row")
    return ReportMetrics.checked(table.sort("conversation_id"))


def _names(metrics: Any) -> list[str]:
    names = list(metrics) if isinstance(metrics, list | tuple) else []
    if not names or not all(isinstance(name, str) for name in names):
        what = "metrics= is no list of names."
        raise InputError.of(
            what, f"Got {type(metrics).__name__}.", "the list `metrics` of the request."
        )
    if twice := [name for name in names if names.count(name) > 1]:
        what = f"metrics= has {twice[0]!r} twice."
        raise InputError.of(
            what, "Each number goes into one column.", "the list `metrics` of the request."
        )
    return names


def _records(source: Source) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows of reports, and the name of the document that each was found in."""
    for document in documents(source):
        for framed in frames(document):
            record = _value(framed)
            if kind_of(record) == "report":
                yield document.source, record


def _value(framed: Framed) -> Any:
    """Return a record; one with a bare ``NaN``, which is no JSON, too."""
    bare = framed.problem and framed.problem.record_type == "report"
    return json.loads(framed.raw) if bare else framed.value


def _row(record: dict[str, Any], names: list[str]) -> dict[str, Any] | None:
    """Put the numbers of a row into their columns; null if it cannot be told which is which."""
    values = record["metrics"]
    if not isinstance(values, list) or len(values) != len(names):
        return None
    try:
        row: dict[str, Any] = {"conversation_id": as_id(record["conversationId"], [])}
    except Unfit:
        return None
    extra = {k: v for k, v in record.items() if k not in ("conversationId", "metrics")}
    told = {n: v for n, v in zip(names, values, strict=True) if not _is_nothing(v)}
    extra |= {name: value for name, value in told.items() if not _placed(row, name, value)}
    return row | {"extra": json.dumps(extra) if extra else None}


def _placed(row: dict[str, Any], name: str, value: Any) -> bool:
    column, read = _COLUMNS.get(name, (None, as_id))
    if column is None:
        return False
    try:
        row[column] = read(value, [])
    except Unfit:
        return False
    return True


def _is_nothing(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().lower() == "nan"
    return value is None or (isinstance(value, float) and math.isnan(value))


def _unfit(place: str, names: list[str]) -> SourceError:
    return SourceError.of(
        f"{place}: a row of the report does not have {len(names)} numbers and an id.",
        "Which number is which is told by the order of the request alone.",
        "the list `metrics` of the request that this reply answers.",
    )
