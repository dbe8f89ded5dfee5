"""The explanation of a result, printed under its picture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import altair as alt

from drift_analysis.errors import InputError
from drift_analysis.metrics import Explained
from drift_analysis.metrics.explained.show import accounting, business_hours

from ..kit.frame import Drawing, Picture, Space, captioned
from ..kit.words import as_of_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["explained"]

_PICTURES = (alt.Chart, alt.LayerChart, alt.FacetChart, alt.HConcatChart, alt.VConcatChart)


def explained(
    picture: Drawing | Picture | alt.HConcatChart, explanation: Explained[Any], *, tz: str = "UTC"
) -> Picture:
    """Print under a picture what its numbers are, and what was left out.

    Parameters
    ----------
    picture
        A picture of this module, or any altair chart.
    explanation
        What `da.explain` returned, of whose table the picture is. What stands behind it is
        counted now, of lazy frames as well.
    tz
        The time zone in which `as_of` is told.

    Returns
    -------
    :
        The picture, with sentences under it: the definition and whose it is, how many of the
        conversations that were given entered, why the others did not, the business hours, and
        `as_of` if the picture does not tell it already.

    Raises
    ------
    InputError
        If it is no picture or no explanation, or there is no such time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> import drift_analysis as da
    >>> as_of = datetime(2026, 2, 1, tzinfo=UTC)
    >>> dataset = da.load(b'{"data": [{"id": 1, "status": "open", "createdAt": 1767600000000}]}')
    >>> found = da.explain(da.tag_frequency, dataset.conversations)
    >>> picture = da.charts.tag_frequency(found.table, as_of=as_of)
    >>> picture = da.charts.explained(picture, found)
    >>> print(" ".join(picture.vconcat[-1].mark.text).rpartition("own. ")[2])
    0 of 1 conversation counted.
    """
    given: tuple[object, object] = picture, explanation
    if not isinstance(given[0], _PICTURES) or not isinstance(given[1], Explained):
        what = "explained() takes a picture and its explanation."
        evidence = f"Got {type(picture).__name__} and {type(explanation).__name__}."
        remedy = "da.charts.explained(da.charts.tag_frequency(found.table, ...), found)."
        raise InputError.of(what, evidence, remedy)
    parts = list(picture.vconcat) if isinstance(picture, alt.VConcatChart) else [picture]
    width = getattr(parts[-1], "width", alt.Undefined)
    width = width if isinstance(width, int) else Space.of("full").width
    words = captioned(_sentences(explanation, _told(parts[-1]), tz), width)
    if isinstance(picture, alt.VConcatChart):
        below = picture.copy()
        below.vconcat = [*parts, words]
        return below
    return alt.vconcat(picture, words, spacing=10)


def _sentences(explanation: Explained[Any], told: str, tz: str) -> Iterator[str]:
    """Give what is to be said, without what a caption has told already."""
    yield explanation.definition
    if explanation.stage is not None:
        yield accounting(explanation, without=_repeated(explanation, told))
    if hours := business_hours(explanation):
        yield f"Business hours: {hours}."
    moment = explanation.as_of
    if moment is not None and as_of_sentence(moment, tz) not in told:
        yield as_of_sentence(moment, tz)


def _repeated(explanation: Explained[Any], told: str) -> list[str]:
    """Name the reasons that the table tells, and of which the caption says how many."""
    return [
        reason
        for reason, n, _ in explanation.left_out.iter_rows()
        if reason in explanation.told and re.search(rf"(?<![\d,.]){n:,}(?![\d,.]*\d)", told)
    ]


def _told(part: object) -> str:
    """Return what a caption says; nothing if it is none."""
    text = getattr(getattr(part, "mark", None), "text", None)
    return " ".join(text).replace("\u00a0", " ") if isinstance(text, list) else ""
