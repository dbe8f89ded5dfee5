"""How a chart shows in a notebook: a PNG that needs no network, no kernel and no script."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import altair as alt

from .render import described, png, png_size

__all__ = ["mimebundle"]

_SCALE = 2
_VEGA_LITE_5 = "application/vnd.vegalite.v5+json"


def mimebundle(spec: dict[str, Any], **_options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a chart as a notebook keeps it, with the size at which to show it.

    Altair's own renderers load scripts from a network, or put data into a page without
    escaping it. This one gives a picture, the alternative text, and the specification for the
    Vega-Lite that JupyterLab carries itself, which is of version 5.

    Parameters
    ----------
    spec
        A specification, as `chart.to_dict()` gives it.

    Returns
    -------
    :
        The bundle, with ``image/png`` at twice the size, ``text/plain`` (the alternative text)
        and ``application/vnd.vegalite.v5+json``; and the metadata.
    """
    spec = described(spec)
    picture = png(spec, scale=_SCALE)
    width, height = (pixels // _SCALE for pixels in png_size(picture))
    words = str(spec["description"])
    live = {**spec, "$schema": "https://vega.github.io/schema/vega-lite/v5.json"}
    bundle = {
        "image/png": b64encode(picture).decode(),
        "text/plain": words,
        _VEGA_LITE_5: live,
    }
    shown = {"width": width, "height": height, "alt": words}
    return bundle, {"image/png": shown, _VEGA_LITE_5: {"embed_options": {"actions": False}}}


alt.renderers.register("drift_analysis", mimebundle)
if alt.renderers.active == "default":
    alt.renderers.enable("drift_analysis")
