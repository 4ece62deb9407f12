"""Spreadsheets of references as databases and screening tools export them. All rows are invented."""

import csv
import datetime
import io

import openpyxl
import pytest

from ketalit.errors import InputError
from ketalit.export.csv import values_csv
from ketalit.records.files import read_bytes
from ketalit.records.spreadsheet import iter_spreadsheet
from ketalit.table import evidence_table
from tests.synthetic_review import synthetic_review

TITLE = 'Invented infusions, and "more", in invented pain'
# Heading and cell of one row, per source.
TABLES = {
    "PubMed": {
        **{"PMID": "1000001", "Title": TITLE, "Authors": "Alpha AB, van der Beta C.", "First Author": "Alpha AB"},
        **{"Citation": "J Inv Trials. 2009 Nov;12(3):101-10.", "Journal/Book": "J Inv Trials"},
        **{"Publication Year": "2009", "Create Date": "2009/11/04", "PMCID": "PMC1000009", "NIHMS ID": ""},
        **{"DOI": "10.1000/abc.1"},
    },
    "Scopus": {
        **{"Authors": "Alpha, A.B.; van der Beta, C.", "Author full names": "Alpha, Anna B. (57190000001); van der Beta, Carl (6)"},
        **{"Title": TITLE, "Year": "2009", "Source title": "Journal of Invented Trials", "Volume": "12", "Issue": "3"},
        **{"Art. No.": "", "Page start": "101", "Page end": "110", "Cited by": "3", "DOI": "10.1000/ABC.1"},
        **{"Link": "https://www.scopus.com/x", "PubMed ID": "1000001", "Document Type": "Article", "EID": "2-s2.0-1"},
    },
    "Web of Science": {
        **{"Publication Type": "J", "Authors": "Alpha, AB; van der Beta, C", "Author Full Names": "Alpha, Anna B.; van der Beta, Carl"},
        **{"Article Title": TITLE, "Source Title": "JOURNAL OF INVENTED TRIALS", "Language": "English"},
        **{"Publication Year": "2009.0", "Volume": "12.0", "Issue": "3", "Start Page": "101", "End Page": "110"},
        **{"DOI": "10.1000/abc.1", "Pubmed Id": "1000001", "UT (Unique WOS ID)": "WOS:000000000000001"},
    },
    "Embase": {
        **{"Title": TITLE, "Author names": "Alpha A.B., van der Beta C.", "Source title": "Journal of Invented Trials"},
        **{"Publication year": "2009", "Volume": "12", "First page": "101", "Last page": "110", "Medline PMID": "1000001"},
        **{"DOI": "10.1000/abc.1", "Abstract": "Invented.", "Embase Accession ID": "2009000001"},
    },
    "Cochrane CENTRAL": {
        **{"ID": "CN-00000001", "Author(s)": "Alpha, AB; van der Beta, C", "Title": TITLE, "Source": "J Inv Trials"},
        **{"Year": "2009", "DOI": "10.1000/abc.1", "PubMed ID": "1000001"},
    },
    "Covidence": {
        **{"Title": TITLE, "Authors": "Alpha, A. B.; van der Beta, C.", "Abstract": "Invented.", "Published Year": "2009"},
        **{"Published Month": "11", "Journal": "Journal of Invented Trials", "Volume": "12", "Issue": "3", "Pages": "101-110"},
        **{"Accession Number": "", "DOI": "10.1000/abc.1", "Covidence #": "17", "Notes": "PMID: 1000001", "Tags": ""},
    },
    "Rayyan": {
        **{"key": "rayyan-1", "title": TITLE, "year": "2009", "month": "11", "day": "3", "journal": "J Inv Trials"},
        **{"volume": "12", "issue": "3", "pages": "101-110", "authors": "Alpha, Anna B. and van der Beta, Carl"},
        **{"url": "https://pubmed.ncbi.nlm.nih.gov/1000001/", "doi": "10.1000/abc.1", "notes": "", "keywords": ""},
    },
    "Zotero": {
        **{"Key": "ABCD", "Item Type": "journalArticle", "Publication Year": "2009", "Author": "Alpha, Anna B.; van der Beta, Carl"},
        **{"Title": TITLE, "Publication Title": "Journal of Invented Trials", "DOI": "10.1000/abc.1", "Date": "2009-11-03"},
        **{"Extra": "PMID: 1000001\nPMCID: PMC1000009", "Abstract Note": "Invented."},
    },
}  # fmt: skip


def sheet(row, delimiter=","):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(row)
    writer.writerow(row.values())
    return text.getvalue()


def workbook(*rows, before=()):
    book = openpyxl.Workbook()
    for row in (*before, *rows):
        book.active.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize("source", TABLES)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "xlsx"])
def test_every_source_gives_the_same_work(source, delimiter):
    row = TABLES[source]
    content = workbook(row, row.values()) if delimiter == "xlsx" else sheet(row, delimiter).encode()
    result = read_bytes(content, "export.csv")
    assert not result.problems
    [record] = result.records
    assert record.title == TITLE
    assert (record.pmid, record.doi.lower()) == ("1000001", "10.1000/abc.1")
    assert record.year == 2009
    assert [author.name for author in record.authors] == ["Alpha AB", "van der Beta C"]
    assert record.source == "spreadsheet"
    if "Volume" in row:
        assert (record.volume, record.pages) == ("12", "101-110")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding):
    text = sheet(TABLES["PubMed"]).replace("Alpha", "Älpha")
    result = read_bytes(text.encode(encoding), "export.csv")
    assert result.records[0].authors[0].last == "Älpha"
    assert result.complete
    assert bool(result.problems) == (encoding == "cp1252")


def test_a_preamble_and_cells_of_several_lines():
    text = 'Invented database\r\n"Search of 1 November 2026, title and year"\r\n\r\n'
    text += 'Title,Authors,Year,Abstract\r\nFirst invented title,Alpha A,2001,"one\nline, ""two"""\r\n,,,\r\nSecond,Beta B,2002,\r\n'
    result = read_bytes(text.encode(), "export.csv")
    assert [record.title for record in result.records] == ["First invented title", "Second"]
    assert result.records[0].abstract[0].text == 'one\nline, "two"'
    assert not result.problems


def test_a_broken_row_is_told_with_its_line_and_its_neighbours_stay():
    text = 'Title,Authors,Year\nFirst,Alpha A,2001\nSecond,"Beta B,2002\nThird,"Gamma C",2003\nFourth,D,2004,x,y\nFifth,E,2005\n,F,2006\n'
    result = read_bytes(text.encode(), "export.csv")
    assert [record.title for record in result.records] == ["First", "Third", "Fifth"]
    assert [str(problem) for problem in result.problems] == [
        "export.csv, row 3: not valid CSV: ',' expected after '\"'",
        "export.csv, row 5: more cells (5) than the header has (3)",
        "export.csv, row 7: it has no title and no PMID, PMCID or DOI to go by",
    ]


def test_a_quote_that_is_never_closed_costs_one_row():
    text = 'Title,Authors,Year\nFirst,Alpha A,2001\n"Second,Beta B,2002\nThird,Gamma C,2003\n'
    result = read_bytes(text.encode(), "export.csv")
    assert [record.title for record in result.records] == ["First", "Third"]
    assert "row 3: a quote is opened and not closed" in str(result.problems[0])


def test_cells_of_a_workbook():
    row = ("Title", "Publication date", "PubMed ID", "Volume", "Authors")
    cells = ("Invented title", datetime.datetime(2009, 11, 3), 1000001, 12.0, "Alpha, A")
    result = read_bytes(workbook(row, cells, before=[("An export",), ()]), "export.xlsx")
    [record] = result.records
    assert (record.published.iso, record.pmid, record.volume) == ("2009-11-03", "1000001", "12")


def test_a_formula_without_its_value_is_told():
    rows = [("Title", "Year", "DOI"), ("Invented title", "=2000+9", "10.1000/a")]
    result = read_bytes(workbook(*rows), "export.xlsx")
    assert result.records[0].year is None
    assert "1 cells hold a formula without its value" in str(result.problems[0])


def test_what_stands_where_an_identifier_belongs_is_noted():
    [record] = iter_spreadsheet(b"Title,PMID,DOI\nInvented title,n/a,see text\n")
    assert record.identifiers == ()
    assert record.notes == (
        "\u201cn/a\u201d stands where a PMID belongs",
        "\u201csee text\u201d stands where a DOI belongs",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name,price\nx,1\n", "of no known format"),
        (
            workbook(("name", "price"), ("x", 1)),
            "no row of it names columns of references; it begins with .name, price",
        ),
        (b"PK\x03\x04 xl/ and nothing", "the workbook cannot be read"),
        (b"\xd0\xcf\x11\xe0 old", "save an .xls as .xlsx"),
    ],
)
def test_what_is_no_table_of_references_is_refused(content, said):
    with pytest.raises(InputError, match=said):
        read_bytes(content, "sheet.xlsx")


def test_two_columns_of_one_name_are_both_kept():
    [record] = iter_spreadsheet(b"Title,Notes,Notes,Year\nInvented title,none,PMID: 1000001,2009\n")
    assert record.pmid == "1000001"


def test_our_own_table_comes_back_as_far_as_it_names_works():
    table = evidence_table(synthetic_review(), screened="all")
    records = read_bytes(values_csv(table), "evidence.csv").records
    known = {record.pmid: record.title for record in synthetic_review().records.values()}
    assert {record.pmid for record in records} <= set(known)
    assert len(records) == len(list(table.rows()))
