"""A PubMed query judged locally: fields, phrases, truncation, left to right; and the fast look, which misses nothing."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketalit.errors import InputError
from ketalit.records.model import Chemical, Date, MeshHeading, Record, Section, Term
from ketalit.records.pubmed import iter_pubmed
from ketalit.review import load_review
from ketalit.scan.terms import Query, Raw
from ketalit.scan.wanted import wanted_by
from tests.records.synthetic import abstract, article, pubmed_set, text

RECORD = Record(
    source="pubmed",
    pmid="1001",
    title="S-ketamine in complex regional pain syndrome",
    abstract=(Section(text="Forty patients with chronic pain got an infusion."),),
    keywords=("allodynia",),
    mesh=(MeshHeading(name="Pain, Intractable", major=True), MeshHeading(name="Humans")),
    publication_types=(Term(name="Randomized Controlled Trial"),),
    chemicals=(Chemical(name="Ketamine"),),
    languages=("eng",),
    published=Date(iso="2009-11", precision="month"),
)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("ketamine", True),
        ("KETAMINE[tiab]", True),
        ("esketamine", False),
        ("ketamin*", True),
        ("ketamin", False),
        ('"s-ketamine"[tiab]', True),
        ("s-ketamine[ti]", True),
        ('"pain chronic"[tiab]', False),
        ("pain chronic[tiab]", True),
        ('"chronic pain"[ti]', False),
        ('"chronic pain"[ab]', True),
        ("allodynia[tiab]", True),  # PubMed counts authors' keywords in
        ("humans[tiab]", False),
        ("humans", True),
        ('"Pain, Intractable"[mh]', True),
        ('"Pain, Intractable/drug therapy"[majr:noexp]', True),
        ("humans[majr]", False),
        ("pain[mh]", False),  # PubMed would look below Pain in the tree
        ('"randomized controlled trial"[pt]', True),
        ("review[Publication Type]", False),
        ("ketamine[nm]", True),
        ("eng[la]", True),
        ("1001[uid]", True),
        ("2009[dp]", True),
        ("2010:2020[dp]", False),
        ("2000/01/01:2009/12/31[dp]", True),
        ("1990:2000[pdat] OR chronic", True),
        ("propofol OR ketamine AND propofol", False),  # left to right
        ("propofol AND ketamine OR ketamine", True),
        ("propofol AND (ketamine OR ketamine)", False),
        ("ketamine NOT humans[mh]", False),
        ("ketamine NOT (animals[mh] NOT humans[mh])", True),
        ("ketamine AND NOT propofol", True),
        ("ketamine infusion", True),
        ("ketamine “chronic pain”", True),
        ("Smith J[au]", True),  # cannot be judged, rules nothing out
        ("ketamine NOT free full text[sb]", True),
        ("propofol AND Smith J[au]", False),
    ],
)
def test_queries(query, kept):
    assert Query(query).keeps(RECORD) is kept


@pytest.mark.parametrize(
    "query", ["", "()", "(ketamine", "ketamine)", "AND pain", "pain OR", '"open', "[tiab]", "(" * 500]
)
def test_what_is_no_query_is_said_so(query):
    with pytest.raises(InputError, match="the query cannot be read"):
        Query(query)


def test_what_cannot_be_judged_is_told():
    query = Query('Smith J[au] AND "Pain"[mh] AND ketamine')
    assert query.unjudged == ("Smith J[au]",)
    assert query.headings == ("“Pain”[mh]",)


WORD = st.sampled_from(["ketamine", "pain", "s", "chronic", "étude", "α", "KETAMINE", "nmda"])
TAG = st.sampled_from(["", "[tiab]", "[ti]", "[mh]", "[pt]", "[au]"])
TERM = st.builds(lambda words, tag, quote: f'"{words}"{tag}' if quote else f"{words}{tag}", WORD, TAG, st.booleans())
QUERY = st.recursive(
    TERM,
    lambda inner: st.builds(lambda a, op, b: f"({a} {op} {b})", inner, st.sampled_from(["AND", "OR", "NOT"]), inner),
    max_leaves=6,
)
PIECE = st.sampled_from(
    (
        *("ketamine", "keta<i>mine</i>", "<b>K</b>etamine", "k&#101;tamine", "ket&#x61;mine", "KetaMine", "pain"),
        *("chronic ", "S-ketamine", "(<sup>+</sup>)", "s<sub>2</sub>", "étude", "&#233;tude", "α", "NMDA", " ", ". "),
        *("&amp;", "-", "&#38;#101;", "ke<!-- -->tamine"),
    )
)


@given(QUERY, st.lists(PIECE, max_size=8), st.lists(PIECE, max_size=8))
def test_the_fast_look_never_misses_what_the_close_one_keeps(query, title, words):
    raw = article(
        "1001", title=f"<ArticleTitle>x {''.join(title)}</ArticleTitle>", article=abstract(text("x " + "".join(words)))
    )
    (record,) = iter_pubmed(pubmed_set(raw))
    asked = Query(query)
    if asked.keeps(record):
        assert asked.may_keep(Raw(raw))


def test_the_fast_look_leaves_out_what_has_none_of_the_words():
    assert not Query("ketamine[tiab] AND pain").may_keep(
        Raw(article("1001", title="<ArticleTitle>Pain</ArticleTitle>"))
    )


def test_words_of_references_are_nobody_s_words():
    cited = "<ReferenceList><Reference><Citation>Ketamine. J Synth Res.</Citation></Reference></ReferenceList>"
    raw = article("1001", title="<ArticleTitle>Pain</ArticleTitle>", data=cited)
    (record,) = iter_pubmed(pubmed_set(raw))
    assert not Query("ketamine").keeps(record)
    assert not Query("ketamine").may_keep(Raw(raw))


def test_a_review_is_scanned_by_its_searches_else_by_its_drugs():
    review = load_review()
    assert wanted_by(review).searches == tuple((one.name, one.query) for one in review.searches)
    assert wanted_by(review).drugs == review.drugs
    bare = dataclasses.replace(review, searches=(), drugs=("ketamine", "S-ketamine"))
    assert wanted_by(bare).searches == (("drug names", '"ketamine" OR "S-ketamine"'),)
    with pytest.raises(InputError, match="nothing to look for"):
        wanted_by(dataclasses.replace(bare, drugs=()))
