"""What could not be read, and what was read but is suspicious."""

from __future__ import annotations

import dataframely as dy

from .base import Table
from .columns import enum, identifier, string

__all__ = ["REASONS", "SEVERITIES", "Issues", "Rejects"]

REASONS = (
    "not_json",
    "not_drift",
    "truncated",
    "bad_encoding",
    "not_a_record",
    "missing_field",
    "wrong_type",
    "unknown_kind",
    "no_table",
    "request_body",
    "error_reply",
    "transcript",
    "unreadable",
)
"""Why something was rejected. The `detail` of a reject says it in a sentence."""

SEVERITIES = ("info", "warning", "error")
"""How much an issue matters: for the record, look at it, numbers are affected."""


class Rejects(Table):
    """One row for each thing that was read and fits no table, kept whole and located."""

    source = string("Where it was read from.")
    line = dy.UInt64(
        nullable=True,
        description="The line on which it begins, from 1.",
        metadata={"null": "not read from text"},
    )
    index = dy.UInt64(
        nullable=True,
        description="Its place among the records of its source, from 0.",
        metadata={"null": "not a record of a list"},
    )
    byte_offset = dy.UInt64(
        nullable=True,
        description="The byte at which it begins, from 0, after unpacking.",
        metadata={"null": "not read from bytes", "unit": "bytes"},
    )
    record_type = string("What kind of record it would have been.", null="not recognised")
    reason = enum(REASONS, "Why it was rejected.")
    detail = string("The reason as a sentence; names, counts and positions, never a value.")
    raw = dy.Binary(
        description="The bytes as they were read; personal, so look at them with care.",
        metadata={"null": None, "unit": "bytes"},
    )


class Issues(Table):
    """One row for each kind of thing that was loaded but is suspicious, or was repaired."""

    severity = enum(SEVERITIES, "How much it matters.")
    code = string("A short name for it, such as `unknown_status`.")
    table = string("The table it is about.")
    conversation_id = identifier("The conversation.", null="about several, or none")
    message_id = identifier("The message.", null="about several, or none")
    n = dy.UInt32(description="How many rows or records it is about.", metadata={"null": None})
    detail = string("What it is, as a sentence; names and counts, never a body.")
