"""How quickly the lessons' panels follow a key, beside the same curves in Plotly and in matplotlib.

    python -m benchmarks.panels [LESSON … | all]

The heaviest panel of each lesson, in JupyterLab in a real browser: from the key press to the frame that shows the new
picture; in the same notebook, in turns, its curves from the same computation in a Plotly FigureWidget and in
`interact` with matplotlib, each with a slider of ipywidgets. Then the callback alone, the time to the first
interaction in JupyterLab and Voila with the server running and no kernel yet, and how long each notebook runs and how
large it is. Needs Chromium, playwright, plotly and matplotlib.
"""

from __future__ import annotations

import ast
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import nbformat

from ketalit.lessons.canon import canonical
from ketalit.lessons.control import Number
from ketalit.lessons.panel import Panel, Setting
from tests.conftest import CHROMIUM, QUIET
from tests.lessons.browser.pages import Lesson
from tests.lessons.browser.servers import NOTEBOOKS, ROOT, jupyterlab, lessons, presented

from .measuring import CLOCK, Bound, Report, spread, table, unavailable

LESSONS = ("01", "02", "05")  # a channel, trapping, the whole chain; all of them take four times as long
MOVES = 40  # of a callback
TURNS, KEYS = 5, 8  # key presses: each contestant in turn, so many times so many
LIMITS = {"Plotly FigureWidget": 0.7, "interact and matplotlib": 0.35}  # our key to pixels at most so many times theirs
CALLBACK_MS, RUN_S, KILOBYTES, LAB_S, VOILA_S = 20, 10, 300, 7, 4


class Heavy(NamedTuple):
    """The panel of a lesson whose callback takes longest.

    Attributes:
        panel: its class.
        key: the control that is moved.
        ms: of one move, median.
    """

    panel: type[Panel]
    key: str
    ms: float


# --- in the kernel: the same curves, by others -----------------------------------------------------------------------


def _curves(panel: Panel, result: Any) -> tuple[list[float], list[list[float]]]:
    """What is drawn: columns of numbers against the first of them."""
    table = panel.data(result).select_dtypes("number")
    first, *others = [table[name].tolist() for name in table]
    return (first, others) if others else (list(range(len(first))), [first])


def _slider(panel: Panel, key: str) -> tuple[Any, Callable[[float], Any]]:
    import ipywidgets as widgets  # type: ignore[import-untyped]

    spec = panel.moves[key].declared
    step = spec.step or (spec.high - spec.low) / 50
    slider = widgets.FloatSlider(value=spec.value, min=spec.low, max=spec.high, step=step)
    return slider, lambda value: panel.compute(Setting({**panel.now, key: value}))


def by_plotly(panel: Panel, key: str) -> Any:
    """A slider over a Plotly FigureWidget with the curves of the panel."""
    import ipywidgets as widgets
    import plotly.graph_objects as go

    slider, compute = _slider(panel, key)
    x, curves = _curves(panel, compute(slider.value))
    figure = go.FigureWidget([go.Scatter(x=x, y=y) for y in curves], layout={"width": 640, "height": 400})

    def moved(change: Any) -> None:
        x, curves = _curves(panel, compute(change["new"]))
        with figure.batch_update():
            for line, y in zip(figure.data, curves, strict=True):
                line.x, line.y = x, y

    slider.observe(moved, "value")
    return widgets.VBox([slider, figure])


def by_matplotlib(panel: Panel, key: str) -> Any:
    """`interact` with a function that plots the curves of the panel."""
    import matplotlib.pyplot as plt
    from ipywidgets import interactive

    slider, compute = _slider(panel, key)

    def plot(value: float) -> None:
        x, curves = _curves(panel, compute(value))
        plt.figure(figsize=(6.4, 4))
        for y in curves:
            plt.plot(x, y)
        plt.show()

    return interactive(plot, value=slider)


# --- panels and their callbacks --------------------------------------------------------------------------------------


def panels_of(name: str) -> list[type[Panel]]:
    """The panels that a lesson's notebook imports."""
    found = []
    for node in ast.walk(ast.parse((NOTEBOOKS / f"{name}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ketalit.lessons."):
            module = import_module(str(node.module))
            things = [getattr(module, alias.name) for alias in node.names]
            found += [one for one in things if isinstance(one, type) and issubclass(one, Panel)]
    return found


def callback_ms(panel: Panel, key: str) -> list[float]:
    """Moves of one control over its range and back, ms each."""
    spec = panel.moves[key].declared
    if not isinstance(spec, Number):
        raise TypeError(f"{key} is no number")
    took = []
    for at in range(MOVES):
        share = abs(1 - 2 * at / MOVES) * 0.9 + 0.05
        value = spec.low * (spec.high / spec.low) ** share if spec.log else spec.low + share * (spec.high - spec.low)
        start = time.perf_counter()
        panel.set(**{key: value})
        took.append(1000 * (time.perf_counter() - start))
    panel.reset.click()
    return took


def moves_curves(panel: Panel, key: str) -> bool:
    """Whether a control changes the numbers behind the picture; by one that does not, the others draw nothing."""
    spec = panel.moves[key].declared
    settings = [Setting({**panel.now, key: end}) for end in (spec.low, spec.high)]
    one, other = (panel.data(panel.compute(setting)).select_dtypes("number") for setting in settings)
    return not one.empty and not one.equals(other)


def heaviest(name: str) -> Heavy | None:
    """The slowest number of the slowest panel of a lesson, of those that move curves; None when it has none."""
    tried = []
    for kind in panels_of(name):
        panel = kind()
        for key, control in panel.moves.items():
            if isinstance(control.declared, Number) and moves_curves(panel, key):
                tried.append(Heavy(kind, key, statistics.median(callback_ms(panel, key))))
    return max(tried, key=lambda one: one.ms, default=None)


# --- in the browser --------------------------------------------------------------------------------------------------

# From the key to the frame that shows the change: a message that is sent as the frame begins arrives after its paint.
WATCH = """([cell, watched]) => {
  const root = document.querySelectorAll('.jp-CodeCell')[cell].querySelector(watched);
  window.took = [];
  let pressed = 0;
  document.addEventListener('keydown', () => { pressed = performance.now(); }, {capture: true});
  const seen = async () => {
    const from = pressed;
    if (!from) return;
    const images = [...root.querySelectorAll('img')];
    if (watched.includes("widget-output") && !images.length) return;  // emptied, not drawn yet
    pressed = 0;
    await Promise.all(images.map(one => one.decode().catch(() => 0)));
    requestAnimationFrame(() => {
      const {port1, port2} = new MessageChannel();
      port1.onmessage = () => window.took.push(performance.now() - from);
      port2.postMessage(0);
    });
  };
  // Letters too: a picture of words alone moves no line.
  const all = {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['d']};
  new MutationObserver(seen).observe(root, all);
}"""

CONTESTANTS = {  # in the order of their cells: what takes the keys, what is watched
    "ours": ("input[type=range]", ".ket-picture"),
    "Plotly FigureWidget": (".noUi-handle", ".js-plotly-plot .cartesianlayer"),
    "interact and matplotlib": (".noUi-handle", ".widget-output"),
}


def _notebook(heavy: Heavy) -> Any:
    module, name = heavy.panel.__module__, heavy.panel.__qualname__
    new = nbformat.v4.new_code_cell
    cells = [
        new(f"from {module} import {name}\npanel = {name}()\npanel.widget()"),
        new(f"from benchmarks.panels import by_plotly, by_matplotlib\nby_plotly({name}(), {heavy.key!r})"),
        new(f"by_matplotlib({name}(), {heavy.key!r})"),
    ]
    return nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )


def keys_to_pixels(browser: Any, lab: str, heavy: Heavy) -> dict[str, list[list[float]]]:
    """Key press to pixels of the panel and its rivals, ms, turn by turn in one notebook."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    opened = Lesson(page, f"{lab}/doc/tree/measured.ipynb")
    opened.run()
    label = heavy.panel().moves[heavy.key].declared.label
    box = page.get_by_label(f"{label}, exact value")
    took: dict[str, list[list[float]]] = {name: [] for name in CONTESTANTS}
    for _ in range(TURNS):
        for cell, (name, (handle, watched)) in enumerate(CONTESTANTS.items()):
            took[name].append([])
            root = page.locator(".jp-CodeCell").nth(cell)
            control = root.locator(".ket-control").filter(has=box).first if name == "ours" else root
            control.locator(handle).first.wait_for()
            root.locator(watched).first.wait_for(state="attached")
            page.evaluate(WATCH, [cell, watched])
            root.locator(watched).first.evaluate("node => node.scrollIntoView({block: 'center'})")
            control.locator(handle).first.focus()
            page.wait_for_timeout(1000)
            for at in range(KEYS):
                page.keyboard.press("ArrowRight" if at % 2 else "ArrowLeft")
                try:
                    page.wait_for_function("count => window.took.length >= count", arg=1, timeout=3000)
                    took[name][-1] += page.evaluate("() => window.took.splice(0)")[:1]
                except Exception as error:  # nothing changed: at the end of the range
                    if "Timeout" not in type(error).__name__:
                        raise
                page.wait_for_timeout(150)
                page.evaluate("() => window.took.splice(0)")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.close()
    return took


def first_interaction(browser: Any, address: str) -> float:
    """Seconds from opening the address to the answer of a lesson's first panel or question."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    start = time.perf_counter()
    lesson = Lesson(page, address)
    lesson.run()
    first = page.locator(":is(.ket-question, .ket-beside)").filter(visible=True).first
    if first.locator(".ket-send").count():
        first.locator(".ket-send").click()
        lesson.until(lambda: bool(first.locator(".ket-feedback").inner_text()), "the first question sent")
    else:
        readout = first.locator(".ket-readout, .ket-changed").first
        before = first.inner_text()
        first.locator(":is(input, select)").last.focus()
        lesson.press(first.locator("input[type=range]").first, "ArrowRight")
        lesson.until(lambda: first.inner_text() != before and readout.count() > 0, "the first control moved")
    took = time.perf_counter() - start
    if lesson.in_lab:
        page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.close()
    return took


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


# --- the page --------------------------------------------------------------------------------------------------------


def follow_keys(report: Report, browser: Any, lab: str, folder: Path, names: list[str]) -> None:
    """Note key to pixels of each lesson's heaviest panel."""
    rows = []
    for name in names:
        heavy = heaviest(name)
        if heavy is None:
            rows.append([name[:2], "no panel with a number", "", "", "", ""])
            continue
        nbformat.write(_notebook(heavy), folder / "lessons" / "measured.ipynb")
        took = keys_to_pixels(browser, lab, heavy)
        middles = {who: [statistics.median(turn) for turn in turns if turn] for who, turns in took.items()}
        what = f"key to pixels, lesson {name[:2]}, {heavy.panel.__name__}"
        for who, limit in LIMITS.items():
            rounds = min(len(middles["ours"]), len(middles[who]))
            report.ratio(what, who, middles["ours"][:rounds], middles[who][:rounds], limit, CLOCK)
        report.bounds.append(Bound(f"callback, lesson {name[:2]}, {heavy.panel.__name__}", heavy.ms, "ms", CALLBACK_MS))
        presses = [spread(one for turn in turns for one in turn) for turns in took.values()]
        rows.append([name[:2], f"{heavy.panel.__name__}, {heavy.key}", f"{heavy.ms:.1f}", *presses])
        print(rows[-1], flush=True)
    report.say(
        "## Panels",
        f"Key press to pixels in JupyterLab, ms: {TURNS} turns of {KEYS} presses each in one notebook, median, 10th "
        "and 90th percentile of the presses. A ratio is that of the medians of one turn.",
        table(["lesson", "panel, control", "callback", *CONTESTANTS], rows, numbers=4),
    )


def open_notebooks(report: Report, browser: Any, lab: str, names: list[str]) -> None:
    """Note the time to the first interaction, and run and size of the notebooks."""
    for name in names:
        in_lab = first_interaction(browser, f"{lab}/doc/tree/{name}.ipynb")
        with TemporaryDirectory() as folder, presented(Path(folder), name) as address:
            in_voila = first_interaction(browser, address)
        start = time.perf_counter()
        canonical(NOTEBOOKS / f"{name}.py")
        ran = time.perf_counter() - start
        size = (NOTEBOOKS / f"{name}.ipynb").stat().st_size / 1000
        for what, value, unit, limit in (
            ("first interaction in JupyterLab", in_lab, "s", LAB_S),
            ("first interaction in Voila", in_voila, "s", VOILA_S),
            ("all cells run", ran, "s", RUN_S),
            ("notebook file", size, "kB", KILOBYTES),
        ):
            report.bounds.append(Bound(f"{what}, lesson {name[:2]}", value, unit, limit))


def main(chosen: list[str]) -> None:
    """Measure, print, and keep it in benchmarks/results."""
    if CHROMIUM is None:
        unavailable("Chromium is not installed")
    names = [name for name in lessons() if chosen == ["all"] or name[:2] in (chosen or LESSONS)]
    packages = ("jupyterlab", "ipywidgets", "anywidget", "voila", "plotly", "matplotlib")
    report = Report("panels", "The lessons in the browser", __doc__.split("\n\n")[2], packages)
    report.say("Headless Chromium without a graphics card.")
    settings = {"PYTHONPATH": str(ROOT)}
    with TemporaryDirectory() as made, jupyterlab(Path(made), settings=settings) as lab, _browser() as browser:
        follow_keys(report, browser, lab, Path(made), names)
        open_notebooks(report, browser, lab, names)
    report.write()


if __name__ == "__main__":
    main(sys.argv[1:])
