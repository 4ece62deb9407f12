"""Synthetic records: PubMed XML and JATS made from the facts in `records.toml`. No real work is meant."""

from __future__ import annotations

import copy
import functools
import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from tests.records.synthetic import abstract, text

from ..corpus import ALWAYS, Entry

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
NOTICE = "<CopyrightInformation>Synthetic record for software tests.</CopyrightInformation>"


@functools.cache
def entries() -> tuple[Entry, ...]:
    """Every revision of the synthetic records, in the order of the table."""
    table = tomllib.loads((Path(__file__).parent / "records.toml").read_text(encoding="utf-8"))
    found = []
    for facts in table["record"]:
        changes = [each for each in table["change"] if each["pmid"] == facts["pmid"]]
        found += list(_revisions(facts, changes))
    found += [_entry(facts, book(facts)) for facts in table["book"]]
    by_pmid = {facts["pmid"]: facts for facts in table["record"]}
    for facts in table["article"]:
        content = article(facts, by_pmid[facts["pmid"]])
        found.append(Entry(str(facts["pmcid"]), content, "pmc", open=facts["open"]))
    return tuple(found)


def _revisions(facts: dict[str, Any], changes: list[dict[str, Any]]) -> Iterator[Entry]:
    facts = copy.deepcopy(facts)
    yield _entry(facts, pubmed(facts))
    for change in sorted(changes, key=lambda each: each["on"]):
        for name, more in change.get("add", {}).items():
            facts[name] = [*facts.get(name, []), *more]
        facts |= change.get("put", {}) | {"revised": change["on"], "shown": change["on"]}
        if change.get("deleted"):
            facts["deleted"] = change["on"]
        yield _entry(facts, pubmed(facts))


def _entry(facts: dict[str, Any], content: bytes) -> Entry:
    day = facts["entered"]
    return Entry(
        str(facts["pmid"]),
        content,
        version=facts.get("version", 1),
        shown=facts.get("shown", day if day > "2026" else ALWAYS),
        edat=day,
        crdt=day,
        lr=facts.get("revised", day),
        deleted=facts.get("deleted", ""),
        merged_into=str(facts.get("merged_into", "")),
    )


def date(day: str, name: str = "", attributes: str = "") -> str:
    """Year, Month and Day of an ISO day, in an element of that name if one is given."""
    year, month, number = day.split("-")
    inside = f"<Year>{year}</Year><Month>{month}</Month><Day>{number}</Day>"
    return f"<{name}{attributes}>{inside}</{name}>" if name else inside


def _printed(day: str) -> str:
    return f"<Year>{day[:4]}</Year><Month>{MONTHS[int(day[5:7]) - 1]}</Month>"


def _abstract(facts: dict[str, Any]) -> str:
    parts = facts.get("abstract")
    if not parts:
        return ""
    if isinstance(parts, str):
        return abstract(text(parts), NOTICE)
    return abstract(*(text(words, f'Label="{label}"') for label, words in parts), NOTICE)


def _authors(facts: dict[str, Any]) -> str:
    people = [each.rsplit(" ", 1) for each in facts.get("authors", [])]
    listed = "".join(
        f'<Author ValidYN="Y"><LastName>{last}</LastName><ForeName>{" ".join(initials)}</ForeName>'
        f"<Initials>{initials}</Initials></Author>"
        for last, initials in people
    )
    if "collective" in facts:
        listed += f'<Author ValidYN="Y"><CollectiveName>{facts["collective"]}</CollectiveName></Author>'
    return f'<AuthorList CompleteYN="Y">{listed}</AuthorList>' if listed else ""


def _heading(words: str) -> str:
    major = "Y" if words.startswith("*") else "N"
    name, _, qualifier = words.lstrip("*").partition("/")
    own = "N" if qualifier else major
    inside = f'<DescriptorName UI="D000000" MajorTopicYN="{own}">{escape(name)}</DescriptorName>'
    if qualifier:
        inside += f'<QualifierName UI="Q000000" MajorTopicYN="{major}">{escape(qualifier)}</QualifierName>'
    return f"<MeshHeading>{inside}</MeshHeading>"


def _comment(kind: str, source: str, pmid: int) -> str:
    number = f'<PMID Version="1">{pmid}</PMID>' if pmid else ""
    return f'<CommentsCorrections RefType="{kind}"><RefSource>{source}</RefSource>{number}</CommentsCorrections>'


def _wrapped(name: str, parts: list[str]) -> str:
    return f"<{name}>{''.join(parts)}</{name}>" if parts else ""


def pubmed(facts: dict[str, Any]) -> bytes:
    """One PubmedArticle, its elements in the order of NLM's DTD of 2025."""
    pmid, day = facts["pmid"], facts["entered"]
    doi = facts.get("doi", f"10.0000/synthetic.{pmid}")
    place = facts.get("other_doi", doi)
    types = [
        f'<PublicationType UI="D000000">{each}</PublicationType>'
        for each in ("Journal Article", *facts.get("types", ()))
    ]
    ids = f'<ArticleId IdType="pubmed">{pmid}</ArticleId><ArticleId IdType="doi">{doi}</ArticleId>'
    if "pmc" in facts:
        ids += f'<ArticleId IdType="pmc">PMC{facts["pmc"]}</ArticleId>'
    cited = [
        f'<Reference><Citation>Synthetic reference.</Citation><ArticleIdList><ArticleId IdType="pubmed">{each}</ArticleId>'
        "</ArticleIdList></Reference>"
        for each in facts.get("cites", ())
    ]
    vernacular = f"<VernacularTitle>{facts['vernacular']}</VernacularTitle>" if "vernacular" in facts else ""
    history = "".join(
        date(day, "PubMedPubDate", f' PubStatus="{status}"').replace("</Day>", "</Day><Hour>6</Hour><Minute>0</Minute>")
        for status in ("entrez", "pubmed", "medline")
    )
    return f"""<PubmedArticle><MedlineCitation Status="{facts.get("status", "MEDLINE")}" Owner="NLM">\
<PMID Version="{facts.get("version", 1)}">{pmid}</PMID>{date(facts.get("revised", day), "DateRevised")}\
<Article PubModel="Print-Electronic"><Journal><ISSN IssnType="Print">0000-0000</ISSN>\
<JournalIssue CitedMedium="Print"><Volume>{int(day[:4]) - 1999}</Volume><Issue>{int(day[5:7])}</Issue>\
<PubDate>{facts.get("date") or _printed(day)}</PubDate></JournalIssue><Title>Journal of Synthetic Results</Title>\
<ISOAbbreviation>J Synth Res</ISOAbbreviation></Journal><ArticleTitle>{facts["title"]}</ArticleTitle>\
<Pagination><StartPage>1</StartPage><EndPage>9</EndPage><MedlinePgn>1-9</MedlinePgn></Pagination>\
<ELocationID EIdType="doi" ValidYN="Y">{place}</ELocationID>{_abstract(facts)}{_authors(facts)}\
<Language>{facts.get("language", "eng")}</Language><PublicationTypeList>{"".join(types)}</PublicationTypeList>{vernacular}\
</Article><MedlineJournalInfo><Country>Nowhere</Country><MedlineTA>J Synth Res</MedlineTA><NlmUniqueID>0000000</NlmUniqueID>\
</MedlineJournalInfo>{_wrapped("CommentsCorrectionsList", [_comment(*each) for each in facts.get("comments", ())])}\
{_wrapped("MeshHeadingList", [_heading(each) for each in facts.get("mesh", ())])}</MedlineCitation>\
<PubmedData><History>{history}</History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>{ids}</ArticleIdList>\
{_wrapped("ReferenceList", cited)}</PubmedData></PubmedArticle>""".encode()


def book(facts: dict[str, Any]) -> bytes:
    """One PubmedBookArticle."""
    pmid, day = facts["pmid"], facts["entered"]
    title = f'<ArticleTitle book="synth" part="p{pmid}">{facts["title"]}</ArticleTitle>' if "title" in facts else ""
    history = date(day, "PubMedPubDate", ' PubStatus="entrez"') + date(day, "PubMedPubDate", ' PubStatus="pubmed"')
    return f"""<PubmedBookArticle><BookDocument><PMID Version="1">{pmid}</PMID><ArticleIdList>\
<ArticleId IdType="bookaccession">NBK{pmid}</ArticleId></ArticleIdList><Book><Publisher><PublisherName>Synthetic Press\
</PublisherName><PublisherLocation>Nowhere</PublisherLocation></Publisher><BookTitle book="synth">{facts["book"]}</BookTitle>\
<PubDate><Year>{day[:4]}</Year></PubDate><Medium>Internet</Medium></Book>{title}<Language>eng</Language>{_authors(facts)}\
<PublicationType UI="D016454">Review</PublicationType>{_abstract(facts)}</BookDocument><PubmedBookData><History>{history}\
</History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId>\
</ArticleIdList></PubmedBookData></PubmedBookArticle>""".encode()


def article(facts: dict[str, Any], record: dict[str, Any]) -> bytes:
    """One JATS article; its title and abstract are those of the PubMed record."""
    body = "".join(f"<sec><title>{title}</title><p>{words}</p></sec>" for title, words in facts["sections"])
    rest = ""
    if "response" in facts:
        rest = (
            f'<response response-type="reply"><front-stub><title-group><article-title>A synthetic reply</article-title>'
            f"</title-group></front-stub><body><p>{facts['response']}</p></body></response>"
        )
    parts = record.get("abstract", "")
    words = parts if isinstance(parts, str) else " ".join(each for _, each in parts)
    year = record["entered"][:4]
    words, title = (each.replace("<i>", "<italic>").replace("</i>", "</italic>") for each in (words, record["title"]))
    permit = "" if facts["open"] else "<processing-meta><restricted-by>pmc</restricted-by></processing-meta>"
    return f"""<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML" \
article-type="research-article" xml:lang="en" dtd-version="1.3">{permit}<front><journal-meta>\
<journal-id journal-id-type="nlm-ta">J Synth Res</journal-id><journal-title-group><journal-title>Journal of Synthetic Results\
</journal-title></journal-title-group><issn pub-type="ppub">0000-0000</issn></journal-meta><article-meta>\
<article-id pub-id-type="pmid">{facts["pmid"]}</article-id><article-id pub-id-type="pmc">PMC{facts["pmcid"]}</article-id>\
<article-id pub-id-type="doi">10.0000/synthetic.{facts["pmid"]}</article-id><title-group><article-title>{title}\
</article-title></title-group><pub-date pub-type="ppub"><year>{year}</year></pub-date><abstract><p>{words}</p></abstract>\
</article-meta></front><body>{body}</body>{rest}</article>""".encode()


def generated(count: int, first: int) -> Iterator[Entry]:
    """Uniform records with consecutive PMIDs; their entry dates go in equal steps from 2005 to 2025."""
    for number in range(count):
        step = number * 20 * 336 // max(count, 1)  # 28 days in each of 12 months
        day = f"{2005 + step // 336}-{step % 336 // 28 + 1:02}-{step % 28 + 1:02}"
        pmid = first + number
        facts = {
            "pmid": pmid,
            "entered": day,
            "title": f"Synthetic trial {number + 1} of ketamine in chronic pain.",
            "abstract": f"Synthetic text. {20 + number % 80} patients with chronic pain were randomised to ketamine or placebo.",
            "types": ["Randomized Controlled Trial"],
            "mesh": ["*Ketamine/therapeutic use", "*Chronic Pain/drug therapy", "Humans"],
            "authors": [f"Synthetic {'ABCDEFGHIJ'[number % 10]}"],
        }
        yield Entry(str(pmid), pubmed(facts), edat=day, crdt=day, lr=day, origin="generated")
