"""Is every identifier found in what people paste, and everything else rejected by name? Is the converter understood?"""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketalit.entrez.ids import Conversion, normalise, read_conversions
from ketalit.errors import InputError

MESSY = [
    ("19604642 19604643", ["PMID:19604642", "PMID:19604643"]),
    ("PMID: 1, 2, 3", ["PMID:1", "PMID:2", "PMID:3"]),
    ("PMID: 00123\n\n 123 ,", ["PMID:123"]),
    ("PMCIDs: 12, 34", ["PMCID:PMC12", "PMCID:PMC34"]),
    ("PMC12,PMC34;pmc 56", ["PMCID:PMC12", "PMCID:PMC34", "PMCID:PMC56"]),
    ("123,456;789", ["PMID:123", "PMID:456", "PMID:789"]),
    ("123v2 456 v1", ["PMID:123", "PMID:456"]),
    ("１２３，４５６", ["PMID:123", "PMID:456"]),
    ("DOI 10.1000/x PMID 5", ["DOI:10.1000/x", "PMID:5"]),
    ("doi:10.1000/ABC. 10.1000/def;", ["DOI:10.1000/abc", "DOI:10.1000/def"]),
    (
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
        ["DOI:10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"],
    ),
    ("https://pubmed.ncbi.nlm.nih.gov/123/, https://doi.org/10.1000/xyz", ["PMID:123", "DOI:10.1000/xyz"]),
    ("[1, 2] (3) “4”", ["PMID:1", "PMID:2", "PMID:3", "PMID:4"]),
    ("PubMed ID 7", ["PMID:7"]),
    ("PII S0304-3959(09)00381-1", ["PII:S0304395909003811"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), MESSY)
def test_pasted_identifiers(text, expected):
    found, rejected = normalise([text])
    assert [str(identifier) for identifier in found] == expected
    assert all(item.text == "PII" for item in rejected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-5", "never negative"),
        ("0", "0 is not a PMID"),
        ("123456789012", "at most 8 digits"),
        ("NCT01234567", "trial registry"),
        ("ketamine", "not an identifier"),
        ("PMID:", "nothing follows"),
    ],
)
def test_rejected_by_name(text, reason):
    found, rejected = normalise(["1", text])
    assert [str(identifier) for identifier in found] == ["PMID:1"]
    assert [item.text for item in rejected] == [text]
    assert reason in rejected[0].reason


def test_version_is_kept_and_duplicates_are_one():
    found, _ = normalise(["123v2", "PMID:123", "0123"])
    assert [(identifier.value, identifier.version) for identifier in found] == [("123", 2)]


IDENTIFIERS = st.one_of(
    st.integers(1, 99_999_999).map(lambda number: (f"PMID:{number}", str(number))),
    st.integers(1, 99_999_999).map(lambda number: (f"PMCID:PMC{number}", f"PMC{number}")),
    st.from_regex(r"10\.[0-9]{4,6}/[a-z0-9]{1,12}", fullmatch=True).map(lambda doi: (f"DOI:{doi}", doi)),
)


@given(st.lists(IDENTIFIERS, max_size=8), st.sampled_from([" ", ", ", "\n", "; ", "\t", " , "]))
@settings(deadline=None)
def test_any_list_in_any_separators(items, separator):
    found, rejected = normalise([separator.join(text for _, text in items)])
    assert [str(identifier) for identifier in found] == list(dict.fromkeys(name for name, _ in items))
    assert not rejected


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_ends_somewhere(text):
    found, rejected = normalise([text])
    assert all(item.reason and item.text for item in rejected)
    assert len({str(identifier) for identifier in found}) == len(found)


def test_numbers_and_text_and_case_in_the_converters_answer():
    rows = [
        {"pmid": 23193287, "pmcid": "pmc3531190", "doi": "10.1093/NAR/gks1195", "requested-id": "10.1093/NAR/gks1195"},
        {"pmid": "0012", "pmcid": "PMC34.2", "requested-id": "PMC34"},
        {"requested-id": 5, "pmid": 5, "status": "error", "errmsg": "Identifier not found in PMC"},
        {"requested-id": "6", "status": "error"},
    ]
    found = read_conversions(json.dumps({"status": "ok", "records": rows}).encode())
    assert found["10.1093/nar/gks1195"] == Conversion(
        "10.1093/NAR/gks1195", "23193287", "PMC3531190", "10.1093/nar/gks1195"
    )
    assert (found["PMC34"].pmid, found["PMC34"].pmcid) == ("12", "PMC34")
    assert found["5"] == Conversion("5", problem="Identifier not found in PMC")
    assert found["6"].problem


def test_other_answers_of_the_converter_are_refused():
    for body in (b"", b"<html>", b'{"records": 3}', b"[]"):
        with pytest.raises(InputError, match="cannot be read"):
            read_conversions(body)
