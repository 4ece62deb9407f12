"""Questions: is each conflict shown with both votes, does each ruling count at once, and can it be taken back?"""

import io

import pytest

from ketalit.errors import InputError
from ketalit.records.model import Record, Section, to_json
from ketalit.review import load_review
from ketalit.screening import Choice, Result, Vote, adjudicate, load_rulings, rule_all
from ketalit.screening.votes import save_vote

from .shared import EARLY, LATE, cast, make_review


def sit(folder, keys, who="EF", **more):
    """One sitting with scripted keys (a comma is a line feed), and all that was shown."""
    out = io.StringIO()
    lines = io.StringIO(keys.replace(",", "\n") + "\n" if keys else "")
    return rule_all(folder, who, lines=lines, out=out, **more), out.getvalue()


def rulings(folder):
    return [(one.record, str(one.decision), one.reason) for one in load_rulings(folder, load_review(folder))]


@pytest.fixture
def differ(tmp_path):
    """Of four records, two reviewers agree on the first and differ on the others."""
    folder = make_review(tmp_path, 4)
    cast(folder, "AB", EARLY, dict.fromkeys(("r1", "r2", "r3"), "include") | {"r4": "exclude: wrong drug"})
    cast(folder, "CD", EARLY, {"r1": "maybe", "r2": "exclude", "r3": "exclude", "r4": "include"})
    return folder


def test_from_the_first_conflict_to_the_last(differ):
    session, text = sit(differ, "2,i,2,u,1,")
    assert (session.saved, session.undone, session.left, session.stopped) == (4, 1, 0, False)
    assert "That was the last. [u]ndo it, or Enter to end >" in text
    assert "Nothing left to rule on." in text
    assert rulings(differ) == [
        ("r2", "exclude", ""),
        ("r3", "include", ""),
        ("r4", "include", ""),
        ("r4", "withdrawn", ""),
        ("r4", "exclude", "wrong drug"),
    ]
    found = adjudicate(differ)
    assert not found.conflicts
    assert {(row.record, row.who) for row in found.final} == {("r2", "EF"), ("r4", "EF")}
    assert found.forward == ("r1", "r3")
    assert "0 conflicts to rule on." in sit(differ, "")[1]


def test_what_is_shown_of_a_conflict(differ):
    save_vote(differ, "CD", Vote(record="r2", stage=EARLY, decision=Choice.EXCLUDE, reason="protocol", note="no data"))
    _, text = sit(differ, "q")
    for part in (
        "3 conflicts to rule on.",
        "1 of 3  ·  title/abstract  ·  EF",
        "Invented trial 2 of S-ketamine",
        "METHODS: 22 patients",
        "1  AB: include",
        "2  CD: exclude (protocol) · no data",
    ):
        assert part in text


def test_rulings_are_taken_back_and_skipped_conflicts_come_again(differ):
    session, text = sit(differ, "u,i,s,u,e 2,q")
    assert "There is nothing to undo." in text
    assert "Taken back: include, r2" in text
    assert (session.saved, session.undone, session.skipped, session.left) == (2, 1, 1, 2)
    assert rulings(differ) == [("r2", "include", ""), ("r2", "withdrawn", ""), ("r2", "exclude", "wrong people")]
    assert [one.record for one in adjudicate(differ).conflicts] == ["r3", "r4"]
    sit(differ, "i,u")
    assert [one.result for one in adjudicate(differ).conflicts] == [Result.CONFLICT] * 2


class _Interrupted(io.StringIO):
    """Keys, then Ctrl-C."""

    def readline(self, size=-1):
        line = super().readline(size)
        if not line:
            raise KeyboardInterrupt
        return line


@pytest.mark.parametrize("lines", [io.StringIO, _Interrupted])
def test_ctrl_c_and_the_end_of_input_keep_what_was_ruled(differ, lines):
    out = io.StringIO()
    session = rule_all(differ, "EF", lines=lines("i\nn half a note\n"), out=out)
    assert (session.saved, session.left, session.stopped) == (1, 2, True)
    assert rulings(differ) == [("r2", "include", "")]
    assert "1 ruling saved. 2 conflicts left." in out.getvalue()


def test_at_full_text_a_reason_is_asked_and_maybe_awaits(tmp_path):
    folder = make_review(tmp_path, 2)
    for who, said in (("AB", "protocol"), ("CD", "wrong drug")):
        cast(folder, who, EARLY, {"r1": "include", "r2": "include"})
        cast(folder, who, LATE, {"r1": f"exclude: {said}", "r2": "maybe"})
    session, text = sit(folder, "e,,n both looked,e 4,2")
    assert "1 of 2  ·  full text  ·  EF" in text
    assert "  4  not retrieved" in text
    assert session.left == 0
    first, _ = load_rulings(folder, load_review(folder))
    assert (first.reason, first.note) == ("not retrieved", "both looked")
    assert [str(row.decision) for row in adjudicate(folder).final] == ["exclude", "maybe"]


def test_nobody_rules_on_a_vote_of_their_own(differ):
    cast(differ, "EF", EARLY, {"r2": "include"})
    _, text = sit(differ, "1,1")
    assert "1 conflict with a vote of EF: for somebody else to rule on." in text
    assert [name for name, _, _ in rulings(differ)] == ["r3", "r4"]
    with pytest.raises(InputError, match="EF has voted on these records"):
        sit(differ, "1")
    with pytest.raises(InputError, match="nobody is named"):
        sit(differ, "1", who=" ")
    assert sit(differ, "1", who="AB+CD+EF, discussed")[0].left == 0


def test_conflicts_stay_hidden_from_the_dialogue_until_both_have_finished(tmp_path):
    folder = make_review(tmp_path, 2)
    cast(folder, "AB", EARLY, {"r1": "include", "r2": "include"})
    cast(folder, "CD", EARLY, {"r1": "exclude"})
    with pytest.raises(InputError, match="1 of CD's votes are missing"):
        sit(folder, "1")
    assert sit(folder, "1", partial=True)[0].saved == 1


def test_hostile_text_cannot_write_to_the_terminal(tmp_path):
    folder = make_review(tmp_path, 1)
    bad = "\x1b]0;owned\x07\x1b[2J[red]markup[/red] \u202eabc"
    (folder / "records.jsonl").write_bytes(
        to_json(Record(source="person", key="r1", title=bad, abstract=(Section(text=bad),))) + b"\n"
    )
    save_vote(folder, "AB", Vote(record="r1", stage=EARLY, decision=Choice.INCLUDE, note=bad))
    cast(folder, "CD", EARLY, {"r1": "exclude"})
    path = folder / "votes" / "AB.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("abc", "abc \x1b[31m"), encoding="utf-8")
    _, text = sit(folder, "x\x1b[A,q")
    assert text.count("[red]markup[/red]") == 4  # title, its first words for want of authors, abstract, note
    assert not set("\x1b\x07\u202e") & set(text)


def test_the_command_lists_titles_and_says_how_to_rule_without_a_terminal(differ, ketalit, monkeypatch):
    code, out, err = ketalit("screen", "adjudicate", "-r", differ)
    assert code == 4
    assert "  r4 at title/abstract: AB: exclude (wrong drug); CD: include\n    Invented trial 4 of S-ketamine\n" in out
    assert "`ketalit screen adjudicate --as EF` shows each of them" in err
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n"))
    code, out, err = ketalit("screen", "adjudicate", "--as", "EF", "-r", differ)
    assert code == 4
    assert "1 ruling saved. 2 conflicts left." in out
    assert "without a terminal: `ketalit screen rule r3 include --as EF`" in err
    monkeypatch.setattr("sys.stdin", io.StringIO("e\n2\n"))
    code, out, err = ketalit("screen", "adjudicate", "--as", "EF", "--write", "-r", differ)
    assert (code, err) == (0, "")
    assert "screening.csv: 1 record added" in out
