"""Make a drawing fit to stand inside a page: inert, described, with ids of its own."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

__all__ = ["inline"]

_NAMESPACE = "http://www.w3.org/2000/svg"
_SHAPES = (
    "svg g defs clipPath linearGradient radialGradient stop pattern path rect line circle ellipse "
    "polygon polyline text tspan"
)
_DRAWING = (
    "id d x y x1 y1 x2 y2 dx dy cx cy r rx ry fx fy offset width height viewBox points transform "
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray "
    "stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit opacity clip-path display "
    "font-family font-size font-style font-weight text-anchor dominant-baseline "
    "gradientUnits gradientTransform patternUnits patternTransform stop-color stop-opacity"
)
_ELEMENTS = frozenset(_SHAPES.split())
_ATTRIBUTES = frozenset(_DRAWING.split())
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def inline(svg: str, *, name: str, alt: str) -> str:
    """Turn a drawing into an element of a page.

    Only shapes, text and what paints them are kept, so that nothing in it can run or load.
    Drawings made apart use the same ids for their clips; here they carry the drawing's name.

    Parameters
    ----------
    svg
        The drawing, as vl-convert writes it.
    name
        A name that no other drawing of the page has.
    alt
        What it shows, for those who cannot see it.

    Returns
    -------
    :
        An ``<svg>`` element with ``role="img"``, which is also a file of its own; the same text
        for the same drawing.

    Examples
    --------
    >>> inline('<svg width="9" onload="x()"><script>x()</script></svg>', name="a", alt="A dot")
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" role="img" aria-label="A dot" />'
    """
    root = ET.fromstring(svg)
    _keep_shapes(root)
    given = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    ids = {old: f"{name}-{n}" for n, old in enumerate(given)}
    for element in root.iter():
        _rename_ids(element, ids)
    root.attrib = {"xmlns": _NAMESPACE, **root.attrib, "role": "img", "aria-label": alt}
    return ET.tostring(root, encoding="unicode")


def _keep_shapes(element: ET.Element) -> None:
    element.tag = _local(element.tag)
    element.attrib = {key: value for key, value in element.attrib.items() if key in _ATTRIBUTES}
    for child in list(element):
        if _local(child.tag) in _ELEMENTS:
            _keep_shapes(child)
        else:
            element.remove(child)


def _rename_ids(element: ET.Element, ids: dict[str, str]) -> None:
    for key, value in element.attrib.items():
        if key == "id":
            element.set(key, ids[value])
        elif "url" in value.lower():
            own = _REFERENCE.fullmatch(value)
            element.set(key, f"url(#{ids[own[1]]})" if own and own[1] in ids else "none")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
