"""Questions: is every format written whole, refused by name otherwise, equal for equal tables, true to the table?"""

import csv
import dataclasses
import io
import json
import subprocess
import sys
import zipfile

import docx
import openpyxl
import pandas as pd
import pytest
import rispy
from markdown_it import MarkdownIt
from pybtex.database import parse_string

from ketalit import export as exporting
from ketalit.errors import InputError
from ketalit.escaping import one_line
from ketalit.export import SUFFIXES, export
from ketalit.export.references import to_bibtex, to_csl_json, to_ris
from ketalit.export.wording import heading
from ketalit.records.model import Author, Date, Journal, Record
from ketalit.review import load_review
from ketalit.table import evidence_table
from ketalit.table.cells import CELL_TYPES
from ketalit.vocabulary import Missing
from tests.export.hostile import NO_XML, hostile_review
from tests.synthetic_review import FORMULA, synthetic_review


@pytest.fixture(scope="module")
def table():
    return evidence_table(synthetic_review(), view="full")


@pytest.fixture
def suffix(request):
    """An ending; that of Parquet where pyarrow, which is an extra, is there."""
    if request.param == ".parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    return request.param


@pytest.mark.parametrize("suffix", SUFFIXES, indirect=True)
def test_equal_tables_give_equal_files(suffix, table, tmp_path):
    first, *_ = export(table, tmp_path / f"one{suffix}")
    second, *_ = export(evidence_table(synthetic_review(), view="full"), tmp_path / f"two{suffix.upper()}")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES, indirect=True)
def test_an_empty_table_is_written_and_says_so(suffix, tmp_path):
    empty = evidence_table(synthetic_review(), where="year=1800")
    assert export(empty, tmp_path / f"empty{suffix}")[0].exists()


@pytest.mark.parametrize("suffix", SUFFIXES, indirect=True)
@pytest.mark.parametrize("columns", ["dose,design,result", "study"])
def test_chosen_columns_are_written_to_every_kind_of_file(suffix, columns, tmp_path):
    chosen = evidence_table(synthetic_review(), columns=columns, screened="all")
    path, *_ = export(chosen, tmp_path / f"chosen{suffix}")
    if suffix == ".csv":
        names = [field.name for field in chosen.fields]
        assert list(pd.read_csv(path).columns)[-len(names) or None :] == names or not names
    if suffix == ".md":
        titles = "".join(f" {heading(field)} |" for field in chosen.fields)
        assert f"| Study |{titles}" in " ".join(path.read_text(encoding="utf-8").replace(":--", "").split())


def test_before_a_word_file_of_very_many_studies_one_is_told(table, monkeypatch):
    assert exporting.caution(table, "t.docx") == ""
    monkeypatch.setattr(exporting, "_MANY_FOR_WORD", 3)
    told = exporting.caution(table, "t.DOCX")
    assert f"{len(table)} studies" in told
    assert "pages" in told
    assert ".xlsx" in told
    assert exporting.caution(table, "t.xlsx") == ""
    monkeypatch.setattr(exporting, "_MOST_FOR_WORD", 1000)
    assert "opens no more than" in exporting.caution(table, "t.docx")


def test_the_command_tells_it_before_it_writes(ketalit, monkeypatch, tmp_path):
    monkeypatch.setattr("ketalit.export._MANY_FOR_WORD", 3)
    code, out, err = ketalit("table", "-r", "bundled", "--columns", "design", "--to", tmp_path / "t.docx")
    assert (code, out) == (0, f"wrote {tmp_path / 't.docx'}\n")
    assert "Word file of some" in err
    code, out, err = ketalit("table", "-r", "bundled", "--rows", "3", "--to", tmp_path / "t.csv")
    assert (code, out) == (1, "")
    assert "a file and --json get all" in err
    assert not (tmp_path / "t.csv").exists()


@pytest.mark.parametrize(
    ("name", "hint"), [("table.xls", ".xlsx"), ("table.htm", ".html"), ("table", "html"), ("t.pdf", ".md")]
)
def test_an_unknown_kind_is_refused_by_name(name, hint, table, tmp_path):
    with pytest.raises(InputError, match=name) as refused:
        export(table, tmp_path / name)
    assert hint in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_named(table, tmp_path):
    with pytest.raises(InputError, match="nowhere"):
        export(table, tmp_path / "nowhere" / "table.csv")


def test_csv_has_values_and_sources(table, tmp_path):
    values, sources = export(table, tmp_path / "evidence.csv")
    assert [values.name, sources.name] == ["evidence.csv", "evidence.sources.csv"]
    frame = pd.read_csv(values, na_values=list(Missing), index_col="study")
    assert frame.loc["ALPHA", "n_randomised"] == 60
    assert frame["n_randomised"].tolist() == pytest.approx(
        table.frame["n_randomised"].astype(float).tolist(), nan_ok=True
    )
    plain = pd.read_csv(values, index_col="study")
    assert plain.loc["epsilon2020", "adverse_events"] == "not reported"
    assert plain.loc["gamma2016", "n_randomised"] == "not applicable"
    behind = pd.read_csv(sources, keep_default_na=False)
    assert list(behind.columns) == list(CELL_TYPES)
    assert len(behind) == len(table.cells)
    assert b"\r" not in values.read_bytes()


def test_csv_never_starts_a_formula(table, tmp_path):
    for path in export(table, tmp_path / "evidence.csv"):
        cells = [cell for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))) for cell in row]
        assert "'" + FORMULA in cells
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


@pytest.fixture(scope="module")
def book(table, tmp_path_factory):
    path, *_ = export(table, tmp_path_factory.mktemp("xlsx") / "evidence.xlsx")
    return openpyxl.load_workbook(path)


def test_xlsx_sheets(book, table):
    assert book.sheetnames == ["Evidence", "Sources", "Read me"]
    sheet = book["Evidence"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet.max_row == len(table.frame) + 1
    assert book["Sources"].max_row == len(table.cells) + 1
    assert "not a systematic search" in str([cell.value for cell in book["Read me"]["B"]])


def test_xlsx_has_no_formula_anywhere(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    formula = next(cell for cell in cells if cell.value == FORMULA)
    assert formula.quotePrefix


def test_every_cell_of_the_workbook_says_where_it_comes_from(book, table):
    sheet = book["Evidence"]
    titles = [cell.value for cell in sheet[1]]
    column = titles.index("n randomised") + 1
    row = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == "ALPHA")
    cell = sheet.cell(row, column)
    assert cell.value == 60
    assert "PMID:1000001" in cell.comment.text
    assert "table 1" in cell.comment.text
    fields = len(table.fields)
    for line in sheet.iter_rows(min_row=2, min_col=len(titles) - fields + 1):
        assert all(cell.comment and cell.comment.text for cell in line)


def test_xlsx_strikes_out_what_is_retracted_and_links_reports(book):
    sheet = book["Evidence"]
    row = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == "delta2018")
    assert sheet.cell(row, 1).font.strike
    assert any(cell.hyperlink and cell.hyperlink.target.endswith("/1000005/") for cell in sheet[row])


def test_markdown_is_one_table_with_all_its_rows_and_a_source_for_each_value(table, tmp_path):
    path, *_ = export(table, tmp_path / "evidence.md")
    text = path.read_text(encoding="utf-8")
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    assert sum(token.type == "table_open" for token in tokens) == 1
    assert sum(token.type == "tr_open" for token in tokens) == len(table.frame) + 1
    assert sum(token.type in {"th_open", "td_open"} for token in tokens) == (len(table.frame) + 1) * (
        len(table.fields) + 1
    )
    inside = [child for token in tokens for child in token.children or []]
    assert not [child for child in inside if child.type in {"html_inline", "image", "code_inline"}]
    links = [child.attrs["href"] for child in inside if child.type == "link_open"]
    assert links
    assert all(str(link).startswith("https://") for link in links)
    notes = {line.split("]:")[0] for line in text.splitlines() if line.startswith("[^")}
    assert notes
    assert all(f"{note}]" in text.split("\n[^1]:")[0] for note in notes)


def test_word_opens_landscape_with_a_header_row_that_repeats(table, tmp_path):
    path, *_ = export(table, tmp_path / "evidence.docx")
    document = docx.Document(str(path))
    section = document.sections[0]
    assert section.page_width > section.page_height
    texts = [paragraph.text for paragraph in document.paragraphs]
    columns = []
    struck = []
    for grid in document.tables:
        assert len(grid.rows) == len(table.frame) + 1
        assert "tblHeader" in grid.rows[0]._tr.xml
        assert all("cantSplit" in row._tr.xml for row in grid.rows)
        first, *titles = (cell.text for cell in grid.rows[0].cells)
        assert first == "Study"
        columns += titles
        struck += [r.font.strike for cell in grid.rows[2].cells for r in cell.paragraphs[0].runs if r.text == "500 C2"]
        inside = section.page_width - section.left_margin - section.right_margin
        widths = {sum(cell.width for cell in row.cells) for row in grid.rows}
        assert len(widths) == 1
        assert max(widths) <= inside + 100 * len(titles)  # rounded to twentieths of a point
    assert columns == [heading(field) for field in table.fields]
    assert struck == [True, True]
    assert any("PMID:1000001" in text for text in texts)
    captions = [text for text in texts if text.startswith("Table 1, part")]
    assert captions == [
        f"Table 1, part {n} of {len(document.tables)}. {one_line(table.title)}" for n in range(1, len(captions) + 1)
    ]


def test_word_says_under_each_table_what_its_codes_mean(table, tmp_path):
    document = docx.Document(str(export(table, tmp_path / "evidence.docx")[0]))
    body = list(document.element.body)
    for grid in document.tables:
        used = {cell.text.split(" ")[0].rstrip("0123456789") for row in grid.rows for cell in row.cells}
        after = body[body.index(grid._tbl) + 1 :]
        under = ["".join(part.itertext()) for part in after[:3]]
        for code, meaning in (("n/r", "not reported"), ("n/c", "not checked"), ("n/a", "not applicable")):
            assert (code in used) == any(line.startswith(f"{code} {meaning}:") for line in under)


def test_word_drops_what_no_xml_may_hold(tmp_path):
    strange = evidence_table(dataclasses.replace(synthetic_review(), title=NO_XML))
    assert docx.Document(str(export(strange, tmp_path / "evidence.docx")[0])).paragraphs[0].text == "ab"


def test_word_holds_whatever_a_title_holds(tmp_path):
    hostile = evidence_table(hostile_review(), view="full")
    document = docx.Document(str(export(hostile, tmp_path / "evidence.docx")[0]))
    assert all(len(grid.rows) == len(hostile.frame) + 1 for grid in document.tables)
    assert "\\write18{touch owned}" in document.paragraphs[0].text
    assert not [c for paragraph in document.paragraphs for c in paragraph.text if ord(c) < 32 and c not in "\n\t"]


def test_without_python_docx_the_extra_is_named(table, tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "ketalit.export.word", raising=False)
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(InputError, match=r'pip install "ketalit\[word\]"'):
        export(table, tmp_path / "evidence.docx")


@pytest.mark.parametrize("suffix", [".xlsx", ".docx"], indirect=True)
def test_office_files_carry_no_time(suffix, table, tmp_path):
    path, *_ = export(table, tmp_path / f"evidence{suffix}")
    with zipfile.ZipFile(path) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None


def test_importing_export_loads_no_format():
    code = (
        "import sys, ketalit.export; print([m for m in ('openpyxl', 'itables', 'docx', 'pybtex') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


RECORDS = [*synthetic_review().records.values(), *load_review().records.values()]


def test_ris_comes_back():
    entries = rispy.loads(to_ris(RECORDS))
    assert [entry["id"] for entry in entries] == [record.id for record in RECORDS]
    for entry, record in zip(entries, RECORDS, strict=True):
        assert entry.get("doi", "") == record.doi
        assert entry.get("accession_number", "") == record.pmid
        assert entry.get("year", "") == str(record.year or "")
        assert len(entry.get("authors", [])) == len(record.authors)
    assert entries[0]["type_of_reference"] == "JOUR"


def test_bibtex_comes_back():
    entries = parse_string(to_bibtex(RECORDS), "bibtex").entries
    assert len(entries) == len(RECORDS)
    for entry, record in zip(entries.values(), RECORDS, strict=True):
        assert len(entry.persons.get("author", [])) == len(record.authors)
        if record.authors and record.authors[0].last:
            assert " ".join(entry.persons["author"][0].last_names).strip("{}") == record.authors[0].last
        assert entry.fields.get("pmid", "") == record.pmid


def test_csl_json_comes_back():
    items = json.loads(to_csl_json(RECORDS))
    assert [item["id"] for item in items] == [record.id for record in RECORDS]
    assert {item["type"] for item in items} <= {"article-journal", "book", "chapter"}
    for item, record in zip(items, RECORDS, strict=True):
        assert item.get("DOI", "") == record.doi
        assert item.get("issued", {}).get("date-parts", [[None]])[0][0] == record.year


def test_references_say_what_is_retracted_and_what_is_not_verified():
    retracted, unverified = (synthetic_review().records[name] for name in ("delta2018", "beta2014"))
    for write in (to_ris, to_bibtex, to_csl_json):
        assert "RETRACTED" in write([retracted])
        assert "not yet verified: pmid" in write([unverified])


HARD = Record(
    source="pubmed",
    kind="book",
    pmid="5",
    title="50% of {braces} & “quotes” \\ µ\nTY  - JOUR",
    book_title="A book",
    authors=(Author(collective="The {Group} and Others"), Author(last="van der Berg", fore="Á", suffix="Jr")),
    journal=Journal(),
    published=Date(iso="2020-03-04", precision="day"),
    pages="304-11",
)


def test_a_hard_record_survives_each_format():
    (ris,) = rispy.loads(to_ris([HARD]))
    assert (ris["type_of_reference"], ris["start_page"], ris["end_page"]) == ("CHAP", "304", "311")
    assert ris["title"] == "50% of {braces} & “quotes” \\ µ TY - JOUR".replace("TY -", "TY  -")
    assert ris["authors"] == ["The {Group} and Others", "van der Berg, Á, Jr"]
    (entry,) = parse_string(to_bibtex([HARD]), "bibtex").entries.values()
    assert entry.type == "incollection"
    assert len(entry.persons["author"]) == 2
    assert entry.persons["author"][1].lineage_names == ["Jr"]
    (item,) = json.loads(to_csl_json([HARD]))
    assert item["author"][0] == {"literal": "The {Group} and Others"}
    assert item["issued"] == {"date-parts": [[2020, 3, 4]]}
