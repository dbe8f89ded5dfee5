"""What is seen of a view where no kernel runs: a picture, and a sentence that says so.

A notebook shows a live view only while its kernel runs, and takes nothing else from the same
output. So the picture is an output of its own before it; the style sheet that comes with a live
view hides it.
"""

from __future__ import annotations

import html
from base64 import b64encode
from typing import TYPE_CHECKING

from drift_analysis.charts.output.render import described, png, png_size

if TYPE_CHECKING:
    from drift_analysis.charts.kit.frame import Picture

__all__ = ["still"]

_SCALE = 1.5


def still(chart: Picture, name: str) -> dict[str, str]:
    """Return a picture of what is on show, as a notebook keeps it.

    Parameters
    ----------
    chart
        The picture.
    name
        What the view is called.

    Returns
    -------
    :
        A bundle with ``text/html``, in which nothing is live, and ``text/plain``.
    """
    spec = described(chart.to_dict())
    picture = png(spec, scale=_SCALE)
    width = round(png_size(picture)[0] / _SCALE)
    words = str(spec["description"])
    told = f"This {name} stands still. Run its cell to filter, click and read."
    source = f"data:image/png;base64,{b64encode(picture).decode()}"
    shown = (
        f'<div class="drift-still"><p>{html.escape(told)}</p>'
        f'<img src="{source}" width="{width}" alt="{html.escape(words)}"></div>'
    )
    return {"text/html": shown, "text/plain": f"{told}\n{words}"}
