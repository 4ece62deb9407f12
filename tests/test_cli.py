"""The command as a user meets it: what it prints, where, and the code it leaves with."""

import io
import json
import os
import shutil
import subprocess
import sys

import pytest

from ketalit.records.model import Record, to_json
from ketalit.review import BUNDLED, new_review

PUBMED = """<?xml version="1.0"?>
<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">101</PMID>
<Article><Journal><JournalIssue><PubDate><Year>2020</Year></PubDate></JournalIssue><Title>Synthetic</Title></Journal>
<ArticleTitle>A synthetic trial of ketamine in back pain.</ArticleTitle>
<Abstract><AbstractText>In this randomised, double-blind trial 40 patients received ketamine 0.5 mg/kg over 40 min or
placebo.</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>
"""


@pytest.fixture
def pubmed(tmp_path):
    path = tmp_path / "set.xml"
    path.write_text(PUBMED, encoding="utf-8")
    return path


def test_help_teaches(ketalit):
    code, out, _ = ketalit("--help")
    assert code == 0
    for command in ("table", "show", "cite", "read", "new", "check"):
        assert command in out
    assert "Exit codes" in out


def test_version(ketalit):
    from ketalit import __version__

    assert ketalit("--version") == (0, f"ketalit {__version__}\n", "")


def test_wrong_usage_is_2(ketalit):
    assert ketalit("tabel")[0] == 2
    assert ketalit()[0] == 2


def test_the_table_of_the_bundled_review(ketalit):
    code, out, _ = ketalit("table")
    assert code == 0
    assert "Sigtermans" in out


def test_a_locale_without_the_letters_of_a_name_is_no_hindrance():
    code = "from ketalit.cli import main; main()"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-c", code, "show", "jorum2003"], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Jørum" in done.stdout.decode("utf-8")


def test_no_colour_outside_a_terminal(ketalit):
    assert "\x1b[" not in ketalit("table")[1]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("table", "--where", "n_totl>3"), "n_total"),
        (("table", "--view", "nice"), "design, outcomes, safety"),
        (("table", "--sort", "yaer"), "year"),
        (("table", "--to", "table.pages"), ".pages"),
        (("show", "sigtermans209"), "Did you mean sigtermans2009"),
        (("table", "--review", "nowhere"), "there is no such folder"),
        (("read", "nowhere.xml"), "nowhere.xml"),
        (("cite", "nowhere.html"), "nowhere.html"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_1(ketalit, args, said):
    code, out, err = ketalit(*args)
    assert code == 1, (out, err)
    assert not out
    assert said in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_table_as_json(ketalit):
    rows = json.loads(ketalit("table", "--json", "--where", "n_total>=60")[1])
    assert rows


def test_show_by_pmid_in_json(ketalit):
    shown = json.loads(ketalit("show", "PMID: 19604642", "--json")[1])
    assert shown["record"]["key"] == "sigtermans2009"
    assert {row["origin"] for row in shown["values"]} >= {"curated"}


def test_show_an_imported_record_whose_pii_is_a_manuscript_number(ketalit, tmp_path):
    nbib = tmp_path / "one.nbib"
    nbib.write_text("PMID- 101\nTI  - A synthetic title.\nLID - PONE-D-18-00000 [pii]\n", encoding="utf-8")
    ketalit("new", tmp_path / "review")
    assert ketalit("import", nbib, "-r", tmp_path / "review")[0] == 0
    code, out, _ = ketalit("show", "101", "-r", tmp_path / "review")
    assert code == 0
    assert "PONE-D-18-00000" in out


def test_show_says_when_an_identifier_is_unverified(ketalit):
    from ketalit.review import load_review

    for record in load_review().records.values():
        if "pmid" in record.unverified:
            assert "unverified" in ketalit("show", record.id)[1]
            return
    assert "verified" in ketalit("show", "sigtermans2009")[1]


def test_read_gives_the_stable_json(ketalit, pubmed):
    code, out, _ = ketalit("read", "--json", pubmed)
    found = json.loads(out)
    assert code == 0
    assert (found["file"], found["pmid"], found["pmcid"]) == (str(pubmed), "101", None)
    names = "design randomised blinding comparator n_total n_analysed n_studies arms setting primary_direction"
    for name in [*names.split(), "primary_outcome", "followup", "ketamine_dose"]:
        assert set(found[name]) >= {"value", "quote", "start", "end", "rule", "origin", "confidence"}, name
    assert found["n_total"]["value"] == 40
    assert found["blinding"]["value"] == "double"
    assert found["primary_direction"]["value"] is None
    assert found["primary_direction"]["reason"]


def test_read_in_the_terminal_shows_the_sentence(ketalit, pubmed):
    code, out, _ = ketalit("read", pubmed)
    assert code == 0
    assert "40 patients" in " ".join(out.split())


def test_a_damaged_record_is_named_the_rest_is_read_and_the_code_is_4(ketalit, tmp_path):
    good = PUBMED.split("<PubmedArticleSet>")[1].split("</PubmedArticleSet>", maxsplit=1)[0]
    bad = good.replace("101", "102").replace("</Abstract>", "<")
    path = tmp_path / "set.xml"
    path.write_text(f"<PubmedArticleSet>{bad}{good}</PubmedArticleSet>", encoding="utf-8")
    code, out, err = ketalit("read", "--json", path)
    assert code == 4
    assert [json.loads(line)["pmid"] for line in out.splitlines()] == ["101"]
    assert "102" in err


def test_new_then_check_then_table(ketalit, tmp_path):
    folder = tmp_path / "my review"
    assert ketalit("new", folder)[0] == 0
    code, out, _ = ketalit("check", folder)
    assert code == 0, out
    assert "0 problems of form, 0 doubtful values" in out
    assert ketalit("table", "-r", folder)[0] == 0


def test_cite_reads_standard_input(ketalit, monkeypatch):
    import io

    page = b"Ketamine helped in one trial (https://pubmed.ncbi.nlm.nih.gov/19604642/)."
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(page)))
    code, out, _ = ketalit("cite", "-")
    assert code == 0
    assert "19604642" in out


# The six broken inputs: one helpful sentence each, and nothing lost.


def broken_review(tmp_path, file, change):
    folder = new_review(tmp_path / "review")
    path = folder / file
    path.write_bytes(change(path.read_bytes()))
    return folder


def snapshot(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_broken_1_an_empty_file(ketalit, tmp_path):
    path = tmp_path / "empty.xml"
    path.touch()
    code, out, err = ketalit("read", path)
    assert (code, out) == (1, "")
    assert "empty" in err
    assert err.count("\n") == 1


def test_broken_2_a_web_page_saved_as_xml(ketalit, tmp_path):
    path = tmp_path / "saved.xml"
    path.write_text("<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body></body></html>")
    code, out, err = ketalit("read", path)
    assert (code, out) == (1, "")
    assert "web page" in err
    assert "502 Bad Gateway" in err


def test_broken_3_half_a_set(ketalit, tmp_path):
    article = PUBMED.split("<PubmedArticleSet>")[1].split("</PubmedArticleSet>", maxsplit=1)[0]
    path = tmp_path / "half.xml"
    path.write_text(f"<PubmedArticleSet>{article}{article.replace('101', '102')[:300]}", encoding="utf-8")
    code, out, err = ketalit("read", "--json", path)
    assert code == 4
    assert [json.loads(line)["pmid"] for line in out.splitlines()] == ["101"]
    assert "cut off" in err or "truncated" in err


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        pytest.param("extraction.csv", lambda old: old.replace(b"field", b"feild", 1), "feild", id="wrong column"),
        pytest.param(
            "records.jsonl",
            lambda old: old + to_json(Record(source="person", key="twin", pmid="19604642")) + b"\n",
            "PMID:19604642 stands on line",
            id="duplicate PMID",
        ),
        pytest.param(
            "review.toml", lambda old: old.replace(b"format = 1", b"format = 99"), "newer ketalit", id="newer"
        ),
    ],
)
def test_broken_4_to_6_a_review_that_cannot_be_used(ketalit, tmp_path, file, change, said):
    folder = broken_review(tmp_path, file, change)
    before = snapshot(folder)
    for command in (("table", "-r", folder), ("check", folder), ("show", "sigtermans2009", "-r", folder)):
        code, out, err = ketalit(*command)
        assert code == 1
        assert said in out + err
        assert "Traceback" not in err
    assert snapshot(folder) == before


def test_the_bundled_review_is_clean_or_explained(ketalit):
    code, out, _ = ketalit("check")
    assert code == 0, out


def test_a_title_cannot_write_on_the_terminal(ketalit, tmp_path):
    folder = tmp_path / "review"
    shutil.copytree(BUNDLED, folder)
    (folder / "records.jsonl").write_bytes(
        to_json(Record(source="person", key="evil", title="\x1b[31m<script>=1+1\x07", pmid="7")) + b"\n"
    )
    for name in ("screening.csv", "extraction.csv", "claims.csv", "effects.csv"):
        (folder / name).unlink()
    (folder / "screening.csv").write_text("record,decision\nevil,include\n")
    for command in (("table", "-r", folder), ("show", "evil", "-r", folder)):
        code, out, _ = ketalit(*command)
        assert code == 0
        assert "\x1b" not in out
        assert "\x07" not in out


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user who can be refused")
def test_a_folder_that_cannot_be_written(ketalit, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    code, _, err = ketalit("table", "--to", tmp_path / "locked" / "table.html")
    assert code == 1
    assert "cannot be written" in err


def test_a_value_is_checked_and_stands_in_the_table_as_a_persons(ketalit, tmp_path, pubmed):
    folder = tmp_path / "mine"
    assert ketalit("new", folder, "--empty")[0] == 0
    assert ketalit("import", pubmed, "-r", folder)[0] == 0
    assert ketalit("extract", "accept", "101", "n_total", "--as", "AB", "-r", folder)[0] == 0
    assert (
        ketalit("extract", "accept", "101", "followup", "--value", "not reported", "--as", "AB", "-r", folder)[0] == 0
    )
    code, _, err = ketalit("extract", "accept", "101", "n_total", "--value", "many", "--as", "AB", "-r", folder)
    assert code == 1
    assert "whole number" in err
    study = json.loads(ketalit("table", "-r", folder, "--screened", "all", "--view", "full", "--json")[1])["studies"][0]
    assert study["fields"]["n_total"]["value"] == 40
    assert study["fields"]["n_total"]["origin"] == "person"
    assert study["fields"]["followup"]["missing"] == "not reported"


def test_two_people_extract_apart_and_are_compared(ketalit, tmp_path, pubmed):
    folder = tmp_path / "mine"
    ketalit("new", folder, "--empty")
    ketalit("import", pubmed, "-r", folder)
    for who, people in (("AB", 40), ("CD", 38)):
        given = ("--value", people, "--as", who, "--double", "-r", folder)
        assert ketalit("extract", "accept", "101", "n_total", *given)[0] == 0
    assert ketalit("extract", "agreement", "-r", folder)[0] == 4
    assert ketalit("extract", "rule", "101", "n_total", 40, "--as", "EF", "-r", folder)[0] == 0
    assert ketalit("extract", "agreement", "-r", folder)[0] == 0
    assert ketalit("extract", "settle", "-r", folder)[0] == 0


def test_numbers_of_the_models(ketalit):
    assert "mM" in ketalit("parameters", "magnesium.half_block")[1]
    assert "magnesium.slope" in ketalit("parameters", "magnesium")[1]
    code, _, said = ketalit("parameters", "magnesium.half_blok")
    assert (code, "did you mean “magnesium.half_block”" in said) == (1, True)


def test_pictures_of_the_models(ketalit, tmp_path):
    assert "occupancy" in ketalit("pictures")[1]
    assert ketalit("pictures", "states", "--to", tmp_path / "states.svg")[0] == 0
    assert (tmp_path / "states.svg").read_text(encoding="utf-8").startswith("<svg")
    code, _, said = ketalit("pictures", "occupancies")
    assert (code, "did you mean “occupancy”" in said) == (1, True)


@pytest.mark.parametrize("package", ["typer", "lxml", "rich"])
def test_a_missing_package_is_named_and_the_doctor_with_it(package):
    code = (
        f"import sys; sys.modules[{package!r}] = None; sys.argv = ['ketalit', 'table']; "
        "from ketalit.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert f"“{package}” is not installed" in done.stderr
    assert "`ketalit doctor`" in done.stderr
    assert "`python -m ketalit.doctor`" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not done.stdout


def test_a_fault_of_our_own_is_not_blamed_on_the_installation():
    code = "import sys; sys.modules['ketalit.table'] = None; sys.argv = ['ketalit', 'table']; "
    code += "from ketalit.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "ketalit.table" in done.stderr
    assert "doctor" not in done.stderr


def test_help_goes_as_a_review_goes(ketalit):
    out = ketalit("--help")[1]
    panels = ["Build a review", "Ask NCBI", "Screen and extract", "See", "Teach", "Help"]
    places = [out.index(f"─ {name} ─") for name in panels]
    assert places == sorted(places)


def test_the_order_of_the_help_names_commands_that_exist():
    from typer.main import get_command

    from ketalit.cli import app
    from ketalit.cli.frame import ORDER

    assert set(ORDER) <= set(get_command(app).commands)
    assert len(ORDER) == len(set(ORDER))


def test_the_bundled_review_is_reached_from_inside_ones_own(ketalit, tmp_path, monkeypatch):
    ketalit("new", tmp_path / "mine", "--empty")
    (tmp_path / "page.txt").write_text("Ketamine acts on the glutamate system.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "mine")
    assert "no record" in ketalit("show", "sigtermans2009")[2]
    assert "Sigtermans" in ketalit("show", "sigtermans2009", "-r", "bundled")[1]
    _, out, err = ketalit("audit", "../page.txt")
    assert "supported" not in out
    assert "-r bundled" in err
    assert "-r bundled" in ketalit("claims")[1]
    _, out, err = ketalit("audit", "../page.txt", "-r", "bundled")
    assert "supported" in out
    assert not err
    (tmp_path / "mine" / "bundled").mkdir()  # what is called so wins
    assert "bundled" in ketalit("show", "sigtermans2009", "-r", "bundled")[2]


def test_check_counts_in_words_and_names_the_folder(ketalit, tmp_path, monkeypatch):
    ketalit("new", tmp_path / "mine", "--empty")
    header = "record,decison,reason\n"
    (tmp_path / "mine" / "screening.csv").write_text(header, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "mine")
    code, out, err = ketalit("check")
    assert code == 1
    assert "did you mean “decision”? Expected: record," in out
    assert "2 problems of form, 0 doubtful values, 0 explained" in out
    assert "mine cannot be used as it is" in err
    (tmp_path / "mine" / "screening.csv").write_text("record,decision\nx,perhaps\n", encoding="utf-8")
    assert "1 problem of form, " in ketalit("check")[1]


def test_a_review_without_effects_says_so(ketalit, tmp_path):
    ketalit("new", tmp_path / "mine", "--empty")
    code, out, _ = ketalit("pool", "--list", "-r", tmp_path / "mine")
    assert code == 0
    assert "no effects yet" in out
    assert "pools one of them" not in out


def test_a_flow_diagram_is_refused_before_anything_is_written(ketalit, tmp_path):
    good, bad = tmp_path / "flow.svg", tmp_path / "flow.docx"
    code, out, err = ketalit("prisma", "--to", good, "--to", bad)
    assert code == 1
    assert ".svg, .png, .pdf, .md, .json" in err
    assert not good.exists()
    assert not out


def test_a_flow_diagram_as_a_picture(ketalit, tmp_path):
    pytest.importorskip("vl_convert", reason="needs the extra figures")
    assert ketalit("prisma", "--to", tmp_path / "flow.png", "--to", tmp_path / "flow.pdf")[0] == 0
    assert (tmp_path / "flow.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "flow.pdf").read_bytes().startswith(b"%PDF")


def test_one_reviewer_votes_at_full_text_without_the_dialogue(ketalit, tmp_path, pubmed):
    folder = tmp_path / "mine"
    ketalit("new", folder, "--empty")
    ketalit("import", pubmed, "-r", folder)
    vote = ("screen", "vote", "101", "include", "--as", "AB", "-r", folder)
    assert ketalit(*vote)[0] == 0
    assert ketalit(*vote, "--stage", "full")[0] == 1
    assert ketalit(*vote, "--stage", "full", "--single")[0] == 0
    code, out, _ = ketalit("screen", "adjudicate", "--single", "--write", "-r", folder)
    assert code == 0
    assert "1 record added" in out


def test_one_record_waits_and_two_wait(ketalit, tmp_path, pubmed):
    folder = tmp_path / "mine"
    ketalit("new", folder, "--empty")
    ketalit("import", pubmed, "-r", folder)
    for who in ("AB", "CD"):
        ketalit("screen", "vote", "101", "include", "--as", who, "-r", folder)
    assert "1 record waits at full text." in ketalit("screen", "adjudicate", "-r", folder)[1]


def test_extraction_goes_on_with_the_next_included_record(ketalit, tmp_path, pubmed, monkeypatch):
    folder = tmp_path / "mine"
    ketalit("new", folder, "--empty")
    ketalit("import", pubmed, "-r", folder)
    asked = ("--as", "AB", "--field", "n_total", "-r", folder)
    code, _, err = ketalit("extract", "record", *asked)
    assert code == 1
    assert "no record is included" in err
    (folder / "screening.csv").write_text("record,decision\nPMID:101,include\n", encoding="utf-8")
    assert "0 of 1  " in ketalit("extract", "progress", *asked)[1]
    monkeypatch.setattr("sys.stdin", io.StringIO("a\n"))
    code, out, _ = ketalit("extract", "record", *asked)
    assert code == 0
    assert "Saved: n_total 40" in out
    assert "1 of 1 included records finished." in ketalit("extract", "progress", *asked)[1]
    code, out, _ = ketalit("extract", "record", *asked)
    assert code == 0
    assert "1 of 1 included records finished." in out
    assert ketalit("extract", "record", "--between", "AB,CD", *asked)[0] == 1


def test_words_that_stand_nowhere_are_told(ketalit, tmp_path, pubmed):
    folder = tmp_path / "mine"
    ketalit("new", folder, "--empty")
    ketalit("import", pubmed, "-r", folder)
    accept = ("extract", "accept", "101", "n_total", "--as", "AB", "--value", 40, "-r", folder, "--quote")
    assert not ketalit(*accept, "40 patients received")[2]
    code, out, err = ketalit(*accept, "forty horses", "--replace")
    assert code == 0
    assert "Saved" in out
    assert "do not stand in the text" in err


def test_a_title_of_the_table_leads_to_the_name_of_its_field(ketalit, tmp_path, pubmed):
    folder = tmp_path / "mine"
    ketalit("new", folder, "--empty")
    ketalit("import", pubmed, "-r", folder)
    for said, meant in (("Dose as given", "dose"), ("n", "n_total"), ("n_totl", "n_total")):
        assert f"did you mean “{meant}”?" in ketalit("extract", "accept", "101", said, "--as", "AB", "-r", folder)[2]
    assert "primary_direction" in ketalit("extract", "accept", "101", "zzzz", "--as", "AB", "-r", folder)[2]
    assert ketalit("extract", "accept", "101", "randomised", "--value", "yes", "--as", "AB", "-r", folder)[0] == 0
    assert ",randomised,true," in (folder / "extraction.csv").read_text(encoding="utf-8")


LOSES_IT = """
import signal, time, typer, ketalit.cli.commands
app = ketalit.cli.commands.app = typer.Typer()

class Closing:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

@app.command()
def work():
    Closing()
    print("goes on")
    time.sleep(300)

from ketalit.cli import main
main()
"""


def test_ctrl_c_is_heard_even_while_an_object_is_taken_apart():
    """Python tells of an exception in `__del__` and goes on; Ctrl-C must stop the command all the same."""
    done = subprocess.run([sys.executable, "-c", LOSES_IT], capture_output=True, text=True, timeout=240, check=False)
    assert (done.returncode, done.stdout) == (130, "goes on\n"), done.stderr
    assert "the same command goes on from there" in done.stderr
    assert "Exception ignored" not in done.stderr


def test_other_faults_of_taking_apart_are_told():
    loses = LOSES_IT.replace("signal.raise_signal(signal.SIGINT)", "1 / 0").replace("time.sleep(300)", "")
    done = subprocess.run([sys.executable, "-c", loses], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0
    assert "ZeroDivisionError" in done.stderr
