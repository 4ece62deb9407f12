"""Does the page's list of works come out as a careful reader would write it down?

`EXPECTED` was listed by reading the five pages of ../shared/clinic_pages/. Sentences are given by their offsets in the
page, not quoted; these were printed by the program and then compared with the page, sentence by sentence. The other
pages here are synthetic, written for these tests.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ketalit.citations import CitationKind, find_citations, other_links
from ketalit.citations.mentions import find_mentions
from ketalit.citations.references import read_reference
from ketalit.page import Page, PageKind, open_page, page_of_text
from tests.shared import SHARED, needs_shared

LINK, WEB, MENTION = CitationKind.LINK, CitationKind.WEB_ARTICLE, CitationKind.MENTION

# page: kind, label, identifiers, year, names, start and end of the sentence that carries it
EXPECTED = {
    "000_d03ca8e8eb1b5c15.txt": [
        (LINK, "", ("PII:S2210844014200062",), None, (), (1300, 1412)),
        (WEB, "", (), None, (), (1842, 2151)),
        (MENTION, "1,2", (), None, (), (2383, 2721)),
        (LINK, "1", ("PMCID:PMC4014022",), None, (), (2383, 2721)),
        (LINK, "2", ("PMID:23432384",), None, (), (2383, 2721)),
    ],
    "001_529e40eeb574dce9.txt": [],
    "002_c24b9758fab0e301.txt": [
        (MENTION, "", (), 2011, (), (1859, 2078)),
        (MENTION, "", (), 2009, ("David Borsook",), (2219, 2580)),
        (MENTION, "", (), None, ("Borsook",), (2640, 2820)),
        (MENTION, "", (), None, ("Borsook",), (2823, 3012)),
        (MENTION, "", (), None, ("Barsook",), (3372, 3519)),
    ],
    "003_c28a15dabc4e9f77.txt": [],
    "004_f2386fc01f10a15c.txt": [
        (MENTION, "", (), 2019, (), (2623, 2730)),
        (MENTION, "", (), 2021, (), (2772, 2848)),
        (MENTION, "", (), 2022, (), (2940, 3035)),
    ],
}


def found(text, kind=None):
    return find_citations(page_of_text(text, kind=kind))


def identifiers(citations):
    return [[str(name) for name in citation.identifiers] for citation in citations if citation.identifiers]


@needs_shared
@pytest.mark.parametrize("name", EXPECTED)
def test_five_clinic_pages(name):
    page = open_page(str(SHARED / "clinic_pages" / name))
    seen = [
        (
            citation.kind,
            citation.label,
            tuple(map(str, citation.identifiers)),
            citation.year,
            citation.names,
            (citation.sentences[0].start, citation.sentences[0].end),
        )
        for citation in find_citations(page)
    ]
    assert seen == EXPECTED[name]


@needs_shared
def test_clinic_pages_say_what_else_they_know():
    first = find_citations(open_page(str(SHARED / "clinic_pages" / "000_d03ca8e8eb1b5c15.txt")))
    second = find_citations(open_page(str(SHARED / "clinic_pages" / "002_c24b9758fab0e301.txt")))
    assert first[1].title == "the emerging role of nmda antagonists in pain management"
    assert first[2].title == "Ketamine for chronic pain: risks and benefits"
    assert "numbered by its place" in first[3].note
    assert second[0].journal == "U.S. Pharmacist"
    last = open_page(str(SHARED / "clinic_pages" / "004_f2386fc01f10a15c.txt"))
    assert other_links(last, find_citations(last)) == ("https://utahstemcells.com",)


# --- footnotes and lists


VANCOUVER = """Relief was seen (1), though not always [2, 4-5]. One group disagrees.³
Nobody has replied [9].

References
1. Able AB, van Dorn CD, et al. A made-up trial of nothing in
particular. J Invent. 2009;145(3):304-11.
2. Baker B. Another invention: twice. Invent Lett. 2014;77:357-67. doi: 10.1000/inv.1. PMID: 123456; PMCID: PMC654321.
3. Cross, C., & Dole, D. E. (2019). Inventing things: A review. Invent & Art, 129(1), 241–254. https://doi.org/10.1000/C.9
4. A magazine. https://www.uspharmacist.com/article/some-made-up-article
5. Agency. A label that never was. 2020.
"""


def test_numbered_list_with_marks_of_every_kind():
    entries = [citation for citation in found(VANCOUVER) if citation.kind is not CitationKind.FOOTNOTE]
    assert [(str(entry.kind), entry.label, len(entry.identifiers)) for entry in entries] == [
        ("reference", "1", 0),
        ("identifier", "2", 3),
        ("link", "3", 1),
        ("web article", "4", 0),
        ("reference", "5", 0),
    ]
    assert [entry.sentences[0].text[:6] for entry in entries] == ["Relief", "Relief", "One gr", "Relief", "Relief"]
    first, _, third, *_ = entries
    assert (first.year, first.names, first.journal) == (2009, ("Able AB", "van Dorn CD"), "J Invent")
    assert (first.title, first.volume, first.first_page) == ("A made-up trial of nothing in particular", "145", "304")
    assert (third.year, third.names, third.volume, third.first_page) == (2019, ("Cross C", "Dole DE"), "129", "241")


def test_a_footnote_without_an_entry_is_reported():
    dangling = [citation for citation in found(VANCOUVER) if citation.kind is CitationKind.FOOTNOTE]
    assert [(item.label, item.sentences[0].text) for item in dangling] == [("9", "Nobody has replied [9].")]


def test_an_entry_used_twice_has_both_sentences_and_one_never_used_carries_itself():
    text = "Once [1]. Twice [1].\n\nSources:\n[1] https://doi.org/10.1000/a\n[2] https://doi.org/10.1000/b\n"
    once, never = found(text)
    assert [sentence.text for sentence in once.sentences] == ["Once [1].", "Twice [1]."]
    assert [sentence.text for sentence in never.sentences] == ["https://doi.org/10.1000/b"]
    assert never.label == "2"


def test_bullets_are_numbered_only_where_the_text_uses_numbers():
    bullets = "\n- https://doi.org/10.1000/a\n- https://doi.org/10.1000/b\n"
    assert [item.label for item in found(f"It works.(1,2) More text.\n{bullets}")] == ["1", "2"]
    assert [item.label for item in found(f"It works. More text.\n{bullets}")] == ["", ""]


@pytest.mark.parametrize(
    "text",
    [
        "Pain on a scale (0-10) fell, 95% CI [2, 5], in 3 steps: (1) dose, and (2) time; area 5 m².",
        "We offer (1) care and (2) comfort. Since 2015 we have treated 10⁴ people.",
        "She holds a BA in psychology from 2018. It was patented in the 1960s and approved in 1970.",
        "Studies have shown that it works. Recent research is promising.",
        "1. Call us.\n2. Come in 2020.\n3. Feel better.",
        "Dr. Jane Doe says hello. Visit https://clinic.example or https://facebook.com/clinic/study/1.",
        "[/vc_column_text][vc_column width=”1/2″]",
    ],
)
def test_what_cites_nothing_gives_nothing(text):
    assert found(text) == ()


# --- identifiers and links in running text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(doi:10.1016/0304-3959(94)90129-5).", ["DOI:10.1016/0304-3959(94)90129-5"]),
        ("10.1000/a, 10.1000/DE; https://doi.org/10.1000/g.", ["DOI:10.1000/a", "DOI:10.1000/de", "DOI:10.1000/g"]),
        ("PMIDs: 123, 4567 and 89012", ["PMID:123", "PMID:4567", "PMID:89012"]),
        ("PMID: 123456, 2009", ["PMID:123456"]),
        ("PMID：１２３４５６", ["PMID:123456"]),
        ("PMID 0 and PMID 123456789012", []),
        ("PMCID: PMC2044888; PMC 123456", ["PMCID:PMC2044888", "PMCID:PMC123456"]),
        ("https://onlinelibrary.wiley.com/doi/full/10.1000/x.1, they say", ["DOI:10.1000/x.1"]),
        ("www.ncbi.nlm.nih.gov/pubmed/123456", ["PMID:123456"]),
        ("pmc.ncbi.nlm.nih.gov/articles/PMC7654321/.", ["PMCID:PMC7654321"]),
        ("<https://europepmc.org/article/MED/123456>", ["PMID:123456"]),
        ("PII: S2210-8440(14)20006-2", ["PII:S2210844014200062"]),
        ("sequence S1234 and 10.5 mg/kg", []),
    ],
)  # fmt: skip
def test_identifiers_in_running_text(text, expected):
    assert [name for names in identifiers(found(f"Read this: {text}")) for name in names] == expected


def test_a_sentence_that_is_only_a_link_belongs_to_the_one_before():
    (citation,) = found("It has many targets. (https://doi.org/10.1000/abc)\nNext.")
    assert citation.sentences[0].text == "It has many targets."


def test_a_footnote_number_after_the_full_stop_belongs_to_the_sentence_before():
    lists = "\n\nReferences\n1. https://doi.org/10.1000/a\n2. https://doi.org/10.1000/b\n"
    for marks in (("(1)", "(2)"), ("[1]", "[2]"), (" (1)", " (2)"), (" [1]", " [2]"), ("¹", "²")):
        one, two = found(f"Pain fell.{marks[0]} It rose again.{marks[1]} Then we left." + lists)
        assert one.sentences[0].text.startswith("Pain fell.")
        assert "It rose again." in two.sentences[0].text


def test_other_links_of_a_page_are_not_hidden_by_citations_of_another():
    cited = page_of_text("https://doi.org/10.1000/abcdefgh", source="one")
    shop = page_of_text("https://clinic.example", source="two")
    assert other_links(shop, [*find_citations(cited), *find_citations(shop)]) == ("https://clinic.example",)


# --- mentions


@pytest.mark.parametrize(
    ("text", "year", "names", "journal", "title"),
    [
        ("A 2009 study by Dr. X. Able found it.", 2009, ("X. Able",), "", ""),
        ("A study in 2019 found it.", 2019, (), "", ""),
        ("An article in U.S. Pharmacist 2011 says so.", 2011, (), "U.S. Pharmacist", ""),
        ("This was in a 2011 article published in U.S. Pharmacist.", 2011, (), "U.S. Pharmacist", ""),
        ("In 2021, studies found it.", 2021, (), "", ""),
        ("In March 2018, researchers at a clinic found it.", 2018, (), "", ""),
        ("Research published in JAMA Psychiatry in 2013 agrees.", 2013, (), "JAMA Psychiatry", ""),
        ("As Able et al. (2009) showed, it works.", 2009, ("Able",), "", ""),
        ("It works (Able & Baker, 2014).", 2014, ("Able", "Baker"), "", ""),
        ("It works, says Miller (2011).", 2011, ("Miller",), "", ""),
        ("Van Dorn and colleagues saw it.", None, ("Dorn",), "", ""),
        ("According to an NIH meta-analysis, Nothing for any pain: harms and gains, “it works”.", None, (), "",
         "Nothing for any pain: harms and gains"),
        ("A trial titled “Nothing at all against something” failed.", None, (), "", "Nothing at all against something"),
        ("According to a 2011 study, Nothing was found to help people with pain, as ever.", 2011, (), "", ""),
        ("Dr. Able’s study showed it.", None, ("Able",), "", ""),
    ],
)  # fmt: skip
def test_vague_mentions(text, year, names, journal, title):
    (citation,) = found(text)
    assert citation.kind is MENTION
    assert (citation.year, citation.journal, citation.title) == (year, journal, title)
    assert [name.split()[-1] for name in citation.names] == [name.split()[-1] for name in names]
    assert citation.sentences[0].text == text


def test_a_persons_words_count_only_beside_a_work_of_theirs():
    quote = "“It works,” Dr. Abler writes."
    assert found(quote) == ()
    both = found(f"A 2009 study by Dr. Ann Ableer found it. {quote}")
    assert [item.passage.text for item in both] == ["A 2009 study by Dr. Ann Ableer", "Dr. Abler writes"]
    assert "mentions elsewhere" in both[1].note


def test_two_works_in_one_sentence_are_two_mentions():
    assert [item.year for item in found("A 2006 study began it; a trial published in 2013 confirmed it.")] == [
        2006,
        2013,
    ]


# --- HTML and Markdown


HTML = """<!doctype html><html><head><title>10.1000/title</title><script>var a = "PMID: 999999";</script></head><body>
<nav><a href="https://pubmed.ncbi.nlm.nih.gov/111111/">nav</a></nav>
<p>Pain fell<sup><a href="#r1">1</a>,<a href="#r2">2</a></sup> in a <b>2019</b> study. Another
<a href="https://www.nature.com/articles/s00000-021-00000-9">paper</a> says so.<sup>3</sup> Area 5 m<sup>2</sup>.</p>
<p>Read <a href="/about">about us</a>, <a href="https://facebook.com/x">fb</a>,
<a href="https://onlinelibrary.wiley.com/doi/abs/10.1000/w.1">this trial</a>.</p>
<h2>References</h2><ol><li id=r1><p>Able AB. Nothing produces relief. Invent 2009;145:304.
<a href="https://pubmed.ncbi.nlm.nih.gov/123456/">PubMed</a> <a href="https://doi.org/10.1000/a.1">CrossRef</a></p></li>
<li id=r2>https://www.ncbi.nlm.nih.gov/pmc/articles/PMC654321/</li>
<li>Baker B. Many days of nothing at all. Invent Phys. 2010;13:245-9.</li></ol></body></html>"""


def test_html_page():
    citations = found(HTML)
    assert [(str(item.kind), item.label, len(item.identifiers)) for item in citations] == [
        ("unresolved mention", "1,2", 0),
        ("link", "", 1),
        ("link", "", 1),
        ("link", "1", 2),
        ("link", "2", 1),
        ("reference", "3", 0),
    ]
    assert identifiers(citations) == [
        ["DOI:10.1038/s00000-021-00000-9"],
        ["DOI:10.1000/w.1"],
        ["PMID:123456", "DOI:10.1000/a.1"],
        ["PMCID:PMC654321"],
    ]
    assert [item.sentences[0].text[:9] for item in citations[3:]] == ["Pain fell", "Pain fell", "Another p"]


MARKDOWN = """# Nothing

Pain fell[^1] and [stayed low](https://pubmed.ncbi.nlm.nih.gov/123456/).[^note] Also [2](https://doi.org/10.1000/b).

[^1]: https://doi.org/10.1000/a
[^note]: Able A. Invent Phys. 2010;13:245-9.
"""


def test_markdown_page():
    page = page_of_text(MARKDOWN)
    assert page.kind is PageKind.MARKDOWN
    citations = find_citations(page)
    assert [(str(item.kind), item.label) for item in citations] == [
        ("link", ""),
        ("link", "2"),
        ("link", "1"),
        ("reference", "note"),
    ]
    assert all(item.sentences[0].text.startswith("Pain fell") for item in (citations[2], citations[3]))


def test_a_link_to_the_page_itself_is_no_citation():
    html = '<p>Our <a href="https://clinic.example/studies/1">study</a> and <a href="https://j.example/article/2">one</a></p>'
    page = page_of_text(html, source="https://www.clinic.example/blog")
    assert [item.url for item in find_citations(page)] == ["https://j.example/article/2"]


# --- whatever comes


PIECES = (
    "[1]",
    "(2,3)",
    "¹",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "2) ",
    "References",
    "Sources:",
    "a 2009 study by Dr. Able",
    "et al. (2011)",
    "PMID: 123456,",
    "PMC123",
    "doi:10.1000/a(b)",
    "https://doi.org/10.1000/x).",
    "www.",
    "http://[",
    "“Title of the Thing”",
    "Smith J, Jones AB. Pain. 2009;145:304-11.",
    "<sup>1</sup>",
    "<li>",
    '<a href="https://pubmed.ncbi.nlm.nih.gov/1/">',
    "</a>",
    "[^1]:",
    "[x](http://y.org/article/z)",
    "study",
    "In 2021, studies",
    "U.S.",
    "\u200b",
    "\x00",
    "A study in",
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)),
    st.sampled_from([None, *PageKind]),
)
def test_extraction_never_fails_and_offsets_reproduce(text, kind):
    page = page_of_text(text, kind=kind)
    for link in page.links:
        assert 0 <= link.start <= link.end <= len(page.text)
    for citation in find_citations(page):
        assert citation.sentences
        for part in (citation.passage, *citation.sentences):
            assert page.text[part.start : part.end] == part.text
    assert page == page_of_text(text, kind=kind)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_entry_and_any_sentence_are_read(text):
    read_reference(text)
    for mention in find_mentions(text, [(0, len(text))]):
        assert 0 <= mention.start < mention.end <= len(text)


def test_text_can_be_handed_in_directly():
    assert find_citations("See PMID 123456.") == find_citations(Page(text="See PMID 123456."))
