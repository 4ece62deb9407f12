"""Find the identifiers and the links of a page, and tell links to articles from other links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..errors import InputError
from ..identifiers import DOI_PREFIX, PII_PATTERN, Identifier, host_is, identifier_in_link, parse_identifier, trim_doi
from ..page import Page


@dataclass(frozen=True, slots=True)
class Hit:
    """An identifier or a link, where it stands. `written`: the address itself stands in the text."""

    start: int
    end: int
    identifier: Identifier | None
    url: str = ""
    written: bool = False


_URL = re.compile(
    r"(?:https?://|www\.|(?<![\w./@-])(?:dx\.)?doi\.org/|(?<![\w./@-])(?:(?:pubmed|pmc|www)\.)?ncbi\.nlm\.nih\.gov/)"
    r"[^\s<>\"“”«»\x00-\x1f\x7f]+",
    re.IGNORECASE,
)
_PMIDS = re.compile(
    r"\b(?:PMID(?P<many>s)?|PubMed\s+IDs?)\s*[:#=]?\s*(?P<ids>\d{1,12}(?:v\d+)?(?:(?:\s*[,;]\s*|\s+and\s+|\s*&\s*)\d{1,12}\b)*)",
    re.IGNORECASE,
)
_PMCID = re.compile(r"\bPMC(?:ID\s*[:#=]?\s*(?:PMC\s?)?|\s?)\d{3,12}\b(?:\.\d+\b)?", re.IGNORECASE)
_DOI = re.compile(rf"\b(?:doi\s*[:=]?\s*)?(?P<doi>{DOI_PREFIX}[^\s\"“”«»\x00-\x1f\x7f]+)", re.IGNORECASE)
_PII = re.compile(rf"\b(?:PII\s*[:#=]?\s*|(?=S))(?P<pii>{PII_PATTERN})(?!\w)", re.IGNORECASE)


def find_hits(page: Page, text: str) -> tuple[Hit, ...]:
    """Links, addresses written out and identifiers written out, in order; where two overlap, the kind named first.

    Args:
        page: the page.
        text: its text, superscript and full-width characters as plain ones.

    >>> [(hit.start, str(hit.identifier)) for hit in find_hits(Page(text=""), "See PMID 123456 or doi:10.1000/x.")]
    [(4, 'PMID:123456'), (23, 'DOI:10.1000/x')]
    """
    taken = bytearray(len(text))
    hits = []
    for hit in _candidates(page, text):
        if not any(taken[hit.start : hit.end]):
            taken[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
            hits.append(hit)
    return tuple(sorted(hits, key=lambda hit: (hit.start, hit.end)))


def _candidates(page: Page, text: str) -> Iterator[Hit]:
    for link in page.links:
        if re.match(r"(?:https?:)?//", link.href):
            written = text[link.start : link.end].strip("/") in link.href
            yield Hit(link.start, link.end, identifier_in_link(link.href), link.href, written)
    for found in _URL.finditer(text):
        url = trim_doi(found.group())
        if len(url) > 8:
            yield Hit(found.start(), found.start() + len(url), identifier_in_link(url), url, written=True)
    for start, end, written_out in _written_out(text):
        try:
            yield Hit(start, end, parse_identifier(written_out))
        except InputError:  # a number that cannot be one: not a citation
            continue


def _written_out(text: str) -> Iterator[tuple[int, int, str]]:
    """Identifiers written out: offsets, and what to parse."""
    for found in _DOI.finditer(text):
        doi = trim_doi(found["doi"])
        yield found.start("doi"), found.start("doi") + len(doi), f"doi:{doi}"
    for found in _PMIDS.finditer(text):
        numbers = list(re.finditer(r"\d+(?:v\d+)?", found["ids"]))
        for place, number in enumerate(numbers):
            # "PMID: 19604642, 2009": what follows a single PMID is another only when it is long enough for one.
            if place == 0 or found["many"] or len(number.group()) >= 6:
                start = found.start("ids") + number.start() if place else found.start()
                yield start, found.start("ids") + number.end(), f"PMID:{number.group()}"
    for found in _PMCID.finditer(text):
        yield found.start(), found.end(), found.group()
    for found in _PII.finditer(text):
        yield found.start(), found.end(), f"PII:{found['pii']}"


# Hosts of journals, publishers, registries and magazines of the field.
_ARTICLE_HOSTS = (
    "asahq.org biomedcentral.com biorxiv.org bjanaesthesia.org bmj.com cambridge.org cell.com "
    "clinicaltrials.gov cochrane.org cochranelibrary.com cureus.com dovepress.com elsevier.com europepmc.org "
    "f1000research.com fda.gov frontiersin.org hindawi.com jamanetwork.com jpain.org jstor.org karger.com "
    "liebertpub.com lww.com mdpi.com medrxiv.org medscape.com medscape.org nature.com nejm.org nih.gov oup.com "
    "painphysicianjournal.com plos.org pnas.org practicalpainmanagement.com psychiatryonline.org "
    "researchgate.net sagepub.com science.org sciencedirect.com semanticscholar.org springer.com "
    "tandfonline.com thelancet.com uspharmacist.com who.int wiley.com"
)
_NO_ARTICLE_HOST = re.compile(
    r"(?:^|\.)(?:facebook|twitter|x|instagram|youtube|youtu|linkedin|pinterest|google|tiktok|yelp|reddit|goo|bit)\.\w+$"
)
_ARTICLE_PATH = re.compile(
    r"/(?:articles?|viewarticle|abstracts?|fulltext|publications?|papers?|journals?|stud(?:y|ies))/", re.IGNORECASE
)


def leads_to_article(url: str, source: str) -> bool | None:
    """Whether a link leads to an article rather than to a front page or a shop; None where its address leaves it open.

    >>> leads_to_article("https://www.nejm.org/x", ""), leads_to_article("https://clinic.example", "")
    (True, False)
    >>> leads_to_article("https://blog.example/on-pain", "") is None
    True
    """
    try:
        parts = urlsplit(re.sub(r"^(?!https?:)(?://)?", "https://", url, flags=re.IGNORECASE))
        host = (parts.hostname or "").removeprefix("www.")
        own = (urlsplit(source).hostname or "").removeprefix("www.")
    except ValueError:
        return False
    if not url or not host or host == own or _NO_ARTICLE_HOST.search(host) or not parts.path.strip("/"):
        return False
    return True if host_is(host, _ARTICLE_HOSTS.split()) or _ARTICLE_PATH.search(parts.path) else None


def title_in_link(url: str) -> str:
    """Title words in an address: the words of that part of its path that has the most.

    >>> title_in_link("https://journal.example/article/a-trial-of-nothing.html")
    'trial of nothing'
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    parts = [re.findall(r"[^\W\d_]{2,}", re.sub(r"\.\w{2,5}$", "", part)) for part in path.split("/")]
    words = max(parts, key=len, default=[])
    return " ".join(words) if len(words) >= 3 else ""
