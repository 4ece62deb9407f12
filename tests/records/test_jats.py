"""JATS, case by case. All records here are synthetic; the labelled articles are read where they are at hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketalit.errors import InputError
from ketalit.records.jats import read_jats
from ketalit.records.model import from_json, to_json
from ketalit.records.problems import Kind
from ketalit.records.text import canonical_text
from ketalit.vocabulary import Status
from tests.shared import SHARED, needs_shared

from .synthetic import jats, pubmed_set


def one(body="", **parts):
    problems = []
    records = read_jats(jats(body, **parts), problems=problems)
    assert not problems
    assert from_json(to_json(records[0])) == records[0]
    return records[0]


BODY = """<sec sec-type="methods"><label>1.</label><title>Methods</title><p>First.</p><sec><title>Patients</title>
<p>Second <xref ref-type="bibr" rid="B1">1</xref>.</p><list><list-item><p>Third.</p></list-item></list></sec>
<p>Fourth.</p></sec><p>Loose.</p><sec><title>Findings</title><p>Fifth.</p></sec>"""


def test_front_matter():
    record = one(
        meta="""<contrib-group><contrib contrib-type="author"><name><surname>Doe</surname><given-names>Jane Q.</given-names>
        <suffix>Jr.</suffix></name><contrib-id contrib-id-type="orcid">https://orcid.org/0000-0001-2345-6789</contrib-id>
        <xref ref-type="aff" rid="a1"><sup>1</sup></xref></contrib><contrib contrib-type="author"><collab>Synthetic Group
        <contrib-group><contrib><name><surname>Inner</surname></name></contrib></contrib-group></collab></contrib>
        <contrib contrib-type="editor"><name><surname>Ed</surname></name></contrib></contrib-group>
        <aff id="a1"><label>1</label>Here, There</aff><pub-date pub-type="epub"><day>30</day><month>12</month><year>2008</year>
        </pub-date><pub-date pub-type="ppub"><month>1</month><year>2009</year></pub-date><volume>7</volume><issue>2</issue>
        <fpage>12</fpage><lpage>18</lpage><kwd-group><kwd>pain</kwd></kwd-group><permissions><license
        xlink:href="https://creativecommons.org/licenses/by/4.0/"><license-p>words</license-p></license></permissions>
        <abstract><sec><title>Aim:</title><p>To see.</p></sec><sec><title>Results</title><p>Seen.</p></sec></abstract>
        <abstract abstract-type="graphical"><p>Picture.</p></abstract><trans-abstract xml:lang="es"><p>Ver.</p></trans-abstract>""",
        body=BODY,
    )
    assert (record.pmid, record.pmcid, record.doi) == ("1001", "PMC2002", "10.0000/synth.1")
    jane, group = record.authors
    assert (jane.name, jane.orcid, jane.affiliations) == ("Doe JQ Jr", "0000-0001-2345-6789", ("Here, There",))
    assert group.name == "Synthetic Group"
    assert (record.published.iso, record.published_online.iso) == ("2009-01", "2008-12-30")
    assert (record.volume, record.issue, record.pages, record.keywords) == ("7", "2", "12-18", ("pain",))
    assert [(s.label, s.text) for s in record.abstract] == [("Aim", "To see."), ("Results", "Seen.")]
    assert [(o.language, o.type) for o in record.other_abstracts] == [("en", "graphical"), ("es", "")]
    assert record.journal.abbreviation == "J Synth Res"
    assert record.full_text.licence == "https://creativecommons.org/licenses/by/4.0/"


def test_paragraphs_have_stable_locators():
    assert [(p.locator, p.text, p.section, p.section_type) for p in one(BODY).full_text.paragraphs] == [
        ("sec1.p1", "First.", "1. Methods", "methods"),
        ("sec1.1.p1", "Second 1.", "1. Methods > Patients", "methods"),
        ("sec1.1.p2", "Third.", "1. Methods > Patients", "methods"),
        ("sec1.p2", "Fourth.", "1. Methods", "methods"),
        ("body.p1", "Loose.", "", ""),
        ("sec2.p1", "Fifth.", "Findings", "results"),
    ]


def test_every_offset_of_the_canonical_text_has_a_locator():
    text = canonical_text(one(BODY))
    assert text.locate(text.text.index("Third")) == "sec1.1.p2"


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [
        ("40 patients<sup>12</sup>.", "40 patients¹²."),
        ("40 patients<xref ref-type='bibr'>12</xref>.", "40 patients¹²."),
        ("40 patients<sup><xref ref-type='bibr'>12</xref>,<xref ref-type='bibr'>13</xref></sup>.", "40 patients¹²,¹³."),
        ("40 patients [<xref ref-type='bibr'>12</xref>].", "40 patients [12]."),
        ("in some (<xref ref-type='bibr'>1</xref>,<xref ref-type='bibr'>2</xref>)", "in some (1,2)"),
        ("a (b) c<xref ref-type='bibr'>1</xref>", "a (b) c¹"),
        ("see <xref ref-type='table'>Table 2</xref>", "see Table 2"),
        ("dose<break/>given", "dose given"),
        ("<inline-formula><alternatives><tex-math>\\documentclass</tex-math><mml:math><mml:mi>x</mml:mi></mml:math></alternatives></inline-formula> = 3", "x = 3"),
        ("text<fn><p>aside</p></fn> goes on", "text goes on"),
        ("one<list><list-item><p>two</p></list-item><list-item><p>three</p></list-item></list>", "one two three"),
        ("before<table-wrap><label>Table 1</label><table><tr><td>x</td></tr></table></table-wrap> after", "before after"),
    ],
)  # fmt: skip
def test_text_of_paragraphs(printed, read_as):
    assert one(f"<p>{printed}</p>").full_text.paragraphs[0].text == read_as


def test_title_without_footnote_marks():
    record = read_jats(
        jats().replace(
            b"Synthetic trial</article-title>",
            b"Synthetic <italic>trial</italic><xref ref-type='fn'>*</xref> of x</article-title><subtitle>A study</subtitle>",
        )
    )[0]
    assert record.title == "Synthetic trial of x: A study"
    assert record.title_markup == "Synthetic <i>trial</i> of x: A study"


@pytest.mark.parametrize(
    ("body", "comment", "note"),
    [
        ("", "<!--The publisher of this article does not allow downloading of the full text in XML form.-->",
         "full text not open: the publisher does not allow downloading it from PMC"),
        ("", "", "the file holds no full text"),
        ("<sec><title>Empty</title></sec>", "", "the body of the file is empty"),
    ],
)  # fmt: skip
def test_a_closed_body_is_none_and_says_why(body, comment, note):
    record = one(body, rest=comment)
    assert record.full_text is None
    assert record.notes == (note,)


def test_articles_inside_the_article_are_not_mixed_in():
    inner = "<front-stub><title-group><article-title>Inner</article-title></title-group></front-stub><body><p>Inner words.</p><table-wrap><table><tr><td>i</td></tr></table></table-wrap></body>"
    record = one("<p>Own words.</p>", rest=f"<sub-article>{inner}</sub-article><response>{inner}</response>")
    assert [paragraph.text for paragraph in record.full_text.paragraphs] == ["Own words."]
    assert (record.title, record.full_text.tables) == ("Synthetic trial", ())


@pytest.mark.parametrize(
    ("kind", "related", "status"),
    [
        ("research-article", "retraction-forward", Status.RETRACTED),
        ("research-article", "correction-forward", Status.CORRECTED),
        ("research-article", "expression-of-concern", Status.CONCERN),
        ("research-article", "companion", Status.CURRENT),
        ("correction", "corrected-article", Status.NOTICE),
        ("retraction", "retracted-article", Status.NOTICE),
        ("retraction", "", Status.NOTICE),
        ("research-article", "", Status.CURRENT),
    ],
)
def test_related_articles_decide_the_status(kind, related, status):
    link = (
        f'<related-article related-article-type="{related}" ext-link-type="pubmed" xlink:href="7"/>' if related else ""
    )
    record = one(meta=link, attributes=f'article-type="{kind}"')
    assert record.status is status
    assert [correction.pmid for correction in record.corrections if related] == (["7"] if related else [])


def test_references():
    record = one(
        back="""<ref-list><ref id="B1"><label>1</label><mixed-citation>Doe J. A title. J Synth 2001;1:2.
        <pub-id pub-id-type="pmid">7</pub-id></mixed-citation></ref><ref><element-citation><person-group><name><surname>Roe</surname>
        <given-names>R</given-names></name></person-group><article-title>Title</article-title><source>J Synth</source><year>2002</year>
        <volume>3</volume><fpage>4</fpage><pub-id pub-id-type="doi">10.0000/X</pub-id></element-citation></ref></ref-list>"""
    )
    assert [(r.citation, r.pmid, r.doi) for r in record.references] == [
        ("Doe J. A title. J Synth 2001;1:2.", "7", ""),
        ("Roe R. Title. J Synth 2002;3:4.", "", "10.0000/X"),
    ]
    assert record.pmid == "1001"


def test_namespaced_article_in_an_oai_answer():
    body = jats("<p>Words.</p>").replace(b"<article ", b'<article xmlns="https://jats.nlm.nih.gov/ns/archiving/1.3/" ')
    answer = (
        b'<?xml version="1.0"?><OAI-PMH><GetRecord><record><metadata>'
        + body
        + b"</metadata></record></GetRecord></OAI-PMH>"
    )
    assert read_jats(answer)[0].full_text.paragraphs[0].text == "Words."


def test_a_set_keeps_its_readable_articles():
    problems = []
    records = read_jats(
        b"<pmc-articleset>" + jats("<p>a</p>") + jats("<p>a & b</p>") + jats("<p>c</p>") + b"</pmc-articleset>",
        problems=problems,
    )
    assert len(records) == 2
    assert [problem.where for problem in problems] == ["article 2"]


def test_articles_that_pmc_withholds_are_named():
    problems = []
    answer = b'<pmc-articleset><error id="123">The article is not available</error><Reply Id="9" error="not found"/></pmc-articleset>'
    assert read_jats(answer, problems=problems) == []
    assert [problem.kind for problem in problems] == [Kind.UNAVAILABLE] * 2
    with pytest.raises(InputError, match="PMC does not give out 123"):
        read_jats(answer)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b"<html><title>Gone</title></html>", "web page"),
        (b"<pmc-articleset><ERROR>Timeout</ERROR></pmc-articleset>", "Timeout"),
        (pubmed_set(), "not JATS"),
        (jats("<p>x</p>")[:500], "cut off by the end"),
        (b"<article/>", "cut off"),
        (b"<article><title>DocBook</title></article>", "front matter"),
        (b'<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]><article>&x;</article>', "entities"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_refused_by_name(body, says):
    with pytest.raises(InputError, match=says):
        read_jats(body)


@given(data=st.data())
@settings(deadline=None, max_examples=100)
def test_random_damage_raises_only_our_error(data):
    body = bytearray(jats(BODY))
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    problems = []
    try:
        records = read_jats(bytes(body), problems=problems)
    except InputError:
        return
    assert records or problems


@needs_shared
@pytest.mark.parametrize("folder", ["jats", "outcomes/jats"])
def test_every_labelled_article_parses(folder):
    for path in sorted((SHARED / "labelled" / folder).iterdir()):
        (record,) = read_jats(path)
        assert record.title, path.name
        assert record.identifiers, path.name
        assert record.year, path.name
        if record.full_text:
            locators = [part.locator for part in (*record.full_text.paragraphs, *record.full_text.tables)]
            assert len(locators) == len(set(locators)), path.name
