"""Questions: does a record that goes out to another tool, and comes back, hold what it is screened by? All invented."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketalit.escaping import one_line
from ketalit.export.nbib import to_nbib
from ketalit.export.references import abstract_text, to_bibtex, to_csl_json, to_ris
from ketalit.intake import bring_in
from ketalit.records.files import read_bytes
from ketalit.records.model import Correction, Record, Section, Term
from ketalit.review import load_review, new_review
from ketalit.vocabulary import Status
from tests.records.synthetic import abstract, article, pubmed_set, text

AUTHORS = (
    "<AuthorList><Author><LastName>Doe</LastName><ForeName>Jane</ForeName><Initials>J</Initials></Author></AuthorList>"
)
WORDS = "<KeywordList><Keyword>ketamine</Keyword><Keyword>back pain</Keyword></KeywordList>"
FETCHED = pubmed_set(
    article(
        "1001",
        article=abstract(text("To see.", 'Label="AIM"'), text("60 people; P &lt; 0.05, 10 &#xB5;g.", 'Label="RESULTS"'))
        + AUTHORS,
        citation=WORDS,
    ),
    article("1002", article=abstract(text("One piece: no headings, but TY  - JOUR in it.")) + AUTHORS),
    article("1003", article=abstract(text("First."), text("Second.", 'Label="METHODS"'))),
    article("1004", title="<ArticleTitle>Nothing but a title.</ArticleTitle>"),
)
KEPT = (
    "id",
    "title",
    "year",
    "doi",
    "pmid",
    "volume",
    "issue",
    "pages",
    "keywords",
    "languages",
    "identifiers",
    "short",
)
IMPORTED = """TY  - JOUR
TI  - An invented trial that no database has numbered
AU  - Roe, Richard
PY  - 2021
VL  - 7
SP  - 11
EP  - 19
AB  - Sixty patients were randomised.
KW  - ketamine
ER  -
"""


@pytest.fixture
def own(tmp_path):
    """A review of one's own, with records of PubMed and one that has no identifier."""
    folder = new_review(tmp_path / "own", empty=True)
    (tmp_path / "pubmed.xml").write_bytes(FETCHED)
    (tmp_path / "embase.ris").write_text(IMPORTED, encoding="utf-8")
    bring_in(folder, [tmp_path / "pubmed.xml", tmp_path / "embase.ris"])
    return folder


def kept(record):
    sections = [(section.label, section.text) for section in record.abstract]
    return {name: getattr(record, name) for name in KEPT} | {"published": record.published.iso, "abstract": sections}


def test_records_go_out_for_screening_and_come_back_the_same(own, ketalit, tmp_path):
    assert ketalit("table", "-r", own, "--screened", "unscreened", "--to", tmp_path / "out.ris")[0] == 0
    assert (tmp_path / "out.ris").read_text(encoding="utf-8").count("\nAB  - ") == 4
    other = new_review(tmp_path / "other", empty=True)
    intake = bring_in(other, [tmp_path / "out.ris"])
    assert (intake.records, intake.new, intake.problems) == (5, 5, ())
    before, after = load_review(own).records, load_review(other).records
    assert set(after) == set(before)
    for name, record in before.items():
        expected = kept(record)
        if name == "PMID:1003":  # MEDLINE's own way to print a part without heading, which the reader takes off again
            assert [label for label, _ in expected["abstract"]] == ["", "METHODS"]
        assert kept(after[name]) == expected
    # ... and back into the review they came from, as a tool for screening hands them on.
    assert bring_in(own, [tmp_path / "out.ris"]).new == 0


def test_nbib_carries_abstracts_as_pubmed_does(own):
    records = [record for record in load_review(own).records.values() if record.pmid]
    back = read_bytes(to_nbib(records).encode(), "out.nbib").records
    assert [abstract_text(record) for record in back] == [abstract_text(record) for record in records]
    assert to_nbib(records).splitlines()[-1] != ""
    assert "AB  - AIM: To see. RESULTS: 60 people; P < 0.05, 10 µg." in to_nbib(records)


def test_lists_for_citing_have_no_abstracts(own):
    records = list(load_review(own).records.values())
    assert "60 people" in to_ris(records)
    assert "60 people" not in to_bibtex(records) + to_csl_json(records)


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"corrections": (Correction(type="RetractionIn"),)}, Status.RETRACTED),
        ({"publication_types": (Term(name="Retracted Publication"),)}, Status.RETRACTED),
        ({"publication_types": (Term(name="Published Erratum"), Term(name="Journal Article"))}, Status.NOTICE),
        ({}, Status.NOT_CHECKED),  # another tool's word on retractions is not NLM's
    ],
)
def test_what_is_retracted_stays_so(facts, status):
    record = Record(source="pubmed", pmid="1", title="Invented", **facts)
    (back,) = read_bytes(to_ris([record]).encode(), "out.ris").records
    assert back.status is status


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n\r\u2028 -&"), min_size=1))
def test_no_abstract_can_end_its_field(words):
    one = Record(
        source="pubmed", pmid="1", title="One", abstract=(Section(text=words, label="AIM"), Section(text=words))
    )
    for write, name in ((to_ris, "out.ris"), (to_nbib, "out.nbib")):
        back = read_bytes(write([one, dataclasses.replace(one, pmid="2")]).encode(), name).records
        assert [record.pmid for record in back] == ["1", "2"]
        assert [record.title for record in back] == ["One", "One"]
    line = one_line(abstract_text(one))
    assert f"\nAB  - {line}\n" in to_ris([one])
