"""Slides on which nothing is cut off: text gets the largest size at which it fits its box."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from drift_analysis.charts.kit.text import glued, wrap
from drift_analysis.charts.kit.theme import LIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = ["Box", "Slides", "fitted"]

_INCH, _LINE, _MARGIN = 72, 1.2, 0.02
_SPACED = 0.5
_FONT = "Arial"
_UNSAFE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


def fitted(
    text: str, box: Box, sizes: tuple[int, int], *, lines: int | None = None, spaced: bool = False
) -> tuple[int, list[str]]:
    """Return the largest size at which a text fits a box, and its paragraphs at that size.

    At the smallest size, what does not fit ends in an ellipsis.

    Parameters
    ----------
    text
        The text; each of its lines is a paragraph.
    box
        Where it shall stand.
    sizes
        The largest and the smallest size, in points.
    lines
        The most lines it may have.
    spaced
        Whether there is space between the paragraphs.

    Examples
    --------
    >>> from drift_analysis.report.slides import Box, fitted
    >>> fitted("A short finding", Box(0, 0, 6, 1), (28, 16))
    (28, ['A short finding'])
    """
    width, height = (box.width - 2 * _MARGIN) * _INCH, box.height * _INCH
    paragraphs = _UNSAFE.sub(" ", text).split("\n")
    size = sizes[0]
    for size in range(sizes[0], sizes[1] - 1, -1):
        broken = [wrap(each, width, size=size) for each in paragraphs]
        n = sum(map(len, broken))
        between = _SPACED * (len(broken) - 1) if spaced else 0
        if (n + between) * size * _LINE <= height and (lines is None or n <= lines):
            return size, paragraphs
    most = min(lines or 1_000, int(height / (size * _LINE)))
    kept: list[str] = []
    for each in paragraphs:
        left = most - sum(len(wrap(one, width, size=size)) for one in kept)
        if left > 0:
            kept.append(" ".join(wrap(each, width, size=size, lines=left)))
    return size, kept


class Slides:
    """A deck that grows slide by slide; what is added goes on the last one."""

    def __init__(self) -> None:
        import pptx
        from pptx.enum.shapes import MSO_SHAPE
        from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
        from pptx.util import Inches, Pt

        self._inches, self._points = Inches, Pt
        self._as_is, self._top = MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
        self._to_the_left, self._rectangle = PP_ALIGN.LEFT, MSO_SHAPE.RECTANGLE
        self._deck = pptx.Presentation()
        self._deck.slide_width, self._deck.slide_height = Inches(13.333), Inches(7.5)
        self._slide: Any = None

    def add(self, headline: str, box: Box, *, sizes: tuple[int, int], lines: int) -> None:
        """Begin a slide with a headline."""
        title_only = self._deck.slide_layouts[5]
        self._slide = self._deck.slides.add_slide(title_only)
        shape = self._slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = self._placed(box)
        self._fill(shape.text_frame, *fitted(headline, box, sizes, lines=lines), bold=True)

    def text(
        self,
        text: str,
        box: Box,
        *,
        sizes: tuple[int, int],
        lines: int | None = None,
        strong: bool = False,
        color: str = LIGHT.ink,
        spaced: bool = False,
    ) -> None:
        """Write a text into a box."""
        frame = self._slide.shapes.add_textbox(*self._placed(box)).text_frame
        size, paragraphs = fitted(text, box, sizes, lines=lines, spaced=spaced)
        self._fill(frame, size, paragraphs, bold=strong, color=color, spaced=spaced)

    def picture(self, png: bytes, size: tuple[int, int], box: Box, alt: str) -> None:
        """Put a picture into a box, as large as it fits, with an alternative text."""
        scale = min(box.width / size[0], box.height / size[1])
        at = self._placed(Box(box.left, box.top, size[0] * scale, size[1] * scale))
        picture = self._slide.shapes.add_picture(io.BytesIO(png), *at)
        picture._element.nvPicPr.cNvPr.set("descr", _UNSAFE.sub(" ", alt))

    def rule(self, box: Box) -> None:
        """Draw a thin line along the top of a box."""
        left, top, width, _ = self._placed(box)
        line = self._slide.shapes.add_shape(self._rectangle, left, top, width, self._points(0.75))
        line.fill.solid()
        line.fill.fore_color.rgb = _rgb(LIGHT.line)
        line.line.fill.background()
        line.shadow.inherit = False

    def note(self, text: str) -> None:
        """Write the notes of the speaker."""
        self._slide.notes_slide.notes_text_frame.text = _UNSAFE.sub(" ", text)

    def saved(self, *, title: str, moment: datetime) -> bytes:
        """Return the file, which says that it was written at a given moment."""
        core = self._deck.core_properties
        core.title, core.author, core.last_modified_by = title[:255], "drift_analysis", ""
        core.created = core.modified = moment.replace(tzinfo=None)
        core.revision = 1
        out: IO[bytes] = io.BytesIO()
        self._deck.save(out)
        out.seek(0)
        return out.read()

    def _placed(self, box: Box) -> list[Any]:
        return [self._inches(each) for each in (box.left, box.top, box.width, box.height)]

    def _fill(
        self,
        frame: Any,
        size: int,
        paragraphs: Sequence[str],
        *,
        bold: bool = False,
        color: str = LIGHT.ink,
        spaced: bool = False,
    ) -> None:
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = self._inches(_MARGIN)
        frame.margin_top = frame.margin_bottom = 0
        frame.auto_size, frame.vertical_anchor = self._as_is, self._top
        for at, text in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            paragraph.alignment = self._to_the_left
            if spaced:
                paragraph.space_after = self._points(size * _SPACED)
            run = paragraph.add_run()
            run.text = glued(text)
            run.font.size, run.font.bold, run.font.name = self._points(size), bold, _FONT
            run.font.color.rgb = _rgb(color)


def _rgb(color: str) -> Any:
    from pptx.dml.color import RGBColor

    make: Any = RGBColor
    return make(*bytes.fromhex(color.removeprefix("#")))
