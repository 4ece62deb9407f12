"""Questions: does the panel as plain HTML fit the window, and does the keyboard reach what the pointer does?"""

import shutil

import pytest

from ketalit.extraction import ReviewPanel

from .shared import make_review

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


def test_it_fits_and_the_keyboard_shows_rule_and_confidence(tmp_path):
    html = ReviewPanel(make_review(tmp_path), "r1", "AB").html
    page_file = tmp_path / "panel.html"
    page_file.write_text(f"<!doctype html><meta charset=utf-8><title>Panel</title>{html}", encoding="utf-8")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
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
        browser.close()
