"""What the pictures are made of: theme, frame, axes, marks, words."""

from __future__ import annotations

__all__ = ()
