"""A picture in a view: drawn in Python, in the inks of the page that it stands on."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import anywidget
import traitlets

from drift_analysis.charts.kit.theme import use_theme
from drift_analysis.charts.output.render import described, svg

if TYPE_CHECKING:
    from collections.abc import Callable

    from drift_analysis.charts.kit.frame import Picture

__all__ = ["PicturePane"]

_HERE = Path(__file__).parent
_MOST = 12  # pictures that are kept, to be shown again


class PicturePane(anywidget.AnyWidget):
    """One picture, with its alternative text; the browser says whether its page is dark.

    Nothing is drawn before there is a page. The drawing is the source of an image, in which
    nothing is live, whatever names it holds.
    """

    _esm = _HERE / "picture.js"
    _css = _HERE / "picture.css"

    source = traitlets.Unicode("").tag(sync=True)
    words = traitlets.Unicode("").tag(sync=True)
    ground = traitlets.Enum(("", "light", "dark"), "").tag(sync=True)

    _make: Callable[[], Picture] | None = None
    _asked: object = None

    def __init__(self) -> None:
        self._drawn: dict[object, tuple[str, str]] = {}
        super().__init__()

    def show(self, make: Callable[[], Picture], asked: object) -> None:
        """Show the picture that `make` gives; what was `asked` for before is not drawn again."""
        if asked != self._asked:
            self._make, self._asked = make, asked
            self._draw()

    @traitlets.observe("ground")
    def _draw(self, _change: object = None) -> None:
        if self._make is None or not self.ground:
            return
        key = self._asked, self.ground
        if key not in self._drawn:
            kept = list(self._drawn.items())[1 - _MOST :]
            self._drawn = {**dict(kept), key: self._drawing(self._make())}
        with self.hold_sync():
            self.source, self.words = self._drawn[key]

    def _drawing(self, chart: Picture) -> tuple[str, str]:
        """Return a picture as the source of an image, and its alternative text."""
        with use_theme("dark" if self.ground == "dark" else "light"):
            # Our own charts are valid; to check each again would take a third of the time.
            spec = described(chart.to_dict(validate=False))
        return f"data:image/svg+xml;base64,{b64encode(svg(spec)).decode()}", spec["description"]
