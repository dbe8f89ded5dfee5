from __future__ import annotations

from drift_analysis.report.svg import inline

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def test_shapes_and_text_stay() -> None:
    drawing = f'{HEAD} width="9"><g><text x="1" fill="#000000">a &lt; b</text></g></svg>'

    assert inline(drawing, name="a", alt="It") == (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" role="img" aria-label="It">'
        '<g><text x="1" fill="#000000">a &lt; b</text></g></svg>'
    )


def test_what_runs_or_loads_goes() -> None:
    drawing = (
        f'{HEAD}><script>x()</script><a href="#"><text>t</text></a><image xlink:href="u"/>'
        '<foreignObject/><style>p{}</style><rect onclick="x()" style="x" href="u" width="1"/></svg>'
    )

    assert inline(drawing, name="a", alt="") == (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label=""><rect width="1" /></svg>'
    )


def test_a_paint_can_only_refer_to_the_drawing_itself() -> None:
    drawing = (
        f'{HEAD}><defs><clipPath id="clip7"/></defs><g clip-path="url(#clip7)"/>'
        '<g clip-path="url(#other)"/><g fill="URL(http://example.com/x)"/></svg>'
    )

    assert inline(drawing, name="a", alt="") == (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="">'
        '<defs><clipPath id="a-0" /></defs><g clip-path="url(#a-0)" />'
        '<g clip-path="none" /><g fill="none" /></svg>'
    )


def test_what_it_shows_is_told_and_cannot_break_out() -> None:
    drawing = inline(f"{HEAD}/>", name="a", alt='"><script>')

    assert drawing.endswith(' role="img" aria-label="&quot;&gt;&lt;script&gt;" />')


def test_ids_do_not_depend_on_what_was_drawn_before() -> None:
    drawings = [
        f'{HEAD}><clipPath id="clip{n}"/><g clip-path="url(#clip{n})"/></svg>' for n in (1, 9)
    ]

    first, second = (inline(drawing, name="a", alt="") for drawing in drawings)

    assert first == second
