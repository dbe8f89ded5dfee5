"""The archive: tables kept as plain Parquet, to which exports are added one after another."""

from __future__ import annotations

from .erase import erase
from .load import load_archive
from .scan import scan_archive
from .write import write_archive

__all__ = ["erase", "load_archive", "scan_archive", "write_archive"]
