"""The one live chart of an explorer, which works without a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from altair import JupyterChart

if TYPE_CHECKING:
    from collections.abc import Callable

    import altair as alt

__all__ = ["LinkedChart"]

JupyterChart.enable_offline(True)  # noqa: FBT003  # before the class below takes the script over


class LinkedChart(JupyterChart):
    """A chart in the browser that tells when a bar or a stretch of time is picked in it.

    Altair's widget carries 0.9 MB of script, so one is kept, and other charts are put into it.
    """

    _css = (Path(__file__).parent / "explorer.css").read_text("utf-8")

    def __init__(self, on_pick: Callable[[list[dict[str, Any]], dict[str, Any]], None]) -> None:
        self._on_pick = on_pick
        options = {"actions": False, "renderer": "svg"}
        super().__init__(None, debounce_wait=40, embed_options=options)  # type: ignore[arg-type]
        self.add_class("drift-chart")

    def show(self, chart: alt.Chart) -> None:
        """Put another chart in place of the one on show."""
        self.chart = chart
        self.selections.observe(self._tell, ["bars", "brush"])

    def clear(self) -> None:
        """Show no chart."""
        self.chart = None

    def _tell(self, _change: object) -> None:
        picked = self.selections.trait_values()
        self._on_pick(picked["bars"].value, picked["brush"].value)
