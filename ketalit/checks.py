"""Check what a review says against itself: sums, ranges, units, intervals against p, people against periods.

Each check has a short code. A row that is odd for a good reason says so in its `note`, as
"[code] why"; the check then counts as explained.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .errors import InputError
from .escaping import one_line
from .fields import FIELDS
from .findings import Finding
from .identifiers import parse_identifier
from .reading.units import DOSE, NUMBER, normalise_dose
from .records.model import Record
from .review import Domain, Extraction, Judgement, Review
from .rows import did_you_mean
from .screening.votes import BY_TITLE, NOT_RETRIEVED, name_of, record_names
from .studies import studies
from .vocabulary import RANDOMISED_DESIGNS, Checked, Comparator, Decision, Design, Missing, Origin

if TYPE_CHECKING:
    from .pooling.effects import EffectRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A value that cannot be right, or cannot be trusted, as it stands.

    `explained` holds the explanation given in the row's note, empty where there is none.
    """

    code: str
    record: str
    field: str
    what: str
    found: str = ""
    explained: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}: " if self.line else ""
        found = f" (found “{self.found}”)" if self.found else ""
        explained = f" Explained: {self.explained}" if self.explained else ""
        return one_line(f"{place}{self.record}, {self.field}: {self.what}{found} [{self.code}].{explained}")


def check_review(review: Review) -> list[Doubt]:
    """Every doubt about the values of a review, explained ones included.

    >>> from ketalit.review import load_review
    >>> [doubt for doubt in check_review(load_review()) if not doubt.explained]
    []
    """
    doubts = [doubt for record in review.records.values() for doubt in _identifier_doubts(record)]
    doubts += _screening_doubts(review)
    by_record: dict[str, list[Extraction]] = defaultdict(list)
    for row in review.extraction:
        by_record[row.record].append(row)
    for rows in by_record.values():
        for row in rows:
            doubts += [_doubt(code, row, what) for code, what in _cell_doubts(row.finding, review)]
        doubts += _row_doubts(rows)
    doubts += _duplicate_doubts(review.extraction)
    doubts += _effect_doubts(review)
    doubts += _judgement_doubts(review)
    return doubts


def _doubt(code: str, row: Extraction, what: str) -> Doubt:
    finding = row.finding
    found = "" if finding.value is None else str(finding.value)
    return Doubt(
        code=code,
        record=row.record,
        field=finding.field,
        what=what,
        found=found,
        explained=explanation(code, finding.note),
        file="extraction.csv",
        line=row.line,
    )


def explanation(code: str, note: str) -> str:
    """What a note says after the code of a check; empty where it explains nothing.

    >>> explanation("range", "[range] counted in halves; [sum] 3 left")
    'counted in halves'
    """
    found = re.search(rf"\[{code}\]\s*([^\[]+)", note)
    return found.group(1).strip(" ;\n") if found else ""


def _identifier_doubts(record: Record) -> Iterator[Doubt]:
    for kind, value in (("pmid", record.pmid), ("pmcid", record.pmcid), ("doi", record.doi)):
        if value:
            try:
                parse_identifier(f"{kind}:{value}")
            except InputError as error:
                yield Doubt(code="identifier", record=record.id, field=kind, what=error.what, found=value)
        elif kind in record.unverified:
            yield Doubt(code="identifier", record=record.id, field=kind, what="is called unverified but is not given")


def _screening_doubts(review: Review) -> Iterator[Doubt]:
    known = {*review.reasons, NOT_RETRIEVED, BY_TITLE}
    for row in review.screening:
        if row.decision is Decision.EXCLUDE and review.reasons and row.reason not in known:
            what = "the reason is none of those in review.toml" if row.reason else "left out without a reason"
            yield Doubt(code="reason", record=row.record, field="reason", what=what, found=row.reason)
    decisions: dict[str, set[str]] = defaultdict(set)
    for row in review.screening:
        decisions[row.record].add(row.decision)
    for record, said in decisions.items():
        if len(said) > 1:
            what = f"is decided in different ways: {', '.join(sorted(said))}"
            yield Doubt(code="decision", record=record, field="decision", what=what)
    times = Counter((row.record, row.who) for row in review.screening)
    for (record, who), count in times.items():
        if count > 1:
            what = f"is given {count} times by {who or 'nobody named'}"
            yield Doubt(code="duplicate", record=record, field="decision", what=what)


def _cell_doubts(finding: Finding, review: Review) -> Iterator[tuple[str, str]]:
    """Doubts one cell raises alone: (code, what)."""
    field = FIELDS[finding.field]
    value = finding.value
    if finding.missing not in {Missing.NOT_CHECKED, Missing.NOT_APPLICABLE}:
        if finding.origin is Origin.CURATED and finding.checked is None:
            yield "checked", "a curated value must say how often it was checked (none, one or two)"
        if finding.origin is Origin.CURATED and finding.checked is not Checked.NONE and not finding.source:
            yield "source", "a checked value must name what was read: PMID:…, PMCID:…, DOI:… or the key of a record"
        if finding.source and finding.source not in review.records:
            try:
                parse_identifier(finding.source)
            except InputError:
                yield "source", f"the source “{finding.source}” is no PMID, PMCID or DOI and no record of this review"
    if finding.origin is Origin.PERSON and not finding.who:
        yield "person", "a person's value must say who entered it"
    if finding.when and not _ISO_DATE.fullmatch(finding.when):
        yield "date", f"“{finding.when}” is no date in the form YYYY-MM-DD"
    if _MOJIBAKE.search(f"{value} {finding.note}"):
        yield "encoding", "letters were damaged when the file was saved in another encoding"
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = field.minimum, field.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            yield "range", f"is outside {low:g} to {high:g} {field.unit}"
    if finding.unit and field.unit and finding.unit != field.unit:
        yield "unit", f"is given in {finding.unit}, the field is in {field.unit}"
    if isinstance(value, str) and not field.choices:
        yield from _text_doubts(value)


_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOJIBAKE = re.compile(r"Â[±µ°·\xa0]|Ã[\x80-\xbf¶¤¼©¨]|â€|\ufffd")  # UTF-8 that was read as cp1252
_PLUS_MINUS = re.compile(r"±")
_DISPERSION = re.compile(r"\b(?:SDs?|SEM?s?|standard (?:deviation|error))\b", re.IGNORECASE)
# No pattern begins within a number: what looked from each of a thousand digits would look a million times.
_NUMBER = r"[-−]?(?<!\d)(?:\d+(?:\.\d+)?|\.\d+)"
_INTERVAL = re.compile(
    # "at 15 min (95 % CI …)" and the 95 itself are no estimates
    rf"(?P<estimate>{_NUMBER})(?![\d.]|\s?%\s?CI|\s?(?:min|h|hours?|days?|weeks?|months?)\b)"
    rf"[^\d;]{{0,12}}\(?(?:95\s?%\s?)?CI[:,]?\s*(?P<low>{_NUMBER})\s*(?:to|–|,)\s*(?P<high>{_NUMBER})"
)
_P = re.compile(r"\b[Pp]\s*(?P<sign>[=<>≤])\s*(?P<p>0?\.\d+)")
_RATIO = re.compile(r"\b(?:RR|OR|HR|ratio)\b")
_SHARE = re.compile(
    r"(?<!\d)(?P<events>\d{1,9})\s*(?:/|of)\s*(?P<total>\d{1,9})\s*\((?P<percent>\d{1,9}(?:\.\d{1,9})?)\s?%"
)
_PARTITION = re.compile(r"(?<!\d)\d+(?:\.\d+)?\s?%?(?:\s*\+\s*\d+(?:\.\d+)?\s?%?){2,}")


def _text_doubts(text: str) -> Iterator[tuple[str, str]]:
    if _PLUS_MINUS.search(text) and not _DISPERSION.search(text):
        yield "dispersion", "a ± that does not say whether it is an SD or an SEM"
    for clause in text.split(";"):
        interval, p = _INTERVAL.search(clause), _P.search(clause)
        if interval:
            estimate, low, high = (_float(interval[name]) for name in ("estimate", "low", "high"))
            if not low <= estimate <= high:
                yield "interval", f"the estimate {estimate:g} lies outside its interval {low:g} to {high:g}"
            null = 1.0 if _RATIO.search(clause) else 0.0
            if p and _significant(p["sign"], float(p["p"])) is (low < null < high):
                yield "interval-p", f"P {p['sign']} {p['p']} does not fit an interval of {low:g} to {high:g}"
    for share in _SHARE.finditer(text):
        events, total, percent = int(share["events"]), int(share["total"]), float(share["percent"])
        if total == 0 or events > total or abs(100 * events / total - percent) > 1:
            yield "share", f"{events} of {total} is not {percent:g} %"
    for partition in _PARTITION.finditer(text):
        total_percent = sum(float(number) for number in re.findall(r"\d+(?:\.\d+)?", partition[0]))
        if "%" in text and abs(total_percent - 100) > 0.5:
            yield "percentages", f"the percentages add up to {total_percent:g}, not 100"


def _float(text: str) -> float:
    return float(text.replace("−", "-"))


def _significant(sign: str, p: float) -> bool | None:
    """Whether a printed P says "below 0.05"; None where it does not tell."""
    if sign in "<≤":
        return True if p <= 0.05 else None
    if sign == ">":
        return False if p >= 0.05 else None
    return p < 0.05


def _row_doubts(rows: list[Extraction]) -> Iterator[Doubt]:
    """Doubts that arise between the values of one record."""
    one = {row.finding.field: row for row in rows if row.finding.missing is None}
    value = {name: row.finding.value for name, row in one.items()}
    design = value.get("design")

    def doubt(code: str, field: str, what: str) -> Doubt:
        return _doubt(code, one[field], what)

    randomised, analysed = value.get("n_randomised"), value.get("n_analysed")
    if isinstance(randomised, int) and isinstance(analysed, int) and analysed > randomised:
        yield doubt("people", "n_analysed", f"more analysed than the {randomised} randomised: periods, not people?")
    if isinstance(randomised, int) and value.get("n_total", randomised) != randomised:
        yield doubt("people", "n_total", f"is not the {randomised} randomised")
    if value.get("randomised") is True and design not in RANDOMISED_DESIGNS | {
        Design.PROTOCOL,
        Design.ANIMAL,
        Design.SECONDARY_ANALYSIS,
        None,
    }:
        yield doubt("design", "randomised", f"is true, but the design is {design}")
    if value.get("randomised") is False and design in RANDOMISED_DESIGNS:
        yield doubt("design", "randomised", f"is false, but the design is {design}")
    if "n_randomised" in one and design in {Design.SINGLE_ARM, Design.COHORT, Design.CASE_SERIES, Design.CASE_REPORT}:
        yield doubt("design", "n_randomised", f"nobody is randomised in a {design}")
    if "primary_direction" in one and design in {Design.SINGLE_ARM, Design.CASE_SERIES, Design.CASE_REPORT}:
        yield doubt("direction", "primary_direction", f"a {design} has no comparator to favour or not")
    arms = value.get("arms")
    if isinstance(arms, int) and arms < 2 and value.get("comparator") in set(Comparator):
        yield doubt("arms", "arms", "a comparison needs two arms")
    rate = value.get("dose_mg_per_kg_per_h")
    if isinstance(rate, int | float) and "dose" not in one:
        yield doubt("dose", "dose_mg_per_kg_per_h", "a normalised dose without the dose as given")
    for name in ("dose_mg_per_kg", "dose_mg_per_kg_per_h"):
        if name in one and not one[name].finding.note:
            yield doubt("dose", name, "a computed dose must show its arithmetic in the note")
        if name in one and "dose" in one:
            given = list(_doses(str(value["dose"]), name))
            if given and not any(math.isclose(float(value[name] or 0), dose, rel_tol=0.02) for dose in given):
                yield doubt("dose", name, f"does not follow from “{value['dose']}”")


def _doses(text: str, field: str) -> Iterator[float]:
    """Every number of a text, taken in each unit that the text names and that leads to the unit of a field."""
    for unit in {dose[2] for dose in DOSE.finditer(text.lower())}:
        for number in re.findall(NUMBER, text):
            normalised = normalise_dose(number, unit)
            if normalised.field == field and normalised.value is not None:
                yield normalised.value


def _duplicate_doubts(rows: tuple[Extraction, ...]) -> Iterator[Doubt]:
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        finding = row.finding
        name = (row.record, finding.field, finding.origin, finding.who, finding.source, finding.locator)
        if name in seen:
            yield _doubt("duplicate", row, "is given twice by the same person from the same place")
        seen.add(name)


def _effect_doubts(review: Review) -> Iterator[Doubt]:
    """Doubts about the rows of effects.csv, each alone and beside those it would be pooled with."""
    found = studies(review) if review.effects else ()
    known = {study.id for study in found}
    study_of = {record: study.id for study in found for record in study.records}
    lines = dict(zip(map(id, review.effects), review.effect_lines, strict=False))

    def doubt(row: EffectRow, code: str, what: str) -> Doubt:
        return Doubt(
            code=code,
            record=row.study,
            field=row.outcome,
            what=what,
            explained=explanation(code, row.note),
            file="effects.csv",
            line=lines.get(id(row), 0),
        )

    analyses: dict[tuple[object, ...], list[EffectRow]] = defaultdict(list)
    for row in review.effects:
        analyses[row.comparison, row.outcome, row.time, row.measure].append(row)
        if row.study not in known:
            known.add(row.study)  # told once
            yield doubt(row, "study", f"is no study of this review{_meant(row, study_of, review)}")
        for code, what in _alone(row, review):
            yield doubt(row, code, what)
    for rows in analyses.values():
        for row, code, what in _together(rows):
            yield doubt(row, code, what)


def _meant(row: EffectRow, study_of: Mapping[str, str], review: Review) -> str:
    """Which study somebody may have meant who named one that is not there; empty where nothing tells."""
    with suppress(InputError, KeyError):
        return f"; it is a record of the study “{study_of[name_of(row.study, record_names(review))]}”"
    if hint := did_you_mean(row.study, study_of.values()):
        return hint
    return f"; its record is one of the study “{study_of[row.record]}”" if row.record in study_of else ""


def _alone(row: EffectRow, review: Review) -> Iterator[tuple[str, str]]:
    """Doubts one row of effects.csv raises alone: (code, what)."""
    from .pooling.effects import effect_of
    from .pooling.guards import of_row, p_against_interval
    from .pooling.result import RATIOS

    try:
        effect_of(row)
    except InputError as error:
        yield "effect", f"gives no effect: {error.what}"
    if row.source and row.source not in review.records:
        try:
            parse_identifier(row.source)
        except InputError:
            yield "source", f"the source “{row.source}” is no PMID, PMCID or DOI and no record of this review"
    same = (row.comparison, row.outcome)
    beside = [one for one in review.effects if (one.comparison, one.outcome) == same and one is not row]
    yield from of_row(row, beside)
    estimate, low, high = row.estimate, row.ci_low, row.ci_high
    if estimate is None or low is None or high is None:
        return
    if not low <= estimate <= high:
        yield "interval", f"the estimate {estimate:g} lies outside its interval {low:g} to {high:g}"
    elif row.p is not None:
        try:
            said = p_against_interval(estimate, low, high, row.p, log=row.measure in RATIOS)
        except InputError as error:
            said = str(error)
        if said:
            yield "interval-p", said


def _together(rows: list[EffectRow]) -> Iterator[tuple[EffectRow, str, str]]:
    """Doubts that arise where rows are pooled: an SD like an SEM, a trial or a comparison group that comes twice."""
    from .pooling.effects import effects_of
    from .pooling.guards import of_effects

    effects, _ = effects_of(rows)
    # numbered instead of named, so that what the guard says leads back to the row
    numbered = [replace(effect, study=str(place)) for place, effect in enumerate(effects)]
    for said in of_effects(numbered):
        place, colon, what = said.partition(": ")
        row = effects[int(place)].row if colon and place.isdecimal() else None
        if row is not None:
            yield row, "sem", what
    by_study: dict[str, list[EffectRow]] = defaultdict(list)
    for row in rows:
        by_study[row.study].append(row)
    for found in by_study.values():
        groups = Counter(_second_group(row) for row in found)
        for row in found:
            times = groups[_second_group(row)]
            if times > row.shared:
                what = f"the comparison group stands in {times} rows, and is divided by {row.shared}"
                yield row, "control", f"{what}: divide it, or combine the groups compared with it"
            elif len(groups) > 1:
                yield row, "twice", f"the trial stands in {len(found)} rows that are pooled together"


def _second_group(row: EffectRow) -> tuple[object, ...]:
    return row.n2, row.mean2, row.sd2, row.low2, row.high2, row.events2


def _judgement_doubts(review: Review) -> Iterator[Doubt]:
    """Two people who judge one result differently, and an overall judgement that is better than a domain."""
    order = list(Judgement)
    by_result: dict[tuple[str, str, str], dict[str, dict[Domain, Judgement]]] = defaultdict(dict)
    for row in review.risk_of_bias:
        by_result[row.study, row.outcome, row.time].setdefault(row.who, {})[row.domain] = row.judgement
    for (study, outcome, _), judged in by_result.items():
        for domain in Domain:
            said = {who: one[domain] for who, one in judged.items() if domain in one}
            if len(set(said.values())) > 1:
                what = f"{domain} is judged differently: {', '.join(f'{one} ({who})' for who, one in said.items())}"
                yield Doubt(code="rob", record=study, field=outcome, what=what)
        for who, one in judged.items():
            overall = one.get(Domain.OVERALL, Judgement.NOT_ASSESSED)
            worst = max(
                (value for value in one.values() if value is not Judgement.NOT_ASSESSED),
                key=order.index,
                default=overall,
            )
            if overall is not Judgement.NOT_ASSESSED and order.index(worst) > order.index(overall):
                what = (
                    f"is “{overall}” overall, and “{worst}” in a domain ({who}); RoB 2 lets it be no better than that"
                )
                yield Doubt(code="rob", record=study, field=outcome, what=what)
