"""RIS in the dialects of those who export it. All entries are invented."""

import pytest

from ketalit.errors import InputError
from ketalit.export.references import _pages, to_ris
from ketalit.records.files import read_bytes
from ketalit.records.model import Author, Date, Journal, Record
from ketalit.records.problems import Kind
from ketalit.records.ris import iter_ris
from ketalit.vocabulary import Status

SCOPUS = """TY  - JOUR
TI  - Invented infusions in invented pain
T2  - Journal of Invented Trials
J2  - J. Inv. Trials
VL  - 12
IS  - 3
SP  - 101
EP  - 110
PY  - 2009
DO  - 10.1000/ABC.1
UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-1&doi=10.1000%2fABC.1
AU  - Alpha, A.B.
AU  - van der Beta, C.
AB  - BACKGROUND: Invented. METHODS: Sixty people.
KW  - ketamine
KW  - pain
N1  - Export Date: 1 November 2026; Cited By: 3
LA  - English
M3  - Article
DB  - Scopus
ER  -
"""
OVID = """TY  - JOUR
DB  - Ovid MEDLINE(R) ALL <1946 to October 30, 2026>
AN  - 1000001
T1  - Invented infusions in invented pain
A1  - Alpha AB
A1  - van der Beta C
Y1  - 2009/11/03/
N2  - A line of an invented abstract
that goes on without a tag,
  and on.
KW  - *Ketamine/tu [Therapeutic Use]
JF  - Journal of Invented Trials
JA  - J Inv Trials
VL  - 12
IS  - 3
SP  - 101-10
ER  -
"""
EMBASE = """TY  - JOUR
M3  - Article
Y1  - 2009
VL  - 12
IS  - 3
SP  - 101
EP  - 110
JF  - J. Inv. Trials
T2  - Journal of Invented Trials
A1  - Alpha A.B.
T1  - Invented infusions in invented pain
U2  - L35012345
C5  - 1000001
DB  - Embase
DO  - 10.1000/abc.1
ER  -
"""
COCHRANE = """TY  - JOUR
AN  - CN-00000001
XR  - PUBMED 1000001
DOI - 10.1002/central/CN-00000001
TI  - Invented infusions in invented pain
SO  - Journal of Invented Trials
YR  - 2009
PY  - 2009
AU  - Alpha, A
ER  -
"""
ENDNOTE = """TY  - JOUR
AU  - Alpha, Anna B.
PY  - 2009
DA  - Nov 3
TI  - Invented infusions in invented pain
JO  - J Inv Trials
AN  - 1000001
DP  - NLM
DB  - PubMed
KW  - Adult
Ketamine
N1  - 1872-6623 Alpha, Anna B Journal Article. doi: 10.1000/abc.1. Comment in: J Inv Trials. PMID: 999
ID  - 17
ER  -
"""
ZOTERO = """TY  - JOUR
TI  - Invented infusions in invented pain
AU  - Alpha, Anna B.
T2  - Journal of Invented Trials
DA  - 2009/11//
PY  - 2009
DO  - 10.1000/abc.1
AN  - PMID: 1000001
C2  - PMC1000009
SN  - 18726623
ER  -
"""
WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Alpha, A
   Beta, C
AF Alpha, Anna B.
   van der Beta, Carl
TI Invented infusions in
   invented pain
SO JOURNAL OF INVENTED TRIALS
JI J. Inv. Trials
PY 2009
VL 12
IS 3
BP 101
EP 110
DI 10.1000/abc.1
PM 1000001
UT WOS:000000000000001
ER

EF
"""


def read(text):
    result = read_bytes(text.encode(), "export.ris")
    assert result.complete
    return result.records[0]


@pytest.mark.parametrize("text", [SCOPUS, OVID, EMBASE, COCHRANE, ENDNOTE, ZOTERO, WOS])
def test_every_dialect_gives_the_same_work(text):
    record = read(text)
    assert record.title == "Invented infusions in invented pain"
    assert record.source == "ris"
    assert record.year == 2009
    assert record.authors[0].last == "Alpha"
    assert record.authors[0].initials in {"A", "AB"}
    assert record.status is Status.NOT_CHECKED
    if text is not SCOPUS:
        assert record.pmid == "1000001"
    if text not in {OVID, COCHRANE}:
        assert record.doi.lower() == "10.1000/abc.1"
    if text not in {ENDNOTE, COCHRANE}:
        assert record.journal.title.lower() == "journal of invented trials"


def test_fields_of_scopus():
    record = read(SCOPUS)
    assert [section.label for section in record.abstract] == ["BACKGROUND", "METHODS"]
    assert (record.volume, record.issue, record.pages, record.languages) == ("12", "3", "101-110", ("English",))
    assert record.journal == Journal(title="Journal of Invented Trials", abbreviation="J. Inv. Trials")
    assert [author.name for author in record.authors] == ["Alpha AB", "van der Beta C"]
    assert record.keywords == ("ketamine", "pain")


def test_fields_that_go_on_over_lines_and_dates_with_slashes():
    record = read(OVID)
    assert record.abstract[0].text == "A line of an invented abstract that goes on without a tag, and on."
    assert record.published.iso == "2009-11-03"
    assert record.pages == "101-10"


def test_a_remark_on_another_work_names_no_pmid_of_this_one():
    record = read(ENDNOTE)
    assert record.pmid == "1000001"
    assert record.keywords == ("Adult", "Ketamine")


def test_the_number_of_central_is_no_doi():
    assert read(COCHRANE).identifiers == ("PMID:1000001",)


def test_an_accession_number_counts_only_where_the_database_is_named():
    assert read("TY  - JOUR\nTI  - An invented title\nAN  - 1000001\nER  - \n").pmid == ""


def test_without_end_marks_all_entries_are_read_and_it_is_said():
    text = (SCOPUS + OVID).replace("ER  -\n", "")
    result = read_bytes(text.encode(), "export.ris")
    assert [record.volume for record in result.records] == ["12", "12"]
    assert {problem.kind for problem in result.problems} == {Kind.NOTICE}
    assert "no end mark" in str(result.problems[0])


def test_an_entry_without_anything_is_told_and_its_neighbours_stay():
    result = read_bytes((SCOPUS + "TY  - JOUR\nVL  - 7\nER  - \n" + OVID).encode(), "export.ris")
    assert len(result.records) == 2
    assert str(result.problems[0]) == "export.ris, entry 2: it has no title and no PMID, PMCID or DOI to go by"


def test_lines_that_belong_to_no_entry_are_told():
    result = read_bytes((SCOPUS + "TI  - Lost\nAU  - Nobody\n" + OVID).encode(), "export.ris")
    assert len(result.records) == 2
    assert "2 lines belong to no entry, the first on line 22" in str(result.problems[0])
    assert not result.complete


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding, newline):
    text = ("\ufeff" if encoding == "utf-16-be" else "") + SCOPUS.replace("Alpha", "Älphá").replace("\n", newline)
    result = read_bytes(text.encode(encoding), "export.ris")
    assert result.records[0].authors[0].last == "Älphá"
    assert not result.problems


def test_an_old_encoding_is_read_and_said():
    result = read_bytes(SCOPUS.replace("Alpha", "Älphá").encode("latin-1"), "export.ris")
    assert result.records[0].authors[0].last == "Älphá"
    assert "Windows-1252" in str(result.problems[0])
    assert result.complete


def test_one_damaged_letter_harms_one_line_only():
    content = (SCOPUS.replace("Alpha", "Älphá") + OVID).encode().replace(b"Sixty people", b"Sixty pe\xffople")
    result = read_bytes(content, "export.ris")
    assert result.records[0].authors[0].last == "Älphá"
    assert "not valid UTF-8 on line" in str(result.problems[0])


def test_loose_spacing_and_other_starts():
    text = "TY - JOUR\nT1 - An invented title\nAB - On IL-6 and\nIL-6 again\nER - \n"
    record = read("1.\n" + text)
    assert record.abstract[0].text == "On IL-6 and IL-6 again"
    with pytest.raises(InputError, match="no title"):
        list(iter_ris(b"TY  - JOUR\nER  - \n"))


def test_a_title_that_says_retracted_is_never_current():
    assert read("TY  - JOUR\nTI  - RETRACTED: An invented title\nER  - \n").status is Status.RETRACTED
    assert read("TY  - JOUR\nTI  - Title\nM3  - Retracted Publication\nER  - \n").status is Status.RETRACTED


def test_without_an_identifier_the_key_stays_the_same():
    text = "TY  - JOUR\nTI  - An invented title\nAU  - Ölpha, A\nPY  - 2009\nVL  - 1\nER  - \n"
    other = "TY  - JOUR\nPY  - 2009\nA1  - Olpha AB\nT1  - An Invented Title.\nVL  - 1\nER  - \n"
    assert read(text).id == read(other).id
    assert read(text).id.startswith("olpha2009-")


OURS = [
    Record(
        source="person",
        key="alpha2009",
        pmid="1000001",
        pmcid="PMC1000009",
        doi="10.1000/ABC.1",
        title="Invented infusions: 50% of {braces} & <tags>, and $ signs_here",
        authors=(
            Author(last="van der Alpha", fore="Anna B", initials="AB"),
            Author(last="Beta", initials="CD", suffix="Jr"),
            Author(last="Gamma", fore="M J", initials="MJ"),
            Author(collective="The Invented Trial Group"),
        ),
        journal=Journal(title="Journal of Invented Trials", abbreviation="J Inv Trials", issn="1872-6623"),
        published=Date(iso="2009", precision="year", verbatim="2009"),
        volume="12",
        issue="3 Suppl",
        pages="101-10",
    ),
    Record(
        source="person",
        key="book2011",
        kind="book",
        title="A chapter invented",
        book_title="The invented book",
        authors=(Author(last="Delta", fore="Dora", initials="D"),),
        published=Date(iso="2011", precision="year", verbatim="2011"),
        pages="7-19",
    ),
]
CARRIED = (
    *("kind", "pmid", "pmcid", "title", "book_title", "authors", "published", "volume", "issue"),
    "journal",
)


@pytest.mark.parametrize("record", OURS, ids=lambda record: record.key)
def test_what_we_export_comes_back(record):
    back = read(to_ris([record]))
    assert {name: getattr(back, name) for name in CARRIED} == {name: getattr(record, name) for name in CARRIED}
    assert back.doi.lower() == record.doi.lower()
    assert _pages(back) == _pages(record)


def test_the_whole_bundled_review_comes_back():
    from ketalit.review import load_review

    records = list(load_review().records.values())
    back = list(iter_ris(to_ris(records).encode()))
    assert [(one.pmid, one.pmcid, one.doi) for one in back] == [(one.pmid, one.pmcid, one.doi) for one in records]
    assert [record.title for record in back] == [" ".join(record.title.split()) for record in records]
    assert [record.year for record in back] == [record.year for record in records]
