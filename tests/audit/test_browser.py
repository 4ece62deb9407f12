"""Questions: in a real browser, offline, without scripts and by keyboard alone, can one read an audit?"""

from pathlib import Path

import pytest

from ketalit.audit import audit, export
from ketalit.page import open_page
from ketalit.review import load_review

PAGE = Path(__file__).parent / "pages" / "mixed.md"


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> str:
    found = audit(open_page(str(PAGE)), load_review())
    return export(found, tmp_path_factory.mktemp("audit") / "audit.html").as_uri()


def opened(browser, address, **options):
    context = browser.new_context(offline=True, java_script_enabled=True, **options)
    page = context.new_page()
    wrong = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("request", lambda request: None if request.url.split("#")[0] == address else wrong.append(request.url))
    page.goto(address)
    return page, wrong


def test_marks_lead_to_notes_and_back(browser, address):
    page, wrong = opened(browser, address)
    mark = page.locator("mark.bad sup a").first
    mark.focus()
    page.keyboard.press("Enter")
    target = page.locator(":target")
    assert "contradicted" in target.inner_text()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Back to statement")
    assert not wrong


def test_the_basis_opens_by_keyboard(browser, address):
    page, _ = opened(browser, address)
    summary = page.locator(".note summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".note details[open] li").first.is_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_sticks_out(browser, address, width):
    page, _ = opened(browser, address, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(browser, address, scheme):
    """Text on what lies behind it, at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    page, _ = opened(browser, address, color_scheme=scheme)
    ratios = page.evaluate(
        """() => {
          const light = c => {
            const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => v / 255)
              .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
            return .2126 * r + .7152 * g + .0722 * b;
          };
          const behind = e => {
            for (; e; e = e.parentElement) {
              const c = getComputedStyle(e).backgroundColor;
              if (c !== 'rgba(0, 0, 0, 0)') return c;
            }
            return 'rgb(255, 255, 255)';
          };
          return [...document.querySelectorAll('p, mark, mark a, .badge, .faint, summary, li, a, footer')].map(e => {
            const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
            return [(a + .05) / (b + .05), e.className || e.tagName];
          });
        }"""
    )
    low = [found for found in ratios if found[0] < 4.5]
    assert len(ratios) > 50
    assert not low
