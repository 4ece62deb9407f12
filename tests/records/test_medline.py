"""MEDLINE text, case by case. All records here are synthetic."""

import gzip

import pytest
from Bio import Medline

from ketalit.errors import InputError
from ketalit.records.medline import iter_medline
from ketalit.records.model import from_json, to_json
from ketalit.vocabulary import Status
from tests.shared import SHARED, needs_shared

NBIB = """
PMID- 1001
OWN - NLM
STAT- MEDLINE
IS  - 0000-0000 (Print)
VI  - 7
IP  - 2
DP  - 2009 Nov 3
TI  - Synthetic trial of ketamine whose title
      goes on.
PG  - 12-8
LID - 10.0000/synth.1 [doi]
LID - S1 [pii]
AB  - AIM: To see. METHODS: We looked (n: 3).
      RESULTS: Seen.
FAU - van der Berg, Jane Q Jr
AU  - van der Berg JQ Jr
AUID- ORCID: 0000000123456789
AD  - Here.
AD  - There.
FAU - Roe, R
AU  - Roe R
CN  - Synthetic Group
LA  - eng
SI  - ClinicalTrials.gov/NCT00000001
GR  - G1/NS/NINDS NIH HHS/United States
PT  - Journal Article
PT  - RANDOMIZED CONTROLLED TRIAL
DEP - 20091001
TA  - J Synth Res
JT  - Journal of synthetic results
JID - 000
RN  - 690G0D6V8H (Ketamine)
RN  - 0 (Analgesics)
MH  - Humans
MH  - Ketamine/administration & dosage/*therapeutic use
OT  - *pain
PMC - PMC12
CIN - J Synth. 2010;1:2. PMID: 7
RIN - J Synth. 2011;1:2. PMID: 8
AID - 10.0000/SYNTH.1 [doi]
SO  - J Synth Res. 2009 Nov 3;7(2):12-8.
"""


def read(text):
    problems = []
    body = text.encode() if isinstance(text, str) else text
    return list(iter_medline(body, problems=problems)), problems


def test_fields():
    (record,), problems = read(NBIB)
    assert not problems
    assert from_json(to_json(record)) == record
    assert record.title == "Synthetic trial of ketamine whose title goes on."
    assert (record.pmid, record.pmcid, record.pii, record.pages) == ("1001", "PMC12", "S1", "12-8")
    assert record.identifiers == ("PMID:1001", "PMCID:PMC12", "DOI:10.0000/synth.1")
    assert [(s.label, s.text) for s in record.abstract] == [
        ("AIM", "To see."),
        ("METHODS", "We looked (n: 3)."),
        ("RESULTS", "Seen."),
    ]
    jane, roe, group = record.authors
    assert (jane.name, jane.orcid) == ("van der Berg JQ Jr", "0000-0001-2345-6789")
    assert (jane.affiliations, roe.affiliations, group.name) == (("Here.", "There."), (), "Synthetic Group")
    assert (record.published.iso, record.published_online.iso) == ("2009-11-03", "2009-10-01")
    assert record.registrations[0].number == "NCT00000001"
    assert (record.grants[0].id, record.grants[0].country) == ("G1", "United States")
    assert [term.name for term in record.publication_types] == ["Journal Article", "Randomized Controlled Trial"]
    assert [(c.name, c.registry_number) for c in record.chemicals] == [("Ketamine", "690G0D6V8H"), ("Analgesics", "")]
    assert (record.mesh[1].name, record.mesh[1].major, len(record.mesh[1].qualifiers)) == ("Ketamine", True, 2)
    assert record.keywords == ("pain",)
    assert record.status is Status.RETRACTED
    assert [link.pmid for link in record.corrections] == ["7", "8"]


@pytest.mark.parametrize("change", ["\n", "\r\n"])
def test_several_records_with_and_without_blank_lines(change):
    text = (NBIB + NBIB.lstrip() + "\n\n" + NBIB).replace("\n", change)
    records, problems = read("\ufeff" + text)
    assert len(records) == 3
    assert not problems


def test_records_survive_the_borders_of_chunks():
    text = "\n".join(f"PMID- {number}\nTI  - Synthetic {number}\n" for number in range(1, 30_001)).encode()
    records, problems = read(gzip.compress(text))
    assert [record.pmid for record in records] == [str(number) for number in range(1, 30_001)]
    assert not problems


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (b"TI  - Synthetic trial", b"Synthetic trial"),
        (b"PMID- 1002", b"XXXX- 1002"),
        (b"TI  - Synthetic trial", b"TI  - Synth\xff\xfe trial"),
    ],
)
def test_one_damaged_record_is_quarantined(damage, says):
    texts = [f"PMID- {pmid}\nTI  - Synthetic trial\n".encode() for pmid in (1001, 1002, 1003)]
    texts[1] = texts[1].replace(damage, says)
    records, problems = read(b"\n".join(texts))
    assert [record.pmid for record in records] == ["1001", "1003"]
    assert [problem.where.split(" (")[0] for problem in problems] == ["record 2"]
    with pytest.raises(InputError, match="record 2"):
        list(iter_medline(b"\n".join(texts)))


def test_a_tail_of_text_is_reported():
    records, problems = read(NBIB + "\n\n<html>Service unavailable</html>\n")
    assert len(records) == 1
    assert "no MEDLINE field" in problems[0].reason


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"error":"API rate limit exceeded","api-key":"SECRET"}', "API rate limit exceeded"),
        (b"<html><title>Blocked</title></html>", "web page"),
        (b"id: 1 Error occurred: The following PMID is not available: 1", "no known format"),
        (b"<PubmedArticleSet></PubmedArticleSet>", "not MEDLINE"),
        (b"", "empty"),
    ],
)
def test_what_bio_medline_takes_for_a_record_is_refused(body, says):
    with pytest.raises(InputError, match=says):
        read(body)


def test_a_value_may_stand_far_behind_its_hyphen():
    assert [record.pmid for record in iter_medline(b"PMID-        2009\n\n")] == ["2009"]


@needs_shared
def test_agrees_with_bio_medline():
    """Bio.Medline is the independent reader of the same 451 real records."""
    path = SHARED / "labelled" / "medline_dev.nbib"
    ours, problems = read(path.read_bytes())
    with path.open(encoding="utf-8") as stream:
        theirs = [record for record in Medline.parse(stream) if record]
    assert not problems
    assert len(ours) == len(theirs) == 451
    for our, their in zip(ours, theirs, strict=True):
        pmid = their["PMID"]
        assert our.pmid == pmid
        assert "".join(our.title.split()) == "".join(their["TI"].split())
        text = "".join(
            f"{section.label}: {section.text}" if section.label else section.text for section in our.abstract
        )
        assert "".join(text.split()) == "".join(their.get("AB", "").replace("UNLABELLED: ", "").split()), pmid
        assert [author.name for author in our.authors if author.last] == their.get("AU", []), pmid
        assert [term.name for term in our.publication_types] == their["PT"], pmid
        assert len(our.mesh) == len(their.get("MH", [])), pmid
        assert [mesh.major for mesh in our.mesh] == ["*" in heading for heading in their.get("MH", [])], pmid
        assert our.published.verbatim == their["DP"]
