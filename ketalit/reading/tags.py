"""Findings that NLM's indexers have already made: publication types and MeSH headings (origin: record)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..findings import Finding, Value
from ..records.model import Record
from ..vocabulary import NOT_RANDOMISED_DESIGNS, RANDOMISED_DESIGNS, Blinding, Design, Origin, Setting

# Publication types that settle the design by themselves; the first that applies wins.
# NLM, "Publication Characteristics (Publication Types) with Scope Notes".
_DESIGNS = {
    "retraction of publication": Design.RETRACTION,
    "retraction notice": Design.RETRACTION,
    "published erratum": Design.CORRECTION,
    "expression of concern": Design.CORRECTION,
    "clinical trial protocol": Design.PROTOCOL,
    "meta-analysis": Design.META_ANALYSIS,
    "network meta-analysis": Design.META_ANALYSIS,
    "systematic review": Design.SYSTEMATIC_REVIEW,
    "practice guideline": Design.GUIDELINE,
    "guideline": Design.GUIDELINE,
    "editorial": Design.EDITORIAL,
    "case reports": Design.CASE_REPORT,
}
RANDOMISED_TYPES = frozenset({"randomized controlled trial", "randomized controlled trial, veterinary"})
_COMMENTING = frozenset({"letter", "comment", "news"})


def types_of(record: Record) -> frozenset[str]:
    """The record's publication types in lower case."""
    return frozenset(term.name.lower() for term in record.publication_types)


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of NLM's that speaks of the design.

    Attributes:
        name: the tag in lower case; `where`: "publication type" or "MeSH".
        design: what it stands for by itself.
        fits: the designs it is also put on; empty where it is put on anything, and so contradicts nothing.
        firm: whether it counts for more than a text whose design is unclear.
    """

    name: str
    where: str
    design: Design
    fits: frozenset[Design] = frozenset()
    firm: bool = True


_REVIEWS = frozenset({Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW})
_BY_CHANCE = RANDOMISED_DESIGNS | {Design.SECONDARY_ANALYSIS, Design.ANIMAL}
_CASES = frozenset({Design.CASE_REPORT, Design.CASE_SERIES})
_TYPE, _MESH = "publication type", "MeSH"
_TAGS = (  # the strongest first
    Tag("retraction of publication", _TYPE, Design.RETRACTION, frozenset({Design.RETRACTION})),
    Tag("retraction notice", _TYPE, Design.RETRACTION, frozenset({Design.RETRACTION})),
    Tag("published erratum", _TYPE, Design.CORRECTION, frozenset({Design.CORRECTION, Design.RETRACTION})),
    Tag("expression of concern", _TYPE, Design.CORRECTION, frozenset({Design.CORRECTION})),
    Tag("clinical trial protocol", _TYPE, Design.PROTOCOL, frozenset({Design.PROTOCOL})),
    Tag("meta-analysis", _TYPE, Design.META_ANALYSIS, _REVIEWS),
    Tag("network meta-analysis", _TYPE, Design.META_ANALYSIS, _REVIEWS),
    Tag("systematic review", _TYPE, Design.SYSTEMATIC_REVIEW, _REVIEWS),
    Tag("practice guideline", _TYPE, Design.GUIDELINE, _REVIEWS | {Design.GUIDELINE}),
    Tag("randomized controlled trial", _TYPE, Design.PARALLEL_RCT, _BY_CHANCE),
    Tag("randomized controlled trial, veterinary", _TYPE, Design.ANIMAL, _BY_CHANCE),
    Tag("case reports", _TYPE, Design.CASE_REPORT, _CASES | {Design.NARRATIVE_REVIEW, Design.EDITORIAL}),
    Tag("observational study", _TYPE, Design.COHORT, NOT_RANDOMISED_DESIGNS | {Design.SECONDARY_ANALYSIS}),
    Tag("cross-over studies", _MESH, Design.CROSSOVER_RCT),
    Tag("double-blind method", _MESH, Design.PARALLEL_RCT),
    Tag("single-blind method", _MESH, Design.PARALLEL_RCT),
    Tag("random allocation", _MESH, Design.PARALLEL_RCT),
    Tag("cross-sectional studies", _MESH, Design.CROSS_SECTIONAL),
    Tag("case-control studies", _MESH, Design.CASE_CONTROL),
    Tag("retrospective studies", _MESH, Design.COHORT),
    Tag("cohort studies", _MESH, Design.COHORT),
    Tag("qualitative research", _MESH, Design.QUALITATIVE),
    Tag("editorial", _TYPE, Design.EDITORIAL, firm=False),
    Tag("controlled clinical trial", _TYPE, Design.NON_RANDOMISED, firm=False),
    Tag("clinical trial, phase i", _TYPE, Design.SINGLE_ARM, firm=False),
    Tag("clinical trial, phase ii", _TYPE, Design.SINGLE_ARM, firm=False),
    Tag("clinical trial", _TYPE, Design.NON_RANDOMISED, firm=False),
    Tag("review", _TYPE, Design.NARRATIVE_REVIEW, firm=False),
)


def design_tags(record: Record) -> Iterator[Tag]:
    """The record's tags that speak of the design, the strongest first.

    >>> from ketalit.records.model import MeshHeading
    >>> record = Record(source="pubmed", pmid="1", mesh=(MeshHeading(name="Double-Blind Method"),))
    >>> [(tag.name, tag.design.value) for tag in design_tags(record)]
    [('double-blind method', 'parallel RCT')]
    """
    if not (record.publication_types or record.mesh):
        return
    types = types_of(record)
    headings = {heading.name.lower() for heading in record.mesh}
    for tag in _TAGS:
        if tag.name in (types if tag.where == _TYPE else headings):
            yield tag
    if "animals" in headings and "humans" not in headings:
        yield Tag("animals", _MESH, Design.ANIMAL)
    if types & _COMMENTING and not record.abstract:
        yield Tag(min(types & _COMMENTING), _TYPE, Design.EDITORIAL, firm=False)


def record_findings(record: Record) -> tuple[Finding, ...]:
    """What NLM's own fields say of a study, where they leave no doubt.

    "Randomized Controlled Trial" says that subjects were randomised, not how; with the heading "Cross-Over
    Studies" it says both. "Review" alone is not used: NLM puts it on systematic and narrative reviews alike.

    >>> from ketalit.records.model import Term
    >>> record = Record(source="pubmed", pmid="1", publication_types=(Term(name="Randomized Controlled Trial"),))
    >>> [(finding.field, finding.value, finding.origin.value) for finding in record_findings(record)]
    [('randomised', True, 'record')]
    """
    types = types_of(record)
    headings = {heading.name.lower() for heading in record.mesh}
    source = record.identifiers[0] if record.identifiers else ""
    findings: list[Finding] = []

    def add(field: str, value: Value, tag: str, where: str) -> None:
        findings.append(
            Finding(
                field=field,
                value=value,
                rule=f"nlm/{tag.replace(' ', '-')}",
                origin=Origin.RECORD,
                locator=where,
                source=source,
            )
        )

    randomised = types & RANDOMISED_TYPES
    named = next((name for name in _DESIGNS if name in types), None)
    if named and not (randomised and named in ("editorial", "case reports")):
        add("design", _DESIGNS[named], named, "publication type")
    elif randomised and "cross-over studies" in headings:
        add("design", Design.CROSSOVER_RCT, "cross-over studies", "MeSH")
    elif types & _COMMENTING and not record.abstract and not randomised:
        add("design", Design.EDITORIAL, sorted(types & _COMMENTING)[0], "publication type")
    if randomised:
        add("randomised", True, sorted(randomised)[0], "publication type")
    if "double-blind method" in headings and randomised:
        add("blinding", Blinding.DOUBLE, "double-blind method", "MeSH")
    veterinary = sorted(name for name in types if "veterinary" in name)
    if veterinary:
        add("setting", Setting.ANIMALS, veterinary[0], "publication type")
    elif "animals" in headings and "humans" not in headings:
        add("setting", Setting.ANIMALS, "animals", "MeSH")
    elif "healthy volunteers" in headings:
        add("setting", Setting.VOLUNTEERS, "healthy volunteers", "MeSH")
    return tuple(findings)
