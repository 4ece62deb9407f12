"""The bundled review, read raw, against the evidence it was made from and against its own promises."""

import csv
import json
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

import ketalit
from ketalit.fields import FIELDS
from ketalit.records.model import from_json, to_json
from ketalit.vocabulary import RANDOMISED_DESIGNS, Checked, Decision, Design, Missing, Verdict

from .shared import SHARED, needs_shared

FOLDER = Path(ketalit.__file__).parent / "reviews" / "ketamine-chronic-pain"
MISSING = tuple(Missing)
CORE = ("design", "n_total", "condition", "comparator", "primary_outcome", "primary_direction", "dose", "followup")
SOURCE = re.compile(r"PMID:[1-9]\d{0,7}|PMCID:PMC\d+|DOI:10\.\d{4,9}/\S+")
# Periods, order and washout of the crossovers have not been looked up: the table says "not checked".
LOOKED_UP = set(FIELDS) - {"periods", "sequence", "washout"}
MEMORY = re.compile(r"recall|from memory|displayed|per later|seen at", re.IGNORECASE)


def table(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture(scope="module")
def records():
    lines = (FOLDER / "records.jsonl").read_bytes().splitlines()
    return {record.key: record for record in map(from_json, lines)}


@pytest.fixture(scope="module")
def extraction():
    return table("extraction.csv")


@pytest.fixture(scope="module")
def screening():
    return {row["record"]: row for row in table("screening.csv")}


@pytest.fixture(scope="module")
def included(screening):
    return [key for key, row in screening.items() if row["decision"] == Decision.INCLUDE]


@pytest.fixture(scope="module")
def cells(extraction):
    return {(row["record"], row["field"]): row for row in extraction}


@pytest.fixture(scope="module")
def corpus():
    works = json.loads((SHARED / "evidence" / "corpus.json").read_text(encoding="utf-8"))["records"]
    return {work["key"]: work for work in works}


# --- against the evidence ---------------------------------------------------------------------------------


@needs_shared
def test_every_work_is_there_once(records, screening, corpus):
    assert list(records) == list(corpus)
    assert set(screening) == set(corpus)
    assert len(corpus) == 157


@needs_shared
def test_identifiers_are_those_of_the_evidence(records, corpus):
    for key, work in corpus.items():
        for kind in ("pmid", "pmcid", "doi"):
            if work[kind]["value"]:
                assert getattr(records[key], kind) == work[kind]["value"], (key, kind)


@needs_shared
def test_what_was_recalled_is_called_unverified(records, corpus):
    for key, work in corpus.items():
        for kind in ("pmid", "pmcid", "doi"):
            if str(work[kind]["confidence"]).startswith("recalled"):
                assert kind in records[key].unverified, (key, kind)


@needs_shared
def test_publication_types_only_where_they_were_seen(records, corpus):
    for key, work in corpus.items():
        seen = work["publication_types_confidence"].startswith("seen")
        expected = {name for name in work["publication_types"] if "recalled" not in name} if seen else set()
        assert {term.name for term in records[key].publication_types} == expected, key


@needs_shared
def test_every_claim_is_there_with_its_verdict():
    evidence = json.loads((SHARED / "evidence" / "claims.json").read_text(encoding="utf-8"))["claims"]
    rows = {row["id"]: row for row in table("claims.csv")}
    assert len(evidence) == len(rows) == 92
    for claim in evidence:
        row = rows[claim["id"]]
        assert (row["page"], row["verdict"], row["topic"]) == (claim["seed"], claim["verdict"], claim["topic"])
        assert set(filter(None, row["basis"].split("; "))) == {b["corpus_key"] for b in claim["basis"]} - {None}


@needs_shared
def test_numbers_agree_with_published_tables(cells):
    with (SHARED / "evidence" / "published_tables" / "pereira2022_PMC9007468_tables1_2.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["author"] in {"Eide", "Max", "Mercadante", "Kvarnström"}]
    assert len(rows) == 4
    for row in rows:
        key = {"Kvarnström": "kvarnstrom"}.get(row["author"], row["author"].lower()) + row["year"]
        assert cells[key, "n_total"]["value"] == row["n_randomised"]
        assert cells[key, "design"]["value"] == "crossover RCT"
    with (SHARED / "evidence" / "published_tables" / "crps_review_PMC10688501_table1.csv").open() as file:
        table_1 = {f"{row['author'].lower()}{row['year']}": row for row in csv.DictReader(file)}
    for key in ("correll2004", "goldberg2010", "schwartzman2009", "sigtermans2009"):
        assert cells[key, "n_total"]["value"] == table_1[key]["n"]
        rate = cells[key, "dose_mg_per_kg_per_h"]["value"]
        if rate not in MISSING:
            low, high = (float(table_1[key][f"rate_mg_per_kg_per_h_{end}"]) for end in ("low", "high"))
            assert low <= float(rate) <= high


@needs_shared
def test_no_address_of_the_working_evidence_was_carried_over(corpus):
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.iterdir())
    assert "http" not in text
    for work in corpus.values():
        assert not any(address in text for address in work["seen_at"] if address.startswith("http"))


# --- against its own promises -----------------------------------------------------------------------------


def test_settings():
    settings = tomllib.loads((FOLDER / "review.toml").read_text(encoding="utf-8"))
    assert settings["format"] == 1
    assert "not a systematic search" in settings["how_found"]
    assert len(settings["searches"]) == 2
    for search in settings["searches"]:
        assert "last_run" not in search
        query = search["query"]
        assert "\n" not in query
        assert "  " not in query
        assert query.count("(") == query.count(")")
        assert query.count('"') % 2 == 0
        assert set(re.findall(r"\[([^\]]*)\]", query)) <= {"mh", "majr", "tiab", "ti", "pt"}
        assert re.search(r"(?<!\w)(and|or|not)(?!\w)", re.sub(r'"[^"]*"', "", query)) is None  # operators in capitals


def test_records_survive_the_round_trip(records):
    for line, record in zip((FOLDER / "records.jsonl").read_bytes().splitlines(), records.values(), strict=True):
        assert to_json(record) == line
        assert record.source == "person"
        assert not record.abstract


def test_nothing_is_unverified_that_is_not_there(records):
    for key, record in records.items():
        assert set(record.unverified) <= {"pmid", "pmcid", "doi", "pii", "bibliography"}
        for kind in {"pmid", "pmcid", "doi", "pii"} & set(record.unverified):
            assert getattr(record, kind), (key, kind)


def test_bibliography_is_clean(records):
    for key, record in records.items():
        printed = [record.title, record.journal.abbreviation, record.pages, *(author.name for author in record.authors)]
        assert not any(MEMORY.search(text) or "et al" in text for text in printed), key
        assert record.title, key
        assert not record.title.startswith("("), key
        assert all(author.collective or (author.last and author.initials) for author in record.authors), key


def test_screening(screening):
    reasons = set(tomllib.loads((FOLDER / "review.toml").read_text(encoding="utf-8"))["reasons"])
    for key, row in screening.items():
        assert row["decision"] in set(Decision), key
        assert bool(row["reason"]) == (row["decision"] == Decision.EXCLUDE), key
        assert row["reason"] in reasons | {""}, key
        assert bool(row["study"]) == (row["decision"] == Decision.INCLUDE), key
    assert reasons == {row["reason"] for row in screening.values()} - {""}


def test_companions_share_a_study(screening):
    studies = Counter(row["study"] for row in screening.values() if row["study"])
    assert {study for study, reports in studies.items() if reports > 1} == {"sigtermans2009"}
    assert screening["dahan2011"]["study"] == "sigtermans2009"


def test_an_included_study_has_a_row_for_every_field(cells, included):
    for key in included:
        assert {name for name in LOOKED_UP if (key, name) in cells} == LOOKED_UP, key


def test_values_are_of_their_fields(extraction, records):
    for row in extraction:
        where = (row["record"], row["field"], row["value"])
        assert row["record"] in records, where
        field = FIELDS[row["field"]]
        assert row["value"], where
        assert row["quote"] == "", where
        assert (row["origin"], row["who"]) == ("curated", "curated"), where
        if row["value"] in MISSING:
            assert row["unit"] == "", where
        elif field.choices:
            assert row["value"] in field.choices, where
        elif field.kind is bool:
            assert row["value"] in {"true", "false"}, where
        elif field.kind in {int, float}:
            assert field.minimum <= field.kind(row["value"]) <= field.maximum, where
            assert row["unit"] == field.unit, where
        else:
            assert len(row["value"]) <= 300, where
            assert not MEMORY.search(row["value"]), where


def test_each_value_once(extraction):
    assert max(Counter((row["record"], row["field"]) for row in extraction).values()) == 1


def test_every_value_can_be_traced_or_says_why_not(extraction):
    for row in extraction:
        where = (row["record"], row["field"])
        if row["value"] in {Missing.NOT_CHECKED, Missing.NOT_APPLICABLE}:
            assert (row["source"], row["locator"], row["checked"]) == ("", "", ""), where
            assert row["note"], where
        elif row["checked"] == Checked.NONE:
            assert "memory" in row["note"], where
            assert row["source"] == "", where
        else:
            assert row["checked"] in {Checked.ONE, Checked.TWO}, where
            assert row["locator"], where
            assert SOURCE.fullmatch(row["source"]) or row["source"] == row["record"], where


def test_no_cell_of_an_included_study_is_from_memory(extraction, included):
    """Issue: every such cell is filled from a source that was read, or says why it is empty."""
    assert not [row for row in extraction if row["record"] in included and row["checked"] == Checked.NONE]


def test_a_report_without_source_has_no_identifier(extraction, records):
    lacking = {row["record"] for row in extraction if row["source"] == row["record"]}
    assert all(not records[key].identifiers for key in lacking)


def test_designs_and_values_agree(cells, included):
    for key in included:
        value = {name: cells[key, name]["value"] for name in LOOKED_UP}
        design = None if value["design"] in MISSING else Design(value["design"])
        if value["randomised"] == "true":
            assert design in RANDOMISED_DESIGNS, key
        if value["comparator"] == Missing.NOT_APPLICABLE:
            assert value["primary_direction"] == Missing.NOT_APPLICABLE, key
        if design in {Design.SINGLE_ARM, Design.COHORT, Design.CASE_SERIES, Design.CASE_REPORT}:
            assert value["primary_direction"] == Missing.NOT_APPLICABLE, key
            assert value["arms"] == "1", key
        if value["n_randomised"] not in MISSING and value["n_analysed"] not in MISSING:
            assert int(value["n_analysed"]) <= int(value["n_randomised"]), key
        if value["n_total"] not in MISSING and value["n_analysed"] not in MISSING:
            assert int(value["n_analysed"]) <= int(value["n_total"]), key


def test_a_form_that_is_not_stated_is_never_racemic(cells, included):
    racemic = {key for key in included if "racemic" in cells[key, "drug_form"]["value"]}
    assert racemic == {"goldberg2010", "persson1998", "schwartzman2009", "correll2004"}


def test_a_bolus_has_no_rate(cells):
    for key in ("eide1994", "persson1998", "mercadante2000", "backonja1994", "amr2011", "rabben2001"):
        assert cells[key, "dose_mg_per_kg"]["value"] not in MISSING
        assert cells[key, "dose_mg_per_kg_per_h"]["value"] == Missing.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("key", "field", "note"),
    [
        ("sigtermans2009", "result", "[dispersion]"),  # ± without SD or SEM
        ("gravennielsen2000", "dose", "between < and >"),  # text lost in the indexed copy
        ("backonja1994", "randomised", "not said in the abstract"),  # publication types that contradict each other
        ("noppers2011liver", "design", "randomised controlled trial"),  # three cases tagged as a trial
        ("mitchell2002", "scale", "higher is better"),  # relief, not pain
        ("eichenberger2008", "n_randomised", "10 of the 20"),  # unequal periods of a crossover
        ("michelet2018", "result", "heterogeneity"),  # the P beside the interval belongs to something else
        ("corriger2022", "result", "97.0%"),  # percentages that do not add up
        ("brunamejias2024", "primary_direction", "SMD -3.59"),  # a conclusion against its own number
        ("lynch2005open", "result", "denominators are not stated"),
        ("kvarnstrom2003", "condition", "Denmark"),  # a table that prints the wrong country
        ("cohen2018", "result", "mixes a rate and a total dose"),
    ],
)
def test_known_traps_are_noted(cells, key, field, note):
    assert note in cells[key, field]["note"]


def test_the_right_one_of_two_dois(records):
    assert records["orhurhu2019"].doi.endswith("4185")


def test_claims(records):
    rows = table("claims.csv")
    assert len({row["id"] for row in rows}) == len(rows) == 92
    for row in rows:
        assert row["verdict"] in set(Verdict), row["id"]
        assert row["checked"] in set(Checked), row["id"]
        assert row["priority"] in {"1", "2"}, row["id"]
        basis = [part for part in row["basis"].split("; ") if part]
        assert set(basis) <= set(records), row["id"]
        assert basis or row["note"].startswith("rests on"), row["id"]
        assert row["explanation"], row["id"]
        assert not MEMORY.search(row["explanation"]), row["id"]
        assert row["note"] or row["checked"] != Checked.NONE, row["id"]


def test_the_fill_rate_is_honest_and_high(cells, included):
    """Issue: 90 % of design, n, condition, comparator, outcome and direction, 75 % of dose and follow-up."""
    for name in CORE:
        values = [cells[key, name]["value"] for key in included]
        answered = sum(value != Missing.NOT_CHECKED for value in values) / len(values)
        assert answered >= (0.75 if name in {"dose", "followup"} else 0.90), (name, answered)
        if name not in {"comparator", "primary_direction"}:  # these do not exist without a comparison
            filled = sum(value not in MISSING for value in values) / len(values)
            assert filled >= (0.75 if name in {"dose", "followup"} else 0.90), (name, filled)
