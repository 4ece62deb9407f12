"""Questions: do our own reader and Bio.Medline read back what was written, whatever stands in it?"""

import io

import pytest
from Bio import Medline
from hypothesis import given
from hypothesis import strategies as st

from ketalit.escaping import one_line
from ketalit.export import export
from ketalit.export.nbib import to_nbib
from ketalit.records.medline import iter_medline
from ketalit.records.model import (
    Author,
    Correction,
    Date,
    Journal,
    MeshHeading,
    Qualifier,
    Record,
    Registration,
    Term,
)
from ketalit.review import load_review
from ketalit.table import evidence_table
from ketalit.vocabulary import Status
from tests.export.hostile import RECORDS, TITLES
from tests.synthetic_review import synthetic_review

FULL = Record(
    source="pubmed",
    pmid="1000001",
    pmcid="PMC1000001",
    doi="10.1000/alpha",
    other_dois=("10.1000/beta",),
    pii="S0000-0000(20)00001-1",
    title="An invented trial whose title is long enough to be broken into two lines, and then some more",
    vernacular_title="Ein erfundener Versuch",
    authors=(
        Author(last="van der Berg", fore="Jan M", initials="JM", suffix="Jr"),
        Author(collective="The Invented Group"),
        Author(last="Jørum", initials="E"),
    ),
    journal=Journal(title="Journal of Invented Trials", abbreviation="J Inv Trials", issn="1234-5678", nlm_id="100"),
    published=Date(iso="2020-03-04", precision="day", verbatim="2020 Mar 4"),
    published_online=Date(iso="2020-02-01", precision="day", verbatim="20200201"),
    volume="12",
    issue="3",
    pages="101-10",
    publication_types=(Term(name="Journal Article"), Term(name="Randomized Controlled Trial")),
    mesh=(
        MeshHeading(name="Ketamine", major=True, qualifiers=(Qualifier(name="adverse effects", major=True),)),
        MeshHeading(name="Pain", major=True),
        MeshHeading(name="Humans"),
    ),
    keywords=("invented pain",),
    citation_status="MEDLINE",
    languages=("eng",),
    corrections=(Correction(type="ErratumIn", citation="J Inv Trials. 2021;1:1", pmid="5"),),
    registrations=(Registration(registry="ClinicalTrials.gov", number="NCT00000001"),),
)


def read(text: str) -> list[Record]:
    return list(iter_medline(text.encode()))


def medline(text: str) -> list[dict]:
    return [dict(record) for record in Medline.parse(io.StringIO(text))]


def test_a_full_record_comes_back_field_for_field():
    (back,) = read(to_nbib([FULL]))
    differ = {name for name in Record.__dataclass_fields__ if getattr(back, name) != getattr(FULL, name)}
    assert differ == {"source", "sha256", "notes"}
    assert back.notes == ("the record carries different DOIs: 10.1000/alpha, 10.1000/beta",)


def test_bio_medline_reads_the_same():
    (back,) = medline(to_nbib([FULL]))
    assert back["PMID"] == "1000001"
    assert back["TI"] == FULL.title
    assert back["FAU"] == ["van der Berg, Jan M Jr"]
    assert back["AU"] == ["van der Berg JM Jr", "Jørum E"]
    assert back["CN"] == ["The Invented Group"]
    assert back["MH"] == ["Ketamine/*adverse effects", "*Pain", "Humans"]
    assert "10.1000/alpha [doi]" in back["AID"]
    assert (back["DP"], back["TA"], back["PG"]) == ("2020 Mar 4", "J Inv Trials", "101-10")


@pytest.mark.parametrize("records", [RECORDS, tuple(synthetic_review().records.values())], ids=["hostile", "invented"])
def test_hostile_records_come_back_one_for_one(records):
    text = to_nbib(records)
    for found in (read(text), medline(text)):
        assert len(found) == len(records)
    for back, plain, record in zip(read(text), medline(text), records, strict=True):
        title = " ".join(one_line(record.title).split())
        assert (back.pmid, back.title, back.doi) == (record.pmid, title, record.doi)
        assert (plain["PMID"], plain["TI"]) == (record.pmid, title)
        assert back.year == record.year


def test_the_bundled_records_come_back():
    records = [record for record in load_review().records.values() if record.identifiers]
    text = to_nbib(records)
    back = read(text)
    assert [one.identifiers[0] for one in back] == [one.identifiers[0] for one in records]
    assert [one.title for one in back] == [one.title for one in records]
    assert [len(one.authors) for one in back] == [len(one.authors) for one in records]
    assert [one.published.iso for one in back] == [one.published.iso for one in records]
    assert len(medline(text)) == len(records)


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n\r\u2028 -&"), min_size=1))
def test_no_title_can_end_its_field(title):
    text = to_nbib([Record(source="pubmed", pmid="1", title=title), Record(source="pubmed", pmid="2", title="Next")])
    assert [record.pmid for record in read(text)] == ["1", "2"]
    assert [record["PMID"] for record in medline(text)] == ["1", "2"]
    words = " ".join(one_line(title).split())
    assert medline(text)[0].get("TI", "") == words


def test_a_retraction_is_not_lost_and_an_entry_by_hand_says_so():
    text = to_nbib([RECORDS[list(TITLES).index("nbib")]])
    assert read(text)[0].status is Status.RETRACTED
    (notes,) = (record["GN"] for record in medline(text))
    assert any("Not NLM's own record" in note for note in notes)
    assert "RETRACTED" in notes
    assert medline(to_nbib([FULL]))[0]["GN"] == ["CORRECTED"]


def test_no_line_is_longer_than_pubmed_breaks_them():
    assert max(map(len, to_nbib([FULL]).splitlines())) <= 88


def test_the_ending_asks_for_it(tmp_path):
    table = evidence_table(synthetic_review())
    path, *_ = export(table, tmp_path / "refs.nbib")
    assert [one.pmid for one in read(path.read_text(encoding="utf-8"))] == [one.pmid for one in table.records]
