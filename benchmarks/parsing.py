"""Time and memory of reading PubMed XML, side by side with other readers in one run.

    python -m benchmarks.parsing [RECORDS] [ROUNDS]

The corpus is made of recorded records (`../shared/recorded`), repeated with fresh PMIDs to 5,000: "light" ones
without and "full" ones with a reference list. Times are CPU seconds, the contestants take turns, and the median of
the rounds counts. Work differs between readers: the two loops over `lxml.iterparse` read the very fields that we
read; Bio.Entrez builds everything; pubmed_parser and metapub read fewer fields.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pubmed_parser as pubmed_parser_library
from Bio import Entrez
from lxml import etree
from metapub.pubmedarticle import PubMedArticle

from ketalit.records.cutting import chunks_of, cut, recoded
from ketalit.records.pubmed import _article, _book, iter_pubmed

SHARED = Path(__file__).resolve().parents[2] / "shared"
PROLOG = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January'
    b' 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)
EPILOG = b"\n</PubmedArticleSet>\n"
LIMIT_ENTREZ, LIMIT_FLOOR, LIMIT_MEMORY = 3.0, 1.5, 100


# --- the corpus -----------------------------------------------------------------------------------------------------


def recorded_records() -> list[bytes]:
    """Distinct recorded PubmedArticles, as bytes, that Bio.Entrez can read too (it has to run on all of them)."""
    found: dict[bytes, bytes] = {}
    for path in sorted((SHARED / "recorded" / "pubmed_xml").rglob("*.xml*")):
        encoding, chunks = recoded(chunks_of(path))
        if encoding != "utf-8":
            continue
        for piece in cut(chunks, ("PubmedArticle",)):
            pmid = re.search(rb"<PMID[^>]*>\d+</PMID>", piece.raw)
            if piece.kind == "record" and pmid and b"DateCreated" not in piece.raw:
                found.setdefault(pmid[0], piece.raw)
    return [raw for raw in found.values() if _entrez_reads(raw)]


def _entrez_reads(raw: bytes) -> bool:
    try:
        bio_entrez(PROLOG + raw + EPILOG)
    except Exception:  # any fault of the other reader: it could not take part
        return False
    return True


def corpus(records: list[bytes], count: int) -> bytes:
    def fresh(number: int) -> bytes:
        pmid = b"<PMID Version=\\g<1>>" + str(10_000_000 + number).encode() + b"</PMID>"
        return re.sub(rb"<PMID Version=(\"\d+\")>\d+</PMID>", pmid, records[number % len(records)], count=1)

    return PROLOG + b"\n".join(fresh(number) for number in range(count)) + EPILOG


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


def compare(name: str, body: bytes, rounds: int) -> dict[str, float]:
    """Median CPU seconds of every contestant on one corpus."""
    pieces = [piece.raw for piece in cut(iter([body]), ("PubmedArticle",)) if piece.kind == "record"]
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
        seconds: dict[str, list[float]] = {contestant: [] for contestant in contestants}
        for _ in range(rounds):
            for contestant, read in contestants.items():
                start = time.process_time()
                with contextlib.redirect_stderr(io.StringIO()):
                    count = read()
                seconds[contestant].append(time.process_time() - start)
                assert count == len(pieces), f"{contestant} read {count} of {len(pieces)} records"
    medians = {contestant: statistics.median(times) for contestant, times in seconds.items()}
    ours = medians["ketalit"]
    print(f"\n{name}: {len(pieces)} records, {len(body) / 1e6:.1f} MB, median of {rounds} rounds\n")
    print("| reader | records/s | time ÷ ours |\n|---|---|---|")
    for contestant, median in medians.items():
        print(f"| {contestant} | {len(pieces) / median:,.0f} | {median / ours:.2f} |")
    return medians


def memory(path: Path) -> float:
    """Peak MB above import while a fresh process iterates over a file."""
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.parsing", "--memory", str(path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    return float(answer.stdout)


def _memory_of(path: Path) -> float:
    def peak() -> int:
        """Peak kB. getrusage counts, on Linux, what the parent held when it started us; VmHWM does not."""
        status = Path("/proc/self/status")
        if status.exists():
            return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1])
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    list(iter_pubmed(PROLOG + EPILOG))
    before = peak()
    for _ in iter_pubmed(path):
        pass
    return (peak() - before) / 1024


def main() -> None:
    if sys.argv[1:2] == ["--memory"]:
        print(_memory_of(Path(sys.argv[2])))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    if not SHARED.is_dir():
        sys.exit("The recorded records are not beside the project (../shared): nothing to measure.")
    with tempfile.TemporaryDirectory() as folder:
        Entrez.local_cache = folder  # else the parser makes a folder in HOME
        records = recorded_records()
        light = [raw for raw in records if b"<ReferenceList" not in raw]
        full = [raw for raw in records if b"<ReferenceList" in raw]
        digest = hashlib.sha256(b"".join(records)).hexdigest()[:12]
        print(f"Corpus {digest}: {len(light)} light and {len(full)} full recorded records.")
        verdicts = []
        for name, chosen in (("Light", light), ("Full", full)):
            medians = compare(name, corpus(chosen, count), rounds)
            ours = medians["ketalit"]
            floors = (medians["lxml.iterparse, bare loop"], medians["lxml.iterparse, our field readers"])
            verdicts.append((f"{name}: Bio.Entrez.read ÷ ours", medians["Bio.Entrez.read"] / ours, ">=", LIMIT_ENTREZ))
            verdicts.append((f"{name}: ours ÷ bare iterparse loop", ours / floors[0], "<=", LIMIT_FLOOR))
            verdicts.append((f"{name}: ours ÷ iterparse with our readers", ours / floors[1], "<=", LIMIT_FLOOR))
        for size in (count, 4 * count):
            path = Path(folder, f"{size}.xml")
            path.write_bytes(corpus(full, size))
            name = f"Memory above import, {path.stat().st_size / 1e6:.0f} MB file (MB)"
            verdicts.append((name, memory(path), "<=", LIMIT_MEMORY))
    print("\n| measured | value | bar | met |\n|---|---|---|---|")
    for name, value, sign, limit in verdicts:
        met = value >= limit if sign == ">=" else value <= limit
        print(f"| {name} | {value:.2f} | {sign} {limit:g} | {'yes' if met else 'NO'} |")


if __name__ == "__main__":
    main()
