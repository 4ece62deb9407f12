"""A source of records held in memory, changed at will between two refreshes. SYNTHETIC: no such works exist."""

from __future__ import annotations

import csv
from pathlib import Path

from ketalit.entrez.ncbi import BATCH, Batch
from ketalit.entrez.search import SearchNote, SearchResult, in_order
from ketalit.review import new_review
from tests.records.synthetic import abstract, article, pubmed_set, text

WORDS = "Synthetic text. We randomised 60 patients with sciatica to ketamine or placebo."


def record(pmid, *, words=WORDS, title="Synthetic trial of ketamine.", types=(), links=(), mesh="", doi="", **more):
    """One PubmedArticle; `links` are pairs or triples of RefType, citation and PMID."""
    kinds = "".join(f"<PublicationType>{name}</PublicationType>" for name in ("Journal Article", *types))
    notes = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>{citation}</RefSource>'
        + (f"<PMID>{number[0]}</PMID>" if number and number[0] else "")
        + "</CommentsCorrections>"
        for kind, citation, *number in links
    )
    headings = f"<MeshHeadingList><MeshHeading><DescriptorName>{mesh}</DescriptorName></MeshHeading></MeshHeadingList>"
    return article(
        pmid,
        title=f"<ArticleTitle>{title}</ArticleTitle>",
        article=(abstract(text(words)) if words else "") + f"<PublicationTypeList>{kinds}</PublicationTypeList>",
        citation=f"<CommentsCorrectionsList>{notes}</CommentsCorrectionsList>" + (headings if mesh else ""),
        data=f'<ArticleIdList><ArticleId IdType="doi">{doi}</ArticleId></ArticleIdList>' if doi else "",
        **more,
    )


class Shelf:
    """Records by PMID, and what each query finds; a source for `refresh`."""

    def __init__(self, **searches: list[str]):
        self.records: dict[str, bytes] = {}
        self.searches = searches
        self.translation = "as it stands"
        self.notes: tuple[SearchNote, ...] = ()
        self.day = 1
        self.requests = 0

    def put(self, *pmids: str, **what: object) -> None:
        for pmid in pmids:
            self.records[pmid] = record(pmid, **what)

    def search(self, query, *, database="pubmed"):
        self.requests += 1
        ids = in_order(self.searches[query])
        return SearchResult(
            query,
            database,
            len(ids),
            ids,
            self.translation,
            self.notes,
            build=f"Build{self.day}",
            at=f"2026-01-{self.day:02}T00:00:00+00:00",
        )

    def fetch(self, ids, *, database="pubmed"):
        for start in range(0, len(ids), BATCH):
            wanted = tuple(ids[start : start + BATCH])
            self.requests += 1
            body = pubmed_set(*(self.records[pmid] for pmid in wanted if pmid in self.records))
            yield Batch(wanted, body, f"2026-01-{self.day:02}T00:00:01+00:00")


def review(folder: Path, *searches: str, entries: str = "", screening: str = "", extraction: str = "") -> Path:
    """A review with these searches (name and query are the same), lines of records.jsonl and rows of the CSV files."""
    new_review(folder, empty=True)
    with (folder / "review.toml").open("a", encoding="utf-8") as file:
        file.writelines(f'[[searches]]\nname = "{name}"\nquery = "{name}"\n' for name in searches)
    (folder / "records.jsonl").write_text(entries, encoding="utf-8")
    for name, rows in (("screening", screening), ("extraction", extraction)):
        with (folder / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.write(rows)
    return folder


def decide(folder: Path, record: str, decision: str) -> None:
    """Add a screening decision."""
    with (folder / "screening.csv").open("a", encoding="utf-8", newline="") as file:
        header = (folder / "screening.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        row = {"record": record, "decision": decision, "reason": "other" if decision == "exclude" else ""}
        csv.DictWriter(file, header).writerow(row)
