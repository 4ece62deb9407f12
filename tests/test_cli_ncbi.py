"""The way of a new user with a network that comes and goes: search, fetch, table, refresh, screen, pack."""

import dataclasses
import json
import os
import sqlite3
import sys

import pytest

from ketalit.cli import main
from ketalit.entrez import load_settings
from tests.eutils import Fault


@pytest.fixture
def ketalit(eutils, tmp_path, monkeypatch, capsys):
    """The command, talking to the local server; returns exit code, standard output, standard error."""
    monkeypatch.setenv("KETALIT_EUTILS", eutils.url)
    monkeypatch.setenv("KETALIT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("NCBI_API_KEY", "0123456789abcdef")  # ten requests a second
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["ketalit", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as leave:
            code = leave.code or 0
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return run


@pytest.fixture
def mine(ketalit, tmp_path, monkeypatch):
    assert ketalit("new", "mine", "--empty")[0] == 0
    monkeypatch.chdir(tmp_path / "mine")
    return tmp_path / "mine"


def test_a_look_keeps_nothing_and_says_how_to_keep_it(ketalit, tmp_path):
    code, out, _ = ketalit("search", "ketamine AND chronic pain")
    assert code == 0
    assert "hits" in out
    assert "understood as" in out
    assert "--save" in out
    assert {path.name for path in tmp_path.iterdir()} <= {"state"}


def test_the_bundled_review_is_not_written_to(ketalit):
    for command in (["search", "ketamine", "--save", "x"], ["fetch", "1"], ["refresh"], ["screen", "--as", "AB"]):
        code, _, err = ketalit(*command)
        assert code == 1
        assert "ketalit new" in err


def test_search_fetch_table_refresh(ketalit, mine, eutils):
    eutils.today = "2026-05-01"
    code, out, _ = ketalit("search", "ketamine[tiab] AND chronic pain[tiab]", "--save", "broad")
    assert code == 0
    assert "ketalit fetch" in out
    code, out, _ = ketalit("fetch")
    assert code == 0
    assert "0 failed" in out
    assert "ketalit screen" in out
    code, out, _ = ketalit("fetch")
    assert code == 0
    assert "is here" in out
    assert "Name PMIDs" not in out
    code, out, _ = ketalit("table", "--screened", "unscreened", "--json")
    assert code == 0
    studies = json.loads(out)["studies"]
    assert {study["study"] for study in studies} <= {f"PMID:{pmid}" for pmid in eutils.corpus.pmids}
    assert len(studies) > 10
    assert ketalit("refresh")[0] == 0  # nothing has happened since
    eutils.today = "2026-11-01"
    code, out, _ = ketalit("refresh")
    assert code == 4
    assert "new to screen" in out
    assert ketalit("refresh")[0] == 0
    assert "new to screen" in ketalit("refresh", "--last")[1] or "Nothing changed" in ketalit("refresh", "--last")[1]


def test_the_network_goes_in_the_middle_and_comes_back(ketalit, mine, eutils, monkeypatch):
    assert ketalit("search", "ketamine", "--save", "broad")[0] == 0
    monkeypatch.setattr("ketalit.entrez.ncbi.BATCH", 10)
    eutils.faults = [Fault("disconnect", "efetch", nth=set(range(2, 40)))]
    quick = dataclasses.replace(load_settings(), backoff=0.01)
    monkeypatch.setattr("ketalit.entrez.ncbi.load_settings", lambda: quick)
    code, out, err = ketalit("fetch")
    assert code in {3, 4}
    assert "10 returned" in out
    assert "ketalit fetch" in err
    code, out, _ = ketalit("table", "--screened", "unscreened", "--json")
    assert code == 0
    assert len(json.loads(out)["studies"]) == 10
    eutils.faults = []
    code, out, _ = ketalit("fetch")
    assert code == 0
    assert "0 failed" in out
    asked = [pmid for request in eutils.asked("efetch") if not request.fault for pmid in request.ids]
    assert len(asked) == len(set(asked))  # what was there was not asked for again


def test_without_a_network_it_says_so_and_the_library_works(ketalit, mine, eutils, monkeypatch):
    ketalit("fetch", "99000001")
    monkeypatch.setenv("KETALIT_EUTILS", "http://127.0.0.1:9/")
    for command in (["search", "ketamine"], ["refresh"], ["fetch", "99000002"], ["verify", "--all"]):
        code, _, err = ketalit(*command)
        assert code == 3, command
        assert err.count("ketalit:") == 1
    assert ketalit("table", "--screened", "all")[0] == 0


def test_refresh_demo_needs_no_network(ketalit, monkeypatch):
    monkeypatch.setenv("KETALIT_EUTILS", "http://127.0.0.1:9/")
    code, out, _ = ketalit("refresh", "--demo")
    assert code == 0
    for word in ("SYNTHETIC", "Retracted", "Corrected", "New records to screen", "Changed text"):
        assert word in out


def test_pack_and_unpack(ketalit, mine, tmp_path):
    ketalit("fetch", "99000001 99000002")
    archive = tmp_path / "mine.tar.gz"
    assert ketalit("library", "pack", archive)[0] == 0
    assert ketalit("library", "unpack", archive, tmp_path / "theirs")[0] == 0
    folders = (mine, tmp_path / "theirs")
    here, there = (ketalit("table", "-r", folder, "--screened", "all", "--json")[1] for folder in folders)
    assert here == there
    assert ketalit("library", "check", "-r", tmp_path / "theirs")[0] == 0


def test_two_reviewers(ketalit, mine):
    ketalit("fetch", "99000001 99000002 99000003")
    records = [study["study"] for study in json.loads(ketalit("table", "--screened", "all", "--json")[1])["studies"]]
    for who, decisions in (("AB", ["include", "exclude", "exclude"]), ("CD", ["include", "exclude", "include"])):
        for record, decision in zip(records, decisions, strict=True):
            assert ketalit("screen", "vote", record, decision, "--as", who)[0] == 0
    assert "kappa" in ketalit("screen", "agreement")[1].lower()
    assert ketalit("screen", "adjudicate")[0] == 4
    assert ketalit("screen", "rule", records[2], "exclude", "--as", "EF")[0] == 0
    assert ketalit("screen", "adjudicate", "--write")[0] == 0
    assert (mine / "screening.csv").read_text().count("exclude") == 2
    assert ketalit("check", mine)[0] == 0
    assert ketalit("prisma")[0] == 0


def test_what_a_strategy_misses(ketalit, mine):
    ketalit("fetch", "99000001 99000002")
    records = [study["study"] for study in json.loads(ketalit("table", "--screened", "all", "--json")[1])["studies"]]
    rows = "".join(f"{record},include\n" for record in records)
    (mine / "screening.csv").write_text(f"record,decision\n{rows}")
    assert ketalit("search", "ketamine", "--check")[0] == 0
    code, out, _ = ketalit("search", "ketamine[ti] AND zzzz[tiab]", "--check", "--json")
    assert code == 4
    assert {missed["record"] for missed in json.loads(out)["missed"]} == set(records)


def test_a_page_is_looked_up_without_keeping_anything(ketalit, mine):
    (mine / "page.txt").write_text("See PMID 99000001 and PMID 99999999.")
    code, out, _ = ketalit("cite", "page.txt", "--look-up", "--json")
    assert code == 0
    outcomes = [found["outcome"] for found in json.loads(out)]
    assert outcomes == ["not in the library, looked up", "not in the library, and NCBI does not know it"]
    assert not (mine / "library.sqlite").exists()


def test_a_merge_can_be_undone(ketalit, mine):
    entry = "TY  - JOUR\nAU  - Muster, A\nTI  - Synthetic ketamine cream in invented back pain\nPY  - 2020\nSP  - 1\n"
    (mine / "one.ris").write_text(f"{entry}ER  - \n")
    (mine / "two.ris").write_text(f"{entry}DO  - 10.5555/two\nER  - \n")
    assert ketalit("import", "one.ris", "two.ris")[0] == 0
    studies = json.loads(ketalit("table", "--screened", "all", "--json")[1])["studies"]
    assert len(studies) == 1
    merged = (mine / "duplicates.csv").read_text().splitlines()[1].split(",")[0]
    assert ketalit("import", "--undo", merged)[0] == 0
    assert len(json.loads(ketalit("table", "--screened", "all", "--json")[1])["studies"]) == 2
    assert ketalit("import", "one.ris", "two.ris")[0] == 0
    assert len(json.loads(ketalit("table", "--screened", "all", "--json")[1])["studies"]) == 2


def test_a_decision_on_a_record_that_is_not_here_stays_and_says_how_to_get_it(ketalit, mine):
    (mine / "screening.csv").write_text("record,decision\nPMID:99000011,include\n")
    code, out, _ = ketalit("table", "--json")
    assert code == 0
    assert [study["study"] for study in json.loads(out)["studies"]] == ["PMID:99000011"]
    code, out, _ = ketalit("check")
    assert code == 4
    assert "ketalit fetch 99000011" in out
    assert "did you mean" not in out


def test_damage_that_cannot_be_mended_offline_loses_no_decision(ketalit, mine, monkeypatch):
    ketalit("fetch", "99000001")
    (mine / "screening.csv").write_text("record,decision\nPMID:99000001,include\n")
    with sqlite3.connect(mine / "library.sqlite") as library:
        library.execute("UPDATE content SET bytes = x'00'")
    library.close()
    assert ketalit("table")[0] == 1
    online = os.environ["KETALIT_EUTILS"]
    monkeypatch.setenv("KETALIT_EUTILS", "http://127.0.0.1:9/")
    assert ketalit("library", "check", "--repair")[0] == 3
    assert [study["study"] for study in json.loads(ketalit("table", "--json")[1])["studies"]] == ["PMID:99000001"]
    monkeypatch.setenv("KETALIT_EUTILS", online)
    assert ketalit("fetch")[0] == 0
    assert ketalit("library", "check")[0] == 0


def test_a_report_can_be_read_again_and_a_bad_target_is_told_before_anything_is_asked(ketalit, mine, eutils):
    eutils.today = "2026-05-01"
    ketalit("search", "ketamine[tiab]", "--save", "broad")
    ketalit("fetch")
    ketalit("refresh")
    eutils.today = "2026-11-01"
    asked = len(eutils.log)
    assert ketalit("refresh", "--to", "report.pdf")[0] == ketalit("refresh", "--to", "nowhere/report.html")[0] == 1
    assert len(eutils.log) == asked
    assert ketalit("refresh", "--to", "report.html")[0] == 4
    assert ketalit("refresh")[0] == 0
    listed = ketalit("refresh", "--history")[1].splitlines()
    assert len(listed) == 3
    assert "retracted" in ketalit("refresh", "--run", listed[1].split()[0])[1].lower()
    eutils.faults = [Fault("400_key", "efetch")]
    assert ketalit("refresh")[0] != 0
    assert ketalit("refresh", "--last")[0] in {0, 4}


def test_nobody_rules_on_an_own_conflict(ketalit, mine):
    ketalit("fetch", "99000001")
    ketalit("screen", "vote", "99000001", "include", "--as", "AB")
    ketalit("screen", "vote", "99000001", "exclude", "--as", "CD")
    code, _, err = ketalit("screen", "rule", "99000001", "include", "--as", "AB")
    assert code == 1
    assert "third person" in err
    assert ketalit("screen", "rule", "99000001", "include", "--as", "AB+CD, discussed")[0] == 0


def test_full_texts_of_what_is_held(ketalit, mine, eutils):
    ketalit("fetch", "99000001 99000002 99000003 99000004")
    code, _out, _ = ketalit("fetch", "--full-text")
    assert code == 0
    assert any(request.parameters.get("db") == "pmc" for request in eutils.asked("efetch"))


def test_dates_on_a_saved_search_are_obeyed_and_not_kept(ketalit, mine):
    assert ketalit("search", "ketamine", "--save", "broad")[0] == 0
    before = (mine / "library.sqlite").read_bytes()
    code, out, _ = ketalit("search", "broad", "--from", "2025", "--json")
    assert code == 0
    assert '"2025/01/01"[dp]' in json.loads(out)["query"]
    assert (mine / "library.sqlite").read_bytes() == before


def test_keeping_a_search_sends_it_once(ketalit, mine, eutils):
    assert ketalit("search", "ketamine", "--save", "broad")[0] == 0
    assert len(eutils.asked("esearch")) == 1
