"""The flow of records, on invented reviews (SYNTHETIC: no such works exist) and on the bundled one."""

import json
import random
from xml.etree import ElementTree

import pytest

from ketalit.intake import bring_in
from ketalit.library import FILE, Library, Raw, RunKind, SavedSearch
from ketalit.prisma import count_prisma, prisma_json, prisma_markdown, prisma_svg, prisma_text
from ketalit.prisma.boxes import column_boxes
from ketalit.screening import Choice, rule, write_decisions

from .screening.shared import EARLY, LATE, REASONS, cast, make_review

RIS = """TY  - JOUR
TI  - {title}
AU  - Author{number}, A
PY  - 2020
JO  - J Inv Trials
{more}ER  -

"""


def xml(pmid):
    return (
        f"<PubmedArticle><MedlineCitation Status='MEDLINE' Owner='NLM'><PMID Version='1'>{pmid}</PMID><Article>"
        f"<Journal><Title>Invented</Title></Journal><ArticleTitle>Invented {pmid} of ketamine.</ArticleTitle>"
        f"</Article></MedlineCitation></PubmedArticle>"
    ).encode()


def search(folder, name, pmids, *, fetched=(), at="2026-01-05T10:00:00Z"):
    with Library.open(folder / FILE, write=True) as library:
        run = library.begin(RunKind.SEARCH)
        saved = SavedSearch(
            name=name,
            query="x",
            database="pubmed",
            count=len(pmids),
            ids=tuple(map(str, pmids)),
            translation="",
            notes=(),
            build="",
            updated="",
            slices=(),
            at=at,
            run=run,
        )
        library.add_search(run, saved)
        library.store(run, [Raw(f"PMID:{pmid}", "PubMed XML", xml(pmid)) for pmid in fetched])
        library.finish(run)


@pytest.fixture
def searched(tmp_path):
    """Four entered by hand (1000001 to 1000004); a search run twice and another; an export of another database."""
    folder = make_review(tmp_path / "review", 4)
    search(folder, "broad", [11, 12, 13, 14, 1000001], fetched=[11, 12, 13, 14])
    search(folder, "broad", [12, 13, 14, 15], fetched=[15], at="2026-02-05T10:00:00Z")
    search(folder, "trials", [13, 14, 99], at="2026-02-06T10:00:00Z")  # 99 was never fetched
    export = tmp_path / "embase.ris"
    entries = [("One only here", "AN  - 1\nDO  - 10.1000/one\n"), ("Two only here", "DO  - 10.1000/two\n")]
    entries += [("One only here", "DO  - 10.1000/one\n")]
    text = "".join(RIS.format(title=title, number=n, more=more) for n, (title, more) in enumerate(entries))
    export.write_text(text, encoding="utf-8")
    bring_in(folder, [export])
    return folder


def adds_up(counts):
    for column in (counts.databases, counts.other):
        if column.screened is not None:
            assert column.screened == column.excluded_early + column.sought
            assert column.assessed <= column.sought - column.not_retrieved
            assert sum(count for _, count in column.excluded) <= column.assessed


def test_identification_is_what_searches_and_imports_found(searched):
    counts = count_prisma(searched)
    found = {source.name: (source.records, source.when) for source in counts.databases.sources}
    assert found["PubMed, search “broad”"] == (6, "2026-02-05")
    assert found["PubMed, search “trials”"] == (3, "2026-02-06")
    (name,) = [name for name in found if name not in {"PubMed, search “broad”", "PubMed, search “trials”"}]
    assert name == "imported file embase.ris"
    assert found[name][0] == 3
    assert counts.databases.sources[0].note == "2 runs since 2026-01-05; the last found 4"
    assert counts.databases.identified == 12
    assert counts.databases.duplicates == 3  # 13 and 14 in two searches, one entry twice in the export
    # One of the four entered by hand is among what the search found.
    assert (counts.other.identified, counts.other.duplicates) == (4, 1)
    assert counts.databases.screened is None
    assert any(
        "Found by searches, but not in the review" in said and "1 record." in said for said in counts.differences
    )


def test_decided_duplicates_are_counted_and_proposed_ones_told(searched):
    before = count_prisma(searched)
    (searched / "duplicates.csv").write_text(
        "record,same_as,decision,reason\nDOI:10.1000/two,PMID:11,same,same title\nr2,r3,proposed,alike\n"
    )
    counts = count_prisma(searched)
    assert counts.databases.identified == before.databases.identified
    assert counts.databases.duplicates == before.databases.duplicates + 1
    assert any("Perhaps duplicates" in said and "1 pair" in said for said in counts.differences)


def test_the_whole_way(tmp_path):
    folder = make_review(tmp_path, 2)
    search(folder, "broad", range(11, 19), fetched=range(11, 19))
    early = {f"PMID:{number}": "exclude" if number > 16 else "include" for number in range(11, 19)}
    for name in ("AB", "CD"):
        cast(folder, name, EARLY, {**early, "r1": "maybe", "r2": "include"})
    cast(folder, "CD", EARLY, {"PMID:16": "exclude"})
    rule(folder, "PMID:16", EARLY, Choice.EXCLUDE, who="EF")
    late = {
        "PMID:11": "include",
        "PMID:12": "exclude: protocol",
        "PMID:13": "exclude: wrong drug",
        "PMID:14": "exclude: wrong drug",
        "PMID:15": "exclude: not retrieved",
        "r1": "include",
        "r2": "exclude: wrong people",
    }
    for name in ("AB", "CD"):
        cast(folder, name, LATE, late)
    unwritten = count_prisma(folder)
    assert unwritten.differences == ("Included by votes, but not in screening.csv: 2 reports.",)
    write_decisions(folder)
    counts = count_prisma(folder)
    left, right = counts.databases, counts.other
    assert (left.identified, left.duplicates, left.screened, left.excluded_early) == (8, 0, 8, 3)
    assert (left.sought, left.not_retrieved, left.assessed) == (5, 1, 4)
    assert left.excluded == (("wrong drug", 2), ("protocol", 1))
    assert (right.identified, right.screened, right.excluded_early, right.sought, right.assessed) == (2, 2, 0, 2, 2)
    assert right.excluded == (("wrong people", 1),)
    assert (counts.studies, counts.reports) == (2, 2)
    assert counts.differences == ()
    assert counts.notes == ()
    adds_up(counts)
    assert "The numbers add up." in prisma_text(counts)


def test_unfinished_work_is_told_in_words(tmp_path):
    folder = make_review(tmp_path, 6)
    (folder / "screening.csv").write_text("record,decision,reason\nr6,exclude,protocol\nr5,include,\n")
    cast(folder, "AB", EARLY, {"r1": "include", "r2": "include", "r3": "include"})
    cast(folder, "CD", EARLY, {"r1": "include", "r2": "exclude"})
    said = "\n".join(count_prisma(folder).differences)
    assert "counted neither as screened nor as assessed: 2 records." in said
    assert "Votes on title and abstract are missing: 2 records." in said
    assert "Conflicts on title and abstract not ruled on: 1 record." in said
    assert "Sought, but not assessed to the end: 1 report." in said
    assert count_prisma(folder).excluded_without_stage == (("protocol", 1),)


def test_one_reviewer_is_named(tmp_path):
    folder = make_review(tmp_path, 2)
    cast(folder, "AB", EARLY, {"r1": "include", "r2": "exclude"})
    counts = count_prisma(folder)
    assert counts.other.screened == 2
    assert any("one reviewer (AB), which is not double screening" in note for note in counts.notes)


def test_the_bundled_review_claims_nothing_it_does_not_know():
    counts = count_prisma()
    for column in (counts.databases, counts.other):
        assert all(box.number is None for box in column_boxes(column))
    assert [source.records for source in counts.other.sources] == [157]
    assert counts.reports == 57
    assert 0 < counts.studies <= 57
    assert sum(number for _, number in counts.excluded_without_stage) == 98
    text = prisma_text(counts)
    assert "n = 0" not in text
    assert text.count("not recorded") >= 16
    assert "This was not a systematic search" in text


def test_any_state_of_screening_adds_up_with_its_differences(tmp_path):
    """Whatever was voted, every record is screened, or named among what is missing."""
    chance = random.Random(20261122)
    for number in range(12):
        folder = make_review(tmp_path / str(number), 6)
        search(folder, "broad", range(11, 17), fetched=range(11, 16))
        names = [*(f"r{one}" for one in range(1, 7)), *(f"PMID:{one}" for one in range(11, 16))]
        for reviewer in ("AB", "CD", "EF")[: chance.randint(1, 3)]:
            for name in chance.sample(names, chance.randint(0, len(names))):
                cast(folder, reviewer, EARLY, {name: chance.choice(["include", "exclude", "maybe"])})
                if chance.random() < 0.6:
                    reason = f"exclude: {chance.choice([*REASONS, 'not retrieved'])}"
                    cast(folder, reviewer, LATE, {name: chance.choice(["include", "maybe", reason])})
        counts = count_prisma(folder)
        adds_up(counts)
        told = sum(
            int(said.rsplit(": ", 1)[1].split()[0])
            for said in counts.differences
            if any(word in said for word in ("title and abstract", "not in the review", "neither"))
        )
        columns = (counts.databases, counts.other)
        if counts.other.screened is not None:
            gap = sum(column.identified - column.duplicates - column.screened for column in columns)
            assert gap == told
            gap = sum(column.sought - column.not_retrieved - column.assessed for column in columns)
            told = [said for said in counts.differences if "assessed to the end" in said or "at full text not" in said]
            assert gap == sum(int(said.rsplit(": ", 1)[1].split()[0]) for said in told)


def test_json_says_null_for_what_is_not_recorded(searched):
    held = json.loads(prisma_json(count_prisma(searched)))
    assert held["databases"]["screened"] is None
    assert held["databases"]["identified"] == 12
    assert held["databases"]["sources"][0]["name"] == "PubMed, search “broad”"


def test_markdown_is_a_table_whatever_the_names(tmp_path):
    folder = make_review(tmp_path, 1)
    search(folder, "a|b <script>", [11], fetched=[11])
    for name in ("AB", "CD"):
        cast(folder, name, EARLY, {"r1": "include", "PMID:11": "exclude"})
    lines = prisma_markdown(count_prisma(folder)).splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in table} == {4}
    assert "| Records screened | n = 1 | n = 1 |" in table
    assert "<script>" not in "\n".join(lines)


def test_svg_is_well_formed_and_says_everything_in_words(searched):
    counts = count_prisma(searched)
    root = ElementTree.fromstring(prisma_svg(counts))
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.find(f"{space}title").text == "PRISMA 2020 flow diagram: Invented review"
    assert root.find(f"{space}desc").text == prisma_text(counts)
    drawn = " ".join(text.text for text in root.iter(f"{space}text")).replace("\u00a0", " ")
    for word in ("Identification", "Screening", "Included", "via databases", "via other methods", "(n = 12)"):
        assert word in drawn
    assert "(not recorded)" in drawn


def test_svg_escapes_what_reviews_hold(tmp_path):
    folder = make_review(tmp_path, 1)
    search(folder, "</text><script>alert(1)</script>\x1b[31m", [11], fetched=[11])
    svg = prisma_svg(count_prisma(folder))
    ElementTree.fromstring(svg)
    assert "<script" not in svg


def test_every_text_stays_in_its_box_at_800_pixels(browser, searched):
    for name in ("AB", "CD"):
        cast(searched, name, EARLY, {"r2": "include", "r3": "include", "PMID:11": "include", "PMID:12": "exclude"})
        cast(searched, name, LATE, {"r2": "exclude: wrong people", "PMID:11": "exclude: wrong drug"})
    svg = prisma_svg(count_prisma(searched))
    page = browser.new_page(viewport={"width": 800, "height": 900})
    page.set_content(f"<body style='margin:0'>{svg}</body>")
    outside = page.evaluate(
        """() => {
            const found = []; let box = null;
            for (const part of document.querySelector('svg').children) {
                if (part.tagName === 'rect') box = part.getBBox();
                if (part.tagName !== 'text' || part.hasAttribute('transform')) continue;
                const text = part.getBBox();
                const within = text.y >= box.y - 2 && text.y < box.y + box.height && text.x >= box.x;
                const right = within ? box.x + box.width : 800;
                if (text.x + text.width > right) found.push(part.textContent);
            }
            return found;
        }"""
    )
    assert outside == []
