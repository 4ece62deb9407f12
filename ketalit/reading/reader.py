"""Put the readers together: one finding for each field, a value or the reason why there is none.

When there is no value
- *not applicable*: the question makes no sense for the design (arms of a letter), or the text never names the drug
  (its dose);
- *not reported*: the reader looked in the text it had, which the reason names, and found nothing it trusts;
- *not checked*: there was nothing to look in (no abstract), or the reader has no rule that could find it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ..findings import Finding
from ..records.model import Record
from ..records.text import Text, canonical_text
from ..vocabulary import RANDOMISED_DESIGNS, Confidence, Design, Missing, Setting
from . import blinding, comparison, condition, design, intervention, outcome, question, setting, size, tables
from .engine import METHODS, RESULTS, Hit, Rule, Source, zone_of_label
from .tags import RANDOMISED_TYPES, types_of

RULES: tuple[Rule, ...] = (
    *design.RULES,
    *blinding.RULES,
    *comparison.RULES,
    *setting.RULES,
    *size.RULES,
    *condition.RULES,
    *intervention.RULES,
    *outcome.RULES,
    *question.RULES,
    *tables.RULES,
)

READER_FIELDS = (
    "design",
    "randomised",
    "blinding",
    "comparator",
    "n_total",
    "n_randomised",
    "n_analysed",
    "n_studies",
    "arms",
    "periods",
    "sequence",
    "washout",
    "setting",
    "condition",
    "drug_form",
    "route",
    "dose",
    "dose_mg_per_kg",
    "dose_mg_per_kg_per_h",
    "duration",
    "primary_outcome",
    "scale",
    "followup",
    "primary_direction",
    "result",
    "adverse_events",
)

_NO_SUBJECTS = frozenset(
    {Design.RETRACTION, Design.CORRECTION, Design.EDITORIAL, Design.NARRATIVE_REVIEW, Design.GUIDELINE}
)
_REVIEWS = frozenset({Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW})
_OBSERVED = frozenset(
    {Design.COHORT, Design.CASE_CONTROL, Design.CROSS_SECTIONAL, Design.SINGLE_ARM, Design.QUALITATIVE}
)
_WITHOUT_ARMS = frozenset(
    {
        Design.CROSS_SECTIONAL,
        Design.QUALITATIVE,
        Design.CASE_CONTROL,
        Design.CASE_REPORT,
        Design.CASE_SERIES,
        Design.LABORATORY,
    }
)
_MAY_CROSS_OVER = frozenset(  # designs that can be crossovers without being called a crossover trial
    {Design.PROTOCOL, Design.NON_RANDOMISED, Design.SECONDARY_ANALYSIS, Design.ANIMAL, Design.LABORATORY}
)
_CROSSOVER = {"periods": size.read_periods, "sequence": size.read_sequence, "washout": size.read_washout}
_COMPARES = RANDOMISED_DESIGNS | {Design.NON_RANDOMISED}
_WITHOUT_DIRECTION = _NO_SUBJECTS | _WITHOUT_ARMS | {Design.PROTOCOL}
_DRUG_FIELDS = ("drug_form", "route", "dose", "dose_mg_per_kg", "dose_mg_per_kg_per_h", "duration")

_NOT_FOUND = "not in title or abstract"
_NOT_FOUND_FULL = "not found in title, abstract or the open full text"
_NO_TEXT = "the record has no abstract to read"


def read_record(
    record: Record, *, drugs: Sequence[str] = ("ketamine", "esketamine"), abstract_only: bool = False
) -> tuple[Finding, ...]:
    """Everything the reader can say of a record: exactly one finding for each of `READER_FIELDS`, in that order.

    Title and abstract are read first; where they are silent and the full text is open, its methods and results.

    Args:
        record: the record.
        drugs: names of the drugs whose form, route, dose and duration are wanted.
        abstract_only: leave the full text unread.

    Offsets point into `canonical_text(record)`; with and without the full text they are the same.

    >>> record = Record(source="person", key="a1", title="Erratum to: a trial of ketamine")
    >>> [finding.missing.value for finding in read_record(record) if finding.field == "arms"]
    ['not applicable']
    """
    names = tuple(drugs)
    abstract = Source(canonical_text(record, abstract_only=True))
    hits = _read(abstract, record, names)
    canonical, full = abstract.canonical, None
    if record.full_text is not None and not abstract_only:
        canonical = canonical_text(record)
        full = _fill_from_body(hits, canonical, names)
    kind = hits["design"].value if hits["design"] else None
    kind = kind if isinstance(kind, Design) else None
    identifier = record.identifiers[0] if record.identifiers else record.key
    counted = _from_tables(record, kind, hits) if full else {}
    named = any(name.lower() in abstract.norm for name in names)
    read = _Read(abstract, full, kind, canonical, identifier, names, named)
    return tuple([counted.get(field) or _finding(field, hits.get(field), read) for field in READER_FIELDS])


@dataclass(frozen=True, slots=True)
class _Read:
    """What all findings of a record have in common; `named` tells whether title or abstract names one of the drugs."""

    abstract: Source
    full: Source | None
    kind: Design | None
    canonical: Text
    identifier: str
    drugs: tuple[str, ...]
    named: bool


def _read(source: Source, record: Record, drugs: tuple[str, ...]) -> dict[str, Hit | None]:
    """All hits in title and abstract."""
    hits: dict[str, Hit | None] = {"design": design.read_design(source, record)}
    found = hits["design"]
    kind = found.value if found and isinstance(found.value, Design) else None
    if kind in _NO_SUBJECTS:
        hits["setting"] = _by_design(found, Setting.NONE, "setting/by-design")
        return hits
    hits["setting"] = setting.read_setting(source, kind)
    hits["condition"] = condition.read_condition(source)
    arms = total = None
    if kind in _REVIEWS:
        hits["n_studies"] = size.read_studies(source)
    else:
        hits["randomised"] = _randomised(source, record, found, kind)
        hits["blinding"] = blinding.read_blinding(source)
        hits["n_total"] = total = size.read_total(source, kind)
        if kind in RANDOMISED_DESIGNS or kind in (Design.ANIMAL, Design.SECONDARY_ANALYSIS, Design.PROTOCOL):
            hits["n_randomised"] = size.read_randomised_number(source)
        if kind is not Design.PROTOCOL:
            hits["n_analysed"] = size.read_analysed(source, total)
        if kind not in _WITHOUT_ARMS:
            hits["arms"] = arms = size.read_arms(source, kind)
        if _crosses_over(source, kind):
            hits |= {field: reader(source) for field, reader in _CROSSOVER.items()}
    number = arms.value if arms and isinstance(arms.value, int) else None
    hits["comparator"] = comparison.read_comparator(source, kind, number)
    hits["primary_outcome"] = primary = outcome.read_outcome(source)
    hits["scale"] = outcome.read_scale(source, primary)
    hits["followup"] = outcome.read_followup(source)
    told = number if arms and arms.confidence is not Confidence.UNCLEAR else None
    hits["primary_direction"] = outcome.read_direction(source, kind, primary, told)
    if kind is not Design.PROTOCOL:
        hits["adverse_events"] = outcome.read_harms(source)
        people = total.value if total and isinstance(total.value, int) else None
        hits["result"] = outcome.read_result(source, primary, people)
    hits |= _given(source, drugs)
    return hits


def _crosses_over(source: Source, kind: Design | None) -> bool:
    """Whether each subject got more than one treatment."""
    return kind is Design.CROSSOVER_RCT or (kind in _MAY_CROSS_OVER and "crossover" in source.norm.replace("-", ""))


def _given(source: Source, drugs: tuple[str, ...]) -> dict[str, Hit | None]:
    given = intervention.read_given(source, drugs)
    return {
        "_named": given.named,
        "drug_form": given.form,
        "route": given.route,
        "dose": given.dose,
        "dose_mg_per_kg": given.bolus,
        "dose_mg_per_kg_per_h": given.rate,
        "duration": given.duration,
    }


def _randomised(source: Source, record: Record, found: Hit | None, kind: Design | None) -> Hit | None:
    """Whether allocation was at random: what the text says, or what the design implies."""
    if kind in _OBSERVED:
        return _by_design(found, False, "randomised/by-design")
    if kind in (Design.CASE_REPORT, Design.CASE_SERIES):
        return None
    chance = source.once(design.read_randomised)
    if chance is None and types_of(record) & RANDOMISED_TYPES:
        return _by_design(found, True, "randomised/nlm-randomised")
    return chance


def _by_design(found: Hit | None, value: bool | Setting, rule: str) -> Hit | None:
    return replace(found, value=value, rule=rule, note="", confidence=Confidence.LIKELY) if found else None


_FROM_BODY: dict[str, Callable[[Source], Hit | None]] = {
    "blinding": blinding.read_blinding,
    "n_randomised": size.read_randomised_number,
    "scale": lambda source: outcome.read_scale(source, None),
    "followup": lambda source: outcome.read_followup(source, outcome.FOLLOWUP[:1]),
    "adverse_events": outcome.read_harms,
}


def _fill_from_body(hits: dict[str, Hit | None], canonical: Text, drugs: tuple[str, ...]) -> Source | None:
    """Fill what the abstract left open from the methods and results of the full text; that text, or None."""
    kind = hits["design"].value if hits["design"] else None
    if kind in _NO_SUBJECTS | _REVIEWS:
        return None
    parts = tuple(
        part
        for part in canonical.parts
        if part.kind == "body" and zone_of_label(f"{part.label} {part.category}".lower()) in (METHODS, RESULTS)
    )
    if not parts:
        return None
    body = Source(Text(canonical.text, parts))
    readers = _FROM_BODY | (_CROSSOVER if kind is Design.CROSSOVER_RCT else {})
    wanted: dict[str, Hit | None] = {
        field: reader(body) for field, reader in readers.items() if hits.get(field) is None
    }
    if hits.get("_named"):
        wanted |= {field: hit for field, hit in _given(body, drugs).items() if hits.get(field) is None}
    for field, hit in wanted.items():
        if hit is not None:
            confidence = Confidence.LIKELY if hit.confidence is Confidence.SURE else Confidence.UNCLEAR
            hits[field] = replace(hit, confidence=confidence, body=True)
    if hits.get("n_total") is None and hits.get("n_randomised"):
        hits["n_total"] = hits["n_randomised"]
    return body


def _from_tables(record: Record, kind: Design | None, hits: dict[str, Hit | None]) -> dict[str, Finding]:
    """Groups and their sizes as the tables of a full text print them, where the text is silent or not sure."""
    if kind not in _COMPARES:
        return {}
    total = hits.get("n_total")
    most = total.value if total and isinstance(total.value, int) else None

    def wanted(finding: Finding) -> bool:
        hit = hits.get(finding.field)
        if finding.field == "n_analysed" and (  # whom the columns of a crossover count is not known
            kind is Design.CROSSOVER_RCT or (most and isinstance(finding.value, int) and finding.value > most)
        ):
            return False
        if hit is None or hit.value is None:
            return True
        return hit.confidence is not Confidence.SURE and hit.value != finding.value

    return {finding.field: finding for finding in tables.read_tables(record) if wanted(finding)}


def _finding(field: str, hit: Hit | None, read: _Read) -> Finding:
    """The finding of a field: its hit, or the reason why there is none."""
    if hit is None or hit.value is None:
        missing, reason = _missing(field, hit, read)
        return Finding(field=field, missing=missing, reason=reason, source=read.identifier)
    quote, start, end, locator = "", -1, -1, _tag_of(hit.rule)
    if hit.start >= 0:
        quote, start, end = (read.full if hit.body and read.full else read.abstract).quote(hit.start, hit.end)
        locator = read.canonical.locate(start)
    return Finding(
        field=field,
        value=hit.value,
        quote=quote,
        start=start,
        end=end,
        rule=hit.rule,
        confidence=hit.confidence,
        locator=locator,
        source=read.identifier,
        note=hit.note,
    )


def _tag_of(rule: str) -> str:
    """Which field of the record a rule without a quote has looked at."""
    return "MeSH" if "/mesh-" in rule else "publication type" if "nlm" in rule else "article type"


def _missing(field: str, hit: Hit | None, read: _Read) -> tuple[Missing, str]:
    """In which sense a value is missing, and why."""
    if reason := _no_question(field, read.kind):
        return Missing.NOT_APPLICABLE, reason
    if field in _CROSSOVER and not _crosses_over(read.abstract, read.kind):
        return Missing.NOT_APPLICABLE, "only a crossover has periods, their order and a washout"
    if not read.abstract.has_abstract and read.full is None:
        return Missing.NOT_CHECKED, _NO_TEXT
    if field in _DRUG_FIELDS and not read.drugs:
        return Missing.NOT_CHECKED, "review.toml names no drugs"
    if field in _DRUG_FIELDS and not read.named:
        return Missing.NOT_APPLICABLE, f"title and abstract do not name {' or '.join(read.drugs)}"
    if field == "condition":
        return Missing.NOT_CHECKED, "the reader finds conditions only where the title or the aim says who was treated"
    if (
        field == "adverse_events"
    ):  # harms are told in too many ways for silence of the rules to mean silence of the text
        return Missing.NOT_CHECKED, "no rule found adverse events; read the text before you take it for silent"
    if hit is not None and hit.note:
        return Missing.NOT_REPORTED, hit.note
    if field == "design":
        return Missing.NOT_REPORTED, "no rule recognises the design in title or abstract"
    return Missing.NOT_REPORTED, _NOT_FOUND_FULL if read.full else _NOT_FOUND


@cache
def _no_question(field: str, kind: Design | None) -> str:
    """Why a field makes no sense for a design; "" where it does."""
    if kind in _NO_SUBJECTS and field != "design":
        return f"a work of this kind ({kind}) has no subjects of its own"
    if field == "n_studies" and kind not in _REVIEWS:
        return "only reviews count studies"
    if kind in _REVIEWS and field in ("randomised", "blinding", "n_total", "n_randomised", "n_analysed", "arms"):
        return f"a {kind} counts studies, not subjects or groups of its own"
    if kind in _WITHOUT_ARMS and field in ("arms", "comparator", "primary_direction", "n_randomised"):
        return f"a {kind} does not compare treatments in groups"
    if kind is Design.PROTOCOL and field in ("primary_direction", "result", "adverse_events", "n_analysed"):
        return "a protocol has no results"
    if kind in _WITHOUT_DIRECTION and field == "primary_direction":
        return f"a {kind} has no direction"
    if field == "randomised" and kind in (Design.CASE_REPORT, Design.CASE_SERIES):
        return f"a {kind} allocates nobody"
    if field == "n_randomised" and kind in _OBSERVED | {Design.NON_RANDOMISED}:
        return "nobody was randomised"
    return ""
