"""What the fuzzers feed: sound files, files made by a grammar, and damage done to both. All of it is synthetic.

Recorded files, where the shared material lies beside the project, are the ground of the long runs only.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
import tarfile
from functools import cache

from hypothesis import strategies as st

from ketalit.records.files import read_bytes
from ketalit.records.model import to_json
from tests.records.synthetic import abstract, article, jats, pubmed_set, text
from tests.shared import SHARED

WORDS = [
    "In",
    "a",
    "randomised,",
    "double-blind,",
    "placebo-controlled",
    "crossover",
    "trial",
    "60",
    "patients",
    "(n",
    "=",
    "30",
    "per",
    "arm)",
    "with",
    "complex",
    "regional",
    "pain",
    "syndrome",
    "received",
    "S-ketamine",
    "0.5",
    "mg/kg/h",
    "i.v.",
    "over",
    "4.2",
    "days.",
    "Pain",
    "(NRS",
    "0-10)",
    "fell",
    "by",
    "2.1",
    "(95%",
    "CI",
    "1.2",
    "to",
    "3.0;",
    "P<.001)",
    "at",
    "12",
    "weeks.",
    "Nausea",
    "occurred",
    "in",
    "63%",
    "vs",
    "17%.",
    "No",
    "serious",
    "adverse",
    "events.",
    "Thirty-one",
    "of",
    "1,200",
    "rats",
    "died.",
]
# Numbers, signs and marks that have broken readers before: of others, and of this one.
TOKENS = [
    *(
        "9" * 5000,
        "0",
        "-1",
        "1e999",
        "²",
        "①",
        "٣",
        "１２",
        "½",
        "½ mg/kg",
        "1/0",
        "0/0",
        "nan",
        "inf",
        "1" + "0" * 400,
    ),
    *("\x00", "\ufeff", "\u202e", "\x1b[31m", "\x85", "\u2028", "\u200b", "İ", "ﬁ", "ß", "\U0001f9ea", "\x0b", "\r"),
    *(
        "<",
        ">",
        "&",
        "&#0;",
        "&#xD800;",
        "&#99999999;",
        "&bogus;",
        "&amp;lt;",
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "<?x",
    ),
    *('"', "'", "“", "”", "[", "]", "(", ")", "{", "}", "\\", '\\"{', "@", "#", "%", "$", "~", "`", "|", "*", "_", "^"),
    *("[1]", "[^1]", "(1,2)", "[1-99]", "¹", "pain.3", "References\n", "1. ", "- ", "\n\n", "\n", "\t", ";", ","),
    *(
        "PMID: 19604642",
        "PMID: 0",
        "PMC4014022",
        "doi:10.1000/x",
        "10.1000/a(b)c).",
        "https://doi.org/10.1000/x/full/pdf",
    ),
    *(
        "https://pubmed.ncbi.nlm.nih.gov/1/",
        "http://[",
        "//",
        "www.",
        "S2210-8440(14)20006-2",
        "javascript:x",
        "%00%ff",
    ),
    *("Smith et al.", "a 2009 study by Dr. Doe", "(Roe, 2011)", "Smith J, Doe AB. A trial. Pain. 2009;145(3):304-11."),
    *("2009", "31 Feb 2009", "13/13/2013", "0000-00-00", "e.g.", "vs.", "U.S.", "No. 5", "P<.05", "3. 1%"),
    *(
        "ER  - ",
        "TY  - JOUR",
        "PMID- 1",
        "AB  - ",
        "      ",
        "@article{a,",
        "@string{a=",
        "PT J",
        "\x1f\x8b",
        "PK\x03\x04",
    ),
    *("<!DOCTYPE a [<!ENTITY b 'c'>]>", "<!DOCTYPE a", "<DeleteCitation>", "</PubmedArticle>", "<PubmedArticle>"),
]

# --- sound files


@cache
def seeds() -> dict[str, bytes]:
    """A small sound file of each format, by name."""
    words = " ".join(WORDS)
    escaped = words.replace("<", "&lt;")
    article_xml = jats(
        f"<sec sec-type='methods'><title>Methods</title><p>{' '.join(WORDS[:20])}<xref ref-type='bibr'>1</xref> "
        "<inline-formula><mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math></inline-formula></p>"
        "<table-wrap id='t1'><label>Table 1</label><table><thead><tr><th rowspan='2'>Arm</th><th colspan='2'>Pain</th></tr>"
        "<tr><th>n</th><th>mean</th></tr></thead><tbody><tr><td>ketamine</td><td>30</td><td>3.1 (1.2)</td></tr></tbody>"
        f"</table></table-wrap></sec><sec><title>Results</title><p>{escaped}</p></sec>",
        meta=f"<abstract><sec><title>Aim</title><p>{escaped}</p></sec></abstract>",
        back="<ref-list><ref id='r1'><label>1</label><mixed-citation>Doe J. 2009</mixed-citation></ref></ref-list>",
    )
    parted = abstract(text("To see.", 'Label="AIM"'), text(escaped, 'Label="RESULTS" NlmCategory="RESULTS"'))
    pubmed = pubmed_set(article("1001", article=parted), article("1002", article=abstract(text(escaped))))
    medline = (
        "PMID- 1001\nOWN - NLM\nSTAT- MEDLINE\nDP  - 2009 Nov 3\nTI  - Synthetic trial of\n      ketamine.\n"
        f"AB  - AIM: To see. RESULTS: {words}\nFAU - Doe, Jane\nAU  - Doe J\nAD  - Nowhere.\nAUID- ORCID: 0000000123456789\n"
        "PT  - Randomized Controlled Trial\nMH  - *Ketamine/administration & dosage\nAID - 10.1000/a [doi]\n"
        "SI  - ClinicalTrials.gov/NCT00000000\nRN  - 690G0D6V8H (Ketamine)\nCIN - J Synth. 2010;1:2. PMID: 1002\n\n"
        "PMID- 1002\nTI  - Another\n"
    )
    ris = (
        f"TY  - JOUR\nAU  - Doe, Jane\nAU  - Roe, R.\nTI  - Synthetic trial\nAB  - {words}\nPY  - 2009/11/03/\nJO  - J Synth\n"
        "VL  - 7\nIS  - 2\nSP  - 1\nEP  - 9\nDO  - 10.1000/a\nAN  - 1001\nDB  - MEDLINE\nKW  - pain\nER  - \n\n"
        "TY  - CHAP\nTI  - A chapter\nT2  - A book\nER  - \n"
    )
    wos = f"FN Synthetic\nVR 1.0\nPT J\nAU Doe, J\n   Roe, R\nAF Doe, Jane\nTI A trial\nAB {words}\nPY 2009\nDI 10.1000/a\nER\n\nEF\n"
    bibtex = (
        '@string{jp = "J Synth"}\n@article{doe2009, title = {A {Synthetic} trial}, author = "Doe, Jane and Roe, R{\\"o}",\n'
        f" journal = jp # { {'x'}!s}, year = 2009, month = nov, doi = {{10.1000/a}}, abstract = {{{words}}}}}\n"
        "@book(roe, title = {Pain}, pmid = 5, pages = {1--9})\n"
    ).replace("{'x'}", '" of Pain"')
    table = io.StringIO()
    csv.writer(table).writerows(
        [
            ["PMID", "Title", "Authors", "Year", "Journal/Book", "DOI", "Abstract"],
            ["1001", "A, trial", "Doe J; Roe R", "2009", "J Synth", "10.1000/a", words],
            ["", 'A "quoted"\ntitle', "Roe R", "2009.0", "", "", ""],
        ]
    )
    records = b"".join(to_json(record) + b"\n" for record in read_bytes(pubmed, "a.xml").records)
    return {
        "pubmed.xml": pubmed,
        "jats.xml": article_xml,
        "medline.nbib": medline.encode(),
        "export.ris": ris.encode(),
        "wos.txt": wos.encode(),
        "export.bib": bibtex.encode(),
        "export.csv": table.getvalue().encode(),
        "export.xlsx": _workbook(),
        "records.jsonl": records,
        "pubmed.xml.gz": gzip.compress(pubmed, mtime=0),
    }


def _workbook() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["PMID", "Title", "Authors", "Year", "DOI"])
    book.active.append([1001, "A trial", "Doe J", 2009, "10.1000/a"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def pages() -> dict[str, bytes]:
    """Small sound pages of each kind, by name."""
    words = " ".join(WORDS)
    escaped = words.replace("<", "&lt;")
    return {
        "page.txt": (
            f"{words} [1] A 2009 study by Dr. Jane Doe found more. Smith et al. (2011) agree (2,3).\nIn 2012, researchers at "
            "Yale University saw pain.4 See PMID: 19604642 and https://doi.org/10.1000/x.\n\nReferences\n"
            "1. Smith J, Doe AB. A trial of ketamine. Pain. 2009;145(3):304-11.\n2. Roe R (2010). Pain. J Synth, 7(2), 1-9. "
            "doi:10.1000/y\n[3] PMC4014022\n"
        ).encode(),
        "page.html": (
            f"<!doctype html><html><head><meta charset=utf-8><title>x</title></head><body><nav>y</nav><p>{escaped}<sup>1</sup> "
            "<a href='#r1'>[1]</a> <a href='https://pubmed.ncbi.nlm.nih.gov/19604642/'>a 2009 study</a></p><script>z()</script>"
            "<table><tr><td>a</td></tr></table><ol start=1><li id=r1>Smith J. A trial. Pain. 2009;1:2-3.</li>"
            "<li><p>doi:10.1000/y</p></li></ol></body></html>"
        ).encode(),
        "page.md": (
            f"# Pain\n\n{words}[^1] See [a trial](https://doi.org/10.1000/x) and <https://clinic.example>.\n\n* a\n* b\n\n"
            "[^1]: Smith J. A trial. Pain. 2009;1:2-3.\n\n[x]: https://doi.org/10.1000/z\n"
        ).encode(),
    }


@cache
def archives() -> tuple[bytes, ...]:
    """Tape archives as `pack` writes them, not yet compressed."""
    import hashlib

    members = [("review/review.toml", b"format = 1\n"), ("review/votes/A.csv", b"record,stage,decision\n")]
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in members).encode()
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in [("SHA256SUMS", sums), *members]:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return (out.getvalue(),)


@cache
def reviews() -> dict[str, bytes]:
    """Small sound reviews, by name: the files of a folder one after another, each under a line with its name."""
    words = "A synthetic trial of ketamine in 60 patients with pain"
    records = "".join(
        f'{{"source":"person","key":"{key}","pmid":"{number}","title":"{words}","published":{{"iso":"2009","precision":"year"}}}}\n'
        for number, key in enumerate(("doe2009", "roe2010", "poe2011"), 1001)
    )
    files = {
        "review.toml": (
            'format = 1\ntitle = "Synthetic"\nquestion = "Does it?"\ndrugs = ["ketamine"]\nreasons = ["other design"]\n'
            '[outcomes]\npain = "pain intensity"\n[followup]\nshort = "0 to 4 weeks"\n'
            '[[searches]]\nname = "broad"\nquery = "ketamine[tiab] AND pain"\nwhy = "all"\n'
        ),
        "records.jsonl": records,
        "screening.csv": "record,decision,reason,study,who,when,note\ndoe2009,include,,doe2009,AB,2026-11-22,\n"
        "roe2010,exclude,other design,,AB,2026-11-22,\npoe2011,maybe,,,AB,2026-11-22,x\n",
        "extraction.csv": "record,field,value,unit,quote,locator,source,origin,checked,who,when,note\n"
        "doe2009,n_total,60,,60 patients,abstract,PMID:1001,person,one,AB,2026-11-22,\n"
        "doe2009,dose,0.5 mg/kg,,,abstract,PMID:1001,curated,two,AB,2026-11-22,\n"
        "doe2009,design,parallel RCT,,,abstract,PMID:1001,person,one,AB,2026-11-22,\n"
        "doe2009,followup,12,weeks,,abstract,PMID:1001,person,one,AB,2026-11-22,\n",
        "effects.csv": "study,record,comparison,outcome,measure,hours,window,n1,mean1,sd1,n2,mean2,sd2,source,locator,better\n"
        "doe2009,doe2009,ketamine vs placebo,pain,MD,24,,30,3.1,1.2,30,5.2,1.4,PMID:1001,table 2,lower\n"
        "poe2011,poe2011,ketamine vs placebo,pain,MD,24,,20,4.0,1.0,21,4.9,1.1,PMID:1003,table 2,lower\n",
        "claims.csv": "id,page,claim,topic,verdict,explanation,basis,locators,cited,priority,checked,when,would_change,note\n"
        "K01,p.txt,Ketamine relieves pain,pain,supported,It did,doe2009,doe2009: abstract,none,1,one,2026-11-22,x,\n",
        "rob.csv": "study,comparison,outcome,time,domain,judgement,reason,who,when,note\n",
        "summary.csv": "comparison,outcome,time,certainty,reasons,who,when,note\n",
        "duplicates.csv": "record,same_as,decision,reason,who,when,note\n",
        "adjudication.csv": "record,stage,decision,reason,who,when,note\n",
        "votes/AB.csv": "record,stage,decision,reason,note,when\ndoe2009,title/abstract,include,,,2026-11-22T10:00:00Z\n",
        "votes/CD.csv": "record,stage,decision,reason,note,when\ndoe2009,title/abstract,exclude,,,2026-11-22T10:00:00Z\n",
        "extraction/AB.csv": "record,field,value,unit,quote,locator,when,note\ndoe2009,n_total,60,,,abstract,2026-11-22,\n",
    }  # fmt: skip
    whole = "".join(f"==== {name}\n{content}" for name, content in files.items())
    small = "".join(f"==== {name}\n{files[name]}" for name in ("review.toml", "records.jsonl"))
    return {"whole": whole.encode(), "small": small.encode()}


QUERIES = (
    'ketamine[tiab] AND "chronic pain" NOT review[pt]',
    '((ketamin*[ti] OR "Ketamine"[mh]) AND (pain OR (a AND (b OR c)))) AND 2009:2014[dp] NOT (rats[mh] NOT humans[mh])',
    "n_total>=30 AND condition~CRPS",
    "design=crossover RCT AND year<2010",
    "dose!=not reported",
    "-year,design",
    "infusion~rate=0.3~drug=memantine",
)
QUERY_PARTS = (
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    '"',
    "[",
    "]",
    "~",
    "=",
    "<",
    "-",
    "*",
    "[ti]",
    "٣",
    "9" * 5000,
    "",
    "\x1b[31m",
)


@cache
def recorded(limit: int = 60_000) -> tuple[bytes, ...]:
    """Recorded files of the shared material, the first part of the long ones; nothing where it is absent."""
    places = [SHARED / "recorded" / name for name in ("pubmed_xml", "pmc_jats", "medline", "eutils")] + [
        SHARED / "clinic_pages"
    ]
    files = sorted(path for place in places if place.is_dir() for path in place.rglob("*") if path.is_file())
    found = []
    for path in files:
        with path.open("rb") as file:
            found.append(file.read(limit))
    return tuple(found)


# --- damage


def damaged(sound: st.SearchStrategy[bytes], most: int = 6) -> st.SearchStrategy[bytes]:
    """Bytes with some of their stretches cut out, doubled, moved, repeated or written over."""
    tokens = st.sampled_from(TOKENS).map(lambda token: token.encode("utf-8", "surrogatepass"))
    step = st.tuples(
        st.sampled_from(["insert", "replace", "cut", "double", "repeat", "flip", "end", "swap"]),
        st.floats(0, 1, exclude_max=True),
        st.sampled_from([1, 2, 5, 20, 100, 700]) | st.integers(1, 40),
        tokens | st.binary(max_size=6),
        st.sampled_from([2, 3, 30, 1000]),
    )
    return st.builds(_damage, sound, st.lists(step, min_size=1, max_size=most))


def _damage(content: bytes, steps: list[tuple[str, float, int, bytes, int]]) -> bytes:
    for kind, place, length, token, times in steps:
        at = int(place * (len(content) + 1))
        head, part, tail = content[:at], content[at : at + length], content[at + length :]
        if kind == "insert":
            content = head + token + part + tail
        elif kind == "replace":
            content = head + token + tail
        elif kind == "cut":
            content = head + tail
        elif kind == "double":
            content = head + part + part + tail
        elif kind == "repeat":
            content = head + (part or token) * min(times, 40_000 // max(1, len(part or token))) + tail
        elif kind == "flip" and part:
            content = head + bytes([part[0] ^ (1 << times % 8)]) + part[1:] + tail
        elif kind == "end":
            content = head
        elif kind == "swap":
            content = head + tail[:length] + part + tail[length:]
    return content[:95_000]


def with_random_damage(content: bytes, random_: random.Random) -> bytes:
    """As `damaged`, without hypothesis: for loops that run by the clock."""
    kinds = ["insert", "replace", "cut", "double", "repeat", "flip", "end", "swap"]
    steps = [
        (
            random_.choice(kinds),
            random_.random(),
            random_.choice([1, 2, 5, 20, 100, 700]),
            random_.choice(TOKENS).encode("utf-8", "surrogatepass"),
            random_.choice([2, 3, 30, 1000]),
        )
        for _ in range(random_.randint(1, 6))
    ]
    return _damage(content, steps)


# --- grammars

PROSE = st.lists(st.sampled_from(WORDS) | st.sampled_from(TOKENS[5:]), max_size=25).map(" ".join)
_TAGS = [
    "ArticleTitle",
    "Abstract",
    "AbstractText",
    "PMID",
    "Article",
    "Journal",
    "JournalIssue",
    "PubDate",
    "Year",
    "Month",
    "Day",
    "MedlineDate",
    "Volume",
    "Issue",
    "AuthorList",
    "Author",
    "LastName",
    "ForeName",
    "Initials",
    "Suffix",
    "CollectiveName",
    "AffiliationInfo",
    "Affiliation",
    "Identifier",
    "ELocationID",
    "ArticleIdList",
    "ArticleId",
    "PublicationTypeList",
    "PublicationType",
    "MeshHeadingList",
    "MeshHeading",
    "DescriptorName",
    "QualifierName",
    "CommentsCorrectionsList",
    "CommentsCorrections",
    "RefSource",
    "ChemicalList",
    "Chemical",
    "RegistryNumber",
    "NameOfSubstance",
    "DataBankList",
    "DataBank",
    "GrantList",
    "Grant",
    "KeywordList",
    "Keyword",
    "OtherAbstract",
    "VernacularTitle",
    "Pagination",
    "MedlinePgn",
    "StartPage",
    "EndPage",
    "MedlineCitation",
    "PubmedData",
    "PubmedArticle",
    "PubmedBookArticle",
    "BookDocument",
    "Book",
    "BookTitle",
    "ReferenceList",
    "Reference",
    "front",
    "article-meta",
    "title-group",
    "article-title",
    "abstract",
    "sec",
    "title",
    "p",
    "body",
    "back",
    "fn",
    "xref",
    "sup",
    "sub",
    "italic",
    "bold",
    "math",
    "mfrac",
    "msup",
    "mi",
    "mn",
    "mrow",
    "msubsup",
    "mmultiscripts",
    "mprescripts",
    "alternatives",
    "tex-math",
    "table-wrap",
    "table",
    "thead",
    "tbody",
    "tr",
    "td",
    "th",
    "tgroup",
    "colspec",
    "row",
    "entry",
    "list",
    "list-item",
    "def-list",
    "def-item",
    "disp-quote",
    "boxed-text",
    "fig",
    "graphic",
    "label",
    "caption",
    "contrib-group",
    "contrib",
    "name",
    "surname",
    "given-names",
    "collab",
    "aff",
    "pub-date",
    "year",
    "month",
    "day",
    "article-id",
    "sub-article",
    "response",
    "ref-list",
    "ref",
    "ext-link",
    "break",
]
_NAMES = [
    "Version",
    "Label",
    "NlmCategory",
    "IdType",
    "EIdType",
    "ValidYN",
    "RefType",
    "MajorTopicYN",
    "UI",
    "colspan",
    "rowspan",
    "morerows",
    "namest",
    "nameend",
    "colname",
    "article-type",
    "pub-id-type",
    "ref-type",
    "rid",
    "id",
    "sec-type",
    "pub-type",
    "contrib-type",
    "xml:lang",
    "xlink:href",
    "Status",
    "Owner",
    "Source",
]
_VALUES = st.sampled_from(
    ["1", "0", "-5", "9" * 30, "pmid", "doi", "pmc", "bibr", "Y", "N", "c1", "RESULTS", "", "²", "x y", "retraction"]
)


def xml() -> st.SearchStrategy[bytes]:
    """PubMed and JATS documents of elements that exist, in places where they may not."""
    escaped = PROSE.map(
        lambda words: "".join(c for c in words.replace("&", "&amp;").replace("<", "&lt;") if c >= " " or c in "\n\t")
    )
    attributes = st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=2)

    def element(tag: str, named: dict[str, str], inside: list[str]) -> str:
        head = "".join(f' {name}="{value}"' for name, value in named.items())
        return f"<{tag}{head}>{''.join(inside)}</{tag}>"

    def grown(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.builds(element, st.sampled_from(_TAGS), attributes, st.lists(children | escaped, max_size=5))

    trees = st.recursive(escaped, grown, max_leaves=25)
    inside = st.lists(trees, max_size=6).map("".join)
    as_pubmed = st.builds(
        lambda one, two, three: pubmed_set(article("1001", article=one, citation=two, data=three)),
        inside,
        inside,
        inside,
    )
    as_jats = st.builds(lambda body, meta, back: jats(body, meta=meta, back=back), inside, inside, inside)
    return as_pubmed | as_jats


def lines() -> st.SearchStrategy[bytes]:
    """MEDLINE, RIS and Web of Science text out of fields that exist, with odd contents."""
    medline = "PMID OWN STAT DP TI AB FAU AU AD AUID CN PT MH AID LID PMC DOI DEP RN SI GR IS JT TA VI IP PG LA CIN OAB OABL BTI OT"
    ris = "TY AU A1 TI T1 T2 AB N2 PY Y1 DA JO JF JA VL IS SP EP DO AN ID DB KW UR SN LA M1 M3 C2 N1 CY ER PM"
    wos = "PT AU AF TI SO AB PY DI UT DE BP EP VL IS PM ER EF"

    def of(tags: str, begin: str, form: str) -> st.SearchStrategy[bytes]:
        field = st.tuples(st.sampled_from(tags.split()), PROSE).map(lambda pair: form.format(*pair))
        return st.lists(field, max_size=15).map(
            lambda fields: (begin + "\n".join(fields) + "\n").encode("utf-8", "replace")
        )

    return (
        of(medline, "PMID- 1\n", "{0:<4}- {1}")
        | of(ris, "TY  - JOUR\nTI  - A\n", "{0}  - {1}")
        | of(wos, "PT J\nTI A\n", "{0} {1}")
    )


def bibtex() -> st.SearchStrategy[bytes]:
    """BibTeX entries, well-formed or nearly."""
    names = "title author journal year month doi pmid pages volume number abstract keywords url note eprint eprinttype booktitle"
    value = st.builds(
        "{}{}{}".format,
        st.sampled_from(["{", '"', "", "{{"]),
        PROSE,
        st.sampled_from(["}", '"', "", "}}", '" # jan # "x"']),
    )
    field = st.builds("{} = {}".format, st.sampled_from(names.split()), value)
    entry = st.builds(
        "@{}{{{},\n {}\n}}\n".format,
        st.sampled_from(["article", "book", "inbook", "misc", "string", "comment", "Article "]),
        st.sampled_from(["a", "doe:2009", "", "ä b", "a=b"]),
        st.lists(field, max_size=6).map(",\n ".join),
    )
    return st.lists(entry, min_size=1, max_size=4).map(lambda found: "".join(found).encode("utf-8", "replace"))


def tables() -> st.SearchStrategy[bytes]:
    """Spreadsheets as text: a header that names references, rows of any length."""
    headings = "PMID,Title,Authors,Year,Journal,DOI,Abstract,Pages,Month,Day,Document Type,Start Page,End Page,ISSN,Notes,Database"
    row = st.lists(PROSE | st.sampled_from(TOKENS), max_size=18)

    def written(rows: list[list[str]], delimiter: str, quoted: bool) -> bytes:
        if not quoted:
            body = "\n".join(delimiter.join(cells) for cells in rows)
            return f"{headings.replace(',', delimiter)}\n{body}\n".encode("utf-8", "replace")
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter).writerows([headings.split(","), *rows])
        return out.getvalue().encode("utf-8", "replace")

    return st.builds(written, st.lists(row, max_size=5), st.sampled_from([",", ";", "\t"]), st.booleans())


def page_texts() -> st.SearchStrategy[str]:
    """Text, HTML and Markdown out of the pieces that pages cite with."""
    tags = [
        "p",
        "div",
        "a",
        "sup",
        "sub",
        "ol",
        "ul",
        "li",
        "table",
        "tr",
        "td",
        "h1",
        "br",
        "span",
        "script",
        "style",
        "template",
        "title",
        "b",
        "em",
        "svg",
        "select",
        "details",
        "nav",
    ]
    opened = st.builds(
        "<{}{}>".format,
        st.sampled_from([*tags, *(f"/{tag}" for tag in tags)]),
        st.sampled_from(
            [
                "",
                " href='#a'",
                " href='https://doi.org/10.1000/x'",
                " start=9",
                " value='٣'",
                " hidden",
                " href='http://['",
            ]
        ),
    )
    marks = st.sampled_from(
        ["# ", "> ", "```\n", "[a](b)", "[^1]: ", "\n[x]: http://a.example\n", "![", "](", "<http://a.example>"]
    )
    return st.lists(PROSE | st.sampled_from(TOKENS) | opened | marks, max_size=40).map(" ".join)


def repeated() -> st.SearchStrategy[str]:
    """One or two pieces over and over: what makes a search grow with the square of its text."""
    piece = st.sampled_from(
        [*TOKENS[1:], *WORDS, "<sup>", "<a href=x>", "study by Dr. Ab", "’s ", "van der ", "A. ", " (", "/full", "v1"]
    )
    return st.builds(
        lambda before, one, two, after: before + (one + two) * (20_000 // max(1, len(one + two))) + after,
        st.sampled_from(["", "References\n1. ", "https://doi.org/10.1000/", "<p>", "A 2009 study by Dr. Doe. "]),
        piece,
        piece | st.sampled_from([" ", "\n", ""]),
        st.sampled_from(["", ".", "!", "\x00", " 2009"]),
    )
