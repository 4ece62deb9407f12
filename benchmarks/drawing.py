"""How long pictures take: our SVG text beside the Agg canvas of matplotlib, where that is installed."""

import math
from importlib.util import find_spec
from io import BytesIO

from ketalit.figures import Arrow, Axis, Band, Box, Cells, ErrorBars, Line, Panel, Picture, Points, diagram, draw

from .measuring import Bound, Report, in_turns, spread, table

BUDGET_MS = 5.0  # for four lines of 720 points: a slider must never wait for a picture


HOURS = [24 * at / 719 for at in range(720)]
CURVES = [[200 * math.exp(-rate * hour) for hour in HOURS] for rate in (0.1, 0.2, 0.4, 0.8)]
NAMES = tuple(f"Study {at}" for at in range(25))


def four_lines() -> object:
    """Four lines of 720 points with legend, axes, ticks."""
    lines = [Line(HOURS, curve, label=f"model {at}", series=at) for at, curve in enumerate(CURVES)]
    return draw(Panel(lines, Axis("Time", "time"), Axis("ng/mL")), title="Lines", description="Synthetic.")


def four_cut_lines() -> object:
    """The same, half of it beyond the limits."""
    lines = [Line(HOURS, curve, label=f"model {at}", series=at) for at, curve in enumerate(CURVES)]
    axes = Axis("Time", "time", limits=(2, 12)), Axis("ng/mL", limits=(20, 120))
    return draw(Panel(lines, *axes), title="Lines", description="Synthetic.")


def four_bands() -> object:
    """Four panels with a band and a line each."""
    panels = [
        Panel([Band(HOURS, [0.7 * one for one in curve], [1.4 * one for one in curve]), Line(HOURS, curve)])
        for curve in CURVES
    ]
    return draw(panels, title="Bands", description="Synthetic.")


def forest() -> object:
    """Twenty-five studies with intervals."""
    middle = [math.sin(at) for at in range(25)]
    marks = [
        ErrorBars(NAMES, [one - 1 for one in middle], [one + 1 for one in middle], flat=True),
        Points(middle, NAMES, sizes=[4.0] * 25, shape="square"),
    ]
    return draw(
        Panel(marks, Axis("Difference"), Axis(kind="names", names=NAMES)), title="Forest", description="Synthetic."
    )


def heat_map() -> object:
    """Twenty by twenty cells with their numbers."""
    places = tuple(map(str, range(20)))
    cells = Cells(places, places, [[row * column for column in range(20)] for row in range(20)], digits=0)
    names = Axis(kind="names", names=places)
    return draw(Panel([cells], names, names), title="Cells", description="Synthetic.")


def scheme() -> object:
    """Ten states, twenty arrows."""
    boxes = [Box(str(at), at % 5, at // 5, 0.1) for at in range(10)]
    arrows = [Arrow(str(at), str((at + step) % 10), "12.3") for at in range(10) for step in (1, 9)]
    return diagram(boxes, arrows, title="Scheme", description="Synthetic.")


def matplotlib_lines() -> object:
    """Four lines of 720 points with matplotlib, to PNG, as inline figures of notebooks are."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 3.6))
    axes = figure.subplots()
    for at, curve in enumerate(CURVES):
        axes.plot(HOURS, curve, label=f"model {at}")
    axes.legend()
    figure.savefig(BytesIO(), format="png")
    return figure


def measure(report: Report, rounds: int) -> None:
    """Note how fast pictures are drawn."""
    ours = [four_lines, four_cut_lines, four_bands, forest, heat_map, scheme]
    others = [matplotlib_lines] if find_spec("matplotlib") else []
    spent = in_turns({act.__name__: act for act in [*ours, *others]}, rounds)
    for act in others:
        report.ratio("four lines of 720 points", "matplotlib, PNG", spent["four_lines"], spent[act.__name__])
    middle = 1000 * spread(spent["four_lines"]).median
    report.bounds.append(Bound("four lines of 720 points drawn", middle, "CPU ms", BUDGET_MS))
    rows = [
        [(act.__doc__ or "").rstrip("."), spread(1000 * one for one in spent[act.__name__]), _kilobytes(act())]
        for act in [*ours, *others]
    ]
    report.say("## Pictures", table(["picture", "ms", "kB of SVG"], rows, numbers=2))


def _kilobytes(drawn: object) -> str:
    return f"{len(drawn.svg) / 1000:.0f}" if isinstance(drawn, Picture) else "–"
