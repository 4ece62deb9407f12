"""How quickly the lessons' panels follow a key, beside the same curves in Plotly and in matplotlib.

    python -m benchmarks.panels [LESSON …]

The heaviest panel of each lesson, in JupyterLab in a real browser: from the key press to the frame that shows the new
picture; in the same notebook, in turns, its curves from the same computation in a Plotly FigureWidget and in
`interact` with matplotlib, each with a slider of ipywidgets. Then the callback alone, the time to the first
interaction in JupyterLab and Voila with the server running, and how long each notebook runs and how large it is.
`results/panels.md` is written. Needs Chromium, playwright, plotly and matplotlib.
"""

from __future__ import annotations

import ast
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from importlib.metadata import version
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

RESULTS = Path(__file__).parent / "results" / "panels.md"
MOVES = 40  # of a callback
TURNS, KEYS = 4, 10  # key presses: each contestant in turn, so many times so many
LIMITS = {"plotly": 0.7, "matplotlib": 0.35}  # our key to pixels at most so many times theirs
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


def heaviest(name: str) -> Heavy | None:
    """The slowest number of the slowest panel of a lesson; None when it has no panel."""
    tried = []
    for kind in panels_of(name):
        panel = kind()
        for key, control in panel.moves.items():
            if isinstance(control.declared, Number):
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
  new MutationObserver(seen).observe(root, {subtree: true, childList: true, attributes: true, attributeFilter: ['d']});
}"""

CONTESTANTS = {  # in the order of their cells: what takes the keys, what is watched
    "ours": ("input[type=range]", ".ket-picture"),
    "plotly": (".noUi-handle", ".js-plotly-plot .cartesianlayer"),
    "matplotlib": (".noUi-handle", ".widget-output"),
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


def keys_to_pixels(browser: Any, lab: str, heavy: Heavy) -> dict[str, list[float]]:
    """Key press to pixels of the panel and its rivals, ms, in turns in one notebook."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    opened = Lesson(page, f"{lab}/doc/tree/measured.ipynb")
    opened.run()
    label = next(one.label for one in heavy.panel.controls if one.key == heavy.key)
    box = page.get_by_label(f"{label}, exact value")
    took: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for _ in range(TURNS):
        for cell, (name, (handle, watched)) in enumerate(CONTESTANTS.items()):
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
                    took[name] += page.evaluate("() => window.took.splice(0)")[:1]
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


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def _said(limit: float, value: float) -> str:
    return "yes" if value <= limit else "NO"


def panels_table(browser: Any, lab: str, folder: Path, names: list[str]) -> str:
    """Key to pixels of each lesson's heaviest panel."""
    lines = [
        "| lesson | panel, control | callback ms, median | ours ms, median (p95) | Plotly | matplotlib | × Plotly "
        f"(≤ {LIMITS['plotly']:g}) | × matplotlib (≤ {LIMITS['matplotlib']:g}) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in names:
        heavy = heaviest(name)
        if heavy is None:
            lines.append(f"| {name[:2]} | no panel with a number | | | | | | |")
            continue
        nbformat.write(_notebook(heavy), folder / "lessons" / "measured.ipynb")
        took = keys_to_pixels(browser, lab, heavy)
        middle = {who: statistics.median(values) if values else float("nan") for who, values in took.items()}
        shown = [f"{middle[who]:.0f} ({_p95(took[who]):.0f})" if took[who] else "–" for who in CONTESTANTS]
        ratios = [
            f"{middle['ours'] / middle[who]:.2f} {_said(limit, middle['ours'] / middle[who])}"
            for who, limit in LIMITS.items()
        ]
        callback = f"{heavy.ms:.1f} {_said(CALLBACK_MS, heavy.ms)}"
        lines.append(
            f"| {name[:2]} | {heavy.panel.__name__}, {heavy.key} | {callback} | {' | '.join([*shown, *ratios])} |"
        )
        print(lines[-1], flush=True)
    return "\n".join(lines)


def notebooks_table(browser: Any, lab: str, names: list[str]) -> str:
    """Time to the first interaction, and run and size of the notebooks."""
    lines = [
        f"| lesson | first interaction, JupyterLab s (≤ {LAB_S}) | Voila s (≤ {VOILA_S}) | all cells run s (≤ {RUN_S}) "
        f"| file kB (≤ {KILOBYTES}) |",
        "|---|---|---|---|---|",
    ]
    for name in names:
        in_lab = first_interaction(browser, f"{lab}/doc/tree/{name}.ipynb")
        with TemporaryDirectory() as folder, presented(Path(folder), name) as address:
            in_voila = first_interaction(browser, address)
        start = time.perf_counter()
        canonical(NOTEBOOKS / f"{name}.py")
        ran = time.perf_counter() - start
        size = (NOTEBOOKS / f"{name}.ipynb").stat().st_size / 1000
        numbers = ((LAB_S, in_lab), (VOILA_S, in_voila), (RUN_S, ran), (KILOBYTES, size))
        cells = [f"{value:.1f} {_said(limit, value)}" for limit, value in numbers]
        lines.append(f"| {name} | {' | '.join(cells)} |")
        print(lines[-1], flush=True)
    return "\n".join(lines)


def machine() -> str:
    """What it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9 if hasattr(os, "sysconf") else 0
    packages = ("jupyterlab", "ipywidgets", "anywidget", "voila", "plotly", "matplotlib")
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return (
        f"{date.today().isoformat()}, {os.cpu_count()} cores, {memory:.0f} GB{load}, "
        f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in packages)
        + ", headless Chromium without a graphics card."
    )


def main(chosen: list[str]) -> None:
    """Measure, print, and keep it in benchmarks/results/panels.md."""
    names = [name for name in lessons() if not chosen or name[:2] in chosen]
    page = ["# The lessons in the browser", machine()]
    settings = {"PYTHONPATH": str(ROOT)}
    with TemporaryDirectory() as made, jupyterlab(Path(made), settings=settings) as lab, _browser() as browser:
        told = f"Key press to pixels in JupyterLab, {TURNS} × {KEYS} presses each, in turns in one notebook."
        page += ["## Panels", told, panels_table(browser, lab, Path(made), names)]
        page += ["## Notebooks", "Servers running, kernels not.", notebooks_table(browser, lab, names)]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n\n".join(page) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(sys.argv[1:])
