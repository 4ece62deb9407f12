"""Questions: is a snapshot whole, the same for the same review, honest about what was not done, and free of secrets?"""

import csv
import hashlib
import io
import json
import os
import re
import tarfile
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest
import yaml
from markdown_it import MarkdownIt

from ketalit.errors import InputError
from ketalit.fields import FIELDS
from ketalit.freeze import freeze, snapshot, verify
from ketalit.freeze.about import FILES, SUMS
from ketalit.library import FILE, Library, Raw, RunKind, SavedSearch, unpack
from ketalit.review import load_review
from ketalit.screening import Choice, rule
from ketalit.vocabulary import Missing
from tests.export.hostile import QUERY, RECORDS, TITLES, write
from tests.screening.shared import EARLY, LATE, cast, make_review

DAY = "2026-11-22"
PARQUET = {"table/evidence.parquet", "table/evidence.sources.parquet"}  # where pyarrow is installed
BAD = {*map(chr, range(32)), "\x9b", "\u202e"} - {"\t", "\n"}
MARK = "An affiliation that only the library holds"
TRANSLATION = '"ketamine"[MeSH Terms] OR "ketamine"[All Fields]'


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    return freeze(to=tmp_path_factory.mktemp("bundled") / "snapshot", date=DAY).path


@pytest.fixture
def searched(tmp_path):
    """A review with a search run twice, votes of two, a ruling and a saved search that was never run. SYNTHETIC."""
    folder = make_review(tmp_path / "review", 6)
    with (folder / "review.toml").open("a", encoding="utf-8") as file:
        file.write('[[searches]]\nname = "later"\nquery = "never ``` run"\nwhy = "for next year"\n')
    for at, ids in (("2026-01-05T10:00:00Z", "1 2"), ("2026-02-05T10:00:00Z", "1 2 3")):
        with Library.open(folder / FILE, write=True) as library:
            run = library.begin(RunKind.SEARCH)
            library.add_search(run, saved(at, tuple(ids.split()), run))
            library.store(run, [Raw("PMID:1000001", "PubMed XML", xml("1000001"))])
            library.finish(run)
    for who, decisions in {
        "AB": {"r1": "include", "r2": "include", "r3": "exclude", "r4": "exclude"},
        "CD": {"r1": "include", "r2": "exclude", "r3": "exclude", "r4": "exclude"},
    }.items():
        cast(folder, who, EARLY, decisions | {"r5": "exclude", "r6": "exclude"})
    rule(folder, "r2", EARLY, Choice.EXCLUDE, reason="protocol", who="EF")
    cast(folder, "AB", LATE, {"r1": "include"})
    return folder


def saved(at, ids, run):
    return SavedSearch(
        name="broad", query="ketamine\n  AND pain", database="pubmed", count=len(ids), ids=ids, translation=TRANSLATION,
        notes=("a term was ignored",), build="Build1", updated="2026/01/04", slices=(), at=at, run=run,
    )  # fmt: skip


def xml(pmid):
    return (
        f"<PubmedArticle><MedlineCitation Status='MEDLINE' Owner='NLM'><PMID Version='1'>{pmid}</PMID><Article>"
        f"<Journal><Title>Invented</Title></Journal><ArticleTitle>Invented trial 1 of S-ketamine</ArticleTitle>"
        f"<AuthorList><Author><LastName>Author1</LastName><Initials>A</Initials><AffiliationInfo><Affiliation>{MARK}"
        f"</Affiliation></AffiliationInfo></Author></AuthorList></Article></MedlineCitation></PubmedArticle>"
    ).encode()


def test_it_holds_what_it_promises_and_nothing_else(bundled):
    files = contents(bundled)
    assert files.keys() - PARQUET == {*FILES, SUMS, "README.md"} - PARQUET - {"review.tar.gz"}
    readme = files["README.md"].decode()
    for name in files.keys() - {SUMS, "README.md"}:
        assert f"]({name})" in readme


def test_the_sums_are_those_of_sha256sum(bundled):
    lines = (bundled / SUMS).read_text(encoding="ascii").splitlines()
    said = dict(reversed(line.split("  ")) for line in lines)
    files = contents(bundled)
    assert said == {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != SUMS}


def test_the_same_review_gives_the_same_bytes(searched, tmp_path):
    one = freeze(searched, to=tmp_path / "one", date=DAY, with_library=True)
    two = freeze(searched, to=tmp_path / "two", date=DAY, with_library=True)
    assert contents(one.path) == contents(two.path)
    assert one.fingerprint == two.fingerprint
    zips = [freeze(searched, to=tmp_path / f"{name}.zip", date=DAY, with_library=True).path for name in "ab"]
    assert zips[0].read_bytes() == zips[1].read_bytes()
    with zipfile.ZipFile(zips[0]) as archive:
        inside = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
        assert {name.partition("/")[0] for name in archive.namelist()} == {f"invented-review-{DAY}"}
    assert inside == contents(one.path)


def test_another_date_or_author_is_another_snapshot(searched, tmp_path):
    made = [
        freeze(searched, to=tmp_path / str(number), date=date, authors=authors).fingerprint
        for number, (date, authors) in enumerate([(DAY, ()), ("2026-11-23", ()), (DAY, ("Doe, Jane",))])
    ]
    assert len(set(made)) == 3


def test_the_codebook_names_every_column_and_every_cell_keeps_to_it(bundled):
    rows = list(csv.DictReader(io.StringIO((bundled / "table/codebook.csv").read_text(encoding="utf-8"))))
    assert not [row for row in rows if not (row["meaning"] and row["type"])]
    for file in ("table/evidence.csv", "table/evidence.sources.csv"):
        book = {row["column"]: row for row in rows if row["file"] == file}
        table = csv.DictReader(io.StringIO((bundled / file).read_text(encoding="utf-8")))
        assert list(book) == table.fieldnames
        for line in table:
            for name, cell in line.items():
                known = [word for part in ("allowed", "missing") for word in book[name][part].split("; ") if word]
                if book[name]["allowed"]:
                    assert cell in {*known, ""}, (name, cell)
                elif book[name]["type"] in {"whole number", "number"} and cell and cell not in tuple(Missing):
                    low, high = book[name]["minimum"] or "-inf", book[name]["maximum"] or "inf"
                    assert float(low) <= float(cell) <= float(high)
    units = {row["column"]: row["unit"] for row in rows if row["unit"]}
    assert units == {name: field.unit for name, field in FIELDS.items() if field.unit}
    assert "dose\\_mg\\_per\\_kg" in (bundled / "table/codebook.md").read_text(encoding="utf-8")


def test_the_bundled_review_is_not_made_out_to_be_systematic(bundled):
    methods = (bundled / "methods.md").read_text(encoding="utf-8")
    assert "No search of a database is recorded." in methods
    assert "This was not a systematic search" in methods
    assert "No votes on titles and abstracts are recorded." in methods
    assert "No judgement on risk of bias is recorded." in methods
    assert "screened titles" not in methods
    table = load_review().screening
    assert f"{sum(row.decision == 'include' for row in table)} include" in methods
    items = appendix_items(bundled)
    assert len(items) == 16
    assert items[1] == items[8] == items[13] == items[15] == "not recorded"
    assert "How works were found" in items[5]


def appendix_items(folder):
    text = (folder / "search/prisma-s.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| (\d+) \| [^|]+ \| (.*) \|$", text)
    return {int(number): said for number, said in rows}


def test_searches_stand_as_they_were_run(searched, tmp_path):
    folder = freeze(searched, to=tmp_path / "snapshot", date=DAY).path
    items = appendix_items(folder)
    assert items[1].startswith("PubMed (NCBI")
    assert items[12] == "“broad” 2 runs"
    assert items[13] == "“broad” in PubMed: 2026-01-05, 2026-02-05"
    assert "together 3, duplicates included" in items[15]
    assert items[14] == items[3] == "not recorded"
    text = (folder / "search/prisma-s.md").read_text(encoding="utf-8")
    blocks = [token.content for token in MarkdownIt().parse(text) if token.type == "fence"]
    assert blocks == ["ketamine\n  AND pain\n", f"{TRANSLATION}\n", "never ``` run\n"]
    exact = json.loads((folder / "search/searches.json").read_text(encoding="utf-8"))
    assert [(run["query"], run["count"], run["ids"], run["translation"]) for run in exact["runs"]] == [
        ("ketamine\n  AND pain", 2, ["1", "2"], TRANSLATION),
        ("ketamine\n  AND pain", 3, ["1", "2", "3"], TRANSLATION),
    ]
    assert [(one["query"], one["last_run"]) for one in exact["saved"]] == [("never ``` run", None)]


def test_methods_tell_who_screened_and_how_well_they_agreed(searched, tmp_path):
    methods = (freeze(searched, to=tmp_path / "snapshot", date=DAY).path / "methods.md").read_text(encoding="utf-8")
    assert "Two people screened titles and abstracts, each in a file of their own (records: AB 6, CD 6)." in methods
    # 5 of 6; both would by chance in (2·1 + 4·5) / 36; kappa (5/6 - 22/36) / (1 - 22/36) = 8/14
    assert "They agreed on 5 of 6 records" in methods
    assert "Cohen's kappa 0.57" in methods
    assert "1 conflict between them settled by EF." in methods
    assert "AB alone screened 1 record by full texts, which is not double screening." in methods
    assert "“later”" in methods
    assert "No search of a database is recorded." not in methods


def test_an_unfinished_stage_tells_no_agreement(searched, tmp_path):
    (searched / "votes/CD.csv").write_text("record,stage,decision,reason,when,note\nr1,title/abstract,include,,,\n")
    (searched / "adjudication.csv").unlink()
    methods = (freeze(searched, to=tmp_path / "snapshot", date=DAY).path / "methods.md").read_text(encoding="utf-8")
    assert "Their agreement is not given" in methods
    assert "kappa" not in methods


@pytest.mark.parametrize("name", ["screening.csv", "votes/EF.csv", "library.sqlite"])
def test_a_review_that_changes_meanwhile_is_not_frozen(searched, tmp_path, monkeypatch, name):
    def changing(*given):
        if name == "library.sqlite":
            with Library.open(searched / FILE, write=True) as library:
                library.begin(RunKind.SEARCH)
        else:
            with (searched / name).open("a", encoding="utf-8") as file:
                file.write("\n")
        return render(*given)

    render = snapshot.render
    monkeypatch.setattr(snapshot, "render", changing)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputError, match="changed while it was frozen"):
        freeze(searched, to=tmp_path / "snapshot", date=DAY)
    assert sorted(tmp_path.iterdir()) == before


def test_the_library_stays_behind_unless_asked_for(searched, tmp_path, monkeypatch):
    key = "0123456789abcdef0123456789abcdef0123"
    monkeypatch.setenv("NCBI_API_KEY", key)
    monkeypatch.setenv("NCBI_EMAIL", "somebody@example.org")
    without = contents(freeze(searched, to=tmp_path / "without", date=DAY).path)
    everything = b"".join(inside(without))
    for unwanted in (MARK, key, "somebody@example.org", str(tmp_path), os.environ.get("HOME", "/root") + "/"):
        assert unwanted.encode() not in everything
    with_it = freeze(searched, to=tmp_path / "with", date=DAY, with_library=True).path
    again = unpack(with_it / "review.tar.gz", tmp_path / "again")
    assert load_review(again).records.keys() == load_review(searched).records.keys()
    with tarfile.open(with_it / "review.tar.gz") as archive:
        packed = b"".join(archive.extractfile(member).read() for member in archive if member.isfile())
    assert MARK.encode() in packed
    assert key.encode() not in packed


def inside(files):
    for name, content in files.items():
        yield content
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from map(archive.read, archive.namelist())


@pytest.mark.parametrize("date", ["22.11.2026", "2026-13-01", "20261122", "2026-11-22T00:00", "\x1b[31m"])
def test_what_is_no_date_is_refused(date, tmp_path):
    with pytest.raises(InputError, match="is no date"):
        freeze(to=tmp_path / "snapshot", date=date)
    assert not list(tmp_path.iterdir())


def test_a_date_before_what_is_in_the_review_is_refused(searched, tmp_path):
    latest = "2999-01-01"
    with Library.open(searched / FILE, write=True) as library, library.writing() as database:
        database.execute("UPDATE run SET started = ? || 'T00:00:00Z'", (latest,))
    with pytest.raises(InputError, match=latest):
        freeze(searched, to=tmp_path / "snapshot", date=DAY)
    assert freeze(searched, to=tmp_path / "snapshot", date=latest).date == latest


@pytest.mark.parametrize("kind", ["full folder", "file", "zip", "link", "nowhere", "in the review", "the review"])
def test_a_target_that_holds_something_is_refused_and_left_as_it_was(kind, searched, tmp_path):
    target = tmp_path / "target"
    if kind == "full folder":
        target.mkdir()
        (target / "a.txt").write_text("kept")
    elif kind == "zip":
        target = tmp_path / "target.zip"
        target.write_text("kept")
    elif kind == "file":
        target.write_text("kept")
    elif kind == "link":
        (tmp_path / "elsewhere").mkdir()
        target.symlink_to(tmp_path / "elsewhere")
    elif kind == "nowhere":
        target = tmp_path / "nowhere" / "target"
    else:
        target = searched / "snapshot" if kind == "in the review" else searched
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
    with pytest.raises(InputError):
        freeze(searched, to=target, date=DAY)
    assert {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize("target", ["snapshot", "snapshot.zip"])
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_never_half_a_snapshot(target, fault, searched, tmp_path, monkeypatch):
    calls = []

    def fsync(_):
        calls.append(1)
        if len(calls) == (7 if target == "snapshot" else 1):
            raise fault

    there = set(tmp_path.iterdir())
    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises((InputError, KeyboardInterrupt)):
        freeze(searched, to=tmp_path / target, date=DAY)
    assert set(tmp_path.iterdir()) == there


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "snapshot").mkdir()
    assert verify(freeze(to=tmp_path / "snapshot", date=DAY).path).ok


def test_without_a_target_it_is_named_after_review_and_date(searched, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(freeze(searched, date=DAY).path) == f"invented-review-{DAY}"
    assert (tmp_path / f"invented-review-{DAY}" / SUMS).exists()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    authors = ("Doe, Jane", '"}\n- *x: !!python/object', "=1+1")
    return freeze(write(folder / "review"), to=folder / "snapshot", date=DAY, authors=authors).path


def test_lists_of_references_hold_no_abstracts(tmp_path):
    folder = make_review(tmp_path / "review", 1)
    (folder / "screening.csv").write_text("record,decision\nr1,include\n", encoding="utf-8")
    written = contents(freeze(folder, to=tmp_path / "snapshot", date=DAY).path)
    references = [content for name, content in written.items() if name.startswith("references/")]
    assert all(b"Invented trial 1" in content for content in references)
    assert not any(b"patients were randomised" in content for content in references)


def test_hostile_texts_start_no_formula(hostile):
    for path in hostile.rglob("*.csv"):
        cells = [cell for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))) for cell in row]
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "@"))]
    book = openpyxl.load_workbook(hostile / "table/evidence.xlsx")
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_hostile_texts_make_no_markup_and_no_control_code(hostile):
    for path in hostile.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        tokens = MarkdownIt("commonmark").enable("table").parse(text)
        every = [*tokens, *(child for token in tokens for child in token.children or [])]
        assert not [token for token in every if token.type in {"html_block", "html_inline", "image"}]
        assert not [t for t in every if t.type == "link_open" and (hostile / str(t.attrs["href"])).resolve() not in
                    [*hostile.rglob("*")]]  # fmt: skip
        assert not [token.content for token in every if token.type == "inline" and token.content == "head"]
    for path in hostile.rglob("*"):
        if path.suffix in {".md", ".cff", ".csv", ".json", ".ris", ".nbib", ".bib", ".svg"}:
            text = path.read_text(encoding="utf-8")
            assert not [c for c in text if c in BAD], path


def test_hostile_queries_stand_to_the_letter(hostile):
    exact = json.loads((hostile / "search/searches.json").read_text(encoding="ascii"))
    assert [one["query"] for one in exact["saved"]] == [QUERY]
    tokens = MarkdownIt().parse((hostile / "search/prisma-s.md").read_text(encoding="utf-8"))
    assert [token.content for token in tokens if token.type == "fence"] == [f"{QUERY}\n"]


def test_hostile_texts_keep_the_files_of_programs_whole(hostile):
    table = json.loads((hostile / "table/evidence.json").read_text(encoding="utf-8"))
    assert len(table["studies"]) == len(RECORDS)
    assert (
        json.loads((hostile / "snapshot.json").read_text(encoding="utf-8"))["studies"] == len(RECORDS) - 1
    )  # one is retracted
    ElementTree.parse(hostile / "search/prisma-flow.svg")
    cff = yaml.safe_load((hostile / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cff["type"], cff["date-released"], cff["cff-version"]) == ("dataset", DAY, "1.2.0")
    assert cff["authors"] == [
        {"family-names": "Doe", "given-names": "Jane"},
        {"name": '"} - *x: !!python/object'},
        {"name": "=1+1"},
    ]
    assert TITLES["latex"] in cff["title"]
