"""PubMed XML, case by case. All records here are synthetic."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketalit.errors import InputError
from ketalit.records.model import Correction, from_json, to_json
from ketalit.records.problems import Kind
from ketalit.records.pubmed import iter_pubmed
from ketalit.vocabulary import Status

from .synthetic import HEAD, abstract, article, pubmed_set, ten, text


def read(body):
    problems = []
    return list(iter_pubmed(body, problems=problems)), problems


def one(**parts):
    records, problems = read(pubmed_set(article(**parts)))
    assert not problems
    return records[0]


# --- content ---------------------------------------------------------------------------------------------------------


def test_plain_fields():
    record = one()
    assert (record.pmid, record.version, record.title) == ("1001", 1, "Synthetic trial of ketamine.")
    assert (record.volume, record.issue, record.citation_status, record.languages) == ("7", "2", "MEDLINE", ("eng",))
    assert (record.journal.abbreviation, record.journal.issn) == ("J Synth Res", "0000-0000")
    assert from_json(to_json(record)) == record


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [
        ("P<sup>2</sup>", "P²"),
        ("10<sup>6</sup> cells", "10⁶ cells"),
        ("10<sup>-3</sup>", "10⁻³"),
        ("H<sub>2</sub>O", "H2O"),
        ("<i>P</i> &lt; 0.001", "P < 0.001"),
        ("P &amp;lt; 0.05", "P < 0.05"),
        ("&lt;i&gt;P&lt;/i&gt; = 0.05", "P = 0.05"),
        ("<b>a <i>b</i> c</b> d", "a b c d"),
        ("a\n   b\tc", "a b c"),
        ("1\u2009000 mg\u00a0kg", "1\u2009000 mg\u00a0kg"),
        ("a−1·2 ± 3", "a−1·2 ± 3"),
        ("R&amp;D at AT&amp;T", "R&D at AT&T"),
        ("caf&eacute;", "café"),
        ("x<!-- not text -->y", "xy"),
        ('<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math>', "x²"),
        ("<mml:math><mml:mfrac><mml:mn>1</mml:mn><mml:mn>2</mml:mn></mml:mfrac></mml:math> dose", "1/2 dose"),
        ("<mml:math><mml:mmultiscripts><mml:mi>He</mml:mi><mml:mprescripts/><mml:none/><mml:mn>3</mml:mn></mml:mmultiscripts></mml:math> gas", "³He gas"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
    ],
)  # fmt: skip
def test_text_is_what_a_reader_sees(printed, read_as):
    record = one(title=f"<ArticleTitle>{printed}</ArticleTitle>", article=abstract(text(printed)))
    assert record.title == read_as
    assert record.abstract[0].text == read_as


def test_marked_up_title_is_safe_html():
    record = one(title='<ArticleTitle>A <i onclick="x">b</i> &lt; <sup>2</sup> <foo>c</foo></ArticleTitle>')
    assert record.title_markup == "A <i>b</i> &lt; <sup>2</sup> c"
    assert one().title_markup == ""


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        ("<ArticleTitle/>", ""),
        ("", ""),
        ("<ArticleTitle>[Synthetic study].</ArticleTitle>", "[Synthetic study]."),
        ("<ArticleTitle>Ends in <i>markup</i></ArticleTitle>", "Ends in markup"),
    ],
)
def test_unusual_titles(title, read_as):
    record = one(title=title, article="<VernacularTitle>Étude</VernacularTitle>")
    assert (record.title, record.vernacular_title) == (read_as, "Étude")


def test_structured_abstract():
    record = one(
        article=abstract(
            text("To see.", 'Label="AIM" NlmCategory="OBJECTIVE"'),
            text("", 'Label="METHODS"'),
            text("Seen.", 'Label="UNLABELLED"'),
        )
    )
    assert [(s.label, s.category, s.text) for s in record.abstract] == [
        ("AIM", "OBJECTIVE", "To see."),
        ("", "", "Seen."),
    ]


@pytest.mark.parametrize("content", ["", abstract(), abstract(text("")), abstract("<AbstractText/>")])
def test_no_abstract_is_no_section(content):
    assert one(article=content).abstract == ()


def test_other_language_abstract_is_kept_apart():
    record = one(citation=f'<OtherAbstract Type="Publisher" Language="spa">{text("Resumen.")}</OtherAbstract>')
    assert record.abstract == ()
    assert [(o.language, o.type, o.sections[0].text) for o in record.other_abstracts] == [
        ("spa", "Publisher", "Resumen.")
    ]


def test_truncated_abstract_is_noted():
    assert one(article=abstract(text("It ends (ABSTRACT TRUNCATED AT 250 WORDS)"))).notes == (
        "abstract truncated at 250 words",
    )


AUTHORS = """<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Doe</LastName><ForeName>Jane Q</ForeName>
<Initials>JQ</Initials><Suffix>Jr</Suffix><Identifier Source="ORCID">http://orcid.org/0000000123456789</Identifier>
<AffiliationInfo><Affiliation>Here.</Affiliation></AffiliationInfo><AffiliationInfo><Affiliation>There.</Affiliation>
</AffiliationInfo></Author><Author ValidYN="N"><LastName>Deo</LastName></Author><Author><CollectiveName>The Synthetic
 Group</CollectiveName></Author><Author/></AuthorList>"""


def test_authors():
    jane, group = one(article=AUTHORS).authors
    assert (jane.name, jane.fore, jane.orcid) == ("Doe JQ Jr", "Jane Q", "0000-0001-2345-6789")
    assert jane.affiliations == ("Here.", "There.")
    assert group.name == "The Synthetic Group"


def test_no_and_very_many_authors():
    assert one().short.endswith(" …” 2009")
    many = "".join(f"<Author><LastName>A{n}</LastName></Author>" for n in range(2000))
    assert len(one(article=f"<AuthorList>{many}</AuthorList>").authors) == 2000


@pytest.mark.parametrize(
    ("date", "iso", "precision", "verbatim"),
    [
        ("<Year>2009</Year><Month>Nov</Month><Day>3</Day>", "2009-11-03", "day", "2009 Nov 3"),
        ("<Year>2009</Year><Month>11</Month>", "2009-11", "month", "2009 11"),
        ("<Year>2009</Year><Month>13</Month>", "2009", "year", "2009 13"),
        ("<Year>2009</Year><Month>Feb</Month><Day>31</Day>", "2009-02", "month", "2009 Feb 31"),
        ("<Year>2009</Year>", "2009", "year", "2009"),
        ("<Year>2000</Year><Season>Spring</Season>", "2000", "season", "2000 Spring"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998", "range", "1998 Dec-1999 Jan"),
        ("<MedlineDate>2000 Spring</MedlineDate>", "2000", "season", "2000 Spring"),
        ("<MedlineDate>2013 Jan-Mar</MedlineDate>", "2013", "range", "2013 Jan-Mar"),
        ("<MedlineDate>Fall 2017</MedlineDate>", "2017", "season", "Fall 2017"),
        ("<MedlineDate>1975-1976</MedlineDate>", "1975", "range", "1975-1976"),
        ("<MedlineDate>in press</MedlineDate>", "", "unknown", "in press"),
        ("<Year></Year>", "", "unknown", ""),
    ],
)
def test_dates(date, iso, precision, verbatim):
    published = one(date=f"<PubDate>{date}</PubDate>").published
    assert (published.iso, published.precision, published.verbatim) == (iso, precision, verbatim)


def test_both_dates():
    online = "<ArticleDate DateType='Electronic'><Year>2008</Year><Month>12</Month><Day>30</Day></ArticleDate>"
    record = one(article=online)
    assert (record.published.iso, record.published_online.iso, record.year) == ("2009-11-03", "2008-12-30", 2009)
    assert one(date="", article=online).year == 2008


@pytest.mark.parametrize(
    ("listed", "located", "doi", "others", "note"),
    [
        ("10.1/A", "", "10.1/A", (), ""),
        ("", ("10.1/b", "Y"), "10.1/b", (), ""),
        ("10.1/A.", ("10.1/a", "Y"), "10.1/A", (), ""),
        ("10.1/a", ("10.1/b", "Y"), "10.1/a", ("10.1/b",), "the record carries different DOIs: 10.1/a, 10.1/b"),
        ("", ("10.1/b", "N"), "10.1/b", (), "DOI 10.1/b is marked invalid by NLM"),
        ("10.1/a", ("10.1/b", "N"), "10.1/a", ("10.1/b",), "DOI 10.1/b is marked invalid by NLM"),
    ],
)
def test_dois(listed, located, doi, others, note):
    own = f"<ArticleId IdType='doi'>{listed}</ArticleId>" if listed else ""
    data = f"<ArticleIdList><ArticleId IdType='pubmed'>1001</ArticleId><ArticleId IdType='pmc'>PMC12</ArticleId>{own}</ArticleIdList>"
    place = f"<ELocationID EIdType='doi' ValidYN='{located[1]}'>{located[0]}</ELocationID>" if located else ""
    record = one(article=f"<ELocationID EIdType='pii'>S1</ELocationID>{place}", data=data)
    assert (record.doi, record.other_dois, record.pmcid, record.pii) == (doi, others, "PMC12", "S1")
    assert record.notes == ((note,) if note else ())


def test_ids_of_references_are_never_the_records_own():
    cited = "<ArticleIdList><ArticleId IdType='pubmed'>7</ArticleId><ArticleId IdType='doi'>10.9/x</ArticleId></ArticleIdList>"
    data = f"<ReferenceList><Reference><Citation>Somebody 1999.</Citation>{cited}</Reference><ReferenceList><Title>More</Title><Reference><Citation>Else</Citation></Reference></ReferenceList></ReferenceList>"
    record = one(data=data)
    assert (record.pmid, record.doi, record.pmcid) == ("1001", "", "")
    assert [(r.citation, r.pmid, r.doi) for r in record.references] == [
        ("Somebody 1999.", "7", "10.9/x"),
        ("Else", "", ""),
    ]


def test_controlled_terms():
    record = one(
        article='<PublicationTypeList><PublicationType UI="D016449">Randomized Controlled Trial</PublicationType></PublicationTypeList>'
        "<GrantList><Grant><GrantID>G1</GrantID><Agency>A</Agency><Country>C</Country></Grant></GrantList>"
        "<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>"
        "<AccessionNumber>NCT00000001</AccessionNumber></AccessionNumberList></DataBank></DataBankList>",
        citation='<MeshHeadingList><MeshHeading><DescriptorName UI="D007649" MajorTopicYN="N">Ketamine</DescriptorName>'
        '<QualifierName UI="Q000627" MajorTopicYN="Y">therapeutic use</QualifierName></MeshHeading></MeshHeadingList>'
        '<ChemicalList><Chemical><RegistryNumber>690G0D6V8H</RegistryNumber><NameOfSubstance UI="D007649">Ketamine'
        "</NameOfSubstance></Chemical></ChemicalList><KeywordList><Keyword>pain</Keyword><Keyword/></KeywordList>"
        "<KeywordList><Keyword>pain</Keyword></KeywordList>",
    )
    assert (record.publication_types[0].name, record.publication_types[0].ui) == (
        "Randomized Controlled Trial",
        "D016449",
    )
    assert (record.mesh[0].name, record.mesh[0].major, record.mesh[0].qualifiers[0].major) == ("Ketamine", True, True)
    assert (record.registrations[0].number, record.grants[0].id) == ("NCT00000001", "G1")
    assert (record.chemicals[0].registry_number, record.keywords) == ("690G0D6V8H", ("pain",))


def link(kind, pmid="<PMID Version='1'>7</PMID>"):
    return f'<CommentsCorrectionsList><CommentsCorrections RefType="{kind}"><RefSource>J Synth. 2010</RefSource>{pmid}</CommentsCorrections></CommentsCorrectionsList>'


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("RetractionIn", Status.RETRACTED),
        ("RetractionOf", Status.NOTICE),
        ("RetractedandRepublishedIn", Status.RETRACTED),
        ("ExpressionOfConcernIn", Status.CONCERN),
        ("ErratumIn", Status.CORRECTED),
        ("ErratumFor", Status.NOTICE),
        ("CorrectedandRepublishedIn", Status.CORRECTED),
        ("UpdateIn", Status.CURRENT),
        ("CommentIn", Status.CURRENT),
    ],
)
def test_correction_links_decide_the_status(kind, status):
    record = one(citation=link(kind))
    assert record.status is status
    assert record.corrections == (Correction(type=kind, citation="J Synth. 2010", pmid="7"),)
    assert one(citation=link(kind, pmid="")).status is status  # many links carry no PMID


def test_cited_works_of_old_records_are_references():
    record = one(citation=link("Cites"))
    assert not record.corrections
    assert record.references[0].pmid == "7"


@pytest.mark.parametrize(
    ("pages", "read_as"),
    [
        ("<MedlinePgn>123-8</MedlinePgn>", "123-8"),
        ("<StartPage>12</StartPage><EndPage>18</EndPage>", "12-18"),
        ("<StartPage>e7</StartPage>", "e7"),
        ("", ""),
    ],
)
def test_pages(pages, read_as):
    assert one(article=f"<Pagination>{pages}</Pagination>").pages == read_as


BOOK = b"""<PubmedBookArticle><BookDocument><PMID Version="1">2001</PMID><ArticleIdList><ArticleId IdType="bookaccession">
NBK1</ArticleId></ArticleIdList><Book><Publisher><PublisherName>P</PublisherName></Publisher><BookTitle>Synthetic Book
</BookTitle><PubDate><Year>2024</Year><Month>01</Month></PubDate><AuthorList Type="editors"><Author><LastName>Ed</LastName>
</Author></AuthorList></Book>%s<Language>eng</Language><PublicationType UI="D016454">Review</PublicationType>
</BookDocument><PubmedBookData/></PubmedBookArticle>"""


def test_book_between_articles():
    chapter = b'<ArticleTitle>Chapter</ArticleTitle><AuthorList Type="authors"><Author><LastName>Au</LastName></Author></AuthorList>'
    records, problems = read(pubmed_set(article("1001"), BOOK % b"", BOOK % chapter, article("1002")))
    assert not problems
    assert [(r.pmid, r.kind) for r in records] == [
        ("1001", "article"),
        ("2001", "book"),
        ("2001", "book"),
        ("1002", "article"),
    ]
    without, with_title = records[1:3]
    assert (without.title, without.book_title, without.authors[0].last) == ("Synthetic Book", "Synthetic Book", "Ed")
    assert (with_title.title, with_title.authors[0].last, with_title.year) == ("Chapter", "Au", 2024)
    assert with_title.publication_types[0].name == "Review"


def test_versions_are_told_apart():
    records, _ = read(pubmed_set(article(version="1"), article(version="2")))
    assert [record.version for record in records] == [1, 2]


def test_missing_parts_and_unknown_ones_do_no_harm():
    bare = b"<PubmedArticle><MedlineCitation><PMID>5</PMID></MedlineCitation></PubmedArticle>"
    odd = article(article="<NewThing x='1'><Deeper/></NewThing>", citation="<Newer/>")
    records, problems = read(pubmed_set(bare, odd))
    assert [record.pmid for record in records] == ["5", "1001"]
    assert [problem.kind for problem in problems] == ["notice"]
    assert "<Deeper> (1), <NewThing> (1), <Newer> (1)" in problems[0].reason


def test_hash_is_that_of_the_raw_bytes():
    assert one().sha256 == hashlib.sha256(article()).hexdigest()


# --- sets, encodings, damage -----------------------------------------------------------------------------------------


def test_two_sets_joined():
    records, problems = read(pubmed_set(*ten()[:5]) + pubmed_set(*ten()[5:]))
    assert [record.pmid for record in records] == [str(pmid) for pmid in range(1001, 1011)]
    assert not problems


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n\n", b"<!-- comment -->"])
def test_what_may_stand_before(start):
    body = pubmed_set(*ten())
    assert len(read(start + body)[0]) == 10
    assert len(read(start + body.removeprefix(HEAD))[0]) == 10


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16", "utf-16-le", "utf-8"])
def test_declared_encodings(encoding):
    body = pubmed_set(article(title="<ArticleTitle>Médecine à Zürich</ArticleTitle>")).decode()
    records, problems = read(body.replace('"UTF-8"', f'"{encoding}"').encode(encoding))
    assert records[0].title == "Médecine à Zürich"
    assert not problems


def test_unknown_encoding_is_refused_by_name():
    with pytest.raises(InputError, match='unknown encoding, "klingon"'):
        read(pubmed_set(article()).replace(b"UTF-8", b"klingon"))


@pytest.mark.parametrize("prolog", [b"pubmed_270101.dtd", b"http://evil.example/x.dtd", b""])
def test_the_dtd_is_never_needed(prolog):
    head = HEAD.replace(b"pubmed_250101.dtd", prolog) if prolog else b""
    records, problems = read(head + pubmed_set(*ten()).removeprefix(HEAD))
    assert len(records) == 10
    assert [problem.kind for problem in problems] == ([Kind.NOTICE] if b"27" in prolog else [])


def test_gzip_is_known_by_its_bytes(tmp_path: Path):
    path = tmp_path / "plain.xml"
    path.write_bytes(gzip.compress(pubmed_set(*ten()[:5])) + gzip.compress(b"") + gzip.compress(pubmed_set(*ten()[5:])))
    assert len(list(iter_pubmed(path))) == 10
    path = tmp_path / "packed.xml.gz"
    path.write_bytes(pubmed_set(*ten()))
    with path.open("rb") as stream:
        assert len(list(iter_pubmed(stream))) == 10


def test_cut_gzip_keeps_what_can_be_read():
    packed = gzip.compress(pubmed_set(*ten()), 0)
    records, problems = read(packed[: len(packed) // 2])
    assert 3 <= len(records) <= 5
    assert any(problem.kind is Kind.TRUNCATED for problem in problems)


def spoil(record: bytes, how: str) -> bytes:
    return {
        "control character": record.replace(b"Synthetic", b"Syn\x03thetic", 1),
        "bare ampersand": record.replace(b"Synthetic", b"R&D", 1),
        "bad byte": record.replace(b"Synthetic", b"\xff\xfe", 1),
        "undefined entity": record.replace(b"Synthetic", b"&boom;", 1),
        "unclosed tag": record.replace(b"</ArticleTitle>", b"", 1),
        "broken end tag": record.replace(b"</PubmedArticle>", b"</PubmedArticl", 1),
        "broken start tag": record.replace(b"<PubmedArticle>", b"<PubmedXrticle>", 1),
        "no citation": b"<PubmedArticle><PMID>1005</PMID></PubmedArticle>",
        "deep nesting": record.replace(b"Synthetic", b"<b>" * 100_000 + b"</b>" * 100_000, 1),
        "no identifier": record.replace(b">1005<", b"><", 1),
    }[how]


@pytest.mark.parametrize(
    "how",
    [
        "control character", "bare ampersand", "bad byte", "undefined entity", "unclosed tag", "broken end tag",
        "broken start tag", "no citation", "deep nesting", "no identifier",
    ],
)  # fmt: skip
@pytest.mark.parametrize("at", [0, 4, 9])
def test_one_damaged_record_is_quarantined_by_name(how, at):
    records = ten()
    records[at], records[4] = records[4], records[at]
    records[at] = spoil(records[at], how)
    kept, problems = read(pubmed_set(*records))
    assert len(kept) == 9
    assert "1005" not in {record.pmid for record in kept}
    assert [problem.lost for problem in problems] == [True]
    assert f"record {at + 1}" in problems[0].where
    if how != "no identifier":
        assert problems[0].pmids == ("1005",)


def test_a_quarantined_record_never_bears_a_cited_pmid():
    damaged = article(citation=link("CommentIn")).replace(b'<PMID Version="1">1001</PMID>', b"<PMID>10&01</PMID>")
    _, problems = read(pubmed_set(article("1000"), damaged))
    assert problems[0].where == "record 2"
    assert problems[0].pmids == ()


def test_without_a_list_the_first_loss_is_raised():
    records = ten()
    records[4] = spoil(records[4], "bare ampersand")
    stream = iter_pubmed(pubmed_set(*records))
    assert [next(stream).pmid for _ in range(4)] == ["1001", "1002", "1003", "1004"]
    with pytest.raises(InputError, match=r"record 5 \(PMID 1005\): not well-formed XML"):
        next(stream)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_truncation_is_reported_and_the_rest_kept(share):
    body = pubmed_set(*ten())
    kept, problems = read(body[: int(len(body) * share)])
    assert len(kept) == int(10 * share) or len(kept) == int(10 * share) - 1
    assert problems[-1].kind is Kind.TRUNCATED


def test_cut_exactly_between_two_records():
    kept, problems = read(pubmed_set(*ten()[:6]).replace(b"</PubmedArticleSet>", b""))
    assert len(kept) == 6
    assert [problem.kind for problem in problems] == [Kind.TRUNCATED]


def test_withdrawn_pmids_are_reported_not_read():
    deleted = b'<DeleteCitation><PMID Version="1">1</PMID><PMID Version="1">2</PMID></DeleteCitation>'
    kept, problems = read(pubmed_set(article(), deleted))
    assert len(kept) == 1
    assert (problems[0].kind, problems[0].pmids, problems[0].lost) == (Kind.DELETED, ("1", "2"), False)
    assert read(pubmed_set(deleted))[0] == []


def test_a_record_in_a_comment_is_no_record():
    kept, problems = read(pubmed_set(b"<!-- " + article("9") + b" -->", article()))
    assert [record.pmid for record in kept] == ["1001"]
    assert not problems


def test_an_empty_set_is_an_honest_answer():
    for body in (pubmed_set(), HEAD + b"<PubmedArticleSet/>"):
        records, problems = read(body)
        assert records == []
        assert [(problem.kind, problem.lost) for problem in problems] == [(Kind.EMPTY, False)]
        assert list(iter_pubmed(body)) == []


ANSWERS = {
    "nothing": (b"", "empty"),
    "spaces": (b"  \n ", "empty"),
    "prolog only": (HEAD, "prolog and nothing else"),
    "open set only": (HEAD + b"<PubmedArticleSet>", "cut off"),
    "efetch error": (b'<?xml version="1.0"?><eFetchResult><ERROR>ID list is empty!</ERROR></eFetchResult>', "ID list is empty!"),
    "error in a set": (HEAD + b"<PubmedArticleSet><ERROR>Timeout</ERROR></PubmedArticleSet>", "Timeout"),
    "search result": (b"<eSearchResult><Count>1</Count></eSearchResult>", "eSearchResult"),
    "search error": (b"<eSearchResult><ERROR>Search Backend failed</ERROR></eSearchResult>", "Search Backend failed"),
    "web page": (b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>", "web page.*502 Bad Gateway"),
    "XHTML page": (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html><body/></html>', "web page"),
    "rate limit": (b'{"error":"API rate limit exceeded","api-key":"SECRETKEY","count":"4","limit":"3"}', "API rate limit exceeded"),
    "raw newline in JSON": (b'{"esearchresult":{"ERROR":"Search\nfailed"}}', "Search failed"),
    "JSON search": (b'{"header":{"type":"esearch"},"esearchresult":{"count":"0"}}', "ESearch"),
    "other XML": (b"<DescriptorRecordSet/>", "DescriptorRecordSet"),
    "JATS": (b"<article><front/></article>", "not PubMed XML"),
    "MEDLINE": (b"PMID- 1\nTI  - x\n", "not PubMed XML"),
    "PDF": (b"%PDF-1.4", "PDF"),
    "escaped string": (b'"<?xml version=\\"1.0\\"?>\\n<PubmedArticleSet></PubmedArticleSet>"', "quoted string"),
    "entities": (b'<!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + pubmed_set(article(title="&x;")).removeprefix(HEAD), "entities"),
    "billion laughs": (b'<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><PubmedArticleSet><PubmedArticle>&b;</PubmedArticle></PubmedArticleSet>', "entities"),
    "cut gzip": (gzip.compress(b"x" * 100, mtime=0)[:10], "compressed file"),
}  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("lenient", [True, False])
def test_an_error_is_never_zero_records(answer, lenient):
    body, says = ANSWERS[answer]
    with pytest.raises(InputError, match=re.compile(says, re.DOTALL)) as caught:
        list(iter_pubmed(body, problems=[] if lenient else None))
    assert "SECRETKEY" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_error_after_records_is_reported():
    kept, problems = read(pubmed_set(article(), b"<ERROR>Backend gone</ERROR>"))
    assert len(kept) == 1
    assert "Backend gone" in problems[0].reason


def test_a_missing_file_is_said_in_one_sentence(tmp_path):
    with pytest.raises(InputError, match=r"^absent\.xml: cannot be opened: there is no such file\.$"):
        list(iter_pubmed(tmp_path / "absent.xml"))


@given(data=st.data())
@settings(deadline=None, max_examples=150)
def test_random_damage_to_one_record_leaves_the_others(data):
    records = ten()
    at = data.draw(st.integers(0, 9), label="record")
    damaged = bytearray(records[at])
    for _ in range(data.draw(st.integers(1, 12), label="bytes")):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    records[at] = bytes(damaged)
    others = {str(1001 + number) for number in range(10) if number != at}
    kept, problems = read(pubmed_set(*records))
    found = {record.pmid for record in kept}
    if b"<!--" in records[at]:  # an opened comment may rightly swallow what follows
        assert found >= others or any(problem.lost for problem in problems)
    else:
        assert found >= others
        assert len(kept) == 10 or any(problem.lost for problem in problems)


@given(
    body=st.binary(max_size=300), prefix=st.sampled_from([b"", b"<PubmedArticleSet>", b"<PubmedArticle>", b"\x1f\x8b"])
)
@settings(deadline=None, max_examples=200)
def test_garbage_raises_only_our_error(body, prefix):
    try:
        records, problems = read(prefix + body)
    except InputError:
        return
    assert records or problems


def test_a_record_without_end_is_let_go():
    """Also a guard against searching the whole buffer again at every chunk: this would not end then."""
    kept, problems = read(HEAD + b"<PubmedArticleSet><PubmedArticle>" + b"x" * (70 << 20))
    assert not kept
    assert "longer than 64 MB" in problems[0].reason
