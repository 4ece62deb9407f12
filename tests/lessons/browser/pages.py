"""A lesson in a browser, worked with the keyboard alone: the same for JupyterLab and Voila."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

IDLE = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
SERIOUS = {"serious", "critical"}
WAIT = 120_000  # ms, for anything that a kernel has to do, on a busy machine too


class Lesson:
    """One opened lesson.

    Attributes:
        page: of Playwright.
        complaints: errors in the console, errors of scripts, answers of the server that are errors.
    """

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.in_lab = "/doc/" in address
        self.complaints: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.set_default_timeout(WAIT)
        page.goto(address)

    def run(self) -> None:
        """Run all cells, and wait until the widgets are there."""
        if self.in_lab:
            self.page.wait_for_function(IDLE)
            self.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
            self.page.wait_for_function(IDLE)
        self.page.wait_for_selector(".ket-panel", state="visible")
        self.page.wait_for_selector(":is(.ket-question, .ket-picture svg, .ket-table)", state="visible")

    def execute(self, code: str, *, wait: bool) -> None:
        """Run code in the kernel of JupyterLab; it is busy until that is done."""
        self.page.evaluate(
            """([code, wait]) => {
              const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
              const { done } = kernel.requestExecute({ code });
              return wait ? done.then(() => null) : null;
            }""",
            [code, wait],
        )

    def failed(self) -> list[str]:
        """What cells said on stderr or as errors."""
        return self.page.locator(
            "[data-mime-type='application/vnd.jupyter.stderr'], [data-mime-type='application/vnd.jupyter.error']"
        ).all_text_contents()

    def settle(self, opened: int) -> None:
        """Wait until the panels that predictions have opened, and all others, are drawn; their parts come one by one."""
        self.until(
            lambda: self.page.evaluate(
                """opened => {
                  const looked = [...document.querySelectorAll('.jupyter-button')].filter(
                    (one) => one.textContent.startsWith('I have looked'));
                  return looked.length >= opened && looked.every((one) => one.parentElement.children[0].children.length)
                    && !document.querySelector('.ket-panel .lm-Widget:empty:not(.widget-box)');
                }""",
                opened,
            ),
            "all panels are drawn",
        )

    # --- one panel -----------------------------------------------------------------------------------------------

    def panels(self) -> list[Any]:
        """The panels that are open: each has controls and a picture."""
        return self.page.locator(".ket-panel:has(> .ket-beside .ket-view)").filter(visible=True).all()

    def press(self, where: Any, *keys: str) -> None:
        """Focus, and press keys."""
        where.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def until(self, changed: Callable[[], bool], what: str) -> None:
        """Wait until something has changed."""
        for _ in range(WAIT // 50):
            if changed():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"nothing happened: {what}")

    def operate(self, panel: Any, control: Any) -> str:
        """Move a control with keys, and wait for what the learner sees of it; returns its name."""
        name = control.locator("label").first.text_content()
        moved = control.locator(".ket-moving :is(input, select)").first
        readout, changed = panel.locator(".ket-readout"), panel.locator(".ket-controls")
        before = (readout.text_content(), changed.text_content())
        kind = moved.evaluate("node => node.tagName === 'SELECT' ? 'select' : node.type")
        if kind == "select":
            at, options = moved.evaluate("node => [node.selectedIndex, node.options.length]")
            for key in ["ArrowDown"] * (options - 1 - at) or ["ArrowUp"]:
                self.press(moved, key)
                self.page.wait_for_timeout(700)
                if (readout.text_content(), changed.text_content()) != before:
                    break  # an example may be what stands there already
        elif kind == "checkbox":
            self.press(moved, "Space")
        else:
            last = moved.evaluate("node => Number(node.value) >= Number(node.max)")
            self.press(moved, *["ArrowLeft" if last else "ArrowRight"] * 2)
        self.until(lambda: (readout.text_content(), changed.text_content()) != before, f"{name} moved by keys")
        assert moved.evaluate("node => node === document.activeElement"), f"the page took the focus from {name}"
        return name

    def spoken(self, control: Any) -> str:
        """What the thing that is moved is called, as the browser tells a screen reader."""
        moved = control.locator(".ket-moving :is(input, select)").first
        return str(moved.evaluate("node => [...node.labels].map(one => one.textContent).join(' ')"))

    def download(self, panel: Any, button: str) -> tuple[str, bytes]:
        """Press a button that saves; the file's name and content."""
        with self.page.expect_download() as coming:
            self.press(panel.get_by_role("button", name=button, exact=True), "Enter")
        with open(coming.value.path(), "rb") as file:
            return coming.value.suggested_filename, file.read()

    def reset(self, panel: Any) -> None:
        """Everything back, by key; waits until nothing is shown as changed."""
        self.press(panel.get_by_role("button", name="Reset", exact=True), "Enter")
        self.until(lambda: not "".join(panel.locator(".ket-changed").all_text_contents()), "Reset pressed")

    # --- questions -----------------------------------------------------------------------------------------------

    def answer(self, question: Any, item: Mapping[str, Any], given: Any) -> str:
        """Give an answer with keys and send it; returns what is said to it.

        Args:
            question: on the page.
            item: of the bank.
            given: the place of an answer, places, or a number.
        """
        feedback = question.locator(".ket-feedback")
        before = feedback.inner_html()
        if item["type"] == "numeric":
            box = question.locator("input[type=number]")
            box.focus()
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(f"{given:g}")
        elif item["type"] == "many_choice":
            for at, one in enumerate(question.locator("input[type=checkbox]").all()):
                if one.is_checked() != (at in given):
                    self.press(one, "Space")
        else:
            self.press(question.locator("input[type=radio]").nth(given), "Space")
        self.press(question.locator(".ket-send"), "Enter")
        self.until(lambda: feedback.inner_html() != before, f"an answer to {item['id']}")
        return str(feedback.text_content())

    def question(self, item: Mapping[str, Any]) -> Any:
        """A question on the page by its text."""
        return (
            self.page.locator(".ket-question")
            .filter(has=self.page.locator("legend", has_text=re.compile(f"^{re.escape(item['question'])}$")))
            .first
        )

    # --- the whole page ------------------------------------------------------------------------------------------

    def barriers(self, axe: str) -> list[str]:
        """Serious findings of axe-core in panels and prose; `axe` is its program."""
        self.page.evaluate(axe)
        found = self.page.evaluate("() => axe.run({include: [['.ket-panel'], ['.jp-RenderedMarkdown']]})")
        return [
            f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for one in found["violations"]
            if one["impact"] in SERIOUS
            for node in one["nodes"]
        ]

    def cut_off(self) -> list[str]:
        """What of the panels does not fit into its width."""
        return self.page.evaluate(
            """() => [...document.querySelectorAll('.ket-panel, .ket-panel *')].filter(one => {
              const box = one.getBoundingClientRect(), all = one.closest('.ket-panel').getBoundingClientRect();
              return box.width > 1 && !one.closest('.ket-scroll, svg') && box.right > Math.max(all.right, 0) + 1.5;
            }).map(one => `${one.tagName} ${one.className}: ${one.textContent.slice(0, 60)}`)"""
        )


def wrong_and_right(item: Mapping[str, Any]) -> tuple[list[Any], Any]:
    """Wrong answers of a question, and a right one, as `Lesson.answer` takes them."""
    options = item["answers"]
    if item["type"] == "numeric":
        right = next(one for one in options if one.get("correct"))
        wrong = [one for one in options if not one.get("correct") and one["type"] != "default"]
        return [*map(_number, wrong), 987_654_321], _number(right)
    correct = [at for at, one in enumerate(options) if one["correct"]]
    others = [at for at, one in enumerate(options) if not one["correct"]]
    return ([[at] for at in others], correct) if item["type"] == "many_choice" else (others, correct[0])


def _number(option: Mapping[str, Any]) -> float:
    low, high = option.get("range") or (option["value"], option["value"])
    return (float(low) + float(high)) / 2
