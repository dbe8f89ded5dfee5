"""Files that are zip archives, such that the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

__all__ = ["WRITTEN", "same_bytes"]

WRITTEN = datetime(2000, 1, 1, tzinfo=UTC)
"""The moment that files say they were written at: what a clock says is no part of a result."""


def same_bytes(archive: bytes) -> bytes:
    """Return a zip archive with the same members in the same order, all of one moment.

    Examples
    --------
    >>> import io, zipfile
    >>> from drift_analysis.charts.output.deterministic import same_bytes
    >>> made = io.BytesIO()
    >>> with zipfile.ZipFile(made, "w") as archive:
    ...     archive.writestr("a.txt", "text")
    >>> zipfile.ZipFile(io.BytesIO(same_bytes(made.getvalue()))).infolist()[0].date_time
    (2000, 1, 1, 0, 0, 0)
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            info = zipfile.ZipInfo(member.filename, WRITTEN.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, old.read(member))
    return out.getvalue()
