"""BibTeX of reference managers and databases. All entries are invented."""

import pytest

from ketalit.errors import InputError
from ketalit.export.references import _pages, to_bibtex
from ketalit.records.bibtex import iter_bibtex
from ketalit.records.files import read_bytes
from ketalit.review import load_review

from .test_ris import CARRIED, OURS

SCOPUS = r"""@ARTICLE{Alpha2009101,
	author = {Alpha, Anna B. and van der Beta, Carl and {Invented Trial Group}},
	title = {Invented infusions {in} invented pain: 50\% of \"{a} caf{\'e}},
	year = {2009},
	month = nov,
	journal = {Journal of Invented Trials},
	abbrev_source_title = {J. Inv. Trials},
	volume = {12},
	number = {3},
	pages = {101 – 110},
	doi = {10.1000/ABC_1},
	url = {https://www.scopus.com/inward/record.uri?eid=2-s2.0-1},
	author_keywords = {ketamine; pain},
	abstract = {BACKGROUND: Invented. METHODS: Sixty people. p < 0.05 & more},
	pmid = {1000001},
	type = {Article},
	source = {Scopus},
	note = {Cited by: 3}
}
"""
ZOTERO = r"""
@article{alpha_invented_2009,
	title = {Invented infusions in invented pain},
	volume = {12},
	url = {https://pubmed.ncbi.nlm.nih.gov/1000001/},
	shortjournal = {J Inv Trials},
	journaltitle = {Journal of Invented Trials},
	author = {Alpha, Anna B. and Beta, Jr, Carl and others},
	date = {2009-11-03},
	note = {{PMCID}: {PMC}1000009}
}
"""
MACROS = """@string{jit = "Journal of Invented Trials"}
@string( unused = {Nothing} )
@article{a, title = "One invented title", journal = jit, year = 2001}
@book{b, title = {An invented book}, author = {Anna Alpha and Carl Beta}, year = 2002}
@incollection{c, title = {A chapter}, booktitle = {An invented book}, year = 2003, doi = {https://doi.org/10.1000/x}}
"""


def read(text):
    result = read_bytes(text.encode(), "export.bib")
    assert not result.problems
    return result.records


def test_fields_of_scopus():
    [record] = read(SCOPUS)
    assert record.title == "Invented infusions in invented pain: 50% of ä café"
    assert [author.name for author in record.authors] == ["Alpha AB", "van der Beta C", "Invented Trial Group"]
    assert (record.pmid, record.doi, record.pages) == ("1000001", "10.1000/ABC_1", "101-110")
    assert record.published.iso == "2009-11"
    assert record.abstract[1].text == "Sixty people. p < 0.05 & more"
    assert record.source == "bibtex"


def test_fields_of_biblatex():
    [record] = read(ZOTERO)
    assert (record.pmid, record.pmcid) == ("1000001", "PMC1000009")
    assert record.published.iso == "2009-11-03"
    assert record.journal.title == "Journal of Invented Trials"
    assert [author.name for author in record.authors] == ["Alpha AB", "Beta C Jr"]


def test_strings_books_and_chapters():
    article, book, chapter = read(MACROS)
    assert article.journal.title == "Journal of Invented Trials"
    assert (book.kind, book.book_title) == ("book", "An invented book")
    assert [author.name for author in book.authors] == ["Alpha A", "Beta C"]
    assert (chapter.book_title, chapter.doi) == ("An invented book", "10.1000/x")


def test_a_broken_entry_does_not_take_its_neighbours_with_it():
    text = MACROS + "@article{broken, title = {never closed,\n year = 2004\n\n" + SCOPUS
    text += "@article{worse, title = {x}, year 2005}\n" + ZOTERO + "@article{last, title = {cut of"
    result = read_bytes(text.encode(), "export.bib")
    assert [record.year for record in result.records] == [2001, 2002, 2003, 2009, 2009]
    assert [str(problem).split(":")[0] for problem in result.problems if problem.lost] == [
        "export.bib, entry 4 (broken)",
        "export.bib, entry 6 (worse)",
        "export.bib, entry 8 (last)",
    ]
    assert not result.complete


@pytest.mark.parametrize(
    "text",
    [
        "@article{, title = {Invented title}, year = 2009}",
        "@article{title = {Invented title}, year = 2009}",
        "@article{Alpha and Beta 2009, title = {Invented title}, year = 2009}",
        "@Article {a,\n title = {Invented title}, Year = 2009,\n}",
        "@article(a, title = {Invented title}, year = 2009)",
        "\ufeff% comment\n@comment{jabref-meta: x}\n@article{a, title = {Invented title}, year = {2009}, title = {Twice}}",
    ],
)
def test_what_exporters_get_wrong(text):
    record = read_bytes(text.encode(), "export.bib").records[0]
    assert (record.title, record.year) == ("Invented title", 2009)


def test_a_name_without_a_definition_is_told_in_the_record():
    [record] = read("@article{a, title = {Invented title}, journal = jit}")
    assert "undefined string" in record.notes[0]


def test_an_umlaut_inside_of_quotes():
    [record] = read(r"""@article{a, title = "Sch\"one \"{U}bung", year = 2009}""")
    assert record.title == "Schöne Übung"
    assert record.year == 2009


def test_nothing_readable_is_refused():
    with pytest.raises(InputError, match="not valid BibTeX"):
        read_bytes(b"@article{a, title 3}", "export.bib")
    with pytest.raises(InputError, match="no title"):
        list(iter_bibtex(b"@article{a, year = 3}"))


@pytest.mark.parametrize("record", OURS, ids=lambda record: record.key)
def test_what_we_export_comes_back(record):
    [back] = read(to_bibtex([record]))
    # Braces are BibTeX's own, and it has one field for the journal.
    title = record.title.replace("{", "(").replace("}", ")")
    names = set(CARRIED) - {"title", "journal"}
    assert {name: getattr(back, name) for name in names} == {name: getattr(record, name) for name in names}
    assert back.title == title
    assert (back.journal.title, back.journal.issn) == (record.journal.title, record.journal.issn)
    assert back.doi.lower() == record.doi.lower()
    assert _pages(back) == _pages(record)


def test_the_whole_bundled_review_comes_back():
    records = list(load_review().records.values())
    back = list(iter_bibtex(to_bibtex(records).encode()))
    assert [(one.pmid, one.pmcid, one.doi) for one in back] == [(one.pmid, one.pmcid, one.doi) for one in records]
    assert [record.title for record in back] == [" ".join(record.title.split()) for record in records]
    assert [record.year for record in back] == [record.year for record in records]
