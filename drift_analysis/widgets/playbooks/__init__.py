"""Two playbooks, or a playbook and the rest, side by side."""

from __future__ import annotations

__all__ = ()
