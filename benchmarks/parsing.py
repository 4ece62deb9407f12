"""Time and memory of reading PubMed XML, side by side with other readers in one run.

    python -m benchmarks.parsing [RECORDS] [ROUNDS]

The corpus is made of recorded records (`../shared/recorded`), repeated with fresh PMIDs to 2,000: "light" ones
without and "full" ones with a reference list. Work differs between readers: the two loops over `lxml.iterparse` read
the very fields that we read; Bio.Entrez builds everything; pubmed_parser and metapub read fewer fields.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pubmed_parser as pubmed_parser_library
from Bio import Entrez
from lxml import etree
from metapub.pubmedarticle import PubMedArticle

from ketalit.records.cutting import cut
from ketalit.records.pubmed import _article, _book, iter_pubmed

from .make_baseline import HEAD, TAIL, recorded
from .measuring import HERE, SHARED, Bound, Report, peak_mb, spread, table, turns, unavailable

LIMITS = {"Bio.Entrez.read": 1 / 3, "lxml.iterparse, bare loop": 1.5, "lxml.iterparse, our field readers": 1.5}
LIMIT_MEMORY = 100.0  # MB above import, whatever the size of the file


# --- the corpus -----------------------------------------------------------------------------------------------------


def recorded_records() -> list[bytes]:
    """Distinct recorded PubmedArticles, as bytes, that Bio.Entrez can read too (it has to run on all of them)."""
    return [raw for raw in recorded() if b"DateCreated" not in raw and _entrez_reads(raw)]


def _entrez_reads(raw: bytes) -> bool:
    try:
        bio_entrez(HEAD + raw + TAIL)
    except Exception:  # any fault of the other reader: it could not take part
        return False
    return True


def corpus(records: list[bytes], count: int) -> bytes:
    def fresh(number: int) -> bytes:
        pmid = b"<PMID Version=\\g<1>>" + str(10_000_000 + number).encode() + b"</PMID>"
        return re.sub(rb"<PMID Version=(\"\d+\")>\d+</PMID>", pmid, records[number % len(records)], count=1)

    return HEAD + b"\n".join(fresh(number) for number in range(count)) + TAIL


# --- the contestants: each reads a whole set and says how many records it found --------------------------------------


def ketalit(body: bytes) -> int:
    return sum(1 for _ in iter_pubmed(body))


def bio_entrez(body: bytes) -> int:
    return len(Entrez.read(io.BytesIO(body), validate=False)["PubmedArticle"])


def pubmed_parser(path: str) -> int:
    return sum(1 for _ in pubmed_parser_library.parse_medline_xml(path, year_info_only=False))


def metapub(pieces: list[bytes]) -> int:
    def read(piece: bytes) -> int:
        article = PubMedArticle(b"<PubmedArticleSet>" + piece + b"</PubmedArticleSet>")
        return len(article.pmid) > 0

    return sum(read(piece) for piece in pieces)


def iterparse_same_readers(body: bytes) -> int:
    """The floor for cutting and hashing: iterparse around our own field readers."""
    count = 0
    for element in _articles(body):
        (_book if element.tag == "PubmedBookArticle" else _article)(element, b"")
        count += 1
    return count


def iterparse_bare(body: bytes) -> int:
    """The floor: iterparse and plain look-ups into a dictionary of the same fields."""
    return sum(1 for element in _articles(body) if read_plainly(element))


def _articles(body: bytes) -> Iterator[etree._Element]:
    events = etree.iterparse(io.BytesIO(body), tag=("PubmedArticle", "PubmedBookArticle"), load_dtd=False)
    for _, element in events:
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def flat(element: etree._Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def ids_of(element: etree._Element, path: str) -> dict[str | None, str | None]:
    return {item.get("IdType"): item.text for item in element.iterfind(path)}


def read_plainly(root: etree._Element) -> dict[str, object]:
    """The fields of a Record, the way somebody who knows lxml writes it in an afternoon."""
    citation, data = root.find("MedlineCitation"), root.find("PubmedData")
    article = citation.find("Article")
    journal = article.find("Journal")
    issue = journal.find("JournalIssue")
    date, online = issue.find("PubDate"), article.find("ArticleDate")
    pmid, title = citation.find("PMID"), article.find("ArticleTitle")
    ids = {} if data is None else ids_of(data, "ArticleIdList/ArticleId")
    return {
        "pmid": pmid.text,
        "version": pmid.get("Version"),
        "status": citation.get("Status"),
        "ids": ids,
        "locations": [(i.get("EIdType"), i.get("ValidYN"), i.text) for i in article.iterfind("ELocationID")],
        "title": flat(title),
        "title_markup": etree.tostring(title, encoding="unicode") if title is not None and len(title) else "",
        "vernacular": flat(article.find("VernacularTitle")),
        "abstract": [
            (i.get("Label"), i.get("NlmCategory"), flat(i)) for i in article.iterfind("Abstract/AbstractText")
        ],
        "other": [
            (i.get("Language"), i.get("Type"), [flat(text) for text in i.iterfind("AbstractText")])
            for i in citation.iterfind("OtherAbstract")
        ],
        "authors": [
            {
                "last": flat(i.find("LastName")),
                "fore": flat(i.find("ForeName")),
                "initials": flat(i.find("Initials")),
                "suffix": flat(i.find("Suffix")),
                "collective": flat(i.find("CollectiveName")),
                "orcid": i.findtext("Identifier"),
                "affiliations": [flat(place) for place in i.iterfind("AffiliationInfo/Affiliation")],
            }
            for i in article.iterfind("AuthorList/Author")
            if i.get("ValidYN") != "N"
        ],
        "journal": [flat(journal.find("Title")), flat(journal.find("ISOAbbreviation")), flat(journal.find("ISSN"))],
        "journal_info": [flat(i) for i in citation.iterfind("MedlineJournalInfo/*")],
        "date": {i.tag: i.text for i in date},
        "online": {i.tag: i.text for i in online} if online is not None else {},
        "volume": issue.findtext("Volume"),
        "issue": issue.findtext("Issue"),
        "pages": {i.tag: i.text for i in article.iterfind("Pagination/*")},
        "types": [(i.get("UI"), flat(i)) for i in article.iterfind("PublicationTypeList/PublicationType")],
        "mesh": [
            [(i.tag, i.get("UI"), i.get("MajorTopicYN"), flat(i)) for i in heading]
            for heading in citation.iterfind("MeshHeadingList/MeshHeading")
        ],
        "keywords": [flat(i) for i in citation.iterfind("KeywordList/Keyword")],
        "grants": [
            (i.findtext("GrantID"), i.findtext("Agency"), i.findtext("Country"))
            for i in article.iterfind("GrantList/Grant")
        ],
        "chemicals": [
            (i.findtext("RegistryNumber"), flat(i.find("NameOfSubstance")), i.find("NameOfSubstance").get("UI"))
            for i in citation.iterfind("ChemicalList/Chemical")
        ],
        "languages": [i.text for i in article.iterfind("Language")],
        "links": [
            (i.get("RefType"), flat(i.find("RefSource")), i.findtext("PMID"), flat(i.find("Note")))
            for i in citation.iterfind("CommentsCorrectionsList/CommentsCorrections")
        ],
        "registrations": [
            (i.findtext("DataBankName"), [number.text for number in i.iterfind("AccessionNumberList/AccessionNumber")])
            for i in article.iterfind("DataBankList/DataBank")
        ],
        "references": []
        if data is None
        else [
            (flat(i.find("Citation")), ids_of(i, "ArticleIdList/ArticleId"))
            for i in data.iterfind("ReferenceList//Reference")
        ],
    }


# --- measuring -------------------------------------------------------------------------------------------------------


def compare(report: Report, name: str, body: bytes, rounds: int) -> None:
    """CPU time of every contestant on one corpus."""
    pieces = [piece.raw for piece in cut(iter([body]), ("PubmedArticle",)) if piece.kind == "record"]

    def reading_all(read: Callable[[], int]) -> Callable[[], None]:
        def act() -> None:
            with contextlib.redirect_stderr(io.StringIO()):
                count = read()
            assert count == len(pieces), f"{count} of {len(pieces)} records"

        return act

    with tempfile.NamedTemporaryFile(suffix=".xml.gz") as packed:
        packed.write(gzip.compress(body, 1))
        packed.flush()
        contestants: dict[str, Callable[[], int]] = {
            "ketalit": lambda: ketalit(body),
            "lxml.iterparse, bare loop": lambda: iterparse_bare(body),
            "lxml.iterparse, our field readers": lambda: iterparse_same_readers(body),
            "Bio.Entrez.read": lambda: bio_entrez(body),
            "pubmed_parser": lambda: pubmed_parser(packed.name),
            "metapub": lambda: metapub(pieces),
        }
        seconds = turns({who: reading_all(read) for who, read in contestants.items()}, rounds)
    ours = seconds.pop("ketalit")
    for peer, theirs in seconds.items():
        report.ratio(f"parsing PubMed XML, {name}", peer, ours, theirs, LIMITS.get(peer))
    rates = [[who, f"{len(pieces) / spread(one).median:,.0f}"] for who, one in (("ketalit", ours), *seconds.items())]
    report.say(
        f"## {name.capitalize()}: {len(pieces):,} records, {len(body) / 1e6:.1f} MB",
        table(["reader", "records/s"], rates, numbers=1),
    )


def memory(path: Path) -> float:
    """Peak MB above import while a fresh process iterates over a file."""
    command = [sys.executable, "-m", "benchmarks.parsing", "--memory", str(path)]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=HERE.parent).stdout)


def _memory_of(path: Path) -> float:
    list(iter_pubmed(HEAD + TAIL))
    before = peak_mb()
    for _ in iter_pubmed(path):
        pass
    return peak_mb() - before


def main(count: int = 2000, rounds: int = 5) -> None:
    if not SHARED.is_dir():
        unavailable("the recorded records are not beside the project (../shared)")
    packages = ("lxml", "biopython", "pubmed-parser", "metapub")
    report = Report("parsing", "Parsing PubMed XML", __doc__.split("\n\n")[2], packages)
    with tempfile.TemporaryDirectory() as folder:
        Entrez.local_cache = folder  # else the parser makes a folder in HOME
        records = recorded_records()
        light = [raw for raw in records if b"<ReferenceList" not in raw]
        full = [raw for raw in records if b"<ReferenceList" in raw]
        digest = hashlib.sha256(b"".join(records)).hexdigest()[:12]
        report.say(f"Corpus {digest}: {len(light)} light and {len(full)} full recorded records.")
        for name, chosen in (("without reference lists", light), ("with reference lists", full)):
            compare(report, name, corpus(chosen, count), rounds)
        for size in (count, 4 * count):
            path = Path(folder, f"{size}.xml")
            path.write_bytes(corpus(full, size))
            what = f"memory above import while parsing {path.stat().st_size / 1e6:.0f} MB"
            report.bounds.append(Bound(what, memory(path), "MB", LIMIT_MEMORY))
    report.write()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        print(_memory_of(Path(sys.argv[2])))
    else:
        main(*map(int, sys.argv[1:]))
