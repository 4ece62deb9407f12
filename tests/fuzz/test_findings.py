"""What fell out of the fuzzers and probes, each as the shortest input that did it."""

import contextlib
import gzip
import hashlib
import io
import tarfile
import tracemalloc
import zipfile
import zlib

import pytest

from ketalit.citations import find_citations
from ketalit.errors import InputError
from ketalit.escaping import terminal
from ketalit.identifiers import identifier_in_link, trim_doi
from ketalit.library.archive import _decoded, _Quarantined, unpack
from ketalit.page import character_set, open_page, page_of_text
from ketalit.records import cutting, spreadsheet
from ketalit.records.files import read_bytes, read_file
from tests.records.synthetic import article, pubmed_set

from .material import reviews, seeds
from .properties import file_holds, page_holds, query_holds, review_holds, soon, text_holds

BIG = 100_000

# --- another exception than ours


@pytest.mark.parametrize(
    "name", ["hex", "rot13", "zlib", "uu", "quopri", "punycode", "idna", "undefined", "unicode_escape"]
)
def test_an_encoding_that_is_no_character_set_is_refused(name, tmp_path):
    with pytest.raises(LookupError):
        character_set(name)
    with pytest.raises(InputError, match="unknown encoding"):
        read_bytes(pubmed_set(article()).replace(b"UTF-8", name.encode()), "a.xml")
    page = tmp_path / "a.html"
    page.write_bytes(b"<meta charset=" + name.encode() + b">" + b"a" * BIG)  # punycode would take minutes
    with soon(), pytest.raises(InputError, match="cannot be read as"):
        open_page(str(page))


@pytest.mark.parametrize("number", ["¹" * 5000, "①", "٣", "0", "1-", "999"])
def test_a_superscript_need_not_be_a_number(number):
    page_holds(
        page_of_text(f"<p>Pain fell.<sup>{number}</sup></p><ol><li>Smith J. A trial. Pain. 2009;1:2-3.</li></ol>")
    )
    text_holds(f"Pain fell.{number} More.\n\nReferences\n1. Smith J. A trial. Pain. 2009;1:2-3.\n")


@pytest.mark.parametrize(
    "body",
    [
        b'{"error":"\\ud800"}',
        b'{"error":"\\x"}',
        b'{"error":"\xff"}',
        b'{"source":"pubmed","title":"\xf4("}',
        b'{"PMID":"1","Title":"A","Year":' + b"[" * BIG + b"]" * BIG + b"}",
        b'{"PMID":"1","Title":"A","Year":' + b"9" * 5000 + b"}",
    ],
)
def test_json_that_is_none(body):
    assert file_holds(body, "a.json") == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"key":"doe2009"', '"key":"doe2009","x":' + "[" * BIG + "]" * BIG),
        ('"iso":"2009"', '"iso":"2o09"'),
        ('"iso":"2009"', '"iso":"2009-13"'),
        ('reasons = ["other design"]', "x = " + "[" * BIG + "]" * BIG),
        ("format = 1", "format = " + "9" * 5000),
        ("n_total,60", "n_total," + "9" * 5000),
        ("dose,0.5 mg/kg", "dose," + "9" * 5000 + " mg/kg"),
        ("followup,12", "followup," + "9" * 5000 + " of 1 (2 %)"),
    ],
)
def test_a_file_of_a_review_that_is_damaged(old, new):
    whole = reviews()["whole"].decode()
    assert old in whole
    review_holds(whole.replace(old, new, 1).encode())


def test_nul_far_into_an_export_is_a_damaged_letter():
    body = "TY  - JOUR\nTI  - A trial\nER  - \n" * 200 + "TY  - JOUR\nTI  - An\0other\nER  - \n"
    file_holds(body.encode(), "a.ris")
    assert read_bytes(body.encode(), "a.ris").records[-1].title == "An\ufffdother"


@pytest.mark.parametrize("head", ["TY  - JOUR\nTI  - A\nAB  - ", "@article{a, title={", "PMID,Title\n1,"])
def test_a_packed_export_that_is_cut_short_far_from_its_beginning(head):
    noise = "".join(hashlib.sha256(bytes([i % 256, i // 256])).hexdigest() for i in range(20_000))
    packed = gzip.compress((head + noise).encode())
    with pytest.raises(InputError, match="cut short or damaged"):
        read_bytes(packed[: len(packed) // 2], "a.gz")


def test_names_of_names_in_a_pack(tmp_path):
    def block(kind: bytes) -> bytes:
        member = tarfile.TarInfo("././@LongLink")
        member.type, member.size = kind, 1
        return member.tobuf(tarfile.GNU_FORMAT) + b"a".ljust(512, b"\0")

    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(block(tarfile.GNUTYPE_LONGNAME) * 3000))
    with pytest.raises(InputError, match="cannot be unpacked"):
        unpack(tmp_path / "a.tar.gz", tmp_path / "out")


NAMES = ["NUL", "con.csv", "Com1", "lpt9.tar.gz", "aux .txt", "a.", "a ", "a?", "a*b", "a|b", 'a"', "a<b"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_some_system_takes_for_something_else(name, tmp_path):
    sums = f"{hashlib.sha256(b'').hexdigest()}  review/{name}\n".encode()
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        for one, content in (("SHA256SUMS", sums), (f"review/{name}", b"")):
            member = tarfile.TarInfo(one)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    with pytest.raises(InputError, match="not allowed"):
        unpack(tmp_path / "a.tar.gz", tmp_path / "out")


def test_library_lines_that_are_no_text():
    with pytest.raises(InputError, match="cannot be read"):
        _decoded(b'{"sha256":"\xf4(","what":"a","at":"b"}', _Quarantined, "a")


def test_the_words_of_an_error_end(tmp_path):
    tag = "x" * 5000
    with pytest.raises(InputError) as caught:
        read_bytes(pubmed_set(article(title=f"<ArticleTitle><{tag}></b></ArticleTitle>")), "a.xml")
    assert len(str(caught.value)) < 1000


def test_what_is_no_character_of_xml_is_not_shown():
    assert terminal("a\ufffe\uffffb") == "ab"


@pytest.mark.parametrize(
    "record", ["AID - 10.1000/a [doi]", "LID - 10.1000/a [doi]", f"AB  - {'pain ' * 1000}\nPMID- 7"]
)
def test_a_record_of_medline_is_known_again_by_itself(record):
    assert file_holds(f"PMID- 1\nTI  - A\n\n{record}\n".encode(), "a.nbib") == 2


# --- longer than anybody waits: each took from 5 seconds to for ever


@pytest.mark.parametrize(
    "text",
    [
        "Smith et al. " * (BIG // 13),
        "study by Dr. " * (BIG // 13),
        " ".join(f"study by Dr. A{number:x}’s" for number in range(BIG // 25)),
        "".join(f"A 2009 study by Dr. Xab{n:b}. Dr. Yab{n:b} wrote. ".replace("0", "o").replace("1", "i") for n in range(1500)),
        "https://onlinelibrary.example/10.1000/a" + "/full" * (BIG // 5),
        "doi:10.1000/a" + ")" * BIG,
    ],
    ids=["et al", "by", "chain", "names", "suffixes", "brackets"],
)  # fmt: skip
def test_a_page_that_repeats_itself(text):
    text_holds(text)


def test_suffixes_of_addresses_are_still_taken_off():
    for suffix in ("/full/pdf", "/suppl_file/a/b.pdf", "v2.full.pdf", "/abstract/"):
        assert str(identifier_in_link(f"https://x.example/10.1000/a{suffix}")) == "DOI:10.1000/a"
    assert trim_doi("10.1000/a(b)c).]") == "10.1000/a(b)c"


@pytest.mark.parametrize(
    "text",
    [
        "@article{x, title = {A}}\n" + "@article{a,\n" * (BIG // 12),
        "@article{x, title = {A}}\n" + "@article{a, title={\n" * (BIG // 20),
        "PMID,Title,Year\n" + '"a\n' * BIG,
        "<PubmedArticleSet>" + "<!DOCTYPE a [" * (BIG // 13),
    ],
    ids=["entries", "fields", "quotes", "doctypes"],
)
def test_a_file_of_beginnings(text):
    with soon(10), contextlib.suppress(InputError):
        read_bytes(text.encode(), "a")


def test_a_sentence_of_nothing_but_doses():
    file_holds(b"PMID- 1\nTI  - A\nAB  - patients " + b"received S-ketamine 0.5 mg/kg/h iome " * 1000 + b"\n")


# --- more memory than there is


@pytest.mark.parametrize("name", ["a" * BIG, "a9" * (BIG // 2)])
def test_a_long_word_in_an_entry(name):
    with soon(), contextlib.suppress(InputError):
        read_bytes(f"@article{{{name}, title = {{x}}}}".encode(), "a.bib")


@pytest.mark.parametrize(
    "query",
    [
        " OR ".join(f"{pmid}[uid]" for pmid in range(4000)),
        "(" * 30_000 + "a" + ")" * 30_000,
        "(" * 10_000 + "a" + " AND b)" * 10_000,
        "n_total" + " " * BIG + ">",
        "n_total>1" + " " * BIG + "1",
        "n_total>1 AND" + " " * BIG + "1",
    ],
)
def test_long_and_deep_queries(query):
    query_holds(query)


def test_macros_of_macros():
    macros = "".join(f"@string{{m{n} = m{n - 1} # m{n - 1}}}\n" for n in range(1, 60))
    entry = "@article{x, title = m59 # " + " # ".join(f"m{n}" for n in range(59)) + "}\n@article{y, title = jp # {B}}\n"
    with soon():
        result = read_bytes(f'@string{{m0 = "x"}}\n@string{{jp = "A "}}\n{macros}{entry}'.encode(), "a.bib")
    assert [record.title for record in result.records] == ["A B"]
    assert any("unfold" in problem.reason and problem.lost for problem in result.problems)


@pytest.mark.parametrize(
    "head", [b"TY  - JOUR\nTI  - A\nAB  - ", b"@article{a, title={", b"PMID,Title\n1,", b'{"source":"person"']
)
def test_a_packed_bomb_is_refused(head, monkeypatch):
    monkeypatch.setattr(cutting, "_ROOM", 1 << 22)
    packer = zlib.compressobj(9, wbits=31)
    bomb = packer.compress(head) + b"".join(packer.compress(b" " * (1 << 20)) for _ in range(64)) + packer.flush()
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="far larger inside"):
            read_bytes(bomb, "a.gz")
        assert tracemalloc.get_traced_memory()[1] < 40 << 20
    finally:
        tracemalloc.stop()


def test_what_unpacks_to_much_and_is_no_bomb_is_read(monkeypatch, tmp_path):
    monkeypatch.setattr(cutting, "_ROOM", 1 << 10)
    path = tmp_path / "a.nbib.gz"
    titles = (hashlib.sha256(bytes([number % 256, number // 256])).hexdigest() for number in range(500))
    path.write_bytes(gzip.compress("".join(f"PMID- 1\nTI  - {title}\n" for title in titles).encode()))
    assert len(read_file(path).records) == 500


def test_no_citation_is_lost_where_nothing_is_long():
    text = "A 2009 study titled “A trial of nothing at all in pain” found this."
    found = find_citations(text)
    assert [citation.year for citation in found] == [2009]
    assert found[0].title == "A trial of nothing at all in pain"


def _workbook(rows: str, size: str = "A1:B2") -> bytes:
    book = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(seeds()["export.xlsx"])) as old, zipfile.ZipFile(book, "w") as new:
        for name in {*old.namelist()} - {"xl/worksheets/sheet1.xml"}:
            new.writestr(name, old.read(name))
        new.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="{size}"/>'
            f"<sheetData>{rows}</sheetData></worksheet>",
        )
    return book.getvalue()


def _row(number: int, *cells: tuple[str, str]) -> str:
    inside = (f'<c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for column, text in cells)
    return f'<row r="{number}">{"".join(inside)}</row>'


HEAD = _row(1, ("A", "PMID"), ("B", "Title"))


def test_a_workbook_that_lies_about_its_size_loses_nothing():
    rows = HEAD + "".join(_row(number, ("A", str(number)), ("B", "A trial")) for number in range(2, 9))
    assert len(read_bytes(_workbook(rows, "A1"), "a.xlsx").records) == 7


@pytest.mark.parametrize("last", [_row(1 << 30, ("A", "1")), "".join(_row(n, ("XFD", "x")) for n in range(2, 30))])
def test_a_small_workbook_of_millions_of_cells_is_refused(last, monkeypatch):
    monkeypatch.setattr(spreadsheet, "_MOST_ROWS", 2000)
    monkeypatch.setattr(spreadsheet, "_MOST_CELLS", 200_000)
    with soon(), pytest.raises(InputError, match="more rows or cells than a list of references"):
        read_bytes(_workbook(HEAD + last, "A1:XFD1048576"), "a.xlsx")


def test_a_far_cell_does_not_fill_the_memory():
    tracemalloc.start()
    with contextlib.suppress(InputError):
        read_bytes(_workbook(HEAD + _row(50_000, ("XFD", "x")), "A1:XFD1048576"), "a.xlsx")
    assert tracemalloc.get_traced_memory()[1] < 50e6  # 819 million cells stand between
    tracemalloc.stop()


def test_a_workbook_that_is_damaged_with_many_words():
    content = bytearray(seeds()["export.xlsx"])
    at = content.find(b"xl/worksheets/sheet1.xml")
    content[at : at + 24] = b"xl/worksheets/sheet2.xml"
    file_holds(bytes(content), "a.xlsx")
