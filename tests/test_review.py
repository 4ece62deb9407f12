"""A review folder: what loads, and what is said of one that does not."""

import csv
import json

import pytest

from ketalit.errors import InputError
from ketalit.library import FILE, Library, Raw, RunKind, SavedSearch, State
from ketalit.records.model import Author, Date, Record, to_json
from ketalit.review import load_review, new_review, read_review

from .records.synthetic import article, jats, pubmed_set


@pytest.fixture
def folder(tmp_path):
    """A synthetic review of two records."""
    (tmp_path / "review.toml").write_text('format = 1\ntitle = "Synthetic"\ndrugs = ["ketamine"]\n')
    records = [
        Record(source="person", key="alpha2001", pmid="101", title="First synthetic trial", unverified=("pmid",)),
        Record(source="person", key="beta2002", doi="10.1000/B.2", title="Second synthetic trial"),
    ]
    (tmp_path / "records.jsonl").write_bytes(b"\n".join(map(to_json, records)))
    write(tmp_path / "screening.csv", "record,decision,reason\nalpha2001,include,\nPMID:101,exclude,why\n")
    write(tmp_path / "extraction.csv", "record,field,value,source,who\nalpha2001,n_randomised,60,PMID:101,me\n")
    return tmp_path


def write(path, text):
    path.write_text(text, encoding="utf-8")


def problems(folder):
    return [str(problem) for problem in read_review(folder)[1]]


def test_a_row_may_name_a_record_by_any_of_its_identifiers(folder):
    assert [row.record for row in load_review(folder).screening] == ["alpha2001", "alpha2001"]


@pytest.mark.parametrize("name", ["alpha2001", "101", "PMID: 101", "https://pubmed.ncbi.nlm.nih.gov/101/"])
def test_find_by_any_spelling(folder, name):
    assert load_review(folder).find(name).key == "alpha2001"


def test_find_is_blind_to_case_in_a_doi(folder):
    assert load_review(folder).find("https://doi.org/10.1000/b.2").key == "beta2002"


def test_find_says_what_is_near(folder):
    with pytest.raises(InputError, match="Did you mean alpha2001"):
        load_review(folder).find("alfa2001")


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("extraction.csv", "record,feild,value\nalpha2001,n_total,3\n", "line 1, feild: unknown column, did you mean “field”?"),
        ("extraction.csv", "record,field,value\nalpha2001,n_totl,3\n", "line 2, field: unknown field, did you mean “n_total”?"),
        ("extraction.csv", "record,field,value\nalpha2001,n_total,many\n", "line 2, value: n_total is wrong (found “many”). Expected: a whole number"),
        ("extraction.csv", "record,field,value\nalpha2001,design,paralel RCT\n", "did you mean “parallel RCT”?"),
        ("extraction.csv", 'record,field,value\nalpha2001,result,"two\nlines"\nalpha2001,n_total,x\n', "line 4, value"),
        ("extraction.csv", "record,field,value\nalpha2001,n_total\n", "line 2: fewer cells than the header"),
        ("screening.csv", "record,decision\ngamma,include\n", "line 2, record: unknown record"),
        ("screening.csv", "record,decision\nalpha2001,yes\n", "line 2, decision: the cell is wrong (found “yes”). Expected: one of: include, exclude, maybe"),
        ("records.jsonl", '{"source":"person","key":"a","volume":7}\n', "line 1: is not a record: Expected `str`, got `int` - at `$.volume`"),
        ("records.jsonl", '{"source":"person","pmid":"5"}\n{"source":"pubmed","pmid":"5"}\n', "line 2: PMID:5 stands on line 1 already"),
        ("review.toml", "format = 2\n", "written by a newer ketalit"),
        ("review.toml", "format = 1\ntitel = 'x'\n", "titel: unknown setting, did you mean “title”?"),
        ("review.toml", "format = \n", "is not valid TOML"),
        ("review.toml", "title = 'x'\n", "missing required field `format`"),
        ("review.toml", "format = 1\ndrugs = 5\n", "Expected `array`, got `int` - at `$.drugs`"),
        ("review.toml", "format = 1\nsearches = 'x'\n", "at `$.searches`"),
        ("extraction.csv", "record;field;value\nalpha2001;n_total;3\n", "line 1: the cells are not separated by commas"),
        ("extraction.csv", "record,field,value\nalpha2001,dose_mg_per_kg,\"0,5\"\n", "a number, with a decimal point"),
        ("extraction.csv", "record,field,field,value\n", "line 1, field: the column is there twice"),
        ("claims.csv", "id,page,claim,topic,verdict,explanation,basis\nK1,p,c,t,true,e,\n", "line 2, verdict: the cell is wrong (found “true”)"),
        ("claims.csv", "id,page,claim,topic,verdict,explanation,basis\nK1,p,c,t,supported,e,nobody\n", "line 2, basis: unknown record (found “nobody”)"),
    ],
)  # fmt: skip
def test_each_problem_is_told_with_its_place(folder, file, content, said):
    write(folder / file, content)
    assert any(said in problem for problem in problems(folder)), problems(folder)


def test_what_spreadsheets_leave_behind_does_no_harm(folder):
    rows = "record,field,value\r\n\r\n,,\r\n alpha2001 , n_total ,60\r\nalpha2001,result,a\u2028b\r\nalpha2001,n_total,x\r\n"
    (folder / "extraction.csv").write_bytes(b"\xef\xbb\xbf" + rows.encode())
    review, said = read_review(folder)
    assert [row.finding.value for row in review.extraction] == [60, "a\u2028b"]
    assert [(problem.line, problem.column) for problem in said] == [(6, "value")]


def test_a_review_that_cannot_be_used_says_the_first_problem_and_how_many(folder):
    write(folder / "extraction.csv", "record,field,value\nalpha2001,n_total,x\nalpha2001,n_total,y\n")
    with pytest.raises(InputError, match=r"line 2, value: n_total is wrong.*1 more"):
        load_review(folder)


def test_no_folder(tmp_path):
    with pytest.raises(InputError, match="`ketalit new` starts one"):
        load_review(tmp_path / "nowhere")


def test_a_file_in_another_encoding_is_named(folder):
    (folder / "extraction.csv").write_bytes(
        "record,field,value\nalpha2001,condition,N\u00e9vralgie\n".encode("latin-1")
    )
    with pytest.raises(InputError, match="extraction.csv, line 2: is not UTF-8 text"):
        load_review(folder)


def test_a_new_review_is_the_bundled_one_and_loads(tmp_path):
    path = new_review(tmp_path / "mine")
    assert len(load_review(path).records) == len(load_review().records)
    with (path / "extraction.csv").open(encoding="utf-8", newline="") as lines:
        assert next(csv.reader(lines))[:3] == ["record", "field", "value"]


def test_an_empty_review_loads_and_takes_rows(tmp_path):
    path = new_review(tmp_path / 'my "review"', empty=True)
    assert not load_review(path).records
    assert not load_review(path).problems
    (path / "records.jsonl").write_bytes(to_json(Record(source="person", key="a1", title="Synthetic")))
    with (path / "screening.csv").open("a", encoding="utf-8") as rows:
        rows.write("a1,include,,,me,2026-11-22,\n")
    assert load_review(path).screening[0].record == "a1"


def test_a_new_review_never_overwrites(tmp_path):
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(InputError, match="is not empty"):
        new_review(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def fetched(**facts):
    return Record(
        source="pubmed", authors=(Author(last="Synth"),), published=Date(iso="2001", precision="year"), **facts
    )


def test_the_record_of_nlm_replaces_the_entry_and_keeps_its_key(folder):
    review, said = read_review(folder, more=[fetched(pmid="101", title="First synthetic trial.")])
    records = review.records
    assert records["alpha2001"].source == "pubmed"
    assert not records["alpha2001"].unverified
    assert not said


def test_what_a_sparse_record_of_nlm_lacks_is_kept_from_the_entry(tmp_path):
    entry = Record(
        source="person", key="a", pmid="7", doi="10.1000/x", title="A title", authors=(Author(last="Synth"),)
    )
    write(tmp_path / "review.toml", 'format = 1\ntitle = "Synthetic"\n')
    (tmp_path / "records.jsonl").write_bytes(to_json(entry))
    records = load_review(tmp_path, more=[Record(source="medline", pmid="7", title="A title.")]).records
    assert (records["a"].doi, records["a"].short, records["a"].title) == ("10.1000/x", "Synth n.d.", "A title.")


def test_an_unverified_pmid_of_another_work_is_reported_not_believed(folder):
    review, said = read_review(folder, more=[fetched(pmid="101", title="Liver enzymes in goats")])
    records = review.records
    assert records["alpha2001"].source == "person"
    assert records["PMID:101"].source == "pubmed"
    assert "belongs to another work" in str(said[0])


def test_records_of_the_folder_are_what_was_written(folder):
    lines = (folder / "records.jsonl").read_text().splitlines()
    assert json.loads(lines[0])["key"] == load_review(folder).records["alpha2001"].key


def citation(pmid, title="Synthetic trial of ketamine."):
    return article().replace(b"1001", pmid.encode()).replace(b"Synthetic trial of ketamine.", title.encode())


def store(folder, *raws, kind=RunKind.FETCH, states=None, search=None, note=""):
    with Library.open(folder / FILE, write=True) as library:
        run = library.begin(kind, note)
        library.store(run, raws, states or {})
        if search:
            library.add_search(run, search)
        library.finish(run)
    return run


def fetched_raw(pmid, title="Synthetic trial of ketamine.", version=1):
    return Raw(f"PMID:{pmid}", "PubMed XML", citation(pmid, title), version)


def test_a_review_as_of_a_run_and_with_more(folder):
    first = store(folder, fetched_raw("7", "As it was."))
    store(folder, fetched_raw("7", "As it is."), fetched_raw("8"))
    assert load_review(folder).records["PMID:7"].title == "As it is."
    before = load_review(folder, as_of=first)
    assert before.records["PMID:7"].title == "As it was."
    assert "PMID:8" not in before.records
    more = Record(source="pubmed", pmid="7", title="As it will be.")
    assert load_review(folder, more=[more]).records["PMID:7"].title == "As it will be."
    write(folder / "screening.csv", "record,decision\nPMID:8,include\nalpha2001,include\n")
    early = load_review(folder, as_of=first)
    assert [row.record for row in early.screening] == ["alpha2001"]
    assert [problem.found for problem in early.problems] == ["PMID:8"]
    assert load_review(folder, as_of=0).refreshed == ""


def test_the_last_answer_of_ncbi_is_dated_and_an_import_is_none(folder):
    assert load_review(folder).refreshed == ""
    store(folder, fetched_raw("7"), kind=RunKind.IMPORT)
    assert load_review(folder).refreshed == ""
    store(folder, fetched_raw("7"))
    assert len(load_review(folder).refreshed) == len("2026-11-22")


def test_a_search_knows_its_last_run_unless_it_was_changed_since(folder):
    toml = 'format = 1\ntitle = "Synthetic"\n'
    toml += (
        '[[searches]]\nname = "broad"\nquery = "ketamine"\n[[searches]]\nname = "old"\nquery = "ketamine AND pain"\n'
    )
    write(folder / "review.toml", toml)
    facts = {"database": "pubmed", "count": 870, "ids": ("1",), "translation": "ketamine[MeSH]", "notes": ()}
    facts |= {"build": "", "updated": "", "slices": (), "at": "2026-11-01T10:00:00+00:00", "run": 0}
    store(folder, kind=RunKind.SEARCH, search=SavedSearch(name="broad", query="ketamine", **facts))
    store(folder, kind=RunKind.SEARCH, search=SavedSearch(name="old", query="ketamine", **facts))
    broad, old = load_review(folder).searches
    assert (broad.last_run, broad.count, broad.translation) == ("2026-11-01", 870, "ketamine[MeSH]")
    assert (old.last_run, old.count) == ("", None)


def test_what_pubmed_does_not_hold_any_more_is_said_with_the_date(folder):
    returned = {"PMID:7": (State.RETURNED, ""), "PMID:101": (State.ABSENT, "")}
    store(folder, fetched_raw("7"), states=returned)
    store(folder, kind=RunKind.REFRESH, states={"PMID:7": (State.DELETED, "")})
    records = load_review(folder).records
    assert records["PMID:7"].notes[0].startswith("not in PubMed any more since 20")
    assert "holds no record with the PMID 101" in records["alpha2001"].notes[0]
    store(folder, fetched_raw("7"), kind=RunKind.REFRESH, states={"PMID:7": (State.RETURNED, "")})
    assert not load_review(folder).records["PMID:7"].notes


def test_the_highest_version_of_a_pmid_is_shown(folder):
    store(folder, fetched_raw("7", "Second version.", 2), fetched_raw("7", "First version.", 1))
    assert load_review(folder).records["PMID:7"].title == "Second version."


def test_whole_files_of_older_libraries_are_read(folder):
    content = pubmed_set(citation("7"), citation("8"))
    store(folder, Raw("file:set.xml", "file", content, file="set.xml"), kind=RunKind.IMPORT)
    assert {"PMID:7", "PMID:8"} <= set(load_review(folder).records)


def test_full_text_joins_the_citation_and_both_speak(folder):
    full = jats("<p>Words of the body.</p>")
    body = full[full.index(b"<article") : full.rindex(b"</article>") + len(b"</article>")]
    store(folder, Raw("PMCID:PMC1", "JATS XML", body), fetched_raw("1001"))
    record = load_review(folder).records["PMID:1001"]
    assert record.source == "pubmed"
    assert record.full_text.paragraphs[0].text == "Words of the body."
    assert record.journal.abbreviation == "J Synth Res"


def test_stored_bytes_that_no_reader_takes_are_told_by_name(folder):
    store(
        folder,
        fetched_raw("7"),
        Raw("PMID:9", "PubMed XML", b"<PubmedArticle><Broken></PubmedArticle>"),
        fetched_raw("8"),
    )
    store(folder, Raw("x", "of a format yet to come", b"?"))
    review = load_review(folder)
    assert {"PMID:7", "PMID:8"} <= set(review.records)
    said = [str(problem) for problem in review.problems]
    assert any("library.sqlite: PMID:9 cannot be read" in problem for problem in said)
    assert any("library.sqlite: x cannot be read" in problem for problem in said)


def test_a_damaged_library_is_one_sentence(folder):
    write(folder / FILE, "not a database, and long enough to be looked at" * 100)
    with pytest.raises(InputError, match="library"):
        load_review(folder)


def test_rows_may_name_what_was_merged(folder):
    write(folder / "duplicates.csv", "record,same_as,decision\nbeta2002,alpha2001,same\n")
    write(folder / "extraction.csv", "record,field,value,who\nbeta2002,n_randomised,60,me\nDOI:10.1000/b.2,arms,2,me\n")
    review = load_review(folder)
    assert [row.record for row in review.extraction] == ["alpha2001", "alpha2001"]
    assert review.find("beta2002").key == "alpha2001"
    assert list(review.records) == ["alpha2001"]


def test_a_title_may_hold_what_unicode_calls_the_end_of_a_line(folder):
    record = Record(source="person", key="gamma2003", title="A synthetic\u2028title\u0085of three\u2029lines")
    with (folder / "records.jsonl").open("ab") as file:
        file.write(b"\r\n" + to_json(record) + b"\r\n")
    assert load_review(folder).records["gamma2003"].title == record.title


def test_a_key_of_thousands_of_parts_is_refused_at_once(tmp_path):
    """The parser of TOML would take five seconds."""
    (tmp_path / "review.toml").write_text(f"format = 1\na{'.a' * 30_000} = 1\n")
    with pytest.raises(InputError, match="a key has more than 100 parts"):
        load_review(tmp_path)
    (tmp_path / "review.toml").write_text(f'format = 1\ntitle = "{"a." * 1000}"\nquestion = "{"a. " * 1000}"\n')
    with pytest.raises(InputError, match="more than 100 parts"):  # no title is a word of a thousand parts
        load_review(tmp_path)
