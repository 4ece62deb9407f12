"""Questions, in a real browser: does anything collide or stick out, is dark dark and paper light, is nothing fetched?"""

import pytest

from ketalit.mapping import evidence_map, export, picture
from ketalit.review import load_review
from tests.figures.test_browser import collisions, page, rgb
from tests.synthetic_review import synthetic_review

__all__ = ["page"]  # a fixture


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path, *_ = export(evidence_map(load_review()), tmp_path_factory.mktemp("map") / "map.html")
    return path.as_uri()


@pytest.mark.parametrize("width", [320, 400, 640, 760, 1100])
@pytest.mark.parametrize("by", ["route", "followup"])
def test_no_words_collide(page, by, width):
    for review in (load_review(), synthetic_review()):
        assert collisions(page, picture(evidence_map(review), by, width=width)) == []


@pytest.mark.parametrize("width", [360, 400, 700, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_fetches_nothing(browser, address, scheme, width):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    wrong: list[str] = []
    page.on("request", lambda request: request.url == address or wrong.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shown = "[...document.querySelectorAll('svg')].filter(one => one.checkVisibility()).length"
    assert page.evaluate(shown) == 2
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == rgb("#16191d" if scheme == "dark" else "#ffffff")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == rgb("#ffffff")
    assert page.evaluate(shown) == 2
    assert wrong == []
    page.close()


def test_dots_lie_in_their_cells(page):
    """No dot sticks out of the rectangle behind it: a study is never seen in another's cell."""
    for width in (640, 1100):
        page.set_content(f"<!doctype html><body>{picture(evidence_map(load_review()), width=width).svg}")
        outside = page.evaluate(
            """() => { const cells = [...document.querySelectorAll('svg rect[rx]')].map(c => c.getBoundingClientRect());
            const inside = (d, c) => d.left >= c.left - 1 && d.right <= c.right + 1 && d.top >= c.top - 1
                && d.bottom <= c.bottom + 1;
            return [...document.querySelectorAll('svg g')].filter(g => g.querySelector('title'))
              .filter(g => !cells.some(c => inside(g.getBoundingClientRect(), c)))
              .map(g => g.querySelector('title').textContent); }"""
        )
        assert outside == []


def test_the_studies_are_reached_by_keyboard(browser, address):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(address)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#studies")
    page.close()
