"""Does a page get the verdicts of the claims it makes, and none that it does not earn?"""

import csv
import io
import json
import re
from collections import defaultdict
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ketalit.audit import Likeness, StatementKind, as_json, audit, export, to_rich
from ketalit.audit.export import to_html
from ketalit.audit.wording import cited, resembled
from ketalit.cli import app
from ketalit.errors import InputError
from ketalit.page import open_page
from ketalit.resolve import Outcome
from ketalit.review import load_review, new_review
from ketalit.vocabulary import Verdict
from tests.shared import SHARED, needs_shared

PAGES = Path(__file__).parent / "pages"
CLINICS = SHARED / "clinic_pages"
LABELS = Path(__file__).parents[2] / "benchmarks" / "labels" / "audit_matches.csv"


@pytest.fixture(scope="module")
def review():
    return load_review()


@pytest.fixture(scope="module")
def page_004(review):
    return audit(open_page(str(CLINICS / "004_f2386fc01f10a15c.txt")), review)


def ids(statement):
    return {match.claim.claim.id for match in statement.matches}


def one(text, review):
    (statement,) = audit(text, review).statements
    return statement


def with_claim(found, name):
    return [statement for statement in found.statements if name in ids(statement)]


# --- measured on pages


@needs_shared
def test_the_clinics_pages_recall_and_precision(review):
    """Against labels made by hand; a match that is not labelled counts as wrong."""
    truth = defaultdict(set)
    with LABELS.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["right"] == "yes":
                truth[row["page"], int(row["start"])].add(row["claim"])
    made = right = 0
    found = set()
    for path in CLINICS.glob("*.txt"):
        for statement in audit(open_page(str(path)), review).statements:
            agreed = ids(statement) & truth[path.name, statement.start]
            made, right = made + len(statement.matches), right + len(agreed)
            found |= {(path.name, name) for name in agreed}
    known = {(claim.page, claim.id) for claim in review.claims}
    assert len(known & found) / len(known) >= 0.9
    assert right / made >= 0.9


@needs_shared
def test_the_labels_point_at_sentences():
    with LABELS.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert set(rows[0]) == {"page", "start", "end", "claim", "right"}  # offsets, no words of the pages
    for row in rows:
        text = open_page(str(CLINICS / row["page"])).text
        sentence = text[int(row["start"]) : int(row["end"])]
        assert sentence == sentence.strip() != ""
        assert row["right"] in {"yes", "no"}


@pytest.mark.parametrize(("page", "share"), [("true", 0.6), ("mixed", 0.7), ("unseen", 0.6)])
def test_made_up_pages(review, page, share):
    with (PAGES / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["page"] == f"{page}.md"]
    wanted = {(row["sentence"], claim) for row in rows for claim in row["claims"].split("; ") if claim}
    found = audit(open_page(str(PAGES / f"{page}.md")), review)
    made = {(statement.text, claim) for statement in found.statements for claim in ids(statement)}
    assert len(made & wanted) / len(wanted) >= share
    assert len(made - wanted) <= 2


def test_a_page_of_true_statements_gets_no_bad_verdict(review):
    found = audit(open_page(str(PAGES / "true.md")), review)
    assert set(found.verdicts) <= {Verdict.SUPPORTED, Verdict.PARTLY}


def test_a_page_of_unknown_statements_gets_no_verdict(review):
    found = audit(open_page(str(PAGES / "unknown.md")), review)
    assert not found.known
    assert len(found.unchecked) >= 15


# --- the four traps of the page 004


@needs_shared
def test_the_range_of_doses_is_told_as_a_probable_misprint_beside_the_trials(page_004):
    (statement,) = with_claim(page_004, "K84")
    assert statement.verdicts == (Verdict.MIS_STATED,)
    (comparison,) = statement.comparisons
    told = " ".join(comparison.lines)
    assert "40 times" in told
    assert "0.317 to 1.5 mg/kg/h" in told  # Sigtermans 2009 to Lumanauw 2019, the randomised trials of the table
    assert (
        "With 0.5 in place of 0.05 it would be the range of Bosma 2018, 0.5 to 2 mg/kg/h: probably a misprint" in told
    )
    assert {"sigtermans2009", "lumanauw2019", "bosma2018"} <= set(comparison.studies)


@needs_shared
@pytest.mark.parametrize(
    ("claim", "verdict", "basis"),
    [
        ("K78", Verdict.CONTRADICTED, "hocking2003"),  # sodium and potassium channels "unblocked"
        ("K84", Verdict.MIS_STATED, "sigtermans2009"),  # a range of doses that is probably a misprint
        ("K87", Verdict.CONTRADICTED, "corriger2022"),  # the study of 2022 told backwards
        ("K92", Verdict.PARTLY, "peltoniemi2012"),  # grapefruit
    ],
)
def test_each_trap_has_its_verdict_and_basis(page_004, claim, verdict, basis):
    statements = with_claim(page_004, claim)
    assert statements
    assert all(verdict in statement.verdicts for statement in statements)
    match = next(match for match in statements[0].matches if match.claim.claim.id == claim)
    (base,) = [base for base in match.claim.basis if base.record == basis]
    assert base.locator == "abstract"
    page = to_html(page_004)
    assert f'<a href="{base.link}" rel="noreferrer">{base.short}</a>, abstract' in page
    assert base.link.startswith("https://pubmed.ncbi.nlm.nih.gov/")


# --- what withholds a verdict


@pytest.mark.parametrize(
    ("makes", "only_resembles", "claim", "why"),
    [
        ("There is no risk of addiction to ketamine.", "There is a risk of addiction to ketamine.", "K36", Likeness.OPPOSITE),
        ("Ketamine improves functioning.", "Ketamine does not improve functioning.", "K60", Likeness.OPPOSITE),
        ("Ketamine unblocks sodium and potassium channels.", "Ketamine blocks sodium and potassium channels.", "K78", Likeness.OPPOSITE),
        ("The usual dose is 0.05 to 2 mg/kg over an hour.", "The usual dose is 0.5 mg/kg over 40 minutes.", "K84", Likeness.OTHER_NUMBER),
        ("About two-thirds of patients get relief from infusions.", "About a fifth of patients get relief from infusions.", "K50", Likeness.OTHER_NUMBER),
        ("Blood pressure may rise with the heart rate.", "Blood pressure may rise by 80 % with the heart rate.", "K63", Likeness.ADDED_NUMBER),
        ("Relief lasts up to three months.", "Relief lasts.", "K51", None),
        ("Ketamine carries no risk of addiction.", "It is a myth that ketamine carries no risk of addiction.", "K36", Likeness.HEARSAY),
        ("There is no doubt that ketamine carries no risk of addiction.", "Some say there is no risk of addiction to ketamine.", "K36", Likeness.HEARSAY),
        ("FDA approved ketamine in 1970 as an anaesthetic.", "The FDA approved ketamine in 1970 for chronic pain.", "K74", Likeness.OTHER_USE),
        ("Ketamine carries no risk of addiction.", "Opioids carry no risk of addiction.", "K36", Likeness.OTHER_DRUG),
        ("When opioids or NSAIDs fail, it can be recommended.", "When opioids or NSAIDs fail, it cannot be recommended.", "K80", Likeness.OPPOSITE),
        ("Raised heart rate and blood pressure are seen.", "Heart rate and blood pressure fall.", "K89", Likeness.OPPOSITE),
        ("Blood pressure or heart rate may rise.", "Blood pressure and heart rate always rise.", "K63", Likeness.STRONGER),
        ("Ketamine stimulates opiate receptors much like morphine.", "Fentanyl stimulates opiate receptors.", "K20", None),
        (
            "A 2022 study: mild pain or fibromyalgia did better and longer than severe pain.",
            "A 2022 study: severe pain did better and longer than mild pain or fibromyalgia.",
            "K87",
            Likeness.SWAPPED,
        ),
    ],
)  # fmt: skip
def test_a_verdict_is_not_inherited_by_a_likeness(review, makes, only_resembles, claim, why):
    assert claim in ids(one(makes, review))
    found = audit(only_resembles, review)
    assert not with_claim(found, claim)
    if why:
        (statement,) = found.statements
        assert why in {alike.why for alike in statement.resembles if alike.claim.claim.id == claim}


def test_a_verdict_never_comes_from_anywhere_but_the_claims(tmp_path):
    """The same page held against a review without claims: every statement stands unchecked."""
    folder = new_review(tmp_path / "mine")
    header = (folder / "claims.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "claims.csv").write_text(f"{header}\n")
    found = audit(open_page(str(PAGES / "mixed.md")), load_review(folder))
    assert found.statements
    assert not found.known
    assert not found.verdicts


def test_a_part_of_a_claim_is_called_one(review):
    (match,) = one("If you drink grapefruit juice, you may have a reaction.", review).matches
    assert (match.claim.claim.id, match.part) == ("K92", "grapefruit juice may cause a reaction")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("The infusion resets the brain, much like rebooting a computer.", "K48"),
        ("Ketamine blocks the NMDA receptor, a receptor for glutamate.", "K75"),
        ("Fibromyalgia is cured in most patients.", "K56"),
    ],
)
def test_the_nearest_claim_is_named_without_its_verdict(review, text, near):
    statement = one(text, review)
    assert not statement.verdicts
    assert (near, Likeness.ONLY_NEAR) in {(alike.claim.claim.id, alike.why) for alike in statement.resembles}
    (line,) = resembled(statement)
    assert near in line
    assert "no verdict on this statement follows" in line
    assert not any(verdict in line for verdict in Verdict)


def test_a_statement_far_from_every_claim_is_near_none(review):
    for text in ("Ketamine cures hiccups.", "In 85 % of people with tinnitus the ringing stops."):
        assert not one(text, review).resembles


# --- statements


def test_offsets_reproduce_the_text_and_follow_each_other(review):
    page = open_page(str(PAGES / "mixed.md"))
    found = audit(page, review)
    last = 0
    for number, statement in enumerate(found.statements, 1):
        assert statement.number == number
        assert page.text[statement.start : statement.end] == statement.text
        assert statement.start >= last
        last = statement.end


@pytest.mark.parametrize(
    "text",
    [
        "Will ketamine cure my pain?",
        "Contact us today for a free consultation.",
        "Talk to your doctor about the risks.",
        "What is ketamine",
        "Visit https://clinic.example/pain for more.",
        "Our rooms are cosy and private.",
    ],
)
def test_what_states_nothing_is_passed_over(review, text):
    assert not audit(text, review).statements


def test_an_item_of_a_list_is_read_with_the_line_above_it(review):
    found = audit("Ketamine can have side effects, including:\n- Raised heart rate\n- Raised blood pressure", review)
    assert [ids(statement) >= {"K89"} for statement in found.statements] == [True, True]


def test_kinds(review):
    kinds = one(
        "In 70 % of people 0.5 mg/kg always blocks the NMDA receptor for two weeks, a study found.", review
    ).kinds
    assert set(kinds) == {
        StatementKind.PERCENTAGE,
        StatementKind.DOSE,
        StatementKind.CERTAINTY,
        StatementKind.MECHANISM,
        StatementKind.EFFECT,
        StatementKind.DURATION,
        StatementKind.STUDY,
    }


def test_an_unchecked_statement_names_records_to_look_in(review):
    statement = one("Ketamine helps diabetic neuropathy with topical amitriptyline cream.", review)
    assert not statement.matches
    assert statement.candidates
    assert all("amitriptyline" in candidate.record.title.lower() for candidate in statement.candidates[:1])


# --- numbers beside the table


def test_a_duration_beside_the_follow_up_of_the_studies(review):
    (comparison,) = one("The relief goes on for two years.", review).comparisons
    assert "0 of them randomised" in comparison.lines[0]
    (comparison,) = one("The relief goes on for 12 weeks.", review).comparisons
    assert {"sigtermans2009", "schwartzman2009"} <= set(comparison.studies)


def test_a_dose_nobody_gave_is_said_to_lie_outside(review):
    (comparison,) = one("A bolus of 30 mg/kg is given for relief.", review).comparisons
    assert any("lies outside" in line for line in comparison.lines)
    (comparison,) = one("A bolus of 0.3 mg/kg is given for relief.", review).comparisons
    assert not any("outside" in line or "misprint" in line for line in comparison.lines)


# --- works


def test_works_are_told_with_their_status(review):
    text = "Pain fell (https://pubmed.ncbi.nlm.nih.gov/19604642/). A 2022 study found relief. See doi 10.1234/none."
    found = audit(text, review)
    assert [work.outcome for work in found.works] == [Outcome.FOUND, Outcome.UNRESOLVED, Outcome.NOT_HERE]
    assert found.statements[0].works == (1,)
    data = as_json(found)
    assert data["works"][0]["record"]["id"] == "sigtermans2009"
    assert data["works"][0]["status"] == "not checked"


def test_a_statement_names_the_work_it_cites(review):
    found = audit(
        "Pain fell for weeks (PMID 19604642). Fibromyalgia is cured (Noppers et al., 2011). A 2022 study found relief.",
        review,
    )
    names = [[item["name"] for item in cited(statement, found.works)] for statement in found.statements]
    assert names == [["Sigtermans 2009 (sigtermans2009)"], ["perhaps Noppers 2011 (noppers2011fm)"], [""]]
    told = in_terminal(found)
    assert "cites work 1: Sigtermans 2009 (sigtermans2009) https://pubmed.ncbi.nlm.nih.gov/19604642/" in unwrapped(told)
    assert "cites work 3, listed below" in told


def test_a_dose_is_set_beside_the_table_in_the_tables_unit(review):
    (comparison,) = one("We give 0.5 mg/kg over 40 minutes for relief.", review).comparisons
    assert comparison.heading == "0.5 mg/kg over 40 minutes = 0.75 mg/kg/h, beside the evidence table:"
    (comparison,) = one("A bolus of 0.3 mg/kg is given for relief.", review).comparisons
    assert comparison.heading == "0.3 mg/kg, beside the evidence table:"


# --- files and the command


def in_terminal(found, width=80):
    console = Console(width=width, file=io.StringIO())
    console.print(to_rich(found))
    return console.file.getvalue()


def unwrapped(text):
    return " ".join(text.split())


def test_head_and_tail_agree_and_no_number_reads_as_a_count(review):
    """The numbers at the end are numbers of statements: with how many there are, in words."""
    found = audit(open_page(str(PAGES / "mixed.md")), review)
    told = in_terminal(found)
    tail = dict(re.findall(r"(?m)^([a-z -]+): (\d+) statements? \(numbers? ", told))
    listed = dict(re.findall(r"(?m)^([a-z -]+): .*\(numbers? ([\d, \n]+)\)", told))
    assert {name: len(numbers.split(",")) for name, numbers in listed.items()} == {k: int(v) for k, v in tail.items()}
    assert int(tail["not yet checked"]) == len(found.unchecked)
    assert f"{len(found.unchecked)} not yet checked" in unwrapped(told)
    known = {number for name, numbers in listed.items() if name != "not yet checked" for number in numbers.split(", ")}
    assert len(known) == len(found.known)
    assert set(map(str, found.verdicts)) | {"not yet checked"} == set(listed)


def test_the_terminal_keeps_its_width_and_cuts_no_address(review):
    found = audit("There is no chance of addiction to ketamine. Nausea and, rarely, headache occur.", review)
    for width in (60, 80, 120):
        lines = in_terminal(found, width).splitlines()
        assert max(map(len, lines)) <= width
        for match in found.statements[0].matches:
            for base in match.claim.basis:
                assert not base.link or any(base.link in line for line in lines)


def test_a_claim_made_twice_is_explained_once(review):
    text = "There is no chance of addiction to ketamine. Ketamine carries no risk of addiction."
    told = unwrapped(in_terminal(audit(text, review)))
    assert told.count("https://pubmed.ncbi.nlm.nih.gov/29870458/") == 1
    assert "the same claim as in statement 1" in told


@pytest.mark.parametrize("suffix", [".html", ".md", ".json"])
def test_files_hold_verdict_basis_and_what_is_unchecked(review, tmp_path, suffix):
    found = audit("There is no chance of addiction to ketamine. Ketamine lowers cortisol by 40 %.", review)
    text = export(found, tmp_path / f"audit{suffix}").read_text(encoding="utf-8")
    for part in ("contradicted", "Morgan 2012", "K36", "Ketamine lowers cortisol by 40 %."):
        assert part in text
    if suffix == ".json":
        data = json.loads(text)
        assert [statement["checked"] for statement in data["statements"]] == [True, False]
        assert data["statements"][0]["matches"][0]["verdict"] == "contradicted"
    else:
        assert "not yet checked" in text
        assert "no medical advice" in text


def test_the_command(tmp_path):
    run = CliRunner().invoke
    page = str(PAGES / "unknown.md")
    assert "not yet checked" in run(app, ["audit", page]).output
    assert json.loads(run(app, ["audit", page, "--json"]).output)["verdicts"] == {}
    assert "wrote" in run(app, ["audit", page, "--to", str(tmp_path / "a.html"), "--to", str(tmp_path / "a.md")]).output
    result = run(app, ["audit", page, "--to", str(tmp_path / "a.pdf")])
    assert isinstance(result.exception, InputError)


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("The effect lasted for three months.", True),
        ("After a 10-day infusion pain relief was large.", False),
        ("Patients were infused for 5 days and pain relief was large.", False),
        ("The effect of a long infusion (4 days) on pain was large.", False),
        ("In studies of 4-14 day long infusions relief lasted 3 months.", True),
    ],
)
def test_how_long_it_ran_is_not_held_against_how_long_people_were_followed(review, text, compared):
    statement = one(text, review)
    assert [comparison.quantity.text for comparison in statement.comparisons] == (
        [text.split()[-2] + " months"] if compared else []
    )
