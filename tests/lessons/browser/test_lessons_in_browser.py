"""Questions: can a lesson be worked through with a keyboard alone, in JupyterLab and on a projector, by everybody?"""

import csv
import io
from xml.etree import ElementTree

import pytest

from ketalit.lessons.question import bank

from .pages import Lesson, wrong_and_right
from .servers import lessons

NAMES = lessons()
FIRST = next((name for name in NAMES if name.startswith("01-")), None)
SVG = "{http://www.w3.org/2000/svg}"


def predict(lesson, items):
    """Give every prediction, some wrong; their panels open. Returns which were given."""
    done = []
    for item in items:
        question = lesson.question(item)
        if not question.count():
            continue  # a bank may hold more than a lesson asks
        wrong, right = wrong_and_right(item)
        said = lesson.answer(question, item, right if len(done) % 2 else wrong[0])
        assert "You predicted" in said
        assert item["answers"][0].get("feedback", "?") not in said
        done.append(item["id"])
    lesson.settle(len(done))
    return done


def described(lesson, panel):
    """Whether the picture that is saved now is described as on the page; a step may still be under way."""
    file, svg = lesson.download(panel, "Save SVG")
    assert file.endswith(".svg")
    said = ElementTree.fromstring(svg).findtext(f"{SVG}desc").split()
    return " ".join(said) in " ".join(panel.locator(".ket-readout").text_content().split())


def work(lesson, panel):
    """Every control by keys, what is kept, and back to the start."""
    panel.scroll_into_view_if_needed()
    controls = panel.locator(".ket-control").filter(visible=True).all()
    assert controls
    names = [lesson.spoken(control) for control in controls]
    assert len(set(names)) == len(names), f"two controls are called the same: {names}"
    for control, name in zip(controls, names, strict=True):
        lesson.reset(panel)
        assert lesson.operate(panel, control) == name
        for play in control.get_by_role("button", name="Step").all():
            now = control.locator("input[type=number]")
            lesson.reset(panel)
            before = now.input_value()
            lesson.press(play, "Enter")
            lesson.until(lambda: now.input_value() != before, f"{name} stepped")  # noqa: B023
    lesson.until(lambda: described(lesson, panel), "the saved picture says what is read under it")
    file, png = lesson.download(panel, "Save PNG")
    assert (file[-4:], png[:4]) == (".png", b"\x89PNG")
    file, table = lesson.download(panel, "Save data")
    rows = list(csv.reader(io.StringIO(table.decode())))
    assert file.endswith(".csv")
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1
    lesson.reset(panel)


def check(lesson, items):
    """Every question wrongly, then rightly; each wrong answer has its own words."""
    for item in items:
        question = lesson.question(item)
        wrong, right = wrong_and_right(item)
        for number, given in enumerate(wrong, 1):
            said = lesson.answer(question, item, given)
            assert "Not this one." in said
            assert (f"That was try {number}" in said) == (number > 1)
        assert "Right." in lesson.answer(question, item, right)
        lesson.until(question.locator(".ket-send").is_disabled, f"{item['id']} closed")
        inside = question.evaluate("node => node.contains(document.activeElement)")
        assert inside, "the keyboard was lost when the question closed"
    right = f"{len(items)} of {len(items)} answered rightly."
    lesson.until(lambda: lesson.page.get_by_text(right).count() > 0, right)


def picture_stays(panel):
    """On a projector: the picture and the first lines of its reading are seen while the last control is moved.

    They never lie over the notes under the panel.
    """
    panel.evaluate("node => node.scrollIntoView({block: 'start'})")
    panel.locator(".ket-controls > *").last.evaluate("node => node.scrollIntoView({block: 'nearest'})")
    top, below, over = panel.evaluate(
        """node => {
          const at = (name) => node.querySelector(name).getBoundingClientRect();
          return [at('.ket-picture').top, at('.ket-readout').top, at('.ket-keep').bottom - at(':scope > .widget-html:last-child').top];
        }"""
    )
    return top > -30 and below + 60 <= 720 and over <= 1


def work_through(page, address, name, axe):
    """A whole lesson, as a student with a keyboard works it."""
    lesson = Lesson(page, address)
    lesson.run()
    assert lesson.failed() == []
    try:
        questions = list(bank(name[:2]).values())
    except ValueError:
        questions = []
    predicted = predict(lesson, [one for one in questions if one["kind"] == "predict"])
    panels = lesson.panels()
    assert panels or lesson.page.locator(".ket-panel").count()
    for panel in panels:
        work(lesson, panel)
    for compare in page.get_by_role("button", name="I have looked").all():
        lesson.press(compare, "Enter")
    verdicts = page.get_by_text("The panel shows something else.").or_(
        page.get_by_text("That fits what the panel shows.")
    )
    lesson.until(lambda: verdicts.count() >= len(predicted), "predictions compared")
    checked = [one for one in questions if one["kind"] != "predict"]
    check(lesson, checked)
    assert lesson.barriers(axe) == []
    page.set_viewport_size({"width": 640, "height": 900})
    lesson.until(lambda: lesson.cut_off() == [], "all of it fits into half the width")
    assert lesson.complaints == []
    return lesson, {*predicted, *(one["id"] for one in checked)}


@pytest.mark.skipif(FIRST is None, reason="lesson 1 is not there")
def test_one_lesson_from_end_to_end(page, lab, axe):
    address, log = lab
    _, answered = work_through(page, address.format(FIRST), FIRST, axe)
    rows = list(csv.DictReader(io.StringIO(log.read_text(encoding="utf-8"))))
    assert {row["item"] for row in rows} == answered
    assert {row["correct"] for row in rows} == {"True", "False"}
    asked = {row["item"] for row in rows if row["confidence"]}
    assert asked == {one for one in answered if bank("01")[one]["kind"] == "predict"}


@pytest.mark.skipif(FIRST is None, reason="lesson 1 is not there")
def test_before_anything_is_run_the_figures_are_there_in_words_too(page, lab):
    lesson = Lesson(page, lab[0].format(FIRST))
    page.wait_for_selector(".jp-OutputArea img[src^='data:image/svg']", state="attached")
    described = page.eval_on_selector_all(".jp-OutputArea img", "all => all.map(one => one.alt)")
    assert all(len(words) > 40 for words in described)
    assert not page.get_by_text("Error displaying widget").count()
    assert lesson.complaints == []


@pytest.mark.skipif(FIRST is None, reason="lesson 1 is not there")
def test_keys_stay_in_the_panel_and_what_is_wrong_is_said_beside_the_control(page, lab):
    lesson = Lesson(page, lab[0].format(FIRST))
    lesson.run()
    predict(lesson, [one for one in bank("01").values() if one["kind"] == "predict"])
    panel = lesson.panels()[0]
    cells = page.locator(".jp-Cell").count()
    control = panel.locator(".ket-number").first
    lesson.press(control.locator("input[type=range]"), "d", "d", "a", "b", "x")
    for button in ("Reset", "Copy code"):
        lesson.press(panel.get_by_role("button", name=button, exact=True), "d", "d", "Space")
    lesson.press(panel.locator("summary").last, "Enter")
    assert panel.locator("details").last.evaluate("node => node.open")
    assert page.locator(".jp-Cell").count() == cells
    lesson.until(lambda: "copied" in panel.locator(".ket-told").text_content(), "told that it was copied")

    box = control.locator("input[type=number]")
    high = float(box.get_attribute("max"))
    for _ in range(2):  # the second time it stands at the end already
        box.fill(f"{high + 1:g}")
        lesson.press(box, "Enter")
        lesson.until(lambda: "lies outside" in control.locator(".ket-message").text_content(), "said why")
        lesson.until(lambda: float(box.input_value()) == high, "back in bounds")
    low = f"{float(box.get_attribute('min')):g}"
    box.fill(low)
    page.wait_for_timeout(1500)  # the kernel has told what it has to tell; it takes nothing away that is being typed
    assert box.input_value() == low
    lesson.press(box, "Enter")
    lesson.until(lambda: not control.locator(".ket-message").text_content(), "message gone")
    lesson.press(box, "Shift+Tab")
    ring = page.evaluate("getComputedStyle(document.activeElement).outline")
    assert "solid" in ring
    assert lesson.complaints == []


@pytest.mark.skipif(FIRST is None, reason="lesson 1 is not there")
def test_a_busy_kernel_takes_what_is_done_in_the_order_in_which_it_is_done(page, lab):
    lesson = Lesson(page, lab[0].format(FIRST))
    lesson.run()
    predict(lesson, [one for one in bank("01").values() if one["kind"] == "predict"])
    panel = lesson.panels()[0]
    slider, readout = panel.locator("input[type=range]").first, panel.locator(".ket-readout")
    first = readout.text_content()

    lesson.execute("import time; time.sleep(2)", wait=False)
    lesson.press(slider, *["ArrowRight"] * 6)
    _, saved = lesson.download(panel, "Save data")
    moved = readout.text_content()
    assert moved != first
    assert lesson.download(panel, "Save data")[1] == saved

    lesson.execute("time.sleep(2)", wait=False)
    lesson.press(slider, *["ArrowRight"] * 6)
    lesson.reset(panel)
    for _ in range(2):  # an answer, and what it may have set free
        lesson.execute("", wait=True)
    assert readout.text_content() == first
    assert not "".join(panel.locator(".ket-changed").all_text_contents())


@pytest.mark.skipif(FIRST is None, reason="lesson 1 is not there")
def test_a_panel_whose_kernel_died_says_so_where_somebody_tries(page, lab):
    lesson = Lesson(page, lab[0].format(FIRST))
    lesson.run()
    items = list(bank("01").values())
    predict(lesson, [one for one in items if one["kind"] == "predict"])
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    control = lesson.panels()[0].locator(".ket-number").first
    slider, told = control.locator("input[type=range]"), control.locator(".ket-message")

    def moved():
        lesson.press(slider, "ArrowRight")
        return "Run all cells again" in told.text_content()

    lesson.until(moved, "told that the kernel is gone")
    question = lesson.question(next(one for one in items if one["kind"] != "predict"))
    lesson.press(question.locator(".ket-send"), "Enter")
    feedback = question.locator(".ket-feedback")
    lesson.until(lambda: "Run all cells again" in feedback.text_content(), "the question says it too")


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in NAMES if name != FIRST])
def test_lessons_in_jupyterlab(page, lab, axe, name):
    work_through(page, lab[0].format(name), name, axe)


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_lessons_on_a_projector(page, presenting, axe, name):
    page.set_viewport_size({"width": 1280, "height": 720})
    lesson, _ = work_through(page, presenting(name), name, axe)
    page.set_viewport_size({"width": 1280, "height": 720})
    for panel in lesson.panels():
        lesson.until(lambda: picture_stays(panel), "picture and reading stand beside the last control")  # noqa: B023
    assert not lesson.page.locator(".jp-InputArea-editor").filter(visible=True).count()
    assert page.locator(".ket-present").count()
