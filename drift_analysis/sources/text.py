"""Turn the body of a message into plain text."""

from __future__ import annotations

import html
import re

import nh3
import polars as pl

__all__ = ["plain_text", "simple_texts"]

_BREAK = re.compile(
    r"<(?:br|/?(?:p|div|li|ul|ol|tr|table|blockquote|pre|h[1-6]|section|article))\b[^<>]*>", re.I
)
_BLANK_ENDS = re.compile(r"[ \t]*\n\s*")
_MARKED_UP = re.compile(r"[<&]")

_BREAKS = ["<br>", "<br/>", "<br />"] + [
    f"<{slash}{name}>" for name in ("p", "div", "li", "ul", "ol") for slash in ("", "/")
]
_TAGS = [
    f"<{slash}{name}>" for name in ("b", "strong", "i", "em", "u", "span") for slash in ("", "/")
]
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": " "}
_LINK = r'<a(?: [a-z-]+="[^"<>\x00-\x1f]*")*>'
_PLAIN = dict.fromkeys(_BREAKS, "\n") | dict.fromkeys([*_TAGS, "</a>"], "") | _ENTITIES
_SIMPLE = rf"\A(?:[^<&\x00-\x09\x0b-\x1f]|{'|'.join(_PLAIN)}|{_LINK})*\z"
"""What is made of a few plain tags and entities only, of which no parser has to make sense."""


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


def simple_texts(bodies: pl.Series) -> pl.Series:
    """Do what `plain_text` does to bodies that are simple, as nearly all are; null for others.

    Each different body is worked on once, since bots and templates say the same again and again.

    Parameters
    ----------
    bodies
        Bodies as they were sent.
    """
    is_marked = bodies.str.contains(_MARKED_UP.pattern)
    marked = bodies.filter(is_marked)
    if marked.is_empty():
        return bodies
    different = marked.unique()
    body = pl.col(marked.name)
    bare = (
        body.str.replace_all(_LINK, "")
        .str.replace_many(_PLAIN | {"\xa0": " "})
        .str.replace_all(r"[ \t]*\n\s*", "\n")
        .str.strip_chars()
    )
    simple = pl.when(body.str.contains(_SIMPLE)).then(bare)
    texts = different.to_frame().select_seq(simple).to_series()
    return bodies.clone().scatter(is_marked.arg_true(), marked.replace(different, texts))
