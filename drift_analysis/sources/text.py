"""Turn the body of a message into plain text."""

from __future__ import annotations

import html
import re

import nh3

__all__ = ["plain_text"]

_BREAK = re.compile(
    r"<(?:br|/?(?:p|div|li|ul|ol|tr|table|blockquote|pre|h[1-6]|section|article))\b[^<>]*>", re.I
)
_BLANK_ENDS = re.compile(r"[ \t]*\n\s*")
_MARKED_UP = re.compile(r"[<&]")


def plain_text(body: str) -> str:
    r"""Strip the tags, decode the entities, and break lines where blocks begin and end.

    Parameters
    ----------
    body
        A body as Drift sends it: HTML from bots and agents, often plain text from visitors.

    Returns
    -------
    :
        Text that is safe nowhere: it may well read like HTML, so escape it when you show it.

    Examples
    --------
    >>> plain_text("<p>Fish &amp; <b>chips</b></p><p>for 3&nbsp;people</p>")
    'Fish & chips\nfor 3 people'
    """
    if not _MARKED_UP.search(body):
        return body
    broken = _BREAK.sub("\n", body)
    bare = html.unescape(nh3.clean(broken, tags=set()))
    return _BLANK_ENDS.sub("\n", bare.replace("\xa0", " ")).strip()
