"""A picture in a view: drawn in Python, in the inks of the page that it stands on."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import anywidget
import traitlets

from drift_analysis.charts.render import described, svg
from drift_analysis.charts.theme import use_theme

if TYPE_CHECKING:
    from drift_analysis.charts.frame import Picture

__all__ = ["PicturePane"]

_HERE = Path(__file__).parent


class PicturePane(anywidget.AnyWidget):
    """One picture, with its alternative text; the browser says whether its page is dark.

    The drawing is the source of an image, in which nothing is live, whatever names it holds.
    """

    _esm = _HERE / "picture.js"
    _css = _HERE / "picture.css"

    source = traitlets.Unicode("").tag(sync=True)
    words = traitlets.Unicode("").tag(sync=True)
    ground = traitlets.Enum(("light", "dark"), "light").tag(sync=True)

    _chart: Picture | None = None

    def show(self, chart: Picture) -> None:
        """Show a picture in place of the one on show."""
        self._chart = chart
        self._draw()

    @traitlets.observe("ground")
    def _draw(self, _change: object = None) -> None:
        if self._chart is None:
            return
        with use_theme("dark" if self.ground == "dark" else "light"):
            spec = described(self._chart.to_dict())
        with self.hold_sync():
            self.source = f"data:image/svg+xml;base64,{b64encode(svg(spec)).decode()}"
            self.words = spec["description"]
