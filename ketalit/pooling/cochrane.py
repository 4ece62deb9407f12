"""Data packages of Cochrane reviews, as a user downloaded them: read, computed again, compared.

A package is a zipped folder. In its analysis data, `…-data-rows.csv` holds one row for each study of each analysis, and
`…-overall-estimates-and-settings.csv` how each was pooled and what came out. Columns:
https://documentation.cochrane.org/revman-kb/data-package-specification-249561249.html. Cochrane's terms of use come
with each download; nothing of a package is kept here.
"""

from __future__ import annotations

import csv
import io
import math
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError
from ..rows import did_you_mean, read_text
from .effects import Effect, EffectRow, Measure, effects_of
from .inverse_variance import pool
from .rare import mantel_haenszel, peto
from .result import RATIOS, Pooled

ROWS, SETTINGS = "data-rows.csv", "overall-estimates-and-settings.csv"
LARGEST = 50_000_000  # bytes of one file, unpacked; the largest reviews have a hundredth of it
AGREES = 0.02  # percentage points of weight: printed weights are rounded, and so are the numbers behind them

MEASURES = {
    "mean difference": "MD",
    "std. mean difference": "SMD (RevMan)",
    "risk ratio": "RR",
    "odds ratio": "OR",
    "risk difference": "RD",
    "peto odds ratio": "Peto",
}
_NUMBERS = {
    "Experimental mean": "mean1",
    "Experimental SD": "sd1",
    "Experimental N": "n1",
    "Experimental cases": "events1",
    "Control mean": "mean2",
    "Control SD": "sd2",
    "Control N": "n2",
    "Control cases": "events2",
}
_NEEDED = ("Analysis group", "Analysis number", "Study")


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One row of an analysis: what it was computed from, and what Cochrane printed.

    Attributes:
        row: means, or events, as a row of `effects.csv`; None where only an estimate was entered.
        name, year, subgroup, footnotes: as printed.
        effect, ci_low, ci_high, weight: as printed, ratios as ratios, the weight in percent; None for "not estimable".
        giv: generic inverse variance: estimate and standard error, on the scale of pooling.
    """

    name: str
    year: str
    subgroup: str
    footnotes: str
    row: EffectRow | None
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    weight: float | None
    giv: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """One analysis of a review.

    Attributes:
        group, number: as in "Analysis 1.4".
        group_name, name: the comparison and the outcome.
        measure: MD, SMD (RevMan), RR, …; empty where neither the settings nor the printed effects tell.
        method: "Mantel-Haenszel", "Inverse variance", "Peto"; empty where the settings are not there.
        random: whether random effects; None where the settings are not there.
        estimator: DL or REML; empty where not said.
        studies: the rows.
        pooled: estimate, low and high as printed, ratios as ratios; None where nothing was pooled.
    """

    group: int
    number: int
    group_name: str
    name: str
    measure: str
    method: str
    random: bool | None
    estimator: str
    studies: tuple[Study, ...]
    pooled: tuple[float, float, float] | None

    @property
    def label(self) -> str:
        """ "1.4", as Cochrane counts."""
        return f"{self.group}.{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How near a recomputed analysis comes to the printed one.

    Attributes:
        analysis: which.
        way: how it was pooled to come nearest: "FE", "DL", "REML", "MH" or "Peto".
        result: our result that way.
        weights: largest difference of a study's weight, in percentage points; None where none are printed.
        effects: largest difference of a study's effect from the printed one, on the printed scale.
        pooled: largest difference of estimate, low or high from the printed ones; None where none are printed.
        agrees: whether weights, or without weights the pooled result, differ by rounding at most.
    """

    analysis: Analysis
    way: str
    result: Pooled
    weights: float | None
    effects: float
    pooled: float | None
    agrees: bool


def read_package(path: str | Path) -> list[Analysis]:
    """The analyses of a data package: the zip as downloaded, its unpacked folder, or the CSV of data rows alone.

    Raises:
        InputError: there is no such file, it is no data package, or a number in it is none.
    """
    place = Path(path)
    if not place.exists():
        raise InputError("there is no such file", where=str(place), expected="a Cochrane data package")
    rows, settings = _texts(place)
    where = place.name
    estimates = {_key(row, where): row for row in _records(settings, where, ("Analysis group", "Analysis number"))}
    found: dict[tuple[int, int], list[Mapping[str, str]]] = {}
    for row in _records(rows, where, _NEEDED):
        found.setdefault(_key(row, where), []).append(row)
    return [_analysis(key, listed, estimates.get(key, {}), where) for key, listed in found.items()]


def effects_of_analysis(analysis: Analysis) -> list[Effect]:
    """The effects of an analysis, in its own measure; studies that give none, as without any event, are not among them.

    Raises:
        InputError: its measure is not known.
    """
    if not analysis.measure:
        raise InputError(
            "the measure is not known", where=f"Analysis {analysis.label}", expected="settings in the package"
        )
    found: list[Effect] = []
    for study in analysis.studies:
        if study.row is not None:
            found += effects_of([study.row], measure=analysis.measure)[0]
        elif study.giv is not None:
            found.append(Effect(study=study.name, yi=study.giv[0], vi=study.giv[1] ** 2, measure=analysis.measure))
    return found


def agreement(analysis: Analysis) -> Agreement | None:
    """Compute an analysis again, in the way its settings say, or without settings in the way that comes nearest.

    Returns:
        None where fewer than two studies give an effect, or the measure is not known.
    """
    if not analysis.measure:
        return None
    effects = effects_of_analysis(analysis)
    if len(effects) < 2:
        return None
    tried = [_compared(analysis, effects, way) for way in _ways(analysis)]
    usable = [one for one in tried if one is not None]
    # of ways that differ by rounding only, as all do where tau² is 0, the first
    return min(usable, key=lambda one: math.inf if one.weights is None else round(one.weights, 5), default=None)


def _ways(analysis: Analysis) -> list[str]:
    tables = all(study.row and study.row.events1 is not None for study in analysis.studies)
    if analysis.random is None:
        return ["DL", "FE", "REML", *(["MH"] if tables else [])]
    if analysis.random:
        return [analysis.estimator or "DL"]
    if analysis.method == "Mantel-Haenszel" and tables:
        return ["MH"]
    return ["Peto" if analysis.measure == "Peto" else "FE"]


def _compared(analysis: Analysis, effects: list[Effect], way: str) -> Agreement | None:
    measure = analysis.measure
    names = [effect.study for effect in effects]
    if way in {"MH", "Peto"}:
        tables = [study.row for study in analysis.studies if study.row]
        a, n1, c, n2 = ([getattr(row, name) for row in tables] for name in ("events1", "n1", "events2", "n2"))
        try:
            result = peto(a, n1, c, n2) if way == "Peto" else mantel_haenszel(a, n1, c, n2, measure)
        except InputError:
            return None
        printed = [study.weight for study in analysis.studies if study.row]
    else:
        result = pool([one.yi for one in effects], [one.vi for one in effects], way, "wald", measure=measure)
        # a study may stand in two subgroups, so the printed rows are taken in their order
        rows = iter(effects)
        current = next(rows, None)
        printed = []
        for study in analysis.studies:
            if current is not None and study.name == current.study and _gives(study, current):
                printed.append(study.weight)
                current = next(rows, None)
    known = [(100 * ours, theirs) for ours, theirs in zip(result.weights, printed, strict=True) if theirs is not None]
    weights = max((abs(ours - theirs) for ours, theirs in known), default=None)
    apart = None
    if analysis.pooled:
        log = measure in RATIOS
        ours3 = (result.estimate, result.ci_low, result.ci_high)
        shown = tuple(math.exp(one) for one in ours3) if log else ours3
        apart = max(abs(one - other) for one, other in zip(shown, analysis.pooled, strict=True))
    near = max((_apart(study, effects, names, measure) for study in analysis.studies), default=0.0)
    close = weights is not None and weights <= AGREES
    if weights is None and apart is not None and analysis.pooled:
        close = apart <= 0.005 * max(1.0, abs(analysis.pooled[0]))
    return Agreement(
        analysis=analysis, way=way, result=result, weights=weights, effects=near, pooled=apart, agrees=close
    )


def _gives(study: Study, effect: Effect) -> bool:
    return effect.row is study.row if study.row is not None else study.giv is not None


def _apart(study: Study, effects: list[Effect], names: list[str], measure: str) -> float:
    if study.effect is None or study.name not in names:
        return 0.0
    mine = [one for one in effects if (one.row is study.row if study.row else one.study == study.name)]
    if not mine:
        return 0.0
    ours = math.exp(mine[0].yi) if measure in RATIOS else mine[0].yi
    return abs(ours - study.effect)


def _analysis(
    key: tuple[int, int], listed: list[Mapping[str, str]], settings: Mapping[str, str], where: str
) -> Analysis:
    measure = MEASURES.get(settings.get("Effect measure", "").strip().casefold(), "")
    name = settings.get("Analysis name") or listed[0].get("Analysis name", "")
    group_name = settings.get("Analysis group name", "")
    studies = tuple(_study(row, group_name, name, measure, f"{where}, Analysis {key[0]}.{key[1]}") for row in listed)
    if not settings:
        measure = _guessed(studies)
    model, estimator = settings.get("Analysis model", ""), settings.get("Heterogeneity estimator", "")
    spot = f"{where}, Analysis {key[0]}.{key[1]}"
    ends = [_number(settings.get(column, ""), column, spot) for column in ("Mean", "CI start", "CI end")]
    return Analysis(
        group=key[0],
        number=key[1],
        group_name=group_name,
        name=name,
        measure=measure,
        method=settings.get("Statistical method", ""),
        random=model.casefold().startswith("random") if model else None,
        estimator=("REML" if "restricted" in estimator.casefold() or estimator == "REML" else "DL")
        if estimator
        else "",
        studies=studies,
        pooled=(ends[0], ends[1], ends[2]) if None not in ends else None,  # type: ignore[arg-type]
    )


def _study(row: Mapping[str, str], comparison: str, outcome: str, measure: str, where: str) -> Study:
    spot = f"{where}, {row['Study']}"
    numbers = {ours: _number(row.get(theirs, ""), theirs, spot) for theirs, ours in _NUMBERS.items()}
    has_means = None not in (numbers["mean1"], numbers["mean2"], numbers["sd1"], numbers["sd2"])
    # an empty mean is exported as 0 where the analysis has events
    has_events = None not in (numbers["events1"], numbers["events2"]) and measure not in {"MD", "SMD (RevMan)"}
    if has_events and has_means and measure not in {"RR", "OR", "RD", "Peto"}:
        has_events = numbers["sd1"] == 0 and numbers["sd2"] == 0
    made = None
    people = numbers["n1"] and numbers["n2"]
    if people and (has_events or has_means):
        kept = ("events1", "events2") if has_events else ("mean1", "sd1", "mean2", "sd2")
        made = EffectRow(
            study=row["Study"],
            record="",
            comparison=comparison,
            outcome=outcome,
            measure=Measure(measure or ("RR" if has_events else "MD")),
            n1=numbers["n1"],
            n2=numbers["n2"],
            source=where,
            note=row.get("Footnotes", ""),
            **{name: numbers[name] for name in kept},  # type: ignore[arg-type]
        )
    given = _number(row.get("GIV Mean", ""), "GIV Mean", spot), _number(row.get("GIV SE", ""), "GIV SE", spot)
    return Study(
        name=row["Study"],
        year=row.get("Study year", ""),
        subgroup=row.get("Subgroup", ""),
        footnotes=row.get("Footnotes", ""),
        row=made,
        effect=_number(row.get("Mean", ""), "Mean", spot),
        ci_low=_number(row.get("CI start", ""), "CI start", spot),
        ci_high=_number(row.get("CI end", ""), "CI end", spot),
        weight=_number(row.get("Weight", ""), "Weight", spot),
        giv=(given[0], given[1]) if given[0] is not None and given[1] else None,
    )


def _guessed(studies: tuple[Study, ...]) -> str:
    """The measure that reproduces the printed effects; empty where none does."""
    rows = [study for study in studies if study.row and study.effect is not None]
    if not rows:
        return ""
    events = all(study.row and study.row.events1 is not None for study in rows)
    for measure in ("RR", "OR", "RD", "Peto") if events else ("MD", "SMD (RevMan)"):
        near = []
        for study in rows:
            found = effects_of([study.row], measure=measure)[0] if study.row else []
            ours = [math.exp(one.yi) if measure in RATIOS else one.yi for one in found]
            near.append(bool(ours) and math.isclose(ours[0], study.effect or 0.0, rel_tol=0.005, abs_tol=0.005))
        if all(near):
            return measure
    return ""


def _texts(place: Path) -> tuple[str, str]:
    """The text of the data rows and of the settings; the settings may be missing."""
    if place.is_dir():
        rows = sorted(place.rglob(f"*{ROWS}"))
        settings = sorted(place.rglob(f"*{SETTINGS}"))
        if not rows:
            raise InputError(f"no file ends in {ROWS}", where=str(place), expected="an unpacked Cochrane data package")
        return read_text(rows[0]), read_text(settings[0]) if settings else ""
    if zipfile.is_zipfile(place):
        found = dict(_unpacked(place.read_bytes(), place.name))
        rows_in = [text for name, text in found.items() if name.endswith(ROWS)]
        if not rows_in:
            raise InputError(f"no file in it ends in {ROWS}", where=place.name, expected="a Cochrane data package")
        return rows_in[0], next((text for name, text in found.items() if name.endswith(SETTINGS)), "")
    beside = place.with_name(place.name.replace(ROWS, SETTINGS))
    return read_text(place), read_text(beside) if beside != place and beside.exists() else ""


def _unpacked(content: bytes, name: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """The two files out of a zip, or out of a zip in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            for info in zipped.infolist():
                nested = info.filename.endswith(".zip") and depth == 0
                if not (nested or info.filename.endswith((ROWS, SETTINGS))):
                    continue
                if info.file_size > LARGEST:
                    raise InputError(f"{info.filename} is too large", where=name, expected=f"at most {LARGEST} bytes")
                inner = zipped.read(info)
                if nested:
                    yield from _unpacked(inner, f"{name}, {info.filename}", depth + 1)
                else:
                    yield info.filename, inner.decode("utf-8-sig")
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError, RuntimeError) as error:
        raise InputError(f"cannot be unpacked: {error}", where=name, expected="a Cochrane data package") from error


def _records(text: str, where: str, needed: tuple[str, ...]) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = [name.strip() for name in reader.fieldnames or []]
    if not header:
        return []
    reader.fieldnames = header
    for column in needed:
        if column not in header:
            what = f"the column {column} is missing{did_you_mean(column, header)}"
            raise InputError(what, where=where, expected="columns of a Cochrane data package")
    return [{name: (value or "").strip() for name, value in row.items() if isinstance(name, str)} for row in reader]


def _key(row: Mapping[str, str], where: str) -> tuple[int, int]:
    try:
        return int(row["Analysis group"]), int(row["Analysis number"])
    except ValueError as error:
        shown = f"{row['Analysis group']}.{row['Analysis number']}"
        raise InputError(f"the analysis has the number “{shown}”", where=where, expected="whole numbers") from error


def _number(text: str, column: str, where: str) -> float | None:
    """A cell as a number; None where it is empty, #N/A or "Not estimable"."""
    plain = text.strip().removesuffix("%").strip()
    if not plain or plain.casefold() in {"#n/a", "na", "not estimable", "nan"}:
        return None
    try:
        found = float(plain)
    except ValueError as error:
        raise InputError(f"{column} is “{text}”", where=where, expected="a number") from error
    return found if math.isfinite(found) else None
