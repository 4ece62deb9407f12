"""Questions: does the panel as plain HTML fit the window, and does the keyboard reach what the pointer does?"""

from ketalit.extraction import ReviewPanel

from .shared import make_review


def test_it_fits_and_the_keyboard_shows_rule_and_confidence(browser, tmp_path):
    html = ReviewPanel(make_review(tmp_path), "r1", "AB").html
    page_file = tmp_path / "panel.html"
    page_file.write_text(f"<!doctype html><meta charset=utf-8><title>Panel</title>{html}", encoding="utf-8")
    for width in (400, 700, 1280):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(page_file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        page.keyboard.press("Tab")
        told, shown = page.evaluate(
            "[document.activeElement.title, getComputedStyle(document.activeElement, '::after').content]"
        )
        assert "rule " in told
        assert shown == f'"{told}"'
        page.close()
