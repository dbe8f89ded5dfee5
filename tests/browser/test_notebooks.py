from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser.lab import PATIENCE, ROOT, Visit, find_chromium, running_chromium, running_lab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)

HOSTILE = '<img src=x onerror="window.PWNED=1"></script><script>window.PWNED=1</script>'
MARCH = 1_772_442_000_000


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copytree(ROOT / "data" / "sample", folder / "data" / "sample")
    write_hostile_export(folder / "data" / "hostile")
    text = (ROOT / "notebooks" / "01_explore.ipynb").read_text("utf-8")
    text = text.replace("../data/sample", "../data/hostile")
    (folder / "notebooks" / "hostile.ipynb").write_text(text, "utf-8")
    with running_lab(folder) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    assert path, "No Chromium was found."
    with running_chromium(path) as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, lab: str) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1400, "height": 1300})
    visit = Visit(context.new_page(), lab)
    yield visit
    context.close()
    assert visit.strangers == []
    assert visit.errors == []


def write_hostile_export(folder: Path) -> None:
    """Write one conversation in Drift's own shapes, hostile wherever a text can stand."""
    folder.mkdir(parents=True)
    conversation = {
        "id": 41,
        "status": "open",
        "contactId": 7,
        "inboxId": 3,
        "createdAt": MARCH,
        "updatedAt": MARCH,
        "participants": [],
        "conversationTags": [{"name": HOSTILE, "color": "FF0000"}],
        "relatedPlaybookId": 11,
    }
    author = {"id": 7, "type": "contact", "bot": False}
    message = {
        "id": 51,
        "conversationId": 41,
        "type": "chat",
        "body": HOSTILE.replace("<", "&lt;"),
        "author": author,
        "createdAt": MARCH,
    }
    button = {"label": HOSTILE, "value": HOSTILE, "type": "reply"}
    bot = {"id": 8, "type": "user", "bot": True}
    answer = {**message, "id": 52, "author": bot, "body": "Which?", "buttons": [button]}
    playbook = {"id": 11, "interactionId": 12, "name": HOSTILE, "orgId": 1, "goals": []}
    user = {"id": 8, "orgId": 1, "name": HOSTILE, "bot": True}
    files = {
        "conversation": {"data": conversation},
        "messages": {"data": {"messages": [message, answer]}},
        "playbooks": [playbook],
        "users": {"data": [user]},
    }
    for name, reply in files.items():
        (folder / f"{name}.json").write_text(json.dumps(reply))


def bars(visit: Visit) -> Locator:
    return visit.page.locator(".drift-chart .mark-rect.role-mark path")


def shown(visit: Visit) -> int:
    return int(visit.page.locator(".drift-summary").inner_text().split()[0])


def test_the_quickstart_draws_three_charts(visit: Visit) -> None:
    visit.run("notebooks/00_quickstart.ipynb")

    charts = visit.page.locator(".jp-OutputArea-output").locator("canvas, svg.marks, img")
    expect(charts).to_have_count(3)
    for chart in charts.all():
        box = chart.bounding_box()
        assert box is not None
        assert box["width"] > 300
        assert box["height"] > 150


def test_a_click_on_a_bar_changes_the_table_and_back(visit: Visit) -> None:
    visit.run("notebooks/01_explore.ipynb")
    summary = visit.page.locator(".drift-summary")
    table = visit.page.locator(".drift-table tbody")
    expect(summary).to_have_text("400 shown of 400 conversations")
    before = table.inner_text()

    bars(visit).nth(3).click()

    expect(summary).to_have_text(re.compile(r"^\d+ shown of 400 conversations · picked: "))
    assert table.inner_text() != before
    assert 0 < shown(visit) < 400

    visit.page.get_by_role("button", name="Reset").click()

    expect(summary).to_have_text("400 shown of 400 conversations")
    expect(table).to_have_text(before, use_inner_text=True)


def test_filters_pages_and_keys_work_in_the_browser(visit: Visit) -> None:
    visit.run("notebooks/01_explore.ipynb")
    page = visit.page
    expect(page.locator(".drift-table tbody tr")).to_have_count(15)

    page.get_by_role("button", name="Next page").click()
    expect(page.locator(".drift-place")).to_have_text("Page 2 of 27")

    status = page.locator(".drift-filters").get_by_label("Status", exact=True)
    expect(status).to_have_count(1)
    labels = status.locator("option").all_text_contents()
    status.select_option(label=next(label for label in labels if label.startswith("open")))
    expect(page.locator(".drift-summary")).not_to_have_text("400 shown of 400 conversations")
    expect(page.locator(".drift-place")).to_have_text(re.compile("^Page 1 of "))
    assert set(page.locator(".drift-table tbody td:nth-child(2)").all_inner_texts()) == {"open"}

    first = page.locator(".drift-open").first
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".drift-table tbody tr").nth(1)).to_have_attribute("aria-current", "true")
    chosen = page.locator(".drift-table tbody tr").nth(1).get_attribute("data-id")
    expect(page.locator(".drift-title")).to_have_text(f"Conversation {chosen}")
    expect(page.locator(".drift-life summary")).to_have_text(re.compile(r"^Status history \(\d+\)"))
    expect(page.locator(".drift-proof").first).not_to_be_empty()


def test_a_view_is_sorted_and_searched_in_the_browser(visit: Visit) -> None:
    visit.run("notebooks/01_explore.ipynb")
    page = visit.page
    summary = page.locator(".drift-summary")
    expect(summary).to_have_text("400 shown of 400 conversations")

    page.get_by_role("button", name="Sort by lasted").click()
    expect(page.locator('th[aria-sort="descending"]')).to_have_text("Lasted ↓")
    page.get_by_role("button", name="Sort by lasted").click()
    expect(page.locator('th[aria-sort="ascending"]')).to_have_text("Lasted ↑")

    for label, text in (("Find in table", "pricing"), ("Text in messages", "price")):
        field = page.get_by_label(label, exact=True)
        field.fill(text)
        field.press("Enter")
        expect(page.locator(".drift-chip").filter(has_text=text)).to_have_count(1)
    choose(visit, "Answers", "Answered")
    expect(page.locator(".drift-chip")).to_have_count(3)
    assert shown(visit) < 400


def choose(visit: Visit, control: str, start: str) -> None:
    """Choose at one stroke, since what the choices say changes with every filter."""
    field = visit.page.locator(".drift-filters").get_by_label(control, exact=True)
    expect(field.locator("option").filter(has_text=re.compile(f"^{start}"))).to_have_count(1)
    script = """(field, start) => {
        field.selectedIndex = [...field.options].findIndex((one) => one.text.startsWith(start));
        field.dispatchEvent(new Event("change", { bubbles: true }));
    }"""
    field.evaluate(script, start)


def test_a_brush_over_bars_narrows_the_table(visit: Visit) -> None:
    visit.run("notebooks/01_explore.ipynb")
    expect(visit.page.locator(".drift-summary")).to_have_text("400 shown of 400 conversations")
    expect(bars(visit).first).to_be_attached()
    box = visit.page.locator(".drift-chart svg").bounding_box()
    assert box is not None

    mouse = visit.page.mouse
    mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 70)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 80, steps=5)
    mouse.up()

    expect(visit.page.locator(".drift-summary")).to_have_text(re.compile("picked: "))
    assert 0 < shown(visit) < 400


def test_filters_that_leave_nothing_say_which_to_loosen(visit: Visit) -> None:
    visit.run("notebooks/01_explore.ipynb")
    expect(bars(visit).first).to_be_attached()
    explorer = visit.page.locator(".drift-explorer").first
    height = "element => element.getBoundingClientRect().height"
    before = explorer.evaluate(height)

    visit.page.get_by_label("From", exact=True).fill("2020-01-01")
    visit.page.get_by_label("To", exact=True).fill("2020-01-02")

    expect(visit.page.locator(".drift-advice")).to_have_text(
        "No conversation fits all filters. Without the last day there would be 400."
    )
    expect(visit.page.locator(".drift-chart svg")).to_have_count(0)
    assert explorer.evaluate(height) == before


def test_the_table_tells_no_tags_from_unknown_ones_and_shows_one(visit: Visit) -> None:
    visit.run("notebooks/01_explore.ipynb")
    table = visit.page.locator(".drift-table tbody")
    expect(table.locator("tr")).to_have_count(15)

    cells = table.locator("td:nth-child(4)").all_inner_texts()
    assert "none" in cells
    assert "" not in cells
    assert max(cell.locator(".drift-tag").count() for cell in table.locator("tr").all()) == 1
    expect(table.locator(".drift-more").first).to_have_text(re.compile(r"^\+\d$"))


def test_a_hostile_export_stays_text_in_chart_table_and_transcript(visit: Visit) -> None:
    visit.run("notebooks/hostile.ipynb")
    page = visit.page

    page.locator(".drift-table tbody tr").first.click()

    expect(page.locator(".drift-bubble")).to_have_count(2)
    expect(page.locator(".drift-bubble .drift-text").first).to_have_text(HOSTILE)
    expect(page.locator(".drift-tag").first).to_have_text(HOSTILE)
    expect(page.locator(".drift-pill")).to_have_text(HOSTILE)
    expect(page.get_by_role("link", name="Open in Drift")).to_have_attribute(
        "href", "https://app.drift.com/inboxes/3/conversations/41"
    )
    assert page.evaluate("window.PWNED") is None
    assert page.locator(".drift-explorer").locator("img, script").count() == 0
