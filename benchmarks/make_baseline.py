"""Make files like those of PubMed's baseline: many records, numbered files, NLM's checksums beside them.

    python -m benchmarks.make_baseline FOLDER [--files 4] [--records 3000] [--topic 0.01] [--updates 1] [--seed 1]

The records are recorded ones (`../shared/recorded`), repeated with fresh PMIDs, where these are beside the project;
else they are written by this script. A share of them (`--topic`) is about ketamine. An update file revises every
hundredth record of the first file, withdraws every thousandth and adds new ones. None of the files is PubMed's: PMIDs
and the mixture of records are made up.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ketalit.records.cutting import chunks_of, cut, recoded

from .measuring import SHARED

HEAD = (
    b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January'
    b' 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)
TAIL = b"</PubmedArticleSet>\n"
FIRST = 50_000_001  # PMIDs that PubMed has not given out
_OWN = re.compile(rb"<PMID Version=\"\d+\">\d+</PMID>")
_WORDS = re.findall(
    r"\w+",
    """pain patients trial placebo dose treatment weeks randomised group results scores compared baseline outcome
    response after before months measured intensity secondary adverse events reported study analysis clinic infusion
    control cells protein expression cohort survival risk women children model signal tissue rats surgery imaging""",
)


def recorded() -> list[bytes]:
    """The distinct recorded PubmedArticles; none where they are not beside the project."""
    found: dict[bytes, bytes] = {}
    for path in sorted((SHARED / "recorded" / "pubmed_xml").rglob("*.xml*")):
        encoding, chunks = recoded(chunks_of(path))
        if encoding == "utf-8":
            for piece in cut(chunks, ("PubmedArticle",)):
                own = _OWN.search(piece.raw)
                if piece.kind == "record" and own:
                    found.setdefault(own[0], piece.raw)
    return list(found.values())


def written(number: int, chance: random.Random, *, topic: bool) -> bytes:
    """A synthetic record."""

    def words(count: int) -> str:
        return " ".join(chance.choices(_WORDS, k=count))

    drug = "Ketamine" if topic else "A drug"
    people = chance.randint(8, 400)
    authors = "".join(
        f'<Author ValidYN="Y"><LastName>Synthetic{chance.randint(1, 9999)}</LastName><Initials>S</Initials>'
        f"<AffiliationInfo><Affiliation>Department of {words(3)}, {words(2)}.</Affiliation></AffiliationInfo></Author>"
        for _ in range(chance.randint(1, 8))
    )
    references = "".join(
        f"<Reference><Citation>Synthetic S. {words(9)}. J Synth Res. {year};{chance.randint(1, 99)}.</Citation>"
        f'<ArticleIdList><ArticleId IdType="pubmed">{chance.randint(1, FIRST)}</ArticleId></ArticleIdList></Reference>'
        for year in range(2000, 2000 + chance.choice((0, 0, 12, 30)))
    )
    return f"""<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{number}</PMID>
<DateRevised><Year>2024</Year><Month>01</Month><Day>02</Day></DateRevised><Article PubModel="Print"><Journal>
<ISSN IssnType="Print">0000-0000</ISSN><JournalIssue CitedMedium="Print"><Volume>{chance.randint(1, 90)}</Volume>
<PubDate><Year>{chance.randint(1975, 2024)}</Year></PubDate></JournalIssue><Title>Journal of Synthetic Results</Title>
<ISOAbbreviation>J Synth Res</ISOAbbreviation></Journal><ArticleTitle>{drug} and {words(9)}.</ArticleTitle>
<Abstract><AbstractText Label="BACKGROUND">{words(30)}.</AbstractText><AbstractText Label="METHODS">{people} patients
were randomised to {drug.lower()} 0.5 mg/kg or placebo. {words(40)}.</AbstractText><AbstractText Label="RESULTS">
{words(60)}.</AbstractText></Abstract><AuthorList CompleteYN="Y">{authors}</AuthorList><Language>eng</Language>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList></Article>
<MedlineJournalInfo><MedlineTA>J Synth Res</MedlineTA><NlmUniqueID>000</NlmUniqueID></MedlineJournalInfo>
<MeshHeadingList><MeshHeading><DescriptorName UI="D006801" MajorTopicYN="N">Humans</DescriptorName></MeshHeading>
</MeshHeadingList></MedlineCitation><PubmedData><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>
<ArticleId IdType="pubmed">{number}</ArticleId></ArticleIdList>{
        f"<ReferenceList>{references}</ReferenceList>" if references else ""
    }</PubmedData></PubmedArticle>""".encode()


class Source:
    """Records to draw from: on the topic and off it."""

    def __init__(self, topic: float, seed: int, *, synthetic: bool = False):
        self.topic, self.chance = topic, random.Random(seed)
        real = [] if synthetic else recorded()
        self.on = [raw for raw in real if b"ketamin" in raw.lower()]
        self.off = [raw for raw in real if b"ketamin" not in raw.lower()]

    def record(self, number: int) -> bytes:
        """A record under a PMID of its own."""
        topic = self.chance.random() < self.topic
        pool: Sequence[bytes] = self.on if topic else self.off
        if not pool:
            return written(number, self.chance, topic=topic)
        return _OWN.sub(b'<PMID Version="1">%d</PMID>' % number, self.chance.choice(pool), count=1)


def write(path: Path, records: Iterator[bytes], withdrawn: Sequence[int] = ()) -> Path:
    """Write a file and its checksum, one record at a time."""
    with gzip.GzipFile(path, "wb", compresslevel=6, mtime=0) as file:
        file.write(HEAD)
        for raw in records:
            file.write(raw + b"\n")
        if withdrawn:
            gone = b"".join(b'<PMID Version="1">%d</PMID>\n' % pmid for pmid in withdrawn)
            file.write(b"<DeleteCitation>\n" + gone + b"</DeleteCitation>\n")
        file.write(TAIL)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "md5").hexdigest()
    path.with_name(f"{path.name}.md5").write_text(f"MD5({path.name})= {digest}\n")
    return path


def make(
    folder: Path,
    *,
    files: int,
    records: int,
    topic: float = 0.01,
    updates: int = 0,
    seed: int = 1,
    synthetic: bool = False,
) -> list[Path]:
    """Make baseline files and, after them, update files; the same arguments make the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    source = Source(topic, seed, synthetic=synthetic)
    made = []
    for number in range(files):
        start = FIRST + number * records
        made.append(
            write(folder / f"pubmed25n{number + 1:04}.xml.gz", map(source.record, range(start, start + records)))
        )
    for number in range(updates):
        fresh = FIRST + (files + number) * records
        revised = [*range(FIRST + number, FIRST + records, 100), *range(fresh, fresh + records // 10)]
        gone = range(FIRST + 500 + number, FIRST + records, 1000)
        path = folder / f"pubmed25n{files + number + 1:04}.xml.gz"
        made.append(write(path, map(source.record, revised), list(gone)))
    return made


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--files", type=int, default=4)
    arguments.add_argument("--records", type=int, default=3000, help="in each file; PubMed's have 30,000")
    arguments.add_argument("--topic", type=float, default=0.01, help="share of records about ketamine")
    arguments.add_argument("--updates", type=int, default=1, help="update files after the baseline")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--synthetic", action="store_true", help="write records even where recorded ones are there")
    for path in make(**vars(arguments.parse_args())):
        print(f"{path}  {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
