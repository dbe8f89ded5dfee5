"""The command line: review and check exports, fetch, sync and archive them, make a sample."""

from __future__ import annotations

from . import review, saved, served
from .app import app, main

__all__ = ["app", "main", "review", "saved", "served"]
