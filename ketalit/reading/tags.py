"""Findings that NLM's indexers have already made: publication types and MeSH headings (origin: record)."""

from __future__ import annotations

from ..findings import Finding, Value
from ..records.model import Record
from ..vocabulary import Blinding, Design, Origin, Setting

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
