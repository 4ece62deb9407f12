"""The cutter: what comes out does not depend on how the bytes arrived, and nothing is lost on the way."""

import gzip
import io
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from ketalit.records.cutting import chunks_of, cut, encoding_of, name_of

from .synthetic import pubmed_set, ten

TAGS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")


@given(st.lists(st.integers(0, len(pubmed_set(*ten()))), max_size=30))
@settings(deadline=None)
def test_pieces_do_not_depend_on_the_chunks(borders):
    body = pubmed_set(*ten())
    places = sorted({0, len(body), *borders})
    chunks = (body[start:end] for start, end in itertools.pairwise(places))
    assert list(cut(chunks, TAGS)) == list(cut(iter([body]), TAGS))


PARTS = [b"<r>", b"</r>", b"<s>", b"</s>", b"<r", b"/r>", b"<!--", b"-->", b"x", b" ", b"<rr>", b"\xff", b"<r a='1'>"]


@given(parts=st.lists(st.sampled_from(PARTS), max_size=25), size=st.integers(1, 9))
@settings(deadline=None, max_examples=300)
def test_no_byte_is_lost(parts, size):
    body = b"".join(parts)
    pieces = list(cut((body[at : at + size] for at in range(0, len(body), size)), ("r", "rec")))
    assert b"".join(piece.raw for piece in pieces) == body
    assert all(piece.raw.endswith(b"</r>") for piece in pieces if piece.kind == "record")


def test_gzip_members_and_padding():
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 100
    assert b"".join(chunks_of(packed)) == b"one two"
    assert b"".join(chunks_of(io.BytesIO(packed))) == b"one two"


def test_a_decompression_bomb_comes_in_small_pieces():
    bomb = gzip.compress(bytes(50 << 20))
    assert max(len(chunk) for chunk in chunks_of(bomb)) <= 1 << 18


def test_encodings():
    assert encoding_of(b'<?xml version="1.0" encoding="utf-16"?>') == "utf-8"  # left behind by a conversion
    assert encoding_of("<a/>".encode("utf-16-le")) == "utf-16-le"
    assert encoding_of(b"\xff\xfe<\0") == "utf-16"


def test_names(tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(b"x")
    with path.open("rb") as stream:
        assert (name_of(path), name_of(stream), name_of(b"")) == ("a.xml", "a.xml", "")
