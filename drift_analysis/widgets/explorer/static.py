"""What stands in place of a widget where no kernel runs: a picture, and a sentence."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from IPython.display import display

from drift_analysis.charts.output.render import described, png

if TYPE_CHECKING:
    from drift_analysis.charts.kit.frame import Picture

__all__ = ["display_with_picture"]

_ADVICE = "Run this cell again to filter, click and read."


def display_with_picture(widget: Any, picture: Picture, summary: str) -> None:
    """Display a widget, and below it what a page says that cannot run it.

    While the widget is alive its style sheet hides the two: a sentence of the class
    ``drift-static``, and the picture right after it. They stay in the notebook as they were when
    the cell ran.

    Parameters
    ----------
    widget
        The widget to show.
    picture
        A chart of what is on show.
    summary
        What the picture shows, in words that need no escaping.
    """
    sentence = f"{summary}. {_ADVICE}"
    live = {**widget._repr_mimebundle_(), "text/plain": sentence}
    spec = described(picture.to_dict())
    drawn = base64.b64encode(png(spec, scale=1)).decode()
    note = {"text/html": f'<p class="drift-static">{sentence}</p>', "text/plain": sentence}
    alt = {"image/png": {"alt": str(spec.get("description", ""))}}
    still = {"image/png": drawn, "text/plain": sentence}
    outputs: list[tuple[dict[str, str], dict[str, Any]]] = [(live, {}), (note, {}), (still, alt)]
    for output, metadata in outputs:
        display(output, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]
