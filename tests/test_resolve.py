"""Does each citation lead to the right work, or to honest candidates, and is every doubt said?"""

import io
import json
from types import SimpleNamespace

import pytest
from rich.console import Console

from ketalit.citations import find_citations
from ketalit.page import open_page, page_of_text
from ketalit.records.model import Author, Correction, Date, Journal, Record, Term
from ketalit.resolve import Outcome, as_json, one_work_sentences, render_text, resolve, same_journal
from ketalit.review import load_review
from tests.shared import SHARED, needs_shared


def record(key, title="", year=2009, last="Able", **more):
    """A synthetic record."""
    return Record(
        source=more.pop("source", "person"),
        key=key,
        title=title,
        authors=(Author(last=last, initials="A"),),
        published=Date(iso=str(year), precision="year"),
        **more,
    )


def library(*records):
    return SimpleNamespace(records={item.id: item for item in records})


def resolved(text, *records, **more):
    return resolve(find_citations(text), library(*records), **more)


def clinic(prefix):
    (path,) = (SHARED / "clinic_pages").glob(f"{prefix}_*.txt")
    return find_citations(open_page(str(path)))


def shown(renderable, width=200):
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    console.print(renderable)
    return console.file.getvalue()


# --- the five pages against the bundled review


@needs_shared
def test_page_000_two_links_are_one_work_that_rests_on_an_unverified_identifier():
    found = resolve(clinic("000"), load_review())
    _, _, _, pmc, pubmed = found
    assert pmc.record is pubmed.record
    assert pmc.record.id == "niesters2014"
    assert "pmid" in pmc.record.unverified
    assert (pmc.same_work, pubmed.same_work) == ((5,), (4,))
    assert (pmc.rests_on, pubmed.rests_on) == ((), ("pmid",))
    (sentence,) = [line for line in one_work_sentences(found) if "are one work" in line]
    for part in ("4 and 5", "Niesters 2014", "PMC4014022", "23432384", "PMID is unverified", "without a network"):
        assert part in sentence
    assert "PMID is unverified" in " ".join(shown(render_text(found)).split())


@needs_shared
def test_page_000_pii_and_magazine_article_are_named_as_what_they_are():
    pii, magazine, mention, *_ = resolve(clinic("000"), load_review())
    assert pii.record.id == "sleigh2014"
    assert set(pii.rests_on) == {"pii", "bibliography"}
    assert any("no PMID" in note for note in pii.notes)
    assert magazine.outcome is Outcome.WEB_ARTICLE
    assert magazine.record is None
    assert [candidate.record.id for candidate in magazine.candidates] == ["uspharm2011"]
    assert mention.outcome is Outcome.UNRESOLVED
    best = mention.candidates[0]
    assert best.record.id == "niesters2014"
    reasons = " ".join(item.reason for item in best.evidence)
    assert "footnote 1 of the same sentence" in reasons
    assert "the page calls it a meta-analysis; nothing in the record does" in reasons


@needs_shared
def test_the_link_of_page_000_and_the_mention_of_page_002_are_possibly_one_article():
    found = resolve([*clinic("000"), *clinic("002")], load_review())
    assert any(line.startswith("2 and 6 are possibly one work: uspharm2011") for line in one_work_sentences(found))


@needs_shared
def test_page_002_candidates_with_the_misspelt_name():
    article, study, again, asserts, writes = resolve(clinic("002"), load_review())
    assert article.candidates[0].record.id == "uspharm2011"
    for found in (study, again, asserts, writes):
        assert found.record is None
        assert {candidate.record.id for candidate in found.candidates} == {"borsook2009", "becerra2009"}
    assert study.candidates[0].record.id == "borsook2009"
    assert any("spelt “Barsook”" in item.reason for item in writes.candidates[0].evidence)
    assert any("given elsewhere on the page" in item.reason for item in again.candidates[0].evidence)


@needs_shared
@pytest.mark.parametrize("page", ["001", "003"])
def test_pages_that_cite_nothing_say_so(page):
    found = resolve(clinic(page), load_review())
    assert found == ()
    assert "cites no work" in shown(render_text(found))


@needs_shared
def test_page_004_candidates():
    found = resolve(clinic("004"), load_review())
    first = [
        {candidate.record.id for candidate in item.candidates if candidate.score == item.candidates[0].score}
        for item in found
    ]
    # What the evidence notes hold for likely, reached by year and topic alone.
    assert "orhurhu2019" in first[0]
    assert first[1] == {"oihreview2021"}
    assert first[2] == {"corriger2022"}
    assert all(item.record is None for item in found)


@needs_shared
def test_every_identifier_of_the_bundled_review_finds_its_own_record():
    review = load_review()
    names = {name: item.id for item in review.records.values() for name in item.identifiers}
    found = resolve(find_citations("\n\n".join(f"See {name.replace('PMCID:', '')}." for name in names)), review)
    assert len(found) == len(names)
    assert [item.record.id for item in found] == list(names.values())


# --- outcomes


def test_found_not_here_and_looked_up():
    here = record("a1", pmid="123456", source="pubmed")
    there = record("", pmid="654321", source="pubmed")
    text = "See PMID 123456 and PMID 654321 and PMID 777777."
    assert [item.outcome for item in resolved(text, here)] == [Outcome.FOUND, Outcome.NOT_HERE, Outcome.NOT_HERE]
    asked = []

    def look_up(identifier):
        asked.append(str(identifier))
        return there if identifier.value == "654321" else None

    outcomes = [item.outcome for item in resolved(text, here, look_up=look_up)]
    assert outcomes == [Outcome.FOUND, Outcome.LOOKED_UP, Outcome.NOT_FOUND]
    assert asked == ["PMID:654321", "PMID:777777"]
    assert "needs a network" in Outcome.NOT_HERE


def test_a_pii_that_is_not_here_says_what_it_says_itself():
    (found,) = resolved("https://www.sciencedirect.com/science/article/pii/S2210844014200062")
    assert found.notes == ("the PII itself names the journal with ISSN 2210-8440 and the year ’14",)


def test_footnote_without_entry():
    (found,) = resolved("Nobody has replied [9].")
    assert found.outcome is Outcome.NO_ENTRY


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"publication_types": (Term(name="Retracted Publication"),)}, "retracted"),
        ({"corrections": (Correction(type="ErratumIn", citation="Invent. 2010"),)}, "corrected"),
        ({"corrections": (Correction(type="ExpressionOfConcernIn", pmid="5"),)}, "expression of concern"),
        ({"publication_types": (Term(name="Published Erratum"),)}, "is itself a notice"),
    ],
)
def test_retracted_and_corrected_works_are_flagged(more, status):
    (found,) = resolved("PMID 123456", record("a1", pmid="123456", source="pubmed", **more))
    assert found.status == status
    assert any(note.startswith(status) for note in found.notes)
    assert status in shown(render_text([found]))


def test_an_unasked_record_is_not_called_current():
    (found,) = resolved("PMID 123456", record("a1", pmid="123456"))
    assert found.status == "not checked"
    (found,) = resolved("PMID 123456", record("a1", pmid="123456", source="pubmed"))
    assert found.status == "current"


def test_a_verified_identifier_beside_an_unverified_one_is_enough():
    work = record("a1", pmid="123456", doi="10.1000/a", unverified=("pmid",))
    assert resolved("PMID 123456", work)[0].rests_on == ("pmid",)
    assert resolved("1. Able A. Nothing. 2009. doi:10.1000/a PMID: 123456", work)[0].rests_on == ()


def test_a_reference_that_contradicts_itself_or_the_record_is_noticed():
    one = record("a1", "A trial of nothing against something else", pmid="123456", doi="10.1000/a")
    two = record("b1", "Quite another story altogether", pmid="654321")
    (found,) = resolved("1. Able A. Nothing. Invent. 2009;1:2. doi:10.1000/a PMID: 654321", one, two)
    assert "different works: a1, b1" in found.notes[0]
    (found,) = resolved("1. Able A. Nothing. Invent. 2009;1:2. doi:10.1000/a PMID: 777777", one)
    assert "the page gives PMID 777777, the library 123456" in found.notes
    (found,) = resolved("1. Able A. Wholly unlike words stand here. Invent. 2015;1:2. PMID: 123456", one)
    assert any("identifier may be wrong" in note for note in found.notes)
    assert any("the year 2015, the record 2009" in note for note in found.notes)


# --- the same work


def test_one_work_by_a_verified_record_rests_on_nothing():
    work = record("a1", pmid="123456", pmcid="PMC98765", doi="10.1000/a")
    found = resolved("See PMID 123456, PMC98765 or rather https://doi.org/10.1000/A.", record("b", pmid="1"), work)
    (line,) = one_work_sentences(found)
    assert line.startswith("1, 2 and 3 are one work, Able 2009 (a1)")
    assert "unverified" not in line


def test_one_unknown_identifier_twice_is_one_work():
    found = resolved("See PMID 777777. Also https://pubmed.ncbi.nlm.nih.gov/777777/.")
    assert [item.same_work for item in found] == [(2,), (1,)]
    assert "the identifier is the same" in one_work_sentences(found)[0]


# --- candidates


def test_a_reference_without_identifier_gets_candidates_but_no_match():
    work = record(
        "a1",
        "A trial of nothing against something else",
        journal=Journal(abbreviation="J Invent"),
        volume="145",
        pages="304-11",
    )
    other = record("b1", "Quite another story", journal=Journal(abbreviation="J Invent"))
    (found,) = resolved("1. Able A. A trial of nothing against something else. J Invent. 2009;145:304-11.", other, work)
    assert found.outcome is Outcome.UNRESOLVED
    assert found.record is None
    assert found.candidates[0].record is work
    reasons = [item.reason for item in found.candidates[0].evidence]
    for part in ("title given", "first author Able A", "year 2009", "journal J Invent", "volume 145, page 304"):
        assert any(part in reason for reason in reasons)
    assert found.candidates[0].score == sum(item.points for item in found.candidates[0].evidence)


def test_a_year_alone_makes_no_candidate():
    assert resolved("A 2009 study found it.", record("a1", "Wholly unlike words"))[0].candidates == ()


def test_a_different_name_makes_no_candidate_beside_the_right_one():
    right, wrong = record("a1", "Words", last="Borsook"), record("b1", "Glutamate words", last="Baker")
    (found,) = resolved("A 2009 study by Dr. Barsook linked it to glutamate.", right, wrong)
    assert [candidate.record.id for candidate in found.candidates] == ["a1"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Lancet", "Lancet", True),
        ("British Journal of Clinical Pharmacology", "Br J Clin Pharmacol", True),
        ("Journal of Pain", "J Pain", True),
        ("Pain", "Pain", True),
        ("Pain", "Pain Medicine", False),
        ("Pain", "PAINt", False),
        ("", "", False),
    ],
)
def test_names_of_journals(one, other, same):
    assert same_journal(one, other) is same


# --- for people and for scripts


def test_json_is_plain_and_complete():
    work = record("a1", "A trial", pmid="123456", unverified=("pmid",))
    found = resolved("Seen (1). A 2009 study by Dr. Able saw it.\n\nReferences\n1. PMID: 123456", work)
    data = json.loads(json.dumps(as_json(found)))
    assert [item["kind"] for item in data] == ["unresolved mention", "identifier"]
    assert data[1]["record"] == {
        "id": "a1", "short": "Able 2009", "title": "A trial", "identifiers": ["PMID:123456"], "unverified": ["pmid"],
    }  # fmt: skip
    assert data[1]["label"] == "1"
    assert data[1]["sentences"][0]["text"] == "Seen (1)."
    assert data[0]["candidates"][0]["evidence"][0]["points"] > 0


def test_what_is_shown_holds_no_control_codes_and_no_markup():
    page = page_of_text(
        "Seen\x1b[31m\u202e [bold]a 2009 study by Dr. Able[/bold]\x07 https://doi.org/10.1000/a\x1b]0;x\x07 ."
    )
    found = resolve(find_citations(page), library(record("a1", "T\x1b[2J [red]x[/red]", doi="10.1000/a")))
    text = shown(render_text(found, ["https://h.example/\x1b[31m"]))
    assert not set(text) & set("\x1b\x07\u202e")
    assert "[bold]" in text
    assert "[red]x[/red]" in text
    assert "Not taken for a citation: https://h.example/" in text


WIDE = """Pain fell (1,2) at last. <a href="https://j.example/article/1">A report</a> says so, and a 2009 study by Dr. Able.

<p>References</p><ol><li>Able A. A trial of nothing. Invent. 2009;1:2. PMID: 123456
<li>Baker B. Nothing but very many quite invented words that go on and on and on. Invent. 2010;1:2. PMID: 654321</ol>"""


@pytest.mark.parametrize("width", [30, 80, 140])
def test_each_citation_is_a_block_that_fits_the_terminal(width):
    work = record("a1", "A trial of nothing", pmid="123456", unverified=("pmid",))
    text = shown(render_text(resolved(page_of_text(f"<p>{WIDE}</p>"), work)), width)
    assert max(map(len, text.splitlines())) <= width
    *blocks, one_work, end = text.strip().split("\n\n")
    assert [block.splitlines()[0][:4].strip() for block in blocks] == ["1  w", "2  u", "3  i", "4  i"]
    assert all(line.startswith("   ") for block in blocks for line in block.splitlines()[1:])
    words = [" ".join(block.split()) for block in (*blocks, one_work, end)]
    assert "→ Able 2009: A trial of nothing (a1) in the library; not checked for retraction" in words[2]
    assert "unverified in the library: PMID" in words[2]
    assert "→ not in this library" in words[3]
    assert "candidates, by points: " in words[1]
    assert "first author Able A +5" in words[1]
    assert words[4].startswith("2 and 3 are possibly one work")
    assert words[5].startswith(
        "4 citations: 1 found in the library, 1 not in this library, 1 web article, 1 unresolved;"
    )
    assert "Not possible offline: look up 4; check 3 for retraction or correction; verify" in words[5]
    assert "search PubMed for 1 and 2." in words[5]


def test_a_sentence_takes_two_lines_at_the_most_and_is_cut_between_words():
    text = shown(render_text(resolved("Word " * 100 + "in PMID 123456.")), 40)
    assert text.splitlines()[1:3] == ["   " + "Word " * 6 + "Word", "   " + "Word " * 6 + "Word …"]
    assert text.splitlines()[3].startswith("   →")


def test_blocks_of_several_pages_say_which_page_they_are_from():
    pages = [
        page_of_text(f"See PMID {n}.", source=source) for n, source in enumerate(["a/x.txt", "b/x.txt", "c/y.txt"], 7)
    ]
    found = resolve([one for page in pages for one in find_citations(page)], library())
    text = shown(render_text(found, pages=[*(page.source for page in pages), "-"]))
    assert [line.strip() for line in text.splitlines() if " on " in line] == [
        "on a/x.txt",
        "on b/x.txt",
        "on y.txt",
        "3 citations on 4 pages: 3 not in this library.",
    ]
    assert "standard input cites no work" in text
    assert " on " not in shown(render_text(found[:1]))


def test_a_year_given_on_one_page_says_nothing_of_a_name_on_another():
    work = record("a1", "Words", last="Ableson")

    def reasons(*sources):
        texts = ("A 2009 study by Dr. Ableson began it.", "Dr. Ableson’s study ended it.")
        pages = [page_of_text(text, source=source) for text, source in zip(texts, sources, strict=True)]
        found = resolve([one for page in pages for one in find_citations(page)], library(work))
        return " ".join(item.reason for item in found[-1].candidates[0].evidence)

    assert "given elsewhere on the page" in reasons("one", "one")
    assert "year" not in reasons("one", "two")
