"""What is to be said of a whole load: missing pages, skipped files, messages of connectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .reading import Reading

__all__ = ["remarks"]

_MISSING = "The last page that was read says that there is another one, which was not read."


def remarks(reading: Reading) -> list[dict[str, Any]]:
    """Return rows of `Issues` for what is about the load, and not about single records."""
    rows = [
        _row("warning", "page_missing", table, len(lists), _MISSING, lists)
        for table, lists in reading.pages.missing().items()
    ]
    if reading.skipped:
        detail = f"Files that were not read, by their ending: {_counted(reading.skipped)}."
        rows.append(_row("warning", "file_skipped", "rejects", reading.skipped.total(), detail))
    if reading.control:
        detail = f"Messages of a connector that hold no record: {_counted(reading.control)}."
        rows.append(_row("info", "connector_message", "rejects", reading.control.total(), detail))
    return rows


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in sorted(counts.items()))


def _row(
    severity: str, code: str, table: str, n: int, detail: str, lists: list[int | None] | None = None
) -> dict[str, Any]:
    return {
        "severity": severity,
        "code": code,
        "table": table,
        "conversation_id": lists[0] if lists and n == 1 else None,
        "message_id": None,
        "n": n,
        "detail": detail,
    }
