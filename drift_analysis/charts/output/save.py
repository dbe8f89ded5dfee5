"""A chart as a file, for a slide, a page or a sheet; the same chart gives the same bytes."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import vl_convert

from drift_analysis.errors import InputError

from ..kit.color import LIGHT_GROUND
from .drawn_numbers import in_one, numbers_of
from .numbers import as_csv, as_xlsx, plain
from .render import described, inline_json, pdf, png, svg

if TYPE_CHECKING:
    from collections.abc import Callable

    import altair as alt

__all__ = ["SUFFIXES", "save"]

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
</head>
<body style="background: {ground}">
<figure role="img" aria-label="{title}"><div id="chart"></div></figure>
<script>{script}</script>
<script id="spec" type="application/json">{spec}</script>
<script>
const spec = JSON.parse(document.getElementById("spec").textContent);
vegaEmbed("#chart", spec, {{mode: "vega-lite", actions: false, renderer: "svg"}});
</script>
</body>
</html>
"""


def save(
    chart: alt.TopLevelMixin, path: str | Path, *, scale: float = 2, ppi: float | None = None
) -> Path:
    """Write a chart to a file, whose suffix says as what.

    Parameters
    ----------
    chart
        A chart of altair: one of ours, several composed with ``|`` and ``&``, or any other.
    path
        Where to; an existing file is replaced. ``.png``, ``.svg`` and ``.pdf`` are pictures,
        ``.html`` is a page that needs no network, ``.json`` is Vega-Lite's specification.
        ``.csv`` and ``.xlsx`` are the numbers that are drawn, of which no cell is a formula:
        lengths of time are seconds, and where several tables are drawn, a workbook has a sheet
        for each, and a CSV says in its first column which one a row is of.
    scale
        How many pixels of a PNG there are to one of the chart.
    ppi
        Pixels per inch of a PNG, before scaling; 72 if not given.

    Returns
    -------
    :
        The path that was written.

    Raises
    ------
    InputError
        If the suffix is none of these, the scale is not above 0, the folder does not exist, the
        file cannot be written, or numbers are asked for and the chart draws none.
    MissingExtra
        If ``.xlsx`` is asked for and xlsxwriter is not installed.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import altair as alt
    >>> from drift_analysis import charts
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = charts.save(alt.Chart().mark_point(), Path(folder) / "chart.svg")
    ...     print(written.name, written.read_text()[:4])
    chart.svg <svg
    """
    path = Path(path)
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise InputError.of(
            f"{path.name}: no kind of picture that can be written.",
            f"The suffix is {path.suffix!r}.",
            f"one of {', '.join(SUFFIXES)}.",
        )
    if not scale > 0:
        raise InputError.of(f"scale={scale!r} is not above 0.", "", "scale=2.")
    if not path.parent.is_dir():
        raise InputError.of(
            f"{path.name}: its folder does not exist.",
            f"The folder is {str(path.parent)!r}.",
            "Path(...).mkdir(parents=True) first.",
        )
    picture = write(described(chart.to_dict()), scale, ppi)
    try:
        path.write_bytes(picture)
    except OSError as error:
        raise InputError.of(
            f"{path.name}: cannot be written.",
            f"The system says: {error.strerror}.",
            "another place, or remove what stands there.",
        ) from error
    return path


def _as_html(spec: dict[str, Any]) -> bytes:
    title = html.escape(str(spec["description"]))
    script = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    ground = html.escape(str(spec.get("config", {}).get("background", LIGHT_GROUND)))
    page = _PAGE.format(title=title, ground=ground, script=script, spec=inline_json(spec))
    return page.encode()


def _as_json(spec: dict[str, Any]) -> bytes:
    return (json.dumps(spec, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()


def _as_xlsx(spec: dict[str, Any]) -> bytes:
    return as_xlsx({name: plain(table) for name, table in numbers_of(spec).items()})


_WRITERS: dict[str, Callable[[dict[str, Any], float, float | None], bytes]] = {
    ".png": lambda spec, scale, ppi: png(spec, scale=scale, ppi=ppi),
    ".svg": lambda spec, _scale, _ppi: svg(spec),
    ".pdf": lambda spec, _scale, _ppi: pdf(spec),
    ".html": lambda spec, _scale, _ppi: _as_html(spec),
    ".json": lambda spec, _scale, _ppi: _as_json(spec),
    ".csv": lambda spec, _scale, _ppi: as_csv(plain(in_one(numbers_of(spec)))),
    ".xlsx": lambda spec, _scale, _ppi: _as_xlsx(spec),
}

SUFFIXES = tuple(_WRITERS)
"""What `save` can write."""
