"""The explanations of all metrics, by their function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import (
    closes,
    containment,
    journeys,
    load,
    playbooks,
    reconcile,
    responses,
    status,
    survival,
    tags,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from .explanation import Explanation

__all__ = ["EXPLANATIONS"]

EXPLANATIONS: dict[Callable[..., Any], Explanation] = {
    metric: explanation
    for topic in (
        status,
        closes,
        responses,
        containment,
        load,
        playbooks,
        journeys,
        tags,
        survival,
        reconcile,
    )
    for metric, explanation in topic.EXPLANATIONS.items()
}
