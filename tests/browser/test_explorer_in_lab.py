from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from browser.lab import PATIENCE, Visit, running_lab

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)

HOSTILE = '<img src=x onerror="window.PWNED=1"></script><script>window.PWNED=1</script>'
ALL = "400 shown of 400 conversations"
CHOICES = (
    *("Status", "Inbox", "Playbook", "Participant", "Written by", "Duration", "Answers", "Tag"),
)
RUN_LAST = """async ([source, patience]) => {
    const panel = window.jupyterapp.shell.currentWidget;
    const cells = panel.content.model.cells;
    cells.get(cells.length - 1).sharedModel.setSource(source);
    panel.content.activeCellIndex = cells.length - 1;
    await window.jupyterapp.commands.execute('notebook:run-cell');
}"""
CHOOSE = """async (field, [start, patience]) => {
    const find = () => [...field.options].findIndex((one) =>
        one.textContent.replaceAll('\u00a0', ' ').startsWith(start));
    for (const begin = Date.now(); find() < 0 && Date.now() - begin < patience; ) {
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    field.selectedIndex = find();
    field.dispatchEvent(new Event("change", { bubbles: true }));
}"""
STOPS = """root => [...root.querySelectorAll('a[href], button, input, select, summary, [tabindex]')]
    .filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility())
    .map((one, n) => (one.dataset.stop = String(n)))"""
HERE = """root => root.contains(document.activeElement)
    ? document.activeElement.dataset.stop ?? 'a pane that scrolls' : null"""
NOTEBOOKS_OWN = "Cannot read properties of undefined (reading 'schema')"
"""What Notebook 7.6 says while it starts, also of a notebook that holds nothing."""

NAMED = {
    *("button", "textbox", "searchbox", "combobox", "checkbox", "tab", "link", "table", "grid"),
    *("Date", "listbox", "tablist", "tabpanel", "navigation", "log", "img", "graphics-document"),
}


class View:
    """One explorer on a page."""

    def __init__(self, root: Locator) -> None:
        self.root = root
        self.page: Page = root.page
        self.summary = root.locator(".drift-summary")
        self.rows = root.locator(".drift-table tbody tr")
        self.chips = root.locator(".drift-chip")
        self.said = root.locator(".drift-said")

    def field(self, label: str) -> Locator:
        return self.root.locator(".drift-filters").get_by_label(label, exact=True)

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def options(self, label: str) -> list[tuple[str, int]]:
        """Return the choices of a control, with the number beside each."""
        texts = self.field(label).locator("option").all_text_contents()
        told = [re.fullmatch(r"(.*)\s\(([\d,]+)\)", text.replace("\xa0", " ")) for text in texts]
        return [(one[1], int(one[2].replace(",", ""))) for one in told if one]

    def choose(self, label: str, start: str) -> None:
        """Choose at one stroke, since what the choices say changes with every filter."""
        self.field(label).evaluate(CHOOSE, [start, PATIENCE])

    def some(self, label: str) -> tuple[str, int]:
        """Return a choice that leaves some conversations, and not all."""
        return next((name, n) for name, n in self.options(label) if 0 < n < 400)

    def write(self, label: str, text: str) -> None:
        self.field(label).fill(text)
        self.field(label).press("Enter")

    def shows(self, n: int) -> None:
        expect(self.summary).to_have_text(re.compile(f"^{n:,} shown of 400 conversations"))

    def reset(self) -> None:
        self.button("Reset").click()
        expect(self.summary).to_have_text(ALL)
        expect(self.chips).to_have_count(0)

    def undo(self) -> None:
        """Undo the one filter that is on; the chips are the last to be drawn."""
        self.button("Undo the last change").click()
        expect(self.summary).to_have_text(ALL)
        expect(self.chips).to_have_count(0)

    def shown(self) -> int:
        return int(self.summary.inner_text().split()[0])


def view(visit: Visit, number: int = 0) -> View:
    found = View(visit.page.locator(".drift-explorer").nth(number))
    expect(found.rows.first).to_be_visible()
    return found


def test_every_control_is_driven_in_one_of_two_explorers(visit: Visit, folder: Path) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.run("notebooks/two.ipynb")
    one, two = view(visit), view(visit, 1)
    before = two.root.inner_text()
    expect(one.summary).to_have_text(ALL)

    every_filter_leaves_what_it_says(one)
    tags_days_and_texts(one)
    the_charts_pick_and_filter(one)
    the_table_is_sorted_and_turned(one)
    a_transcript_is_read(one)
    a_view_is_kept_and_shown_again(one)
    what_is_copied_gives_the_same(one)
    everything_is_saved(one, folder / "notebooks")

    assert two.root.inner_text() == before


def every_filter_leaves_what_it_says(one: View) -> None:
    for label in CHOICES:
        name, n = one.some(label)
        one.choose(label, name)
        one.shows(n)
        expect(one.chips).not_to_have_count(0)
        one.undo()


def tags_days_and_texts(one: View) -> None:
    one.choose("Tag", one.some("Tag")[0])
    expect(one.chips).to_have_count(1)
    least = one.shown()
    expect(one.field("And tag").locator("option").nth(2)).to_be_attached()
    another = one.field("And tag").locator("option").nth(2).text_content() or ""
    one.choose("And tag", another.replace("\xa0", " "))
    expect(one.chips.first).to_have_text(re.compile(" or "))
    assert one.shown() >= least
    one.choose("Of several tags", "all")
    expect(one.chips.first).to_have_text(re.compile(" and "))
    assert one.shown() <= least
    one.chips.get_by_role("button").click()
    expect(one.chips).to_have_count(0)

    one.field("From").fill("2026-03-10")
    one.field("To").fill("2026-05-20")
    one.write("Text in messages", "the")
    expect(one.chips).to_have_count(3)
    assert 0 < one.shown() < 400
    one.write("Find in table", "pricing")
    expect(one.chips).to_have_count(4)
    height = "root => root.getBoundingClientRect().height"
    tall = one.root.evaluate(height)
    one.field("From").fill("2020-01-01")
    one.field("To").fill("2020-01-02")
    advice = one.root.locator(".drift-advice")
    expect(advice).to_have_text(re.compile(r"^No conversation fits all filters\. Without the last"))
    expect(one.root.locator(".drift-chart svg")).to_have_count(0)
    assert one.root.evaluate(height) == tall
    one.reset()


def the_charts_pick_and_filter(one: View) -> None:
    bars = one.root.locator(".drift-chart .mark-rect.role-mark path")
    bars.nth(3).click()
    expect(one.summary).to_have_text(re.compile("picked: "))
    one.reset()
    one.page.wait_for_timeout(500)  # another chart takes the place of the one with the pick
    expect(bars.nth(3)).to_be_visible()
    box = one.root.locator(".drift-chart svg").bounding_box()
    assert box is not None
    one.page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 70)
    one.page.mouse.down()
    one.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 80, steps=5)
    one.page.mouse.up()
    expect(one.summary).to_have_text(re.compile("picked: "))
    assert 0 < one.shown() < 400
    one.reset()

    for tab in ("Tags", "Playbooks"):
        one.root.get_by_role("tab", name=tab).click()
        expect(one.root.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        expect(one.root.locator(".drift-about").first).to_contain_text(tab[:-1].lower())
        bar = one.root.locator(".drift-row").first
        n = int((bar.locator(".drift-value").text_content() or "").replace(",", ""))
        bar.click()
        one.shows(n)
        expect(one.root.locator('.drift-row[aria-pressed="true"]')).to_have_count(1)
        one.root.locator('.drift-row[aria-pressed="true"]').click()
        expect(one.summary).to_have_text(ALL)
        expect(one.chips).to_have_count(0)
    one.root.get_by_role("tab", name="Time in status").click()
    expect(one.root.locator(".drift-dot")).not_to_have_count(0)
    expect(one.root.locator(".drift-tick")).not_to_have_count(0)


def the_table_is_sorted_and_turned(one: View) -> None:
    place = one.root.locator(".drift-place")
    for name, ways in {"lasted": "↓↑", "tags": "↓", "playbook": "↑", "status": "↑"}.items():
        for way in ways:
            one.button(f"Sort by {name}").click()
            expect(one.button(f"Sort by {name}")).to_have_text(f"{name.title()} {way}")
    one.button("Sort by started").click()
    one.button("Next page").click()
    expect(place).to_have_text("Page 2 of 27")
    one.button("Page before").click()
    expect(place).to_have_text("Page 1 of 27")
    cells = one.root.locator(".drift-table tbody td:nth-child(4)").all_inner_texts()
    assert "none" in cells
    assert "" not in cells


def a_transcript_is_read(one: View) -> None:
    first = one.root.locator(".drift-open").first
    first.focus()
    one.page.keyboard.press("ArrowDown")
    one.page.keyboard.press("Enter")
    expect(one.rows.nth(1)).to_have_attribute("aria-current", "true")
    title = one.root.locator(".drift-title")
    expect(title).to_have_text(re.compile(r"^Conversation \d+$"))
    current = one.root.locator('.drift-table tbody tr[aria-current="true"]')
    expect(current).to_have_attribute("data-id", title.inner_text().removeprefix("Conversation "))
    expect(one.root.locator(".drift-proof").first).not_to_be_empty()
    one.rows.nth(3).click()
    expect(one.root.locator(".drift-bubble").first).to_be_visible()
    switch = one.root.get_by_label("Show e-mail addresses and phone numbers")
    switch.check()
    switch.uncheck()
    one.root.locator(".drift-life summary").click()


def a_view_is_kept_and_shown_again(one: View) -> None:
    one.choose("Status", "closed")
    one.write("Text in messages", "price")
    expect(one.chips).to_have_count(2)
    left = one.shown()
    assert 0 < left < 400
    one.root.get_by_label("Name of the view").fill("mine")
    one.button("Save this view under the name").click()
    expect(one.said).to_have_text("The view was saved as mine.")
    one.reset()
    one.root.get_by_label("Show a saved view").select_option("mine")
    one.shows(left)
    one.undo()
    one.root.get_by_label("Show a saved view").select_option("mine")
    one.shows(left)
    expect(one.chips).to_have_count(2)


def what_is_copied_gives_the_same(one: View) -> None:
    one.root.locator(".drift-code summary").click()
    expect(one.root.locator(".drift-code pre")).to_have_text(re.compile("frame = "))
    one.button("Copy the code of this view").click()
    expect(one.said).to_have_text("The code was copied.")
    code = one.page.evaluate("navigator.clipboard.readText()")
    check = "\nlist(frame['conversation_id']) == list(explorer.ids), len(frame)"
    one.page.evaluate(RUN_LAST, [code + check, PATIENCE])
    out = one.page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output")
    expect(out).to_have_text(f"(True, {one.shown()})")


def everything_is_saved(one: View, beside: Path) -> None:
    for value, name in {
        "chart": "explorer-1.png",
        "csv": "explorer-1.csv",
        "parquet": "explorer-1.parquet",
        "ids": "explorer-1.txt",
    }.items():
        one.root.get_by_label("Save to a file").select_option(value)
        expect(one.said).to_have_text(f"Saved as {name}.")
        assert (beside / name).stat().st_size > 0


def test_every_control_has_a_name_and_is_reached_and_used_by_keys(visit: Visit) -> None:
    visit.run("notebooks/one.ipynb")
    one, page = view(visit), visit.page
    one.rows.nth(3).click()
    expect(one.root.locator(".drift-bubble").first).to_be_visible()

    assert unnamed(page) == []

    stops = one.root.evaluate(STOPS)
    assert len(stops) > 25
    one.field("From").focus()
    reached = set()
    for _ in range(len(stops) + 20):  # a date is three stops, and more
        here = one.root.evaluate(HERE)
        if here is None:
            break
        reached.add(here)
        page.keyboard.press("Tab")
    assert [stop for stop in stops if stop not in reached] == []

    one.field("Status").focus()
    page.keyboard.type("open")
    page.keyboard.press("Enter")
    expect(one.chips).to_have_count(1)
    one.chips.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(one.chips).to_have_count(0)
    one.root.get_by_role("tab", name="Playbooks").focus()
    page.keyboard.press("ArrowRight")
    expect(one.root.get_by_role("tab", name="Tags")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(one.chips).to_have_count(1)
    expect(one.root.locator('.drift-row[aria-pressed="true"]')).to_have_count(1)
    outline = "() => getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"


def unnamed(page: Page) -> list[str]:
    """Return what a screen reader would meet without a name in the explorer."""
    cdp = page.context.new_cdp_session(page)
    found: Any = cdp.send(
        "Runtime.evaluate", {"expression": "document.querySelector('.drift-explorer')"}
    )
    nodes: Any = cdp.send("Accessibility.queryAXTree", {"objectId": found["result"]["objectId"]})
    seen = [one for one in nodes["nodes"] if not one["ignored"]]
    roles = {one["role"]["value"] for one in seen}
    assert {"button", "combobox", "textbox", "table", "tab", "checkbox", "link"} <= roles
    return [
        one["role"]["value"]
        for one in seen
        if one["role"]["value"] in NAMED and not one.get("name", {}).get("value", "").strip()
    ]


def test_a_notebook_without_its_kernel_shows_a_picture_and_a_sentence(
    visit: Visit, folder: Path
) -> None:
    file = folder / "notebooks" / "one.ipynb"
    visit.run("notebooks/one.ipynb")
    page, still = visit.page, visit.page.locator(".drift-still")
    view(visit)
    expect(still).to_be_hidden()
    expect(page.locator(".jp-OutputArea-output img")).to_be_hidden()
    visit.command("docmanager:save")
    page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")
    assert file.stat().st_size < 200_000
    page.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()")

    page.goto(f"{visit.url}/lab/tree/notebooks/one.ipynb?reset")

    expect(still).to_have_text(f"{ALL}. Run this cell again to filter, click and read.")
    expect(still).to_be_visible()
    picture = page.locator(".jp-OutputArea-output img")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] > 300
    expect(page.get_by_text("Error displaying widget: model not found")).to_be_visible()
    assert all("widget model not found" in error for error in visit.errors)
    visit.errors.clear()


def test_hostile_texts_stay_texts_in_every_pane(visit: Visit) -> None:
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.run("notebooks/hostile.ipynb")
    one, page = view(visit), visit.page

    one.rows.first.click()
    expect(one.root.locator(".drift-bubble")).to_have_count(2)
    expect(one.root.locator(".drift-bubble .drift-text").first).to_have_text(HOSTILE)
    expect(one.root.locator(".drift-tag").first).to_have_text(HOSTILE)
    expect(one.root.locator(".drift-pill")).to_have_text(HOSTILE)
    expect(one.root.locator(".drift-stretches li").first).to_be_visible()
    expect(page.get_by_role("link", name="Open in Drift")).to_have_attribute(
        "href", "https://app.drift.com/inboxes/3/conversations/41"
    )
    expect(one.root.locator(".drift-label").first).to_have_text(HOSTILE)
    for label in ("Playbook", "Participant", "Tag"):
        one.choose(label, HOSTILE[:20])
    one.write("Find in table", HOSTILE)
    one.write("Text in messages", HOSTILE)
    expect(one.chips).to_have_count(5)
    expect(one.chips.last).to_contain_text(HOSTILE[:20])
    one.root.get_by_role("tab", name="Tags").click()
    expect(one.root.locator('.drift-row[aria-pressed="true"]')).to_contain_text(HOSTILE)
    one.root.get_by_label("Name of the view").fill(HOSTILE)
    one.button("Save this view under the name").click()
    expect(one.said).to_have_text(f"The view was saved as {HOSTILE}.")
    one.root.get_by_label("Show a saved view").select_option(HOSTILE)
    one.root.locator(".drift-code summary").click()
    expect(one.root.locator(".drift-code pre")).to_contain_text("onerror")

    assert page.evaluate("window.PWNED") is None
    assert one.root.locator("img, script, iframe, object").count() == 0
    assert [url for url in asked if url.endswith("/x")] == []


def test_notebook_7_opens_it_and_a_click_filters(browser: Browser, folder: Path) -> None:
    with running_lab(folder, "notebook") as url:
        context = browser.new_context(viewport={"width": 1400, "height": 1300})
        visit = Visit(context.new_page(), url)
        visit.run("notebooks/one.ipynb", place="notebooks")
        one = view(visit)
        expect(one.summary).to_have_text(ALL)
        one.root.locator(".drift-row").first.click()
        expect(one.chips).to_have_count(1)
        assert 0 < one.shown() < 400
        context.close()
    assert visit.strangers == []
    assert [error for error in visit.errors if error != NOTEBOOKS_OWN] == []
