"""The plot within a picture, for what one would add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from drift_analysis.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..kit.frame import Drawing, Picture

__all__ = ["change_plot"]


def change_plot(picture: Picture, change: Callable[[Drawing], Drawing]) -> Picture:
    """Change the plot of a picture, and keep the words around it.

    A picture is a plot with words above and below, and Altair layers nothing upon what is put
    together. The plot alone is a chart like any other.

    Parameters
    ----------
    picture
        A picture of this module.
    change
        What is made of its plot: ``lambda plot: plot + line``, or
        ``lambda plot: plot.interactive(bind_y=False)``. Where there are small panels, that of
        each.

    Returns
    -------
    :
        Another picture, with the same words.

    Raises
    ------
    InputError
        If it is no picture of this module.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import altair as alt
    >>> import polars as pl
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> picture = charts.flow(schemas.Flow.empty(), as_of=noon)
    >>> line = alt.Chart(pl.DataFrame({"at": [20]})).mark_rule().encode(y=alt.value(20))
    >>> charts.change_plot(picture, lambda plot: plot + line).description == picture.description
    True
    """
    given: object = picture
    parts = given.vconcat if isinstance(given, alt.VConcatChart) else []
    if not parts or not isinstance(parts[0], (alt.HConcatChart, *_PLOTS)):
        raise InputError.of(
            "change_plot() takes a picture of da.charts.",
            f"Got {type(picture).__name__}.",
            "da.charts.change_plot(da.charts.flow(...), lambda plot: plot + line).",
        )
    top = parts[0].copy(deep=False)
    if isinstance(top, alt.HConcatChart):
        *margin, plot = top.hconcat
        top.hconcat = [*margin, _changed(plot, change)]
    else:
        # The words stand on the plot itself here, and belong to the whole of what comes of it.
        words = {"title": top.title, "description": top.description}
        top.title = top.description = alt.Undefined
        top = _changed(top, change).properties(**words)
    changed = picture.copy(deep=False)
    changed.vconcat = [top, *parts[1:]]
    return changed


def _changed(plot: Any, change: Callable[[Drawing], Drawing]) -> Drawing:
    """Change a plot, or the one that each panel of it has."""
    if not isinstance(plot, alt.FacetChart):
        return change(plot)
    panels: Any = plot.copy(deep=False)
    panels.spec = change(panels.spec)
    changed: Drawing = panels
    return changed


_PLOTS = (alt.Chart, alt.LayerChart, alt.FacetChart)
