"""Does every spelling of an identifier lead to the same value, and every wrong one to a helpful refusal?"""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketalit.errors import InputError
from ketalit.identifiers import (
    Identifier,
    IdentifierKind,
    identifier_in_link,
    parse_identifier,
    source_link,
    trim_doi,
)
from tests.shared import SHARED, needs_shared


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19604642", "PMID:19604642"),
        ("PMID: 19604642", "PMID:19604642"),
        ("pmid19604642", "PMID:19604642"),
        ("PMID:PMID:19604642", "PMID:19604642"),
        ("PubMed ID 19604642.", "PMID:19604642"),
        ("  PMID\u00a0#19604642 ", "PMID:19604642"),
        ("０１２３４", "PMID:1234"),
        ("٣٤٥", "PMID:345"),
        ("00000123", "PMID:123"),
        ("0000000000000123", "PMID:123"),
        ("PMC123", "PMCID:PMC123"),
        ("pmc 4014022", "PMCID:PMC4014022"),
        ("PMCID: PMC4014022", "PMCID:PMC4014022"),
        ("PMCID:4014022", "PMCID:PMC4014022"),
        ("PMC04014022.1", "PMCID:PMC4014022"),
        ("doi:10.1016/0304-3959(94)90129-5", "DOI:10.1016/0304-3959(94)90129-5"),
        ("DOI: https://doi.org/10.1111/BCP.12094", "DOI:10.1111/bcp.12094"),
        ("(10.1111/bcp.12094).", "DOI:10.1111/bcp.12094"),
        ("http://dx.doi.org/10.1111%2Fbcp.12094", "DOI:10.1111/bcp.12094"),
        ("doi.org/10.1111/bcp.12094", "DOI:10.1111/bcp.12094"),
        ("10.1002/(SICI)1097-0142(19990401)85:7<1575::AID-CNCR21>3.0.CO;2-8",
         "DOI:10.1002/(sici)1097-0142(19990401)85:7<1575::aid-cncr21>3.0.co;2-8"),
        ("10.1213/ane.0000000000004185\u200b", "DOI:10.1213/ane.0000000000004185"),
        ("S2210844014200062", "PII:S2210844014200062"),
        ("PII: S2210-8440(14)20006-2", "PII:S2210844014200062"),
        ("PII S0304-3959(97)00140-X", "PII:S030439599700140X"),
        ("https://pubmed.ncbi.nlm.nih.gov/23432384/?from=x#abstract", "PMID:23432384"),
        ("http://www.pubmed.gov/22965960/", "PMID:22965960"),
        ("<https://www.ncbi.nlm.nih.gov/pmc/articles/PMC4014022/>", "PMCID:PMC4014022"),
    ],
)  # fmt: skip
def test_every_usual_spelling_is_read(text, expected):
    assert str(parse_identifier(text)) == expected


def test_versions_are_kept_apart_from_the_value():
    assert parse_identifier("123v2") == Identifier(IdentifierKind.PMID, "123", 2)
    assert parse_identifier("PMC123.1") == Identifier(IdentifierKind.PMCID, "PMC123", 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("0", "0 is not a PMID"),
        ("PMID 0000", "0 is not a PMID"),
        ("-5", "never negative"),
        ("PMID: −19604642", "never negative"),
        ("123456789012", "at most 8 digits, this has 12"),
        ("PMC123456789", "at most 8 digits"),
        ("123v0", "not a version"),
        ("12.5e3", "not an identifier"),
        ("PMID:", "nothing follows"),
        ("PMID: 12, 13", "one identifier at a time"),
        ("PMCID: ABC", "not a PMCID"),
        ("10.1/x", "not a DOI"),
        ("doi:10.1111/bcp 12094", "no spaces"),
        ("PII: 12", "not a PII"),
        ("NCT01234567", "trial registry number"),
        ("ISRCTN12345", "trial registry number"),
        ("0304-3959", "ISSN"),
        ("978-3-16-148410-0", "ISBN"),
        ("sigtermans2009", "not an identifier"),
        ("https://www.uspharmacist.com/article/some-title", "no identifier of a work can be read from this link"),
        ("https://pubmed.ncbi.nlm.nih.gov/?term=ketamine", "no identifier of a work"),
        ("http://[", "no identifier of a work"),
    ],
)
def test_what_is_wrong_is_named(text, says):
    with pytest.raises(InputError, match=re.escape(says)) as caught:
        parse_identifier(text)
    assert caught.value.expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://www.ncbi.nlm.nih.gov/pubmed/23432384", "PMID:23432384"),
        ("https://www.ncbi.nlm.nih.gov/m/pubmed/23432384/", "PMID:23432384"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/?term=23432384", "PMID:23432384"),
        ("https://pubmed.ncbi.nlm.nih.gov/?term=23432384[pmid]", "PMID:23432384"),
        ("http://www.ncbi.nlm.nih.gov/entrez/query.fcgi?cmd=Retrieve&db=PubMed&list_uids=23432384", "PMID:23432384"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC4014022/", "PMCID:PMC4014022"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC4014022/pdf/bcp0077-0357.pdf", "PMCID:PMC4014022"),
        ("//www.ncbi.nlm.nih.gov/pmc/articles/4014022", "PMCID:PMC4014022"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/pmid/23432384/", "PMID:23432384"),
        ("https://europepmc.org/article/MED/23432384", "PMID:23432384"),
        ("https://europepmc.org/articles/PMC4014022?pdf=render", "PMCID:PMC4014022"),
        ("https://www.sciencedirect.com/science/article/abs/pii/S2210844014200062?via%3Dihub", "PII:S2210844014200062"),
        ("https://linkinghub.elsevier.com/retrieve/pii/0304395994901295", "PII:0304395994901295"),
        ("https://www.thelancet.com/article/PIIS0140-6736(20)30183-5/fulltext", "PII:S0140673620301835"),
        ("https://www.cell.com/neuron/fulltext/S0896-6273(19)30114-X", "PII:S089662731930114X"),
        ("https://onlinelibrary.wiley.com/doi/epdf/10.1111/bcp.12094", "DOI:10.1111/bcp.12094"),
        ("https://journals.sagepub.com/doi/10.1177/1073858407299288/full", "DOI:10.1177/1073858407299288"),
        ("https://www.medrxiv.org/content/10.1101/2020.05.01.20087619v2.full.pdf", "DOI:10.1101/2020.05.01.20087619"),
        ("https://link.springer.com/content/pdf/10.1007/s00482-019-0001-2.pdf", "DOI:10.1007/s00482-019-0001-2"),
        ("https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0012345&type=printable",
         "DOI:10.1371/journal.pone.0012345"),
        ("https://dx.doi.org/10.1000/full/abstract", "DOI:10.1000/full/abstract"),
        ("https://journals.lww.com/pain/Fulltext/2022/04000/A_title.8.aspx", None),
        ("https://utahstemcells.com", None),
        ("mailto:someone@example.org", None),
    ],
)  # fmt: skip
def test_links_give_what_they_hold_and_no_more(link, expected):
    found = identifier_in_link(link)
    assert (str(found) if found else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1000/xyz).", "10.1000/xyz"),
        ("10.1000/xyz(2)", "10.1000/xyz(2)"),
        ("10.1000/xyz]),", "10.1000/xyz"),
        ("10.1000/xyz…", "10.1000/xyz"),
        ("10.1000/xyz\"'", "10.1000/xyz"),
    ],
)
def test_punctuation_around_a_doi_goes_and_its_own_stays(text, expected):
    assert trim_doi(text) == expected


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        identifier = parse_identifier(text)
    except InputError:
        return
    assert parse_identifier(str(identifier)).value == identifier.value


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_link_is_read_or_left(text):
    found = identifier_in_link(f"https://{text}")
    assert found is None or parse_identifier(str(found)).value == found.value


@settings(deadline=None)
@given(st.integers(1, 99_999_999))
def test_pmids_survive_every_disguise(number):
    wide = str(number).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    for text in (f"PMID:{number:012d}", wide, f"pubmed {number}v3", f"https://pubmed.ncbi.nlm.nih.gov/{number}/"):
        assert parse_identifier(text).value == str(number)


@needs_shared
def test_identifiers_of_real_works_are_unchanged_by_reading_them():
    works = json.loads((SHARED / "evidence" / "corpus.json").read_text("utf-8"))["records"]
    seen = 0
    for work in works:
        for kind in ("pmid", "pmcid", "doi"):
            value = work[kind]["value"]
            if value:
                seen += 1
                identifier = parse_identifier(value)
                assert identifier.kind == kind.upper()
                assert identifier.value == (value.lower() if kind == "doi" else value)
                assert parse_identifier(identifier.url) == identifier
    assert seen > 200


@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("PMID:19604642", "https://pubmed.ncbi.nlm.nih.gov/19604642/"),
        ("PMCID:PMC4014022", "https://pmc.ncbi.nlm.nih.gov/articles/PMC4014022/"),
        ("DOI:10.1016/j.pain.2009.06.023", "https://doi.org/10.1016/j.pain.2009.06.023"),
        ("DOI:10.1002/(SICI)1097<1::AID>3.0.CO;2-#", "https://doi.org/10.1002/(SICI)1097%3C1::AID%3E3.0.CO;2-%23"),
        ("PMID:javascript:alert(1)", ""),
        ("a book", ""),
        ("", ""),
    ],
)
def test_links(source, link):
    assert source_link(source) == link


@given(st.text())
def test_a_link_is_https_or_nothing(identifier):
    for kind in ("PMID", "PMCID", "DOI"):
        link = source_link(f"{kind}:{identifier}")
        assert link == "" or (link.startswith("https://") and not set(link) & set("\"'<> "))
