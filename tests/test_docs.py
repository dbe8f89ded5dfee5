from __future__ import annotations

import doctest
import inspect
import re
import runpy
from pathlib import Path

import pytest

import drift_analysis as da
from drift_analysis.cli import app

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").glob("*.md")])
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def test_the_data_dictionary_is_up_to_date() -> None:
    written = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")

    assert written == runpy.run_path(str(ROOT / "docs" / "write_tables.py"))["dictionary"]()


def test_the_data_dictionary_has_every_table() -> None:
    written = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    tables = [name for name in da.schemas.__all__ if hasattr(getattr(da.schemas, name), "describe")]

    assert [name for name in tables if f"### {name}\n" not in written] == ["Table"]


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [each.callback.__name__ for each in app.registered_commands if each.callback]

    names = [name.replace("_", "-") for name in commands]
    assert names == ["review", "check", "archive", "sample", "fetch", "sync", "demo-server"]
    assert [name for name in names if f"drift-analysis {name}" not in readme] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_metric_has_a_page_that_is_linked() -> None:
    index = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    pages = sorted(page.stem for page in (ROOT / "docs" / "metrics").glob("*.md"))

    assert pages == [
        *("calendar", "closes", "comparisons", "containment", "explaining", "flow", "journeys"),
        *("load", "playbooks", "reconcile", "responses", "status", "survival", "tags"),
        "transitions",
    ]
    assert [page for page in pages if f"metrics/{page}.md" not in index] == []


SECTIONS = ["Definition", "Formula", "Example", "What it does not say", "Whose definition"]


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "metrics").glob("*.md")), ids=lambda page: page.stem
)
def test_every_page_of_a_metric_has_its_five_sections_in_order(page: Path) -> None:
    found = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)

    assert [title for title in found if title in SECTIONS] == SECTIONS


def test_every_metric_has_a_worked_example_on_its_page() -> None:
    index = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[\w+\]\((metrics/\w+\.md)\) \| (.+) \|$", index, re.MULTILINE)
    called = {
        page: "".join(
            example.source
            for example in doctest.DocTestParser().get_examples(
                (ROOT / "docs" / page).read_text(encoding="utf-8")
            )
        )
        for page, _ in rows
    }
    named = [(page, name) for page, cell in rows for name in re.findall(r"`(?:\w+\.)?(\w+)`", cell)]

    assert len(named) > 30
    assert [(page, name) for page, name in named if f"{name}(" not in called[page]] == []


def test_the_page_on_the_explorer_names_all_that_it_gives_back() -> None:
    page = (ROOT / "docs" / "widgets" / "explorer.md").read_text(encoding="utf-8")
    given = ["frame", "messages", "chart", "selected", "filters", "page", "reveal"]

    assert [name for name in given if not hasattr(da.widgets.Explorer, name)] == []
    assert [name for name in given if f"`.{name}`" not in page] == []


def test_every_picture_is_in_the_gallery() -> None:
    page = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    functions = {name: getattr(da.charts, name) for name in da.charts.__all__}
    drawn = [
        name
        for name, function in functions.items()
        if callable(function) and "as_of" in inspect.signature(function).parameters
    ]

    assert len(drawn) > 30
    assert [name for name in drawn if f"](gallery/{name}.png)" not in page] == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_examples_in_the_documents_run(page: Path) -> None:
    outcome = doctest.testfile(str(page), module_relative=False, encoding="utf-8")

    assert outcome.failed == 0
