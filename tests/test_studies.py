"""Reports become studies; nothing is counted twice."""

from pathlib import Path

from ketalit.records.model import Record, Registration, Term
from ketalit.review import Review, Screening
from ketalit.studies import studies
from ketalit.vocabulary import Decision


def review(records, screening=()):
    return Review(path=Path(), title="Synthetic", records={r.id: r for r in records}, screening=tuple(screening))


def record(key, number="", **facts):
    registrations = (Registration(registry="ClinicalTrials.gov", number=number),) if number else ()
    return Record(source="person", key=key, registrations=registrations, **facts)


def screened(key, decision=Decision.INCLUDE, study=""):
    return Screening(record=key, decision=decision, study=study)


def groups(*args):
    return [study.records for study in studies(review(*args))]


def test_reports_that_share_a_registry_number_are_one_study():
    assert groups([record("a", "NCT01"), record("b"), record("c", "NCT01")]) == [("a", "c"), ("b",)]


def test_a_person_can_join_reports_that_share_nothing():
    rows = [screened("a", study="trial X"), screened("b", study="trial X")]
    assert groups([record("a"), record("b")], rows) == [("a", "b")]


def test_a_person_can_part_reports_that_share_a_number():
    rows = [screened("a", study="part 1"), screened("b", study="part 2")]
    assert groups([record("a", "NCT01"), record("b", "NCT01")], rows) == [("a",), ("b",)]


def test_a_further_report_finds_the_named_study_by_its_number():
    assert groups([record("a", "NCT01"), record("b", "NCT01")], [screened("a", study="trial X")]) == [("a", "b")]


def test_the_included_report_leads_its_study():
    rows = [screened("protocol", Decision.EXCLUDE, "X"), screened("trial", Decision.INCLUDE, "X")]
    (study,) = studies(review([record("protocol"), record("trial")], rows))
    assert study.records == ("trial", "protocol")
    assert study.decision is Decision.INCLUDE


def test_a_retracted_report_never_leads():
    retracted = record("a", publication_types=(Term(name="Retracted Publication"),))
    rows = [screened("a", study="X"), screened("b", study="X")]
    assert groups([retracted, record("b")], rows) == [("b", "a")]


def test_nobody_has_screened():
    assert studies(review([record("a")]))[0].decision is None
