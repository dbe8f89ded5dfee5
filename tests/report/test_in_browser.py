from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def addresses(
    of_the_sample: Path, of_hostile_data: Path, page_of_everything: Path
) -> dict[str, str]:
    folders = {"sample": of_the_sample, "hostile": of_hostile_data}
    found = {name: (folder / "review.html").as_uri() for name, folder in folders.items()}
    return {**found, "everything": page_of_everything.as_uri()}


def opened(browser: Browser, address: str, **options: Any) -> tuple[Page, list[str], list[str]]:
    """Open a page with the network off; return what it asked for and what went wrong."""
    page = browser.new_context(offline=True, **{"viewport": WIDE, **options}).new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page, asked, wrong


def fits(page: Page) -> bool:
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"))


@pytest.mark.parametrize("name", ["sample", "hostile", "everything"])
def test_the_page_opens_without_a_network_and_asks_for_nothing(
    name: str, browser: Browser, addresses: dict[str, str]
) -> None:
    page, asked, wrong = opened(browser, addresses[name])

    assert asked == [addresses[name]]
    assert wrong == []
    assert page.evaluate("window.PWNED") is None
    assert page.locator("script, iframe, object, embed, form, img").count() == 0


@pytest.mark.parametrize("name", ["sample", "hostile"])
def test_every_chart_is_drawn_and_named(
    name: str, browser: Browser, addresses: dict[str, str]
) -> None:
    page, _, _ = opened(browser, addresses[name])
    drawings = page.get_by_role("img").all()

    assert len(drawings) == page.locator("figure").count() >= 6
    for drawing in drawings:
        box = drawing.bounding_box()
        assert box is not None
        assert 700 < box["width"] < 740
        assert box["height"] > 200
        assert drawing.locator("path, line, rect, circle").count() > 10


@pytest.mark.parametrize("width", [360, 400, 768, 1600])
def test_nothing_is_wider_than_the_window(
    width: int, browser: Browser, addresses: dict[str, str]
) -> None:
    for address in addresses.values():
        page, _, _ = opened(browser, address, viewport={"width": width, "height": 800})

        assert fits(page)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert fits(page)


def test_on_a_telephone_pictures_scroll_and_their_letters_stay_readable(
    browser: Browser, addresses: dict[str, str]
) -> None:
    page, _, _ = opened(browser, addresses["sample"], viewport={"width": 390, "height": 844})

    for figure in page.locator("figure").all():
        drawing = figure.locator("svg").bounding_box()
        assert drawing is not None
        assert drawing["width"] >= 640
        assert figure.evaluate("f => getComputedStyle(f).overflowX") == "auto"


def test_by_night_the_page_is_dark_and_its_charts_with_it(
    browser: Browser, addresses: dict[str, str]
) -> None:
    page, _, _ = opened(browser, addresses["sample"], color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    texts = "[...document.querySelectorAll('figure text')]"
    inks = f"{texts}.map(text => getComputedStyle(text).fill)"
    by_day, by_night = "rgb(27, 31, 36)", "rgb(240, 242, 244)"

    assert page.evaluate(ground) == "rgb(17, 17, 17)"
    assert by_night in page.evaluate(inks)
    assert by_day not in page.evaluate(inks)
    page.emulate_media(media="print")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    assert by_day in page.evaluate(inks)
    assert by_night not in page.evaluate(inks)


def test_on_paper_no_picture_is_split_or_taller_than_a_page(
    browser: Browser, addresses: dict[str, str]
) -> None:
    a4_less_margins = {"width": 673, "height": 1001}
    page, _, _ = opened(browser, addresses["sample"], viewport=a4_less_margins)
    paper = page.locator(".paper")
    assert not paper.is_visible()
    page.emulate_media(media="print")
    assert paper.is_visible()

    for figure in page.locator("figure").all():
        box = figure.bounding_box()
        assert box is not None
        assert box["height"] < a4_less_margins["height"]
        assert figure.evaluate("f => getComputedStyle(f).breakInside") == "avoid"
