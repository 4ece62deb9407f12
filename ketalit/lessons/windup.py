"""Lesson 3: wind-up. Trains of C-fibre stimuli; block before a train or within it; rate against block; three clocks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..figures import Axis, Bars, Cells, Line, Picture, Points, Region, Rule, Words, draw
from ..figures import Panel as Axes
from ..figures.mechanism.windup import fast_map_limits
from ..models import parameters_of
from ..models.windup import Curve, Sensitisation, fitted_curves, sensitisation, wind_up
from .control import Choice, Number, Switch
from .panel import Panel, Preset, Setting

Array = np.ndarray[Any, Any]

STIMULI = 15
_TENTH = 9  # its place, counted from 0
_FASTEST_FITTED = 2.0  # Hz
_SITES = {"everywhere": "everywhere", "only at the wide-dynamic-range neurone": "wdr"}
_NUMBERS = tuple(
    f"windup.surrogate.{name}"
    for name in ("first", "gain", "decay", "ceiling", "threshold_everywhere", "threshold_wdr")
)
_MODEL = (
    "Aguiar P, Sousa M, Lima D. J Neurophysiol 2010;104:1155–66 (the full model)",
    "https://modeldb.science/128559",
)
_GUIRIMAND = ("Guirimand F et al. Anesth Analg 2000;90:408–14", "https://pubmed.ncbi.nlm.nih.gov/10648330/")
_PRICE = ("Price DD et al. Pain 1977;3:57–68", "https://pubmed.ncbi.nlm.nih.gov/876667/")
_DEXTROMETHORPHAN = ("Price DD et al. Pain 1994;59:165–74", "https://doi.org/10.1016/0304-3959(94)90069-8")
_ICD11 = (
    "Treede RD et al. Pain 2019;160:19–27 (chronic pain in ICD-11)",
    "https://doi.org/10.1097/j.pain.0000000000001384",
)
_OMITS = (
    "A fast map, fitted to a model of two neurones of the rat dorsal horn; no measurement. It leaves out other "
    "interneurones, descending pathways, everything slow (gene expression, glia), and the person."
)


def _rate(about: str) -> Number:
    return Number(key="rate", label="Stimuli per second", unit="Hz", value=1.0, low=0.1, high=3, step=0.1, about=about)


_SITE = Choice(
    key="site", label="NMDA receptors are blocked", value="everywhere", options=tuple(_SITES),
    about="Everywhere: also where C fibres reach the interneurone that drives the wide-dynamic-range neurone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Responses:
    """A train without block.

    Attributes:
        rate: Hz.
        spikes: (15,) of the fast map.
        run: of the full model at this rate, or None.
    """

    rate: float
    spikes: Array
    run: Curve | None

    @property
    def ratio(self) -> float:
        """The tenth response over the first."""
        return float(self.spikes[_TENTH] / self.spikes[0])


class Train(Panel):
    """Equal stimuli to C fibres, and how many spikes each of them evokes.

    >>> Train(rate=0.1).seen()[:75]
    'At 0.1 Hz (one every 10 s) the first stimulus evokes 3.4 spikes and the ten'
    """

    name = "train"
    title = "Fifteen equal stimuli"
    notice = (
        "Every stimulus is the same. Above, the responses in order; below, the same responses on the clock. What makes "
        "a response larger is how little time has passed since those before it."
    )
    find = "the slowest rate at which the tenth response is at least twice the first."
    limits = (
        f"{_OMITS} Spikes are means, so not whole numbers. It was fitted to six trains of the full "
        "model from 0.1 to 2 Hz, which are drawn where they exist; that model wavers at 0.3 and 0.5 Hz, where the map "
        "is smooth."
    )
    parameters = ("windup.stimuli", *_NUMBERS[:4])
    sources = (_MODEL,)
    controls = (_rate("How often the C fibres are stimulated; above 2 Hz the map is extrapolated"),)
    presets = (
        Preset("second pain begins to sum: one every 3 s", {"rate": 0.3}, *_PRICE),
        Preset("wind-up tested in people: one a second", {"rate": 1.0}, *_GUIRIMAND),
    )

    def compute(self, now: Setting) -> Responses:
        return Responses(now.rate, wind_up(frequency=now.rate, stimuli=STIMULI), _run(now.rate))

    def words(self, result: Responses) -> str:
        ran = f" The full model gave {result.run.spikes[0]} and {result.run.spikes[_TENTH]}." if result.run else ""
        times = f"{result.ratio:.1f} times as many" if result.ratio >= 1.05 else "as good as no more"
        beyond = f" Above {_FASTEST_FITTED:g} Hz this is extrapolated." if result.rate > _FASTEST_FITTED else ""
        return (
            f"At {result.rate:g} Hz (one every {1 / result.rate:.2g} s) the first stimulus evokes "
            f"{result.spikes[0]:.1f} spikes and the tenth {result.spikes[_TENTH]:.1f}, {times}.{ran}{beyond}"
        )

    def draw(self, result: Responses, before: Responses | None, words: str) -> Picture:
        marks: list[Any] = []
        twice = 2 * result.spikes[0]
        if before and before.rate != result.rate:
            marks.append(_previous(before.spikes, f"before: {before.rate:g} Hz"))
        marks += _curve(result.spikes, f"fast map, {result.rate:g} Hz", dashed=result.rate > _FASTEST_FITTED)
        if result.run:
            marks.append(_full(result.run, f"full model, {result.run.frequency:g} Hz"))
        marks += [Rule(y=twice), Words(0.7, twice, "twice the first", dy=-5)]
        most = max(
            [*result.spikes, twice, *(before.spikes if before else ()), *(result.run.spikes if result.run else ())]
        )
        shown = (0.0, 1.1 * float(most))
        times = np.arange(STIMULI) / result.rate
        return draw(
            [
                Axes(marks, _stimulus(), Axis("Spikes evoked by each stimulus", limits=shown), height=190),
                Axes(
                    [Bars(times, result.spikes, thick=4)],
                    Axis("Time after the first stimulus (s)", limits=(-0.5, 20.5)),
                    Axis("The same on the clock (spikes)", limits=shown),
                    height=70,
                ),
            ],
            title="Responses to a train of equal C-fibre stimuli",
            description=words,
            note=fast_map_limits(),
            columns=1,
        )

    def data(self, result: Responses) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "stimulus": _numbers(),
                "time_s": np.arange(STIMULI) / result.rate,
                "spikes": result.spikes,
                "spikes_of_full_model": result.run.spikes if result.run else np.nan,
            }
        )


@dataclass(frozen=True, slots=True)
class Blocked:
    """A train with block of NMDA receptors, and the same without.

    Attributes:
        blocked: share of the NMDA conductance, 0 to 1.
        begin: the first stimulus that finds it blocked.
        where: in words.
        rate: Hz.
        spikes, without: (15,).
        run: of the full model in the same condition, or None.
    """

    blocked: float
    begin: int
    where: str
    rate: float
    spikes: Array
    without: Array
    run: Curve | None

    @property
    def stretched(self) -> bool:
        """The fit of the map does not cover this setting."""
        return self.rate > _FASTEST_FITTED or (self.blocked > 0 and (self.begin > 1 or self.rate != _blocked_rate()))


class BlockedTrain(Panel):
    """A train in which a share of the NMDA conductance is blocked, from the start or from some stimulus on.

    >>> BlockedTrain(blocked=0).seen()[:60]
    'Nothing is blocked. At 1 Hz the responses go from 3.4 spikes'
    """

    name = "blocked"
    title = "Block before the train, and within it"
    notice = (
        "Hold the two curves against each other at the first stimulus and at the last. Then let the block begin at "
        "stimulus 9: what falls at once, and what only fades? Then block one neurone instead of all."
    )
    find = (
        "how much must be blocked everywhere, before a train at 1 Hz, so that the last response is no larger than the "
        "first response without block."
    )
    limits = (
        f"{_OMITS} Block is a share of conductance that is switched off at once; ketamine arrives over minutes and "
        "binds over seconds (lesson 2). The model is too sensitive: here the first response shrinks with the rest; in "
        "people it stayed (references 3 and 4). With all NMDA receptors taken from the wide-dynamic-range neurone and "
        "its AMPA input raised instead, the full model goes from 4 to 5 spikes: the first response is kept and the "
        "wind-up gone. Block was fitted at 1 Hz and from the first stimulus alone; broken lines are "
        "extrapolated, and no run of the full model tells how well."
    )
    parameters = _NUMBERS
    sources = (_MODEL, _GUIRIMAND, _DEXTROMETHORPHAN)
    controls = (
        Number(
            key="blocked", label="NMDA conductance blocked", unit="%", value=20, low=0, high=100, step=5,
            about="0 is no drug",
        ),
        Number(
            key="begin", label="Blocked from stimulus", unit="", value=1, low=1, high=STIMULI, step=1,
            about="1: before the train begins",
        ),
        _SITE,
        _rate("Block was fitted at 1 Hz alone; at other rates it is extrapolated"),
    )  # fmt: skip
    presets = (
        Preset("drug before the train (the share is ours)", {"blocked": 20, "begin": 1}, *_GUIRIMAND),
        Preset("drug when wind-up is there", {"blocked": 20, "begin": 9}),
        Preset(
            "half blocked, one neurone only",
            {"blocked": 50, "site": "only at the wide-dynamic-range neurone"}, *_MODEL,
        ),
    )  # fmt: skip

    def compute(self, now: Setting) -> Blocked:
        share, begin, site = now.blocked / 100, round(now.begin), _SITES[now.site]
        spikes = wind_up(1 - share, site=site, frequency=now.rate, stimuli=STIMULI, from_stimulus=begin)
        run = _run(now.rate, 1 - share, site) if begin == 1 else None
        without = wind_up(frequency=now.rate, stimuli=STIMULI)
        return Blocked(share, begin, now.site, now.rate, spikes, without, run)

    def words(self, result: Blocked) -> str:
        if not result.blocked:
            return (
                f"Nothing is blocked. At {result.rate:g} Hz the responses go from {result.without[0]:.1f} spikes to "
                f"{result.without[-1]:.1f}."
            )
        at = result.begin - 1
        ran = f" The full model gave {result.run.spikes[0]} and {result.run.spikes[-1]}." if result.run else ""
        return (
            f"With {100 * result.blocked:g} % blocked {result.where}, from stimulus {result.begin} on, at "
            f"{result.rate:g} Hz: stimulus {result.begin} evokes {_few(result.spikes[at])} spikes instead of "
            f"{result.without[at]:.1f}, the last {_few(result.spikes[-1])} instead of {result.without[-1]:.1f}.{ran}"
            + (" Extrapolated." if result.stretched else "")
        )

    def draw(self, result: Blocked, before: Blocked | None, words: str) -> Picture:
        marks: list[Any] = []
        if result.blocked:
            marks.append(Region(x=(result.begin - 0.5, STIMULI + 0.5), name="blocked", ink="s3"))
        if before and not np.array_equal(before.spikes, result.spikes):
            name = f"before: {100 * before.blocked:g} % from stimulus {before.begin}, {before.rate:g} Hz"
            marks.append(_previous(before.spikes, name))
        marks += _curve(result.without, "without block", series=1, dashed=result.rate > _FASTEST_FITTED)
        name = f"{100 * result.blocked:g} % blocked" + (", extrapolated" if result.stretched else "")
        marks += _curve(result.spikes, name, dashed=result.stretched)
        if result.run:
            marks.append(_full(result.run, f"full model, {100 * result.blocked:g} % blocked"))
        return draw(
            Axes(marks, _stimulus(), Axis("Spikes evoked by each stimulus", zero=True), height=230),
            title="Block of NMDA receptors and wind-up",
            subtitle=f"Blocked {result.where}; {result.rate:g} Hz",
            description=words,
            note=fast_map_limits(),
        )

    def data(self, result: Blocked) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "stimulus": _numbers(),
                "spikes": result.spikes,
                "spikes_without_block": result.without,
                "spikes_of_full_model": result.run.spikes if result.run else np.nan,
                "extrapolated": result.stretched,
            }
        )


_RATES = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0)  # Hz
_SHARES = tuple(range(0, 55, 5))  # % blocked


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth within a train over rates and blocks.

    Attributes:
        growth: (blocks, rates) spikes of the last response less those of the first.
        row, column: the cell that is read.
        first: spikes of the first response there.
        where: in words.
    """

    growth: Array
    row: int
    column: int
    first: float
    where: str

    @property
    def covered(self) -> bool:
        """The fit of the map covers the cell."""
        fast = _RATES[self.column]
        return fast == _blocked_rate() or (self.row == 0 and fast <= _FASTEST_FITTED)


class RateAndBlock(Panel):
    """Growth within a train for every rate and every block."""

    name = "map"
    title = "Rate against block"
    notice = (
        "Growth needs both: go along the top row for the rate, down a column for the receptors. A zero has two "
        "meanings: the responses stay as they are, or there are none left. The reading tells which."
    )
    find = "at 2 Hz, the block everywhere that brings growth below that of 1 Hz without block."
    limits = (
        f"{_OMITS} Only the cells inside the outline were fitted. All others are the map's own guess, and nothing "
        "tells how good it is there. At 2 and 3 Hz firing reaches a ceiling: there is no more time between two stimuli."
    )
    parameters = _NUMBERS
    sources = (_MODEL,)
    controls = (
        Choice(
            key="rate", label="Read at", value="1 Hz", options=tuple(f"{hertz:g} Hz" for hertz in _RATES),
            about="The column of the ring",
        ),
        Number(
            key="blocked", label="Read with this blocked", unit="%", value=10, low=0, high=_SHARES[-1], step=5,
            about="The row of the ring; 0 is no drug",
        ),
        _SITE,
    )  # fmt: skip

    def compute(self, now: Setting) -> Growth:
        left = 1 - np.array(_SHARES)[:, None] / 100
        trains = wind_up(left, site=_SITES[now.site], frequency=_RATES, stimuli=STIMULI)
        row = min(round(now.blocked / 5), len(_SHARES) - 1)
        column = [f"{hertz:g} Hz" for hertz in _RATES].index(now.rate)
        return Growth(trains[..., -1] - trains[..., 0], row, column, float(trains[row, column, 0]), now.site)

    def words(self, result: Growth) -> str:
        grown, unblocked = result.growth[result.row, result.column], result.growth[0, result.column]
        what = "Nothing is blocked" if not result.row else f"{_SHARES[result.row]} % is blocked {result.where}"
        last = f"the first response has {_few(result.first)} spikes and the last {_few(grown)} more"
        if result.row:
            last += f", instead of {_few(unblocked)} without block"
        if result.first + grown == 0:
            last = f"the neurone is silent throughout; without block the response gains {_few(unblocked)} spikes"
        known = "fitted" if result.covered else "extrapolated"
        return f"{what}: at {_RATES[result.column]:g} Hz {last}. This cell is {known}."

    def draw(self, result: Growth, before: Growth | None, words: str) -> Picture:
        columns = tuple(f"{hertz:g}" for hertz in _RATES)
        rows = tuple(f"{share} %" for share in _SHARES)
        marks: list[Any] = [
            Cells(columns, rows, result.growth.tolist(), label="spikes more at the last stimulus than at the first",
                  digits=0),
            Line(*_outline(), label="fitted cells; the others are extrapolated", ink="s1", dash=""),
        ]  # fmt: skip
        if before and (before.row, before.column) != (result.row, result.column):
            marks += _frame_of_cell(before, "before", dash="3 3")
        marks += _frame_of_cell(result, "the cell that is read")
        return draw(
            Axes(
                marks,
                Axis("Stimuli per second (Hz)", "names", names=columns),
                Axis("NMDA conductance blocked", "names", names=rows),
            ),
            title="Growth of the response within 15 stimuli",
            subtitle=f"Blocked {result.where}, from the first stimulus",
            description=words,
            note=fast_map_limits(),
        )

    def data(self, result: Growth) -> pd.DataFrame:
        rows = [
            {"blocked_percent": share, "rate_Hz": hertz, "growth_spikes": float(grown)}
            for share, line in zip(_SHARES, result.growth, strict=True)
            for hertz, grown in zip(_RATES, line, strict=True)
        ]
        return pd.DataFrame(rows)


_SECOND, _MINUTE, _HOUR, _DAY = 1.0, 60.0, 3600.0, 86400.0
_MOMENTS = {
    "1 s": _SECOND, "5 s": 5 * _SECOND, "10 s": 10 * _SECOND, "1 min": _MINUTE,
    "10 min": 10 * _MINUTE, "1 h": _HOUR, "1 day": _DAY, "1 week": 7 * _DAY, "1 month": 30 * _DAY,
    "3 months": 91 * _DAY, "1 year": 365 * _DAY,
}  # fmt: skip
_SHORT = {
    "1 day": "1 d",
    "1 week": "7 d",
    "1 month": "30 d",
    "3 months": "91 d",
    "1 year": "1 y",
}  # where room is scarce
_CHRONIC = 91 * _DAY  # three months: the definition of ICD-11
_ROWS = (
    "wind-up (model)",
    "sensitisation (Klein)",
    "CRPS relief (Dahan)",
    "“chronic” (ICD-11)",
)


@dataclass(frozen=True, slots=True)
class Clock:
    """What there is at one moment after its cause.

    Attributes:
        after: name of the moment.
        ketamine: bars of the experiment with ketamine are shown.
        parts: both kinds of sensitisation.
        left: (4, moments) from 0 to 1, a row for each of the four clocks; NaN where nobody measured.
    """

    after: str
    ketamine: bool
    parts: tuple[Sensitisation, ...]
    left: Array

    @property
    def here(self) -> Array:
        """The column of the moment."""
        return np.asarray(self.left[:, list(_MOMENTS).index(self.after)])


class Clocks(Panel):
    """Wind-up, sensitisation, relief that lasts and chronic pain, each on its clock.

    >>> Clocks(after="1 min").seen()[:70]
    'After 1 min, nothing is left of wind-up’s memory; sensitisation was st'
    """

    name = "clocks"
    title = "Seconds, hours, months"
    notice = (
        "Above, what one experiment in volunteers measured: two kinds of stronger pain after high-frequency "
        "stimulation, without ketamine and with it. Below, what is there how long after its cause; the larger the dot, "
        "the more; a ring means: not followed so long."
    )
    find = "the first moment at which less than 5 % of wind-up’s memory is left."
    limits = (
        "The rows are of different kinds: the first comes from the model, the second was measured in volunteers (Klein "
        "2007) and followed for 60 minutes, the third (Dahan 2011) is the half-life fitted to one trial in CRPS, drawn "
        "as a store that halves every 10.9 days (what that store would be is unknown), the fourth is a definition. The "
        "bar of 1 with ketamine stands for “ineffective”; the abstract gives no number. In a burn, ketamine did "
        "reduce secondary hyperalgesia (Ilkjaer 1996), so the result around the site is not a rule. "
        "Chronic pain is not one mechanism."
    )
    parameters = (
        "windup.surrogate.decay",
        "sensitisation.dose",
        "sensitisation.observed",
        "sensitisation.homotopic",
        "sensitisation.homotopic_ketamine",
        "sensitisation.heterotopic",
        "sensitisation.heterotopic_ketamine",
        "response.crps.half_life",
    )
    sources = (
        _ICD11,
        ("Ilkjaer S et al. Br J Anaesth 1996;76:829–34 (identifier not verified)", ""),
    )
    dosing = True
    controls = (
        Choice(
            key="after", label="How long after its cause", value="1 h", options=tuple(_MOMENTS),
            about="After the last stimulus; for relief after the infusion; for pain after it began",
        ),
        Switch(
            key="ketamine", label="Ketamine 0.25 mg/kg beforehand", value=True,
            about="Given into a vein four minutes before the stimulation",
        ),
    )  # fmt: skip

    def compute(self, now: Setting) -> Clock:
        chosen = parameters_of()
        seconds = np.array(list(_MOMENTS.values()))
        decay = chosen.value("windup.surrogate.decay") / 1000
        half = chosen.value("response.crps.half_life") * _DAY
        parts = sensitisation(parameters=chosen)
        followed = parts[0].observed_min * _MINUTE
        left = [
            np.exp(-seconds / decay),
            np.where(seconds <= followed, 1, math.nan),
            0.5 ** (seconds / half),
            np.where(seconds >= _CHRONIC, 1, 0),
        ]
        return Clock(now.after, now.ketamine, parts, np.array(left))

    def words(self, result: Clock) -> str:
        memory, sensitised, relief, chronic = result.here
        same, around = result.parts
        kept = f"{100 * memory:.0f} %" if memory >= 0.005 else "nothing"
        measured = "was still measured" if sensitised == 1 else "was not followed so long"
        if result.ketamine:
            drug = (
                f"Ketamine prevented the {_rise(same.alone)} rise at the site, not the {_rise(around.alone)} around it."
            )
        else:
            drug = f"Pain rose by {_rise(same.alone)} at the site, by {_rise(around.alone)} around it."
        called = "is" if chronic else "is not yet"
        return (
            f"After {result.after}, {kept} is left of wind-up’s memory; sensitisation {measured}; "
            f"{100 * relief:.0f} % of what carries relief in CRPS is left; pain {called} called chronic. {drug}"
        )

    def draw(self, result: Clock, before: Clock | None, words: str) -> Picture:
        parts = result.parts
        places = np.arange(len(parts))
        pain: list[Any] = [
            Bars(places - 0.18 * result.ketamine, [part.alone for part in parts], flat=True, series=1,
                 label="without ketamine"),
        ]  # fmt: skip
        if result.ketamine:
            pain.append(
                Bars(places + 0.18, [part.after_ketamine for part in parts], flat=True, label="ketamine beforehand")
            )
        pain.append(Rule(x=1))
        moments = tuple(_MOMENTS)
        at = moments.index(result.after)
        dots: list[Any] = [Region(x=(at - 0.5, at + 0.5), ink="s3")]
        for row, shares in enumerate(result.left):
            known = np.nan_to_num(shares)
            sizes = (7 * np.sqrt(np.where(known >= 0.005, known, 0))).tolist()  # areas are shares
            dots.append(Points(range(len(moments)), [row] * len(moments), series=row, shape="circle", sizes=sizes))
            unknown = np.flatnonzero(np.isnan(shares)).tolist()
            dots.append(Points(unknown, [row] * len(unknown), series=row, shape="circle", hollow=True, sizes=3))
        return draw(
            [
                Axes(
                    pain,
                    Axis(
                        "Pain after high-frequency stimulation, as a multiple of before (1: unchanged)", limits=(0, 2.2)
                    ),
                    Axis("", "names", names=("same site, electrical", "around it, pinprick")),
                    height=110,
                ),
                Axes(
                    dots,
                    Axis("Time after the cause", "names", names=tuple(_SHORT.get(one, one) for one in moments)),
                    Axis("", "names", names=_ROWS),
                    height=150,
                ),
            ],
            title="What is there, and how long after its cause",
            description=words,
            columns=1,
        )

    def data(self, result: Clock) -> pd.DataFrame:
        return pd.DataFrame({"after": list(_MOMENTS), **dict(zip(_ROWS, result.left, strict=True))})


def _run(rate: float, left: float = 1.0, site: str = "everywhere") -> Curve | None:
    """The run of the full model in these conditions, if there is one."""
    for curve in fitted_curves():
        same = math.isclose(curve.frequency, rate) and math.isclose(curve.fraction, left, abs_tol=1e-9)
        if same and (curve.site == site or curve.fraction == 1):  # without block there is no site
            return curve
    return None


def _blocked_rate() -> float:
    """The rate, Hz, at which block was fitted."""
    return next(curve.frequency for curve in fitted_curves() if curve.fraction < 1)


def _numbers() -> range:
    return range(1, STIMULI + 1)


def _stimulus() -> Axis:
    return Axis("Stimulus", limits=(0.5, STIMULI + 0.5))


def _curve(spikes: Array, name: str, *, series: int = 0, dashed: bool = False) -> list[Any]:
    return [
        Line(_numbers(), spikes, label=name, series=series, dash="6 4" if dashed else ""),
        Points(_numbers(), spikes, label=name, series=series),
    ]


def _full(run: Curve, name: str) -> Points:
    return Points(_numbers(), run.spikes, label=name, series=2, hollow=True)


def _previous(spikes: Array, name: str) -> Line:
    return Line(_numbers(), spikes, label=name, ink="muted", dash="5 3")


def _few(spikes: float) -> str:
    return f"{spikes:.1f}" if spikes >= 0.05 else "no"


def _rise(multiple: float) -> str:
    return f"{100 * (multiple - 1):.0f} %"


def _outline() -> tuple[list[float], list[float]]:
    """Around the cells that the fit covers: the top row as far as it goes, and one column."""
    one = _RATES.index(_blocked_rate())
    last = _RATES.index(_FASTEST_FITTED)
    x = [-0.5, last + 0.5, last + 0.5, one + 0.5, one + 0.5, one - 0.5, one - 0.5, -0.5, -0.5]
    low = len(_SHARES) - 0.5
    return x, [-0.5, -0.5, 0.5, 0.5, low, low, 0.5, 0.5, -0.5]


def _frame_of_cell(result: Growth, name: str, *, dash: str = "") -> list[Line]:
    """A frame that is seen on dark shades and light ones."""
    x, y = result.column, result.row
    aside = 0.4
    across = [x - aside, x + aside, x + aside, x - aside, x - aside]
    down = [y - aside, y - aside, y + aside, y + aside, y - aside]
    return [
        Line(across, down, ink="ground", dash="", width=5),
        Line(across, down, label=name, ink="ink", dash=dash, width=2),
    ]
