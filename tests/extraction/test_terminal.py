import io

import pytest

from ketalit.errors import InputError
from ketalit.extraction import accept, extract
from ketalit.extraction.entries import load_entries
from ketalit.records.model import Record, Section, to_json
from ketalit.review import load_review

from .shared import make_review, sit, stored

FIELDS = ["n_total", "blinding", "route", "result"]


def test_a_record_from_first_field_to_last(tmp_path):
    folder = make_review(tmp_path)
    session, text = sit(folder, "a|c 1|=|c oral|||n", fields=FIELDS)
    assert (session.saved, session.skipped, session.left, session.stopped) == (4, 0, 0, False)
    assert stored(folder) == [("AB", 41), ("AB", "open"), ("AB", "oral"), ("AB", "not reported")]
    for part in ("We randomised 41 patients", "n  (n_total)", "rule n/", "Saved: n_total 41 people, extraction.csv"):
        assert part in text
    assert "Nothing left in this record." in text


def test_every_decision_is_saved_at_once_and_resumed(tmp_path):
    folder = make_review(tmp_path)
    session, text = sit(folder, "a|q", fields=FIELDS)
    assert (session.saved, session.left, session.stopped) == (1, 3, True)
    session, text = sit(folder, "s|x", fields=FIELDS)  # then the input ends
    assert "3 fields to decide, 1 done." in text
    assert (session.saved, session.skipped, session.left, session.stopped) == (1, 1, 2, True)
    assert stored(folder) == [("AB", 41), ("AB", "not applicable")]


def test_what_one_said_before_is_shown_and_can_be_corrected(tmp_path):
    folder = make_review(tmp_path)
    accept(folder, "r1", "n_total", who="AB")
    accept(folder, "r1", "n_total", value=39, who="CD")
    _, text = sit(folder, "c 40|patients|", fields=["n_total"], again=True)
    for part in (
        "AB said 41 people",
        "CD entered 39 people",
        "before: 41 people",
        "Another person differs (CD: 39 people)",
    ):
        assert part in text
    assert stored(folder, "n_total") == [("AB", 40), ("CD", 39)]


def test_a_second_candidate_and_a_bad_number(tmp_path):
    rows = "r1,n_total,40,people,,table 1,PMID:1000001,curated,one,curated,2024-01-01,\n"
    folder = make_review(tmp_path, rows=rows)
    _, text = sit(folder, "a 3|a 2", fields=["n_total"])
    assert "“3” is none of those proposed. Expected: a number from 1 to 2. Nothing saved." in text
    assert stored(folder, "n_total") == [("curated", 40), ("AB", 40)]


def test_keys_that_mean_nothing_save_nothing(tmp_path):
    folder = make_review(tmp_path)
    _, text = sit(folder, "z||n 40|?|c many||||c||\x1b[A|q", fields=["n_total"])
    assert stored(folder) == []
    assert "“z” is none of the keys" in text
    assert "for a value: c 40" in text
    assert "“many” cannot be a value. Expected: a whole number. Nothing saved." in text
    assert "accept what is proposed" in text
    assert "\x1b" not in text


def test_a_list_may_be_answered_by_number_and_yes_no_in_words(tmp_path):
    folder = make_review(tmp_path)
    _, text = sit(folder, "c|4|||c no||p. 3", fields=["blinding", "randomised"])
    assert "  4  double" in text
    assert stored(folder) == [("AB", "double"), ("AB", False)]


def test_a_value_that_cannot_be_is_told_before_more_is_asked(tmp_path):
    folder = make_review(tmp_path)
    _, text = sit(folder, "c many|c 41|=", fields=["n_total"])
    assert text.count("read from (") == 1
    assert "“many” cannot be a value. Expected: a whole number. Nothing saved." in text
    assert stored(folder) == [("AB", 41)]


def test_undo_gives_back_what_stood_there_before(tmp_path):
    folder = make_review(tmp_path)
    accept(folder, "r1", "n_total", value=39, who="AB", note="of table 1")
    before = stored(folder)
    _, text = sit(folder, "u|c 40||table 2|a|u|u|q", fields=["n_total", "blinding"], again=True)
    assert "There is nothing to undo in this sitting" in text
    assert "Taken back: blinding double" in text
    assert "Taken back: n_total 40 people" in text
    assert "2 values saved, 2 taken back. 2 fields left." in text
    assert stored(folder) == before
    (row,) = (row.finding for row in load_review(folder).extraction)
    assert (row.value, row.note) == (39, "of table 1")
    history = (folder / "extraction-history.csv").read_text(encoding="utf-8")
    assert [line.split(",")[1:3] for line in history.splitlines()[1:]] == [
        ["n_total", "39"],
        ["blinding", "double"],
        ["n_total", "40"],
    ]


def test_the_field_that_is_undone_is_asked_again_and_a_skipped_one_stays_skipped(tmp_path):
    folder = make_review(tmp_path)
    session, _ = sit(folder, "a|s|u|c 40|=|x", fields=["n_total", "blinding", "route"])
    assert (session.saved, session.undone, session.skipped, session.left) == (3, 1, 1, 1)
    assert stored(folder) == [("AB", 40), ("AB", "not applicable")]


def test_undo_where_nothing_was_written_writes_nothing(tmp_path):
    folder = make_review(tmp_path)
    accept(folder, "r1", "n_total", who="AB")
    before = (folder / "extraction.csv").read_bytes()
    session, text = sit(folder, "a|u|q", fields=["n_total", "route"], again=True)
    assert "Stands already" in text
    assert (session.saved, session.undone, session.left) == (0, 0, 2)
    assert (folder / "extraction.csv").read_bytes() == before


def test_undo_of_one_who_works_blind_adds_rows_only(tmp_path):
    folder = make_review(tmp_path)
    accept(folder, "r1", "n_total", value=39, who="AB", double=True)
    before = (folder / "extraction" / "AB.csv").read_bytes()
    sit(folder, "c 40|=|x|u|u|q", fields=["n_total", "route"], again=True, double=True)
    assert (folder / "extraction" / "AB.csv").read_bytes().startswith(before)
    (entries,) = load_entries(folder, load_review(folder)).values()
    assert [(one.field, one.value) for one in entries.current.values()] == [("n_total", "39")]
    assert [one.value for one in entries.history] == ["39", "40", "not applicable", "not checked", "39"]


def test_undo_leaves_alone_what_changed_meanwhile(tmp_path):
    folder = make_review(tmp_path)

    class Meanwhile(io.StringIO):
        def readline(self, size=-1):
            line = super().readline(size)
            if line == "u\n":
                accept(folder, "r1", "n_total", value=38, who="AB", replace=True)
            return line

    out = io.StringIO()
    extract(folder, "r1", "AB", fields=FIELDS, lines=Meanwhile("a\nu\nq\n"), out=out)
    assert "extraction.csv: n_total 41 people does not stand there any more. Nothing saved." in out.getvalue()
    assert stored(folder) == [("AB", 38)]


class _Interrupted(io.StringIO):
    """Keys, then Ctrl-C."""

    def readline(self, size=-1):
        line = super().readline(size)
        if not line:
            raise KeyboardInterrupt
        return line


@pytest.mark.parametrize("keys", ["a\n", "a\nc oral\n", ""])
def test_ctrl_c_ends_calmly_with_what_was_saved(tmp_path, keys):
    folder = make_review(tmp_path)
    out = io.StringIO()
    session = extract(folder, "r1", "AB", fields=FIELDS, lines=_Interrupted(keys), out=out)
    assert session.stopped
    assert len(stored(folder)) == ("a" in keys)
    assert "saved." in out.getvalue()


def test_hostile_text_cannot_write_to_the_terminal(tmp_path):
    folder = make_review(tmp_path, 1)
    bad = "\x1b]0;owned\x07\x1b[2J[red]markup[/red] \u202eabc 12 patients were randomised to ketamine \x1b[31m5 mg"
    hostile = Record(source="person", key="r1", title=bad, abstract=(Section(text=bad, label=bad),))
    (folder / "records.jsonl").write_bytes(to_json(hostile) + b"\n")
    _, text = sit(folder, "a\x1b[2J|q")
    assert "[red]markup[/red]" in text
    assert not set("\x1b\x07\u202e") & set(text)


def test_errors_before_the_first_field(tmp_path):
    folder = make_review(tmp_path)
    for name, more, said in (
        ("r9", {}, "unknown record"),
        ("r1", {"fields": ["n"]}, "unknown field “n”"),
        ("r1", {"who": "A/B"}, "cannot be the initials"),
        ("r1", {"between": ["AB", "CD"]}, "AB has entered nothing"),
    ):
        with pytest.raises(InputError, match=said):
            sit(folder, "a", name, **more)
