"""What stands in place of a view where no kernel runs: a picture, and a sentence.

A notebook shows a live view only while its kernel runs, and takes nothing else from the same
output. So the sentence and the picture are outputs of their own below it.
"""

from __future__ import annotations

import html
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from IPython.display import display

from drift_analysis.charts.output.render import described, png, png_size

if TYPE_CHECKING:
    from drift_analysis.charts.kit.frame import Picture

__all__ = ["display_with_picture"]

_ADVICE = "Run this cell again to filter, click and read."
_SCALE = 1.5


def display_with_picture(view: Any, picture: Picture, summary: str) -> None:
    """Display a view, and below it what a page says that cannot run it.

    While the view is alive its style sheet hides the two: a sentence of the class
    ``drift-still``, and the picture right after it. They stay in the notebook as they were when
    the cell ran, and nothing in them is live.

    Parameters
    ----------
    view
        The view to show.
    picture
        A chart of what is on show.
    summary
        What the picture shows, in words.
    """
    sentence = f"{summary}. {_ADVICE}"
    spec = described(picture.to_dict())
    drawn = png(spec, scale=_SCALE)
    width = round(png_size(drawn)[0] / _SCALE)
    live = {**view._repr_mimebundle_(), "text/plain": sentence}
    note = {
        "text/html": f'<p class="drift-still">{html.escape(sentence)}</p>',
        "text/plain": sentence,
    }
    still = {"image/png": b64encode(drawn).decode(), "text/plain": sentence}
    words = {"image/png": {"alt": str(spec["description"]), "width": width}}
    outputs: list[tuple[dict[str, str], dict[str, Any]]] = [(live, {}), (note, {}), (still, words)]
    for output, metadata in outputs:
        display(output, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]
