"""The methods of a review, written from what is in it; what was not done, or not recorded, is said to be so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from ..errors import InputError
from ..escaping import markdown
from ..extraction import Comparison
from ..review import Certainty, Judgement, Likeness, Review
from ..screening import Kappa, Stage
from ..screening.agreement import agreement_of
from ..telling import count_of
from ..vocabulary import Checked, Missing, Origin, Status
from .material import Material
from .versions import Versions

_STAGES = {Stage.TITLE_ABSTRACT: "titles and abstracts", Stage.FULL_TEXT: "full texts"}
_CURATORS = "the curators of the bundled review"
_ORIGINS = {
    Origin.PERSON: "read by a person",
    Origin.RECORD: "from NLM's own fields",
    Origin.READER: "read by program and checked by nobody",
}
_LOOKS = {Checked.TWO: "looked up twice", Checked.ONE: "looked up once", Checked.NONE: "never looked up"}


def methods(material: Material, versions: Versions) -> str:
    """The methods as Markdown: a paragraph a step.

    >>> from .material import read_material
    >>> from .versions import versions
    >>> "No search of a database is recorded." in methods(read_material(None, "2999-12-31", ()), versions())
    True
    """
    steps = (
        ("Question", [material.review.question]),
        ("Information sources and searches", _sources(material)),
        ("Selection", _selection(material)),
        ("Data collection", _extraction(material)),
        ("Risk of bias, certainty and synthesis", _judgements(material)),
        ("Software", [versions.sentence]),
    )
    parts = [
        f"# Methods: {markdown(material.review.title)}",
        f"Written by program from what the review held on {material.date}: to be completed by those who did the work.",
    ]
    for name, sentences in steps:
        said = " ".join(sentence for sentence in sentences if sentence)
        parts.append(f"**{name}.** {markdown(said or 'Not recorded.')}")
    return "\n\n".join(parts) + "\n"


def _sources(material: Material) -> Iterator[str]:
    for source in material.counts.databases.sources:
        extra = f" ({source.note})" if source.note else ""
        records, day = count_of(source.records, "record"), source.when or "a day not recorded"
        yield f"{source.name}: {records}, last on {day}{extra}."
    if not material.counts.databases.sources:
        yield "No search of a database is recorded."
        yield "As recorded, works were not searched for systematically: that one is absent says nothing about it."
    elif material.searches:
        yield "Each strategy stands to the letter, with NCBI's translation of it, in the search appendix."
    if material.unrun:
        yield f"Saved, but not run as they stand: {', '.join(f'“{name}”' for name in material.unrun)}."
    for source in material.counts.other.sources:
        yield f"Otherwise {source.name}: {count_of(source.records, 'record')}."
    if material.review.how_found:
        yield f"In the words of the reviewers: {' '.join(material.review.how_found.split())}"
    pairs = {row.pair: row for row in material.review.duplicates}.values()
    same = sum(row.decision is Likeness.SAME for row in pairs)
    listed = f", and so were {count_of(same, 'pair')} listed in duplicates.csv" if same else ""
    yield f"Records that share an identifier were joined as duplicates{listed}."
    if material.review.refreshed:
        yield f"NCBI was last asked about the records on {material.review.refreshed}."
    else:
        yield "No look-up of the records at NCBI is recorded."


def _selection(material: Material) -> Iterator[str]:
    review = material.review
    for stage, what in _STAGES.items():
        voters = {name: len(votes.current(stage)) for name, votes in material.votes.items() if votes.current(stage)}
        if not voters:
            yield f"No votes on {what} are recorded."
            continue
        if len(voters) == 1:
            ((name, number),) = voters.items()
            yield f"{name} alone screened {count_of(number, 'record')} by {what}, which is not double screening."
            continue
        each = ", ".join(f"{name} {number:,}" for name, number in voters.items())
        yield f"{_people(len(voters))} screened {what}, each in a file of their own (records: {each})."
        yield _agreement(material, stage, len(voters))
    if material.rulings:
        conflicts = count_of(len(material.rulings), "conflict")
        yield f"{conflicts} between them settled by {_who(one.who for one in material.rulings)}."
    decided = Counter(row.decision for row in {row.record: row for row in review.screening}.values())
    if decided:
        said = ", ".join(f"{number:,} {decision}" for decision, number in decided.items())
        yield f"Decisions that count: {said}; signed by {_who(row.who for row in review.screening)}."
    else:
        yield "No decision stands in screening.csv."
    if review.reasons:
        yield f"Reasons for leaving out, of which the first that fits is given: {'; '.join(review.reasons)}."


def _agreement(material: Material, stage: Stage, voters: int) -> str:
    if voters > 2:
        return "Their agreement is not given, as there are more than two."
    try:
        found = agreement_of(material.review, material.votes, material.rulings, stage)
    except InputError as error:
        return f"Their agreement is not given: {error.what}."
    return " ".join(_kappa(kappa) for kappa in found.kappas[:1])


def _kappa(kappa: Kappa) -> str:
    agreed = sum(kappa.table[i][i] for i in range(len(kappa.table)))
    said = f"They agreed on {agreed:,} of {count_of(kappa.n, 'record')} (decisions: {', '.join(kappa.categories)})"
    if kappa.kappa is not None:
        said += f"; Cohen's kappa {_signed(kappa.kappa)}"
        if kappa.low is not None and kappa.high is not None:
            said += f" (95 % CI {_signed(kappa.low)} to {_signed(kappa.high)})"
    return f"{said}{f'; {kappa.why}' if kappa.why else ''}."


def _extraction(material: Material) -> Iterator[str]:
    cells = material.table.cells
    shown = cells[cells.winner.astype(bool)]
    values = shown[shown.missing == ""]
    studies = count_of(len(material.table.frame), "study", "studies")
    columns = count_of(len(material.table.fields), "column")
    yield f"The table has {studies} and {columns}; {len(values):,} of {count_of(len(shown), 'cell')} hold a value."
    by_origin = Counter(zip(values.origin, values.checked, strict=True))
    parts = [f"{number:,} {_origin(*pair)}" for pair, number in by_origin.most_common()]
    if parts:
        yield f"Of the values: {', '.join(parts)}."
    why = Counter(shown.missing)
    if len(shown) > len(values):
        yield f"Of the others: {', '.join(f'{why[kind]:,} {kind}' for kind in Missing)}."
    people = [row.finding.who for row in material.review.extraction if row.finding.origin is Origin.PERSON]
    if people:
        yield f"Values read by persons are signed by {_who(people)}."
    yield _two(material.comparison())
    reports = Counter(record.status for record in material.table.records)
    if unseen := reports[Status.NOT_CHECKED]:
        yield f"Of {unseen:,} of {count_of(sum(reports.values()), 'report')} NLM's own record is not held,"
        yield "so that corrections and retractions of them may be missed."
    if reports[Status.RETRACTED]:
        yield f"{count_of(reports[Status.RETRACTED], 'report')} retracted: shown, and not counted."


def _origin(origin: str, checked: str) -> str:
    if origin == Origin.CURATED:
        return f"shipped with the review, {_LOOKS[Checked(checked or Checked.NONE)]}"
    return _ORIGINS[Origin(origin)]


def _two(found: Comparison | str) -> str:
    if isinstance(found, str):
        if found:
            return f"How well those who extracted agree is not given: {found}."
        return "No two people are recorded to have extracted the same values apart from each other."
    one, two = found.people
    exact = sum(field.exact for field in found.fields)
    values = count_of(found.both, "value")
    said = f"{one} and {two} extracted {values} apart from each other and agreed exactly on {exact:,}"
    return f"{said}; {found.ruled:,} of their differences were ruled on and {len(found.conflicts):,} were not."


def _judgements(material: Material) -> Iterator[str]:
    judged = [row for row in material.review.risk_of_bias if row.judgement is not Judgement.NOT_ASSESSED]
    if judged:
        yield f"Risk of bias (RoB 2): {count_of(len(judged), 'judgement')}, by {_who(row.who for row in judged)}."
    else:
        yield "No judgement on risk of bias is recorded."
    rated = [row for row in material.review.ratings if row.certainty is not Certainty.NOT_ASSESSED]
    if rated:
        number, who = count_of(len(rated), "rating"), _who(row.who for row in rated)
        yield f"Certainty of the evidence (GRADE): {number}, by {who}."
    else:
        yield "No rating of certainty is recorded."
    yield _pooling(material.review)


def _pooling(review: Review) -> str:
    """That nothing is pooled here, and what does it."""
    if not review.effects:
        return "Nothing is pooled, as effects.csv holds no numbers: “ketalit effects add” enters them."
    rows = count_of(len(review.effects), "row")
    trials = count_of(len({row.study for row in review.effects}), "trial")
    return (
        f"Nothing is pooled in this snapshot. The effects.csv of the review holds {rows} of {trials}: "
        "“ketalit pool --list” names what they give, and “ketalit pool” pools it; --to writes a plot or a table."
    )


def _who(names: Iterable[str]) -> str:
    """Who signed, each once; how many did not.

    >>> _who(["AB", "CD", "AB", ""])
    'AB, CD (1 not signed)'
    """
    listed = list(names)
    unsigned = listed.count("")
    known = ", ".join(dict.fromkeys(_CURATORS if name == Origin.CURATED else name for name in listed if name))
    return f"{known or 'nobody'} ({unsigned:,} not signed)" if unsigned else known


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _people(number: int) -> str:
    return "Two people" if number == 2 else f"{number} people"
