import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketalit.errors import InputError
from ketalit.screening.sheet import read_sheet, read_sheet_text

ODD = '\ufeffrecord,decision,note\r\n"a" , include ,"two\r\nlines, ""quoted"""\r\n\r\nb,exclude,\nc,maybe,last'


def test_a_changed_row_leaves_all_others_byte_for_byte():
    sheet = read_sheet_text("x.csv", ODD)
    assert "".join(sheet.rows.values()) == ODD
    new = sheet.edited({5: {"decision": "include"}}).decode()
    assert new == ODD.replace("b,exclude,\n", "b,include,\n")


def test_an_added_row_ends_an_unended_line_first():
    new = read_sheet_text("x.csv", ODD).edited(added=[{"record": "d", "decision": "include", "note": 'say "x", y'}])
    assert new.decode() == ODD + '\r\nd,include,"say ""x"", y"\r\n'


def test_columns_may_stand_in_any_order_but_must_be_there():
    sheet = read_sheet_text("x.csv", "note,record\nn,a\n")
    assert sheet.edited(added=[{"record": "b", "note": ""}]) == b"note,record\nn,a\n,b\n"
    with pytest.raises(InputError, match="no column “who”"):
        sheet.edited(added=[{"record": "b", "who": "AB"}])


def test_no_file_and_empty_file_begin_with_the_header(tmp_path):
    assert read_sheet(tmp_path / "no.csv", ["a", "b"]).edited(added=[{"a": "1"}]) == b"a,b\n1,\n"
    (tmp_path / "empty.csv").write_bytes(b"\xef\xbb\xbf\n")
    assert read_sheet(tmp_path / "empty.csv", ["a"]).edited(added=[{"a": "1"}]) == b"a\n1\n"


cell = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff"), max_size=8)


@given(rows=st.lists(st.tuples(cell, cell), max_size=6), ending=st.sampled_from(["\n", "\r\n"]))
def test_whatever_the_cells_hold_nothing_else_changes(rows, ending):
    before = read_sheet_text("x.csv", f"record,note{ending}").edited(
        added=[{"record": one or "-", "note": two} for one, two in rows]
    )
    sheet = read_sheet_text("x.csv", before.decode())
    after = sheet.edited(added=[{"record": "new", "note": "x"}])
    assert after.startswith(before)
    assert sheet.edited() == before
