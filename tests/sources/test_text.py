from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis.sources.text import plain_text, simple_texts

CASES = {
    "plain": ("just text", "just text"),
    "spaces stay": ("  two\n\n lines ", "  two\n\n lines "),
    "paragraphs": ("<p>a</p><p>b</p>", "a\nb"),
    "breaks": ("a<br>b<br/>c<BR />d", "a\nb\nc\nd"),
    "list": ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
    "inline": ("<p>Hi <b>there</b>, <span class='x'>Sam</span></p>", "Hi there, Sam"),
    "entities": ("Fish &amp; chips &lt;3 &#233; &nbsp;x", "Fish & chips <3 é  x"),
    "escaped twice": ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
    "less than": ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
    "link": ('<a href="https://example.com/x.gif" rel="nofollow">cat</a>', "cat"),
    "script": ("<p>a</p><script>alert(1)</script>", "a"),
    "style": ("<style>p{}</style>a", "a"),
    "comment": ("a<!-- b -->c", "ac"),
    "pre is no p": ("<param>a<pre>b</pre>", "a\nb"),
    "open end": ("<p>a<b>b", "ab"),
    "empty": ("", ""),
    "only tags": ("<p></p>", ""),
}


@pytest.mark.parametrize(("body", "text"), CASES.values(), ids=list(CASES))
def test_bodies_become_plain_text(body: str, text: str) -> None:
    assert plain_text(body) == text


@given(st.text(alphabet="ab <>&;/p\n", max_size=30))
def test_any_body_becomes_text(body: str) -> None:
    assert isinstance(plain_text(body), str)


@given(st.text(alphabet=st.characters(exclude_characters="<&", codec="utf-8")))
def test_text_without_marks_is_left_as_it_is(body: str) -> None:
    assert plain_text(body) == body


PARTS = [
    *("<p>", "</p>", "<br>", "<br/>", "<b>", "</b>", "<li>", "</ul>", "<a>", "</a>", "<em>"),
    *('<a href="https://example.com/?a=1&b=2" target="_blank">', "<script>x</script>", "<!-- -->"),
    *("&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&nbsp;", "&amp;lt;", "&copy;", "&", "<", ">"),
    *(" ", "  ", "\n", "\r\n", "\t", "\x0b", "\x1c", "\x00", "\xa0", "\x85", "\u2028", "\u3000"),
    *("a", "Hello", "\U0001f600", "=", '"', "'", "<p class='x'>", "</", "<P>", "<table><tr><td>"),
]


@given(bodies=st.lists(st.lists(st.sampled_from(PARTS), max_size=8).map("".join), min_size=1))
@settings(max_examples=500, deadline=None)
def test_simple_bodies_become_by_columns_what_they_become_one_by_one(bodies: list[str]) -> None:
    texts = simple_texts(pl.Series("body", bodies, dtype=pl.String)).to_list()
    for body, text in zip(bodies, texts, strict=True):
        assert text is None or text == plain_text(body), body


def test_most_bodies_are_simple() -> None:
    bodies = ["plain", "<p>a &amp; b</p>", '<b>x</b><br/><a href="https://e.com">y</a>']
    texts = simple_texts(pl.Series("body", [*bodies, '<img src="x">', None])).to_list()
    assert texts == ["plain", "a & b", "x\ny", None, None]
