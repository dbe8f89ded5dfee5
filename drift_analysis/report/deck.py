"""A review as slides: each states a finding and shows its picture; the proof is in the notes."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from drift_analysis.charts.kit.theme import LIGHT
from drift_analysis.charts.output import render
from drift_analysis.charts.output.deterministic import WRITTEN, same_bytes
from drift_analysis.errors import MissingExtra

from .cells import rows
from .pictures import alternative_text, headline
from .slides import Box, Slides

if TYPE_CHECKING:
    from .parts import KeyNumber, Section, Story

__all__ = ["deck"]

_LEFT, _WIDE, _TOP = 0.55, 12.23, 1.6
_PICTURE = Box(_LEFT, _TOP, 7.95, 5.25)
_BESIDE = Box(8.85, _TOP, 3.93, 5.25)
_FOOT = Box(_LEFT, 7.05, _WIDE, 0.25)
_ACCENT = "#0068A3"
_SCALE = 2.5
_NOTED = 25


def deck(story: Story) -> bytes:
    """Return a review as slides for PowerPoint; the same review gives the same bytes.

    Raises
    ------
    MissingExtra
        If python-pptx is not installed.
    """
    if find_spec("pptx") is None:
        raise MissingExtra.needed("python-pptx", "A deck", "deck")
    slides = Slides()
    _title(slides, story)
    if story.key_numbers:
        _summary(slides, story)
    for section in story.sections:
        _section(slides, section, story)
    _limits(slides, story)
    return same_bytes(slides.saved(title=story.title, moment=WRITTEN))


def _title(slides: Slides, story: Story) -> None:
    slides.add(story.title, Box(_LEFT, 2.2, _WIDE, 1.5), sizes=(40, 20), lines=3)
    slides.text(
        "\n".join(story.when), Box(_LEFT, 3.9, _WIDE, 2.2), sizes=(18, 11), color=LIGHT.muted
    )
    slides.note("\n".join((story.title, *story.when)))


def _summary(slides: Slides, story: Story) -> None:
    moved = any(each.change for each in story.key_numbers)
    heading = "What moved most" if moved else "The numbers in short"
    slides.add(heading, Box(_LEFT, 0.4, _WIDE, 0.8), sizes=(28, 20), lines=1)
    height = 4.95 / max(5, len(story.key_numbers))
    for at, number in enumerate(story.key_numbers):
        _row(slides, number, 1.25 + at * height, height)
    below = " ".join((story.sure, "To mind:" if story.minding else "", *story.minding)).strip()
    slides.text(below, Box(_LEFT, 6.3, _WIDE, 0.6), sizes=(12, 8), color=LIGHT.muted)
    slides.text(story.title, _FOOT, sizes=(10, 8), lines=1, color=LIGHT.muted)
    told = [
        " ".join(part for part in (each.value, each.label, each.change, each.sentence, each.proof))
        for each in story.key_numbers
    ]
    slides.note("\n".join([*told, story.sure, *story.minding]))


def _row(slides: Slides, number: KeyNumber, top: float, height: float) -> None:
    slides.rule(Box(_LEFT, top, _WIDE, 0))
    value, label = Box(_LEFT, top + 0.05, 3.0, 0.5), Box(_LEFT, top + 0.56, 3.0, height - 0.58)
    slides.text(number.value, value, sizes=(24, 14), strong=True, color=_ACCENT, lines=1)
    under = f"{number.label}: {number.change}" if number.change else number.label
    slides.text(under, label, sizes=(12, 8), lines=2)
    slides.text(number.sentence, Box(3.75, top + 0.07, 9.03, 0.55), sizes=(16, 10), lines=2)
    proof = Box(3.75, top + 0.63, 9.03, height - 0.65)
    slides.text(number.proof, proof, sizes=(12, 8), color=LIGHT.muted, lines=2)


def _section(slides: Slides, section: Section, story: Story) -> None:
    finding, spec = headline(section)
    slides.add(finding, Box(_LEFT, 0.4, _WIDE, 1.05), sizes=(28, 16), lines=2)
    picture = render.png(spec, scale=_SCALE)
    slides.picture(picture, render.png_size(picture), _PICTURE, alternative_text(section))
    slides.text("\n\n".join(section.sentences), _BESIDE, sizes=(18, 9))
    slides.text(story.title, _FOOT, sizes=(10, 8), lines=1, color=LIGHT.muted)
    slides.note("\n\n".join((finding, " ".join(section.sentences), *_noted(section, story.tz))))


def _noted(section: Section, tz: str) -> list[str]:
    """Return the definition, and the numbers as lines of text."""
    shown = rows(section.numbers.head(_NOTED), tz=tz)
    lines = ["\t".join(each) for each in (section.numbers.columns, *shown)]
    more = section.numbers.height - len(shown)
    rest = [f"{more} more rows are in the numbers as CSV or XLSX."] if more else []
    return [f"How it is defined. {section.definition}", "\n".join(["The numbers", *lines, *rest])]


def _limits(slides: Slides, story: Story) -> None:
    slides.add("What this data cannot say", Box(_LEFT, 0.4, _WIDE, 0.8), sizes=(28, 20), lines=1)
    told = "\n".join(f"\N{EN DASH} {each}" for each in (*story.minding, *story.limits))
    slides.text(told, Box(_LEFT, 1.3, _WIDE, 5.5), sizes=(16, 8), spaced=True)
    slides.text(story.title, _FOOT, sizes=(10, 8), lines=1, color=LIGHT.muted)
    slides.note("\n".join(story.limits))
