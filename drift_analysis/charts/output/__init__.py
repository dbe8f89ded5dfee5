"""How a picture leaves: to the screen, to a file, with its explanation."""

from __future__ import annotations

__all__ = ()
