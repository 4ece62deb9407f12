"""What fell out of the fuzzers and probes, each as the shortest input that did it."""

import contextlib
import gzip
import hashlib
import io
import tarfile
import tracemalloc
import zlib

import pytest

from ketalit.citations import find_citations
from ketalit.errors import InputError
from ketalit.escaping import terminal
from ketalit.identifiers import identifier_in_link, trim_doi
from ketalit.library.archive import _decoded, _Quarantined, unpack
from ketalit.page import character_set, open_page, page_of_text
from ketalit.records import cutting
from ketalit.records.files import read_bytes, read_file
from tests.records.synthetic import article, pubmed_set

from .material import seeds
from .properties import file_holds, page_holds, soon, text_holds

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


def test_a_workbook_that_is_damaged_with_many_words():
    content = bytearray(seeds()["export.xlsx"])
    at = content.find(b"xl/worksheets/sheet1.xml")
    content[at : at + 24] = b"xl/worksheets/sheet2.xml"
    file_holds(bytes(content), "a.xlsx")
