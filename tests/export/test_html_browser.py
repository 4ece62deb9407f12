"""Questions: in a real browser, offline, by keyboard alone, can one sort, filter, choose columns, open sources?"""

from collections.abc import Iterator

import pytest

from ketalit.export import export
from ketalit.fields import FIELDS
from ketalit.table import evidence_table
from tests.synthetic_review import synthetic_review


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> str:
    table = evidence_table(synthetic_review(), view="full")
    path, *_ = export(table, tmp_path_factory.mktemp("html") / "evidence.html")
    return path.as_uri()


@pytest.fixture
def page(browser, address) -> Iterator:
    """The page; fails the test on any error in the console and on any request but the file itself."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: request.url == address or complaints.append(request.url))
    page.goto(address)
    page.wait_for_selector(".dt-container")
    yield page
    page.close()
    assert complaints == []


NAMES = "[...document.querySelectorAll('#evidence > tbody > tr > th .name')].map(name => name.textContent)"


def wait_for_rows(page, *wanted: str) -> None:
    """Wait until the first rows are these (the library draws when it has time)."""
    page.wait_for_function(f"wanted => wanted.every((name, at) => {NAMES}[at] === name)", arg=list(wanted))


def wait_for_count(page, count: int) -> None:
    page.wait_for_function(f"{NAMES}.length === {count}")


def focus(page, selector: str) -> None:
    """Reach an element with the Tab key, as a person without a mouse would."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")


def test_sorting_by_keyboard(page):
    focus(page, "[aria-label^='Year']")
    page.keyboard.press("Enter")
    wait_for_rows(page, "Alpha 2009", "Beta 2014", "Gamma 2016", "Delta 2018", "Epsilon 2020", "Theta 2023")
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Year")
    page.keyboard.press("Enter")
    wait_for_rows(page, "Theta 2023", "Epsilon 2020")


def test_numbers_sort_as_numbers(page):
    focus(page, "[aria-label^='n:']")
    page.keyboard.press("Enter")
    wait_for_rows(page, "Gamma 2016", "Beta 2014", "Epsilon 2020")
    page.keyboard.press("Enter")
    wait_for_rows(page, "Delta 2018", "Alpha 2009")  # 500, then 60; as text 60 would come first


def test_searching_all_columns_by_keyboard(page):
    focus(page, ".dt-search input")
    page.keyboard.type("nausea")
    wait_for_count(page, 1)
    wait_for_rows(page, "Alpha 2009")
    assert "1 study shown (of 6)" in page.locator(".dt-info").inner_text()


def test_filtering_a_closed_list_by_keyboard_and_clearing_it(page):
    focus(page, "[aria-label='Filter Design']")
    page.keyboard.press("Enter")
    page.wait_for_selector(".dtcc-dropdown")
    assert "C2" not in page.locator(".dtcc-dropdown").inner_text()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText.trim() === 'crossover RCT'"):
            break
    page.keyboard.press("Enter")
    wait_for_count(page, 1)
    wait_for_rows(page, "Beta 2014")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear filters").focus()
    page.keyboard.press("Enter")
    wait_for_count(page, 6)


def test_filtering_text_by_keyboard(page):
    focus(page, "[aria-label='Filter Condition']")
    page.keyboard.press("Enter")
    page.wait_for_selector(".dtcc-dropdown input")
    page.locator(".dtcc-dropdown input").focus()
    page.keyboard.type("syndrome")
    wait_for_count(page, 1)
    wait_for_rows(page, "Alpha 2009")


def test_choosing_columns_by_keyboard(page):
    heads = page.locator("#evidence > thead th")
    before = heads.count()
    focus(page, ".buttons-colvis")
    page.keyboard.press("Enter")
    page.wait_for_selector(".dt-button-collection")
    for _ in range(30):
        if page.evaluate("document.activeElement.textContent.trim() === 'Scale'"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('#evidence > thead th').length === {before - 1}")
    assert "Scale" not in " ".join(heads.all_inner_texts())
    page.keyboard.press("Escape")
    page.wait_for_selector(".dt-button-collection", state="detached")


def test_sources_open_under_their_row_by_keyboard(page):
    focus(page, "a.sources[aria-label='Sources of Alpha 2009']")
    page.keyboard.press("Enter")
    details = page.locator("td.child")
    assert "checked by a person (AB, 2024-01-02)" in " ".join(details.inner_text().split())
    assert page.locator("a.sources[aria-expanded=true]").count() == 1
    page.keyboard.press("Space")
    assert page.locator("td.child").count() == 0


def test_focus_can_be_seen(page):
    focus(page, "[aria-label^='Design']")
    style, width = page.evaluate(
        "(style => [style.outlineStyle, style.outlineWidth])(getComputedStyle(document.activeElement))"
    )
    assert (style, width) == ("solid", "3px")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_it_fits_the_window_and_can_be_read(browser, address, scheme, width):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(address)
    page.wait_for_selector(".dt-container")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for selector in ("body", "#evidence > tbody > tr > td", ".missing", "#evidence .title", "a.sources", ".totals"):
        assert contrast(page, selector) >= 4.5, selector
    page.close()


def contrast(page, selector: str) -> float:
    """Contrast of text to what is painted under it (WCAG 2.2, 1.4.3)."""
    foreground, background = page.evaluate(
        """selector => {
            let element = document.querySelector(selector);
            const colour = getComputedStyle(element).color;
            const clear = e => /, 0\\)$|transparent/.test(getComputedStyle(e).backgroundColor);
            while (element.parentElement && clear(element)) element = element.parentElement;
            return [colour, getComputedStyle(element).backgroundColor];
        }""",
        selector,
    )
    lighter, darker = sorted(map(luminance, (foreground, background)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of "rgb(r, g, b)" (WCAG 2.2)."""
    channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_without_javascript_everything_can_be_read(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("#evidence > tbody > tr > th .name").count() == 6
    details = page.locator("section details").nth(2)
    details.locator("summary").focus()
    page.keyboard.press("Enter")
    assert "table 1" in details.inner_text() or "figure 1" in details.inner_text()
    context.close()


def test_chosen_columns_are_shown_first_and_the_others_are_a_click_away(browser, tmp_path):
    table = evidence_table(synthetic_review(), columns="dose,result", where="n_total>=30")
    path, *_ = export(table, tmp_path / "chosen.html")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.wait_for_selector(".dt-container")
    heads = page.locator("#evidence > thead th")
    assert heads.all_inner_texts() == ["Study", "Year", "Dose as given", "Result", "Adverse events"]
    assert "leaves out 1 study" in page.locator("header").inner_text()
    page.get_by_role("button", name="All columns").click()
    page.wait_for_function(f"document.querySelectorAll('#evidence > thead th').length === {len(FIELDS) + 2}")
    page.close()
