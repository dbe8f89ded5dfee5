from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from browser.lab import PATIENCE, ROOT, Visit, running_lab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)

HOSTILE = '<img src=x onerror="window.PWNED=1"></script><script>window.PWNED=1</script>'
LONG = 4 * PATIENCE
MARCH = 1_772_442_000_000
HOUR = 3_600_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "data" / "sample", folder / "data" / "sample")
    write_hostile_export(folder / "data" / "hostile")
    both = ["widget = da.widgets.PlaybookCompare(dataset)\nwidget"]
    both += ["other = da.widgets.StatusTimeline(dataset)\nother", "print(widget.state)"]
    for name in ("sample", "hostile"):
        first = f"import drift_analysis as da\ndataset = da.load('data/{name}')"
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook([first, *both])))
    return folder


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[str]:
    with running_lab(folder) as url:
        yield url


@pytest.fixture(scope="module")
def open_notebook(browser: Browser, lab: str) -> Iterator[Callable[[str], Visit]]:
    """Open notebooks, each once; two views are drawn as pictures too, which takes its time."""
    opened: dict[str, Visit] = {}
    patience = pytest.MonkeyPatch()
    patience.setattr("browser.lab.PATIENCE", LONG)

    def visit_of(name: str) -> Visit:
        if name not in opened:
            context = browser.new_context(viewport={"width": 1300, "height": 1200})
            opened[name] = Visit(context.new_page(), lab)
            opened[name].run(name)
        return opened[name]

    yield visit_of
    patience.undo()
    for visit in opened.values():
        visit.page.context.close()
        assert visit.strangers == []
        assert visit.errors == []


@pytest.fixture
def visit(open_notebook: Callable[[str], Visit]) -> Visit:
    """Return the page with both views, as they are at first."""
    visit = open_notebook("sample.ipynb")
    for view in (compare(visit), timeline(visit)):
        view.get_by_role("button", name="Reset").click()
    expect(compare(visit).locator(".drift-chip")).to_have_count(0)
    expect(timeline(visit).locator(".drift-place")).to_contain_text("Page 1 of 10")
    return visit


def notebook(cells: list[str]) -> dict[str, Any]:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"cell-{n}",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for n, source in enumerate(cells)
    ]
    return {
        "cells": made,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def write_hostile_export(folder: Path) -> None:
    """Write conversations of two playbooks, hostile wherever a text can stand."""
    folder.mkdir(parents=True)
    contact = {"id": 7, "type": "contact", "bot": False}
    for number in range(1, 13):
        began = MARCH + number * HOUR
        record = {
            "id": number,
            "status": "open",
            "contactId": 7,
            "inboxId": 3,
            "createdAt": began,
            "updatedAt": began,
            "participants": [],
            "conversationTags": [{"name": HOSTILE, "color": "FF0000"}] if number % 3 else [],
            "relatedPlaybookId": 11 + number % 2,
        }
        said = {
            "id": 50 + number,
            "conversationId": number,
            "type": "chat",
            "body": HOSTILE.replace("<", "&lt;"),
            "author": contact,
            "createdAt": began,
        }
        (folder / f"conversation-{number}.json").write_text(json.dumps({"data": record}))
        messages = {"data": {"messages": [said]}}
        (folder / f"messages-{number}.json").write_text(json.dumps(messages))
    names = [
        {"id": 11 + n, "interactionId": 21 + n, "name": f"{HOSTILE}{n}", "orgId": 1, "goals": []}
        for n in range(2)
    ]
    (folder / "playbooks.json").write_text(json.dumps(names))


def compare(visit: Visit) -> Locator:
    return visit.page.locator(".drift-panel").nth(0)


def timeline(visit: Visit) -> Locator:
    return visit.page.locator(".drift-panel").nth(1)


def choose(field: Locator, start: str) -> None:
    """Choose by how it begins; ipywidgets writes every space as one that breaks no line."""
    labels = [label.replace("\xa0", " ") for label in field.locator("option").all_text_contents()]
    field.select_option(index=next(n for n, one in enumerate(labels) if one.startswith(start)))


def test_every_control_of_a_comparison_does_its_work(visit: Visit) -> None:
    view, finding = compare(visit), compare(visit).locator(".drift-words p").first
    expect(finding).to_contain_text("of the rest")
    beside = timeline(visit).inner_text()

    choose(view.get_by_label("Compared with", exact=True), "No playbook")
    expect(finding).to_contain_text("of no playbook")
    choose(view.get_by_label("Inbox", exact=True), "Inbox")
    expect(view.locator(".drift-chip")).to_have_count(1)
    view.get_by_label("From", exact=True).fill("2026-03-10")
    expect(view.locator(".drift-chip")).to_have_count(2)
    view.get_by_label("To", exact=True).fill("2026-05-20")
    expect(view.locator(".drift-chip")).to_have_count(3)
    before = finding.inner_text()
    playbook = view.get_by_label("Playbook", exact=True)
    playbook.select_option(index=1)
    expect(finding).not_to_have_text(before)

    row = view.locator("tr[data-key=engaged] .drift-open")
    row.focus()
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Enter")
    expect(view.locator("tr[aria-current=true]")).to_have_attribute("data-key", "human_handled")
    expect(finding).to_contain_text("Handed over to a person")
    expect(view.locator(".drift-curves svg[role=img]")).to_have_count(2)

    view.get_by_label("Name of the view").fill("mine")
    view.get_by_role("button", name="Save this view under the name").click()
    expect(view.locator(".drift-bar .drift-said")).to_have_text("The view was saved as mine.")
    view.get_by_role("button", name="Copy the code of this view").click()
    expect(view.locator(".drift-bar .drift-said")).to_contain_text("code")
    view.locator(".drift-code summary").click()
    expect(view.locator(".drift-code pre")).to_contain_text("da.widgets.playbook_comparison")
    view.get_by_role("button", name=re.compile("^Turn off to 2026-05-20")).click()
    expect(view.locator(".drift-chip")).to_have_count(2)
    view.get_by_role("button", name="Undo the last change").click()
    expect(view.locator(".drift-chip")).to_have_count(3)
    view.get_by_role("button", name="Reset").click()
    expect(view.locator(".drift-chip")).to_have_count(0)
    choose(view.get_by_label("Show a saved view"), "mine")
    expect(view.locator(".drift-chip")).to_have_count(3)
    for what, name in {"Rows (CSV)": "csv", "Ids": "txt"}.items():
        choose(view.get_by_label("Save to a file"), what)
        expect(view.locator(".drift-bar .drift-said")).to_have_text(
            f"Saved as playbook-compare-1.{name}."
        )
    assert timeline(visit).inner_text() == beside


def test_every_control_of_a_timeline_does_its_work(visit: Visit) -> None:
    view, page = timeline(visit), visit.page
    lanes, info = view.locator(".drift-lane"), view.locator(".drift-info")
    expect(lanes).to_have_count(20)
    expect(view.locator(".drift-place")).to_contain_text("Page 1 of 10")
    beside = compare(visit).inner_text()

    view.get_by_role("button", name="Next page").click()
    expect(view.locator(".drift-place")).to_contain_text("Page 2 of 10")
    choose(view.get_by_label("Sort", exact=True), "Most uncertain")
    expect(view.locator(".drift-place")).to_contain_text("Page 1 of 10")
    expect(view.locator(".drift-bar-one.drift-uncertain").first).to_be_attached()
    view.locator(".drift-bar-one").first.hover()
    expect(info).to_contain_text("since")
    choose(view.get_by_label("At most", exact=True), "50 ")
    expect(view.locator(".drift-place")).to_contain_text("Page 1 of 3")
    expect(view.locator(".drift-words p").first).to_contain_text("A sample of 50 of 400")
    first = lanes.first.get_attribute("data-id")
    view.get_by_role("button", name="Another sample").click()
    expect(view.locator(".drift-words p").first).to_contain_text("(seed 1)")
    expect(lanes.first).not_to_have_attribute("data-id", str(first))

    lanes.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    expect(view.locator(".drift-looked-at")).to_have_count(1)
    chosen = str(lanes.nth(1).get_attribute("data-id"))
    page.keyboard.press("Enter")
    expect(view.locator(".drift-title")).to_have_text(f"Conversation {chosen}")
    expect(view.locator(".drift-sheet .drift-heading").last).to_have_text(f"Conversation {chosen}")
    expect(lanes.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(view.locator(".drift-reveal input")).not_to_be_checked()
    view.locator(".drift-reveal input").check()
    expect(view.locator(".drift-panes td").first).not_to_be_empty()

    find = view.get_by_label("Conversation id", exact=True)
    find.fill(str(first))
    find.press("Enter")
    expect(view.locator(".drift-title")).to_have_text(f"Conversation {first}")
    view.get_by_role("button", name="Undo the last change").click()
    expect(view.locator(".drift-words p").first).to_contain_text("(seed 0)")
    view.get_by_role("button", name="Reset").click()
    expect(view.locator(".drift-place")).to_contain_text("Page 1 of 10")
    assert compare(visit).inner_text() == beside


def test_hostile_names_tags_and_bodies_stay_text_in_every_pane(
    open_notebook: Callable[[str], Visit],
) -> None:
    visit = open_notebook("hostile.ipynb")
    view = timeline(visit)
    view.locator(".drift-lane").first.click()
    expect(view.locator(".drift-text").filter(has_text="onerror")).to_have_count(1)
    tags = compare(visit).locator(".drift-sheet").last
    expect(tags.locator("tbody th")).to_contain_text("onerror")
    expect(compare(visit).locator(".drift-key-one").first).to_contain_text("onerror")

    assert visit.page.evaluate("window.PWNED") is None
    assert visit.page.locator(".drift-panel img, .drift-panel script").count() == 0
    assert visit.page.locator(".drift-still script").count() == 0


@pytest.mark.parametrize(("theme", "width"), [("Light", 820), ("Dark", 1300)])
def test_nothing_is_cut_off_where_it_is_narrow_or_dark(
    visit: Visit, theme: str, width: int
) -> None:
    visit.page.set_viewport_size({"width": width, "height": 1200})
    visit.command("apputils:change-theme", theme=f"JupyterLab {theme}")
    body = visit.page.locator(f"body[data-jp-theme-light={str(theme == 'Light').lower()}]")
    expect(body).to_have_count(1)
    for view in (compare(visit), timeline(visit)):
        expect(view.locator(".drift-sheet").first).to_be_visible()
        inside = "element => element.scrollWidth <= element.clientWidth + 1"
        assert view.evaluate(inside)
        ink = view.locator(".drift-words p").first.evaluate("e => getComputedStyle(e).color")
        channels = [int(part) for part in re.findall(r"\d+", ink)[:3]]
        assert (sum(channels) > 384) == (theme == "Dark")


def test_where_no_kernel_runs_a_picture_and_a_sentence_stay(
    visit: Visit, browser: Browser, folder: Path
) -> None:
    still = visit.page.locator(".drift-still")
    expect(still).to_have_count(2)
    expect(still.first).to_be_hidden()
    visit.command("docmanager:save")
    saved = folder / "sample.ipynb"
    visit.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    assert saved.stat().st_size < 1_000_000
    cells = json.loads(saved.read_text())["cells"]
    for output in (output for cell in cells for output in cell["outputs"]):
        output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    (folder / "dead.ipynb").write_text(json.dumps({**notebook([]), "cells": cells}))

    page = browser.new_context().new_page()
    page.goto(f"{visit.url}/lab/tree/dead.ipynb?reset", timeout=LONG)

    still = page.locator(".drift-still")
    expect(still.first).to_be_visible()
    expect(still.first).to_contain_text("This playbook-compare stands still.")
    picture = page.locator(".jp-OutputArea-output img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 600
    page.context.close()
