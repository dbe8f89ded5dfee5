from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser.conftest import HOSTILE, notebook
from browser.lab import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator

    from browser.lab import Visit

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module", autouse=True)
def notebooks(folder: Path) -> None:
    """Write a notebook with both views of the sample, and one of hostile conversations."""
    show = (
        "tags = da.widgets.TagExplorer(dataset)\ntags",
        "quality = da.widgets.QualityPanel(dataset)\nquality",
    )
    for name, source in {"panels": "data/sample", "hostile-tags": "hostile-tags"}.items():
        load = f"import drift_analysis as da\ndataset = da.load({source!r})"
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook((load, *show))))
    (folder / "hostile-tags").mkdir()
    rows = json.dumps({"data": hostile_conversations()})
    (folder / "hostile-tags" / "list.json").write_text(rows)
    (folder / "hostile-tags" / "cut.json").write_text('{"cut": ')


def hostile_conversations() -> list[dict[str, object]]:
    """Return conversations whose tags, in two spellings, are hostile."""
    row = {"status": "open", "contactId": 7, "participants": [], "createdAt": 1_772_442_000_000}
    names = [[HOSTILE], [HOSTILE.upper(), "Other"], ["ann@example.com"]]
    return [
        {**row, "id": n, "conversationTags": [{"name": name, "color": "FF0000"} for name in tags]}
        for n, tags in enumerate(names, 1)
    ]


def panels(visit: Visit) -> tuple[Locator, Locator]:
    """Return the two views of a notebook, once both are there."""
    found = visit.page.locator(".drift-panel")
    expect(found).to_have_count(2)
    return found.nth(0), found.nth(1)


def choose(panel: Locator, control: str, start: str) -> None:
    """Choose at one stroke, since what the choices say changes with every click."""
    field = panel.locator(".drift-filters").get_by_label(control, exact=True)
    said = start.replace(" ", "\u00a0")  # so ipywidgets writes the spaces of a choice
    expect(field.locator("option").filter(has_text=re.compile(f"^{said}"))).not_to_have_count(0)
    script = """(field, start) => {
        field.selectedIndex = [...field.options].findIndex((one) => one.text.startsWith(start));
        field.dispatchEvent(new Event("change", { bubbles: true }));
    }"""
    field.evaluate(script, said)


def press(panel: Locator, name: str) -> None:
    panel.get_by_role("button", name=name, exact=True).click()


def test_every_control_of_tags_and_quality_is_driven_and_neither_disturbs_the_other(
    visit: Visit,
) -> None:
    visit.run("panels.ipynb")
    tags, quality = panels(visit)
    image = tags.locator(".drift-picture img")
    expect(image).to_have_attribute("alt", re.compile("Bar chart, one bar per tag"))
    heading = tags.locator(".drift-beside .drift-heading")
    expect(heading).to_have_text("Tags")

    choose(tags, "Show", "By period")
    expect(image).to_have_attribute("alt", re.compile("^Small line charts"))
    choose(tags, "Period", "Week")
    choose(tags, "Draw", "5 tags")
    choose(tags, "Tag", "Pricing")
    expect(heading).to_have_text("Pricing, by week")
    expect(tags.locator(".drift-table .drift-summary")).to_have_text(
        "45 conversations with Pricing"
    )
    choose(tags, "Together with", "Demo")
    expect(tags.locator(".drift-chip")).to_have_count(2)

    choose(tags, "Show", "Together")
    expect(heading).to_have_text("Tags that go together")
    first = tags.locator(".drift-beside .drift-open").first
    first.focus()
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Enter")
    second = tags.locator(".drift-beside tbody tr").nth(1)
    expect(second).to_have_attribute("aria-current", "true")
    tags.locator(".drift-table tbody tr").first.click()
    expect(tags.locator(".drift-title")).to_have_text(re.compile(r"^Conversation \d+"))

    choose(tags, "Show", "Spellings")
    row = tags.locator(".drift-beside tbody tr").first
    row.locator(".drift-open").click()
    becomes = tags.get_by_label("Counts as", exact=True)
    expect(becomes).to_have_value("Pricing")
    becomes.fill("Prices")
    becomes.press("Enter")
    press(tags, "Merge")
    expect(row.locator("td").last).to_have_text("counts as Prices")
    press(tags, "Keep apart")
    expect(row.locator("td").last).to_have_text("kept apart")
    press(tags, "Undo the last change")
    expect(row.locator("td").last).to_have_text("counts as Prices")
    choose(tags, "Spelling", "integration")
    press(tags, "Take all proposals")
    expect(tags.locator(".drift-beside tbody")).to_contain_text("counts as Integration")
    press(tags, "Save mapping")
    expect(tags.locator(".drift-bar .drift-said")).to_have_text("Saved as tag-mapping-1.json.")

    tags.get_by_label("Name of the view").fill("mine")
    press(tags, "Save this view under the name")
    press(tags, "Reset")
    expect(heading).to_have_text("Tags")
    tags.get_by_label("Show a saved view").select_option("mine")
    expect(heading).to_have_text("Spellings that look alike")
    tags.locator(".drift-code summary").click()
    expect(tags.locator(".drift-code pre")).to_contain_text("da.merge_tags(")
    tags.get_by_label("Save to a file").select_option("csv")
    expect(tags.locator(".drift-bar .drift-said")).to_have_text("Saved as tag-explorer-1.csv.")

    drive_quality(visit, quality)


def drive_quality(visit: Visit, quality: Locator) -> None:
    sheets = quality.locator(".drift-sheet")
    expect(quality.locator(".drift-picture img")).to_have_attribute("alt", re.compile("metric"))
    expect(sheets.nth(1).locator(".drift-heading")).to_have_text("What can be said")
    sheets.nth(1).locator(".drift-open").first.focus()
    visit.page.keyboard.press("End")
    visit.page.keyboard.press("Enter")
    expect(sheets.nth(2).locator(".drift-heading")).to_have_text(re.compile("^Behind: "))
    expect(sheets.nth(2).locator(".drift-words")).to_contain_text("Try: ")

    choose(quality, "Show", "Findings")
    choose(quality, "Severity", "Warnings")
    choose(quality, "Metric", "tag frequency")
    expect(sheets.nth(1).locator("tbody tr")).not_to_have_count(0)
    sheets.nth(1).locator("tbody tr").filter(has_text="list only").click()
    expect(sheets.nth(2).locator("tbody tr")).to_have_count(4)
    choose(quality, "Show", "Not read")
    expect(sheets.nth(1).locator(".drift-heading")).to_have_text("Not read")
    sheets.nth(1).locator(".drift-open").first.click()
    expect(sheets.nth(2).locator("tbody")).to_contain_text("line ")
    choose(quality, "Show", "Noticed")
    expect(sheets.nth(1).locator(".drift-heading")).to_have_text("Noticed while reading")
    press(quality, "Reset")
    expect(sheets.nth(1).locator(".drift-heading")).to_have_text("What can be said")
    assert visit.cell_errors() == []


def test_the_picture_takes_the_inks_of_a_dark_page_and_all_fits_700_px(visit: Visit) -> None:
    visit.run("panels.ipynb")
    tags, quality = panels(visit)
    image = tags.locator(".drift-picture img")
    expect(image).to_have_attribute("src", re.compile("^data:image/svg"))
    light = image.get_attribute("src")

    visit.command("apputils:change-theme", theme="JupyterLab Dark")
    expect(image).not_to_have_attribute("src", str(light))
    visit.command("apputils:change-theme", theme="JupyterLab Light")
    expect(image).to_have_attribute("src", str(light))

    visit.command("application:toggle-left-area")
    visit.page.set_viewport_size({"width": 860, "height": 1300})
    for panel in (tags, quality):
        width = panel.evaluate("element => [element.scrollWidth, element.clientWidth]")
        assert width[1] < 720
        assert width[0] <= width[1] + 1


def test_hostile_tags_stay_text_in_every_pane(visit: Visit) -> None:
    visit.run("hostile-tags.ipynb")
    tags, quality = panels(visit)
    expect(tags.locator(".drift-beside tbody")).to_contain_text(HOSTILE, ignore_case=True)
    expect(tags).not_to_contain_text("ann@example.com")

    tags.locator(".drift-beside .drift-open").first.click()
    expect(tags.locator(".drift-summary")).to_contain_text(HOSTILE, ignore_case=True)
    for view in ("By period", "Together", "Spellings"):
        choose(tags, "Show", view)
        expect(tags.locator(".drift-beside .drift-heading")).not_to_have_text("Tags")
    expect(tags.locator(".drift-beside .drift-heading")).to_have_text("Spellings that look alike")
    tags.locator(".drift-beside .drift-open").first.click()
    expect(tags.locator(".drift-beside tbody tr").first).to_have_attribute("aria-current", "true")
    becomes = tags.get_by_label("Counts as", exact=True)
    expect(becomes).to_have_value(re.compile(re.escape(HOSTILE), re.IGNORECASE))
    becomes.fill(f"New {HOSTILE}")
    becomes.press("Enter")
    press(tags, "Merge")
    expect(tags.locator(".drift-beside tbody")).to_contain_text(f"counts as New {HOSTILE}")
    choose(quality, "Show", "Not read")
    expect(quality.locator(".drift-heading").filter(has_text="Not read")).to_have_count(1)
    quality.locator(".drift-open").first.click()
    expect(quality.locator(".drift-sheet").nth(2)).to_contain_text("Try: ")

    assert visit.page.evaluate("window.PWNED") is None
    assert visit.page.locator(".drift-panel script").count() == 0
    assert visit.page.locator(".drift-panel img:not(.drift-picture img)").count() == 0
