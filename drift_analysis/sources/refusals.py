"""The errors of the loaders: a source that holds nothing of Drift's, a record under `strict`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drift_analysis.errors import SourceError

if TYPE_CHECKING:
    from .framing.records import Document, Framed, Problem
    from .reading import Reading

__all__ = ["REMEDIES", "refuse_record", "refuse_source"]

_NOTHING = frozenset(
    {"not_json", "not_drift", "unknown_kind", "not_a_record", "unreadable", "transcript"}
    | {"error_reply"}
)
"""The reasons that leave nothing of Drift's: where all that was read has one, `load` raises."""

REMEDIES = {
    "not_json": "saving the reply again, byte for byte.",
    "not_drift": "fetching it again with a valid token; DriftClient does.",
    "truncated": "fetching or copying it again; without strict, the whole records are kept.",
    "bad_encoding": "saving the reply again, byte for byte; without strict, the rest is loaded.",
    "not_a_record": "the list or the object that holds the records.",
    "missing_field": "the reply as Drift sent it; without strict, the other records are loaded.",
    "wrong_type": "the reply as Drift sent it; without strict, the other records are loaded.",
    "unknown_kind": "conversations, messages or another of Drift's own replies.",
    "no_table": "without strict, the other records are loaded.",
    "request_body": "what Drift answered to it.",
    "error_reply": "fetching it again; the reply itself says what was wrong.",
    "transcript": "the messages of the conversation: GET /conversations/{id}/messages.",
    "unreadable": "the JSON in it, unpacked; without strict, the other records are loaded.",
}
"""What helps, for each reason of `Rejects`."""


def refuse_record(document: Document, framed: Framed, problem: Problem) -> SourceError:
    """Make an error of the first reject, in the words of its row."""
    place = f"line {framed.line}, " if document.located else ""
    kind = f", record type {problem.record_type}" if problem.record_type else ""
    return SourceError.of(
        f"{document.source}, {place}record {framed.number}: {problem.detail}",
        f"Reason: {problem.reason}{kind}.",
        REMEDIES[problem.reason],
    )


def refuse_source(reading: Reading) -> None:
    """Raise if something was read, but nothing of Drift's was among it.

    Raises
    ------
    SourceError
        With the place and the words of the first reject.
    """
    first = reading.rejects.first
    if first is None or any(reading.accepted.values()) or reading.control:
        return
    if not reading.rejects.reasons.keys() <= _NOTHING:
        return
    others = reading.records - 1
    raise SourceError.of(
        f"{first['source']}: {first['detail']}",
        f"Nothing of Drift's was found here or in {others} other record(s)." if others else "",
        REMEDIES[first["reason"]],
    )
