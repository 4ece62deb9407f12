"""Synthetic PubMed files for the scan, and how to look at what it wrote."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ketalit.scan import Wanted, scan
from tests.records.synthetic import HEAD, abstract, article, text


def title(words: str) -> str:
    return f"<ArticleTitle>{words}</ArticleTitle>"


def trial(pmid: int | str, *, people: int = 40, words: str = "Ketamine for pain: a trial", version: str = "1") -> bytes:
    """A record whose size of study tells revisions apart."""
    said = text(f"{people} patients were randomised to ketamine 0.5 mg/kg or placebo.", 'Label="METHODS"')
    return article(str(pmid), title=title(words), article=abstract(said), version=version)


def withdrawn(*pmids: int, version: str = "1") -> bytes:
    inside = b"".join(b'<PMID Version="%s">%d</PMID>' % (version.encode(), pmid) for pmid in pmids)
    return b"<DeleteCitation>" + inside + b"</DeleteCitation>"


def body(*records: bytes) -> bytes:
    return HEAD + b"<PubmedArticleSet>\n" + b"\n".join(records) + b"\n</PubmedArticleSet>\n"


class Baseline:
    """A folder of PubMed files and a folder for what a scan makes of them."""

    def __init__(self, folder: Path):
        self.files, self.out = folder / "files", folder / "out"
        self.files.mkdir()

    def put(self, number: int, *records: bytes) -> Path:
        path = self.files / f"pubmed25n{number:04}.xml.gz"
        path.write_bytes(gzip.compress(body(*records), mtime=0))
        return path

    def scan(self, wanted: Wanted | None = None, *, files=None, **options):
        return scan([self.files] if files is None else files, self.out, wanted, **options)

    def current(self, table: str = "records") -> list[dict]:
        import pyarrow.parquet

        return pyarrow.parquet.read_table(self.out / "current" / f"{table}.parquet").to_pylist()

    def rows(self, table: str, number: int) -> list[dict]:
        import pyarrow.parquet

        return pyarrow.parquet.read_table(self.out / table / f"pubmed25n{number:04}.parquet").to_pylist()

    def people(self) -> dict[tuple[int, int], int]:
        """What counts now: PMID and version → number of people."""
        return {(row["pmid"], row["version"]): row["n_total"] for row in self.current()}

    def content(self) -> dict[str, bytes]:
        """Every Parquet file and mark, with its bytes."""
        return {
            str(path.relative_to(self.out)): path.read_bytes()
            for path in sorted(self.out.rglob("*"))
            if path.suffix in (".parquet", ".json") and path.name != "manifest.json"
        }

    def left_over(self) -> list[Path]:
        return [path for path in self.out.rglob("*") if path.suffix == ".part"]


@pytest.fixture
def baseline(tmp_path: Path) -> Baseline:
    pytest.importorskip("pyarrow", reason="the extra “scan” is not installed")
    return Baseline(tmp_path)
