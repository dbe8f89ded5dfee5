"""What Drift has counted or written down itself: stats, reports and transcripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import ReportMetrics
from drift_analysis.sources.reports import load_report_metrics

from . import resources
from .connection import Connection
from .retry import Pace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Reports"]

_PER_SECOND = 1.0
"""Drift's documentation: the reporting API takes 60 calls a minute."""


class Reports(Connection):
    """Ask for what Drift has counted or written down itself."""

    _report_pace: Pace | None = None

    def fetch_stats(self) -> dict[str, int]:
        """Fetch how many conversations have each status now.

        Returns
        -------
        :
            Counts by status, in lower case; Drift counts ``open``, ``closed`` and ``pending``.

        Raises
        ------
        ApiError
            If Drift refuses.
        Incomplete
            If there was no good answer.

        Examples
        --------
        >>> import httpx
        >>> from drift_analysis.sources.api.client import DriftClient
        >>> reply = {"conversationCount": {"CLOSED": 2, "OPEN": 1}}
        >>> drift = httpx.MockTransport(lambda request: httpx.Response(200, json=reply))
        >>> with DriftClient("an-invented-token", transport=drift) as client:
        ...     client.fetch_stats()
        {'closed': 2, 'open': 1}
        """
        reply = self.get("/conversations/stats", {}, 1, _fault_of_stats)
        counts = reply.value["conversationCount"]
        return {str(status).lower(): int(count) for status, count in counts.items()}

    def fetch_report(
        self, metrics: Sequence[str], *, filters: Sequence[Mapping[str, Any]] = ()
    ) -> pl.DataFrame:
        """Ask Drift's reporting API for its own numbers; it changes nothing.

        Drift documents no pages and no most rows; ``count`` of the reply is held against the rows.

        Parameters
        ----------
        metrics
            Names of Drift's properties, such as ``timeToCloseMillis``; all must be numbers.
        filters
            Each as Drift documents it: ``property``, ``operation`` and, mostly, ``values``.

        Returns
        -------
        :
            A `ReportMetrics` table, as `load_report_metrics` returns it: null where Drift has
            none ("NaN"), and what has no column in ``extra``.

        Raises
        ------
        InputError
            If there are no metrics, or one is named twice.
        ApiError
            If Drift refuses, such as for a property that it does not have.
        Incomplete
            If there was no good answer.

        Examples
        --------
        >>> import httpx
        >>> from drift_analysis.sources.api.client import DriftClient
        >>> reply = {"count": 1, "data": [{"conversationId": 7, "metrics": [250, "NaN"]}]}
        >>> drift = httpx.MockTransport(lambda request: httpx.Response(200, json=reply))
        >>> with DriftClient("an-invented-token", transport=drift) as client:
        ...     report = client.fetch_report(["timeToCloseMillis", "lastAgentId"])
        >>> report.select("conversation_id", "time_to_close", "last_agent_id").row(0)
        (7, datetime.timedelta(microseconds=250000), None)
        """
        names = [metrics] if isinstance(metrics, str) else list(metrics)
        if not names or len(set(names)) != len(names):
            raise InputError.of(
                "A report needs metrics, each once.",
                f"Got {len(names)}.",
                'fetch_report(["timeToCloseMillis", "numAgentMessages"]).',
            )
        if self._report_pace is None:
            self._report_pace = Pace(_PER_SECOND, self._retry)
        self._report_pace.turn()
        question = {"filters": [dict(each) for each in filters], "metrics": names}
        fault = _fault_of_report(len(names))
        reply = self.ask("/reports/conversations", {}, 1, fault, body=question)
        if not reply.value["data"]:
            return ReportMetrics.empty()
        table = load_report_metrics(reply.body, metrics=names)
        return table.with_columns(pl.lit(reply.path).alias(ReportMetrics.source.name))

    def fetch_transcript(self, conversation_id: int) -> str:
        """Fetch the transcript that Drift writes of a conversation.

        It has no year, and names in place of ids: to read, not to count. For that there is
        `DriftClient.fetch_messages`.

        Parameters
        ----------
        conversation_id
            Drift's id of the conversation.

        Returns
        -------
        :
            The text as it was sent; personal.

        Raises
        ------
        InputError
            If the id is not a whole number.
        ApiError
            If Drift refuses, such as for an id that it does not have.
        Incomplete
            If there was no good answer.

        Examples
        --------
        >>> import httpx
        >>> from drift_analysis.sources.api.client import DriftClient
        >>> text = "Nov 2, 12:48:26 PM PDT Agent: Hello"
        >>> drift = httpx.MockTransport(lambda request: httpx.Response(200, text=text))
        >>> with DriftClient("an-invented-token", transport=drift) as client:
        ...     client.fetch_transcript(7)
        'Nov 2, 12:48:26 PM PDT Agent: Hello'
        """
        number = resources.whole_number(conversation_id)
        path = f"/conversations/{number}/transcript"
        return str(self.ask(path, {}, 1, _fault_of_text, decode=_text).value)


def _fault_of_stats(value: Any) -> str | None:
    counts = value.get("conversationCount") if isinstance(value, dict) else None
    is_good = isinstance(counts, dict) and all(isinstance(n, int) for n in counts.values())
    return None if is_good else "a reply without counts"


def _fault_of_report(width: int) -> Any:
    def fault(value: Any) -> str | None:
        rows = value.get("data") if isinstance(value, dict) else None
        if not isinstance(rows, list) or not all(_is_row(row, width) for row in rows):
            return "a reply without the numbers that were asked for"
        return None if value.get("count", len(rows)) == len(rows) else "fewer rows than it counts"

    return fault


def _is_row(row: Any, width: int) -> bool:
    if not isinstance(row, dict) or not isinstance(row.get("conversationId"), int):
        return False
    found = row.get("metrics")
    return isinstance(found, list) and len(found) == width


def _text(body: bytes) -> Any:
    """Read a transcript: text, or as one source has it, text in an envelope."""
    text = body.decode()
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value.get("data", value) if isinstance(value, dict) and "error" not in value else value


def _fault_of_text(value: Any) -> str | None:
    is_text = isinstance(value, str) and not value.lstrip().startswith("<")
    return None if is_text else "a reply without text"
