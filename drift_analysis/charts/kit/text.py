"""How wide a text will be, and where to break it so that nothing is cut off."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["glued", "shortened", "text_width", "wrap"]

_NARROW, _SLIM, _WIDE = set("ijl.,:;'|!·"), set('frtI()[]-/ \u00a0"*'), set("mwMW%@—&…")
_TOGETHER = re.compile(r"\d (?:%|min|[smhdkMG])\b(?: \d+ (?:min|[sh])\b)?|\d %")
_BLANKS = re.compile(r"[ \t\r\n]+")
_LEFT_TO_RIGHT, _RIGHT = "\u200e", {"R", "AL", "RLE", "RLO", "RLI"}
_EM = {"narrow": 0.27, "slim": 0.36, "usual": 0.56, "capital": 0.71, "wide": 0.92, "full": 1.05}


def text_width(text: str, size: float) -> float:
    """Estimate how many pixels a text takes, rather too many than too few.

    Examples
    --------
    >>> from drift_analysis.charts.kit.text import text_width
    >>> text_width("ill", 10) < text_width("WWW", 10)
    True
    """
    return size * sum(_EM[_kind(character)] for character in text)


def wrap(text: str, width: float, *, size: float, lines: int | None = None) -> list[str]:
    """Break a text into lines that fit; what does not fit the last line ends in an ellipsis.

    Parameters
    ----------
    text
        Any text; blanks are made single, and a number stays with its unit.
    width
        How many pixels a line may take.
    size
        The size of the font, in pixels.
    lines
        The most lines there may be; any number if not given.

    Returns
    -------
    :
        The lines, at least one.

    Examples
    --------
    >>> from drift_analysis.charts.kit.text import wrap
    >>> wrap("Book a demo with our team", 90, size=12)
    ['Book a demo', 'with our team']
    >>> wrap("Book a demo with our team", 90, size=12, lines=1)
    ['Book a demo…']
    """
    done: list[str] = []
    line = ""
    for word in _pieces(text, width, size):
        joined = f"{line} {word}" if line else word
        if text_width(joined, size) <= width:
            line = joined
        else:
            done.append(line)
            line = word
    done.append(line)
    if lines is None or len(done) <= lines:
        return done
    return [*done[: lines - 1], _shortened(done[lines - 1], width, size)]


def glued(text: str) -> str:
    r"""Keep each number in one line with its unit, by blanks that do not break.

    Examples
    --------
    >>> from drift_analysis.charts.kit.text import glued
    >>> glued("41 % within 2 h 14 min")
    '41\xa0% within 2\xa0h\xa014\xa0min'
    """
    return _TOGETHER.sub(lambda found: found[0].replace(" ", "\u00a0"), text)


def shortened(name: str, most: int = 40) -> str:
    """Quote a name for a sentence, and shorten it if it is long.

    Examples
    --------
    >>> from drift_analysis.charts.kit.text import shortened
    >>> shortened("pricing"), shortened("pricing page", 8)
    ('“pricing”', '“pricing…”')
    """
    plain = " ".join(name.split())
    quoted = f"“{plain if len(plain) <= most else plain[: most - 1].rstrip() + '…'}”"
    # A name from right to left keeps to one line and ends in a mark: the numbers after it
    # would stand before it otherwise.
    if not _from_the_right(quoted):
        return quoted
    return quoted.replace(" ", "\u00a0") + _LEFT_TO_RIGHT


def _from_the_right(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in _RIGHT for character in text)


def _pieces(text: str, width: float, size: float) -> list[str]:
    """Split a text into words, and a word that fills more than a line into pieces."""
    pieces: list[str] = []
    joined = glued(text).replace(" · ", "\u00a0· ")
    for word in _BLANKS.split(joined.strip()):
        piece = ""
        for character in word:
            if piece and text_width(piece + character, size) > width:
                pieces.append(piece)
                piece = ""
            piece += character
        pieces.append(piece)
    return pieces


def _shortened(line: str, width: float, size: float) -> str:
    while line and text_width(line + "…", size) > width:
        line = line[:-1]
    return line.rstrip() + "…"


def _kind(character: str) -> str:
    if character in _NARROW:
        return "narrow"
    if character in _SLIM:
        return "slim"
    if unicodedata.east_asian_width(character) in "WF":
        return "full"
    if character in _WIDE:
        return "wide"
    return "capital" if character.isupper() else "usual"
