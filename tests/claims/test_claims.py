"""Is every claim shown with its verdict, the records it rests on and where in them, and what weakens it?"""

import csv
import io
import json
import re

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ketalit.claims import SUFFIXES, checked_claims, claims_frame, export, to_rich
from ketalit.cli import app
from ketalit.errors import InputError
from ketalit.escaping import markdown
from ketalit.records.model import Record, to_json
from ketalit.review import load_review, read_review
from ketalit.vocabulary import Checked, Verdict
from tests.shared import SHARED, needs_shared

HEADER = "id,page,claim,topic,verdict,explanation,basis,locators,cited,priority,checked,when,would_change,note"


@pytest.fixture(scope="module")
def claims():
    return checked_claims(load_review())


def folder_with(tmp_path, *rows):
    """A synthetic review of two records with these claims."""
    (tmp_path / "review.toml").write_text('format = 1\ntitle = "Synthetic"\ndrugs = ["ketamine"]\n')
    records = [
        Record(source="person", key="alpha2001", pmid="101", title="First synthetic trial", unverified=("pmid",)),
        Record(source="person", key="beta2002", doi="10.1000/b.2", title="Second <b>synthetic</b> trial"),
    ]
    (tmp_path / "records.jsonl").write_bytes(b"\n".join(map(to_json, records)))
    (tmp_path / "claims.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return tmp_path


# --- the bundled claims


def test_every_claim_has_what_the_reader_needs(claims):
    assert len(claims) == 92
    for one in claims:
        claim = one.claim
        assert claim.verdict in set(Verdict)
        assert claim.explanation, claim.id
        assert claim.would_change, claim.id
        assert bool(claim.when) == (claim.checked is not Checked.NONE), claim.id
        assert one.basis or claim.note.startswith("rests on"), claim.id


def test_a_locator_is_where_the_record_was_read(claims):
    """The places agree with those that extraction.csv notes for the values of the same record."""
    review = load_review()
    read = {}
    for row in review.extraction:
        if row.finding.locator:
            read.setdefault(row.record, set()).add(row.finding.locator)
    for one in claims:
        for base in one.basis:
            assert bool(base.locator) == (base.record in read), (one.claim.id, base.record)
            if base.locator:
                place = re.sub(r" of (?:PMID|PMCID|DOI):.*", "", base.locator)
                assert place in read[base.record] | {"title"}, (one.claim.id, base.record)  # a title has everybody seen


def test_a_verdict_on_unverified_identifiers_says_so(claims):
    records = load_review().records
    for one in claims:
        unsure = [base for base in one.basis if records[base.record].unverified]
        assert any("unverified" in caveat for caveat in one.caveats) == bool(unsure), one.claim.id
        assert one.unverified == (bool(unsure) or one.claim.checked is Checked.NONE), one.claim.id
    assert sum(any("unverified" in caveat for caveat in one.caveats) for one in claims) > 10


@needs_shared
def test_claims_are_in_our_words(claims):
    """No claim takes over eight words in a row from the page it was made on."""
    for one in claims:
        page = words((SHARED / "clinic_pages" / one.claim.page).read_text(encoding="utf-8"))
        mine = words(one.claim.claim).split()
        for start in range(len(mine) - 7):
            piece = mine[start : start + 8]
            assert " ".join(piece) not in page or "gaba" in piece, (one.claim.id, piece)


def words(text):
    return " ".join(re.findall(r"\w+", text.lower()))


# --- reviews of others


def test_what_weakens_a_verdict_is_said(tmp_path):
    row = 'K1,p,A claim.,t,overstated,why,alpha2001; beta2002,"alpha2001: title",,1,none,,,'
    (one,) = checked_claims(load_review(folder_with(tmp_path, row)))
    assert [base.locator for base in one.basis] == ["title", ""]
    said = " | ".join(one.caveats)
    for part in ("nobody has yet looked", "unverified", "alpha", "only the title", "no place is noted"):
        assert part in said.lower() or part in one.basis[0].record


@pytest.mark.parametrize("locator", ["beta2002: page 3", "alpha2001", "alpha2001: ", "page 3"])
def test_a_locator_that_names_no_place_is_told_and_hinders_nothing(tmp_path, locator):
    folder = folder_with(tmp_path, f"K1,p,A claim.,t,overstated,why,alpha2001,{locator},,1,,,,")
    review, problems = read_review(folder)
    assert review is not None
    assert [(problem.column, problem.line, problem.fatal) for problem in problems] == [("locators", 2, False)]


def test_an_old_file_without_the_new_columns_still_loads(tmp_path):
    folder = folder_with(tmp_path)
    text = "id,page,claim,topic,verdict,explanation,basis\nK1,p,c,t,supported,e,alpha2001\n"
    (folder / "claims.csv").write_text(text)
    assert [one.claim.id for one in checked_claims(load_review(folder))] == ["K1"]


def test_unknown_topics_and_pages_are_told_with_what_there_is(claims):
    review = load_review()
    with pytest.raises(InputError, match="did you mean “dosing”"):
        checked_claims(review, topic="dosign")
    with pytest.raises(InputError, match="no claim has the page"):
        checked_claims(review, page="999")
    assert {one.claim.topic for one in checked_claims(review, topic="interact")} == {"contraindications-interactions"}


def test_a_claim_is_found_by_its_key():
    review = load_review()
    assert [one.claim.id for one in checked_claims(review, ["k64", "K36", "K64"])] == ["K64", "K36"]
    with pytest.raises(InputError, match="no claim “K36x”.* did you mean “K36”.*`ketalit claims` lists them"):
        checked_claims(review, ["K36", "K36x"])
    with pytest.raises(InputError, match="no claim has the topic"):
        checked_claims(review, ["K36"], topic="dosing x")


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("001_abc.txt", "taken from a page saved as 001_abc.txt, of which title, address and date were not kept"),
        ("https://clinic.example/pain.html", "taken from https://clinic.example/pain.html"),
        ("Pain and us, a clinic, 3 May 2026", "taken from Pain and us, a clinic, 3 May 2026"),
    ],
)
def test_which_page_it_is_from_is_told_as_far_as_it_is_known(tmp_path, page, told):
    folder = folder_with(tmp_path, f'K1,"{page}",c,t,supported,e,alpha2001,,,1,two,2026-05-04,,')
    (one,) = checked_claims(load_review(folder))
    assert one.provenance == f"checked on 2026-05-04 (two looks at the sources); {told}"
    assert told in unwrapped(in_terminal(to_rich([one], full=True)))
    assert told in written([one], tmp_path / "c.html")
    assert markdown(told) in written([one], tmp_path / "c.md")


# --- files and the command


def in_terminal(what, width=80):
    console = Console(width=width, file=io.StringIO())
    console.print(what)
    return console.file.getvalue()


def unwrapped(text):
    return " ".join(text.split())


def written(claims, path):
    return export(claims, path).read_text(encoding="utf-8")


def test_every_work_of_a_basis_can_be_opened_and_asked_for(claims, tmp_path):
    """Key, identifier and address stand in every rendering; what has no identifier stands with its title."""
    lines = in_terminal(to_rich(claims, full=True)).splitlines()
    told = unwrapped(" ".join(lines))
    page, document, table = (written(claims, tmp_path / f"c{suffix}") for suffix in (".html", ".md", ".csv"))
    data = {one["id"]: one for one in json.loads(written(claims, tmp_path / "c.json"))}
    assert max(map(len, lines)) <= 80
    for one in claims:
        for base, as_data in zip(one.basis, data[one.claim.id]["basis"], strict=True):
            value = base.identifier.partition(":")[2]
            assert (as_data["record"], as_data["identifier"], as_data["link"]) == (
                base.record,
                base.identifier,
                base.link,
            )
            assert f"({base.record}" in told
            assert f"({base.record}, " in page
            for text in (document, table):
                assert base.record in text.replace("\\", "")
                assert base.link in text
            if base.link:
                assert any(base.link in line for line in lines), "an address is never cut in two"
                assert value in told
                assert value in page
            else:
                assert f"({base.record}, no identifier seen yet): " in told


def test_show_and_claims_take_a_claims_key(tmp_path):
    run = CliRunner().invoke
    shown = run(app, ["claims", "k36"]).output
    assert "https://pubmed.ncbi.nlm.nih.gov/29870458/" in shown
    assert run(app, ["show", "K36"]).output == shown
    assert [one["id"] for one in json.loads(run(app, ["show", "K36", "--json"]).output)] == ["K36"]
    assert run(app, ["claims", "--full"]).output.count("would change it:") == 92
    listed = run(app, ["claims"]).output
    assert "`ketalit claims K" in listed
    assert isinstance(run(app, ["claims", "K99"]).exception, InputError)
    assert "holds no claims" in str(run(app, ["claims", "K1", "-r", str(folder_with(tmp_path))]).exception)


def test_a_record_whose_key_is_that_of_a_claim_is_shown_as_the_record(tmp_path):
    folder = folder_with(tmp_path, "alpha2001,p,A claim.,t,supported,why,beta2002,,,1,,,,")
    assert "First synthetic trial" in CliRunner().invoke(app, ["show", "alpha2001", "-r", str(folder)]).output


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_file_holds_every_claim(claims, tmp_path, suffix):
    text = export(claims, tmp_path / f"claims{suffix}").read_text(encoding="utf-8")
    assert all(re.search(rf"\b{one.claim.id}\b", text) for one in claims)


def test_csv_and_json_can_be_read_back(claims, tmp_path):
    with export(claims, tmp_path / "c.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["verdict"] for row in rows] == list(claims_frame(claims)["verdict"])
    data = json.loads(export(claims, tmp_path / "c.json").read_text(encoding="utf-8"))
    assert data[83]["id"] == "K84"
    assert data[83]["basis"][1]["locator"] == "abstract"


def test_hostile_claims_are_harmless_wherever_they_are_shown(tmp_path):
    hostile = '=cmd()|<script>alert(1)</script> \x1b[31mred\u202e"'
    quoted = '"' + hostile.replace('"', '""') + '"'
    folder = folder_with(tmp_path, f"K1,p,{quoted},{quoted},supported,{quoted},alpha2001,,,1,,,{quoted},{quoted}")
    found = checked_claims(load_review(folder))
    html = export(found, tmp_path / "c.html").read_text(encoding="utf-8")
    assert "<script" not in html
    assert "\x1b" not in html + export(found, tmp_path / "c.md").read_text(encoding="utf-8")
    assert "\n=cmd" not in export(found, tmp_path / "c.csv").read_text(encoding="utf-8").replace(",", "\n")
    assert not re.search(r"(?<!\\)<script", export(found, tmp_path / "c.md").read_text(encoding="utf-8"))
    assert to_rich(found, full=True)


def test_the_command(tmp_path):
    run = CliRunner().invoke
    assert "92 claims" in run(app, ["claims"]).output.replace("\n", " ")
    full = run(app, ["claims", "--topic", "addiction"]).output
    assert full.count("would change it:") == 2
    assert len(json.loads(run(app, ["claims", "--page", "004", "--json"]).output)) == 22
    assert "wrote" in run(app, ["claims", "--to", str(tmp_path / "c.html")]).output
    empty = folder_with(tmp_path)
    assert "0 claims" in run(app, ["claims", "-r", str(empty)]).output


def test_an_unknown_kind_of_file_is_refused(claims, tmp_path):
    with pytest.raises(InputError, match="no kind of file"):
        export(claims, tmp_path / "c.pdf")
