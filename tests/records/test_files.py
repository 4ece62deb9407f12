"""`read_file` looks at the content, never at the name. All files here are synthetic."""

import gzip

import pytest

from ketalit.errors import InputError
from ketalit.records.files import read_file
from ketalit.records.model import Record, to_json
from ketalit.records.problems import Kind

from .synthetic import HEAD, article, jats, pubmed_set, ten

CONTENTS = {
    "pubmed": pubmed_set(article()),
    "jats": jats("<p>Words.</p>"),
    "medline": b"PMID- 1001\nTI  - Synthetic trial\n",
    "records": to_json(Record(source="person", key="doe2009", pmid="1001")) + b"\n",
}


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("name", ["set.xml", "set.xml.gz", "download.txt", "name with spaces ü.nbib"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("start", [b"", b"\n", b"\xef\xbb\xbf"])
def test_content_decides(tmp_path, content, name, pack, start):
    path = tmp_path / name
    path.write_bytes(pack(start + CONTENTS[content]))
    result = read_file(path)
    assert [record.pmid for record in result.records] == ["1001"]
    assert result.complete
    assert not result.problems


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "the file is empty"),
        (b"<html><head><title>Blocked</title></head></html>", "web page"),
        (HEAD, "prolog"),
        (b"<eSearchResult><ERROR>Bad db</ERROR></eSearchResult>", "Bad db"),
        (b'{"error":"API key invalid","api-key":"SECRET"}', "API key invalid"),
        (b"[1, 2]", "JSON of another kind"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x00\x01\x02", "no known format"),
        (b"A sentence about PMID: 5, and nothing else.", "no known format"),
        (gzip.compress(pubmed_set(article()), mtime=0)[:30], "cut"),
        (pubmed_set(article().replace(b"Synthetic", b"&", 1)), "no record can be read: not well-formed"),
        (b'{"source":"person","authors":[{"last":7}]}', "authors"),
    ],
)
def test_what_holds_no_records_is_refused_in_one_sentence(tmp_path, body, says):
    path = tmp_path / "answer.xml"
    path.write_bytes(body)
    with pytest.raises(InputError, match=says) as caught:
        read_file(path)
    message = str(caught.value)
    assert message.startswith("answer.xml")
    assert "SECRET" not in message
    assert "\n" not in message


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(InputError, match=r"absent\.xml: cannot be opened"):
        read_file(tmp_path / "absent.xml")
    with pytest.raises(InputError, match="this is a folder"):
        read_file(tmp_path)


def test_half_a_set_keeps_its_half_and_says_so(tmp_path):
    path = tmp_path / "set.xml"
    body = pubmed_set(*ten())
    path.write_bytes(body[: len(body) // 2])
    result = read_file(path)
    assert [record.pmid for record in result.records] == ["1001", "1002", "1003", "1004"]
    assert not result.complete
    assert {problem.kind for problem in result.problems} == {Kind.TRUNCATED}


def test_a_wrong_line_of_records_is_named(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_bytes(CONTENTS["records"] + b'{"source":"person","authors":[{"last":7}]}\n' + b"{\n")
    result = read_file(path)
    assert len(result.records) == 1
    assert [problem.where for problem in result.problems] == ["records.jsonl, line 2", "records.jsonl, line 3"]
    assert "$.authors[0].last" in result.problems[0].reason


def test_repeated_pmids_are_noticed_and_kept(tmp_path):
    path = tmp_path / "set.xml"
    path.write_bytes(pubmed_set(article(), article(), article(version="2")))
    result = read_file(path)
    assert len(result.records) == 3
    assert [(problem.kind, problem.pmids) for problem in result.problems] == [(Kind.NOTICE, ("1001",))]
    assert result.complete
