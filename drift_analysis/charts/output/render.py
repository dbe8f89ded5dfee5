"""A chart's specification as bytes of a picture, drawn without a browser and without a network."""

from __future__ import annotations

import json
import re
import struct
import zlib
from typing import Any

import altair as alt
import vl_convert

from .pdf_order import ordered

__all__ = ["VERSION", "described", "inline_json", "pdf", "png", "png_size", "svg", "svg_size"]

VERSION = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
"""The version of Vega-Lite that altair writes, such as ``6.4``."""

_PNG = b"\x89PNG\r\n\x1a\n"
_LEVEL = 6
_UNSAFE = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


def described(spec: dict[str, Any]) -> dict[str, Any]:
    """Give a specification the alternative texts of all its parts, each once, as its own.

    Altair keeps that of the first with ``&``, and none with ``|``.

    Examples
    --------
    >>> from drift_analysis.charts.output.render import described
    >>> described({"hconcat": [{"description": "Bars."}, {"description": "Dots."}]})["description"]
    'Bars. Dots.'
    """
    texts = dict.fromkeys(_descriptions(spec))
    return {**spec, "description": " ".join(texts) or "A chart."}


def _descriptions(spec: dict[str, Any]) -> list[str]:
    own = [str(spec["description"])] if spec.get("description") else []
    parts = [part for kind in ("vconcat", "hconcat", "concat") for part in spec.get(kind, [])]
    return own + [text for part in parts for text in _descriptions(part)]


def png(spec: dict[str, Any], *, scale: float = 2, ppi: float | None = None) -> bytes:
    """Draw a specification as PNG, with the alternative text inside.

    `ppi` overrules 72 points per inch before scaling.
    """
    picture = vl_convert.vegalite_to_png(
        spec, vl_version=VERSION, scale=scale, ppi=ppi, allowed_base_urls=[]
    )
    return _packed(bytes(picture), str(spec.get("description", "")))


def _packed(picture: bytes, description: str) -> bytes:
    """Compress the pixels of a PNG well, which makes it a third in size, and describe it."""
    chunks: list[tuple[bytes, bytes]] = []
    at = len(_PNG)
    while at < len(picture):
        (size,) = struct.unpack(">I", picture[at : at + 4])
        chunks.append((picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]))
        at += 12 + size
    pixels = zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT"))
    before = [chunk for chunk in chunks if chunk[0] not in {b"IDAT", b"IEND"}]
    words = (b"iTXt", b"Description\0\0\0\0\0" + description.encode())
    packed = [*before, words, (b"IDAT", zlib.compress(pixels, _LEVEL)), (b"IEND", b"")]
    return _PNG + b"".join(_chunk(kind, data) for kind, data in packed)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def svg(spec: dict[str, Any]) -> bytes:
    """Draw a specification as SVG."""
    text = vl_convert.vegalite_to_svg(spec, vl_version=VERSION, allowed_base_urls=[])
    return str(text).encode()


def pdf(spec: dict[str, Any]) -> bytes:
    """Draw a specification as PDF, with its fonts inside."""
    return ordered(bytes(vl_convert.svg_to_pdf(svg(spec).decode())))


def png_size(picture: bytes) -> tuple[int, int]:
    r"""Read width and height from the first chunk (IHDR) of a PNG.

    Examples
    --------
    >>> from drift_analysis.charts.output.render import png_size
    >>> png_size(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0\0\5\0" + b"\0\0\2\x80")
    (1280, 640)
    """
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def svg_size(drawing: str) -> tuple[float, float]:
    """Read width and height from the first element of an SVG.

    Examples
    --------
    >>> from drift_analysis.charts.output.render import svg_size
    >>> svg_size('<svg class="marks" width="640" height="320.5" viewBox="0 0 640 320.5">')
    (640.0, 320.5)
    """
    first, _, _ = drawing.partition(">")
    sizes = [re.search(rf' {name}="([\d.]+)"', first) for name in ("width", "height")]
    width, height = (float(found[1]) if found else 0.0 for found in sizes)
    return width, height


def inline_json(value: object) -> str:
    r"""Write JSON that can stand inside a script element: nothing in it can end the element.

    Examples
    --------
    >>> from drift_analysis.charts.output.render import inline_json
    >>> print(inline_json({"tag": "</script>"}))
    {"tag":"\u003c/script\u003e"}
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(_UNSAFE)
